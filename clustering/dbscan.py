"""Weighted DBSCAN on the sphere as an estimator of scikit-learn: parameters, input checks, attributes.

The clustering itself is `engine.py` and the compiled `kernels.py`. Merging, numbering by size and tables live elsewhere.
"""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import validate_data

from clustering.engine import MOST_ROWS, Found, find_clusters, first_bad_row
from clustering.sphere import Floats, Ints, kilometres

NOISE = -1
EPS_MIN_KM, EPS_MAX_KM = 0.0001, 10_007.5  # a tenth of a meter … a quarter of the circumference
MOST_WEIGHT = 2**62


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
    min_samples : int, default 4500, in units of the weights, in [1, 2^62]
    n_threads : int or None, default None
        Threads; None means all cores this process may use, and more than four for each are not started. Below 20,000
        points one thread does it.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        Cluster of each point, -1 for noise. Clusters are numbered from 0 by their southernmost (then westernmost)
        core point.
    core_sample_indices_ : ndarray of shape (cores,), int64
        Rows of the core points, ascending.
    core_point_of_ : ndarray of shape (n,), int64
        Row of each point's nearest core point: itself for a core point, beyond `eps_km` for noise, -1 if there is none.
        Of core points at the same place, the one in the smallest row.
    km_to_core_ : ndarray of shape (n,), float64, km
        Distance to it; NaN if there is none.

    Notes
    -----
    Exact: two points are neighbors if and only if their haversine value, in double precision and in the order of
    operations of scikit-learn's, is at most that of `eps_km`. Grid cells, bounds and unit vectors only save work.

    Memory grows with the number of points alone, by at most about 90 bytes a point beyond X. Time for the grid and its
    sort is O(n); a point whose cell does not decide it costs the points near the rim of its circle. One million places
    of the world take a fraction of a second, where a tree that stores neighborhoods takes a minute and 13 GB
    (`benchmarks/clustering`).

    `core_point_of_` and `km_to_core_` are completed for noise when first read, from X as it is then: a tree over the
    core points, O(n log n). A pickle holds them complete and holds no X.

    The first call on a machine compiles, about half a minute, unless `python -m clustering.warm` has run.

    Examples
    --------
    >>> from clustering import SphericalDBSCAN
    >>> points = [[48.1, 11.6], [48.2, 11.6], [52.5, 13.4]]
    >>> model = SphericalDBSCAN(eps_km=15, min_samples=3).fit(points, sample_weight=[2, 1, 1])
    >>> model.labels_.tolist()
    [0, 0, -1]
    >>> model.core_point_of_.tolist()
    [0, 1, 1]

    Taxi stops: places within 150 m of at least 20 stops, each stop counted once.

    >>> import numpy as np
    >>> stops = np.random.default_rng(7).normal([40.75, -73.98], 0.02, (5000, 2))
    >>> ranks = SphericalDBSCAN(eps_km=0.15, min_samples=20).fit(stops)
    >>> bool((ranks.km_to_core_[ranks.labels_ >= 0] <= 0.15).all())
    True
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
        try:
            points = validate_data(self, X, dtype=np.float64, ensure_all_finite=False, order="C")
        except (TypeError, ValueError) as fault:
            raise _clearer(X, fault) from None
        points = checked_points(points, self.n_threads)
        weight = checked_weights(sample_weight, len(points))
        found = find_clusters(points, weight, float(self.eps_km), int(self.min_samples), self.n_threads)
        self.labels_ = found.labels
        self.core_sample_indices_ = np.flatnonzero(found.is_core)
        self._unread: tuple[Floats, Found] | None = (points, found)
        self._nearest: tuple[Ints, Floats] | None = None
        return self

    @property
    def core_point_of_(self) -> Ints:
        """Row of each point's nearest core point."""
        return self._nearest_cores()[0]

    @property
    def km_to_core_(self) -> Floats:
        """Distance to it, km."""
        return self._nearest_cores()[1]

    def _nearest_cores(self) -> tuple[Ints, Floats]:
        if not hasattr(self, "_nearest"):
            raise AttributeError("this SphericalDBSCAN is not fitted yet: call fit first")
        if self._nearest is None and self._unread is not None:
            self._nearest, self._unread = _completed(*self._unread, self.n_threads), None
        assert self._nearest is not None
        return self._nearest

    def __getstate__(self) -> Any:
        if hasattr(self, "_nearest"):
            self._nearest_cores()  # so that the points themselves stay out
        return super().__getstate__()

    def _check_parameters(self) -> None:
        checked_number("eps_km", self.eps_km, EPS_MIN_KM, EPS_MAX_KM)
        checked_number("min_samples", self.min_samples, 1, MOST_WEIGHT, whole=True)
        if self.n_threads is not None:
            checked_number("n_threads", self.n_threads, 1, whole=True)


def checked_number(name: str, value: Any, least: float, most: float = np.inf, whole: bool = False) -> None:
    """ValueError that names the argument, unless the value is a number from `least` to `most`; NaN is none."""
    if (
        not isinstance(value, (int, float, np.number))
        or not least <= value <= most
        or (whole and (value == np.inf or value != int(value)))
    ):
        upper = f" and at most {most}" if most < np.inf else ""
        kind = "whole number" if whole else "number"
        raise ValueError(f"{name} is {value!r}; it must be a {kind} of at least {least}{upper}")


