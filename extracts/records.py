"""What readers hand over, before any rule of the method: one row per article, and what could not be read.

An article's row still carries its authors' names, because a reader is checked by them. They end here: the
canonical tables number persons and hold no name. Patent tables keep their own form (formats/patstat.py), since they
are joined, not read record by record.
"""

from __future__ import annotations

import pyarrow as pa

#: What some sources say of an address in columns of its own; null where the source has none of it.
PARTS = ("organisation", "city", "region", "postcode", "country", "ror")

#: One article of a raw file. `names` lists the authors first, then names that stand only beside addresses;
#: `authors` says how many of them are authors. A link is a pair of positions in `names` and `addresses`.
ARTICLES = pa.schema(
    [
        pa.field(
            "position", pa.int64(), False
        ),  # where the record starts: line, row or byte, as the format says
        pa.field("record_id", pa.string(), False),  # WOS:…, or wos-made:… where the source gives none
        pa.field("doc_type", pa.string(), False),
        pa.field("issue_year", pa.string(), False),
        pa.field("early_access", pa.string(), False),
        pa.field("indexes", pa.string(), False),
        pa.field("categories", pa.string(), False),
        pa.field("issns", pa.string(), False),
        pa.field("authors", pa.int32(), False),
        pa.field("names", pa.list_(pa.string()), False),
        pa.field(
            "repeated", pa.list_(pa.int32()), False
        ),  # pairs: position of a repeated author, and of its first
        pa.field("addresses", pa.list_(pa.string()), False),
        pa.field("bracketed", pa.list_(pa.bool_()), False),
        pa.field("link_address", pa.list_(pa.int32()), False),
        pa.field("link_name", pa.list_(pa.int32()), False),
        *(pa.field(name, pa.list_(pa.string()), True) for name in PARTS),
        pa.field("latitude", pa.list_(pa.float64()), True),
        pa.field("longitude", pa.list_(pa.float64()), True),
        pa.field("publication_date", pa.date32(), True),
    ]
)

#: A record that its source withdraws.
DELETED = pa.schema([pa.field("position", pa.int64(), False), pa.field("record_id", pa.string(), False)])

#: A record, or a part of one, that could not be read. `whole`: the record is lost; else the rest of it was kept.
REJECTS = pa.schema(
    [
        pa.field("position", pa.int64(), False),
        pa.field("position_kind", pa.string(), False),
        pa.field("record_id", pa.string(), True),
        pa.field("reason", pa.string(), False),
        pa.field("excerpt", pa.string(), False),
        pa.field("whole", pa.bool_(), False),
    ]
)

#: Why a record, or a part of one, can be set aside.
REASONS = (
    "truncated",  # the file ends, or another record begins, before the record's end
    "too_long",  # no end of a record within 64 MB
    "damaged_archive",  # the packed file breaks off or fails its own check
    "addresses_are_references",  # cited references stand where addresses should; the document is kept
    "columns",  # a row has more or fewer cells than its header
    "cell_limit",  # a cell is as long as a spreadsheet allows, so it was cut
    "not_json",  # a line that is no JSON object of the expected form
    "not_xml",  # a record that is no well-formed XML
    "no_id",  # a record without the number that identifies it
    "no_parties",  # an application of which neither number nor parties could be read
    "authors_truncated",  # the page holds only the first hundred authors
    "entities",  # a document that declares values of entities
    "bad_date",  # a date that is no day, or a year that is no number of four digits
    "bad_coordinates",  # coordinates that are no place on earth, or only one of the two
    "two_years",  # rows of one document with different years of publication
    "bad_id",  # a row without a number that identifies it
)


def excerpt(raw: bytes) -> str:
    """At most 200 printable characters of a record."""
    text = raw[:800].replace(b"\x00", b" ").decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)[:200].strip()


def rejects(rows: list[tuple[int, str, str | None, str, bytes, bool]]) -> pa.RecordBatch:
    """Rejects from (position, position_kind, record_id, reason, raw bytes, whole)."""
    made = [
        {
            "position": position,
            "position_kind": kind,
            "record_id": record_id,
            "reason": reason,
            "excerpt": excerpt(raw),
            "whole": whole,
        }
        for position, kind, record_id, reason, raw, whole in rows
    ]
    return pa.RecordBatch.from_pylist(made, schema=REJECTS)
