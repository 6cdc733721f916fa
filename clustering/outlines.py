"""The boundary of a cluster and its area: METHODOLOGY 9. Takes points in degrees, gives polygons in degrees.

Shapes are made in an equal-area projection of the WGS 84 ellipsoid centred on the cluster, so neither the antimeridian
nor a pole is special there. Back in degrees a boundary that crosses longitude 180 is cut at it, and one that goes round
a pole is closed along the pole's edge of the map.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from clustering.sphere import Floats, mean_point
from foundation.measure import usable_cores

Method = Literal["concave_hull", "discs"]

THIN_KM = 0.1  # a hull narrower than this (mean width) has no area to speak of: its points lie in a line
STEP_KM, POLAR_STEP_KM = (
    5.0,
    0.1,
)  # a straight 5 km of the plane bends by less than 1 m in degrees at latitude 50
POLAR_LATITUDE = 85.0
GRID_DEGREES = 1e-9  # a tenth of a millimetre: pieces cut at ±180 and moved by a turn meet again exactly
QUARTER_SEGMENTS = 24  # a disc's polygon is 0.07 % smaller than the disc


@dataclass(frozen=True)
class Outline:
    """A valid Polygon or MultiPolygon (degrees, longitude first, within ±180), how it was made, and its area."""

    geometry: Any
    method: Method
    ratio: float | None
    area_km2: float


class _Plane:
    """Lambert's azimuthal equal-area projection round a point, km."""

    def __init__(self, latitude: float, longitude: float) -> None:
        from pyproj import Transformer

        self.longitude = longitude
        # a Proj, which is a whole reference system, takes four times as long to make
        centre = f"+lat_0={latitude!r} +lon_0={longitude!r}"
        self.project = Transformer.from_pipeline(f"+proj=laea {centre} +ellps=WGS84 +units=km").transform

    def forward(self, latitude: Floats, longitude: Floats) -> Floats:
        x, y = self.project(longitude, latitude)
        return np.column_stack([x, y])

    def backward(self, xy: Floats) -> Floats:
        """Longitude and latitude, the longitude unwrapped along the line."""
        longitude, latitude = self.project(xy[:, 0], xy[:, 1], direction="INVERSE")
        unwrapped = np.unwrap(np.asarray(longitude), period=360.0)
        # begin within half a turn of the centre, so that rings of one polygon lie in one turn
        turns = np.round((unwrapped[0] - self.longitude) / 360.0)
        return np.column_stack([unwrapped - 360.0 * turns, latitude])


def outline(
    latitude: Floats,
    longitude: Floats,
    method: Method = "concave_hull",
    ratio: float = 0.3,
    disc_km: float = 5.0,
) -> Outline:
    """The boundary of one cluster's points.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n,), float64, degrees, n >= 1
    method : {"concave_hull", "discs"}
        A concave hull of the points, or the union of discs round them.
    ratio : float in [0, 1]
        Edge length of the concave hull relative to its extremes: 1 is the convex hull.
    disc_km : float, km
        Radius of the discs. A hull without area (one place, or places in a line) becomes discs too, and says so.

    Returns
    -------
    Outline
        Every point lies in the geometry or within 100 m of it. The area is that of the ellipsoid.
    """
    import shapely

    latitude, longitude = _distinct(latitude, longitude)
    plane = _Plane(*mean_point(latitude, longitude, np.ones(len(latitude))))
    places = plane.forward(latitude, longitude)
    shape = _hull(places, ratio) if method == "concave_hull" else None
    if shape is None or _is_thin(shape):
        # one buffer of all points took over 10 GB for 20,000 of them; a union of discs 1 s
        discs = shapely.buffer(shapely.points(places), disc_km, quad_segs=QUARTER_SEGMENTS)
        method, shape = "discs", shapely.union_all(discs)
    shape, pole = _with_pole(shape, plane)
    geometry = _to_degrees(shape, plane, polar=pole or abs(float(latitude.mean())) > POLAR_LATITUDE)
    return Outline(geometry, method, ratio if method == "concave_hull" else None, float(shape.area))


def outlines(
    clusters: Iterable[tuple[Floats, Floats]],
    method: Method = "concave_hull",
    ratio: float = 0.3,
    disc_km: float = 5.0,
    n_threads: int | None = None,
) -> list[Outline]:
    """`outline` of each cluster, given as its latitudes and longitudes, in the order given.

    Clusters are drawn in `n_threads` threads (all cores when None): GEOS works outside Python's lock. A cluster is drawn
    by one thread, so their number changes no byte. 650 clusters of a million points take about 2.5 s on one core.
    """
    with ThreadPoolExecutor(n_threads or usable_cores()) as pool:
        return list(pool.map(lambda one: outline(one[0], one[1], method, ratio, disc_km), clusters))


