"""The canonical table: one row per listing, for those who have their data in another system; CSV here, Parquet beside.

Only `document_id` and a publication year or date are needed. Rows of one document need not stand together. A document
without `doc_type` counts as what the reader keeps; coordinates that are given are used as they are. A document is
rejected when a row holds an impossible date, year or coordinate, only one coordinate, or another year than its other
rows. Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from extracts.article_batch import FULL, Address, Article, ArticleBatch
from extracts.countries import Given
from extracts.csv_tables import header_of
from extracts.detect import Payload, opened, whole_of
from extracts.encoding import Utf8Stream, utf8_blocks, utf8_head
from extracts.parties import Parties, Party, distinct
from extracts.publications import Loader, Publication, Reject

VERSION = "3"
#: column: what it holds
COLUMNS = {
    "document_id": "number of the document: WO2019012345, WOS:000123456700001, or any text of your own; required",
    "publication_date": "date of publication, YYYY-MM-DD; this or publication_year is required",
    "publication_year": "year of publication",
    "person_no": "number of the person within the document; rows of one person with several addresses share it",
    "address": "address as written",
    "country": "country, as ISO 3166-1 alpha-2 code or English name",
    "city": "city",
    "postcode": "postal code",
    "latitude": "degrees; given coordinates are used as they are",
    "longitude": "degrees",
    "organisation": "organisation of the address (articles)",
    "applicant": "applicants of the application, ; between several",
    "ipc": "IPC symbols as H04L 9/08, ; between several",
    "subject": "Web of Science categories, ; between several",
    "doc_type": "document type: Article …, or kind of publication: A1 …",
    "index": "index of the article: SCIE …",
}
_NEEDED = ("publication_year", "publication_date")
_KNOWN_IDS = ("WOS:", "openalex:")

Row = dict[str, str]


_ONLY = {"pct": ("applicant", "ipc"), "sci": ("organisation", "subject", "index")}


def dictionary(kind: str) -> dict[str, str]:
    """The columns of the canonical table of a kind, and what each holds."""
    others = _ONLY["sci" if kind == "pct" else "pct"]
    return {name: what for name, what in COLUMNS.items() if name not in others}


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a CSV file."""
    columns = header_of(head)[0] if b"\n" in head else []
    return "document_id" in columns and any(name in columns for name in _NEEDED)


