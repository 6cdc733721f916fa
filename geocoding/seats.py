"""The town that holds most of a region: where an organisation is taken to sit that names its region alone. METHODOLOGY 5."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geocoding.choice import SAME_KM
from geocoding.evidence import EARTH_KM
from geocoding.index import Candidate, Index

LEAST_SHARE = 0.4  # of a region's townspeople who live within 25 km of its biggest town


class Seat(NamedTuple):
    """A region's biggest town and the share of the region's townspeople who live within 25 km of it."""

    town: Candidate
    share: float


class Seats:
    """Seats of first-level regions, each worked out once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._number = {(country, code): n for n, (country, code, _) in enumerate(index.region_codes)}
        self._known: dict[tuple[str, str], Seat | None] = {}

    def of(self, country: str, region: str) -> Seat | None:
        """The region's seat, None where no town holds at least `LEAST_SHARE` of it."""
        wanted = country, region
        if wanted not in self._known:
            number = self._number.get(wanted)
            found = None if number is None else self._biggest(number)
            self._known[wanted] = found if found is not None and found.share >= LEAST_SHARE else None
        return self._known[wanted]

    def _biggest(self, region: int) -> Seat | None:
        index = self._index
        places = np.flatnonzero((index.place_region == region) & (index.place_pop > 0))
        if not len(places):
            return None
        people = index.place_pop[places].astype(float)
        number = int(places[np.argmax(people)])
        at = float(index.place_lat[number]), float(index.place_lon[number])
        north, east = np.radians(index.place_lat[places]), np.radians(index.place_lon[places])
        half = np.sin((north - np.radians(at[0])) / 2) ** 2 + np.cos(north) * np.cos(np.radians(at[0])) * (
            np.sin((east - np.radians(at[1])) / 2) ** 2
        )
        near = 2 * EARTH_KM * np.arcsin(np.sqrt(half)) <= SAME_KM
        town = Candidate(number, 1.0, int(index.place_pop[number]), *at, index.place_region_code(number), 0)
        return Seat(town, float(people[near].sum() / people.sum()))
