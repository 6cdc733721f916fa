"""A delivery's tables: written by table and publication year, whole or not at all, with a report of what they hold.

All tables of a delivery are written beside the lake and take the old ones' place together. The report
(`report.json`) says which raw files they come from, so that an unchanged delivery is not read again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.detect import UNKNOWN, Payload
from extracts.tables import TABLES, Reading, ints, ranges
from foundation import contracts
from foundation.atomic import put_folder
from foundation.contracts import Column, Contract
from foundation.home import Home
from foundation.parquet import to_bytes


@dataclass(frozen=True)
class Unit:
    """Payloads that were read together, and what came out; `file_ids` in their order."""

    payloads: list[Payload]
    file_ids: list[int]
    reading: Reading


def report_of(home: Home, delivery: str) -> dict[str, Any] | None:
    """The delivery's report; None when it was never read, or not to the end."""
    path = home.delivery_report(delivery, "report")
    if not path.is_file():
        return None
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def is_whole(home: Home, delivery: str, report: dict[str, Any]) -> bool:
    """Whether every table that the report names is there, in its size."""
    for year, tables in report["tables"].items():
        for name, entry in tables.items():
            path = home.delivery_table(delivery, name, int(year))
            if not path.is_file() or path.stat().st_size != entry["bytes"]:
                return False
    return all(home.delivery_report(delivery, name).is_file() for name in ("files", "filtered", "rejects"))


def delivery_contract(name: str) -> Contract:
    """The contract of a lake table as it stands in a delivery: with the file of each row, and its year for the split."""
    contract = contracts.contract(name)
    columns = list(contract.columns)
    have = {column.name for column in columns}
    added = (
        Column("file_id", pa.int64(), "File that the row comes from"),
        Column("publication_year", pa.int16(), "Year that counts"),
    )
    columns += [column for column in added if column.name not in have]
    key = ("publication_year", *contract.key, "file_id")
    return replace(contract, columns=tuple(columns), key=key)


def _rows(name: str, delivery: str, units: list[Unit]) -> pa.Table:
    """All rows of a table, with file ids in place of file numbers."""
    contract = delivery_contract(name)
    constant = {
        "delivery": delivery,
        "kind": delivery.split(".", 1)[0],
    }  # of all rows: put in when they are sorted
    parts = []
    for unit in units:
        table = unit.reading.tables[name]
        file_ids = np.array(unit.file_ids, np.int64)[ints(table["file_no"])]
        table = table.append_column("file_id", pa.array(file_ids))
        parts.append(table.select([one for one in contract.schema.names if one not in constant]))
    whole = _by_document(pa.concat_tables(parts))
    for column in constant.keys() & set(contract.schema.names):
        whole = whole.append_column(column, pa.repeat(constant[column], whole.num_rows))
    return contract.conform(whole)


def _by_document(table: pa.Table) -> pa.Table:
    """The rows by year, document and file. Those of a document stand together, in their order, as they are read.

    So only documents need sorting: a third of the time that sorting rows takes, and mostly in the contract's order.
    """
    keys = [name for name in ("file_id", "document_no", "publication_year") if name in table.column_names]
    if len(keys) < 3 or table.num_rows < 2:
        return table
    columns = [ints(table[name]) for name in keys]
    new = np.ones(table.num_rows, bool)
    new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    first = np.flatnonzero(new)
    order = np.lexsort([column[first] for column in columns])
    counts = np.diff(np.append(first, table.num_rows))
    return table.combine_chunks().take(pa.array(ranges(first[order], counts[order])))


def _split(table: pa.Table) -> list[tuple[int, pa.Table]]:
    """(year, rows) of a table sorted by year."""
    if not table.num_rows:
        return []
    years, starts = np.unique(ints(table["publication_year"]), return_index=True)
    ends = [*starts[1:], table.num_rows]
    return [
        (int(year), table.slice(start, end - start))
        for year, start, end in zip(years, starts, ends, strict=True)
    ]


def _write_table(home: Home, delivery: str, name: str, units: list[Unit]) -> list[tuple[int, dict[str, Any]]]:
    """(year, size, hash and rows) of each file of a table written."""
    keeps_year = "publication_year" in contracts.contract(name).schema.names
    written = []
    for year, rows in _split(_rows(name, delivery, units)):
        kept = rows if keeps_year else rows.drop_columns(["publication_year"])
        content = to_bytes(kept, light=True)  # read again by the merge alone
        path = home.delivery_table(delivery, name, year)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        entry = {
            "bytes": len(content),
            "hash": hashlib.sha256(content).hexdigest()[:16],
            "rows": rows.num_rows,
        }
        written.append((year, entry))
    return written


def _write_tables(
    home: Home, delivery: str, units: list[Unit], threads: int
) -> dict[str, dict[str, dict[str, Any]]]:
    """Size, hash and rows of each table written, by year and table."""
    with ThreadPoolExecutor(threads) as pool:  # sorting and packing leave Python to other threads
        made = list(pool.map(lambda name: _write_table(home, delivery, name, units), TABLES))
    years = sorted({year for entries in made for year, _ in entries})
    written: dict[str, dict[str, dict[str, Any]]] = {str(year): {} for year in years}
    for name, entries in zip(TABLES, made, strict=True):
        for year, entry in entries:
            written[str(year)][name] = entry
    return written


