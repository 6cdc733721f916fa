"""One copy of each document stays, and the deliveries' rows of a year become the lake's eight tables.

A document that came more than once is taken from the last delivery by name (natural order), in it from the last file
by path; over all years, so that a correction may move a document to another year.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from extracts.delivery import report_of
from extracts.tables import TABLES, Ints, ints
from foundation import contracts
from foundation.atomic import sweep, write_text
from foundation.errors import ContractBroken, StclustersError
from foundation.home import Home
from foundation.parquet import file_hash, read_table, write_changed

WITHDRAWN = 0  # year of the copy that stays, of a document that its source has deleted: none stays
_MARK = b"deliveries"  # key in the footer of completeness: which deliveries it was made from


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """Sort key of a name in which numbers count as numbers.

    >>> sorted(["sci.10", "sci.9", "sci.a"], key=natural)
    ['sci.9', 'sci.10', 'sci.a']
    """
    parts = re.findall(r"\d+|\D+", name)
    return tuple((0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts)


def reports(home: Home) -> dict[str, dict[str, Any]]:
    """Reports of all deliveries that were read, in natural order of their names."""
    keys = sorted(home.deliveries(), key=lambda key: (natural(key), key))
    found = {key: report_of(home, key) for key in keys}
    return {key: report for key, report in found.items() if report is not None}


def _state(known: dict[str, dict[str, Any]]) -> str:
    """One hash over all deliveries and what they hold."""
    held = {key: [report["versions"], report.get("deleted", "")] for key, report in known.items()}
    text = json.dumps(held, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def copies(home: Home) -> pa.Table:
    """The contract `completeness`, from the deliveries as they are now."""
    known = reports(home)
    path = home.completeness()
    if path.is_file():
        stored = read_table(path)
        if (stored.schema.metadata or {}).get(_MARK, b"").decode() == _state(known):
            # Parquet calls the items of a list "element", the contract "item": one name, so that a second look has the same bytes
            return stored.replace_schema_metadata(None).cast(contracts.contract("completeness").schema)
    return _find_copies(home, known)


def _delivered(home: Home, known: dict[str, dict[str, Any]]) -> tuple[Ints, Ints, Ints, Ints]:
    """Number, delivery (position in `known`), file and year of every delivered document."""
    columns: list[list[Ints]] = [[np.zeros(0, np.int64)] for _ in range(4)]
    for order, key in enumerate(known):
        for year in known[key]["tables"]:
            table = read_table(home.delivery_table(key, "documents", int(year)), ["document_no", "file_id"])
            numbers, files = ints(table["document_no"]), ints(table["file_id"])
            values = (numbers, np.full_like(numbers, order), files, np.full_like(numbers, int(year)))
            for column, value in zip(columns, values, strict=True):
                column.append(value)
    number, order_, file_id, year_ = (np.concatenate(column) for column in columns)
    return number, order_, file_id, year_


def _with_deletions(
    home: Home, known: dict[str, dict[str, Any]], delivered: tuple[Ints, Ints, Ints, Ints]
) -> tuple[Ints, Ints, Ints, Ints]:
    """The delivered documents, and the deletions that stand after every copy of their document: they win over all."""
    if not any(report.get("deleted") for report in known.values()):
        return delivered
    number, order, file_id, _ = delivered
    last = dict.fromkeys(number.tolist(), (-1, -1))
    for document, place, file in zip(number.tolist(), order.tolist(), file_id.tolist(), strict=True):
        last[document] = max(last[document], (place, file))
    wins: dict[int, tuple[int, int]] = {}
    for place, (key, report) in enumerate(known.items()):
        if not report.get("deleted"):
            continue
        table = read_table(home.delivery_report(key, "deleted"))
        for document, file in zip(
            table["document_no"].to_pylist(), table["file_id"].to_pylist(), strict=True
        ):
            if document in last and (place, file) > last[document]:
                wins[document] = max(wins.get(document, (place, file)), (place, file))
    if not wins:
        return delivered
    rows = np.array([(document, *where, WITHDRAWN) for document, where in sorted(wins.items())], np.int64)
    found = tuple(np.concatenate((old, rows[:, at])) for at, old in enumerate(delivered))
    return found[0], found[1], found[2], found[3]


def _find_copies(home: Home, known: dict[str, dict[str, Any]]) -> pa.Table:
    keys = list(known)
    contract = contracts.contract("completeness")
    number, order, file_id, year = _with_deletions(home, known, _delivered(home, known))
    _, inverse, count = np.unique(number, return_inverse=True, return_counts=True)
    several = np.flatnonzero(count[inverse] > 1)
    if not len(several):
        return contract.empty()
    sort = several[np.lexsort((file_id[several], order[several], number[several]))]
    ends = np.flatnonzero(np.append(number[sort][1:] != number[sort][:-1], True))
    starts = np.concatenate(([0], ends[:-1] + 1))
    winners = sort[ends]
    real = sort[year[sort] != WITHDRAWN]
    _check_ids(home, keys, number[real], order[real], year[real])
    years = [
        sorted(set(year[sort[a : b + 1]].tolist()) - {WITHDRAWN}) for a, b in zip(starts, ends, strict=True)
    ]
    table = pa.table(
        {
            "document_no": number[winners],
            "kind": [keys[place].split(".", 1)[0] for place in order[winners]],
            "publication_year": year[winners].astype(np.int16),
            "delivery": [keys[place] for place in order[winners]],
            "file_id": file_id[winners],
            "copies": (ends - starts + 1).astype(np.int32),
            "years": pa.array(years, pa.list_(pa.int16())),
        }
    )
    return contract.conform(table)


def _check_ids(home: Home, keys: list[str], number: Ints, order: Ints, year: Ints) -> None:
    """Copies must have one id; two ids with one number are a collision of the hash."""
    seen: dict[int, str] = {}
    for place in np.unique(np.stack((order, year)), axis=1).T.tolist():
        path = home.delivery_table(keys[place[0]], "documents", place[1])
        table = read_table(path, ["document_no", "document_id"])
        table = table.filter(pc.is_in(table["document_no"], value_set=pa.array(np.unique(number))))
        for document_no, document_id in zip(
            table["document_no"].to_pylist(), table["document_id"].to_pylist(), strict=True
        ):
            if seen.setdefault(document_no, document_id) != document_id:
                raise ContractBroken(
                    f"The documents {seen[document_no]} and {document_id} have the same number.",
                    "Report it: the hash must be made longer.",
                )


def write_completeness(home: Home) -> tuple[pa.Table, str]:
    """`completeness` on disk, rewritten only when it changes; returns it and the hash of its rows."""
    table = copies(home)
    path = home.completeness()
    marked = table.replace_schema_metadata({_MARK: _state(reports(home)).encode()})
    sweep(path.parent)
    write_changed(marked, path)
    return table, _rows_hash(table)


def _rows_hash(table: pa.Table) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()[:16]


def intake_versions(home: Home, years: list[int]) -> dict[int, str]:
    """For each year a hash over its deliveries' tables and over the documents that another copy replaces."""
    known = reports(home)
    touched = _touched(copies(home))
    found = {}
    for year in years:
        held = {
            key: report["versions"][str(year)]
            for key, report in known.items()
            if str(year) in report["versions"]
        }
        text = json.dumps([sorted(held.items()), touched.get(year, [])])
        found[year] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def _touched(table: pa.Table) -> dict[int, list[Any]]:
    """By year, the documents with copies in it and the copy that stays."""
    found: dict[int, list[Any]] = {}
    for row in table.to_pylist():
        for year in row["years"]:
            found.setdefault(year, []).append(
                [row["document_no"], row["publication_year"], row["delivery"], row["file_id"]]
            )
    return found


