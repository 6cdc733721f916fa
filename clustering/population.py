"""Inhabitants inside outlines: from a raster with cells split by area, else from the gazetteer's cities (METHODOLOGY 9).

Outlines are taken to the raster's projection, never the raster to theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clustering.cities import Cities
from clustering.districts import districts
from foundation.errors import BadInput

COVERAGE_MIN = 0.99
STEP_DEGREES = 0.01  # outlines are densified to about a kilometre before they are projected
#: a cluster's main city is often a vertex of its hull, and the way back to degrees moves vertices by up to 1e-8 degrees;
#: `outline` promises its points within 100 m, which this is at the equator
NEAR_DEGREES = 1e-3


@dataclass(frozen=True)
class Population:
    """Inhabitants of each outline (None where nothing says), and where the figures come from.

    `coverage` is the part of each outline that lies on the raster; None without a raster.
    """

    inhabitants: list[int | None]
    source: str
    year: int | None
    approximate: bool
    coverage: list[float | None]


def from_gazetteer(outlines: list[Any], cities: Cities) -> Population:
    """Sums of the gazetteer's cities inside each outline: rough, since who lives between them is missing.

    A city on the boundary counts, so those at the cluster's own points always do. A district counts only where its city
    is not inside; see `districts`.

    Parameters
    ----------
    outlines : list of shapely geometries, degrees, longitude first
    cities : Cities
        Those without inhabitants are left out.
    """
    import shapely

    lived_in = np.flatnonzero(cities.population > 0)
    tree = shapely.STRtree(shapely.points(cities.longitude[lived_in], cities.latitude[lived_in]))
    outline, city = tree.query(np.array(outlines, dtype=object), predicate="dwithin", distance=NEAR_DEGREES)
    sums = np.zeros(len(outlines), np.int64)
    for number in np.unique(outline).tolist():
        inside = lived_in[city[outline == number]]
        sums[number] = cities.population[inside[~districts(cities, inside)]].sum()
    return Population(
        [int(one) if one > 0 else None for one in sums], "gazetteer", None, True, [None] * len(outlines)
    )


def from_raster(outlines: list[Any], raster: Path, year: int | None = None) -> Population:
    """Exact sums of a raster's cells inside each outline, a cell that is cut counting by the part inside.

    Raises
    ------
    BadInput
        `raster` cannot be read, names no projection, holds negative cells without declaring them as missing, or covers
        less than 99 % of an outline.
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(raster) as opened:
            shapes = _on_raster(outlines, opened)
            coverage = [_covered(shape, opened) for shape in shapes]
            sums = _sums(shapes, opened, raster)
    except RasterioIOError as fault:
        raise BadInput(
            f"The population raster cannot be read: {fault}.", "Give a GeoTIFF or ASCII grid.", str(raster)
        ) from None
    return Population([round(one) for one in sums], raster.name, year, False, list(coverage))


def _on_raster(outlines: list[Any], raster: Any) -> list[Any]:
    """Outlines in the raster's projection, along its own range of longitudes."""
    import shapely
    from pyproj import CRS, Transformer

    if raster.crs is None:
        raise BadInput(
            "The population raster names no projection.",
            "Declare it, as in: gdal_edit -a_srs EPSG:4326.",
            raster.name,
        )
    target = CRS.from_wkt(raster.crs.to_wkt())
    dense = shapely.segmentize(np.array(outlines, dtype=object), STEP_DEGREES)
    if target.is_geographic:
        eastward = raster.bounds.right > 180.0 + raster.res[0]  # longitudes from 0 to 360
        return [_shifted(one) if eastward else one for one in dense]
    transform = Transformer.from_crs("OGC:CRS84", target, always_xy=True)
    moved = shapely.transform(dense, lambda xy: np.column_stack(transform.transform(xy[:, 0], xy[:, 1])))
    return [one if one.is_valid else shapely.make_valid(one) for one in moved]


def _shifted(geometry: Any) -> Any:
    """A geometry with its western half moved to longitudes from 180 to 360."""
    import shapely
    from shapely.affinity import translate

    west = geometry.intersection(shapely.box(-180.0, -90.0, 0.0, 90.0))
    east = geometry.intersection(shapely.box(0.0, -90.0, 180.0, 90.0))
    return shapely.union_all([east, translate(west, xoff=360.0)])


def _covered(shape: Any, raster: Any) -> float:
    """Part of a shape within the raster's rectangle. Missing cells inside count as covered: most of them are sea."""
    import shapely

    finite = bool(np.isfinite(shapely.get_coordinates(shape)).all())
    inside = (
        shape.intersection(shapely.box(*raster.bounds)).area / shape.area if finite and shape.area else 0.0
    )
    if inside < COVERAGE_MIN:
        raise BadInput(
            f"The population raster covers {100 * inside:.0f} % of a cluster's outline (centre, in the raster's "
            f"projection: {shape.centroid.x:.2f}, {shape.centroid.y:.2f}).",
            "Give a raster that holds every cluster, with its right projection.",
            raster.name,
        )
    return min(float(inside), 1.0)


def _sums(shapes: list[Any], opened: Any, raster: Path) -> list[float]:
    import geopandas
    from exactextract import exact_extract
    from exactextract.raster import RasterioRasterSource

    frame = geopandas.GeoDataFrame({"outline": range(len(shapes))}, geometry=shapes, crs=opened.crs.to_wkt())
    result = exact_extract(RasterioRasterSource(opened), frame, ["sum", "min"], output="pandas")
    if opened.nodata is None and (result["min"] < 0).any():
        raise BadInput(
            "The population raster holds negative cells and does not say which value stands for no data.",
            "Declare it, as in: gdal_edit -a_nodata -200.",
            str(raster),
        )
    return [0.0 if np.isnan(one) else float(one) for one in result["sum"]]
