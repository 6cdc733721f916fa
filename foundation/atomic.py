"""Writes that are whole or absent.

A file is written to a hidden sibling on the same file system, synced, and renamed; a folder is swapped by replacing
a link. A killed process leaves at most siblings that end in `.part`, which `sweep` removes. Nothing is edited in place.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"


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
    part = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}{PART}"
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


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A hidden sibling folder to fill; it takes the place of `target` when the block ends without an exception."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}{PART}"
    part.mkdir()
    try:
        yield part
        old = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.old{PART}"
        if target.exists():
            target.replace(old)
        part.replace(target)
        _sync_folder(target.parent)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def swap_link(link: Path, target: Path) -> None:
    """`link` points to `target` (relative, same parent or below); readers see the old folder or the new one."""
    relative = os.path.relpath(target, link.parent)
    part = link.parent / f".{link.name}.{uuid.uuid4().hex[:8]}{PART}"
    part.symlink_to(relative)
    part.replace(link)
    _sync_folder(link.parent)


def sweep(folder: Path) -> int:
    """Number of leftovers of killed writers removed from `folder` (not below it)."""
    if not folder.is_dir():
        return 0
    removed = 0
    for entry in folder.iterdir():
        if entry.name.endswith(PART) or (entry.name.startswith("tmp_") and entry.suffix == ".parquet"):
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink(missing_ok=True)
            removed += 1
    return removed