def _distinct(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """The distinct places in one order, for sums of floating-point numbers depend on it, and so does GEOS's hull where
    four points lie on a circle."""
    order = np.lexsort((longitude, latitude))
    latitude, longitude = latitude[order], longitude[order]
    is_new = np.ones(len(order), bool)
    is_new[1:] = (latitude[1:] != latitude[:-1]) | (longitude[1:] != longitude[:-1])
    return latitude[is_new], longitude[is_new]


def _hull(places: Floats, ratio: float) -> Any:
    """The concave hull of distinct points, None for a single one."""
    import shapely

    # GEOS takes the vertices of any geometry, and a line of them is made faster than as many points
    return shapely.concave_hull(shapely.linestrings(places), ratio=ratio) if len(places) > 1 else None


def contains(geometry: Any, latitude: Floats, longitude: Floats) -> Any:
    """Whether each point lies in a geometry in degrees (its boundary counts)."""
    import shapely

    shapely.prepare(geometry)
    return shapely.intersects_xy(geometry, longitude, latitude)


def _is_thin(shape: Any) -> bool:
    return bool(shape.area == 0 or 2 * shape.area / shape.length < THIN_KM)


def _with_pole(shape: Any, plane: _Plane) -> tuple[Any, bool]:
    """The shape with a pole on its boundary taken well inside it, and whether it holds a pole."""
    import shapely

    holds = False
    west, south, east, north = shapely.bounds(shape) + THIN_KM * np.array([-2, -2, 2, 2])
    for x, y in plane.forward(np.array([90.0, -90.0]), np.full(2, plane.longitude)):
        if not (west <= x <= east and south <= y <= north):  # nor is a pole that the plane cannot show
            continue
        pole = shapely.points(x, y)
        if shape.boundary.distance(pole) < 2 * THIN_KM and shape.distance(pole) < THIN_KM:
            shape = shape.union(pole.buffer(THIN_KM, quad_segs=QUARTER_SEGMENTS))
        holds = holds or bool(shape.intersects(pole))
    return shape, holds


def _to_degrees(shape: Any, plane: _Plane, polar: bool) -> Any:
    import shapely

    dense = shapely.segmentize(shape, POLAR_STEP_KM if polar else STEP_KM)
    polygons = []
    for part in shapely.get_parts(dense):
        rings = [_ring_to_degrees(ring, plane) for ring in (part.exterior, *part.interiors)]
        whole = shapely.make_valid(rings[0])
        for hole in rings[1:]:
            whole = whole.difference(shapely.make_valid(hole))
        polygons.append(within_the_map(whole))
    return _only_polygons(shapely.union_all(polygons))


def _ring_to_degrees(ring: Any, plane: _Plane) -> Any:
    """The area that a ring encloses, in unwrapped degrees; round a pole it runs along the pole's edge of the map."""
    import shapely

    xy = np.asarray(ring.coords)
    lonlat = plane.backward(xy)
    if abs(lonlat[-1, 0] - lonlat[0, 0]) > 180.0:
        # from the vertex nearest to the pole the way to the pole crosses nothing
        nearest = int(np.argmax(np.abs(lonlat[:-1, 1])))
        lonlat = plane.backward(np.vstack([np.roll(xy[:-1], -nearest, axis=0), xy[nearest]]))
        edge = 90.0 if lonlat[:, 1].mean() > 0 else -90.0
        lonlat = np.vstack([lonlat, [lonlat[-1, 0], edge], [lonlat[0, 0], edge], lonlat[0]])
    else:
        lonlat[-1] = lonlat[0]
    return shapely.polygons(lonlat)


def within_the_map(geometry: Any) -> Any:
    """A geometry in unwrapped longitudes, cut at ±180 and moved into the map."""
    import shapely
    from shapely.affinity import translate

    west, _, east, _ = geometry.bounds
    if west >= -180.0 and east <= 180.0:
        return geometry
    pieces = []
    for turn in range(int(np.floor((west + 180.0) / 360.0)), int(np.floor((east + 180.0) / 360.0)) + 1):
        window = shapely.box(360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0)
        moved = translate(geometry.intersection(window), xoff=-360.0 * turn)
        piece = shapely.set_precision(moved, GRID_DEGREES)
        pieces.append(shapely.transform(piece, lambda xy: np.clip(xy, (-180.0, -90.0), (180.0, 90.0))))
    return shapely.union_all(pieces)


def _only_polygons(geometry: Any) -> Any:
    """The areas of a geometry, without the points and lines that cutting can leave."""
    import shapely

    if not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    geometry = shapely.set_precision(geometry, GRID_DEGREES)
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and part.area > 0]
    parts = [polygon for part in parts for polygon in shapely.get_parts(part)]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
