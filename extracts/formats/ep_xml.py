"""EP full text (ST.36 `ep-patent-document`): the free stand-in for PCT data, by the WO number that Euro-PCT documents give.

Only the bibliographic part `SDOBI` is parsed. Files that are not well-formed there (a bare `&`) are mended; a document
is a reject only when its number or all its parties are missing. Documents without a WO number are not PCT: filtered.
Positions are the documents' numbers in the file, those of rejects line numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from extracts.detect import Payload
from extracts.formats.wipo_xml import load
from extracts.parties import Parties, Party, distinct
from extracts.publications import Publication, Reject
from extracts.xml_slices import Cut, child, declares_entities, local, records, recovered, text_of, tree

VERSION = "2"
_BEGIN = re.compile(rb"<ep-patent-document(?=[\s>])")
_PART = re.compile(rb"<SDOBI(?=[\s>]).*?</SDOBI>", re.S)
_EDITION = re.compile(r"^\d(?=[A-H]\s?\d)")


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a file."""
    return _BEGIN.search(head) is not None


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """The tables of applications.py filled from these files; see formats/patstat.py for what is returned."""
    return load(payloads, connection, documents)


def documents(stream: BinaryIO) -> Iterator[Publication | Reject]:
    """Each document of a file, or why it could not be read."""
    for row, cut in enumerate(records(stream, _BEGIN), 1):
        yield _document(row, cut)


def _document(row: int, cut: Cut) -> Publication | Reject:
    if not cut.whole:
        return Reject(cut.line, "line", None, "truncated", cut.content)
    if declares_entities(cut.before):
        return Reject(cut.line, "line", None, "entities", cut.before + cut.content[:200])
    part = _PART.search(cut.content)
    piece = part.group() if part is not None else cut.content
    data = tree(piece)
    if data is None:
        data = recovered(piece)
    if data is None:
        return Reject(cut.line, "line", None, "not_xml", cut.content)
    parties = _parties(data)
    number = text_of(_first(data, "B110"))
    if not number or not (parties.inventors or parties.applicants):
        return Reject(cut.line, "line", number or None, "no_parties", cut.content)
    world = _first(data, "B871")
    pct = text_of(world, "dnum", "pnum")
    filed = text_of(_first(data, "B861"), "date") or text_of(_first(data, "B220"), "date")
    return Publication(
        row=row,
        number=f"WO{pct.upper().removeprefix('WO')}" if pct else f"EP{number}",
        kind=text_of(_first(data, "B130")),
        date=text_of(world, "date"),
        parties=parties,
        symbols=_symbols(data),
        pct=bool(pct),
        filing_year=filed[:4],
        is_wo=False,
    )


def _first(data: Any, name: str) -> Any | None:
    return next((one for one in data.iter() if local(one) == name), None)


def _parties(data: Any) -> Parties:
    inventors, applicants = [], []
    for one in data.iter():
        name = local(one)
        if name == "B721":
            inventors.append(_party(one, organisation=False))
        elif name in ("B711", "B731"):
            applicants.append(_party(one, organisation=True))
    return Parties(distinct(inventors), distinct(applicants))


def _party(element: Any, organisation: bool) -> Party:
    address = child(element, "adr")
    parts = [text_of(address, name) for name in ("str", "city")]
    name = ", ".join(part for part in (text_of(element, "snm"), text_of(element, "fnm")) if part)
    return Party(
        name=re.split(r"\s+c/o\b", name, maxsplit=1, flags=re.I)[0].strip(" ,") or name,
        address=", ".join(part for part in parts if part),
        country=text_of(address, "ctry"),
        organisation=organisation,
    )


def _symbols(data: Any) -> list[str]:
    found = []
    for one in data.iter():
        if local(one) == "classification-ipcr":
            found.append(text_of(one, "text"))
        elif local(one) in ("B511", "B512"):
            found.append(_EDITION.sub("", text_of(one)).replace(" ", "", 1) if text_of(one) else "")
    return [symbol for symbol in found if symbol]
