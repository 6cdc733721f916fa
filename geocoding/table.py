"""A CSV file with addresses becomes the same file with their places: every row and column kept, in order."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from foundation.atomic import new_file
from foundation.errors import BadInput
from foundation.progress import Progress
from geocoding.answers import Answer
from geocoding.decisions import Decisions, Doubtful, write_review
from geocoding.index import Index
from geocoding.workers import Sources, Task, answers_of, by_tail, place_all

COLUMNS = ("latitude", "longitude", "precision", "place", "region", "country", "method", "score")
LARGEST_CELL = 10_000_000  # characters


@dataclass(frozen=True)
class Request:
    """A file to place, its columns, and where the result goes. `country` is used for all rows where there is no column."""

    source: Path
    target: Path
    column: str
    country_column: str | None = None
    country: str | None = None
    review: Path | None = None
    decisions: Decisions | None = None


def geocode_file(
    request: Request, sources: Sources, processes: int = 1, emit: Callable[[str], None] | None = None
) -> Counter[str]:
    """Write `request.target`: the source with a place for each row. Returns rows by precision, in all under "rows".

    Raises
    ------
    BadInput
        The file cannot be read, has no such column, a header twice or a broken line, or the output exists.
    """
    if request.target.exists():
        raise BadInput(
            "The output file exists already.", "Name another one by --output.", str(request.target)
        )
    numbers: dict[tuple[str, str], int] = {}
    for address in _addresses(request):
        numbers.setdefault(address, len(numbers))
    tasks: list[Task] = sorted(((n, text, code or None) for (text, code), n in numbers.items()), key=by_tail)
    answers: list[Answer | None] = [None] * len(numbers)
    numbers_decided = _decided(request, numbers, answers)
    tasks = [task for task in tasks if task[0] not in numbers_decided]
    with Progress(f"placing {request.source.name}", len(tasks), "addresses", emit) as progress:
        for chunk in place_all(sources, tasks, processes):
            for number, answer in answers_of(chunk):
                answers[number] = answer
            progress.add(chunk.num_rows)
    if request.review is not None:
        weights = Counter(_addresses(request))
        placed = (
            Doubtful(*address, weights[address], known)
            for address, n in numbers.items()
            if n not in numbers_decided and (known := answers[n]) is not None
        )
        write_review(request.review, placed)
    return _write(request, Index(sources.gazetteer), numbers, answers)


def _decided(
    request: Request, numbers: dict[tuple[str, str], int], answers: list[Answer | None]
) -> frozenset[int]:
    """Numbers of the addresses that people decided; their answers are filled in."""
    found = set()
    for (text, country), number in numbers.items() if request.decisions is not None else ():
        decision = request.decisions.get(text, country) if request.decisions is not None else None
        if decision is not None:
            answers[number] = decision.answer(country)
            found.add(number)
    return frozenset(found)


def _addresses(request: Request) -> Iterator[tuple[str, str]]:
    with _rows(request) as (header, rows):
        text, country = _position(header, request.column, request), None
        if request.country_column is not None:
            country = _position(header, request.country_column, request)
        for row in rows:
            yield row[text], (row[country] if country is not None else "") or request.country or ""


def _position(header: list[str], column: str, request: Request) -> int:
    if column not in header:
        raise BadInput(
            f"There is no column '{column}'.", f"Columns: {', '.join(header)}.", str(request.source)
        )
    return header.index(column)


@contextmanager
def _rows(request: Request) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """The header, and the rows, each as long as the header."""
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        with _opened(request.source) as handle:
            reader = csv.reader(handle)
            header = next(reader, None)
            if not header:
                raise BadInput("The file is empty.", "Give a CSV file with a header.", str(request.source))
            twice = sorted(name for name, count in Counter(header).items() if count > 1)
            if twice:
                raise BadInput(
                    f"The column '{twice[0]}' stands twice in the header.", "Rename one.", str(request.source)
                )
            yield header, _checked(reader, len(header), request)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as fault:
        raise BadInput(
            f"The file cannot be read as CSV in UTF-8: {fault}.", "Mend it.", str(request.source)
        ) from None
    finally:
        csv.field_size_limit(before)


def _checked(reader: Iterator[list[str]], length: int, request: Request) -> Iterator[list[str]]:
    for number, row in enumerate(reader, 2):
        if not row:
            continue
        if len(row) != length:
            raise BadInput(
                f"Row {number} has {len(row)} cells, the header has {length}.",
                "Mend the row.",
                str(request.source),
            )
        yield row


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    with path.open("rb") as raw:
        zipped = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        with gzip.open(raw) if zipped else raw as inner:
            yield io.TextIOWrapper(inner, encoding="utf-8-sig", newline="")


def added_columns(header: list[str]) -> list[str]:
    """Names of the columns that are added: with `geocoded_` in front as long as the file has one of that name.

    >>> added_columns(["address", "country"])[5], added_columns(["score", "geocoded_score"])[7]
    ('geocoded_country', 'geocoded_geocoded_score')
    """
    found = []
    for name in COLUMNS:
        while name in header:
            name = f"geocoded_{name}"
        found.append(name)
    return found


def _cells(answer: Answer, index: Index) -> list[str]:
    region = index.region_name(answer.country or "", answer.region) or answer.region
    if answer.latitude is None or answer.longitude is None:
        return ["", "", answer.precision, "", "", answer.country or "", answer.method, ""]
    point = [f"{answer.latitude:.6f}", f"{answer.longitude:.6f}"]
    return [
        *point,
        answer.precision,
        answer.place_name,
        region,
        answer.country or "",
        answer.method,
        f"{answer.score:.4f}",
    ]


def _write(
    request: Request, index: Index, numbers: dict[tuple[str, str], int], answers: list[Answer | None]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    with new_file(request.target) as part, _rows(request) as (header, rows):
        zipped = request.target.suffix == ".gz"
        with gzip.GzipFile(part, "wb", 6, mtime=0) if zipped else part.open("wb") as raw:
            handle = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            writer = csv.writer(handle, lineterminator="\n")
            writer.writerow([*header, *added_columns(header)])
            for row, address in zip(rows, _addresses(request), strict=True):
                answer = answers[numbers[address]]
                assert answer is not None
                writer.writerow([*row, *_cells(answer, index)])
                counts[answer.precision] += 1
            handle.flush()
            handle.detach()
    counts["rows"] = counts.total()
    return counts
