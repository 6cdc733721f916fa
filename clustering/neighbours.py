"""What merging did and what it would do by other rules: neighbouring clusters, and WIPO's pairs of cities (METHODOLOGY 8).

Takes clusters before merging with the distances between them, gives rows of `cluster_neighbours` and `pair_trials`.
Numbers count from 1. Nothing here decides what an edition's clusters are: `merge.py` does.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from clustering.merge import Join, Members, groups, joins
from clustering.sphere import Floats, Ints, haversine_limit, nearest


@dataclass(frozen=True)
class Pair:
    """Two cities that WIPO's ranking joined or kept apart, degrees."""

    published: str
    city_a: str
    city_b: str
    km_between_centres: float
    at_a: tuple[float, float]
    at_b: tuple[float, float]


def near_pairs(members: Members, clusters: int, within_km: float) -> list[Join]:
    """Pairs of clusters whose nearest points lie within `within_km`, numbered from 1, with their core distance."""
    return [
        Join(one.first + 1, one.second + 1, one.points_km, one.core_km)
        for one in joins(members, clusters, within_km, None)
    ]


def neighbour_rows(
    near: Sequence[Join], joined: Sequence[Join], clusters: int, leading: Sequence[Ints] | None
) -> list[dict[str, Any]]:
    """Rows of `cluster_neighbours`.

    Parameters
    ----------
    near : pairs of clusters near each other
    joined : the pairs that the edition's rule joins
    clusters : number of clusters before merging
    leading : for each kind the leading partner of each cluster, numbers from 0, or None when the rule does not ask
    """
    made = {(one.first, one.second) for one in joined}
    known = {(one.first, one.second): one for one in [*near, *joined]}
    group = _groups(joined, clusters)
    links: dict[int, list[int]] = {}
    for a, b in sorted(made):
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)
    rows = []
    for (a, b), one in sorted(known.items()):
        same = bool(group[a - 1] == group[b - 1])
        rows.append(
            {
                "dbscan_no_a": a,
                "dbscan_no_b": b,
                "points_km": one.points_km,
                "core_km": one.core_km,
                "is_partner": None if leading is None else _are_partners(a - 1, b - 1, leading),
                "joined": (a, b) in made,
                "same_cluster": same,
                "chain": _chain(a, b, links) if same else [],
            }
        )
    return rows


def _are_partners(a: int, b: int, leading: Sequence[Ints]) -> bool:
    return any(one[a] == b or one[b] == a for one in leading)


def _groups(joined: Sequence[Join], clusters: int) -> Ints:
    zero_based = [Join(one.first - 1, one.second - 1, one.points_km, one.core_km) for one in joined]
    return groups(zero_based, clusters) if clusters else np.empty(0, np.int64)


def _chain(start: int, end: int, links: dict[int, list[int]]) -> list[int]:
    """The shortest way from one cluster to another over joined pairs; ties go to smaller numbers."""
    before = {start: 0}
    waiting = deque([start])
    while waiting and end not in before:
        one = waiting.popleft()
        for other in sorted(links.get(one, ())):
            if other not in before:
                before[other] = one
                waiting.append(other)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def pair_rows(
    pairs: Sequence[Pair],
    members: Members,
    clusters: int,
    near: Sequence[Join],
    joined: Sequence[Join],
    eps_km: float,
    within_km: float,
) -> list[dict[str, Any]]:
    """Rows of `pair_trials`: the cluster at each city is that of the nearest clustered point within `eps_km`."""
    trials: dict[str, list[Join]] = {
        "without_merging": [],
        "without_core_limit": [one for one in near if one.points_km <= within_km],
        "with_core_limit": [
            one for one in near if one.points_km <= within_km and one.core_km <= eps_km + within_km
        ],
        "as_set": list(joined),
    }
    group = {name: _groups(kept, clusters) for name, kept in trials.items()}
    at_a = _cluster_at([one.at_a for one in pairs], members, eps_km)
    at_b = _cluster_at([one.at_b for one in pairs], members, eps_km)
    known = {(one.first, one.second): one for one in [*near, *joined]}
    rows = []
    for pair, a, b in zip(pairs, at_a, at_b, strict=True):
        between = known.get((min(a, b), max(a, b)))
        rows.append(
            {
                "published": pair.published,
                "city_a": pair.city_a,
                "city_b": pair.city_b,
                "km_between_centres": pair.km_between_centres,
                "dbscan_no_a": a or None,
                "dbscan_no_b": b or None,
                "points_km": 0.0 if a and a == b else between.points_km if between else None,
                "core_km": 0.0 if a and a == b else between.core_km if between else None,
                **{name: _outcome(a, b, found) for name, found in group.items()},
            }
        )
    return rows


def agreeing(trials: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Of WIPO's pairs, those that each rule leaves as printed."""
    rules = ("without_merging", "without_core_limit", "with_core_limit", "as_set")
    found = {rule: sum(row[rule] == row["published"] for row in trials) for rule in rules}
    return {"pairs": len(trials), **found}


def _outcome(a: int, b: int, group: Ints) -> str:
    if not a or not b:
        return "not found"
    return "joined" if group[a - 1] == group[b - 1] else "apart"


def _cluster_at(places: Sequence[tuple[float, float]], members: Members, eps_km: float) -> list[int]:
    """Number of the cluster at each place, 0 for none."""
    rows = np.flatnonzero(members.cluster >= 0)
    if not len(rows) or not places:
        return [0] * len(places)
    spots: Floats = np.array(places, dtype=np.float64)
    found, hav = nearest(
        spots[:, 0].copy(), spots[:, 1].copy(), members.latitude[rows], members.longitude[rows]
    )
    number = members.cluster[rows[found]] + 1
    return [int(one) if near else 0 for one, near in zip(number, hav <= haversine_limit(eps_km), strict=True)]
