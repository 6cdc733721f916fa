"""Reading without a home: raw files to Arrow record batches, or to the canonical tables in a folder.

`from extracts import read_sci, read_pct` and `stclusters read` come here. No person's name is in what they give.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from extracts.delivery import report_of
from extracts.tables import TABLES, Reading
from extracts.verdict import few_addresses
from foundation import contracts
from foundation.home import Home, seed_file
from foundation.parquet import read_table, write_table
from foundation.settings import Edition, Reader, Settings

Emit = Callable[[str], None] | None
#: columns of a listing as `read_sci` and `read_pct` give it, in this order
LISTING = pa.schema(
    [
        ("document_id", pa.string()), ("publication_year", pa.int16()), ("publication_date", pa.date32()),
        ("doc_type", pa.string()), ("index", pa.string()), ("person_no", pa.int32()), ("address_no", pa.int32()),
        ("linked", pa.bool_()), ("why_unlocated", pa.string()), ("address", pa.string()), ("country", pa.string()),
        ("organisation", pa.string()), ("city", pa.string()), ("region", pa.string()), ("postcode", pa.string()),
        ("ror", pa.string()), ("latitude", pa.float64()), ("longitude", pa.float64()),
    ]
)  # fmt: skip
_FROM = {"doc_type": "document_type", "index": "index_name", "address": "text"}


def read_sci(path: str | os.PathLike[str], reader: Reader | None = None) -> Iterator[pa.RecordBatch]:
    """Listings of the articles in a file or folder, file by file, as batches of LISTING.

    Parameters
    ----------
    path : path
        A raw file or a folder of them, in any format that is read for articles.
    reader : Reader or None
        What counts (METHODOLOGY 2 and 3); None means the defaults.

    Raises
    ------
    BadInput
        There is nothing that can be read.

    Notes
    -----
    Copies of a record inside a file are dropped; those in other files are not, which `stclusters read` does.
    """
    from extracts.article_rules import Rules
    from extracts.intake import read_articles

    rules = Rules(reader or Reader())
    for payload in _known(Path(path), "sci"):
        yield from _listings(read_articles(payload, rules))


def read_pct(path: str | os.PathLike[str], reader: Reader | None = None) -> Iterator[pa.RecordBatch]:
    """Listings of the PCT applications in a file or folder, format by format, as batches of LISTING.

    Parameters and errors are those of `read_sci`; the files of one format are joined.
    """
    from extracts.applications import Workbench, applications

    known = _known(Path(path), "pct")
    with tempfile.TemporaryDirectory(prefix="stclusters-") as scratch:
        bench = Workbench(4.0, 1, Path(scratch), (seed_file("ipc_technology"),))
        for name in sorted({payload.format for payload in known}):
            members = [payload for payload in known if payload.format == name]
            yield from _listings(applications(members, reader or Reader(), bench))


def _known(path: Path, kind: str) -> list[Any]:
    from extracts.detect import known_of, payloads

    return known_of(payloads(path), kind, path)


def _listings(reading: Reading) -> Iterator[pa.RecordBatch]:
    """One row per listing of a reading, with its document's and its address's columns."""
    listings, documents, addresses = (reading.tables[name] for name in ("listings", "documents", "addresses"))
    documents = documents.drop_columns(["file_no", "position", "kind"])
    addresses = addresses.drop_columns(["file_no", "publication_year", "listings"])
    addresses = addresses.group_by(addresses.column_names).aggregate([])
    joined = (
        listings.select(
            ["document_no", "listing_no", "person_no", "address_no", "address_id", "linked", "why_unlocated"]
        )
        .join(documents, "document_no")
        .join(addresses, "address_id", join_type="left outer")
        .sort_by([("document_id", "ascending"), ("listing_no", "ascending")])
    )
    columns = [joined[_FROM.get(name, name)].cast(LISTING.field(name).type) for name in LISTING.names]
    yield from pa.Table.from_arrays(columns, schema=LISTING).combine_chunks().to_batches(50_000)


@dataclass(frozen=True)
class Written:
    """What `write_tables` did: the report's counts and warnings, the rows of the table `files`, the checks that fail."""

    counts: dict[str, Any]
    warnings: list[str]
    files: list[dict[str, Any]]
    failed: list[str]

    def total(self) -> dict[str, int]:
        """records = kept + filtered + duplicates + rejected, and the listings of what is kept."""
        names = ("records", "kept", "filtered", "duplicates", "rejected", "listings")
        return {name: int(self.counts[name]) for name in names}


