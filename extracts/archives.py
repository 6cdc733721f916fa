"""How raw files are packed and unpacked: gzip, Zstandard, zip and tar, also inside one another, within limits.

Nothing is ever written under a member's name: members are read as streams. A member that unpacks to far more than its
packed size, or beyond the size limit, breaks off as damaged; archives in archives are followed to a fixed depth.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO, cast

DEEPEST = 3  # archives within archives
MOST_MEMBERS = 200_000
FREE = 64 << 20  # bytes that any file may unpack to, whatever its packed size
IN_MEMORY = 32 << 20
_PIECE = 16 << 20
OFFICE = "[Content_Types].xml"
CUT = "(cut off)"  # stands where members of a tar are missing


@dataclass(frozen=True)
class Unpacking:
    """How far a packed file may grow: times its packed size, and bytes in all."""

    ratio: float = 200.0
    gigabytes: float = 500.0

    def most(self, packed: int) -> int:
        """Bytes that `packed` bytes may become."""
        return int(min(max(FREE, self.ratio * packed), self.gigabytes * 1e9))


class Whole:
    """A stream that remembers whether it could be unpacked to its end; damage ends it early and raises nothing."""

    def __init__(self, stream: BinaryIO, most: int | None = None) -> None:
        self.source = stream
        self._most = most
        self.done = 0
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

    def readinto(self, place: memoryview) -> int:
        """As `read`, into `place`; returns how many bytes."""
        done = 0
        while done < len(place) and not self.damage:
            got = self._some(place[done:])
            if not got:
                break
            done += got
        return done

    def _some(self, place: memoryview) -> int:
        if not isinstance(self.source, io.BufferedReader):  # others read into new bytes anyway
            part = self._part(len(place))
            place[: len(part)] = part
            return len(part)
        try:
            got = self.source.readinto1(place)
        except tarfile.TarError as fault:
            self.damage = str(fault)
            return 0
        return got if self._within(got) else 0

    def _part(self, size: int) -> bytes:
        try:
            piece = min(size, _PIECE)  # some streams make room for all that is asked for
            part: bytes = (
                self.source.read1(piece) if hasattr(self.source, "read1") else self.source.read(piece)
            )
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, tarfile.TarError) as fault:
            self.damage = str(fault) or type(fault).__name__
        except Exception as fault:
            if type(fault).__name__ != "ZstdError":  # the package is imported only where a file needs it
                raise
            self.damage = str(fault)
        else:
            return part if self._within(len(part)) else b""
        return b""

    def _within(self, more: int) -> bool:
        """Whether the stream stays within its limit with `more` bytes; beyond it is damaged."""
        self.done += more
        if self._most is not None and self.done > self._most:
            self.damage = (
                f"unpacks to more than {self._most:,} bytes (limits.unpack_ratio_max, limits.unpack_gb_max)"
            )
        return not self.damage


def path_of(stream: Any) -> str | None:
    """The path of the file whose bytes a stream gives from the first on, unpacked and unread; None for any other."""
    if isinstance(stream, Whole):
        return path_of(stream.source) if not stream.done else None
    plain = isinstance(stream, io.BufferedReader) and isinstance(stream.raw, io.FileIO)
    return stream.name if plain and isinstance(stream.name, str) and stream.tell() == 0 else None


def unpacked(stream: BinaryIO) -> BinaryIO:
    """`stream`, or what it holds where it is gzip or Zstandard."""
    head = stream.read(4)
    stream.seek(0)
    if head[:2] == b"\x1f\x8b":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))
    if head == b"\x28\xb5\x2f\xfd":
        return cast(BinaryIO, _Frames(stream))
    return stream


class _Frames:
    """What Zstandard frames hold. The package's own stream ends without a word where the last of them breaks off."""

    _BITE = 2048  # packed bytes at a time: they may become 64 MB

    def __init__(self, stream: BinaryIO) -> None:
        import zstandard

        self._stream, self._new = stream, zstandard.ZstdDecompressor
        self._frame: Any = None
        self._rest, self._made = b"", memoryview(b"")

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; nothing at the end.

        Raises
        ------
        EOFError
            The last frame is not whole.
        """
        while not self._made:
            packed = self._rest or self._stream.read(self._BITE)
            if not packed:
                if self._frame is not None:
                    raise EOFError("the file ends before its last Zstandard frame does")
                return b""
            self._frame = self._frame or self._new().decompressobj()
            self._made, self._rest = memoryview(self._frame.decompress(packed)), b""
            if self._frame.eof:
                self._rest, self._frame = self._frame.unused_data, None
        part, self._made = self._made[:size], self._made[size:]
        return bytes(part)


def is_packed(head: bytes) -> bool:
    """Whether a file that begins so is gzip or Zstandard."""
    return head[:2] == b"\x1f\x8b" or head[:4] == b"\x28\xb5\x2f\xfd"


def is_tar(head: bytes) -> bool:
    """Whether a file that begins so is a tar archive."""
    return head[257:262] == b"ustar"


def leaves(name: str) -> bool:
    """Whether a member's name would lead out of its archive's folder."""
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or (len(name) > 1 and name[1] == ":")


@lru_cache(maxsize=8)
def _archive(file: Path, inner: tuple[str, ...], most: int, changed: int) -> Any:
    """An open zip or tar: the file itself, or the member found by going down through `inner`."""
    if not inner:
        raw: IO[bytes] = file.open("rb")
        if is_packed(raw.read(4)):
            raw.seek(0)
            raw = _spooled(unpacked(cast(BinaryIO, raw)), most)
        raw.seek(0)
    else:
        outside = _archive(file, inner[:-1], most, changed)
        with _member(outside, inner[-1]) as member:
            raw = _spooled(member, most)
            if is_packed(raw.read(4)):
                raw.seek(0)
                raw = _spooled(unpacked(cast(BinaryIO, raw)), most)
            raw.seek(0)
    if raw.read(4) == b"PK\x03\x04":
        return zipfile.ZipFile(raw)
    raw.seek(0)
    archive: Any = tarfile.open(fileobj=raw, mode="r:")  # noqa: SIM115
    with suppress(tarfile.TarError):  # those before a fault stay
        archive.getmembers()
    return archive


def _spooled(stream: BinaryIO, most: int) -> IO[bytes]:
    """All of `stream` where it can be sought in: in memory, or in a nameless temporary file."""
    made = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    source = Whole(stream, most)
    while part := source.read(1 << 20):
        made.write(part)
    made.seek(0)
    return cast(IO[bytes], made)


@contextmanager
def _member(archive: Any, name: str) -> Iterator[BinaryIO]:
    if isinstance(archive, zipfile.ZipFile):
        with archive.open(name) as stream:
            yield cast(BinaryIO, stream)
        return
    # by name it would be looked for behind a fault, too
    found = next((one for one in reversed(archive.members) if one.name == name), None)
    content = archive.extractfile(found) if found is not None else None
    if content is None:
        raise zipfile.BadZipFile(f"no file {name}")
    with content:
        yield cast(BinaryIO, content)


def _changed(file: Path) -> int:
    return os.stat(file).st_mtime_ns  # noqa: PTH116


@contextmanager
def stream_of(file: Path, chain: tuple[str, ...], most: int) -> Iterator[BinaryIO]:
    """The unpacked bytes of a file, or of the member found by going down through `chain`."""
    if not chain:
        with file.open("rb") as stream:
            yield unpacked(stream)
        return
    with _member(_archive(file, chain[:-1], most, _changed(file)), chain[-1]) as member:
        yield unpacked(member)


@dataclass(frozen=True)
class Member:
    """A file in an archive: names from the outermost archive to it, and its packed size."""

    chain: tuple[str, ...]
    bytes: int


def members(file: Path, unpacking: Unpacking) -> list[Member] | None:
    """All files in an archive, those of archives in it too; None when the file is no archive that can be opened."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        head = Whole(unpacked(stream)).read(512)
    if head[:4] != b"PK\x03\x04" and not is_tar(head):
        return None
    found: list[Member] = []
    try:
        _collect(file, (), size, unpacking, found)
    except (
        zipfile.BadZipFile,
        tarfile.TarError,
        EOFError,
        zlib.error,
        OSError,
        NotImplementedError,
        RuntimeError,
    ):
        return found or None
    return found


