"""Locks between processes: one writer at a time, the others wait and say for whom.

A lock is an advisory lock of the system on a file that stays; it ends with its process, however that ends, so that
a crash leaves nothing to clean. The file tells who holds it, for people.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from foundation.errors import Busy

#: seconds between two tries
PAUSE = 0.5


def _taken(handle: IO[str]) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def holder(path: Path) -> str:
    """Who wrote into the lock last, as `process 4711 (edition demo)`; it need not hold it any more."""
    try:
        return path.read_text(encoding="utf-8").strip() or "another process"
    except FileNotFoundError:
        return "another process"


@contextmanager
def hold(
    path: Path, doing: str, say: Callable[[str], None] | None = None, wait_seconds: float = 6 * 3600
) -> Iterator[None]:
    """Hold the lock `path` for the block; waits for whoever holds it, and says so once.

    Raises
    ------
    Busy
        It was still held after `wait_seconds`; the sentence names the holder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        started = time.monotonic()
        told = False
        while not _taken(handle):
            if time.monotonic() - started >= wait_seconds:
                raise Busy(
                    f"{doing} waits for {holder(path)}.", "Let it end, or end it, and try again.", str(path)
                )
            if not told and say is not None:
                say(f"{doing} waits: {holder(path)} is at work")
            told = True
            time.sleep(min(PAUSE, max(wait_seconds, 0.01)))
        handle.truncate(0)
        handle.write(f"process {os.getpid()} ({doing})\n")
        handle.flush()
        yield
