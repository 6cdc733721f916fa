"""One computed state of an edition, gathered for readers: marts and hand-over tables with their metadata.

A build is named by a hash over settings, table hashes and code, so that equal inputs give an equal folder and an
unchanged one is not written again. Exact points stay in the warehouse: a release holds rounded ones (METHODOLOGY 18).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.atomic import new_folder, write_text
from foundation.parquet import file_hash, read_table, write_table
from publishing import credits, dictionary
from publishing.folder import SUMS, checksums, is_whole
from publishing.points import cities, land_cells, rounded_points

if TYPE_CHECKING:
    import pyarrow as pa

DEFAULT_TITLE = "Science and Technology Clusters"
REQUIRED = (
    "ranking",
    "cluster_years",
    "cluster_fields",
    "economies",
    "point_classes",
    "reconciliation",
    "geocoding_quality",
    "neighbour_pairs",
    "clusters",
    "outlines",
    "world_totals",
    "cluster_ranks",
    "edition_settings",
)
OPTIONAL = ("cluster_counts", "lineage")
#: read for a release, but published in another form: rounded to `points`
EXACT = ("point_classes",)
_CODE = (".py", ".html", ".css", ".js", ".csv", ".json", ".ts", ".po", ".typ")
_NOT_CODE = ("node_modules", "__pycache__")


@dataclass(frozen=True)
class Sources:
    """What a release is made of: the edition's tables by name, the gazetteer (or nothing), the economies' seed."""

    tables: Mapping[str, Path]
    places: Path | None
    economies: Path


def code_version() -> str:
    """Version of the package, and eight digits of a hash over this room's code, templates, tables and built files."""
    root = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for path in _code(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    try:
        packaged = version("stclusters")
    except PackageNotFoundError:
        packaged = "0"
    return f"{packaged}+{digest.hexdigest()[:8]}"


def _code(root: Path) -> list[Path]:
    """Our files below `root` that decide what pages look like, with what set-up built, sorted."""
    found = []
    for folder, inner, files in os.walk(root):
        inner[:] = [name for name in inner if name not in _NOT_CODE]
        found += [Path(folder) / name for name in files if name.endswith(_CODE)]
    return sorted(found)


def describe(sources: Sources, settings: dict[str, Any], settings_hash: str) -> dict[str, Any]:
    """What a build is: edition, settings, hashes of all tables, code; `build` is the hash over the rest."""
    hashes = {name: file_hash(path) for name, path in sorted(sources.tables.items())}
    if sources.places is not None:
        hashes["places"] = file_hash(sources.places)
    hashes["economies_seed"] = file_hash(sources.economies)
    edition = settings["settings"]
    build: dict[str, Any] = {
        "edition": settings["edition"],
        "title": edition["title"] or DEFAULT_TITLE,
        "simulated": edition["simulated"],
        "settings_hash": settings_hash,
        "code_version": code_version(),
        "table_hashes": hashes,
    }
    text = json.dumps(build, sort_keys=True, ensure_ascii=False)
    return {**build, "build": hashlib.sha256(text.encode()).hexdigest()[:12]}


def footer(build: Mapping[str, Any], settings: dict[str, Any], table: str) -> dict[str, str]:
    """Metadata of every file: what it is, whether it is simulated, from which build, whose it is, how to cite it."""
    named = {key: build[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}
    return {
        "table": table,
        "grain": dictionary.grain(table),
        "title": build["title"],
        "edition": build["edition"],
        "simulated": "true" if build["simulated"] else "false",
        "settings_hash": build["settings_hash"],
        "build": build["build"],
        "vintage": credits.vintage(settings),
        "credits": credits.as_text(settings),
        "cite": credits.citation(**named),
    }


def write(folder: Path, sources: Sources, settings: dict[str, Any], build: dict[str, Any]) -> bool:
    """Whether `folder` had to be written: a whole release is left as it is.

    Raises
    ------
    MissingData
        A table is not there.
    """
    if is_whole(folder):
        return False
    with new_folder(folder) as part:
        counts = _write_tables(part, sources, settings, build)
        write_text(part / "settings.json", _json(settings))
        write_text(part / "build.json", _json({**build, **counts}))
        write_text(part / SUMS, checksums(part))
    return True


def _write_tables(
    folder: Path, sources: Sources, settings: dict[str, Any], build: dict[str, Any]
) -> dict[str, Any]:
    rows: dict[str, int] = {}

    def put(name: str, table: pa.Table) -> None:
        rows[name] = write_table(table, folder / f"{name}.parquet", footer(build, settings, name))

    edition = settings["settings"]
    for name in sorted(set(sources.tables) - set(EXACT)):
        put(name, read_table(sources.tables[name]))
    shown, points = rounded_points(
        read_table(sources.tables["point_classes"]),
        edition["map_round_decimals"],
        edition["map_min_records"],
    )
    put("points", shown)
    put("economy_names", _economy_names(sources.economies))
    if sources.places is not None:
        put("land", land_cells(read_table(sources.places, ["latitude", "longitude"])))
        put(
            "cities",
            cities(read_table(sources.places, ["name", "country", "latitude", "longitude", "population"])),
        )
    return {"rows": dict(sorted(rows.items())), "points": points}


def _economy_names(seed: Path) -> pa.Table:
    import csv

    import pyarrow as pa

    with seed.open(encoding="utf-8", newline="") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["iso2"])
    columns = {"economy": "iso2", "wipo_name": "wipo_name", "gii_region": "gii_region"}
    return pa.table(
        {name: pa.array([row[key] for row in rows], pa.string()) for name, key in columns.items()}
    )


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
