"""Arrow columns as arrays, files of spellings, and the marks that files carry. No rule of the method belongs here."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering.cities import Cities
from clustering.economies import wipo_names
from clustering.neighbours import Pair
from foundation.errors import BadInput
from foundation.home import seed_file

if TYPE_CHECKING:
    import pyarrow as pa

BUILT_IN_FORMS = Path(__file__).parent / "data" / "name_forms.csv"


@dataclass(frozen=True)
class Override:
    """A whole cluster's printed name and, where given, its economies."""

    name: str
    economies: list[str]


def column(table: pa.Table, name: str) -> Any:
    """A column as a writable, contiguous array; empty cells are NaN."""
    return np.array(table[name].combine_chunks().to_numpy(zero_copy_only=False))


def words(table: pa.Table, name: str) -> list[str]:
    """A column of text as a list."""
    found: list[str] = table[name].to_pylist()
    return found


def cities(places: pa.Table) -> Cities:
    """The gazetteer's cities: places with a GeoNames id; postal areas and organisations have negative ones."""
    import pyarrow.compute as pc

    chosen = places.filter(pc.greater(places["place_id"], 0)).sort_by("place_id")
    return Cities(
        column(chosen, "place_id"),
        words(chosen, "name"),
        words(chosen, "region"),
        words(chosen, "country"),
        column(chosen, "latitude"),
        column(chosen, "longitude"),
        column(chosen, "population"),
        words(chosen, "region_name"),
    )


def read_forms(path: Path) -> dict[int, str]:
    """Printed form of a city by place id, from a CSV file with columns `place_id` and `form`; an id stands once."""
    forms: dict[int, str] = {}
    for line, row in _rows(path, ("place_id", "form")):
        if not row["place_id"].strip().lstrip("-").isdigit():
            raise BadInput(
                f"Line {line} names no place id ('{row['place_id']}').", "Give a number.", str(path)
            )
        place_id = int(row["place_id"])
        _demand_new(place_id, forms, line, path)
        forms[place_id] = row["form"].strip()
    return forms


def read_overrides(path: Path) -> dict[str, Override]:
    """Printed names of whole clusters by cluster id, from a CSV file with `cluster_id`, `name` and maybe `economies`.

    Economies are ISO codes of the seed `economies` joined by `/`; an empty cell leaves them as they are.

    Raises
    ------
    BadInput
        An id stands twice, or an economy is unknown or stands twice in a cell; the message names the line.
    """
    overrides: dict[str, Override] = {}
    economies = wipo_names(seed_file("economies"))
    for line, row in _rows(path, ("cluster_id", "name")):
        cluster_id, cell = row["cluster_id"].strip(), (row.get("economies") or "").strip()
        _demand_new(cluster_id, overrides, line, path)
        codes = [code.strip() for code in cell.split("/")] if cell else []
        wrong = [code for code in codes if code not in economies or codes.count(code) > 1]
        if wrong:
            raise BadInput(
                f"Line {line} names the economy '{wrong[0]}', which is unknown or stands there twice.",
                "Give ISO 3166 codes of two letters joined by '/', such as SG/MY.",
                str(path),
            )
        overrides[cluster_id] = Override(row["name"].strip(), codes)
    return overrides


def unused(overrides: Collection[str], cluster_ids: Collection[str]) -> tuple[str, ...]:
    """A warning of overrides that name no cluster: no error, for ids change between editions that share a file."""
    ids = sorted(set(overrides) - set(cluster_ids))
    listed = ", ".join(ids[:10]) + (", …" if len(ids) > 10 else "")
    return (f"{len(ids)} id(s) of name_overrides are no cluster of this edition: {listed}.",) if ids else ()


def _demand_new(key: Any, before: Collection[Any], line: int, path: Path) -> None:
    if key in before:
        raise BadInput(f"Line {line} names '{key}' a second time.", "Leave one of the lines.", str(path))


def read_pairs(pairs: Path, cities: Path) -> list[Pair]:
    """WIPO's pairs of cities, joined or apart, with the coordinates of both."""
    names = ("city", "cluster", "latitude", "longitude")
    at = {
        (row["city"], row["cluster"]): (float(row["latitude"]), float(row["longitude"]))
        for _, row in _rows(cities, names)
    }
    needed = ("published", "city_a", "city_b", "km_between_centres", "cluster_a", "cluster_b")
    return [
        Pair(
            row["published"],
            row["city_a"],
            row["city_b"],
            float(row["km_between_centres"]),
            at[row["city_a"], row["cluster_a"]],
            at[row["city_b"], row["cluster_b"]],
        )
        for _, row in _rows(pairs, needed)
    ]


def _rows(path: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            rows = [] if missing else [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(
            f"A file of names cannot be read: {fault}.", "Give a CSV file in UTF-8.", str(path)
        ) from None
    if missing:
        raise BadInput(f"A file of names lacks the columns {missing}.", f"Needed: {list(needed)}.", str(path))
    for line, row in rows:
        if any(not (row[name] or "").strip() for name in needed):
            raise BadInput(
                f"Line {line} of a file of names has an empty cell.", f"Fill {list(needed)}.", str(path)
            )
    return rows


def marks(edition: str, simulated: bool) -> dict[str, str]:
    """What every file of an edition says about itself."""
    return {"edition": edition, "simulated": "true" if simulated else "false"}


def geo_marks(geometries: list[Any]) -> dict[str, str]:
    """GeoParquet 1.1 metadata of a column `geometry` in OGC:CRS84, the format's default projection."""
    described: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({one.geom_type for one in geometries}),
    }
    if geometries:
        bounds = np.array([one.bounds for one in geometries])
        described["bbox"] = [*bounds[:, :2].min(axis=0).tolist(), *bounds[:, 2:].max(axis=0).tolist()]
    return {
        "geo": json.dumps(
            {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": described}}
        )
    }