def _collect(
    file: Path, chain: tuple[str, ...], size: int, unpacking: Unpacking, found: list[Member]
) -> None:
    archive = _archive(file, chain, unpacking.most(size), _changed(file))
    if isinstance(archive, zipfile.ZipFile):
        entries = [(one.filename, one.compress_size) for one in archive.infolist() if not one.is_dir()]
    else:
        entries = _in_tar(archive)
    if any(name == OFFICE for name, _ in entries):
        if not chain:
            raise zipfile.BadZipFile("an Office file")
        found.append(Member(chain, size))
        return
    for name, packed in entries:
        if len(found) >= MOST_MEMBERS:
            return
        inner = (*chain, name)
        if name != CUT and not leaves(name) and len(inner) < DEEPEST and _is_archive(archive, name):
            _collect(file, inner, packed, unpacking, found)
        else:
            found.append(Member(inner, packed))


def _in_tar(archive: Any) -> list[tuple[str, int]]:
    """Names and sizes of the files in a tar; behind them CUT, where it lacks the zeros at its end."""
    entries = [(one.name, one.size) for one in archive.members if one.isfile()]
    archive.fileobj.seek(archive.offset)
    whole = archive.fileobj.read(512) == bytes(512)
    return entries if whole else [*entries, (CUT, 0)]


def _is_archive(archive: Any, name: str) -> bool:
    try:
        with _member(archive, name) as stream:
            head = Whole(stream).read(512)
            if is_packed(head):
                with _member(archive, name) as again:
                    head = Whole(unpacked(again)).read(512)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return False
    return head[:4] == b"PK\x03\x04" or is_tar(head)
