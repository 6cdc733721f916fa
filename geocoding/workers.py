"""Addresses shared among processes. The answers are the same for any number of them.

A worker is a fresh interpreter that imports this package and nothing of the program that started it: it maps the index, reads
chunks of addresses from its input and writes Arrow tables to its output, so that the answers are made into columns there.
Neighbouring chunks go to the same worker, whose memory of endings then fits; one that is done takes over the other's last.
"""

from __future__ import annotations

import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

from foundation.errors import StclustersError
from geocoding.answers import Answer
from geocoding.geocoder import Geocoder, without_collecting

if TYPE_CHECKING:
    import pyarrow as pa

Task = tuple[int, str, str | None]  # number, text, country
_TASK = ("number", "text", "country")
CHUNK = 4_000
WORTH_PROCESSES = 20_000  # addresses from which starting workers pays
WAITING = 4  # answered chunks per worker that may wait to be taken


class Sources(NamedTuple):
    """Folders of the gazetteer index and, if there is one, of the registry's index."""

    gazetteer: Path
    registry: Path | None = None


def by_tail(task: Task) -> tuple[str, str, int]:
    """Order in which equal ends of addresses meet in one worker's memory."""
    return task[2] or "", task[1][::-1], task[0]


def place_all(sources: Sources, tasks: list[Task], processes: int) -> Iterator[pa.Table]:
    """Answers of `tasks`, a chunk at a time in any order: a table with the task's `number` and the columns of an answer.

    Raises
    ------
    StclustersError
        A worker ended before its work was done.
    """
    chunks = [tasks[start : start + CHUNK] for start in range(0, len(tasks), CHUNK)]
    if processes < 2 or len(tasks) < WORTH_PROCESSES:
        geocoder = _geocoder(sources)
        yield from (_placed(geocoder, chunk) for chunk in chunks)
    else:
        yield from _shared(sources, chunks, min(processes, len(chunks)))


def answers_of(table: pa.Table) -> Iterator[tuple[int, Answer]]:
    """(number, answer) of each row that `place_all` gives."""
    columns = [table[name].to_pylist() for name in Answer._fields]
    yield from zip(table["number"].to_pylist(), map(Answer._make, zip(*columns, strict=True)), strict=True)


def _placed(geocoder: Geocoder, tasks: list[Task]) -> pa.Table:
    import pyarrow as pa

    answers = geocoder.place_many([task[1:] for task in tasks])
    columns = zip(*answers, strict=True) if answers else [[] for _ in Answer._fields]
    kinds = {"latitude", "longitude", "score", "runner_up_score"}, {"place_id", "runner_up_place_id"}
    found = {"number": pa.array([task[0] for task in tasks], pa.int64())}
    for name, values in zip(Answer._fields, columns, strict=True):
        kind = pa.float64() if name in kinds[0] else pa.int64() if name in kinds[1] else pa.string()
        found[name] = pa.array(values, kind)
    return pa.table(found)


_opened: dict[Sources, Geocoder] = {}  # one geocoder per process: opened once, its memory of tails kept


def _geocoder(sources: Sources) -> Geocoder:
    if sources not in _opened:
        _opened.clear()
        _opened[sources] = Geocoder.open(*sources)
    return _opened[sources]


class _Shares:
    """Which chunks are still to be done: a contiguous share for each worker; who is done helps where most is left."""

    def __init__(self, chunks: int, workers: int) -> None:
        bounds = [chunks * n // workers for n in range(workers + 1)]
        self._left = [[bounds[n], bounds[n + 1]] for n in range(workers)]
        self._lock = threading.Lock()

    def next(self, worker: int) -> int | None:
        """Number of the chunk that `worker` does next: of its own share the first, else of the largest other one the last."""
        with self._lock:
            own = self._left[worker]
            if own[0] < own[1]:
                own[0] += 1
                return own[0] - 1
            other = max(self._left, key=lambda share: share[1] - share[0])
            if other[0] >= other[1]:
                return None
            other[1] -= 1
            return other[1]


def _shared(sources: Sources, chunks: list[list[Task]], processes: int) -> Iterator[pa.Table]:
    """Answers of all chunks from worker processes, each driven by a thread that waits for it."""
    shares = _Shares(len(chunks), processes)
    done: queue.Queue[pa.Table | Exception] = queue.Queue(WAITING * processes)
    running = [_start(sources) for _ in range(processes)]
    threads = [
        threading.Thread(target=_drive, args=(worker, number, shares, chunks, done), daemon=True)
        for number, worker in enumerate(running)
    ]
    try:
        for thread in threads:
            thread.start()
        for _ in chunks:
            found = done.get()
            if isinstance(found, Exception):
                raise found
            yield found
    finally:
        for worker in running:
            worker.kill()
            worker.wait()


def _start(sources: Sources) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "geocoding.workers",
        *(str(path) for path in sources if path is not None),
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)


def _drive(
    worker: subprocess.Popen[bytes],
    number: int,
    shares: _Shares,
    chunks: list[list[Task]],
    done: queue.Queue[pa.Table | Exception],
) -> None:
    import pyarrow as pa

    assert worker.stdin is not None
    assert worker.stdout is not None
    try:
        while (chunk := shares.next(number)) is not None:
            numbers, texts, codes = zip(*chunks[chunk], strict=True)
            columns = (
                pa.array(numbers, pa.int64()),
                pa.array(texts, pa.string()),
                pa.array(codes, pa.string()),
            )
            _send(worker.stdin, pa.table(dict(zip(_TASK, columns, strict=True))))
            done.put(_received(worker.stdout))
    except (OSError, EOFError, pa.ArrowException) as fault:
        done.put(
            StclustersError(
                f"A process that places addresses ended before its work was done: {fault}.",
                "Run again with limits.processes: 1, or give it more memory.",
                "geocoding",
            )
        )


def _send(pipe: IO[bytes], table: pa.Table) -> None:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    message = sink.getvalue().to_pybytes()
    pipe.write(struct.pack("<Q", len(message)))
    pipe.write(message)
    pipe.flush()


def _received(pipe: IO[bytes]) -> pa.Table:
    """The next table; EOFError when the pipe ends before or within it."""
    import pyarrow as pa

    head = pipe.read(8)
    length = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
    message = pipe.read(length)
    if not length or len(message) < length:
        raise EOFError("no answer")
    return pa.ipc.open_stream(message).read_all()


def _serve(sources: Sources) -> None:
    """Read chunks from the input, write their answers to the output, until the input ends."""
    geocoder = _geocoder(sources)
    with without_collecting():
        while True:
            try:
                chunk = _received(sys.stdin.buffer)
            except EOFError:
                return
            tasks = list(zip(*(chunk[name].to_pylist() for name in _TASK), strict=True))
            _send(sys.stdout.buffer, _placed(geocoder, tasks))


if __name__ == "__main__":
    _serve(Sources(*(Path(argument) for argument in sys.argv[1:])))