def _clearer(X: Any, fault: Exception) -> Exception:
    """What is wrong with X in a sentence with its row; scikit-learn's own words where they say it well enough."""
    if hasattr(X, "toarray"):  # a sparse matrix
        return fault
    wanted = "X takes one row a point, latitude and longitude in degrees"
    try:
        given = np.asarray(X)
    except ValueError:
        size = [len(row) if hasattr(row, "__len__") else 0 for row in X]
        row = next(place for place, one in enumerate(size) if one != size[0])
        return ValueError(
            f"X has rows of different lengths: {size[0]} in row 0, {size[row]} in row {row}; {wanted}"
        )
    if given.ndim != 2:
        return ValueError(f"X has the shape {given.shape}; {wanted}")
    cells = given.tolist() if given.dtype.kind in "OUS" else []
    for row, values in enumerate(cells):
        bad = next((one for one in values if not _is_number(one)), None)
        if bad is not None:
            return ValueError(f"X holds {bad!r} in row {row}, which is no number; {wanted}")
    return fault


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _completed(points: Floats, found: Found, n_threads: int | None) -> tuple[Ints, Floats]:
    """Nearest core point of every point and the distance, km: core points, border points, then noise."""
    row, km = np.full(len(points), -1, np.int64), np.full(len(points), np.nan)
    cores = np.flatnonzero(found.is_core)
    row[cores], km[cores] = cores, 0.0
    row[found.border], km[found.border] = found.border_core, kilometres(found.border_hav)
    noise = np.flatnonzero(found.labels == NOISE)
    if len(noise) and len(cores):
        from clustering.beyond import nearest_cores

        row[noise], km[noise] = nearest_cores(points, noise, cores, n_threads)
    return row, km


def _first_bad(bad: Any) -> int | None:
    rows = np.flatnonzero(bad)
    return int(rows[0]) if len(rows) else None


def checked_points(points: Floats, n_threads: int | None) -> Floats:
    """Points as the compiled code takes them; ValueError names the first row that is no place on the globe."""
    if points.shape[1] != 2:
        raise ValueError(
            f"X has {points.shape[1]} feature(s); SphericalDBSCAN takes two columns: latitude and longitude in degrees"
        )
    if len(points) > MOST_ROWS:
        raise ValueError(f"X has {len(points):,} rows; SphericalDBSCAN takes at most {MOST_ROWS:,}")
    # one kind of array for the compiled code: every other kind would compile it anew inside the call
    points = np.require(np.asarray(points), np.float64, ["C", "A", "W"])
    row = first_bad_row(points, n_threads)
    if row is None:
        return points
    if not np.isfinite(points[row]).all():
        raise ValueError(f"Input X contains NaN or infinity, first in row {row}: {points[row].tolist()}")
    raise ValueError(
        f"X holds a coordinate out of range, first in row {row}: {points[row].tolist()}; "
        "latitude lies in [-90, 90], longitude in [-180, 180], in that order"
    )


def checked_weights(sample_weight: Any, rows: int) -> Ints:
    """Weights as the compiled code takes them; ValueError names the first row that is no whole number from 0 on."""
    if sample_weight is None:
        return np.ones(rows, np.int64)
    given = np.asarray(sample_weight)
    if given.dtype.kind not in "biufO":
        raise ValueError(f"sample_weight is of type {given.dtype}; weights are whole numbers")
    if given.shape != (rows,):
        raise ValueError(f"sample_weight has shape {given.shape}; X asks for ({rows},)")
    if given.dtype.kind not in "iub":
        given = _whole(given)
    row = _first_bad(given < 0)
    if row is not None:
        raise ValueError(f"sample_weight is negative in row {row}: {given[row]}")
    if float(given.sum(dtype=np.float64)) >= MOST_WEIGHT:
        raise ValueError("sample_weight sums to 2^62 or more; divide the weights and min_samples")
    weight: Ints = np.require(given, np.int64, ["C", "A", "W"])
    if not weight.any():
        raise ValueError("every sample_weight is zero: no point has any weight")
    return weight


def _whole(given: Any) -> Floats:
    """Weights that came as floating-point numbers or objects; ValueError names the first that is no whole number."""
    if given.dtype.kind == "O":
        row = next(
            (place for place, one in enumerate(given) if one is not None and not _is_number(one)), None
        )
        if row is not None:
            raise ValueError(f"sample_weight holds {given[row]!r} in row {row}; weights are whole numbers")
    weight: Floats = given.astype(np.float64)
    row = _first_bad(~np.isfinite(weight))
    if row is not None:
        fault = "is missing (NaN)" if np.isnan(weight[row]) else f"is not finite ({weight[row]})"
        raise ValueError(f"sample_weight {fault} in row {row}; every point needs one, 0 or more")
    row = _first_bad(weight != np.floor(weight))
    if row is not None:
        raise ValueError(
            f"sample_weight holds {weight[row]} in row {row}; weights are whole numbers: scale them and min_samples"
        )
    return weight
