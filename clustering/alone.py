"""Clustering of any file of points, without a home or an edition: `stclusters cluster`.

Reads CSV or Parquet with latitude, longitude and maybe a weight; writes a folder with every row and its cluster, a table
of clusters and their outlines. What a cluster is: `dbscan.py` and `merge.py`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering.outlines import Outline, outlines
from clustering.sphere import Ints, mean_point
from foundation.atomic import new_folder
from foundation.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

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

    `points` keeps the file's rows, columns, order and format and gets four columns more; `clusters.csv` has one row a
    cluster (1 = most weight); `outlines.geojson` has their polygons.

    Raises
    ------
    BadInput
        The file, a column, a coordinate, a weight or a parameter cannot be used; the message names the first bad row.
    """
    from clustering.dbscan import checked_points, checked_weights
    from clustering.merge import joins
    from clustering.numbering import cluster_points

    table = _read(request.file)
    latitude, longitude = _numbers(table, request.latitude), _numbers(table, request.longitude)
    weight = _weights(table, request)
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
            f"The points cannot be clustered: {fault}.", "Correct them.", str(request.file)
        ) from None
    back = np.argsort(order)
    columns = {name: getattr(found, name)[back] for name in ADDED}
    _write(request, table, columns, latitude, longitude, weight)
    return {
        "points": table.num_rows,
        "clusters": int(columns["cluster_no"].max(initial=0)),
        "core points": int(columns["is_core"].sum()),
        "noise points": int((columns["cluster_no"] < 0).sum()),
    }


def _read(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if not path.is_file():
        raise BadInput("The file is not there.", "Check the path.", str(path))
    try:
        table = pa.parquet.read_table(path) if _is_parquet(path) else pa.csv.read_csv(path)
    except (pa.ArrowInvalid, OSError) as fault:
        raise BadInput(f"The file cannot be read: {fault}.", "Give CSV or Parquet.", str(path)) from None
    taken = sorted(set(ADDED) & set(table.column_names))
    if not table.num_rows or taken:
        what = f"has columns {taken} already" if taken else "has no row"
        raise BadInput(f"The file {what}.", "Give one row a point, without them.", str(path))
    return table


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(4) == b"PAR1"


def _numbers(table: pa.Table, name: str) -> Any:
    """A column as numbers; empty cells are NaN, which the estimator refuses with their row."""
    import pyarrow as pa

    if name not in table.column_names:
        raise BadInput(f"There is no column '{name}'.", f"The file has {', '.join(table.column_names)}.")
    values = table[name]
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        raise BadInput(f"The column '{name}' holds {values.type}, not numbers.", "Name another column.")
    kind = np.int64 if pa.types.is_integer(values.type) and not values.null_count else np.float64
    return np.array(values.to_numpy(zero_copy_only=False), dtype=kind)


def _weights(table: pa.Table, request: Request) -> Any:
    if request.weight is not None:
        return _numbers(table, request.weight)
    if "weight" in table.column_names:
        return _numbers(table, "weight")
    return np.ones(table.num_rows, np.int64)


def _write(
    request: Request, table: pa.Table, columns: dict[str, Any], latitude: Any, longitude: Any, weight: Ints
) -> None:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    for name, values in columns.items():
        table = table.append_column(name, pa.array(values, from_pandas=True))
    number = columns["cluster_no"]
    rows = [np.flatnonzero(number == one) for one in range(1, int(number.max(initial=0)) + 1)]
    shapes = outlines(((latitude[one], longitude[one]) for one in rows), ratio=request.outline_ratio)
    facts = [
        _facts(place + 1, one, shape, latitude, longitude, weight)
        for place, (one, shape) in enumerate(zip(rows, shapes, strict=True))
    ]
    with new_folder(request.out) as folder:
        if _is_parquet(request.file):
            pa.parquet.write_table(table, folder / "points.parquet", compression="zstd")
        else:
            pa.csv.write_csv(table, folder / "points.csv")
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
