"""Which of the gazetteer's places are districts of a larger one, and so counted with it (METHODOLOGY 9).

GeoNames lists boroughs, wards and neighbourhoods beside the city that holds them, and its feature codes do not tell them
apart: Brooklyn is a seat of a county, Istanbul's districts are plain towns. What tells is size and distance, so a rule
on these decides. What becomes of the answer belongs in `population.py`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np

from clustering.cities import Cities
from clustering.sphere import EARTH_RADIUS_KM, Bools, Ints, distance_km

#: inhabitants per km2 of a city's own area: with 5,000 London reaches 24 km, New York City 24, Paris 12, Berlin 15
DENSITY = 5_000.0
#: a district has at most a third of its city: Brooklyn has 31 % of New York City, Kawasaki, a city, 41 % of Yokohama
CITY_TIMES = 3


def districts(cities: Cities, chosen: Ints) -> Bools:
    """Whether each chosen place is a district of another chosen one; see `holders`.

    Parameters
    ----------
    cities : Cities
    chosen : ndarray of shape (n,), int64
        Rows of `cities`, each once, in any order.

    Returns
    -------
    ndarray of shape (n,), bool
        In the order of `chosen`. Only the rows' set decides.
    """
    return np.asarray(holders(cities, chosen) != chosen, dtype=bool)


def holders(cities: Cities, chosen: Ints) -> Ints:
    """Row of the city that each chosen place is a district of, in the end; its own row when it is none.

    A city's area is a disc of DENSITY inhabitants per km2 round it. A smaller place in it, of the same economy and region
    (any region, for a city of none, as Singapore) and at most a third its size, belongs to it: to the smallest such city,
    since a neighbourhood lies in a borough of the city. A city's direct districts together hold at most its inhabitants,
    the nearest first; what is beyond stays a town of its own or falls to the next larger city.

    Parameters
    ----------
    cities : Cities
    chosen : ndarray of shape (n,), int64
        Rows of `cities`, each once, in any order.

    Returns
    -------
    ndarray of shape (n,), int64
        Rows of `cities`, in the order of `chosen`. Only the rows' set decides. About O(n · places at a city's latitudes)
        time.
    """
    order = np.lexsort((-cities.place_id[chosen], cities.population[chosen]))
    rows = chosen[order]
    holder = _within_larger(cities.population[rows], _larger(cities, rows))
    for place in range(len(rows) - 1, -1, -1):  # a holder is larger, so its own holder is known already
        holder[place] = holder[holder[place]]
    found = np.empty(len(chosen), np.int64)
    found[order] = rows[holder]
    return found


def _larger(cities: Cities, rows: Ints) -> dict[int, list[tuple[int, float]]]:
    """The cities that could hold each place, smallest first, with their distance; `rows` ascend by inhabitants."""
    people, latitude, longitude = cities.population[rows], cities.latitude[rows], cities.longitude[rows]
    place = [(cities.country[row], cities.region[row]) for row in rows.tolist()]
    by_latitude = np.argsort(latitude, kind="stable")
    ordered = latitude[by_latitude]
    reach = np.sqrt(people / (np.pi * DENSITY))
    held: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for city in range(len(rows)):
        height = np.degrees(reach[city] / EARTH_RADIUS_KM) * 1.001  # surely holds the disc
        first, last = np.searchsorted(ordered, [latitude[city] - height, latitude[city] + height])
        near = by_latitude[first:last]
        near = near[CITY_TIMES * people[near] <= people[city]]
        km = distance_km(latitude[near], longitude[near], latitude[city], longitude[city])
        country, region = place[city]
        for other, away in zip(near[km <= reach[city]].tolist(), km[km <= reach[city]].tolist(), strict=True):
            if place[other][0] == country and (not region or place[other][1] == region):
                held[other].append((city, away))
    return held


def _within_larger(people: Ints, larger: dict[int, list[tuple[int, float]]]) -> Ints:
    """The city in which each place found room, or itself: cities from the smallest, their districts from the nearest."""
    asking: dict[int, list[tuple[float, int, int]]] = defaultdict(list)
    for place, held in larger.items():
        asking[held[0][0]].append((held[0][1], place, 0))
    holder = np.arange(len(people), dtype=np.int64)
    waiting = list(asking)
    heapq.heapify(waiting)
    while waiting:
        city = heapq.heappop(waiting)
        left = int(people[city])
        for _, place, turn in sorted(asking[city]):
            if people[place] <= left:
                left -= int(people[place])
                holder[place] = city
            elif turn + 1 < len(larger[place]):
                further, away = larger[place][turn + 1]
                if further not in asking:
                    heapq.heappush(waiting, further)
                asking[further].append((away, place, turn + 1))
    return holder
