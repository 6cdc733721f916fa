"""What a cluster is called: METHODOLOGY 10. Takes listings at points and the gazetteer's cities, gives names and cities.

Each listing goes to the nearest city of its own economy, a district's to its city; the cities with most listings make
the name. Spellings come
from a file of printed forms, whole names from a file of overrides; both are the caller's to read and to pass in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from clustering.cities import Cities
from clustering.districts import holders
from clustering.sphere import Floats, Ints, distance_km, haversine_limit, nearest
from foundation.errors import MissingData

EN_DASH = "–"
SMALL_CITY = 20_000  # where an economy has no larger city near
STATES = ("US",)  # economies whose names end in the state


@dataclass(frozen=True)
class Activity:
    """Listings of clusters at points, one row a point: cluster number from 0, economy, degrees, and activity.

    `activity` weighs the two kinds of listings alike; see `balanced`.
    """

    cluster: Ints
    country: list[str]
    latitude: Floats
    longitude: Floats
    activity: Floats


@dataclass(frozen=True)
class Naming:
    """The rule's thresholds (METHODOLOGY 22) and the printed forms of cities by place id."""

    max_cities: int = 3
    min_population: int = 100_000
    city_km: float = 20.0
    min_share_of_first: float = 0.35
    min_distance_km: float = 15.0
    forms: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Name:
    """A cluster's name, its cities in order, and the gazetteer's id of the first."""

    name: str
    cities: list[str]
    place_id: int


def balanced(pct_listings: Ints, sci_listings: Ints) -> Floats:
    """Listings with both kinds weighing the same in all: half the part of each kind that lies at a row."""
    parts = [listings / max(int(listings.sum()), 1) for listings in (pct_listings, sci_listings)]
    return np.asarray(sum(parts), dtype=np.float64) / max(sum(bool(part.any()) for part in parts), 1)


def names(points: Activity, clusters: int, cities: Cities, rule: Naming) -> list[Name]:
    """The name of each cluster 0 … `clusters` - 1.

    Raises
    ------
    MissingData
        The gazetteer holds no city at all.
    """
    if not len(cities.place_id):
        raise MissingData("The gazetteer holds no place.", "Build the gazetteer again.")
    city = _in_their_city(_city_of(points, cities, rule), cities, rule)
    made = []
    order = np.argsort(points.cluster, kind="stable")
    bounds = np.searchsorted(points.cluster[order], np.arange(clusters + 1))
    for number in range(clusters):
        rows = order[bounds[number] : bounds[number + 1]]
        chosen = _chosen(city[rows], points.activity[rows], cities, rule)
        if not chosen:
            chosen = [_any_city(points, rows, cities)]
        made.append(_name(chosen, cities, rule.forms or {}))
    return made


def _city_of(points: Activity, cities: Cities, rule: Naming) -> Ints:
    """Row of the city that each point's listings go to, -1 for none near."""
    found = np.full(len(points.latitude), -1, np.int64)
    rows_of, cities_of = _by_country(points.country), _by_country(cities.country)
    for smallest in (rule.min_population, min(SMALL_CITY, rule.min_population)):
        for country, all_rows in rows_of.items():
            rows = all_rows[found[all_rows] < 0]
            able = cities_of.get(country, rows[:0])
            able = able[cities.population[able] >= smallest]
            if not len(rows) or not len(able):
                continue
            near, hav = nearest(
                points.latitude[rows], points.longitude[rows], cities.latitude[able], cities.longitude[able]
            )
            within = hav <= haversine_limit(rule.city_km)
            found[rows[within]] = able[near[within]]
    return found


def _in_their_city(city: Ints, cities: Cities, rule: Naming) -> Ints:
    """`city` with districts replaced by the city that holds them: South Boston's listings are Boston's."""
    near = city >= 0
    able = np.union1d(np.flatnonzero(cities.population >= rule.min_population), city[near]).astype(np.int64)
    found = city.copy()
    found[near] = holders(cities, able)[np.searchsorted(able, city[near])]
    return found


