"""Old romanisations and former names of cities, from our own table, joined to the gazetteer's places when the index is built.

A listed name means its city alone: other places of the country keep it only as their main name.
"""

from __future__ import annotations

from geocoding.gazetteer import Place
from geocoding.normalise import key
from geocoding.vocabulary import rows


def old_names(places: list[Place]) -> dict[str, int]:
    """Country + key of each listed name -> number of the city in `places`: the largest of today's name, then the smaller id.

    Names whose city the gazetteer lacks are left out.
    """
    largest: dict[str, int] = {}
    for number, place in enumerate(places):
        name = place.country + key(place.name)
        before = largest.get(name)
        if before is None or _rank(place) < _rank(places[before]):
            largest[name] = number
    found = {}
    for row in rows("old_names"):
        city = largest.get(row["country"] + key(row["name"]))
        if city is not None:
            found[row["country"] + key(row["old"])] = city
    return found


def _rank(place: Place) -> tuple[int, int]:
    return -place.population, place.place_id
