"""What a raw file is, from its content and never from its name, and how its bytes are unpacked.

A payload is what one reader reads: a plain, gzip or Zstandard file, or one member of a zip. A new raw format is one
line in FORMATS.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from extracts.archives import CUT, FREE, Unpacking, Whole, is_packed, leaves, members, stream_of
from extracts.encoding import encoding_of, is_utf8, uncut, utf8_blocks, utf8_head
from extracts.refused import DAMAGED, NESTED, OUTSIDE, PARQUET, SPREADSHEET, refused, refused_name
from foundation.errors import BadInput

HEAD = 1 << 16
_OFFICE = (b"[Content_Types]", b"_rels/", b"docProps/", b"customXml/", b"xl/", b"word/", b"ppt/", b"mimetype")
UNKNOWN = "unknown"
ANY = "any"


@dataclass(frozen=True)
class Format:
    """A raw format: its name is its module in extracts/formats.

    A format of applications has `read_set(payloads, connection)`, one of articles `read(stream)`; `any` has both.
    `title` is for people. `whole`: the first bytes are not enough, its module's `fits` looks at all of them.
    `position`: what the position of a document in its file counts, from 1.
    """

    name: str
    kind: str
    title: str
    whole: str = ""
    position: str = "row"

    @property
    def module(self) -> Any:
        """The reader; it has VERSION, `sniff(head)` and what its kind asks for."""
        return importlib.import_module(f"extracts.formats.{self.name}")

    def is_of(self, kind: str) -> bool:
        """Whether files of this format may belong to a delivery of `kind`."""
        return self.kind in (kind, ANY)


FORMATS = (
    Format("patstat", "pct", "PATSTAT Global, CSV tables"),
    Format("regpat", "pct", "OECD REGPAT, PCT part"),
    Format("wipo_xml", "pct", "WIPO PCT XML, status reports and published applications", position="line"),
    Format("ep_xml", "pct", "EP full text XML (Euro-PCT)", position="line"),
    Format("wos_tagged", "sci", "Web of Science, tagged text", position="line"),
    Format("wos_tab", "sci", "Web of Science, tab-delimited"),
    Format("wos_excel", "sci", "Web of Science, spreadsheet (XLS, XLSX)", whole=SPREADSHEET.name),
    Format("wos_xml", "sci", "Web of Science, raw data XML", position="line"),
    Format("deletions", "sci", "Lists of deleted records (.del, OpenAlex merged_ids)", position="line"),
    Format("openalex", "sci", "OpenAlex works, JSON lines or API pages", position="line"),
    Format("canonical", ANY, "Canonical table, CSV"),
    Format("canonical_parquet", ANY, "Canonical table, Parquet", whole=PARQUET.name),
)


@dataclass(frozen=True)
class Payload:
    """One stream of raw bytes: a file, or a member of an archive. `path` is relative to the delivery, member after #.

    `inner`: further members, where the member is an archive itself. `most`: bytes that it may unpack to.
    """

    path: str
    file: Path
    member: str | None
    bytes: int
    format: str = UNKNOWN
    sha256: str = ""
    inner: tuple[str, ...] = ()
    most: int = FREE

    @property
    def chain(self) -> tuple[str, ...]:
        """Names of members from the file to the payload."""
        return () if self.member is None else (self.member, *self.inner)


def format_of(name: str) -> Format:
    """The format called `name`."""
    return next(known for known in FORMATS if known.name == name)


def is_known(name: str) -> bool:
    """Whether a reader knows the format called `name`."""
    return any(known.name == name for known in FORMATS)


def recognise(head: bytes) -> str:
    """Name of the format whose payload begins with `head`: one that is read, one that is refused, or `unknown`."""
    text = utf8_head(head)
    for known in FORMATS:
        if known.module.sniff(text if not known.whole else head):
            return known.name
    return refused_name(head, text) or UNKNOWN


@contextmanager
def opened(payload: Payload) -> Iterator[BinaryIO]:
    """The unpacked bytes of a payload."""
    with stream_of(payload.file, payload.chain, payload.most) as stream:
        yield stream


def whole_of(payload: Payload, stream: BinaryIO) -> Whole:
    """`stream` of a payload, kept within what it may unpack to."""
    return Whole(stream, max(payload.most, payload.bytes))


def _spelled(name: str) -> str:
    """A file's name as text that can be written: bytes of it that are no UTF-8 as \\xe9."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _members(file: Path, relative: str, unpacking: Unpacking) -> list[Payload]:
    size = file.stat().st_size
    found = members(file, unpacking)
    if found is None:
        return [Payload(relative, file, None, size, most=unpacking.most(size))]
    return [
        Payload(
            "#".join((relative, *map(_spelled, one.chain))),
            file,
            one.chain[0],
            one.bytes,
            inner=one.chain[1:],
            most=unpacking.most(one.bytes),
        )
        for one in found
    ]