def _by_country(country: list[str]) -> dict[str, Ints]:
    """Rows of each economy, economies sorted."""
    if not country:
        return {}
    codes, code = np.unique(np.array(country, dtype=str), return_inverse=True)
    order = np.argsort(code, kind="stable").astype(np.int64)
    return dict(zip(codes.tolist(), np.split(order, np.cumsum(np.bincount(code))[:-1]), strict=True))


def _chosen(city: Ints, activity: Floats, cities: Cities, rule: Naming) -> list[int]:
    """Rows of the cities that a cluster is named after, most active first."""
    near = city >= 0
    able, place = np.unique(city[near], return_inverse=True)
    listings = np.bincount(place, activity[near], len(able))
    order = np.lexsort((cities.place_id[able], -cities.population[able], -listings))
    chosen: list[int] = []
    for one in order:
        row = int(able[one])
        enough = listings[one] >= rule.min_share_of_first * listings[order[0]]
        if not chosen or (enough and _apart(row, chosen, cities, rule.min_distance_km)):
            chosen.append(row)
        if len(chosen) == rule.max_cities:
            break
    return chosen


def _apart(row: int, chosen: list[int], cities: Cities, least_km: float) -> bool:
    """Whether a city lies far enough from those already named in its economy."""
    same = [other for other in chosen if cities.country[other] == cities.country[row]]
    return all(
        distance_km(
            cities.latitude[row], cities.longitude[row], cities.latitude[other], cities.longitude[other]
        )
        >= least_km
        for other in same
    )


def _any_city(points: Activity, rows: Ints, cities: Cities) -> int:
    """The place nearest to the most active point, of its economy if the gazetteer has one there."""
    first = rows[np.lexsort((rows, -points.activity[rows]))[0]]
    same = np.flatnonzero(np.array(cities.country, dtype=object) == points.country[first])
    able = same if len(same) else np.arange(len(cities.place_id))
    near, _ = nearest(
        points.latitude[[first]], points.longitude[[first]], cities.latitude[able], cities.longitude[able]
    )
    return int(able[near[0]])


def told_apart(printed: list[str], economies: list[str], listings: Ints, regions: list[str]) -> list[str]:
    """Names with the region added where a cluster of more listings has the same name and leading economy.

    The largest of them keeps the plain name, as it is published. One whose region is not known, or is that of a larger
    one of its name, stays as it is.

    >>> told_apart(
    ...     ["Suzhou", "Suzhou", "Lund"],
    ...     ["CN", "CN", "SE"],
    ...     np.array([9, 2, 1]),
    ...     ["Jiangsu", "Anhui", "Skåne"],
    ... )
    ['Suzhou', 'Suzhou, Anhui', 'Lund']
    """
    taken: dict[tuple[str, str], set[str]] = {}
    made = list(printed)
    for number in sorted(range(len(printed)), key=lambda one: (-int(listings[one]), one)):
        regions_taken = taken.setdefault((printed[number], economies[number]), set())
        if regions_taken and regions[number] and regions[number] not in regions_taken:
            made[number] = f"{printed[number]}, {regions[number]}"
        regions_taken.add(regions[number])
    return made


def _name(chosen: list[int], cities: Cities, forms: Mapping[int, str]) -> Name:
    printed = [forms.get(int(cities.place_id[row]), cities.name[row]) for row in chosen]
    states = [cities.region[row] if cities.country[row] in STATES else "" for row in chosen]
    if len(set(states)) == 1 and states[0]:
        name = EN_DASH.join(printed) + f", {states[0]}"
    else:
        name = EN_DASH.join(
            f"{city}, {state}" if state else city for city, state in zip(printed, states, strict=True)
        )
    return Name(name, printed, int(cities.place_id[chosen[0]]))
