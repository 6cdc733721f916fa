"""Weighted DBSCAN on the sphere as an estimator of scikit-learn. Merging, numbering by size and tables live elsewhere."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from clustering.sphere import (
    DEGREE,
    EARTH_RADIUS_KM,
    Bools,
    Floats,
    Ints,
    haversine_limit,
    kilometres,
    nearest,
)

NOISE = -1
EPS_MIN_KM, EPS_MAX_KM = 0.0001, 10_007.5  # a tenth of a metre … a quarter of the circumference


class SphericalDBSCAN(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Clusters of points on the globe whose surroundings hold enough weight.

    A point is a core point if the weights within `eps_km` of it, its own included, sum to `min_samples` or more. Core
    points within `eps_km` of each other share a cluster. Any other point within `eps_km` of a core point belongs to the
    nearest one's cluster (ties: smallest haversine value as computed, then smaller latitude, then smaller longitude of
    the core point); the rest is noise. Distances are great circles on a sphere of 6371.0088 km, and a distance of
    exactly `eps_km` counts. The result does not depend on the order of rows or the number of threads. METHODOLOGY 7.

    Parameters
    ----------
    eps_km : float, default 15.0, km, in [0.0001, 10007.5]
    min_samples : int, default 4500, in units of the weights, >= 1
    n_threads : int or None, default None
        Threads; None means all cores.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        Cluster of each point, -1 for noise. Clusters are numbered from 0 by their southernmost (then westernmost)
        core point.
    core_sample_indices_ : ndarray of shape (cores,), int64
        Rows of the core points, ascending.
    core_point_of_ : ndarray of shape (n,), int64
        Row of each point's nearest core point: itself for a core point, beyond `eps_km` for noise, -1 if there is none.
    km_to_core_ : ndarray of shape (n,), float64, km
        Distance to it; NaN if there is none.

    Notes
    -----
    Neighbourhoods are found and stored by scikit-learn's ball tree: memory and time grow with the number of
    neighbouring pairs, which is fine up to some hundred thousand points.

    Examples
    --------
    >>> from clustering import SphericalDBSCAN
    >>> points = [[48.1, 11.6], [48.2, 11.6], [52.5, 13.4]]
    >>> model = SphericalDBSCAN(eps_km=15, min_samples=3).fit(points, sample_weight=[2, 1, 1])
    >>> model.labels_.tolist()
    [0, 0, -1]
    >>> model.core_point_of_.tolist()
    [0, 1, 1]
    """

    def __init__(self, eps_km: float = 15.0, min_samples: int = 4500, n_threads: int | None = None) -> None:
        self.eps_km = eps_km
        self.min_samples = min_samples
        self.n_threads = n_threads

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:  # noqa: ARG002 (scikit-learn's signature)
        """This estimator with its attributes set from the points.

        Parameters
        ----------
        X : array-like of shape (n, 2), degrees
            Latitude in [-90, 90], longitude in [-180, 180]; n >= 1.
        y : ignored
        sample_weight : array-like of shape (n,), integers >= 0, not all zero
            None means 1 each.

        Raises
        ------
        ValueError
            A parameter, coordinate or weight cannot be used; the message names it and the first bad row.
        """
        self._check_parameters()
        points = _checked_points(validate_data(self, X, dtype=np.float64, ensure_all_finite=False, order="C"))
        weight = _checked_weights(sample_weight, len(points))
        is_core, components = self._cores(points, weight)
        self._assign(points, is_core, components)
        return self

    def _check_parameters(self) -> None:
        if not EPS_MIN_KM <= self.eps_km <= EPS_MAX_KM:
            raise ValueError(f"eps_km is {self.eps_km}; it must lie between {EPS_MIN_KM} and {EPS_MAX_KM} km")
        if self.min_samples < 1 or self.min_samples != int(self.min_samples):
            raise ValueError(f"min_samples is {self.min_samples}; it must be a whole number of at least 1")
        if self.n_threads is not None and self.n_threads < 1:
            raise ValueError(f"n_threads is {self.n_threads}; it must be at least 1, or None for all cores")

    def _cores(self, points: Floats, weight: Ints) -> tuple[Bools, Ints]:
        """Whether each point is a core point, and the component of each core point."""
        from sklearn.cluster import DBSCAN

        found = DBSCAN(
            eps=self.eps_km / EARTH_RADIUS_KM,
            min_samples=int(self.min_samples),
            metric="haversine",
            algorithm="ball_tree",
            n_jobs=self.n_threads or -1,
        ).fit(points * DEGREE, sample_weight=weight)
        is_core = np.zeros(len(points), bool)
        is_core[found.core_sample_indices_] = True
        return is_core, found.labels_[is_core].astype(np.int64)

    def _assign(self, points: Floats, is_core: Bools, components: Ints) -> None:
        cores, others = np.flatnonzero(is_core), np.flatnonzero(~is_core)
        self.core_sample_indices_ = cores
        self.labels_ = np.full(len(points), NOISE, np.int64)
        self.core_point_of_ = np.full(len(points), -1, np.int64)
        self.km_to_core_ = np.full(len(points), np.nan)
        if not len(cores):
            return
        self.labels_[cores] = _by_first_core(points[cores], components)
        self.core_point_of_[cores], self.km_to_core_[cores] = cores, 0.0
        if not len(others):
            return
        latitude, longitude = np.ascontiguousarray(points.T)
        row, hav = nearest(latitude[others], longitude[others], latitude[cores], longitude[cores])
        self.core_point_of_[others], self.km_to_core_[others] = cores[row], kilometres(hav)
        within = hav <= haversine_limit(self.eps_km)
        self.labels_[others[within]] = self.labels_[cores[row[within]]]


