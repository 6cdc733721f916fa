"""What orchestration and the command line call: register and read a delivery, find copies, merge a year."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from foundation.errors import disk_error
from foundation.home import Home
from foundation.measure import StageReport, Stopwatch
from foundation.settings import Settings

Emit = Callable[[str], None] | None


@contextmanager
def _on_disk(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise disk_error(fault, doing) from fault


def register_delivery(home: Home, kind: str, folder: Path, name: str | None = None) -> str:
    """Key of the delivery that `folder` becomes by a link in the home, as `pct.patstat`.

    Raises
    ------
    BadInput
        As of `register_deliveries`.
    """
    return register_deliveries(home, [(kind, folder, name)])[0]


def register_deliveries(home: Home, given: Sequence[tuple[str, Path, str | None]]) -> list[str]:
    """Keys of the deliveries that folders (kind, folder, name or None) become by links in the home.

    Raises
    ------
    BadInput
        A folder is missing, empty, unreadable, a file, or holds no file of a format of its kind; or its name is taken by
        another folder. Nothing was written, for none of them.
    """
    from extracts.intake import register

    with _on_disk("registering deliveries"):
        return register(home, given)


def look_at_deliveries(home: Home, still_for: float, now: float) -> tuple[dict[str, str], dict[str, str]]:
    """What lies below `raw/`: a mark of each delivery whose files have not changed for `still_for` seconds before `now`,
    and of everything else why it is not read (the end of a sentence), by delivery or path. Lost folders are in neither.
    """
    from extracts.arrivals import look_around

    return look_around(home, still_for, now)


def mark_of_delivery(home: Home, delivery: str) -> str:
    """The mark of a delivery as `look_at_deliveries` gives it, still or not; empty when it cannot be looked through."""
    from extracts.arrivals import mark_of

    return mark_of(home, delivery)


def read_delivery(home: Home, settings: Settings, delivery: str, emit: Emit = None) -> StageReport:
    """Read a delivery's files into its tables, unless the same files were read by the same rules before.

    `counts`: records, kept, filtered by reason, duplicates (inside files), rejected, listings, addresses with and
    without a country, the last publication, and what the readers count; `versions`: a hash per publication year. METHODOLOGY 2 and 3.

    Raises
    ------
    BadInput
        The files cannot be used, more records than `reject_share_max` cannot be read, more rows than
        `dangling_share_max` point nowhere, fewer listings than `address_share_min` have an address, or the home was
        read by other rules. The old tables stay.
    """
    from extracts.intake import read

    watch = Stopwatch("delivery_tables", delivery)
    with _on_disk(f"reading {delivery}"):
        report, anew = read(home, settings, delivery, emit)
    counts: dict[str, Any] = {**report["counts"], "read_anew": anew}
    rows: dict[str, int] = {}
    years: dict[str, int] = {}
    for year, tables in report["tables"].items():
        years[year] = tables["documents"]["rows"]
        for name, entry in tables.items():
            rows[name] = rows.get(name, 0) + entry["rows"]
    inside = {str(year) for year in settings.partition_years()}
    outside = {year: documents for year, documents in years.items() if year not in inside}
    counts |= {"documents_by_year": years, "documents_outside_partitions": outside, "table_rows": rows}
    return watch.report(counts["records"], counts, tuple(report["warnings"]), dict(report["versions"]))


def read_years(home: Home) -> list[int]:
    """Publication years of which a delivery holds documents, sorted."""
    from extracts.merge import reports

    return sorted({int(year) for report in reports(home).values() for year in report["tables"]})


def intake_versions(home: Home, settings: Settings, years: list[int]) -> dict[int, str]:  # noqa: ARG001
    """A hash of what the deliveries hold of each year, and of the copies in other years that replace some of it."""
    from extracts.merge import intake_versions as versions

    with _on_disk("looking at the deliveries"):
        return versions(home, years)


def completeness(home: Home, settings: Settings) -> StageReport:  # noqa: ARG001
    """Find documents that came more than once, over all deliveries and years, and write which copy stays."""
    from extracts.merge import write_completeness

    watch = Stopwatch("completeness")
    with _on_disk("writing the table of copies"):
        table, version = write_completeness(home)
    duplicates: dict[str, int] = {}
    for kind, copies in zip(table["kind"].to_pylist(), table["copies"].to_pylist(), strict=True):
        duplicates[kind] = duplicates.get(kind, 0) + copies - 1
    counts = {"duplicates": sum(duplicates.values()), "duplicates_by_kind": duplicates}
    return watch.report(table.num_rows, counts, (), {"completeness": version})


def merge_year(home: Home, settings: Settings, year: int) -> StageReport:  # noqa: ARG001
    """Merge all deliveries' rows of a publication year into the lake's eight tables; equal files are not rewritten.

    `versions`: the hash of each table; `counts`: rows of each table, documents replaced by another copy.
    """
    from extracts.merge import YearMerge

    watch = Stopwatch("lake", str(year))
    with _on_disk(f"merging {year}"):
        merge = YearMerge(home, year)
        manifest = merge.unchanged() or merge.write()
    entries = manifest["tables"]
    rows = {name: entry["rows"] for name, entry in entries.items()}
    counts = {"table_rows": rows, "listings": rows["listings"], "replaced": manifest["replaced"]}
    return watch.report(
        rows["documents"], counts, (), {name: entry["hash"] for name, entry in entries.items()}
    )


def year_coverage(home: Home, settings: Settings) -> StageReport:
    """Documents of each prepared year against the years around it, by source and economy; what is unusual as warnings."""
    from extracts.coverage import sentences, write_year_coverage

    watch = Stopwatch("year_coverage")
    with _on_disk("writing the table of years"):
        table, version = write_year_coverage(home, settings.partition_years())
    counts = {"years": len(set(table["publication_year"].to_pylist()))}
    return watch.report(table.num_rows, counts, tuple(sentences(table)), {"year_coverage": version})