def write_tables(path: Path, kind: str, out: Path, reader: Reader, emit: Emit = None) -> Written:
    """The canonical tables of a file or folder as Parquet in `out`, one file per table, copies between files dropped.

    Raises
    ------
    BadInput
        There is nothing that can be read, or the reader settings do not say what to do; nothing was written.
    """
    from extracts import stage

    _known(path, kind)  # what is refused is refused by its own name, before anything is written
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".reading-", dir=out) as scratch:
        home, settings = Home(Path(scratch)), _lenient(reader)
        key = stage.register_delivery(home, kind, _as_folder(path, Path(scratch)), "files")
        stage.read_delivery(home, settings, key, emit)
        stage.completeness(home, settings)
        report = report_of(home, key)
        assert report is not None
        return _write(home, key, report, out, reader)


def _as_folder(path: Path, scratch: Path) -> Path:
    """The folder to read: `path`, or one that holds the file `path` alone."""
    if not path.is_file():
        return path
    folder = scratch / "alone"
    folder.mkdir()
    try:
        os.link(path, folder / path.name)
    except OSError:
        shutil.copyfile(path, folder / path.name)
    return folder


def _lenient(reader: Reader) -> Settings:
    """The reader's rules without its limits, which are looked at after the tables are written."""
    lenient = reader.model_copy(
        update={"reject_share_max": 1.0, "dangling_share_max": 1.0, "address_share_min": 0.0}
    )
    return Settings(editions={"any": Edition(pct_years=[2020], sci_years=[2020])}, reader=lenient)


def _write(home: Home, key: str, report: dict[str, Any], out: Path, reader: Reader) -> Written:
    from extracts.merge import YearMerge

    parts: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
    replaced = 0
    for year in sorted(int(year) for year in report["tables"]):
        merge = YearMerge(home, year)
        for name, table in merge.tables().items():
            parts[name].append(table)
        replaced += merge.dropped
    for name, tables in parts.items():
        whole = pa.concat_tables(tables) if tables else contracts.contract(name).empty()
        if name == "addresses" and tables:
            whole = whole.group_by(whole.drop_columns(["listings"]).column_names).aggregate(
                [("listings", "sum")]
            )
            whole = whole.rename_columns([one.removesuffix("_sum") for one in whole.column_names])
        write_table(contracts.contract(name).conform(whole), out / f"{name}.parquet")
    for name in ("files", "filtered", "rejects"):
        write_table(read_table(home.delivery_report(key, name)), out / f"{name}.parquet")
    counts = dict(report["counts"])
    counts["filtered_by"], counts["filtered"] = counts["filtered"], sum(counts["filtered"].values())
    counts["duplicates"] += replaced
    counts["kept"] -= replaced
    counts["listings"] = pc.sum(pa.array([table.num_rows for table in parts["listings"]] or [0])).as_py()
    files = read_table(home.delivery_report(key, "files")).to_pylist()
    return Written(counts, list(report["warnings"]), files, _failed(counts, reader))


def _failed(counts: dict[str, Any], reader: Reader) -> list[str]:
    found = []
    if counts["rejected"] > reader.reject_share_max * counts["records"]:
        found.append(
            f"{counts['rejected']:,} of {counts['records']:,} records could not be read, more than"
            f" reader.reject_share_max ({reader.reject_share_max:g}) allows."
        )
    rows, dangling = counts.get("person_rows", 0), counts.get("person_rows_dangling", 0)
    if dangling > reader.dangling_share_max * rows:
        found.append(f"{dangling:,} of {rows:,} rows of tls207 point to persons that are not there.")
    few = few_addresses(counts, reader)
    return [*found, few] if few else found