def _by_first_core(cores: Floats, components: Ints) -> Ints:
    """Components renumbered by their southernmost, then westernmost core point: the order of rows plays no part."""
    order = np.lexsort((cores[:, 1], cores[:, 0]))
    _, first = np.unique(components[order], return_index=True)
    number = np.empty(len(first), np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    _, dense = np.unique(components, return_inverse=True)
    return number[dense]


def _first_bad(bad: Any) -> int | None:
    rows = np.flatnonzero(bad)
    return int(rows[0]) if len(rows) else None


def _checked_points(points: Floats) -> Floats:
    if points.shape[1] != 2:
        raise ValueError(
            f"X has {points.shape[1]} feature(s); SphericalDBSCAN takes two columns: latitude and longitude in degrees"
        )
    row = _first_bad(~np.isfinite(points).all(axis=1))
    if row is not None:
        raise ValueError(f"Input X contains NaN or infinity, first in row {row}: {points[row].tolist()}")
    row = _first_bad((np.abs(points) > (90.0, 180.0)).any(axis=1))
    if row is not None:
        raise ValueError(
            f"X holds a coordinate out of range, first in row {row}: {points[row].tolist()}; "
            "latitude lies in [-90, 90], longitude in [-180, 180], in that order"
        )
    return points


def _checked_weights(sample_weight: Any, rows: int) -> Ints:
    if sample_weight is None:
        return np.ones(rows, np.int64)
    given = np.asarray(sample_weight)
    if given.shape != (rows,):
        raise ValueError(f"sample_weight has shape {given.shape}; X asks for ({rows},)")
    if given.dtype.kind not in "iub":
        given = given.astype(np.float64)
        row = _first_bad(~np.isfinite(given) | (given != np.floor(given)))
        if row is not None:
            raise ValueError(
                f"sample_weight holds {given[row]} in row {row}; weights are whole numbers: scale them and min_samples"
            )
    row = _first_bad(given < 0)
    if row is not None:
        raise ValueError(f"sample_weight is negative in row {row}: {given[row]}")
    if float(given.sum(dtype=np.float64)) >= 2.0**62:
        raise ValueError("sample_weight sums to 2^62 or more; divide the weights and min_samples")
    weight: Ints = given.astype(np.int64)
    if not weight.any():
        raise ValueError("every sample_weight is zero: no point has any weight")
    return weight
