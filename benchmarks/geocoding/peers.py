"""Simpler ways to place an address, for comparison in the same run: two packages that find city names, and one rule.

Each sees the country and takes its coordinates from our gazetteer: the last city it finds that the country has.
A package that is not installed is left out with a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.util import find_spec

from geocoding.geocoder import Geocoder
from geocoding.normalise import key, segments

Point = tuple[float, float]
Peer = Callable[[str, str], Point | None]


def _last_known(geocoder: Geocoder, names: Iterable[str], country: str) -> Point | None:
    point = None
    for name in names:
        found = geocoder.index.places_named(country, key(name))
        if found:
            point = found[0].latitude, found[0].longitude
    return point


def _flashgeotext(geocoder: Geocoder) -> Peer:
    from flashgeotext.geotext import GeoText  # type: ignore[import-not-found, unused-ignore]

    finder = GeoText()

    def place(text: str, country: str) -> Point | None:
        cities = finder.extract(input_text=text)["cities"]
        last_first = sorted(cities, key=lambda name: (max(end for _, end in cities[name]["span_info"]), name))
        return _last_known(geocoder, last_first, country)

    return place


def _geotext(geocoder: Geocoder) -> Peer:
    from geotext import GeoText  # type: ignore[import-not-found, import-untyped, unused-ignore]

    return lambda text, country: _last_known(geocoder, GeoText(text).cities, country)


def _last_city(geocoder: Geocoder) -> Peer:
    return lambda text, country: _last_known(geocoder, segments(text), country)


def peers(geocoder: Geocoder) -> dict[str, Peer]:
    """Name of each way -> function of (text, country)."""
    found = {"last city token": _last_city(geocoder)}
    for name, make in (("flashgeotext", _flashgeotext), ("geotext", _geotext)):
        if find_spec(name) is None:
            print(f"The package {name} is not installed: its column is left out.")
        else:
            found[name] = make(geocoder)
    return found
