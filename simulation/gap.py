"""A gap in a cluster of two cities, so wide that DBSCAN leaves two clusters and so thin that merging joins them.

Long names arise that way (METHODOLOGY 8). Each side ends in a town that is a core point only because its city is near;
the two towns lie more than the published radius of 15 km apart, but not more than 20. Between them lie a few villages:
too far from the cities to be core points, near enough to the towns to be border points, and within 5 km of each other
across the middle. Nothing else is left in between. Where such a stretch lies is searched among the real places.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from simulation.places import EARTH_KM

Rows = NDArray[np.int64]
ASIDE_KM = 12.0  # how far from the straight line towns and villages may lie
TOWN, VILLAGES = 0.14, 0.40  # parts of the published threshold: in each town, in all villages together
CORE_WITHIN_KM, NOT_CORE_KM = 14.6, 15.3  # the published radius of 15 km, and some room on either side
TOWNS_KM, ACROSS_KM = (15.4, 19.6), 4.8
RADIUS_KM = 15.0
HEAVY, HARDLY, LIGHT = 1.4, 0.8, 0.1  # of the threshold: core whatever is drawn, no core, nothing to speak of
ENOUGH_KM = 1.2  # margin beyond which the smaller loss decides
TRIED = 6  # pairs of towns looked at closely for each stretch


@dataclass(frozen=True)
class Gap:
    """What stays between the cities (rows of places and their parts of the threshold), and the stretch in km."""

    rows: Rows
    part: NDArray[np.float64]
    from_km: float
    to_km: float
    margin_km: float


def positions_km(
    vectors: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Kilometres along the line from `start` to `end` (unit vectors), negative before it."""
    along = (end - start) / np.linalg.norm(end - start)
    kilometres: NDArray[np.float64] = (vectors - start) @ along * EARTH_KM
    return kilometres


def find_gap(
    vectors: NDArray[np.float64],
    rows: Rows,
    listings: NDArray[np.float64],
    between: Rows,
    cities: tuple[int, int],
) -> Gap | None:
    """The stretch that merging alone bridges with the least loss around, given margin; None when there is none.

    A stretch counts only if it holds whichever one of its villages the draws leave empty.

    Parameters
    ----------
    vectors : ndarray of shape (places, 3)
        Unit vectors of all places.
    rows, listings : ndarray of equal shape
        The cluster's places and their listings as parts of the published threshold.
    between : ndarray
        Rows of places near the line between the cities.
    """
    start, end = vectors[cities[0]], vectors[cities[1]]
    whole = float(positions_km(end[None, :], start, end)[0])
    at, on_way = positions_km(vectors[rows], start, end), positions_km(vectors[between], start, end)
    to_heavy = _km(vectors[between], vectors[rows])
    among = _km(vectors[between], vectors[between])
    best, best_quality = None, (0.0, 0.0)
    for begin in np.arange(0.5, whole - 30, 2.0):
        for finish in np.arange(begin + 30, whole, 2.0):
            inside = np.flatnonzero((on_way > begin) & (on_way < finish))
            sides = (at <= begin, at >= finish)
            masses = [_mass(to_heavy[np.ix_(inside, side)], listings[side]) for side in sides]
            for towns, villages in _bridges(among[np.ix_(inside, inside)], masses):
                chosen = between[inside[[*towns, *villages]]]
                part = np.array([TOWN, TOWN, *[VILLAGES / len(villages)] * len(villages)])
                heavy = sides[0] | sides[1]
                margin = _margin(vectors, rows[heavy], listings[heavy], sides[1][heavy], chosen, part)
                quality = (min(margin, ENOUGH_KM), -float(listings[~heavy].sum()))
                if margin > 0 and quality > best_quality:
                    best, best_quality = Gap(chosen, part, float(begin), float(finish), margin), quality
    return best