class YearMerge:
    """The eight tables of one publication year."""

    def __init__(self, home: Home, year: int) -> None:
        self.home, self.year = home, year
        self.known = {key: report for key, report in reports(home).items() if str(year) in report["tables"]}
        self.input = intake_versions(home, [year])[year]
        self.dropped = 0

    def unchanged(self) -> dict[str, Any] | None:
        """The year's manifest if it was made from the same input and its files are as it says."""
        path = self.home.year_manifest(self.year)
        if not path.is_file():
            return None
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if manifest.get("input") != self.input:
            return None
        for name, entry in manifest["tables"].items():
            file = self.home.lake(name, self.year)
            if not file.is_file() or file_hash(file) != entry["hash"]:
                return None
        return manifest

    def write(self) -> dict[str, Any]:
        """Write what changed, the manifest last; returns the manifest."""
        tables = self.tables()
        entries = {}
        for name in TABLES:
            path = self.home.lake(name, self.year)
            sweep(path.parent)
            table = contracts.contract(name).conform(tables[name])
            made = write_changed(table, path)
            entries[name] = {"bytes": path.stat().st_size, "hash": made, "rows": table.num_rows}
        manifest = {"input": self.input, "replaced": self.dropped, "tables": entries, "year": self.year}
        write_text(self.home.year_manifest(self.year), json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        return manifest

    def tables(self) -> dict[str, pa.Table]:
        """The eight tables of the year, one copy of each document."""
        parts: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
        winners = copies(self.home)
        for key, report in self.known.items():
            for name in report["tables"][str(self.year)]:
                table = self._read(key, name, report)
                if name != "addresses":
                    table = self._staying(key, table, winners, count=name == "documents")
                parts[name].append(table)
        tables = {
            name: _as_contract(name, pa.concat_tables(tables)) if tables else contracts.contract(name).empty()
            for name, tables in parts.items()
        }
        tables["addresses"] = _addresses(tables)
        return tables

    def _read(self, key: str, name: str, report: dict[str, Any]) -> pa.Table:
        path = self.home.delivery_table(key, name, self.year)
        if not path.is_file() or path.stat().st_size != report["tables"][str(self.year)][name]["bytes"]:
            raise StclustersError(
                f"The table {name} of delivery {key}, year {self.year}, is damaged or missing.",
                "Read the delivery again.",
                str(path),
            )
        return read_table(path)

    def _staying(self, key: str, table: pa.Table, winners: pa.Table, count: bool) -> pa.Table:
        """Rows of documents that came once, or whose copy from here stays."""
        if not winners.num_rows:
            return table
        several = pc.is_in(table["document_no"], value_set=winners["document_no"])
        here = winners.filter(
            pc.and_(
                pc.equal(winners["delivery"], key),
                pc.equal(winners["publication_year"], pa.scalar(self.year, pa.int16())),
            )
        )
        mine = _pairs(here["document_no"], here["file_id"])
        stays = ~several.to_numpy().astype(bool) | np.isin(
            _pairs(table["document_no"], table["file_id"]), mine
        )
        if count:
            self.dropped += int((~stays).sum())
        return table.filter(pa.array(stays))


def _pairs(first: Any, second: Any) -> npt.NDArray[np.void]:
    """Two columns of int64 as one array that can be looked up in."""
    both = np.ascontiguousarray(np.stack((ints(first), ints(second)), axis=1))
    return both.view(np.dtype((np.void, 16))).ravel()


def _as_contract(name: str, table: pa.Table) -> pa.Table:
    return table.select(contracts.contract(name).schema.names)


def _addresses(tables: dict[str, pa.Table]) -> pa.Table:
    """Distinct addresses that a listing, organisation or applicant of the year uses, with their listings."""
    rows = tables["addresses"].drop_columns(["listings"])
    counted = (
        tables["listings"]
        .filter(tables["listings"]["address_id"].is_valid())
        .group_by("address_id")
        .aggregate([([], "count_all")])
    )
    used = pa.concat_arrays(
        [tables[name]["address_id"].combine_chunks() for name in ("listings", "organisations", "applicants")]
    ).drop_null()
    rows = rows.filter(pc.is_in(rows["address_id"], value_set=used.unique()))
    distinct = rows.group_by(rows.column_names).aggregate([])
    if pc.count_distinct(distinct["address_id"]).as_py() != distinct.num_rows:
        raise ContractBroken(
            "Two different addresses have the same number.", "Report it: the hash must be made longer."
        )
    joined = distinct.join(counted, "address_id", join_type="left outer")
    listings = pc.fill_null(joined["count_all"], 0)
    return joined.drop_columns(["count_all"]).append_column("listings", listings)