def _is_zip(head: bytes) -> bool:
    """Whether a payload begins as a zip does, and not as an Office file: its first member's name tells."""
    return head[:4] == b"PK\x03\x04" and not head[30:].startswith(_OFFICE)


def _recognised(payload: Payload) -> Payload:
    if any(leaves(name) for name in payload.chain):
        return replace(payload, format=OUTSIDE.name)
    if payload.chain[-1:] == (CUT,):
        return replace(payload, format=DAMAGED.name)
    try:
        with opened(payload) as stream:
            whole = whole_of(payload, stream)
            head = whole.read(HEAD)
        if _is_zip(head):
            return replace(payload, format=(NESTED if payload.chain else DAMAGED).name)
        name = recognise(head)
        if name == UNKNOWN and whole.damage:
            name = DAMAGED.name
        if name != UNKNOWN and is_known(name) and format_of(name).whole:
            with opened(payload) as stream:
                raw = whole_of(payload, stream).read(max(payload.most, payload.bytes))
            name = name if format_of(name).module.fits(raw) else format_of(name).whole
    except (zipfile.BadZipFile, tarfile.TarError, EOFError):
        return replace(payload, format=DAMAGED.name)
    except (RuntimeError, NotImplementedError, KeyError):
        return payload  # an encrypted member, or one packed in a way that zipfile does not know
    return replace(payload, format=name)


def _raise(fault: OSError) -> None:
    raise fault


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files below a folder, hidden ones left out; a folder that may not be read is an error, not empty."""
    root = folder.resolve()
    for place, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *names):
            path = Path(place) / name
            relative = _spelled(path.relative_to(folder).as_posix())
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                raise BadInput(
                    f"The file '{relative}' is a link that leaves its delivery.",
                    "Put the file itself there, or link the whole folder.",
                    str(folder),
                )
            if not name.startswith(".") and path.is_file():
                yield relative, path


def payloads(folder: Path, unpacking: Unpacking = Unpacking()) -> list[Payload]:  # noqa: B008
    """All payloads of a folder with their formats, in the bytewise order of `path#member`; hidden files are left out.

    Raises
    ------
    BadInput
        The folder is missing, empty, or holds something that cannot be read.
    """
    try:
        if folder.is_file():
            whole = _members(folder, _spelled(folder.name), unpacking)
            return sorted(map(_recognised, whole), key=lambda payload: payload.path.encode())
        if not folder.is_dir():
            raise BadInput(
                "The folder of raw files is not there.", "Give the folder that holds them.", str(folder)
            )
        found = [
            _recognised(member)
            for relative, path in _files(folder)
            for member in _members(path, relative, unpacking)
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
    known = [one for one in found if is_known(one.format) and format_of(one.format).is_of(kind)]
    if known:
        return known
    others = sorted({one.format for one in found if is_known(one.format)})
    if others:
        other = format_of(others[0]).kind
        raise BadInput(
            f"The folder holds {', '.join(others)} and nothing that belongs to --{kind}.",
            f"Give it by --{other}.",
            str(folder),
        )
    for one in found:
        named = refused(one.format)
        if named is not None:
            raise BadInput(
                f"The file '{one.path}' is in a format that is not read: {named.title}.",
                named.advice,
                str(folder),
            )
    names = ", ".join(known.name for known in FORMATS if known.is_of(kind))
    if folder.is_file():
        empty = folder.stat().st_size == 0
        said = (
            "The file is empty."
            if empty
            else f"The file is in no format that is read for --{kind} ({names})."
        )
        raise BadInput(said, "Check that it is the right file, and the right kind.", str(folder))
    raise BadInput(
        f"No file in the folder is in a format that is read for --{kind} ({names}).",
        "Check that it is the right folder; packed files may be gzip, Zstandard, zip or tar.",
        str(folder),
    )


def described(payload: Any) -> dict[str, str]:
    """Packing, encoding and line ends of a payload, for people."""
    with payload.file.open("rb") as raw:
        first = raw.read(4)
    packing = {b"\x1f\x8b": "gzip", b"PK": "zip", b"\x28\xb5": "zstd"}.get(first[:2], "plain")
    if payload.chain and packing != "zip":
        packing = "tar" if not is_packed(first) else f"tar, {packing}"
    elif not payload.chain and packing == "zip":  # a spreadsheet, which is a zip itself
        packing = "plain"
    with opened(payload) as stream:
        head = Whole(stream).read(1 << 16)
    if head[:4] == b"PAR1" or head[:2] in (b"\xd0\xcf", b"PK"):
        return {"packing": packing, "encoding": "binary", "line_ends": ""}
    name, mark = encoding_of(head)
    text = b"".join(utf8_blocks(io.BytesIO(head)))
    ends = "CRLF" if b"\r\n" in text else "CR" if b"\r" in text and b"\n" not in text else "LF"
    if name == "utf-8" and not is_utf8(head[: uncut(head, False)]):
        name = "utf-8 with windows-1252"
    return {"packing": packing, "encoding": name + (" with BOM" if mark else ""), "line_ends": ends}


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