def table_of(stream: BinaryIO) -> tuple[pa.Table, list[tuple[int, str]]]:
    """All rows as text columns, with `row`; and rows with another number of cells than the header."""
    import pyarrow.csv as pacsv

    text = Utf8Stream(utf8_blocks(stream))
    columns, separator = header_of(utf8_head(text.peek_line() + b"\n"))
    text.line()
    used = [name for name in COLUMNS if name in columns]
    bad: list[tuple[int, str]] = []

    def invalid(row: Any) -> str:
        bad.append((int(row.number or 0), str(row.text)))
        return "skip"

    names = [f"{name}#{n}" if name in columns[:n] else name for n, name in enumerate(columns)]
    try:
        table = pacsv.read_csv(
            text,
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=invalid
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=used,
                column_types=dict.fromkeys(used, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as fault:
        if "Empty CSV" not in str(fault):
            bad.append((1, f"the table cannot be read: {fault}"))
        table = pa.table({name: pa.array([], pa.string()) for name in used})
    table = table.cast(pa.schema([(name, pa.string()) for name in table.column_names]))
    gone = {number for number, _ in bad}
    numbers = [n for n in range(1, table.num_rows + len(bad) + 1) if n not in gone]
    return table.append_column("row", pa.array(numbers[: table.num_rows], pa.int64())), bad


def groups(table: pa.Table) -> Iterator[list[Row]]:
    """The rows of each document, in the order of the documents' first rows; cells stripped, absent columns empty."""
    names = [name for name in COLUMNS if name in table.column_names]
    if "document_id" not in names or not table.num_rows:
        return
    ids = pc.utf8_trim_whitespace(table["document_id"])
    first = pa.table({"id": ids, "row": table["row"]}).group_by("id").aggregate([("row", "min")])
    order = pa.table(
        {"id": ids, "at": pa.array(range(table.num_rows), pa.int64()), "row": table["row"]}
    ).join(first, "id")
    order = order.sort_by([("row_min", "ascending"), ("row", "ascending")])
    table = table.take(order["at"])
    rows: list[Row] = []
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [batch.column(name).to_pylist() for name in names]
        for values in zip(*columns, batch.column("row").to_pylist(), strict=True):
            row = {name: (value or "").strip() for name, value in zip(names, values, strict=False)}
            row["row"] = str(values[-1])
            # pandas writes whole numbers with decimals where others of the column are missing
            row["publication_year"] = row.get("publication_year", "").removesuffix(".0")
            if rows and row["document_id"] != rows[0]["document_id"]:
                yield rows
                rows = []
            rows.append(row)
    if rows:
        yield rows


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    table, bad = table_of(stream)
    yield from articles_of(table, bad)


def articles_of(table: pa.Table, bad: list[tuple[int, str]]) -> Iterator[pa.RecordBatch]:
    """Articles of a table of listings, and rejects."""
    batch = ArticleBatch("row")
    for number, text in bad:
        batch.reject(number, None, "columns", text.encode())
    for rows in groups(table):
        position = int(rows[0]["row"])
        if not rows[0]["document_id"]:
            for row in rows:
                batch.reject(int(row["row"]), None, "no_id", ",".join(row.values()).encode())
            continue
        fault = _fault(rows)
        if fault is not None:
            batch.reject(
                int(fault[0]["row"]), rows[0]["document_id"], fault[1], ",".join(fault[0].values()).encode()
            )
            continue
        batch.add(_article(position, rows))
        if len(batch) >= FULL:
            yield from batch.finish()
    yield from batch.finish()


def _value(rows: list[Row], name: str) -> str:
    return next((row[name] for row in rows if row.get(name)), "")


def _several(rows: list[Row], name: str) -> list[str]:
    found = (part.strip() for row in rows for part in row.get(name, "").split(";"))
    return list(dict.fromkeys(part for part in found if part))


def _date(rows: list[Row]) -> str:
    found = re.match(r"(\d{4})-?(\d{2})-?(\d{2})", _value(rows, "publication_date"))
    return "-".join(found.groups()) if found else ""


def _day(text: str) -> Any:
    import datetime

    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _degrees(text: str, limit: float) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if -limit <= value <= limit else None


def _coordinates(row: Row) -> tuple[float | None, float | None]:
    latitude, longitude = _degrees(row.get("latitude", ""), 90), _degrees(row.get("longitude", ""), 180)
    return (None, None) if latitude is None or longitude is None else (latitude, longitude)


def _fault(rows: list[Row]) -> tuple[Row, str] | None:
    """The first row of a document that says something impossible, and the reason it is rejected for."""
    years: set[str] = set()
    for row in rows:
        date, year = row.get("publication_date", ""), row.get("publication_year", "")
        if date and _day(_date([row])) is None:
            return row, "bad_date"
        if year and not (year.isascii() and year.isdigit() and len(year) == 4):
            return row, "bad_date"
        if (row.get("latitude") or row.get("longitude")) and _coordinates(row) == (None, None):
            return row, "bad_coordinates"
        years |= {year or date[:4]} - {""}
        if len(years) > 1:
            return row, "two_years"
    return None


def _persons(rows: list[Row]) -> list[str]:
    """Number of each row's person; without one, each row is a person of its own."""
    return [row.get("person_no") or f"row {row['row']}" for row in rows]


def _article(position: int, rows: list[Row]) -> Article:
    """An article; a row that says nothing of a place is an address without text, which nobody shares."""
    given = rows[0]["document_id"]
    found: dict[tuple[Any, ...], Address] = {}
    persons = _persons(rows)
    for row, person in zip(rows, persons, strict=True):
        latitude, longitude = _coordinates(row)
        said = {name: row.get(name) or None for name in ("organisation", "city", "postcode", "country")}
        parts = Given(**said, latitude=latitude, longitude=longitude)
        address = found.setdefault(
            (row.get("address", ""), parts), Address(row.get("address", ""), [], True, parts)
        )
        if person not in address.names:
            address.names.append(person)
    date = _date(rows)
    year = _value(rows, "publication_year") or date[:4]
    return Article(
        position=position,
        record_id=given if given.startswith(_KNOWN_IDS) else f"given:{given}",
        doc_type=_value(rows, "doc_type") or "Article",
        issue_year=year,
        indexes=_value(rows, "index"),
        categories="; ".join(_several(rows, "subject")),
        names=list(dict.fromkeys(persons)),
        addresses=list(found.values()),
        publication_date=_day(date) if date[:4] == year else None,
    )


def publications_of(table: pa.Table, bad: list[tuple[int, str]]) -> Iterator[Publication | Reject]:
    """Applications of a table of listings, and rejects."""
    for number, text in bad:
        yield Reject(number, "row", None, "columns", text.encode())
    for rows in groups(table):
        if not rows[0]["document_id"]:
            for row in rows:
                yield Reject(int(row["row"]), "row", None, "no_id", ",".join(row.values()).encode())
            continue
        fault = _fault(rows)
        if fault is not None:
            said = ",".join(fault[0].values()).encode()
            yield Reject(int(fault[0]["row"]), "row", rows[0]["document_id"], fault[1], said)
            continue
        yield _publication(rows)


def _publication(rows: list[Row]) -> Publication:
    found: dict[str, Party] = {}
    for row, person in zip(rows, _persons(rows), strict=True):
        latitude, longitude = _coordinates(row)
        party = Party(
            name=f"person {person}",
            address=row.get("address", ""),
            country=row.get("country", ""),
            city=row.get("city") or None,
            postcode=row.get("postcode") or None,
            latitude=latitude,
            longitude=longitude,
        )
        found.setdefault(person, party)
    applicants = [Party(name=name, organisation=True) for name in _several(rows, "applicant")]
    year = _value(rows, "publication_year")
    return Publication(
        row=int(rows[0]["row"]),
        number=rows[0]["document_id"],
        kind=_value(rows, "doc_type"),
        date=_date(rows) or (f"{year}-01-01" if year else ""),
        parties=Parties(list(found.values()), distinct(applicants)),
        symbols=_several(rows, "ipc"),
        filing_year=year,
    )


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """The tables of applications.py filled from these files; see formats/patstat.py for what is returned."""
    return load(payloads, connection, table_of)


def load(payloads: list[Payload], connection: Any, table: Any) -> tuple[dict[str, int], pa.Table]:
    """`table` of each payload as applications."""
    loader = Loader(connection)
    for file_no, payload in enumerate(payloads):
        with opened(payload) as stream:
            loader.file(file_no, publications_of(*table(whole_of(payload, stream))))
    rejected = loader.finish()
    return {"tls201": loader.documents, "tls211": loader.documents, **loader.counts}, rejected
