"""Web of Science raw data as XML (`wok5.30`, and without namespace from 2013): yearly archives and weekly updates.

Each `REC` is cut out of the bytes, and of it only the summary, the addresses and the categories are parsed:
references, abstracts and funding never are. So a second root, roots around single records and a broken record cost
nothing else. Authors are names of role `author`; addresses are those of `fullrecord_metadata/addresses`, not the
publisher's and not the reprint's. Positions are line numbers from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa

from extracts.article_batch import FULL, Address, Article, ArticleBatch
from extracts.countries import Given
from extracts.xml_slices import child_text, declares_entities, records, tree, without_namespaces

VERSION = "2"
_BEGIN = re.compile(rb"<REC(?=[\s>])")
_UID = re.compile(rb"<UID>\s*([^<\s]+)\s*</UID>")
_ISSN = re.compile(rb"type\s*=\s*\"e?issn\"\s+value\s*=\s*\"([^\"]+)\"")
_INDEX = {
    "SCI": "SCIE", "SSCI": "SSCI", "AHCI": "AHCI", "ESCI": "ESCI", "ISTP": "CPCI-S", "ISSHP": "CPCI-SSH",
    "BSCI": "BKCI-S", "BHCI": "BKCI-SSH", "CCR": "CCR", "IC": "IC",
}  # fmt: skip
_PIECES = (
    (b"<summary>", b"</summary>"),
    (b"<addresses", b"</addresses>"),
    (b"<category_info>", b"</category_info>"),
)


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a file."""
    at = _BEGIN.search(head)
    return at is not None and (b"<static_data" in head or b"<UID>" in head)


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    batch = ArticleBatch("line")
    refused = False
    for cut in records(stream, _BEGIN):
        refused = refused or declares_entities(cut.before)
        if not cut.whole:
            batch.reject(cut.line, _id(cut.content), "truncated", cut.content)
        elif refused:
            batch.reject(cut.line, _id(cut.content), "entities", cut.content)
        else:
            _add(batch, cut.line, cut.content)
        if len(batch) >= FULL:
            yield from batch.finish()
    yield from batch.finish()


def _id(record: bytes) -> str | None:
    found = _UID.search(record)
    return found.group(1).decode("utf-8", "replace") if found else None


def _sliced(record: bytes) -> list[Any] | None:
    """Summary, addresses and categories, parsed; None when they cannot be cut out or are not well-formed."""
    pieces = [b"<record>"]
    at = 0
    for begin, end in _PIECES:
        start = record.find(begin, at)
        stop = record.find(end, start) if start >= 0 else -1
        if stop >= 0:
            at = stop + len(end)
            pieces.append(record[start:at])
    pieces.append(b"</record>")
    root = tree(b"".join(pieces), blanks=False)
    summary = None if root is None else root.find("summary")
    if root is None or summary is None:
        return None
    return [summary, root.find("addresses"), root.find("category_info")]


def _whole(record: bytes) -> list[Any] | None:
    """The same from the whole record, where the pieces cannot be cut out."""
    root = tree(record, blanks=False)
    if root is None:
        return None
    data = without_namespaces(root).find("static_data")
    if data is None:
        return None
    return [
        data.find(f"{name}")
        for name in ("summary", "fullrecord_metadata/addresses", "fullrecord_metadata/category_info")
    ]


def _add(batch: ArticleBatch, line: int, record: bytes) -> None:
    odd = b"!" in record and (
        b"<!--" in record or b"<![CDATA[" in record
    )  # which may hold what looks like an element
    pieces = _whole(record) if odd else _sliced(record) or _whole(record)
    uid = _id(record)
    if pieces is None or pieces[0] is None:
        batch.reject(line, uid, "not_xml", record)
        return
    if uid is None:
        batch.reject(line, None, "no_id", record)
        return
    summary, addresses, categories = pieces
    info = summary.find("pub_info")
    where = {} if info is None else info.attrib
    authors = _authors(summary)
    made, links = _addresses(addresses, authors)
    batch.add(
        Article(
            position=line,
            record_id=uid,
            doc_type="; ".join(
                " ".join((one.text or "").split()) for one in summary.iterfind("doctypes/doctype")
            ),
            issue_year=where.get("pubyear", ""),
            early_access=where.get("early_access_date") or where.get("early_access_year", ""),
            indexes="; ".join(_indexes(summary)),
            categories="; ".join(_subjects(categories)),
            issns=b" ".join(_ISSN.findall(record, record.rfind(b"<identifiers"))),
            names=[name for name, _, _ in authors],
            addresses=made,
        ),
        links,
    )


def _indexes(summary: Any) -> Iterator[str]:
    for edition in summary.iterfind("EWUID/edition"):
        name = edition.get("value", "").rpartition(".")[2]
        yield _INDEX.get(name, name)


def _subjects(categories: Any | None) -> list[str]:
    if categories is None:
        return []
    traditional = [
        one for one in categories.iterfind("subjects/subject") if one.get("ascatype") == "traditional"
    ]
    return [(one.text or "").strip() for one in traditional]


def _authors(summary: Any) -> list[tuple[str, list[str], str]]:
    """(full name, numbers of addresses, number of the author) of each author, in the order of the record."""
    names = summary.findall("names/name")
    for roles in (("author",), ("corp", "group")):
        found = [
            (
                child_text(one, "full_name")
                or child_text(one, "display_name")
                or child_text(one, "wos_standard"),
                one.get("addr_no", "").split(),
                one.get("seq_no", ""),
            )
            for one in names
            if one.get("role") in roles
        ]
        if found:
            return found
    return []


def _addresses(
    element: Any | None, authors: list[tuple[str, list[str], str]]
) -> tuple[list[Address], list[list[int]]]:
    """Addresses, and for each the positions of its authors."""
    made: list[Address] = []
    links: list[list[int]] = []
    by_summary = any(numbers for _, numbers, _ in authors)
    for spec in () if element is None else element.iterfind("address_name/address_spec"):
        number = spec.get("addr_no", "")
        if by_summary:
            mine = [at for at, (_, numbers, _) in enumerate(authors) if number in numbers]
        else:
            sequence = {
                name.get("seq_no")
                for name in spec.getparent().iterfind("names/name")
                if name.get("role") == "author"
            }
            mine = [at for at, (_, _, seq) in enumerate(authors) if seq and seq in sequence]
        text = child_text(spec, "full_address")
        made.append(Address(text[:-1] if text.endswith(".") else text, [], bool(mine), _parts(spec)))
        links.append(mine)
    return made, links


def _parts(spec: Any) -> Given:
    organisations = spec.iterfind("organizations/organization")
    return Given(
        organisation=next(
            ((one.text or "").strip() for one in organisations if one.get("pref") != "Y"), None
        ),
        city=child_text(spec, "city") or None,
        region=child_text(spec, "state") or None,
        postcode=child_text(spec, "zip") or None,
        country=child_text(spec, "country") or None,
    )
