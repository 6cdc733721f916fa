"""PCT applications become canonical tables: joins over PATSTAT's tables in DuckDB, by the rules of METHODOLOGY 2 and 3.

Other formats of applications fill the same tables, so that one set of rules serves all.

An application counts once, in the year of its first WO publication of a kind in `pct_kinds`. Inventors are rows of
tls207 with `invt_seq_nr` above 0, also those who are applicants too; persons that `nb_inventors` counts and no row
names are listings without an address. Names leave here only where they are an organisation's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from extracts import application_queries as queries
from extracts import meaning
from extracts.countries import NOTHING_GIVEN, Given, name_form, names, of_code, of_inventor
from extracts.csv_tables import make_tables
from extracts.detect import Payload, format_of
from extracts.formats.patstat import COLUMNS
from extracts.ids import address_key, numbers_of
from extracts.tables import FileCounts, Reading, empty_tables, reading_schema
from extracts.technology import Concordance
from foundation.errors import BadInput
from foundation.settings import Reader


@dataclass(frozen=True)
class Workbench:
    """What DuckDB may use, and the concordance of IPC and technology fields."""

    memory_gb: float
    threads: int
    temporary: Path
    concordance: tuple[Path, ...]


PART = 50_000  # rows that are objects of Python at the same time
#: columns of the table of what kept applications are called
_NAMED = {"file_no": pa.int32(), "row": pa.int64(), "document_id": pa.string(), "document_no": pa.int64()}
#: columns of the table of distinct addresses
_PLACE = {
    "place_no": pa.int64(),
    "address": pa.string(),
    "country": pa.string(),
    "city": pa.string(),
    "region": pa.string(),
    "postcode": pa.string(),
    "latitude": pa.float64(),
    "longitude": pa.float64(),
    "address_id": pa.int64(),
    "from_text": pa.bool_(),
}


def _placed(address: str, code: str, given: Given) -> tuple[Any, ...]:
    """An address's text, country, parts, key (None where it says nothing at all), and whether its text overruled the code."""
    place = of_inventor(address, code)
    country = place.country or names().get(name_form(code))
    region, postcode = given.region or place.region, given.postcode or place.postcode
    nowhere = not address and country is None and given == NOTHING_GIVEN
    key = address_key(
        country, address, None, given.city, region, postcode, None, given.latitude, given.longitude
    )
    stated = of_code(code)
    return (
        address, country, given.city, region, postcode, given.latitude, given.longitude,
        None if nowhere else key, stated is not None and stated != country,
    )  # fmt: skip


