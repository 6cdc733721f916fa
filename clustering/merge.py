"""Which clusters of DBSCAN are one: METHODOLOGY 8. Takes points with cluster numbers, gives joined pairs and groups.

Two clusters join if their nearest points lie within `within_km` and their nearest core points within `core_km`;
joining is transitive, so order plays no part. Every pair that joined is reported with its distances: the chain that
brought two cities under one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

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

    def part(self, chosen: Bools) -> Members:
        """The chosen rows."""
        return Members(
            self.latitude[chosen], self.longitude[chosen], self.cluster[chosen], self.is_core[chosen]
        )


class _Parts:
    """The points of each cluster as unit vectors, with a ball round each cluster."""

    def __init__(self, members: Members, clusters: int) -> None:
        order = np.argsort(members.cluster, kind="stable")
        order = order[np.searchsorted(members.cluster[order], 0) :]  # noise sorts first
        self.lat, self.lon = members.latitude[order] * DEGREE, members.longitude[order] * DEGREE
        self.vectors = unit_vectors(members.latitude[order], members.longitude[order])
        self.start = np.searchsorted(members.cluster[order], np.arange(clusters + 1))
        self.trees: dict[int, Any] = {}
        sizes = np.maximum(np.diff(self.start), 1)
        owner = np.repeat(np.arange(clusters), np.diff(self.start))
        self.centres = (
            np.stack([np.bincount(owner, axis, clusters) for axis in self.vectors.T], axis=1) / sizes[:, None]
        )
        self.radii = np.zeros(clusters)
        np.maximum.at(self.radii, owner, np.linalg.norm(self.vectors - self.centres[owner], axis=1))

    def rows(self, cluster: int) -> Ints:
        return np.arange(self.start[cluster], self.start[cluster + 1])

    def tree(self, cluster: int) -> Any:
        from scipy.spatial import cKDTree

        if cluster not in self.trees:
            self.trees[cluster] = cKDTree(self.vectors[self.rows(cluster)])
        return self.trees[cluster]

    def candidates(self, reach: float) -> list[tuple[int, int]]:
        """Pairs of clusters whose balls come within `reach` (a chord) of each other."""
        filled = np.flatnonzero(np.diff(self.start) > 0)
        found = []
        for place, first in enumerate(filled[:-1]):
            others = filled[place + 1 :]
            apart = np.linalg.norm(self.centres[others] - self.centres[first], axis=1)
            near = others[apart <= self.radii[others] + self.radii[first] + reach]
            found += [(int(first), int(second)) for second in near]
        return found

    def distance(self, first: int, second: int, limit_km: float) -> float | None:
        """Smallest distance between two clusters, km, or None if it exceeds `limit_km`."""
        small, large = sorted(
            (first, second), key=lambda cluster: self.start[cluster + 1] - self.start[cluster]
        )
        reach = widened(chord(limit_km))
        rows = self.rows(small)
        close = np.linalg.norm(self.vectors[rows] - self.centres[large], axis=1) <= self.radii[large] + reach
        rows = rows[close]
        if not len(rows):
            return None
        length, _ = self.tree(large).query(
            self.vectors[rows], distance_upper_bound=np.nextafter(reach, np.inf)
        )
        best = float(length.min())
        if not best <= reach:
            return None
        near = rows[length <= widened(best)]
        hav = self._least_haversine(near, large, widened(best))
        if (
            hav > haversine_limit(limit_km) and best < reach
        ):  # rounding at the limit: let the predicate decide
            hav = self._least_haversine(rows[length <= reach], large, reach)
        return float(kilometres(hav)) if hav <= haversine_limit(limit_km) else None

    def _least_haversine(self, rows: Ints, cluster: int, reach: float) -> float:
        offset = self.start[cluster]
        found = self.tree(cluster).query_ball_point(self.vectors[rows], reach)
        left = np.repeat(rows, [len(one) for one in found])
        right = offset + np.concatenate([np.asarray(one, dtype=np.int64) for one in found])
        return float(haversine(self.lat[left], self.lon[left], self.lat[right], self.lon[right]).min())


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
    Balls round the clusters leave few candidate pairs; each is measured with a tree over the larger one, built once.
    """
    if within_km <= 0 or clusters < 2:
        return []
    cores = _Parts(members.part(members.is_core), clusters)
    parts = cores if merge_points == "core" else _Parts(members, clusters)
    found = []
    for first, second in parts.candidates(widened(chord(within_km))):
        points_km = parts.distance(first, second, within_km)
        if points_km is None:
            continue
        # without a limit of its own the core distance is still bounded: it is measured for the report
        between = cores.distance(first, second, core_km if core_km is not None else 20_016.0)
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
