"""What lies below a home's `raw/`: deliveries that can be read, and of everything else why it is not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from foundation.home import Home


def look_around(home: Home, still_for: float, now: float) -> tuple[dict[str, str], dict[str, str]]:
    """A mark of names, sizes and times of each delivery that can be read; and of what cannot be at present, why."""
    marks: dict[str, str] = {}
    waiting = home.strangers()
    lost = home.lost()
    for key in (one for one in home.deliveries() if one not in lost):
        try:
            files = _present(home.raw(key))
        except OSError as fault:  # one folder that may not be read must not keep the others from being read
            waiting[key] = f"cannot be looked through ({fault.strerror}): give yourself the right to read it"
            continue
        if not files:
            waiting[key] = "holds no file that can be seen: put files into it, or delete it"
        elif now - max(max(stat.st_mtime, stat.st_ctime) for _, stat in files) < still_for:
            waiting[key] = f"is still arriving: it is read once no file has changed for {still_for:g} s"
        else:
            marks[key] = _mark(files)
    return marks, waiting


def mark_of(home: Home, delivery: str) -> str:
    """The mark that `look_around` gives a delivery; empty when it cannot be looked through."""
    try:
        return _mark(_present(home.raw(delivery)))
    except OSError:
        return ""


def _mark(files: list[tuple[Path, os.stat_result]]) -> str:
    lines = [f"{path.as_posix()}:{stat.st_size}:{stat.st_mtime_ns}" for path, stat in files]
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:16]


def _present(folder: Path) -> list[tuple[Path, os.stat_result]]:
    """The files of a delivery, in order; those whose name begins with a dot too, since they are files at arrival."""
    return sorted((path.relative_to(folder), path.stat()) for path in _files(folder) if path.is_file())


def _files(folder: Path) -> Iterator[Path]:
    """A folder inside that may not be read is an error, not empty."""
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in names)


def _raise(fault: OSError) -> None:
    raise fault