class _Patents:
    """One reading of a set of PATSTAT tables."""

    def __init__(self, payloads: list[Payload], reader: Reader, bench: Workbench) -> None:
        import duckdb

        bench.temporary.mkdir(parents=True, exist_ok=True)
        self.payloads, self.reader, self.bench = payloads, reader, bench
        self.format = format_of(payloads[0].format)
        self.counts: Counter[str] = Counter()
        self.notes: dict[str, Any] = {}
        self.db = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{bench.memory_gb}GB",
                "threads": bench.threads,
                "temp_directory": str(bench.temporary),
            },
        )

    def rows(self, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self.db.execute(query, parameters).fetchall()
        return found

    def one(self, query: str) -> int:
        return int(self.rows(query)[0][0] or 0)

    def parts(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query in parts, so that there are never many of them as objects of Python."""
        cursor = self.db.cursor()
        cursor.execute(query)
        while part := cursor.fetchmany(PART):
            yield part

    def known(self, name: str, columns: dict[str, Any], types: dict[str, pa.DataType]) -> None:
        """A table made in Python, or more rows of it, for the joins."""
        self.db.register("incoming", pa.table({key: pa.array(columns[key], types[key]) for key in types}))
        self.db.execute(f"create table if not exists {name} as select * from incoming limit 0")
        self.db.execute(f"insert into {name} select * from incoming")
        self.db.unregister("incoming")

    def reading(self) -> Reading:
        make_tables(self.db, COLUMNS)
        loaded, rejects = self.format.module.read_set(self.payloads, self.db)
        self.loaded = loaded
        for name in ("wo_number_unknown", "shares_unlike"):
            self.counts[name] = loaded.get(name, 0)
        if "tls201" not in loaded:
            raise BadInput(
                "The PATSTAT tables lack tls201, which says what the applications are.",
                "Add the files of tls201 to the folder.",
                self.payloads[0].path,
            )
        self._applications("tls211" in loaded)
        self._persons()
        self._symbols()
        files = self._files(rejects)
        return Reading(self._tables(), self._rejects(rejects), files, self.counts, self.notes)

    def _applications(self, publications: bool) -> None:
        self.db.execute(queries.APPLICATIONS)
        self.db.execute(queries.PUBLICATIONS, {"kinds": self.reader.pct_kinds})
        keep, filing = self.reader.pct_kind_when_absent == "keep", self.reader.pct_date == "filing"
        others = any(name.startswith("other_kinds_") for name in self.loaded)
        told = "select count(*) = 0 or count(kind) > 0 from application"
        tells = others or publications or self.one(told) > 0
        if not tells and not keep:
            raise BadInput(
                "The tables do not tell PCT applications from national ones (neither appln_kind in tls201 nor tls211).",
                "Add tls211, or set reader.pct_kind_when_absent: keep if all of them are PCT.",
                self.payloads[0].path,
            )
        self.notes["pct_unknown"] = not tells
        dated = self.one(
            "select (select count(earliest_year) from application) + (select count(first.date) from wo)"
        )
        if not filing and not dated:
            self._say_foreign_kinds(publications)
            self._demand_dates()
        if filing:
            self._demand_filing_years()
        self.db.execute(queries.STATES, {"filing": filing, "keep": keep, "publications": publications})
        self._name()
        self.db.execute(queries.KEPT)

    def _demand_dates(self) -> None:
        """Raise when there are applications that may be PCT, of which nothing tells a date."""
        if not self.one("select count(*) from application where coalesce(kind, 'W') = 'W'"):
            return
        if self.format.name == "patstat":
            raise BadInput(
                "The tables hold no publication dates (neither tls211 nor earliest_publn_date in tls201).",
                "Add tls211, or set reader.pct_date: filing to let filing years stand in.",
                self.payloads[0].path,
            )
        raise BadInput(
            "No document gives a date of publication.",
            "Give documents that do, or set reader.pct_date: filing to let filing years stand in.",
            self.payloads[0].path,
        )

    def _demand_filing_years(self) -> None:
        """Raise when filing years are to stand in and tables lack them; documents without one are counted."""
        none = self.one("select count(*) filter (where filing_year is null) from application")
        self.counts["without_filing_year"] = none
        if (
            none
            and self.format.name in ("patstat", "regpat")
            and none == self.one("select count(*) from application")
        ):
            raise BadInput(
                "No application has a filing year, which reader.pct_date: filing asks for.",
                "Add REGPAT's file named PCT_IPC, or tls201 with appln_filing_year; else leave reader.pct_date at publication.",
                self.payloads[0].path,
            )

    def _say_foreign_kinds(self, publications: bool) -> None:
        """Raise when publications are there, and all of kinds that do not count, as a table of articles has them."""
        found = self.rows("select distinct publn_kind from tls211 order by 1") if publications else []
        kinds = [str(kind) for (kind,) in found if kind]
        if kinds and not set(kinds) & set(self.reader.pct_kinds):
            raise BadInput(
                f"No publication is of a kind that counts ({', '.join(self.reader.pct_kinds)}); they are of {', '.join(kinds[:5])}.",
                "Give articles by --sci; else mend the kinds of publication, or reader.pct_kinds.",
                self.payloads[0].path,
            )

    def _name(self) -> None:
        self.known("named", dict.fromkeys(_NAMED, ()), _NAMED)
        query = "select file_no, row, appln_id, wo_text from state where state = 'kept' order by file_no, row"
        for part in self.parts(query):
            files, numbers, applns, texts = zip(*part, strict=True)
            ids = [self._id(appln, text or "") for appln, text in zip(applns, texts, strict=True)]
            made = (files, numbers, ids, numbers_of(one.encode() for one in ids))
            self.known("named", dict(zip(_NAMED, made, strict=True)), _NAMED)

    def _id(self, appln_id: int, text: str) -> str:
        """The WO number; else PATSTAT's number of the application, or what another source calls it."""
        if self.format.name == "patstat":
            return meaning.wo_number(text) or f"appln:{appln_id}"
        number = meaning.wo_number(text) if text.upper().startswith("WO") else None
        return number or f"given:{text}"

    def _persons(self) -> None:
        self.db.execute(queries.ROLES)
        self.db.execute(queries.FILED)
        self.db.execute(queries.PERSONS)
        self.counts["addresses_as_filed"] = self.one(
            "select count(*) from filed semi join person using (person_id)"
        )
        self._places()
        names = [
            row[0]
            for row in self.rows(
                "select distinct grouped from role join person using (person_id) where applicant is not null order by grouped"
            )
        ]
        keys = [meaning.name_key(name) or None for name in names]
        self.known(
            "naming", {"grouped": names, "name_key": keys}, {"grouped": pa.string(), "name_key": pa.string()}
        )
        self.db.execute(queries.INVENTORS)
        self.db.execute(queries.UNNAMED)
        self._count_persons()

    def _places(self) -> None:
        """Every distinct address, with its number and country; `place_no` ties persons to it."""
        self.known("place", dict.fromkeys(_PLACE, ()), _PLACE)
        for part in self.parts(queries.PLACES):
            rows = [
                (place_no, *_placed(address, code, Given(None, *given)))
                for place_no, address, code, *given in part
            ]
            made = dict(zip(_PLACE, map(list, zip(*rows, strict=True)), strict=True))
            keys = made["address_id"]
            numbers = iter(numbers_of(key.encode() for key in keys if key is not None).tolist())
            made["address_id"] = [None if key is None else next(numbers) for key in keys]
            self.known("place", made, _PLACE)

    def _count_persons(self) -> None:
        for why, count in self.rows("select why_unlocated, count(*) from inventor group by all"):
            self.counts[f"listings_{why or 'with_address'}"] = count
        self.counts["linked_listings"] = self.counts["listings_with_address"]
        self.counts["listings_country_only"] = self.one(
            "select count(*) from inventor join place using (address_id) where place.address = ''"
        )
        self.counts["country_from_text"] = self.one("select count(*) from inventor where from_text")
        linked = "from tls207 semi join kept on kept.appln_id = try_cast(tls207.appln_id as bigint)"
        self.counts["person_rows"] = self.one(f"select count(*) {linked}")
        self.counts["person_rows_dangling"] = self.one(
            f"select count(*) {linked} anti join person on person.person_id = try_cast(tls207.person_id as bigint)"
        )
        self.counts["application_missing"] = self.one(
            "select count(*) from tls207 anti join application on application.appln_id = try_cast(tls207.appln_id as bigint)"
        )
        self.counts["documents_without_persons"] = self.one(
            "select count(*) from kept anti join inventor using (document_no)"
        )
        self.counts["nb_inventors_misread"] = self.one(
            f"select count(*) from kept where nb_inventors > {queries.MOST_INVENTORS}"
        )

    def _symbols(self) -> None:
        raw = [
            row[0]
            for row in self.rows(
                "select distinct ipc_class_symbol from tls209 where ipc_class_symbol is not null order by 1"
            )
        ]
        made = [meaning.ipc_symbol(text) for text in raw]
        concordance = Concordance.load(*self.bench.concordance)
        fields = {
            symbol: concordance.field(symbol) for symbol in sorted({one for one in made if one is not None})
        }
        self.known("spelling", {"raw": raw, "symbol": made}, {"raw": pa.string(), "symbol": pa.string()})
        self.known(
            "symbol",
            {"symbol": list(fields), "field_nr": list(fields.values())},
            {"symbol": pa.string(), "field_nr": pa.int16()},
        )
        self.db.execute(
            "create table symbol_of as select distinct kept.document_no, spelling.symbol from tls209"
            " join kept on kept.appln_id = try_cast(tls209.appln_id as bigint)"
            " join spelling on spelling.raw = tls209.ipc_class_symbol where spelling.symbol is not null"
        )
        self.counts["ipc_unreadable"] = self.one(
            "select count(*) from tls209 join spelling on spelling.raw = tls209.ipc_class_symbol where symbol is null"
        )
        self.db.execute(queries.FIELDS)
        self.notes["ipc_unmatched"] = dict(
            self.rows(
                "select left(symbol, 4) as subclass, count(*) from symbol_of join symbol using (symbol)"
                " where field_nr is null group by 1 order by 1"
            )
        )
        self._check_fields()

    def _check_fields(self) -> None:
        """tls230 against what the symbols give, where both are there."""
        both = "select document_no from given semi join counted using (document_no)"
        equal, different = self.rows(
            f"with here as ({both}) select count(*) filter (where abs(given.weight - symbols / all_symbols) < 1e-3),"
            " count(*) filter (where not coalesce(abs(given.weight - symbols / all_symbols) < 1e-3, false))"
            " from (select * from given semi join here using (document_no)) as given"
            " full join (select * from counted semi join here using (document_no)) as counted using (document_no, field_nr)"
        )[0]
        self.counts["fields_as_computed"], self.counts["fields_unlike_computed"] = equal, different
        self.counts["documents_without_field"] = self.one(
            "select count(*) from kept where document_no not in (select document_no from given)"
            " and document_no not in (select document_no from counted)"
        )

    def _files(self, rejects: pa.Table) -> list[FileCounts]:
        files = [FileCounts() for _ in self.payloads]
        for file_no, state, count in self.rows("select file_no, state, count(*) from state group by all"):
            files[file_no].records += count
            if state in ("kind", "year"):
                files[file_no].filtered[state] += count
            elif state == "rejected":
                files[file_no].rejected += count
        for file_no, one in enumerate(files):
            if others := self.loaded.get(f"other_kinds_{file_no}", 0):
                one.records += others
                one.filtered["kind"] += others
        for file_no, count in self.rows("select file_no, count(*) from kept group by all"):
            files[file_no].kept = count
        for file_no, count in self.rows("select file_no, count(*) from inventor group by all"):
            files[file_no].listings = count
        for row in rejects.filter(rejects["whole"]).to_pylist():
            files[row["file_no"]].records += 1
            files[row["file_no"]].rejected += 1
        for one in files:
            one.duplicates = one.records - one.kept - sum(one.filtered.values()) - one.rejected
        return files

    def _rejects(self, rejects: pa.Table) -> pa.Table:
        more = self.db.sql(
            "select row as position, 'row' as position_kind, appln_id as record_id, 'bad_id' as reason,"
            " '' as excerpt, true as whole, file_no from tls201 where try_cast(appln_id as bigint) is null order by file_no, row"
        ).to_arrow_table()
        return pa.concat_tables([rejects, more.cast(rejects.schema)])

    def _tables(self) -> dict[str, pa.Table]:
        tables = empty_tables()
        made = {
            "documents": queries.DOCUMENTS,
            "listings": queries.LISTINGS,
            "applicants": queries.APPLICANTS,
            "ipc": "select document_no, symbol as ipc, file_no, publication_year from symbol_of join kept using (document_no)",
            "technology_fields": queries.TECHNOLOGY,
        }
        for name, query in made.items():
            tables[name] = _fitted(self.db.sql(query).to_arrow_table(), name)
            if name in ("listings", "applicants"):
                self.db.register(f"made_{name}", tables[name])
        tables["addresses"] = _fitted(self.db.sql(queries.ADDRESSES).to_arrow_table(), "addresses")
        for name in ("listings", "applicants"):
            self.db.unregister(f"made_{name}")
        return tables


def _fitted(table: pa.Table, name: str) -> pa.Table:
    schema = reading_schema(name)
    return (
        table.select(schema.names)
        .cast(pa.schema([field.with_nullable(True) for field in schema]))
        .cast(schema)
    )


def applications(payloads: list[Payload], reader: Reader, bench: Workbench) -> Reading:
    """The canonical tables of a set of files of one format of applications, joined.

    Raises
    ------
    BadInput
        tls201 is missing; the tables cannot tell PCT applications, or hold no publication dates, and the reader
        settings do not say what to do then.
    """
    patents = _Patents(payloads, reader, bench)
    try:
        return patents.reading()
    finally:
        patents.db.close()
