"""DBSCAN by its definition, in O(n²): the witness that the estimator is held against."""

from dataclasses import dataclass

import numpy as np

DEGREE = np.pi / 180
RADIUS_KM = 6371.0088


def haversines(points):
    lat, lon = points.T * DEGREE
    across = np.sin(0.5 * (lat[:, None] - lat)) ** 2
    return across + np.cos(lat[:, None]) * np.cos(lat) * np.sin(0.5 * (lon[:, None] - lon)) ** 2


def limit(km):
    return np.sin(0.5 * (km / RADIUS_KM)) ** 2


@dataclass
class Expected:
    is_core: np.ndarray
    component: np.ndarray  # of core points: their smallest row in it; -1 for others
    nearest_core: np.ndarray
    is_noise: np.ndarray
    tied: bool  # a pair lies at the radius to within rounding: a tree may round it either way


def expected(points, weight, eps_km, min_samples):
    hav, bound = haversines(points), limit(eps_km)
    near = hav <= bound
    is_core = near @ weight >= min_samples
    component = np.full(len(points), -1)
    for start in np.flatnonzero(is_core):
        if component[start] >= 0:
            continue
        reached = [start]
        component[start] = start
        while reached:
            row = reached.pop()
            fresh = np.flatnonzero(near[row] & is_core & (component < 0))
            component[fresh] = start
            reached += fresh.tolist()
    cores = np.flatnonzero(is_core)
    nearest = np.full(len(points), -1)
    for row in range(len(points)):
        if len(cores):
            order = np.lexsort((cores, points[cores, 1], points[cores, 0], hav[row, cores]))
            nearest[row] = row if is_core[row] else cores[order[0]]
    noise = ~is_core & ((nearest < 0) | (hav[np.arange(len(points)), nearest] > bound))
    tied = bool((np.abs(hav - bound) <= 1e-12 * bound).any())
    return Expected(is_core, component, nearest, noise, tied)


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
