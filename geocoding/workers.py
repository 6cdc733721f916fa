"""Addresses shared among processes. The answers are the same for any number of them and come in the order of the tasks."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from geocoding.answers import Answer
from geocoding.geocoder import Geocoder, without_collecting

Task = tuple[int, str, str | None]  # number, text, country
CHUNK = 4_000
WORTH_PROCESSES = 20_000  # addresses from which starting workers pays


class Sources(NamedTuple):
    """Folders of the gazetteer index and, if there is one, of the registry's index."""

    gazetteer: Path
    registry: Path | None = None


def by_tail(task: Task) -> tuple[str, str, int]:
    """Order in which equal ends of addresses meet in one worker's memory."""
    return task[2] or "", task[1][::-1], task[0]


def place_all(sources: Sources, tasks: list[Task], processes: int) -> Iterator[list[tuple[int, Answer]]]:
    """Answers of `tasks`, a chunk at a time, each with the task's number."""
    chunks = [tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)]
    if processes < 2 or len(tasks) < WORTH_PROCESSES:
        _open(sources)
        yield from map(_work, chunks)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(processes, len(chunks)), context, _open, (sources,)) as pool:
        yield from pool.map(_work, chunks)


_opened: dict[Sources, Geocoder] = {}  # one geocoder per process: opened once, its memory of tails kept


def _open(sources: Sources) -> None:
    if sources not in _opened:
        _opened.clear()
        _opened[sources] = Geocoder.open(*sources)


def _work(tasks: list[Task]) -> list[tuple[int, Answer]]:
    (geocoder,) = _opened.values()
    with without_collecting():
        return [(number, geocoder.place(text, country)) for number, text, country in tasks]
