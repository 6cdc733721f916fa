"""Clusters with their outlines: GeoParquet 1.1 and GeoJSON (RFC 7946), longitude first, WGS 84."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publishing.reading import Release

if TYPE_CHECKING:
    import pyarrow as pa

#: the time inside a GeoPackage, else its bytes change with the clock
_NO_DATE = "2000-01-01T00:00:00.000Z"
#: columns of the ranking that go with the outline, as far as the ranking has them
COLUMNS = (
    "cluster_no cluster_id name economy_label rank previous_rank rank_change is_new ranked latitude longitude pct_count "
    "sci_count pct_share sci_share total points listings area_km2 population population_approximate "
    "population_source intensity intensity_rank"
)


def table(release: Release) -> pa.Table:
    """A row per cluster in the order shown: figures of the ranking, `simulated`, and the outline as WKB."""
    import pyarrow as pa

    ranking = release.table("ranking")
    order = {row["cluster_no"]: place for place, row in enumerate(release.ranking)}
    places = sorted(range(len(ranking)), key=lambda index: order[ranking["cluster_no"][index].as_py()])
    rows = ranking.select([name for name in COLUMNS.split() if name in ranking.column_names])
    rows = rows.take(pa.array(places, pa.int64()))
    outlines = {row["cluster_no"]: row["geometry"] for row in release.table("outlines").to_pylist()}
    shapes = pa.array([outlines.get(number) for number in rows["cluster_no"].to_pylist()], pa.binary())
    marks = pa.array([release.simulated] * len(rows), pa.bool_())
    return rows.append_column("simulated", marks).append_column("geometry", shapes)


def geoparquet_metadata(shapes: pa.ChunkedArray) -> str:
    """The `geo` entry of the footer: column, encoding, kinds of geometry, bounding box."""
    import shapely

    found = shapely.from_wkb([shape for shape in shapes.to_pylist() if shape is not None])
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in found}),
    }
    if len(found):
        column["bbox"] = [float(edge) for edge in shapely.total_bounds(found)]
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    return json.dumps(geo, sort_keys=True)


def geojson(rows: pa.Table, description: str) -> bytes:
    """`rows` as a FeatureCollection by the rules of RFC 7946: six decimals, cut at 180°, outer rings anticlockwise."""
    import pyogrio

    if not len(rows):
        empty = {"type": "FeatureCollection", "description": description, "features": []}
        return (json.dumps(empty) + "\n").encode()
    frame = _frame(rows)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clusters.geojson"
        options = {
            "RFC7946": "YES",
            "COORDINATE_PRECISION": "6",
            "WRITE_NAME": "NO",
            "DESCRIPTION": description,
        }
        pyogrio.write_dataframe(frame, file, driver="GeoJSON", layer_options=options)
        return file.read_bytes()


def geopackage(rows: pa.Table, description: str) -> bytes | None:
    """`rows` as an OGC GeoPackage with one layer, `clusters`; nothing where there is no cluster."""
    import pyogrio

    if not len(rows):
        return None
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": _NO_DATE})
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "clusters.gpkg"
            pyogrio.write_dataframe(
                _frame(rows).set_crs("EPSG:4326", allow_override=True),
                file,
                driver="GPKG",
                layer="clusters",
                layer_options={"DESCRIPTION": description},
            )
            return file.read_bytes()
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _frame(rows: pa.Table) -> Any:
    """A frame of outlines; whole numbers stay whole where some are unknown."""
    import geopandas
    import shapely

    shapes = shapely.from_wkb(rows["geometry"].to_pylist())
    frame = geopandas.GeoDataFrame(rows.drop(["geometry"]).to_pandas(), geometry=shapes, crs="OGC:CRS84")
    for name in frame.columns:
        if rows.schema.get_field_index(name) >= 0 and str(rows.schema.field(name).type).startswith("int"):
            frame[name] = frame[name].astype("Int64")
    return frame
