"""Writes that are whole or absent.

A file is written to a hidden sibling on the same file system, synced, and renamed; a folder is swapped by replacing
a link. A killed process leaves at most siblings that end in `.part`, which `sweep` removes: their names tell whose they
are, so that a living writer keeps its own. Nothing is edited in place.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"
#: a leftover whose writer cannot be asked (its name tells no process) is swept after a day
OLD_SECONDS = 86_400
_WRITER = re.compile(r"\.(\d+)-[0-9a-f]{8}(\.old)?\.part$")
_OLD = ".old"
#: of Linux's renameat2: paths count from the working folder; both names must be there and are swapped
_HERE, _EXCHANGE = -100, 2


def _sibling(target: Path, more: str = "") -> Path:
    """A hidden name beside `target` that tells the process that writes it."""
    return target.parent / f".{target.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}{more}{PART}"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def commit_file(part: Path, target: Path) -> None:
    """`part` synced and renamed to `target`; the name then holds the old bytes or the new ones, never a mixture."""
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
    part.replace(target)
    _sync_folder(target.parent)


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """A path to write to; it becomes `target` when the block ends without an exception and vanishes otherwise."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _sibling(target)
    try:
        yield part
        commit_file(part, target)
    finally:
        part.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """`text` as UTF-8 in `target`, whole or not at all."""
    with new_file(target) as part:
        part.write_text(text, encoding="utf-8")


def write_bytes(target: Path, content: bytes) -> None:
    """`content` in `target`, whole or not at all."""
    with new_file(target) as part:
        part.write_bytes(content)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system swapped two names in one step: Linux can on nearly every file system, others cannot at all."""
    swap = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if swap is None:
        return False
    return bool(swap(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)


def put_folder(made: Path, target: Path) -> None:
    """`made` takes the place of the folder `target`, whose old content, if any, then lies at `made`.

    Where the system cannot swap names, a kill between two renames leaves the old folder aside; `sweep` puts it back.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        made.replace(target)
    elif not _exchanged(made, target):
        old = _sibling(target, _OLD)
        target.replace(old)
        made.replace(target)
        old.replace(made)
    _sync_folder(target.parent)


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A hidden sibling folder to fill; it takes the place of `target` when the block ends without an exception."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _sibling(target)
    part.mkdir()
    try:
        yield part
        put_folder(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def swap_link(link: Path, target: Path) -> None:
    """`link` points to `target` (relative, same parent or below); readers see the old folder or the new one."""
    relative = os.path.relpath(target, link.parent)
    part = _sibling(link)
    part.symlink_to(relative)
    part.replace(link)
    _sync_folder(link.parent)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _abandoned(entry: Path, alone: bool) -> bool:
    """Whether a writer left `entry` behind: its process is gone; no process is named, and nobody else writes here."""
    if not (entry.name.endswith(PART) or (entry.name.startswith("tmp_") and entry.suffix == ".parquet")):
        return False
    named = _WRITER.search(entry.name)
    if named is not None:
        return not _alive(int(named.group(1)))
    if alone:
        return True
    try:
        return time.time() - entry.lstat().st_mtime > OLD_SECONDS
    except FileNotFoundError:
        return False


def _put_back(entry: Path) -> bool:
    """Whether `entry` is the old folder of a writer that was killed before the new one had its name."""
    named = _WRITER.search(entry.name)
    if named is None or named.group(2) is None:
        return False
    target = entry.with_name(entry.name[1 : named.start()])
    if target.exists():
        return False
    entry.replace(target)
    return True


def sweep(folder: Path, alone: bool = False) -> int:
    """Number of leftovers of killed writers removed from `folder` (not below it); living writers keep theirs.

    A name that tells no process (DuckDB's `tmp_*.parquet`) is swept when it is a day old, or at once when `alone`:
    the caller holds the folder's lock.
    """
    if not folder.is_dir():
        return 0
    removed = 0
    for entry in sorted(folder.iterdir()):
        if not _abandoned(entry, alone):
            continue
        if _put_back(entry):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
        removed += 1
    return removed


def sweep_below(folder: Path) -> int:
    """Number of leftovers removed from `folder` and all folders below it; links are not followed."""
    return sum(sweep(Path(root)) for root, _, _ in os.walk(folder))
