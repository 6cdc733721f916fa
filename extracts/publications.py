"""Published applications read document by document become the tables that applications.py joins.

A1 and A3 of one application are one application: all its documents share the first publication, and the parties of
the latest corrected one (A8, A9) that has any, else of the first. A document without a WO number stands for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from extracts.meaning import wo_number
from extracts.parties import Parties, Party
from extracts.records import REJECTS, rejects

CHUNK = 5_000  # documents that are handed to DuckDB together
_TEXT = pa.string()
_DOCUMENT = pa.schema(
    [
        ("doc", pa.int64()), ("file_no", pa.int32()), ("row", pa.int64()), ("number", _TEXT), ("pct", pa.bool_()),
        ("kind", _TEXT), ("wo_kind", _TEXT), ("date", _TEXT), ("filing_year", _TEXT), ("persons", pa.int32()), ("symbols", pa.int32()),
    ]
)  # fmt: skip
_PERSON = pa.schema(
    [
        ("doc", pa.int64()), ("person_id", _TEXT), ("person_name", _TEXT), ("person_address", _TEXT),
        ("person_ctry_code", _TEXT), ("psn_sector", _TEXT), ("city", _TEXT), ("region", _TEXT),
        ("postcode", _TEXT), ("latitude", _TEXT), ("longitude", _TEXT),
        ("applt_seq_nr", _TEXT), ("invt_seq_nr", _TEXT),
    ]
)  # fmt: skip
_SYMBOL = pa.schema([("doc", pa.int64()), ("symbol", _TEXT)])
_TABLES = {"pub_document": _DOCUMENT, "pub_person": _PERSON, "pub_symbol": _SYMBOL}

#: the documents of an application, its first publication, and the one whose parties count
_GROUPS = """
create table pub_group as
select
    doc,
    coalesce(number, 'doc:' || doc) as application
from pub_document;
create table pub_chosen as
select
    application,
    coalesce(
        arg_max(doc, (coalesce(date, ''), doc)) filter (where kind in ('A8', 'A9') and persons > 0),
        arg_min(doc, (kind like 'B%', coalesce(date, '9'), kind, doc)) filter (where persons > 0),
        min(doc)
    ) as party,
    coalesce(
        arg_max(doc, (coalesce(date, ''), doc)) filter (where kind in ('A8', 'A9') and symbols > 0),
        arg_min(doc, (kind like 'B%', coalesce(date, '9'), kind, doc)) filter (where symbols > 0),
        min(doc)
    ) as classified
from pub_group join pub_document using (doc)
group by application;
"""
_FILL = """
insert into tls201 by name
select file_no, row, doc::varchar as appln_id, case when pct then 'W' else 'A' end as appln_kind,
    filing_year as appln_filing_year, '0' as nb_inventors
from pub_document order by doc;
insert into tls211 by name
select document.file_no, document.row, mine.doc::varchar as appln_id, 'WO' as publn_auth, document.number as publn_nr,
    document.wo_kind as publn_kind, document.date as publn_date
from pub_group as mine
join pub_group as other using (application)
join pub_document as document on document.doc = other.doc
where document.pct order by mine.doc, document.doc;
insert into tls206 by name
select file_no, row, person_id, person_name, person_address, person_ctry_code, psn_sector, city, region, postcode,
    latitude, longitude