def _km(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    kilometres: NDArray[np.float64] = EARTH_KM * np.sqrt(np.maximum(0, 2 - 2 * first @ second.T))
    return kilometres


def _mass(
    km: NDArray[np.float64], listings: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Listings surely and possibly within the radius of each place."""
    return (km <= CORE_WITHIN_KM) @ listings, (km <= NOT_CORE_KM) @ listings


def _bridges(
    km: NDArray[np.float64], masses: list[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> list[tuple[list[int], list[int]]]:
    """The most promising pairs of towns (positions) with two villages of either side between them."""
    (first_surely, first_maybe), (second_surely, second_maybe) = masses
    first_towns = np.flatnonzero((first_surely >= HEAVY) & (second_maybe <= LIGHT))
    second_towns = np.flatnonzero((second_surely >= HEAVY) & (first_maybe <= LIGHT))
    villages = np.flatnonzero(first_maybe + second_maybe <= LIGHT)
    found = []
    for one, other in product(first_towns.tolist(), second_towns.tolist()):
        margin = min(km[one, other] - TOWNS_KM[0], TOWNS_KM[1] - km[one, other])
        if margin <= 0:
            continue
        nearer = km[villages, one] < km[villages, other]
        first = villages[nearer & (km[villages, one] <= CORE_WITHIN_KM)]
        second = villages[~nearer & (km[villages, other] <= CORE_WITHIN_KM)]
        chosen = _across(km, first, second)
        if chosen:
            found.append((-margin, [one, other], chosen))
    return [(towns, chosen) for _, towns, chosen in sorted(found)[:TRIED]]


def _across(km: NDArray[np.float64], first: Rows, second: Rows) -> list[int]:
    """Two villages of either side, each within `ACROSS_KM` of one across; nothing when there are not so many."""
    near = km[np.ix_(first, second)] <= ACROSS_KM
    here = np.argsort(-near.sum(axis=1), kind="stable")[:2]
    there = np.argsort(-near[here].sum(axis=0), kind="stable")[:2]
    if len(here) < 2 or len(there) < 2 or not near[np.ix_(here, there)].any(axis=0).all():
        return []
    return [*first[here].tolist(), *second[there].tolist()]


def _margin(
    vectors: NDArray[np.float64],
    heavy: Rows,
    listings: NDArray[np.float64],
    later: NDArray[np.bool_],
    chosen: Rows,
    part: NDArray[np.float64],
) -> float:
    """How far from failing the gap is, in km, when no or any one village is empty and cores are fewer or more."""
    points = vectors[np.concatenate([heavy, chosen])]
    weight = np.concatenate([listings, part])
    km = _km(points, points)
    towns = len(heavy) + np.arange(2)
    side = np.concatenate([later, km[len(heavy) :, towns[0]] > km[len(heavy) :, towns[1]]])
    margin = np.inf
    for empty in (None, *range(len(heavy) + 2, len(points))):
        there = np.arange(len(points)) != empty
        within = km[np.ix_(there, there)]
        mass = (within <= RADIUS_KM) @ weight[there]
        for limit in (HEAVY, HARDLY):
            margin = min(margin, _held(within, mass >= limit, side[there]))
            if margin <= 0:
                return 0.0
    return float(margin)


def _held(km: NDArray[np.float64], core: NDArray[np.bool_], later: NDArray[np.bool_]) -> float:
    """Margin of the distance between both sides' cores, 0 when the sides touch, are too far, or no members are near."""
    if not core[~later].any() or not core[later].any():
        return 0.0
    apart = float(km[np.ix_(core & ~later, core & later)].min())
    to_first, to_second = km[:, core & ~later].min(axis=1), km[:, core & later].min(axis=1)
    first = (to_first <= RADIUS_KM) & (to_first < to_second)
    second = (to_second <= RADIUS_KM) & (to_second < to_first)
    if float(km[np.ix_(first, second)].min()) > ACROSS_KM:
        return 0.0
    return max(0.0, min(apart - TOWNS_KM[0], TOWNS_KM[1] - apart))
