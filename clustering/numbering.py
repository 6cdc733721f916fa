"""From points to numbered clusters: DBSCAN, merging, and numbers by size (METHODOLOGY 6 to 8), on arrays alone.

Points come sorted by latitude, then longitude, so the smallest row of a cluster's core points is its first core point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from clustering.merge import Join, Members, groups
from clustering.sphere import Bools, Floats, Ints

NOISE = -1
JoinRule = Callable[[Members, int, Ints], list[Join]]


@dataclass(frozen=True)
class Clustered:
    """Cluster of each point, one row each.

    `cluster_no` and `dbscan_no` (before merging) count from 1 by listings, -1 for noise; `core_row` is the row of the
    nearest core point, -1 without any; `km_to_core` is NaN without any. `joins` carry numbers before merging.
    """

    cluster_no: Ints
    dbscan_no: Ints
    is_core: Bools
    core_row: Ints
    km_to_core: Floats
    joins: list[Join]


def cluster_points(
    latitude: Floats,
    longitude: Floats,
    weight: Ints,
    listings: Ints,
    eps_km: float,
    min_samples: int,
    join_rule: JoinRule,
    n_threads: int | None = None,
) -> Clustered:
    """Points in numbered clusters; no points, or no weight at all, is no error: then nothing is a cluster.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n,), float64, degrees, sorted by latitude, then longitude
    weight : ndarray of shape (n,), int64
        Weights for DBSCAN.
    listings : ndarray of shape (n,), int64
        Listings of all kinds, which number the clusters.
    join_rule : callable (members, clusters, dbscan_no) -> list of Join
        Pairs that are one, given members with cluster numbers from 0 (one less than `dbscan_no`).
    """
    if not weight.any():
        none = np.full(len(weight), NOISE, np.int64)
        return Clustered(none, none, np.zeros(len(weight), bool), none, np.full(len(weight), np.nan), [])
    from clustering.dbscan import SphericalDBSCAN

    model = SphericalDBSCAN(eps_km, min_samples, n_threads)
    model.fit(np.column_stack([latitude, longitude]), sample_weight=weight)
    is_core = np.zeros(len(weight), bool)
    is_core[model.core_sample_indices_] = True
    dbscan_no = by_listings(model.labels_, is_core, listings)
    clusters = int(dbscan_no.max(initial=0))
    zero_based = np.where(dbscan_no > 0, dbscan_no - 1, NOISE)
    joined = join_rule(Members(latitude, longitude, zero_based, is_core), clusters, dbscan_no)
    label = np.full(len(weight), NOISE, np.int64)
    if clusters:
        group = groups(joined, clusters)
        label = np.where(zero_based >= 0, group[zero_based], NOISE)
    numbered = [Join(one.first + 1, one.second + 1, one.points_km, one.core_km) for one in joined]
    return Clustered(
        by_listings(label, is_core, listings),
        dbscan_no,
        is_core,
        model.core_point_of_,
        model.km_to_core_,
        numbered,
    )


def by_listings(label: Ints, is_core: Bools, listings: Ints) -> Ints:
    """Labels (0 … , -1 for noise) as numbers from 1: most listings first, ties by the first core point."""
    clusters = int(label.max(initial=NOISE)) + 1
    inside = label >= 0
    total = np.zeros(clusters, np.int64)
    np.add.at(total, label[inside], listings[inside])
    first_core = np.full(clusters, len(label), np.int64)
    core_rows = np.flatnonzero(is_core & inside)
    np.minimum.at(first_core, label[core_rows], core_rows)
    number = np.full(clusters + 1, NOISE, np.int64)  # the last entry answers for noise
    number[np.lexsort((first_core, -total))] = np.arange(1, clusters + 1)
    return number[label]
