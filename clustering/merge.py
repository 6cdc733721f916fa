"""Which clusters of DBSCAN are one: METHODOLOGY 8. Takes points with cluster numbers, gives joined pairs and groups.

Two clusters join if their nearest points lie within `within_km` and their nearest core points within `core_km`;
joining is transitive, so order plays no part. Every pair that joined is reported with its distances: the chain that
brought two cities under one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from clustering.sphere import (
    DEGREE,
    Bools,
    Floats,
    Ints,
    chord,
    haversine,
    haversine_limit,
    kilometres,
    unit_vectors,
    widened,
)

SAMPLES = 64  # points of each cluster that give a first bound of two clusters' distance


@dataclass(frozen=True)
class Join:
    """Two clusters (their numbers before merging, the smaller first) that are one, and how near they are, km."""

    first: int
    second: int
    points_km: float
    core_km: float


@dataclass(frozen=True)
class Members:
    """Points of all clusters, one row each: degrees, cluster number from 0 (-1 for noise), and whether it is core."""

    latitude: Floats
    longitude: Floats
    cluster: Ints
    is_core: Bools


class _Parts:
    """The points of each cluster as unit vectors, with a box round each cluster."""

    def __init__(self, members: Members, clusters: int) -> None:
        inside = np.flatnonzero(members.cluster >= 0)
        # a stable sort of 16-bit numbers is a radix sort, 20 times as fast as one of 64 bits
        number = members.cluster[inside].astype(np.int16 if clusters < 2**15 else np.int64)
        row = inside[np.argsort(number, kind="stable")]
        self.is_core = members.is_core[row]
        self.lat, self.lon = members.latitude[row] * DEGREE, members.longitude[row] * DEGREE
        self.vectors = unit_vectors(members.latitude[row], members.longitude[row])
        self.start = np.concatenate([[0], np.cumsum(np.bincount(number, minlength=clusters))])

    def rows(self, cluster: int, cores_only: bool) -> Ints:
        """Rows of one cluster's points."""
        rows = np.arange(self.start[cluster], self.start[cluster + 1])
        return rows[self.is_core[rows]] if cores_only else rows

    def candidates(self, reach: float) -> list[tuple[int, int]]:
        """Pairs of clusters whose boxes come within `reach` (a chord) of each other along every axis."""
        filled = np.flatnonzero(np.diff(self.start) > 0)
        low, high = (
            bound.reduceat(self.vectors, self.start[filled], axis=0) for bound in (np.minimum, np.maximum)
        )
        high += reach
        found = []
        for place, first in enumerate(filled[:-1]):
            rest = slice(place + 1, None)
            near = ((low[rest] <= high[place]) & (low[place] <= high[rest])).all(axis=1)
            found += [(int(first), int(second)) for second in filled[rest][near]]
        return found

    def distance(self, first: int, second: int, limit_km: float | None, cores_only: bool) -> float | None:
        """Smallest distance between two clusters, km, or None if it exceeds `limit_km` (None: no limit)."""
        left, right = self.rows(first, cores_only), self.rows(second, cores_only)
        limit = np.inf if limit_km is None else haversine_limit(limit_km)
        reach = widened(2.0 if limit_km is None else chord(limit_km))
        if not (len(left) and len(right)):
            return None
        reach = min(reach, widened(self._some_distance(left, right)))
        left = left[self._beside(left, right, reach)]
        right = right[self._beside(right, left, reach)] if len(left) else left
        if not len(right):
            return None
        best = self._least_haversine(left, right, reach)
        return float(kilometres(best)) if best <= limit else None

    def _some_distance(self, left: Ints, right: Ints) -> float:
        """The chord of some pair: no more is needed, for it only narrows the search."""
        from scipy.spatial.distance import cdist

        few = [rows[:: max(1, len(rows) // SAMPLES)] for rows in (left, right)]
        return float(cdist(self.vectors[few[0]], self.vectors[few[1]]).min())

    def _beside(self, rows: Ints, others: Ints, reach: float) -> Bools:
        """Which rows lie within `reach` of the others' box."""
        box = self.vectors[others]
        vectors = self.vectors[rows]
        return np.asarray(
            ((vectors >= box.min(axis=0) - reach) & (vectors <= box.max(axis=0) + reach)).all(axis=1)
        )

    def _least_haversine(self, left: Ints, right: Ints, reach: float) -> float:
        """Smallest haversine value between two sets of rows; infinity if no pair's chord is within `reach`."""
        from scipy.spatial import cKDTree

        small, large = sorted((left, right), key=len)
        tree = cKDTree(self.vectors[large])
        length, _ = tree.query(self.vectors[small], distance_upper_bound=np.nextafter(reach, np.inf))
        best = float(length.min())
        if not np.isfinite(best):
            return np.inf
        # chords and haversine values may round apart: the pairs that could be nearest are measured by haversine
        near = small[length <= widened(best)]
        found = tree.query_ball_point(self.vectors[near], widened(best))
        one = np.repeat(near, [len(each) for each in found])
        other = large[np.concatenate([np.asarray(each, dtype=np.int64) for each in found])]
        return float(haversine(self.lat[one], self.lon[one], self.lat[other], self.lon[other]).min())


def joins(
    members: Members,
    clusters: int,
    within_km: float,
    core_km: float | None,
    merge_points: Literal["all", "core"] = "all",
) -> list[Join]:
    """Pairs of clusters near enough to be one, sorted by their numbers.

    Parameters
    ----------
    members : Members
        Points with cluster numbers 0 … `clusters` - 1; noise is left out.
    within_km : float, km
        Largest distance of the nearest points; 0 joins nothing.
    core_km : float or None, km
        Largest distance of the nearest core points; None sets no limit.
    merge_points : {"all", "core"}
        Points that `within_km` is measured between.

    Notes
    -----
    Boxes round the clusters leave few candidate pairs; of each only the points that face the other are measured. A
    million points take about 0.1 s.
    """
    if within_km <= 0 or clusters < 2:
        return []
    parts = _Parts(members, clusters)
    found = []
    for first, second in parts.candidates(widened(chord(within_km))):
        points_km = parts.distance(first, second, within_km, merge_points == "core")
        if points_km is None:
            continue
        between = parts.distance(first, second, core_km, cores_only=True)
        if between is not None:
            found.append(Join(first, second, points_km, between))
    return found


def groups(joined: list[Join], clusters: int) -> Ints:
    """Group of each cluster, 0 … , numbered by the smallest cluster in it.

    Returns
    -------
    ndarray of shape (clusters,), int64
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first = np.array([join.first for join in joined], dtype=np.int64)
    second = np.array([join.second for join in joined], dtype=np.int64)
    graph = coo_array((np.ones(len(joined)), (first, second)), shape=(clusters, clusters))
    _, label = connected_components(graph, directed=False)
    _, start, group = np.unique(label, return_index=True, return_inverse=True)
    return np.argsort(np.argsort(start))[group].astype(np.int64)


def leading_partners(document: Ints, cluster: Ints, clusters: int) -> Ints:
    """The cluster that shares most documents with each cluster, -1 if none does (METHODOLOGY 17, whole counts).

    Parameters
    ----------
    document : ndarray of shape (n,), int64
    cluster : ndarray of shape (n,), int64, 0 … clusters - 1
        A document in a cluster; rows may repeat.

    Returns
    -------
    ndarray of shape (clusters,), int64; ties go to the smaller number
    """
    from scipy.sparse import csr_array

    _, row = np.unique(document, return_inverse=True)
    size = (int(row.max()) + 1 if len(row) else 0, clusters)
    present = csr_array((np.ones(len(row), np.int64), (row, cluster)), shape=size)
    present.data[:] = 1
    common = csr_array(present.T @ present)
    leading = np.full(clusters, -1, np.int64)
    for one in range(clusters):
        span = slice(common.indptr[one], common.indptr[one + 1])
        other, shared = common.indices[span], common.data[span]
        other, shared = other[other != one], shared[other != one]
        if len(other):
            leading[one] = other[np.lexsort((other, -shared))[0]]
    return leading


def keep_partners(joined: list[Join], leading: list[Ints], requires: Literal["any", "both"]) -> list[Join]:
    """The joined pairs of which one is the other's leading partner: in any kind of document, or in every kind.

    `leading` holds `leading_partners` of each kind.
    """
    chosen = any if requires == "any" else all

    def partners(join: Join) -> bool:
        return chosen(one[join.first] == join.second or one[join.second] == join.first for one in leading)

    return [join for join in joined if partners(join)]
