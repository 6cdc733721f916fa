"""The nearest core point of noise, which lies beyond eps: asked of a tree, since the grid ends at eps. METHODOLOGY 7.

Unit vectors find the candidates; the compiled predicate and the tie rule choose among them.
"""

from __future__ import annotations

import numpy as np

from clustering import kernels
from clustering.sphere import Bools, Floats, Ints, kilometres, unit_vectors, widened


def nearest_cores(degrees: Floats, rows: Ints, cores: Ints, n_threads: int | None) -> tuple[Ints, Floats]:
    """Row of each point's nearest core point, and the distance, km.

    Ties: smallest haversine value as computed, then latitude, then longitude, then row. O((n + m) log m) time.

    Parameters
    ----------
    degrees : ndarray of shape (N, 2), float64, degrees, latitude and longitude
    rows : ndarray of shape (n,), int64
        The points that ask.
    cores : ndarray of shape (m,), int64, m >= 1
    n_threads : int or None
        None means all cores.
    """
    from scipy.spatial import cKDTree

    latitude, longitude = degrees[cores].T
    cores = cores[np.lexsort((cores, longitude, latitude))]
    cores = cores[_first_of_equals(degrees[cores])]
    tree = cKDTree(unit_vectors(*np.ascontiguousarray(degrees[cores].T)))
    vectors = unit_vectors(*np.ascontiguousarray(degrees[rows].T))
    length, found = tree.query(
        vectors, k=[1, 2], workers=n_threads or -1
    )  # a second that is not there lies at ∞
    reach = widened(length[:, 0])
    tied = np.flatnonzero(length[:, 1] <= reach)
    several = tree.query_ball_point(vectors[tied], reach[tied], workers=n_threads or -1)
    counts = np.ones(len(rows), np.int64)
    counts[tied] = [len(one) for one in several]
    first = np.concatenate([[0], np.cumsum(counts)])
    candidates = np.repeat(found[:, 0].astype(np.int64), counts)
    for row, one in zip(tied.tolist(), several, strict=True):
        candidates[first[row] : first[row + 1]] = one
    best, hav = np.empty(len(rows), np.int64), np.empty(len(rows))
    kernels.settle_ties(degrees, cores, rows, first, candidates, best, hav)
    return best, np.asarray(kilometres(hav), dtype=np.float64)


def _first_of_equals(sorted_degrees: Floats) -> Bools:
    fresh = np.ones(len(sorted_degrees), bool)
    fresh[1:] = (sorted_degrees[1:] != sorted_degrees[:-1]).any(axis=1)
    return fresh
