"""Listings that two editions share, by pair of clusters: what lineage is made from (METHODOLOGY 13)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from clustering.lineage import Overlap
from clustering.sphere import Floats, Ints


@dataclass(frozen=True)
class Placed:
    """Points of one edition with their clusters (-1 for noise), and listings by point and period.

    `point` numbers the rows of the first four arrays from 0; `period` numbers pairs of kind and publication year, alike
    in both editions; pairs outside either edition's windows are left out by the caller.
    """

    latitude: Floats
    longitude: Floats
    weight: Ints
    cluster: Ints
    point: Ints
    period: Ints
    listings: Ints


def overlap(now: Placed, before: Placed, periods: int) -> Overlap:
    """Shared listings of each pair of clusters, noise included.

    A listing is shared if both editions hold it at the same coordinate (6 decimals), kind and year; where their numbers
    differ the smaller one counts. With `periods` 0 (windows that do not overlap) the points' weights take their place.
    """
    spots_now, spots_before = _spot(now), _spot(before)
    if periods:
        key_now = _period_keys(spots_now, now, periods)
        key_before = _period_keys(spots_before, before, periods)
        listings_now, listings_before = now.listings, before.listings
        point_now, point_before = now.point, before.point
    else:
        key_now, key_before = spots_now, spots_before
        listings_now, listings_before = now.weight, before.weight
        point_now, point_before = np.arange(len(spots_now)), np.arange(len(spots_before))
    _, left, right = np.intersect1d(key_now, key_before, assume_unique=True, return_indices=True)
    shared = np.minimum(listings_now[left], listings_before[right])
    return _summed(now.cluster[point_now[left]], before.cluster[point_before[right]], shared)


def _spot(placed: Placed) -> Ints:
    """One number for each coordinate of 6 decimals."""
    north = np.rint((placed.latitude + 90.0) * 1e6).astype(np.int64)
    east = np.rint((placed.longitude + 180.0) * 1e6).astype(np.int64)
    return np.asarray(north * 360_000_001 + east, dtype=np.int64)


def _period_keys(spots: Ints, placed: Placed, periods: int) -> Ints:
    if periods > 100:  # 6.5e16 spots times 100 periods still fit 63 bits
        raise OverflowError("more than 100 kinds and years cannot be told apart")
    return spots[placed.point] * periods + placed.period


def _summed(now: Ints, before: Ints, shared: Ints) -> Overlap:
    span = int(before.max(initial=0)) + 2
    pairs, place = np.unique((now + 1) * span + before + 1, return_inverse=True)
    total = np.zeros(len(pairs), np.int64)
    np.add.at(total, place, shared)
    return Overlap(pairs // span - 1, pairs % span - 1, total)
