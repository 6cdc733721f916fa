"""A folder of results that is rewritten only where bytes differ, and holds nothing that no longer belongs to it."""

from __future__ import annotations

import codecs
import hashlib
import re
import shutil
from pathlib import Path

from foundation.atomic import PART

SUMS = "SHA256SUMS"
#: files whose bytes differ between equal builds, though their content does not: no checksum holds them
_UNEVEN = (".duckdb",)


class Folder:
    """Files by relative name; `put` writes a file if its bytes are new, `tidy` removes what was not put or kept.

    With `bom` every CSV file begins with a byte order mark, by which old spreadsheets know UTF-8.
    """

    def __init__(self, root: Path, bom: bool = False) -> None:
        self.root = root
        self.bom = bom
        self.written = 0
        self._mine: set[str] = set()
        root.mkdir(parents=True, exist_ok=True)

    def put(self, name: str, content: bytes | str) -> Path:
        """The path of `name`, which now holds `content`."""
        path = self.root / name
        new = content.encode("utf-8") if isinstance(content, str) else content
        if self.bom and name.endswith(".csv"):
            new = codecs.BOM_UTF8 + new
        self._mine.add(name)
        if not path.is_file() or path.read_bytes() != new:
            _replace(path, new)
            self.written += 1
        return path

    def adopt(self, name: str) -> None:
        """The file `name` is there already and belongs here."""
        self._mine.add(name)

    def keep(self, prefix: str) -> None:
        """Everything below `prefix` belongs to another stage and stays."""
        if (self.root / prefix).is_dir():
            self._mine |= {name for name in names(self.root) if name.startswith(f"{prefix}/")}

    def tidy(self, prefix: str = "") -> int:
        """Number of files removed, below `prefix` if given, because nobody put or kept them; checksums stay: written last."""
        below = f"{prefix}/" if prefix else ""
        mine = {*self._mine, f"{below}{SUMS}"}
        gone = [name for name in names(self.root) if name.startswith(below) and name not in mine]
        for name in gone:
            (self.root / name).unlink()
        return len(gone)

    def size(self) -> int:
        """Bytes of all files."""
        return sum((self.root / name).stat().st_size for name in names(self.root))


def _replace(path: Path, content: bytes) -> None:
    """Whole or absent, but not synced: a thousand pages took 10 s of waiting for the disk.

    What a power cut leaves is compared byte by byte by the next `put` and written again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".{path.name}{PART}"
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def names(root: Path) -> list[str]:
    """Relative names of all files below `root`, sorted; unfinished ones left out."""
    found = (path for path in root.rglob("*") if path.is_file() and not path.name.endswith(PART))
    return sorted(path.relative_to(root).as_posix() for path in found)


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes, as `sha256sum` prints it."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def checksums(root: Path) -> str:
    """The text of a checksum file over what lies below `root`, without itself and databases, as `sha256sum -c` reads it."""
    return "".join(
        f"{digest(root / name)}  {name}\n"
        for name in names(root)
        if name != SUMS and not name.endswith(_UNEVEN)
    )


def is_whole(root: Path) -> bool:
    """Whether `root` holds exactly what its checksum file says."""
    sums = root / SUMS
    return sums.is_file() and sums.read_text(encoding="utf-8") == checksums(root)


def prune(builds: Path, edition: str, keep: set[str]) -> int:
    """Number of builds of `edition` removed: all but those whose folder names are in `keep`."""
    if not builds.is_dir():
        return 0
    mine = re.compile(rf"^{re.escape(edition)}-[0-9a-f]{{12}}$")
    old = [entry for entry in sorted(builds.iterdir()) if mine.match(entry.name) and entry.name not in keep]
    for entry in old:
        shutil.rmtree(entry, ignore_errors=True)
    return len(old)
