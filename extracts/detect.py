"""What a raw file is, from its content and never from its name, and how its bytes are unpacked.

A payload is what one reader reads: a plain, gzip or Zstandard file, or one member of a zip. A new raw format is one
line in FORMATS.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from extracts.encoding import utf8_head
from foundation.errors import BadInput

HEAD = 1 << 16
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Format:
    """A raw format: its name is its module in extracts/formats. `as_set`: its files are joined, not read one by one."""

    name: str
    kind: str
    as_set: bool = False

    @property
    def module(self) -> Any:
        """The reader; it has VERSION, `sniff(head)` and `read(stream)` or `read_set(payloads)`."""
        return importlib.import_module(f"extracts.formats.{self.name}")


FORMATS = (
    Format("patstat", "pct", as_set=True),
    Format("wos_tagged", "sci"),
)


@dataclass(frozen=True)
class Payload:
    """One stream of raw bytes: a file, or a member of an archive. `path` is relative to the delivery, member after #."""

    path: str
    file: Path
    member: str | None
    bytes: int
    format: str = UNKNOWN
    sha256: str = ""


def format_of(name: str) -> Format:
    """The format called `name`."""
    return next(known for known in FORMATS if known.name == name)


def recognise(head: bytes) -> str:
    """Name of the format whose payload begins with `head`, or `unknown`."""
    text = utf8_head(head)
    for known in FORMATS:
        if known.module.sniff(text):
            return known.name
    return UNKNOWN


def _unpacked(stream: BinaryIO) -> BinaryIO:
    """`stream`, or what it holds where it is gzip or Zstandard."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    if head == b"\x28\xb5\x2f\xfd":
        import zstandard

        return cast(BinaryIO, zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True))
    return stream


@contextmanager
def opened(payload: Payload) -> Iterator[BinaryIO]:
    """The unpacked bytes of a payload."""
    if payload.member is None:
        with payload.file.open("rb") as stream:
            yield _unpacked(stream)
        return
    with zipfile.ZipFile(payload.file) as archive, archive.open(payload.member) as member:
        yield _unpacked(cast(BinaryIO, member))


class Whole:
    """A stream that remembers whether it could be unpacked to its end; damage ends it early and raises nothing."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.damage = ""

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer at the end or where the archive is damaged: what came before the damage is kept."""
        parts: list[bytes] = []
        left = size
        while left > 0 and not self.damage:
            part = self._part(left)
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)

    def _part(self, size: int) -> bytes:
        try:
            part: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as fault:
            self.damage = str(fault) or type(fault).__name__
        except Exception as fault:
            if type(fault).__name__ != "ZstdError":  # the package is imported only where a file needs it
                raise
            self.damage = str(fault)
        else:
            return part
        return b""


def _members(file: Path, relative: str) -> list[Payload]:
    with file.open("rb") as stream:
        packed = stream.read(4) == b"PK\x03\x04"
    size = file.stat().st_size
    if not packed:
        return [Payload(relative, file, None, size)]
    try:
        with zipfile.ZipFile(file) as archive:
            names = [entry for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile:
        return [Payload(relative, file, None, size)]
    if any(entry.filename == "[Content_Types].xml" for entry in names):  # an Office file
        return [Payload(relative, file, None, size)]
    return [
        Payload(f"{relative}#{entry.filename}", file, entry.filename, entry.compress_size) for entry in names
    ]


def _recognised(payload: Payload) -> Payload:
    from dataclasses import replace

    try:
        with opened(payload) as stream:
            head = Whole(stream).read(HEAD)
    except (
        RuntimeError,
        NotImplementedError,
    ):  # an encrypted member, or one packed in a way zipfile does not know
        return payload
    return replace(payload, format=recognise(head))


def _raise(fault: OSError) -> None:
    raise fault


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder, hidden ones left out; a folder that may not be read is an error, not empty."""
    root = folder.resolve()
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *names):
            path = Path(place) / name
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise BadInput(
                    f"The file '{relative}' is a link that leaves its delivery.",
                    "Put the file itself there, or link the whole folder.",
                    str(folder),
                )
            if not name.startswith(".") and path.is_file():
                yield relative, path


def payloads(folder: Path) -> list[Payload]:
    """All payloads of a folder with their formats, in the bytewise order of `path#member`; hidden files are left out.

    Raises
    ------
    BadInput
        The folder is missing, empty, or holds something that cannot be read.
    """
    try:
        if not folder.is_dir():
            raise BadInput(
                "The folder of raw files is not there.", "Give the folder that holds them.", str(folder)
            )
        found = [
            _recognised(member) for relative, path in _files(folder) for member in _members(path, relative)
        ]
    except OSError as fault:
        raise BadInput(
            f"The raw files cannot be read: {(fault.strerror or str(fault)).lower()}.",
            "Make the folder and its files readable.",
            str(fault.filename or folder),
        ) from None
    if not found:
        raise BadInput(
            "The folder of raw files is empty.", "Put the files there, or give another folder.", str(folder)
        )
    return sorted(found, key=lambda payload: payload.path.encode())


def known_of(found: list[Payload], kind: str, folder: Path) -> list[Payload]:
    """Those of `found` that a reader of `kind` knows; raises BadInput when there are none."""
    mine = {known.name for known in FORMATS if known.kind == kind}
    known = [payload for payload in found if payload.format in mine]
    if known:
        return known
    others = sorted({payload.format for payload in found if payload.format != UNKNOWN})
    if others:
        other = format_of(others[0]).kind
        raise BadInput(
            f"The folder holds {', '.join(others)} and nothing that belongs to --{kind}.",
            f"Give it by --{other}.",
            str(folder),
        )
    names = ", ".join(known.name for known in FORMATS if known.kind == kind)
    raise BadInput(
        f"No file in the folder is in a format that is read for --{kind} ({names}).",
        "Check that it is the right folder; packed files may be gzip, zip or Zstandard.",
        str(folder),
    )


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
