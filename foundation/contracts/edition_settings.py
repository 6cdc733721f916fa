"""The table edition_settings: the resolved settings of an edition as one row, which is how they reach SQL."""

import csv
import json
from pathlib import Path

import pyarrow as pa

from foundation.atomic import write_text
from foundation.contracts.base import Column, Contract
from foundation.home import Home
from foundation.measure import StageReport, Stopwatch
from foundation.parquet import write_table
from foundation.settings import Settings

#: precisions from the coarsest that can be a point to the finest (METHODOLOGY 5)
POINT_PRECISIONS = ("locality", "organisation", "postcode", "street")

CONTRACT = Contract(
    name="edition_settings",
    grain="The resolved settings of an edition: one row.",
    partition="edition",
    columns=(
        Column("edition", pa.string(), "Edition"),
        Column("title", pa.string(), "Title"),
        Column("settings_hash", pa.string(), "First 12 digits of the hash over all resolved settings"),
        Column("simulated", pa.bool_(), "Everything derived is simulated"),
        Column("previous_edition", pa.string(), "Edition that ranks are compared with", nullable=True),
        Column("pct_years", pa.list_(pa.int16()), "Publication years of applications"),
        Column("sci_years", pa.list_(pa.int16()), "Publication years of articles"),
        Column("indicators", pa.list_(pa.string()), "Kinds that are summed"),
        Column("sci_indexes", pa.list_(pa.string()), "Indexes, narrower than the reader's", nullable=True),
        Column("sci_doc_types", pa.list_(pa.string()), "Types, narrower than the reader's", nullable=True),
        Column("fraction_split", pa.string(), "METHODOLOGY 4", allowed=("listing", "person")),
        Column("counting", pa.string(), "METHODOLOGY 4", allowed=("fractional", "full")),
        Column("world_total", pa.string(), "METHODOLOGY 12", allowed=("documents", "located", "given")),
        Column("world_total_pct", pa.float64(), "Given world total", nullable=True),
        Column("world_total_sci", pa.float64(), "Given world total", nullable=True),
        Column("point_precisions", pa.list_(pa.string()), "Precisions that are points"),
        Column("point_weighting", pa.string(), "METHODOLOGY 6", allowed=("listings", "balanced")),
        Column("balance_scale", pa.int64(), "METHODOLOGY 6"),
        Column("eps_km", pa.float64(), "METHODOLOGY 7", unit="km"),
        Column("min_samples", pa.int64(), "METHODOLOGY 7"),
        Column("ranked_size", pa.int32(), "Clusters shown as ranked"),
        Column("lineage_min_share", pa.float64(), "METHODOLOGY 13"),
        Column(
            "growth_basis",
            pa.string(),
            "Windows of two editions, or a year against the year before, METHODOLOGY 14",
            allowed=("window", "last_year"),
        ),
        Column(
            "growth_measure",
            pa.string(),
            "Both outputs by the world totals before, or each by its own, METHODOLOGY 14",
            allowed=("volume_index", "share"),
        ),
        Column(
            "growth_area",
            pa.string(),
            "Area of the output before: the predecessor's, or the present one, METHODOLOGY 14",
            allowed=("own", "present"),
        ),
        Column(
            "growth_min_output",
            pa.float64(),
            "Smallest output before with growth, METHODOLOGY 14",
            unit="percentage points",
        ),
        Column("intensity_scope", pa.string(), "METHODOLOGY 15", allowed=("ranked", "all")),
        Column("field_split", pa.string(), "METHODOLOGY 16", allowed=("equal_fields", "by_symbol", "full")),
        Column("ipc_extra", pa.list_(pa.string()), "IPC patterns that the user added (reader.ipc_extra)"),
        Column("rta_min_cluster", pa.float64(), "METHODOLOGY 16"),
        Column("rta_min_expected", pa.float64(), "METHODOLOGY 16"),
        Column("half_share", pa.float64(), "METHODOLOGY 16"),
        Column("income_group_year", pa.string(), "METHODOLOGY 19", allowed=("fy24", "fy25")),
        Column("map_round_decimals", pa.int32(), "METHODOLOGY 18"),
        Column("map_min_records", pa.int32(), "METHODOLOGY 18"),
    ),
    key=("edition",),
)


def edition_row(settings: Settings, edition: str, ipc_extra: list[str] | None = None) -> pa.Table:
    """The one row of an edition, by the contract; raises BadSettings for an unknown edition.

    `ipc_extra` holds the patterns of the user's second concordance, as `H10K` or `G01N 33`.
    """
    chosen = settings.edition(edition)
    totals = chosen.world_totals or {}
    finest_from = POINT_PRECISIONS.index(chosen.point_precision_min)
    row = {
        **chosen.model_dump(),
        "edition": edition,
        "settings_hash": settings.hash(edition),
        "world_total_pct": totals.get("pct"),
        "world_total_sci": totals.get("sci"),
        "ipc_extra": ipc_extra or [],
        "point_precisions": list(POINT_PRECISIONS[finest_from:]),
    }
    columns = {name: [row[name]] for name in CONTRACT.schema.names}
    return CONTRACT.conform(pa.table(columns, schema=CONTRACT.schema))


def made_with(home: Home, edition: str) -> str:
    """Hash of the settings that the edition's tables were last made with; empty when there are none."""
    from foundation.parquet import read_table

    table = home.table(edition, "edition_settings")
    if not table.is_file():
        return ""
    found: list[str] = read_table(table, ["settings_hash"])["settings_hash"].to_pylist()
    return found[0] if found else ""


def write_edition_settings(home: Home, settings: Settings, edition: str) -> StageReport:
    """The edition's row in its warehouse, and the same settings as `settings.json` for people.

    The table's version in the report is the settings' hash: an edition is stale when its settings changed.
    """
    watch = Stopwatch("edition_settings", edition)
    extra = settings.reader.ipc_extra
    patterns = _patterns(home.inside(extra)) if extra else []
    rows = write_table(edition_row(settings, edition, patterns), home.table(edition, CONTRACT.name))
    resolved = {**settings.resolved(edition), "settings_hash": settings.hash(edition)}
    text = json.dumps(resolved, indent=2, sort_keys=True, ensure_ascii=False)
    write_text(home.settings_json(edition), text + "\n")
    return watch.report(rows, versions={CONTRACT.name: settings.hash(edition)})


def _patterns(file: Path) -> list[str]:
    """Patterns of a concordance that the readers took already: they refuse a row that is none."""
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return sorted({" ".join(row["ipc_pattern"].upper().split()) for row in csv.DictReader(handle)})
