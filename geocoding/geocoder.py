"""A text and a country become an answer: a point with a precision, or why there is none (METHODOLOGY 5).

Here belongs what frames the choice: which countries are searched, what counts as a contradiction, what is said when no
place is found, and what is remembered. How a place is chosen belongs in `fast.py` and `scoring.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foundation.home import Home
from geocoding import countries, evidence, organisation_names
from geocoding.choice import ALL, CODE_FAR_KM, STRICT, Choice
from geocoding.fast import fast
from geocoding.framing import Framed, countries_naming, frame, reads_as_american
from geocoding.index import Index, ensure
from geocoding.normalise import clean, is_plain, segments
from geocoding.organisations import Organisations
from geocoding.reading import Segment, read
from geocoding.reliability import probability
from geocoding.scoring import organisation_choice, slow

BARE, ANYWHERE = (
    "bare_",
    "anywhere_",
)  # styles of addresses that differ in how sure an answer is: no organisation, no country
REMEMBERED = 500_000
LITTLE = 5_000  # inhabitants below which a text that reads as an American town is not believed to mean a place elsewhere
LONGEST_TAIL = 6  # comma-separated pieces
CLOSE = -1.0  # a runner-up is named when its score is at most so far below
STREET_KM, NEAR_KM = (
    80.0,
    20.0,
)  # a street's postal code may lie so far from its town: in the same region, elsewhere
STREET_TOWN_KM = (
    12.0  # a name in a street that lies farther from the street's postal code is part of its name
)
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


class _Decided(NamedTuple):
    """An answer, the one that a street in the text would get, and how many pieces from the end decided (0: all)."""

    town: Answer
    street: Answer | None = None
    used: int = 0
    group: str = ""
    strength: float = 0.0


def _is_street(parts: list[Segment]) -> bool:
    """Whether an address is a street's and no organisation's."""
    return any(part.street for part in parts) and not any(part.organisation for part in parts)


def _silent(_: str) -> None:
    return None


class Geocoder:
    """Places addresses from a gazetteer index.

    Parameters
    ----------
    index : Index
        The opened index; `Geocoder.ready()` builds and opens one.

    Examples
    --------
    >>> geocoder = Geocoder.ready()  # doctest: +SKIP
    >>> geocoder.place("Univ Napoli Federico II, I-80138 Naples, Italy", "IT").place_name  # doctest: +SKIP
    'Napoli'
    """

    def __init__(self, index: Index, organisations: Organisations | None = None) -> None:
        self.index = index
        self.organisations = organisations
        self._memory: dict[tuple[str, str], _Decided] = {}
        self._main_town: dict[str, int | None] = {}

    @classmethod
    def open(cls, folder: Path, registry: Path | None = None) -> Geocoder:
        """A geocoder over the index in `folder` and, if given, over the index of a registry in the folder `registry`."""
        return cls(Index(folder), None if registry is None else Organisations(registry))

    @classmethod
    def ready(
        cls, home: Home | None = None, gazetteers: Iterable[str] = (), registry: str | Path | None = None
    ) -> Geocoder:
        """A geocoder over the index in the home, which is built there first when it is absent (about a minute).

        `registry` is a file of organisations: the Research Organization Registry's v2 dump, or a table in its layout.
        """
        found = home or Home.find()
        folder = found.gazetteer(ensure(found, list(gazetteers), _silent))
        named = (
            None
            if registry is None
            else organisation_names.ensure(found, Path(registry).expanduser(), _silent)
        )
        return cls.open(folder, named)

    def place(self, text: str | None, country: str | None = None) -> Answer:
        """Place of one address.

        Parameters
        ----------
        text : str or None
            The address as written, in any script.
        country : str or None
            ISO 3166-1 alpha-2, an old code (SU, YU, CS, DD, AN) or a country's name; None or unknown codes: the text decides.

        Returns
        -------
        Answer
            Never a point in another country than a valid one that was given (a territory of it counts as the same).
        """
        text, given = text or "", country or ""
        pieces = text.split(",") if is_plain(text) else []
        tail = ""
        for piece in pieces[: -LONGEST_TAIL - 1 : -1]:
            tail = f"{piece},{tail}"
            found = self._memory.get((given, tail))
            if found is not None:
                return found.town if found.street is None else self._town_or_street(found, text)
        decided = self._decide(text, given)
        if 0 < decided.used <= len(pieces):
            tail = "".join(f"{piece}," for piece in pieces[-decided.used :])
            if len(segments(tail)) == decided.used:
                if len(self._memory) >= REMEMBERED:
                    self._memory.clear()
                self._memory[given, tail] = decided
        return decided.town if decided.street is None else self._town_or_street(decided, text)

    def strength(self, text: str, country: str | None) -> tuple[str, float]:
        """The rule that decides `text` and how strongly, before calibration; an empty rule where nothing was chosen."""
        decided = self._decide(text, country or "")
        return decided.group, decided.strength

    def place_many(self, addresses: Iterable[tuple[str | None, str | None]]) -> list[Answer]:
        """Places of (text, country) pairs, in their order; each is what `place` gives, whatever the order."""
        return [self.place(text, country) for text, country in addresses]

    @staticmethod
    def _town_or_street(decided: _Decided, text: str) -> Answer:
        """The postal code's point for a street without an organisation, the town's for all other addresses."""
        if decided.street is None:
            return decided.town
        street = False
        for part in segments(clean(text)):
            segment = read(part)
            if segment.organisation:
                return decided.town
            street = street or segment.street
        return decided.street if street else decided.town

    def _decide(self, text: str, given: str) -> _Decided:
        framed = frame(self.index, segments(clean(text)), given)
        if framed.why_not:
            return _Decided(self._pointless(framed, [], framed.why_not))
        if not framed.allowed:
            return self._anywhere(framed.parts)
        if len(framed.allowed) > 1:
            return self._best_of(framed)
        country = framed.allowed[0]
        choice = fast(self.index, country, framed.parts)
        if choice is None:
            return self._scored(framed, country)
        little = choice.candidate.weight < 1 or choice.candidate.population < LITTLE
        if little and reads_as_american(self.index, framed.allowed, framed.parts):
            return _Decided(self._pointless(framed, [], "country_conflict"))
        return self._placed(country, choice)._replace(used=self._pieces(choice, framed, given))

    def _scored(self, framed: Framed, country: str) -> _Decided:
        parts = [read(part) for part in framed.parts]
        choice = slow(self.index, country, parts, True, self.organisations)
        weak = choice is None or choice.method in ("spelling", "ngram")
        if weak and reads_as_american(self.index, framed.allowed, framed.parts):
            return _Decided(self._pointless(framed, [], "country_conflict"))
        if choice is None or choice.method == "spelling":
            for code in sorted(countries.territories().get(country, ())):
                away = fast(self.index, code, framed.parts)
                if away is not None and away.used == 1 and away.candidate.weight >= 0.9:
                    return self._placed(code, away)
        if choice is None or self._code_wins(country, choice, parts):
            return _Decided(self._without_place(framed, parts))
        bare = not any(part.organisation for part in parts)
        return self._placed(country, choice, BARE if bare else "")

    @staticmethod
    def _pieces(choice: Choice, framed: Framed, given: str) -> int:
        """Comma-separated pieces from the end that decided; 0 when the whole text did."""
        if choice.used >= ALL or framed.dropped >= ALL:
            return 0
        used = max(choice.used, 2) + framed.dropped
        searches_territories = any(code in countries.territories() for code in countries.resolve_code(given))
        return max(used, 3 + framed.dropped) if searches_territories else used

    @staticmethod
    def _code_wins(country: str, choice: Choice, parts: list[Segment]) -> bool:
        """Whether a whole postal code far from the scored place is believed instead: for streets, and against the state."""
        code = choice.code
        if code is None or code.partial:
            return False
        town = choice.candidate.latitude, choice.candidate.longitude
        apart = evidence.kilometres(town, (code.latitude, code.longitude))
        if _is_street(parts) and (parts[-1].code_last or apart > STREET_TOWN_KM + code.spread_km):
            return country not in STRICT or apart > CODE_FAR_KM
        if code.spread_km > evidence.CODE_TOWN_KM or apart <= CODE_FAR_KM + code.spread_km:
            return False
        return country in STRICT and code.region != "" and code.region != choice.candidate.region

    def _best_of(self, framed: Framed) -> _Decided:
        parts = [read(part) for part in framed.parts]
        found = []
        for country in framed.allowed:
            choice = fast(self.index, country, framed.parts) or slow(
                self.index, country, parts, False, self.organisations
            )
            if choice is not None:
                size = choice.candidate.population * choice.candidate.weight
                found.append((-choice.score - 0.5 * math.log10(size + 1), country, choice))
        if not found:
            return _Decided(self._without_place(framed, parts))
        _, country, choice = min(found, key=lambda one: one[:2])
        return self._placed(country, choice, ANYWHERE)

    def _anywhere(self, texts: list[str]) -> _Decided:
        """Without any country: the biggest place that the end of the text names in any country."""
        parts = [read(part) for part in texts]
        found = []
        for country in countries_naming(self.index, texts):
            choice = fast(self.index, country, texts)
            if choice is not None and choice.candidate.weight >= 0.9:
                size = choice.candidate.population * choice.candidate.weight
                stated = evidence.tail_evidence(self.index, country, parts)
                sure = choice.candidate.region in stated.regions
                found.append((not sure, -size, country, choice))
        if not found:
            return self._organisation_anywhere(parts)
        _, _, country, choice = min(found, key=lambda one: one[:3])
        return self._placed(country, choice, ANYWHERE)

    def _organisation_anywhere(self, parts: list[Segment]) -> _Decided:
        if self.organisations is not None:
            hits = self.organisations.find(organisation_names.ANY, parts)
            if hits and hits[0].weight >= 6.0:
                return self._placed(
                    self.organisations.country(hits[0].number),
                    organisation_choice(self.index, self.organisations, hits, None),
                    ANYWHERE,
                )
        return _Decided(self._pointless(Framed((), [], 0), parts, "no_country"))

    def _placed(self, country: str, choice: Choice, style: str = "") -> _Decided:
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
        at_code = self._at_code(choice, answer)
        if at_code is not None and choice.method == "code_in_region":
            return _Decided(at_code, None, 0, group, choice.score)
        return _Decided(answer, at_code, 0, group, choice.score)

    @staticmethod
    def _at_code(choice: Choice, answer: Answer) -> Answer | None:
        """The answer with the postal code's point instead of the town's; None where the code is wide or too far."""
        code = choice.code
        if code is None or code.partial or code.spread_km > NARROW_KM:
            return None
        town = choice.candidate.latitude, choice.candidate.longitude
        apart = evidence.kilometres(town, (code.latitude, code.longitude))
        far = STREET_KM if choice.candidate.region == code.region else NEAR_KM
        if apart > far and choice.method != "code_in_region":
            return None
        latitude, longitude = round(code.latitude, 6), round(code.longitude, 6)
        return answer._replace(latitude=latitude, longitude=longitude, precision="postcode")

    def _without_place(self, framed: Framed, parts: list[Segment]) -> Answer:
        for country in framed.allowed:
            tail = evidence.tail_evidence(self.index, country, parts)
            code = tail.code
            if code is not None and code.spread_km <= BEGINNING_KM:
                region = code.region or next(iter(sorted(tail.regions)), "")
                return Answer(
                    round(code.latitude, 6), round(code.longitude, 6), "postcode", None,
                    self.index.code_name(code.number), region, country, "postcode", probability("postcode", 0.0), None, None,
                )  # fmt: skip
        return self._pointless(framed, parts, "not_found" if parts else "country_only")

    def _pointless(self, framed: Framed, parts: list[Segment], method: str) -> Answer:
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
