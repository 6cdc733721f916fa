"""The town that holds most of a region: where an organisation is taken to sit that names its region alone. METHODOLOGY 5."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from geocoding.choice import SAME_KM, STRICT
from geocoding.evidence import EARTH_KM
from geocoding.index import Candidate, Index

LEAST_SHARE = 0.4  # of a region's townspeople who live within 25 km of its biggest town
# the same for an organisation called after the region: of 400 such universities of the Research Organization Registry outside
# STRICT countries whose region's biggest town has 15 to 40 % of the townspeople, every second one sits there
CALLED_SHARE = 0.15


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

    def of(self, country: str, region: str, called: bool = False) -> Seat | None:
        """The region's seat, None where no town holds enough of it; less is enough for an organisation `called` after it."""
        wanted = country, region
        if wanted not in self._known:
            number = self._number.get(wanted)
            self._known[wanted] = None if number is None else self._biggest(number)
        found = self._known[wanted]
        least = CALLED_SHARE if called and country not in STRICT else LEAST_SHARE
        return found if found is not None and found.share >= least else None

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