def _file_rows(
    delivery: str, found: list[Payload], units: list[Unit], versions: dict[str, str], settings_hash: str
) -> list[dict[str, Any]]:
    counted = {
        file_id: counts
        for unit in units
        for file_id, counts in zip(unit.file_ids, unit.reading.files, strict=True)
    }
    read = set(counted)
    rows = []
    for file_id, payload in enumerate(found, 1):
        counts = counted.get(file_id)
        rows.append(
            {
                "delivery": delivery,
                "file_id": file_id,
                "path": payload.path,
                "bytes": payload.bytes,
                "sha256": payload.sha256,
                "format": payload.format if file_id in read else UNKNOWN,
                "reader_version": versions.get(payload.format, ""),
                "settings_hash": settings_hash,
                "records": counts.records if counts else 0,
                "kept": counts.kept if counts else 0,
                "filtered": sum(counts.filtered.values()) if counts else 0,
                "duplicates": counts.duplicates if counts else 0,
                "rejected": counts.rejected if counts else 0,
                "listings": counts.listings if counts else 0,
                "seconds": counts.seconds if counts else 0.0,
            }
        )
    return rows


def _write_beside(home: Home, delivery: str, units: list[Unit], files: list[dict[str, Any]]) -> None:
    """The tables without a year: files, filtered, rejects."""
    filtered, rejected = [], []
    for unit in units:
        for file_id, counts in zip(unit.file_ids, unit.reading.files, strict=True):
            filtered += [
                {"delivery": delivery, "file_id": file_id, "reason": reason, "records": records}
                for reason, records in sorted(counts.filtered.items())
            ]
        rejected += [
            {**row, "delivery": delivery, "file_id": unit.file_ids[row.pop("file_no")]}
            for row in unit.reading.rejects.drop_columns(["whole"]).to_pylist()
        ]
    deleted = [
        (number, file_id)
        for unit in units
        for file_id in unit.file_ids[:1]
        for number in unit.reading.deleted.tolist()
    ]
    if deleted:
        numbers, file_ids = (pa.array(values, pa.int64()) for values in zip(*deleted, strict=True))
        table = pa.table({"document_no": numbers, "file_id": file_ids})
        path = home.delivery_report(delivery, "deleted")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_bytes(table))
    for name, rows in (("files", files), ("filtered", filtered), ("rejects", rejected)):
        schema = contracts.contract(name).schema
        contracts.write(name, pa.Table.from_pylist(rows, schema=schema), home.delivery_report(delivery, name))


def write_delivery(
    home: Home,
    delivery: str,
    found: list[Payload],
    units: list[Unit],
    versions: dict[str, str],
    report: dict[str, Any],
    threads: int = 1,
) -> dict[str, Any]:
    """The delivery's tables in place of its old ones, so many at once; returns the report with their hashes.

    A fault or an interruption before the last step leaves the old tables as they were.
    """
    staging = home.delivery_staging(delivery)
    shutil.rmtree(staging.root, ignore_errors=True)
    try:
        tables = _write_tables(staging, delivery, units, threads)
        files = _file_rows(delivery, found, units, versions, report["settings_hash"])
        _write_beside(staging, delivery, units, files)
        report = {**report, "tables": tables, "versions": year_versions(tables), "deleted": _deleted(units)}
        text = json.dumps(report, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        staging.delivery_report(delivery, "report").write_text(text, encoding="utf-8")
        put_folder(staging.delivery(delivery), home.delivery(delivery))
    finally:
        shutil.rmtree(staging.root, ignore_errors=True)
    return report


def _deleted(units: list[Unit]) -> str:
    """A hash of the documents that the delivery withdraws; empty when it withdraws none."""
    numbers = [
        [unit.file_ids[0], unit.reading.deleted.tolist()] for unit in units if len(unit.reading.deleted)
    ]
    return hashlib.sha256(json.dumps(numbers).encode()).hexdigest()[:16] if numbers else ""


def year_versions(tables: dict[str, dict[str, dict[str, Any]]]) -> dict[str, str]:
    """One hash per year over the hashes of its tables."""
    found = {}
    for year, entries in tables.items():
        text = json.dumps({name: entry["hash"] for name, entry in sorted(entries.items())})
        found[year] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return found


def totals(units: list[Unit]) -> dict[str, Any]:
    """Records, kept, filtered by reason, duplicates inside files, rejected, listings, addresses with and without a country,
    the last publication, and the readings' own counts."""
    filtered: Counter[str] = Counter()
    sums: Counter[str] = Counter()
    own: Counter[str] = Counter()
    for unit in units:
        own.update(unit.reading.counts)
        for counts in unit.reading.files:
            filtered.update(counts.filtered)
            for name in ("records", "kept", "duplicates", "rejected", "listings"):
                sums[name] += getattr(counts, name)
    ordered = {name: sums[name] for name in ("records", "kept", "duplicates", "rejected", "listings")}
    found = {**_addresses(units), **_last_publication(units)}
    return {**ordered, "filtered": dict(sorted(filtered.items())), **dict(sorted(own.items())), **found}


def _addresses(units: list[Unit]) -> dict[str, int]:
    """Distinct addresses whose country is known, and those whose is not."""
    found = {}
    for name, mask in (("addresses_with_country", pc.is_valid), ("addresses_without_country", pc.is_null)):
        tables = (unit.reading.tables["addresses"] for unit in units)
        numbers = [ints(table["address_id"].filter(mask(table["country"]))) for table in tables]
        found[name] = len(np.unique(np.concatenate(numbers))) if numbers else 0
    return found


def _last_publication(units: list[Unit]) -> dict[str, Any]:
    """The latest year of publication, and the latest date where it lies in that year: many documents, as exports of
    articles, give no date, and one of an earlier year would not be the last."""
    tables = [unit.reading.tables["documents"] for unit in units]
    dates, years = (
        [last for table in tables if (last := pc.max(table[name]).as_py()) is not None]
        for name in ("publication_date", "publication_year")
    )
    year = max(years, default=0)
    date = max((one for one in dates if one.year == year), default=None)
    return {
        "last_publication_date": date.isoformat() if date else "",
        "last_publication_year": year,
    }
