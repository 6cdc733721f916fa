"""The way of one record through every stage: raw file, copies, lake, listings, places, points, clusters, fractions.

No person is named: natural persons among applicants are counted, inventors and authors have numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from extracts.ids import number_of
from extracts.meaning import wo_number
from foundation.errors import BadInput, ContractBroken
from foundation.home import Home
from foundation.settings import Settings
from stclusters.edition_tables import EditionTables, Row
from stclusters.figure_parts import placed, position

_PERSONS = {"pct": "inventors", "sci": "authors"}
_OUTSIDE = {-1: "outside all clusters", -2: "unlocated"}


def explain_record(home: Home, settings: Settings, edition: str, record: str) -> Iterator[str]:
    """Lines on where a record came from and what it counts in an edition.

    Parameters
    ----------
    record : str
        Its id, as WO2019123456 or WOS:000201900004392; other forms of a WO number are understood.

    Raises
    ------
    BadInput
        No delivery holds it; the nearest ids are told, or why it was rejected.
    MissingData
        The edition has not been built.
    """
    tables = EditionTables(home, settings, edition)
    copies = _copies(home, tables, record)
    document = copies[0]["document_id"]
    yield f"{document}, edition {edition}, settings {tables.rules['settings_hash']}"
    found = tables.all(
        "select documents.*, files.path, files.format, files.reader_version from documents "
        "join files using (delivery, file_id) where document_no = ?",
        number_of(document),
    )
    yield from _origin(tables, copies, found)
    if found:
        yield from _lake(tables, found[0])
        yield from _edition(tables, found[0])


def _copies(home: Home, tables: EditionTables, record: str) -> list[Row]:
    """The record as each delivery brought it, in the order of deliveries and files."""
    paths = [
        path
        for delivery in home.deliveries()
        for path in sorted((home.delivery(delivery) / "documents").glob("publication_year=*/part-0.parquet"))
    ]
    tables.view("delivered", paths)
    for one in dict.fromkeys([record.strip(), wo_number(record) or "", record.strip().upper()]):
        copies = tables.all(
            "select delivered.*, files.path, files.format from delivered join files using (delivery, file_id) "
            "where document_no = ? and document_id = ? order by delivery, file_id, position",
            number_of(one), one,
        )  # fmt: skip
        if copies:
            return copies
    raise _unknown(home, tables, record)


def _unknown(home: Home, tables: EditionTables, record: str) -> BadInput:
    """What to say of a record that no delivery holds: why it was rejected, or the nearest ids."""
    wanted = wo_number(record) or record.strip()
    reports = [home.delivery_report(delivery, "rejects") for delivery in home.deliveries()]
    if paths := [path for path in reports if path.is_file()]:
        tables.view("rejects", paths)
    refused = paths and tables.all(
        "select rejects.*, files.path, files.format from rejects join files using (delivery, file_id) "
        "where record_id in (?, ?) order by delivery, file_id, position limit 1",
        wanted, record,
    )  # fmt: skip
    if refused:
        one = refused[0]
        return BadInput(
            f"'{wanted}' was rejected when it was read: {one['reason']}.",
            "Mend the record and deliver it again.",
            f"{one['delivery']}: {one['path']}, {one['position_kind']} {one['position']:,}",
        )
    near = _nearest(tables, wanted.upper())
    hint = f"The nearest ids are {', '.join(near)}. " if near else ""
    return BadInput(
        f"No delivery of this home holds a record '{wanted}'.",
        f"{hint}Records that a rule left out are counted by file and rule, without their ids.",
    )


def _nearest(tables: EditionTables, wanted: str) -> list[str]:
    """At most three ids that begin alike, as far as any does, by the letters that differ."""
    for length in (len(wanted) - 2, len(wanted) - 4, len(re.match(r"\D*", wanted).group())):  # type: ignore[union-attr]
        rows = tables.all(
            "select document_id from delivered where starts_with(document_id, ?) "
            "order by levenshtein(document_id, ?), document_id limit 12",
            wanted[: max(1, length)], wanted,
        )  # fmt: skip
        if rows:
            return list(dict.fromkeys(row["document_id"] for row in rows))[:3]
    return []


def _origin(tables: EditionTables, copies: list[Row], found: list[Row]) -> Iterator[str]:
    for copy in copies:
        stays = bool(found) and all(
            copy[name] == found[0][name] for name in ("delivery", "file_id", "position", "publication_year")
        )
        note = "" if len(copies) == 1 else ", the copy that stays" if stays else ", a copy"
        yield f"Raw file: {position(copy)} ({copy['format']}), year {copy['publication_year']}{note}"
    if not found:
        years = sorted({copy["publication_year"] for copy in copies})
        yield (
            f"It counts in no year of edition {tables.edition}: its year {years[-1]} lies outside the windows, or a later "
            "delivery deleted or moved it."
        )


def _lake(tables: EditionTables, document: Row) -> Iterator[str]:
    kind, number = document["kind"], document["document_no"]
    dated = f", {document['publication_date']}" if document["publication_date"] else ""
    index = f", index {document['index_name']}" if document["index_name"] else ""
    yield (
        f"Lake: {'application' if kind == 'pct' else 'article'} of {document['publication_year']} ({document['year_basis']}{dated})"
        f", type {document['document_type'] or 'not stated'}{index}{', retracted' if document['retracted'] else ''}; "
        f"{document['persons']:,} {_PERSONS[kind]} stated"
    )
    year = document["publication_year"]
    if kind == "pct":
        rows = _of(tables, "technology_fields", year, number, "field_nr")
        yield "Technology fields: " + (
            "; ".join(f"{row['field_nr']} with {row['weight']} ({row['basis']})" for row in rows) or "none"
        )
        applicants = _of(tables, "applicants", year, number, "applicant_no")
        named = [
            f"{row['name']} [{row['country'] or 'no country'}]" for row in applicants if not row["is_person"]
        ]
        persons = sum(row["is_person"] for row in applicants)
        yield "Applicants: " + "; ".join(
            [*named, *([f"{persons} natural person(s), not named"] if persons else [])]
        )
    else:
        yield "Categories: " + (
            "; ".join(row["subject"] for row in _of(tables, "subjects", year, number, "subject")) or "none"
        )
        names = dict.fromkeys(
            row["name"] for row in _of(tables, "organisations", year, number, "organisation_no")
        )
        yield "Organisations: " + ("; ".join(names) or "none")


def _of(tables: EditionTables, table: str, year: int, number: int, order: str) -> list[Row]:
    tables.view(table, [tables.home.lake(table, year)])
    return tables.all(f"select * from {table} where document_no = ? order by {order}", number)


def _edition(tables: EditionTables, document: Row) -> Iterator[str]:
    why = why_not(tables.rules, document)
    if why:
        yield f"Edition: it does not count, {why}."
        return
    number, full = document["document_no"], tables.rules["counting"] == "full"
    tables.keep("chosen", "select ?::bigint as document_no", number)
    listed = tables.listed()
    names = {
        row["cluster_no"]: f"{row['name']} (rank {row['rank']})"
        for row in tables.all("select cluster_no, name, rank from ranking")
    }
    yield f"Listings and their fractions ({tables.rules['fraction_split']} split, METHODOLOGY 4):"
    if not listed:
        yield "  none: it names no person, and counts as unlocated"
    for one in listed:
        where = "" if one["cluster_no"] is None else f", {_in(one, names)}"
        yield f"  {one['fraction']:f}  listing {one['listing_no']}, person {one['person_no']}: {placed(one)}{where}"
    yield from _sums(tables, number, listed, names, full)


def why_not(rules: dict[str, Any], document: Row) -> str:
    """Why a document of the lake does not count in an edition; empty when it does (METHODOLOGY 1 and 2)."""
    kind, year = document["kind"], document["publication_year"]
    years = rules[f"{kind}_years"]
    if year not in years:
        return f"its year {year} is not in the window {min(years)}–{max(years)} of its kind"
    if kind == "sci":
        indexes, types = rules["sci_indexes"], rules["sci_doc_types"]
        if (
            indexes is not None
            and document["index_name"] is not None
            and document["index_name"] not in indexes
        ):
            return f"the edition takes only the indexes {', '.join(indexes)}"
        if types is not None and document["document_type"].split(";")[0].strip() not in types:
            return f"the edition takes only the types {', '.join(types)}"
    return ""


def _in(one: Row, names: dict[int, str]) -> str:
    if one["cluster_no"] < 0:
        return f"in no cluster: the nearest core point is {one['km_to_core']:.1f} km away"
    core = "a core point" if one["is_core"] else f"{one['km_to_core']:.1f} km from a core point"
    return f"{core} of {names[one['cluster_no']]}"


def _sums(
    tables: EditionTables, number: int, listed: list[Row], names: dict[int, str], full: bool
) -> Iterator[str]:
    """What it adds to each cluster, by the edition's own table; its listings must say the same."""
    rows = tables.all(
        "select case when point_id is null then -2 else cluster_no end as cluster_no, "
        "cast(sum(fraction) as decimal(18, 15)) as fraction from document_points left join point_clusters using (point_id) "
        "where document_no = ? group by all order by fraction desc, cluster_no",
        number,
    )
    made: dict[int, Decimal] = {}
    for one in listed:
        cluster = -2 if one["cluster_no"] is None else one["cluster_no"]
        made[cluster] = made.get(cluster, Decimal(0)) + one["fraction"]
    if not listed:
        made = {-2: Decimal(1)}
    if made != {row["cluster_no"]: row["fraction"] for row in rows}:
        raise ContractBroken(
            f"The lake and edition {tables.edition} tell different fractions of this record: the lake has changed since.",
            f"Build it again: stclusters run --edition {tables.edition}.",
        )
    yield "It adds:" if not full else "It has (with counting: full it adds 1 to each cluster):"
    for row in rows:
        yield f"  {row['fraction']:f}  {names.get(row['cluster_no']) or _OUTSIDE[row['cluster_no']]}"
    yield f"  {sum((row['fraction'] for row in rows), Decimal(0)):f}  sum"
