"""What a choice of a place becomes: an answer with a precision, or one without a point that says why (METHODOLOGY 5)."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from geocoding import countries, evidence
from geocoding.choice import Choice
from geocoding.framing import Framed
from geocoding.index import Index
from geocoding.normalise import key
from geocoding.organisations import Organisations
from geocoding.reading import Segment
from geocoding.reliability import probability

CLOSE = -1.0  # a runner-up is named when its score is at most so far below
STREET_KM, NEAR_KM = (
    80.0,
    20.0,
)  # a street's postal code may lie so far from its town: in the same region, elsewhere
MISPLACED_KM = 40.0  # a code that the file names after the town does not lie so far from it
NARROW_KM = 5.0  # half width of a code that stands for a street
BEGINNING_KM = 25.0  # half width of a code's beginning that stands alone


class Answer(NamedTuple):
    """Where an address was placed; the columns of the table geocodes without id and version.

    `latitude` and `longitude` are degrees with 6 decimals, or None when `precision` is region, country or none.
    `score` is in [0, 1].
    """

    latitude: float | None
    longitude: float | None
    precision: str
    place_id: int | None
    place_name: str
    region: str
    country: str | None
    method: str
    score: float
    runner_up_place_id: int | None
    runner_up_score: float | None


class Decided(NamedTuple):
    """An answer, and the one that a street in the text would get."""

    town: Answer
    street: Answer | None = None
    group: str = ""
    strength: float = 0.0


class Answers:
    """Makes answers of choices, with names from the index and the registry."""

    def __init__(self, index: Index, organisations: Organisations | None) -> None:
        self.index = index
        self.organisations = organisations
        self._main_town: dict[str, int | None] = {}

    def placed(self, country: str, choice: Choice, style: str = "") -> Decided:
        """The answer of a choice, with its probability and, for a street, the answer at its postal code."""
        index, place = self.index, choice.candidate.place
        group = f"{style}{choice.method}"
        score = probability(group, choice.score)
        other, other_score = None, None
        if choice.runner_up is not None and choice.runner_up_score >= CLOSE:
            other = int(index.place_id[choice.runner_up.place])
            other_score = round(score * math.exp(choice.runner_up_score), 6)
        name = index.place_name(place) if place >= 0 else ""
        if place < 0 and self.organisations is not None and choice.organisation is not None:
            name = self.organisations.city(choice.organisation.number)
        answer = Answer(
            round(choice.candidate.latitude, 6),
            round(choice.candidate.longitude, 6),
            "locality" if choice.organisation is None else "organisation",
            int(index.place_id[place]) if place >= 0 else None,
            name,
            choice.candidate.region,
            country,
            choice.method,
            round(score, 6),
            other,
            other_score,
        )
        at_code = self.at_code(choice, answer)
        if at_code is not None and choice.method == "code_in_region":
            return Decided(at_code, None, group, choice.score)
        return Decided(answer, at_code, group, choice.score)

    def at_code(self, choice: Choice, answer: Answer) -> Answer | None:
        """The answer with the postal code's point instead of the town's; None where the code is wide or too far."""
        code = choice.code
        if code is None or code.partial or code.spread_km > NARROW_KM:
            return None
        town = choice.candidate.latitude, choice.candidate.longitude
        apart = evidence.kilometres(town, (code.latitude, code.longitude))
        far = STREET_KM if choice.candidate.region == code.region else NEAR_KM
        if apart > far and choice.method != "code_in_region":
            return None
        if apart > MISPLACED_KM and key(self.index.code_name(code.number)) == key(answer.place_name):
            return None  # the file gives the town as the code's place and puts it elsewhere
        latitude, longitude = round(code.latitude, 6), round(code.longitude, 6)
        return answer._replace(latitude=latitude, longitude=longitude, precision="postcode")

    def without_place(self, framed: Framed, parts: list[Segment]) -> Answer:
        """The postal code's point where no place is named and the code is narrow; otherwise no point."""
        for country in framed.allowed:
            tail = evidence.tail_evidence(self.index, country, parts)
            code = tail.code
            if code is not None and code.spread_km <= BEGINNING_KM:
                region = code.region or next(iter(sorted(tail.regions)), "")
                return Answer(
                    round(code.latitude, 6), round(code.longitude, 6), "postcode", None,
                    self.index.code_name(code.number), region, country, "postcode", probability("postcode", 0.0), None, None,
                )  # fmt: skip
        return self.pointless(framed, parts, "not_found" if parts else "country_only")

    def pointless(self, framed: Framed, parts: list[Segment], method: str) -> Answer:
        """No point, with what is known all the same: a region, a country; a city state's main town is its point."""
        if len(framed.allowed) != 1:
            return Answer(
                None,
                None,
                "none",
                None,
                "",
                "",
                None,
                method if framed.allowed else "no_country",
                0.0,
                None,
                None,
            )
        country = framed.allowed[0]
        if country in countries.city_states() and method != "country_conflict":
            town = self._town_of(country)
            if town is not None:
                return self._whole_state(country, town)
        tail = evidence.tail_evidence(self.index, country, parts)
        if len(tail.regions) == 1:
            return Answer(
                None,
                None,
                "region",
                None,
                "",
                next(iter(tail.regions)),
                country,
                "region_only",
                0.0,
                None,
                None,
            )
        return Answer(None, None, "country", None, "", "", country, method, 0.0, None, None)

    def _town_of(self, country: str) -> int | None:
        if country not in self._main_town:
            own = [n for n, row in enumerate(self.index.region_codes) if row[0] == country]
            numbers = np.flatnonzero(np.isin(self.index.place_region, own))
            biggest = max(numbers.tolist(), key=lambda n: (int(self.index.place_pop[n]), -n), default=None)
            self._main_town[country] = biggest
        return self._main_town[country]

    def _whole_state(self, country: str, town: int) -> Answer:
        index = self.index
        return Answer(
            float(index.place_lat[town]), float(index.place_lon[town]), "locality", int(index.place_id[town]),
            index.place_name(town), index.place_region_code(town), country, "city_state", probability("city_state", 0.0), None, None,
        )  # fmt: skip
