"""The places of the simulated world: GeoNames cities whose written name leads back to them, and the districts of big ones.

A place is kept when its name can stand in an address (letters only) and no larger place of its country, or of its
region where addresses name regions, bears the same name. Districts of big cities stay with their city's name beside
them. Nothing here knows a cluster.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simulation import tables

if TYPE_CHECKING:
    from geocoding.gazetteer import Place

EARTH_KM = 6371.0088
MIN_POPULATION = 1000
SUBURB_POPULATION = 30_000  # of a suburb whose name stands alone in addresses; smaller ones are quarters
BIG_CITY = 300_000  # inhabitants from which a city has districts of its own
BIG_CITY_KM = 0.0055  # radius of a city in km, per square root of an inhabitant
BIG_CITY_KM_MAX = 22.0
#: countries whose article addresses name a district before its city; elsewhere suburbs are towns of their own
DISTRICT_COUNTRIES = frozenset(
    ["CN", "TW", "JP", "KR", "IN", "IR", "TR", "EG", "SA", "TH", "MY", "VN", "PK", "BD", "ID", "MX"]
)
_NOT_IN_KEYS = str.maketrans("", "", " .'-")
_WRITABLE = re.compile(r"^[A-Za-z][A-Za-z .'\-]{1,24}$")


@dataclass(frozen=True)
class Places:
    """Places by GeoNames id: arrays of equal length, degrees, inhabitants; `parent` is the row of the big city or −1."""

    place_id: NDArray[np.int64]
    name: list[str]
    ascii_name: list[str]
    country: NDArray[np.str_]
    region: list[str]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    population: NDArray[np.int64]
    parent: NDArray[np.int32]

    def row(self, place_id: int) -> int:
        """Row of a GeoNames id."""
        found = int(np.searchsorted(self.place_id, place_id))
        if found == len(self.place_id) or self.place_id[found] != place_id:
            raise KeyError(f"GeoNames id {place_id} is no place of the simulated world")
        return found

    def vectors(self) -> NDArray[np.float64]:
        """Unit vectors, shape (n, 3)."""
        return unit_vectors(self.latitude, self.longitude)


def unit_vectors(latitude: NDArray[np.float64], longitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors of points in degrees, shape (n, 3)."""
    lat, lon = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def chord(km: float) -> float:
    """Length of the chord of the unit sphere under an arc of `km`."""
    return float(2 * np.sin(km / EARTH_KM / 2))


def arc_km(chords: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle kilometres of chords of the unit sphere."""
    kilometres: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.clip(chords / 2, 0, 1))
    return kilometres


def load_places() -> Places:
    """The places of the world, sorted by GeoNames id; about three seconds, most of it for reading the gazetteer."""
    from unidecode import unidecode

    from geocoding.gazetteer import geonames_places

    published = {city for cluster in tables.published_clusters() for city in cluster.place_ids}
    wanted = tables.economies()
    kept: list[Place] = []
    names: list[str] = []
    for place in geonames_places():
        if place.country not in wanted:
            continue
        if place.population < MIN_POPULATION and place.country not in DISTRICT_COUNTRIES:
            continue
        plain = unidecode(place.name).replace("`", "'")
        if place.place_id in published or (_WRITABLE.match(plain) and not plain.startswith("City of")):
            kept.append(place)
            names.append(plain.replace("'", "") if place.country in ("CN", "TW", "KR") else plain)
    parent = _parents(kept, published)
    chosen = _unambiguous(kept, names, parent, published)
    place_rows = [kept[row] for row in chosen]
    moved = np.full(len(kept) + 1, -1, dtype=np.int32)
    moved[chosen] = np.arange(len(chosen), dtype=np.int32)
    return Places(
        np.array([place.place_id for place in place_rows], dtype=np.int64),
        [place.name for place in place_rows],
        [names[row] for row in chosen],
        np.array([place.country for place in place_rows]),
        [place.region for place in place_rows],
        np.array([place.latitude for place in place_rows]),
        np.array([place.longitude for place in place_rows]),
        np.array([place.population for place in place_rows], dtype=np.int64),
        moved[parent[chosen]],
    )


def _parents(kept: list[Place], published: set[int]) -> NDArray[np.int32]:
    """Row of the big city whose area a place lies in, −1 for none; the most populous one where several do."""
    from scipy.spatial import cKDTree

    population = np.array([place.population for place in kept])
    vectors = unit_vectors(
        np.array([place.latitude for place in kept]), np.array([place.longitude for place in kept])
    )
    parent = np.full(len(kept), -1, dtype=np.int32)
    tree = cKDTree(vectors)
    big = np.flatnonzero(population >= BIG_CITY)
    for city in big[np.argsort(population[big], kind="stable")]:  # the largest last: it wins
        radius = min(BIG_CITY_KM_MAX, BIG_CITY_KM * float(population[city]) ** 0.5)
        near = np.sort(np.asarray(tree.query_ball_point(vectors[city], chord(radius)), dtype=np.int64))
        inside = near[(population[near] < population[city] / 2) & (near != city)]
        for row in inside:
            if kept[row].place_id not in published and _same_area(kept[row], kept[city]):
                parent[row] = city
    # a district's city must itself stand alone
    lost = (parent >= 0) & (parent[parent] >= 0)
    parent[lost] = parent[parent[lost]]
    return parent


def _same_area(place: Place, city: Place) -> bool:
    """Whether both lie in one country and, where GeoNames knows both, in one region."""
    return place.country == city.country and (place.region == city.region or not city.region)


def _unambiguous(
    kept: list[Place], names: list[str], parent: NDArray[np.int32], published: set[int]
) -> NDArray[np.int64]:
    regions = tables.regions()
    keys = []
    for place, name in zip(kept, names, strict=True):
        region = place.region if (place.country, place.region) in regions else ""
        keys.append(f"{place.country}|{region}|{name.lower().translate(_NOT_IN_KEYS)}")
    named = np.array([place.place_id in published for place in kept])
    population = np.array([place.population for place in kept])
    order = np.lexsort((np.array([place.place_id for place in kept]), -population, ~named))
    largest: dict[str, int] = {}
    bearers: dict[str, int] = {}
    for row in order.tolist():
        largest.setdefault(keys[row], row)
        bearers[keys[row]] = bearers.get(keys[row], 0) + 1
    stands_alone = np.zeros(len(kept), dtype=bool)
    stands_alone[list(largest.values())] = True
    # of places whose inhabitants are unknown only those whose name nobody else bears
    stands_alone &= (population >= MIN_POPULATION) | np.array([bearers[name] == 1 for name in keys])
    inside = parent >= 0
    district = np.array([place.country in DISTRICT_COUNTRIES for place in kept]) & inside
    stands_alone &= ~inside | (population >= SUBURB_POPULATION)
    return np.flatnonzero(named | district | stands_alone)
