"""Distances on the sphere of radius 6371.0088 km, and the nearest of some points by one written tie rule.

The haversine value as computed in double precision decides everything: two points are neighbours iff it is at most the
limit of a distance. Unit vectors and their chords only find candidates fast; they never contradict it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EARTH_RADIUS_KM = 6371.0088
DEGREE = math.pi / 180
#: chords differ from haversine values by rounding only; these widen a chord by far more than that (relative, absolute)
CHORD_RELATIVE, CHORD_ABSOLUTE = 1e-12, 1e-14
CANDIDATES = 8


def haversine(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    """Haversine of the angle between points given in radians: sin²(Δlat/2) + cos lat1 · cos lat2 · sin²(Δlon/2)."""
    across = np.sin(0.5 * (lat1 - lat2)) ** 2
    along = np.sin(0.5 * (lon1 - lon2)) ** 2
    return across + np.cos(lat1) * np.cos(lat2) * along


def haversine_limit(km: float) -> float:
    """Haversine of the angle that `km` subtends; a value at or below it is within `km`."""
    return math.sin(0.5 * (km / EARTH_RADIUS_KM)) ** 2


def kilometres(hav: Any) -> Any:
    """Great-circle distance of haversine values, km."""
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(hav, 1.0)))


def distance_km(lat1: Any, lon1: Any, lat2: Any, lon2: Any) -> Any:
    """Great-circle distance between points given in degrees, km."""
    return kilometres(haversine(lat1 * DEGREE, lon1 * DEGREE, lat2 * DEGREE, lon2 * DEGREE))


def chord(km: float) -> float:
    """Straight distance between unit vectors that lie `km` apart on the sphere."""
    return 2 * math.sin(min(0.5 * (km / EARTH_RADIUS_KM), math.pi / 2))


def widened(length: Any) -> Any:
    """A chord that surely holds every pair whose haversine value is at most that of `length`."""
    return length * (1 + CHORD_RELATIVE) + CHORD_ABSOLUTE


def unit_vectors(latitude: Floats, longitude: Floats) -> Floats:
    """Unit vectors of points given in degrees.

    Returns
    -------
    ndarray of shape (n, 3), float64
    """
    lat, lon = latitude * DEGREE, longitude * DEGREE
    ring = np.cos(lat)
    return np.column_stack([ring * np.cos(lon), ring * np.sin(lon), np.sin(lat)])


def mean_point(latitude: Floats, longitude: Floats, weight: Floats | Ints) -> tuple[float, float]:
    """Latitude and longitude, degrees, of the weighted mean of unit vectors; without weight the plain mean."""
    vectors = unit_vectors(latitude, longitude)
    total = float(weight.sum())
    x, y, z = (vectors * weight[:, None]).sum(axis=0) if total > 0 else vectors.sum(axis=0)
    if math.hypot(x, y, z) < 1e-9:  # points all round the globe have no middle
        return float(latitude[0]), float(longitude[0])
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def nearest(
    latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats
) -> tuple[Ints, Floats]:
    """The nearest target of each point, and the haversine value between them.

    Ties: smallest haversine value as computed, then smaller latitude, then smaller longitude of the target, then the
    smaller row (METHODOLOGY 7). Degrees in, O(n log m) time, O(n + m) memory.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n,), float64, degrees
    to_latitude, to_longitude : ndarray of shape (m,), float64, degrees, m >= 1

    Returns
    -------
    row : ndarray of shape (n,), int64, in 0 … m-1
    hav : ndarray of shape (n,), float64
    """
    from scipy.spatial import cKDTree

    tree = cKDTree(unit_vectors(to_latitude, to_longitude))
    vectors = unit_vectors(latitude, longitude)
    asked = min(CANDIDATES, len(to_latitude))
    length, found = tree.query(vectors, k=asked)
    length, found = length.reshape(len(vectors), asked), found.reshape(len(vectors), asked).astype(np.int64)
    reach = widened(length[:, 0])
    rows = _best(latitude, longitude, to_latitude, to_longitude, found, length <= reach[:, None])
    if asked < len(to_latitude):
        for row in np.flatnonzero(length[:, -1] <= reach):
            many = np.array(sorted(tree.query_ball_point(vectors[row], reach[row])), dtype=np.int64)
            rows[row] = _best(
                latitude[[row]],
                longitude[[row]],
                to_latitude,
                to_longitude,
                many[None],
                np.ones((1, len(many)), bool),
            )[0]
    hav = haversine(
        latitude * DEGREE, longitude * DEGREE, to_latitude[rows] * DEGREE, to_longitude[rows] * DEGREE
    )
    return rows, hav


def _best(
    latitude: Floats,
    longitude: Floats,
    to_latitude: Floats,
    to_longitude: Floats,
    found: Ints,
    allowed: Bools,
) -> Ints:
    near_lat, near_lon = to_latitude[found], to_longitude[found]
    hav = haversine(
        latitude[:, None] * DEGREE, longitude[:, None] * DEGREE, near_lat * DEGREE, near_lon * DEGREE
    )
    hav = np.where(allowed, hav, np.inf)
    first = np.lexsort((found, near_lon, near_lat, hav), axis=1)[:, 0]
    return np.asarray(np.take_along_axis(found, first[:, None], axis=1)[:, 0], dtype=np.int64)