from pub_person join pub_document using (doc) join pub_chosen on party = doc order by person_id::bigint;
insert into tls207 by name
select document.file_no, document.row, person_id, mine.doc::varchar as appln_id, applt_seq_nr, invt_seq_nr
from pub_group as mine
join pub_chosen using (application)
join pub_person as person on person.doc = pub_chosen.party
join pub_document as document on document.doc = mine.doc
order by mine.doc, person_id::bigint;
insert into tls209 by name
select document.file_no, document.row, mine.doc::varchar as appln_id, symbol as ipc_class_symbol
from pub_group as mine
join pub_chosen using (application)
join pub_symbol on pub_symbol.doc = pub_chosen.classified
join pub_document as document on document.doc = mine.doc
order by mine.doc, symbol;
"""


@dataclass
class Publication:
    """One published document. `number` is its WO number in any form; `pct`: it is one of a PCT application."""

    row: int
    number: str
    kind: str
    date: str
    parties: Parties
    symbols: list[str] = field(default_factory=list)
    pct: bool = True
    filing_year: str = ""
    is_wo: bool = True  # the document is WIPO's own, so that its kind is one of a PCT publication


@dataclass
class Reject:
    """A document that could not be read."""

    position: int
    position_kind: str
    record_id: str | None
    reason: str
    raw: bytes


class Loader:
    """Fills PATSTAT's tables in a database from publications."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _TABLES}
        self.documents = self.persons = 0
        self.counts: Counter[str] = Counter()
        self.rejected: list[pa.Table] = []
        for name, schema in _TABLES.items():
            connection.register("incoming", schema.empty_table())
            connection.execute(f"create table {name} as select * from incoming")
            connection.unregister("incoming")

    def file(self, file_no: int, found: Iterable[Publication | Reject]) -> None:
        """The documents of one file."""
        refused = []
        for one in found:
            if isinstance(one, Publication):
                self.add(file_no, one)
            else:
                refused.append((one.position, one.position_kind, one.record_id, one.reason, one.raw, True))
        bad = pa.Table.from_batches([rejects(refused)], REJECTS)
        self.rejected.append(bad.append_column("file_no", pa.array([file_no] * bad.num_rows, pa.int32())))

    def add(self, file_no: int, one: Publication) -> None:
        """One document."""
        self.documents += 1
        doc = self.documents
        number = wo_number(one.number)
        if one.number and number is None:
            self.counts["wo_number_unknown"] += 1
        persons = _persons(one.parties)
        symbols = list(dict.fromkeys(one.symbols))
        self.rows["pub_document"].append(
            (doc, file_no, one.row, number or one.number or None, one.pct, one.kind.upper(),
             one.kind.upper() if one.is_wo else "", one.date or None,
             one.filing_year or None, len(persons), len(symbols))
        )  # fmt: skip
        for party, applicant, inventor in persons:
            self.persons += 1
            sector = "COMPANY" if party.organisation else "INDIVIDUAL" if inventor else ""
            self.rows["pub_person"].append(
                (doc, str(self.persons), party.name, party.address, party.country, sector, party.city, party.region,
                 party.postcode, _number(party.latitude), _number(party.longitude), str(applicant), str(inventor))
            )  # fmt: skip
        self.rows["pub_symbol"] += [(doc, symbol) for symbol in symbols]
        if len(self.rows["pub_document"]) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        for name, schema in _TABLES.items():
            rows = self.rows[name]
            columns: list[Any] = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
            arrays = [
                pa.array(list(values), entry.type) for values, entry in zip(columns, schema, strict=True)
            ]
            self.connection.register("incoming", pa.Table.from_arrays(arrays, schema=schema))
            self.connection.execute(f"insert into {name} select * from incoming")
            self.connection.unregister("incoming")
            self.rows[name] = []

    def finish(self) -> pa.Table:
        """Fill the tables; returns the rejects with `file_no`."""
        self._flush()
        self.connection.execute(_GROUPS)
        self.connection.execute(_FILL)
        for name in (*_TABLES, "pub_group", "pub_chosen"):
            self.connection.execute(f"drop table {name}")
        return pa.concat_tables(self.rejected)


def _number(value: float | None) -> str | None:
    return None if value is None else repr(value)


def _persons(parties: Parties) -> list[tuple[Party, int, int]]:
    """(party, number as applicant, number as inventor) of each name; 0 where it is not of that role."""
    applicant = {party.key: place for place, party in enumerate(parties.applicants, 1)}
    found = [(party, applicant.pop(party.key, 0), place) for place, party in enumerate(parties.inventors, 1)]
    return found + [
        (party, applicant[party.key], 0) for party in parties.applicants if party.key in applicant
    ]
