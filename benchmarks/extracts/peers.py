"""The same rows by other means, for the ratios of benchmarks/extracts: documents, and one row per author and address.

A row is (id, author, address) as Arrow columns; an author without a linked address takes the plain ones, else all.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa

Rows = tuple[list[str], list[str], list[str]]
DOCUMENT = ("id", "doc_type", "year", "indexes", "categories", "issns")


def _tables(rows: Rows, documents: list[tuple[Any, ...]]) -> int:
    """Rows of the listings, after both tables were made."""
    columns = zip(*documents, strict=True)
    made = pa.table({name: pa.array(list(values)) for name, values in zip(DOCUMENT, columns, strict=True)})
    listed = pa.table(
        {name: pa.array(values) for name, values in zip(("id", "author", "address"), rows, strict=True)}
    )
    assert made.num_rows == len(documents)
    return listed.num_rows


def _listed(
    rows: Rows, record_id: str, authors: list[str], linked: dict[str, list[str]], plain: list[str]
) -> None:
    ids, names, addresses = rows
    for author in authors:
        own = linked.get(author) or plain or list(dict.fromkeys(a for many in linked.values() for a in many))
        for address in own or [""]:
            ids.append(record_id)
            names.append(author)
            addresses.append(address)


#: an address without names after another one: wosfile takes both for one, or drops it where it is the first
_BARE = re.compile(r"; (?!\[)(?![^\[\]]*\])")
_BETWEEN = re.compile(r"; (?![^\[\]]*\])")


def wosfile(path: Path) -> int:
    """Rows by wosfile: `records_from` with `author_address`; records with both kinds of addresses are taken apart before."""
    import wosfile as peer
    from wosfile.record import parse_address_field

    rows: Rows = ([], [], [])
    documents = []
    for record in peer.records_from([str(path)]):
        text = record.get("C1") or ""
        found: Any
        if "[" in text and (text[0] != "[" or _BARE.search(text)):
            items = _BETWEEN.split(text)
            found = parse_address_field("; ".join(item for item in items if item[0] == "["))
            plain = [item for item in items if item[0] != "["]
        else:
            found = record.author_address
            plain = found if isinstance(found, list) else []
        linked = found if isinstance(found, dict) else {}
        ut = record.get("UT", "")
        documents.append((ut, *(str(record.get(tag, "")) for tag in ("DT", "PY", "WE", "WC", "SN"))))
        _listed(rows, ut, list(record.get("AF", ())), linked, plain)
    return _tables(rows, documents)


def lxml_iterparse(path: Path) -> int:
    """Rows by lxml: `iterparse` over REC, elements cleared."""
    from lxml import etree

    ns = "{http://clarivate.com/schema/wok5.30/public/FullRecord}"
    rows: Rows = ([], [], [])
    documents = []
    for _, record in etree.iterparse(str(path), tag=f"{ns}REC", huge_tree=True):
        uid = record.findtext(f"{ns}UID")
        summary = record.find(f"{ns}static_data/{ns}summary")
        names = [one for one in summary.iterfind(f"{ns}names/{ns}name") if one.get("role") == "author"]
        types = [one.text for one in summary.iterfind(f"{ns}doctypes/{ns}doctype")]
        editions = [one.get("value") for one in summary.iterfind(f"{ns}EWUID/{ns}edition")]
        year = summary.find(f"{ns}pub_info").get("pubyear")
        issns = [one.get("value") for one in record.iter(f"{ns}identifier") if "issn" in one.get("type", "")]
        subjects = [one.text for one in record.iter(f"{ns}subject") if one.get("ascatype") == "traditional"]
        documents.append(
            (uid, "; ".join(types), year, " ".join(editions), "; ".join(subjects), " ".join(issns))
        )
        where = f"{ns}static_data/{ns}fullrecord_metadata/{ns}addresses/{ns}address_name/{ns}address_spec"
        addresses = {}
        for spec in record.iterfind(where):
            parts = [spec.findtext(f"{ns}{name}") for name in ("city", "state", "country", "zip")]
            assert parts
            addresses[spec.get("addr_no")] = spec.findtext(f"{ns}full_address") or ""
        linked = {
            one.findtext(f"{ns}full_name") or "": [
                addresses[n] for n in one.get("addr_no", "").split() if n in addresses
            ]
            for one in names
        }
        _listed(rows, uid, list(linked), linked, list(addresses.values()) if not any(linked.values()) else [])
        record.clear()
        while record.getprevious() is not None:
            del record.getparent()[0]
    return _tables(rows, documents)


def orjson_whole(path: Path) -> int:
    """Rows by orjson, each line as a whole object; an address has its institution, ROR and country as ours has."""
    import orjson

    rows: Rows = ([], [], [])
    documents = []
    institutions: list[tuple[Any, Any, Any]] = []
    with path.open("rb") as stream:
        for line in stream:
            work = orjson.loads(line)
            source = (work.get("primary_location") or {}).get("source") or {}
            topic = work.get("primary_topic") or {}
            like = f"{source.get('type')} {source.get('is_core')} {(topic.get('domain') or {}).get('id')}"
            field = (topic.get("field") or {}).get("display_name") or ""
            issns = " ".join(source.get("issn") or ())
            year = str(work.get("publication_year") or "")
            documents.append((work["id"], work.get("type") or "", year, like, field, issns))
            authorships = work.get("authorships") or ()
            own = [_strings(one) for one in authorships]
            everybody = list(dict.fromkeys(address for strings in own for address in strings))
            places: dict[str, Any] = {}
            for authorship in authorships:
                known = {one["id"]: one for one in authorship.get("institutions") or ()}
                for one in authorship.get("affiliations") or ():
                    ids = one.get("institution_ids")
                    if ids:
                        places.setdefault(_clean(one.get("raw_affiliation_string")), known.get(ids[0], {}))
            for authorship, strings in zip(authorships, own, strict=True):
                name = (
                    authorship.get("raw_author_name")
                    or (authorship.get("author") or {}).get("display_name")
                    or ""
                )
                for address in strings or everybody or [""]:
                    place = places.get(address, {})
                    institutions.append(
                        (place.get("display_name"), place.get("ror"), place.get("country_code"))
                    )
                    rows[0].append(work["id"])
                    rows[1].append(name)
                    rows[2].append(address)
    for values in zip(*institutions, strict=True):
        assert len(pa.array(list(values))) == len(rows[0])
    return _tables(rows, documents)


def _clean(text: str | None) -> str:
    """An address as it counts: without blanks around it and one full stop at its end."""
    text = (text or "").strip()
    return text[:-1].rstrip() if text.endswith(".") else text


def _strings(authorship: Any) -> list[str]:
    """The distinct addresses of an author."""
    found = (_clean(one) for one in authorship.get("raw_affiliation_strings") or ())
    return list(dict.fromkeys(one for one in found if one))


def calamine(path: Path) -> int:
    """Rows of the sheet by python-calamine alone."""
    from python_calamine import CalamineWorkbook

    return len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python())
