"""DBSCAN by its definition, in O(n²): the witness that the estimator is held against.

Compiled for speed, but no line is shared with the estimator: every pair is looked at, in the order of rows.
"""

import math
from dataclasses import dataclass

import numba
import numpy as np

DEGREE = math.pi / 180
RADIUS_KM = 6371.0088


@numba.njit(cache=True)
def haversines(points):
    """Haversine values of all pairs. numpy's sine may differ from the C library's by a unit in the last place."""
    n = len(points)
    found = np.zeros((n, n))
    for i in range(n):
        for j in range(i):
            lat1, lon1 = points[i, 0] * DEGREE, points[i, 1] * DEGREE
            lat2, lon2 = points[j, 0] * DEGREE, points[j, 1] * DEGREE
            across, along = math.sin(0.5 * (lat1 - lat2)), math.sin(0.5 * (lon1 - lon2))
            value = across * across + math.cos(lat1) * math.cos(lat2) * along * along
            found[i, j] = found[j, i] = value
    return found


def limit(km):
    return math.sin(0.5 * (km / RADIUS_KM)) ** 2


def sums_within(hav, weight, eps_km):
    """Weight within eps of each point."""
    return (hav <= limit(eps_km)) @ weight


@dataclass
class Expected:
    is_core: np.ndarray
    labels: np.ndarray  # by the southernmost, then westernmost core point; -1 for noise
    nearest_core: np.ndarray  # row; ties by latitude, longitude, row; -1 without a core point
    nearest_hav: np.ndarray
    is_noise: np.ndarray
    closest_to_limit: float  # least difference of a pair's haversine value from the limit


@numba.njit(cache=True)
def _components(near, is_core):
    n = len(is_core)
    component = np.full(n, -1)
    stack = np.empty(n, np.int64)
    for start in range(n):
        if not is_core[start] or component[start] >= 0:
            continue
        component[start], stack[0], size = start, start, 1
        while size:
            size -= 1
            row = stack[size]
            for other in range(n):
                if near[row, other] and is_core[other] and component[other] < 0:
                    component[other], stack[size] = start, other
                    size += 1
    return component


def expected(points, weight, eps_km, min_samples, hav=None):
    hav, bound = haversines(points) if hav is None else hav, limit(eps_km)
    near = hav <= bound
    is_core = near @ weight >= min_samples
    component = _components(near, is_core)
    cores = np.flatnonzero(is_core)
    nearest, nearest_hav = np.full(len(points), -1), np.full(len(points), np.nan)
    labels = np.full(len(points), -1)
    if len(cores):
        ranked = cores[np.lexsort((cores, points[cores, 1], points[cores, 0]))]
        nearest = ranked[np.argmin(hav[:, ranked], axis=1)]  # the first of equals
        nearest[cores] = cores
        nearest_hav = hav[np.arange(len(points)), nearest]
        number = {}
        for row in ranked.tolist():
            number.setdefault(component[row], len(number))
        inside = nearest_hav <= bound
        labels[inside] = [number[component[row]] for row in nearest[inside].tolist()]
    closest = float(np.abs(hav - bound).min())
    return Expected(is_core, labels, nearest, nearest_hav, labels < 0, closest)


def geometry(kind, n, eps_km, rng):
    """Points in degrees, of one of the shapes where grids, trees and formulas go wrong."""
    degrees = eps_km / (RADIUS_KM * DEGREE)
    if kind == "uniform":
        points = rng.uniform((-3 * degrees, -3 * degrees), (3 * degrees, 3 * degrees), (n, 2))
    elif kind == "cities":
        centres = rng.uniform(-40, 40, (int(rng.integers(1, 8)), 2))
        spread = rng.uniform(0.2, 4.0) * degrees
        points = centres[rng.integers(0, len(centres), n)] + rng.normal(0, spread, (n, 2))
    elif kind == "antimeridian":
        points = np.column_stack([rng.normal(0, 2 * degrees, n), 180 + rng.normal(0, 2 * degrees, n)])
        points[rng.uniform(size=n) < 0.1, 1] = 180.0
    elif kind in ("north pole", "south pole"):
        sign = 1 if kind == "north pole" else -1
        longitude = rng.choice([-180.0, 180.0, 0.0, 90.0, 37.2], n) if sign < 0 else rng.uniform(-180, 180, n)
        points = np.column_stack([sign * (90 - np.abs(rng.normal(0, 1.5 * degrees, n))), longitude])
    elif kind == "duplicates":
        points = np.repeat(rng.uniform(-2 * degrees, 2 * degrees, (n // 10 + 1, 2)), 10, axis=0)[:n]
    elif kind == "one place":
        points = np.tile(rng.uniform(-60, 60, 2), (n, 1))
    elif kind == "grid":
        step = degrees * rng.choice([1, 0.5, 1 / np.sqrt(2), 1 / 3, 1 - 1e-9, 1 + 1e-9])
        side = int(np.ceil(np.sqrt(n)))
        points = np.array([(i * step, j * step) for i in range(side) for j in range(side)])[:n]
    elif kind == "meridian":
        points = np.column_stack([np.arange(n) * degrees * rng.choice([1, 0.5]), np.full(n, 5.0)])
    elif kind == "equator":
        points = np.column_stack([np.zeros(n), np.arange(n) * degrees * rng.choice([1, 0.5])])
    else:  # circle
        angle = rng.uniform(0, 2 * np.pi, n)
        radius = degrees * rng.choice([0.5, 1, 2])
        points = radius * np.column_stack([np.sin(angle), np.cos(angle)])
    points[:, 0] = np.clip(points[:, 0], -90, 90)
    points[:, 1] = np.where(np.abs(points[:, 1]) > 180, (points[:, 1] + 180) % 360 - 180, points[:, 1])
    return points


GEOMETRIES = (
    "uniform",
    "cities",
    "antimeridian",
    "north pole",
    "south pole",
    "duplicates",
    "one place",
    "grid",
    "meridian",
    "equator",
    "circle",
)
