"""WIPO's PCT data as XML: application status reports, and published applications (two roots).

Each document is cut out and parsed up to the end of its parties only; the whole of it where that is not enough. The
envelope of the web service is looked through. Several documents in one file, and page images beside them in a week's
zip, are expected. Positions are the documents' numbers in the file, those of rejects line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from extracts.detect import Payload, opened, whole_of
from extracts.parties import st36
from extracts.publications import Loader, Publication, Reject
from extracts.xml_slices import (
    Cut,
    child,
    children,
    declares_entities,
    local,
    records,
    recovered,
    text_of,
    tree,
)

VERSION = "2"
_ROOTS = rb"wo-international-application-status|wo-published-application|wo-patent-document"
_BEGIN = re.compile(rb"<(?:[\w.-]+:)?(?:" + _ROOTS + rb")(?=[\s>])")
_BIBLIOGRAPHIC = re.compile(rb"<(?:wo-)?bibliographic-data(?=[\s>])[^>]*>")
_PREFIX = re.compile(rb"(</?)[A-Za-z_][\w.-]*:(?=[A-Za-z_])")
_END = b"</parties>"


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a file."""
    return head.lstrip()[:1] == b"<" and _BEGIN.search(head) is not None


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """The tables of applications.py filled from these files; see formats/patstat.py for what is returned."""
    return load(payloads, connection, documents)


def load(payloads: list[Payload], connection: Any, documents: Any) -> tuple[dict[str, int], pa.Table]:
    """`documents` of each payload in the tables of applications.py."""
    loader = Loader(connection)
    for file_no, payload in enumerate(payloads):
        with opened(payload) as stream:
            whole = whole_of(payload, stream)
            loader.file(file_no, documents(whole))
            if whole.damage:
                damage = Reject(0, "byte", None, "damaged_archive", whole.damage.encode())
                loader.file(file_no, [damage])
    rejected = loader.finish()
    return {"tls201": loader.documents, "tls211": loader.documents, **loader.counts}, rejected


def documents(stream: BinaryIO) -> Iterator[Publication | Reject]:
    """Each document of a file, or why it could not be read."""
    for row, cut in enumerate(records(stream, _BEGIN), 1):
        yield _document(row, cut)


def _document(row: int, cut: Cut) -> Publication | Reject:
    if not cut.whole:
        return Reject(cut.line, "line", None, "truncated", cut.content)
    if declares_entities(cut.before):
        return Reject(cut.line, "line", None, "entities", cut.before + cut.content[:200])
    content = cut.content
    if b":" in content.split(b">", 1)[0].split(None, 1)[0]:
        content = _PREFIX.sub(rb"\1", content)
    data = _bibliographic(content)
    if data is None:
        return Reject(cut.line, "line", None, "not_xml", cut.content)
    one = _publication(row, data)
    if not one.number and not one.parties.inventors and not one.parties.applicants:
        return Reject(cut.line, "line", None, "no_parties", cut.content)
    return one


def _bibliographic(content: bytes) -> Any | None:
    """The bibliographic part: its piece up to the parties, else from the whole document, else what can be mended."""
    begin = _BIBLIOGRAPHIC.search(content)
    stop = content.find(_END, begin.end()) if begin is not None else -1
    piece = None
    if begin is not None and stop >= 0:
        piece = b"<bibliographic-data>" + content[begin.end() : stop + len(_END)] + b"</bibliographic-data>"
        late = content.find(b"<classification", stop) >= 0 and b"<classification" not in piece
        if not late and b"<!--" not in piece:
            found = tree(piece)
            if found is not None:
                return found
    root = tree(content)
    if root is not None:
        return next(
            (one for one in root.iter() if local(one) in ("wo-bibliographic-data", "bibliographic-data")),
            None,
        )
    return recovered(piece) if piece is not None else None


def _publication(row: int, data: Any) -> Publication:
    reference = child(data, "publication-reference", "document-id")
    parties = next((one for one in data.iter() if local(one) == "parties"), None)
    country = text_of(reference, "country")
    filed = text_of(data, "application-reference", "document-id", "date")
    return Publication(
        row=row,
        number=_number(country, text_of(reference, "doc-number")),
        kind=text_of(reference, "kind"),
        date=text_of(reference, "date"),
        parties=st36(parties if parties is not None else []),
        symbols=[
            symbol for one in data.iter() if local(one) == "classification-ipcr" and (symbol := _symbol(one))
        ],
        filing_year=filed[:4],
    )


def _number(country: str, number: str) -> str:
    digits = re.sub(r"\D", "", number)
    return f"WO{digits}" if digits and country in ("", "WO") else number


def _symbol(element: Any) -> str:
    """An IPC symbol from its parts, or from the text before the date of its version."""
    parts = [text_of(element, name) for name in ("section", "class", "subclass", "main-group", "subgroup")]
    if parts[0] and parts[1]:
        section, number, subclass, group, subgroup = parts
        return (
            f"{section}{number.zfill(2)}{subclass} {group}/{subgroup}"
            if group
            else f"{section}{number.zfill(2)}{subclass}"
        )
    return next((text_of(one) for one in children(element, "text")), text_of(element))
