"""Clustering of any file of points, without a home or an edition: `stclusters cluster`.

Reads CSV or Parquet with latitude, longitude and maybe a weight; writes a folder with every row and its cluster, a table
of clusters and their outlines. What a cluster is: `dbscan.py` and `merge.py`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clustering.outlines import Outline, outlines
from clustering.point_files import CsvPoints, ParquetPoints, numbers, read_points
from clustering.sphere import Ints, mean_point
from foundation.atomic import new_folder
from foundation.errors import BadInput

FARTHEST_KM = 20_015  # half the circumference
ADDED = ("cluster_no", "dbscan_no", "is_core", "km_to_core")


@dataclass(frozen=True)
class Request:
    """A file to cluster: its columns, the parameters (km, and units of the weight), and the folder to write."""

    file: Path
    out: Path
    eps_km: float = 15.0
    min_samples: int = 4500
    latitude: str = "latitude"
    longitude: str = "longitude"
    weight: str | None = None
    merge_within_km: float = 0.0
    merge_core_km: float | None = None
    outline_ratio: float = 0.3
    threads: int | None = None


def cluster_file(request: Request) -> dict[str, int]:
    """Rows, clusters, core and noise points; the folder `request.out` is written whole or not at all.

    `points` keeps the file's rows, columns, order and format, a CSV's cells to the byte, and gets four columns more; `clusters.csv` has one row a
    cluster (1 = most weight); `outlines.geojson` has their polygons.

    Raises
    ------
    BadInput
        The file, a column, a coordinate, a weight or a parameter cannot be used; the message names the first bad row.
    """
    from clustering.dbscan import checked_points, checked_weights
    from clustering.merge import joins
    from clustering.numbering import cluster_points

    _check(request)
    file = read_points(request.file)
    latitude, longitude, weight = _used(file, request)
    try:
        # in the file's order, so that a message names the file's row
        degrees = checked_points(np.column_stack([latitude, longitude]).astype(np.float64), request.threads)
        latitude, longitude = np.ascontiguousarray(degrees.T)
        weight = checked_weights(weight, len(degrees))
        order = np.lexsort((longitude, latitude))
        found = cluster_points(
            latitude[order],
            longitude[order],
            weight[order],
            weight[order],
            request.eps_km,
            request.min_samples,
            lambda members, clusters, _: joins(
                members, clusters, request.merge_within_km, request.merge_core_km
            ),
            request.threads,
        )
    except ValueError as fault:
        raise BadInput(
            f"The points cannot be clustered: {fault}.",
            "Correct them; rows count from 0, without the header.",
            str(request.file),
        ) from None
    back = np.argsort(order)
    columns = {name: getattr(found, name)[back] for name in ADDED}
    _write(request, file, columns, latitude, longitude, weight)
    return {
        "points": file.rows,
        "clusters": int(columns["cluster_no"].max(initial=0)),
        "core points": int(columns["is_core"].sum()),
        "noise points": int((columns["cluster_no"] < 0).sum()),
    }


def _check(request: Request) -> None:
    """BadInput for a parameter that cannot be used, before the file is read."""
    from clustering.dbscan import EPS_MAX_KM, EPS_MIN_KM, MOST_WEIGHT, checked_number

    limits = (
        ("eps_km", EPS_MIN_KM, EPS_MAX_KM, False),
        ("min_samples", 1, MOST_WEIGHT, True),
        ("merge_within_km", 0, FARTHEST_KM, False),
        ("merge_core_km", EPS_MIN_KM, FARTHEST_KM, False),
        ("outline_ratio", 0, 1, False),
        ("threads", 1, np.inf, True),
    )
    for name, least, most, whole in limits:
        value = getattr(request, name)
        if value is None and name in ("merge_core_km", "threads"):
            continue
        try:
            checked_number(name, value, least, most, whole)
        except ValueError as fault:
            raise BadInput(f"{fault}.", f"Give another --{name.replace('_', '-')}.") from None


def _used(file: ParquetPoints | CsvPoints, request: Request) -> tuple[Any, Any, Any]:
    """Latitude and longitude, float64, and the weight, int64 if every one is a whole number."""
    taken = sorted(set(ADDED) & set(file.names))
    if taken:
        raise BadInput(f"The file has columns {taken} already.", "Leave them out.", str(request.file))
    weight = "weight" if request.weight is None and "weight" in file.names else request.weight
    names = [request.latitude, request.longitude, *([] if weight is None else [weight])]
    for name in names:
        if file.names.count(name) != 1:
            what = f"is no column '{name}'" if name not in file.names else f"are several columns '{name}'"
            todo = f"The file has {', '.join(file.names)}."
            todo += (
                " Separate cells by commas."
                if len(file.names) == 1 and re.search("[;\t|]", file.names[0])
                else ""
            )
            raise BadInput(f"There {what}.", todo, str(request.file))
    found = file.columns(names)
    latitude, longitude = (
        numbers(found[name], name, request.file) for name in (request.latitude, request.longitude)
    )
    if weight is None:
        return latitude, longitude, np.ones(file.rows, np.int64)
    return latitude, longitude, numbers(found[weight], weight, request.file, whole=True)


def _write(
    request: Request,
    file: ParquetPoints | CsvPoints,
    columns: dict[str, Any],
    latitude: Any,
    longitude: Any,
    weight: Ints,
) -> None:
    number = columns["cluster_no"]
    rows = [np.flatnonzero(number == one) for one in range(1, int(number.max(initial=0)) + 1)]
    shapes = outlines(((latitude[one], longitude[one]) for one in rows), ratio=request.outline_ratio)
    facts = [
        _facts(place + 1, one, shape, latitude, longitude, weight)
        for place, (one, shape) in enumerate(zip(rows, shapes, strict=True))
    ]
    with new_folder(request.out) as folder:
        file.write(folder, columns)
        names = ("cluster_no", "points", "weight", "latitude", "longitude", "area_km2")
        lines = [",".join(names), *(",".join(str(fact[name]) for name in names) for fact in facts)]
        (folder / "clusters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "outlines.geojson").write_text(_geojson(facts, shapes), encoding="utf-8")


def _facts(
    number: int, rows: Ints, shape: Outline, latitude: Any, longitude: Any, weight: Ints
) -> dict[str, Any]:
    heavy = weight[rows] if weight[rows].any() else np.ones(len(rows), np.int64)
    middle = mean_point(latitude[rows], longitude[rows], heavy)
    return {
        "cluster_no": number,
        "points": len(rows),
        "weight": int(weight[rows].sum()),
        "latitude": round(middle[0], 6),
        "longitude": round(middle[1], 6),
        "area_km2": round(shape.area_km2, 3),
    }


def _geojson(facts: list[dict[str, Any]], shapes: list[Outline]) -> str:
    import shapely

    features = [
        {
            "type": "Feature",
            "properties": fact,
            "geometry": json.loads(shapely.to_geojson(shape.geometry)),
        }
        for fact, shape in zip(facts, shapes, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}) + "\n"
