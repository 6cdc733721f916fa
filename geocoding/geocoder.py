"""A text and a country become an answer: a point with a precision, or why there is none (METHODOLOGY 5).

Here belongs what frames the choice: which countries are searched, what counts as a contradiction, what is said when no
place is found, and what is remembered. How a place is chosen belongs in `fast.py` and `scoring.py`.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from foundation.home import Home
from geocoding import countries, evidence, organisation_names
from geocoding.answers import NARROW_KM, Answer, Answers, Decided
from geocoding.choice import ALL, Choice
from geocoding.fast import CODE_TOWNS, by_names, confirms, district_of, districts, fast, with_code
from geocoding.framing import Framed, countries_naming, frame, reads_as_american, with_country
from geocoding.index import Candidate, CodePoint, Index, ensure
from geocoding.normalise import clean, is_plain, key, segments
from geocoding.organisations import Organisations
from geocoding.reading import Segment, codes_in, in_a_street, read
from geocoding.regions import FIRST
from geocoding.scoring import code_wins, mentioned, slow
from geocoding.seats import LEAST_SHARE, Seats
from geocoding.siting import in_region, organisation_choice
from geocoding.vocabulary import words as listed

BARE, ANYWHERE = (
    "bare_",
    "anywhere_",
)  # styles of addresses that differ in how sure an answer is: no organisation, no country
REMEMBERED = 500_000
LITTLE = 5_000  # inhabitants below which a text that reads as an American town is not believed to mean a place elsewhere
LONGEST_TAIL = 6  # comma-separated pieces
DISTRICT_WORDS = 5  # of a district's name at most
LAST_PIECES = 4  # that may name a territory
ANY_DIGIT = str.maketrans("123456789", "000000000")


@dataclass
class _Remembered:
    """What the names at the end of a text decided: the choice, its answer alone and beside a code that confirms it.

    `coded` says which pieces, counted from the end, may hold the code; `used` is how many pieces name the town.
    """

    country: str
    choice: Choice
    town: Answer
    coded: tuple[int, ...]
    used: int
    town_at_code: Answer | None = None


def _is_little(choice: Choice) -> bool:
    return choice.candidate.weight < 1 or choice.candidate.population < LITTLE


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for circles of garbage meanwhile: what is remembered has none and is searched again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


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
        self._memory: dict[str, dict[str, _Remembered]] = {}  # country as written, then the text's end
        self._remembered = 0
        self._districts: dict[tuple[str, str], tuple[Candidate, ...]] = {}
        self._codes: dict[tuple[str, str], CodePoint | None] = {}
        self._answers = Answers(index, organisations)
        self._seats = Seats(index)

    @classmethod
    def open(cls, folder: Path, registry: Path | None = None) -> Geocoder:
        """A geocoder over the index in `folder` and, if given, over the index of a registry in the folder `registry`."""
        return cls(Index(folder), None if registry is None else Organisations(registry))

    @classmethod
    def ready(
        cls,
        home: Home | None = None,
        gazetteers: Iterable[str] = (),
        registry: str | Path | None = None,
        replace: bool = False,
    ) -> Geocoder:
        """A geocoder over the index in the home, which is built there first when it is absent (about a minute).

        `registry` is a file of organisations: the Research Organization Registry's v2 dump, or a table in its layout.
        `gazetteers` are GeoNames dumps, GeoNames postal files or tables of places; they add to the packages, or with
        `replace` stand for the package of their kind.
        """
        found = home or Home.find()
        folder = found.gazetteer(ensure(found, list(gazetteers), _silent, replace))
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
        if not given or not is_plain(text):
            return self._whole(text, given)
        alike = text.translate(ANY_DIGIT)
        pieces = alike.split(",")
        if self._names_territory(given, pieces):
            return self._whole(text, given)
        memory = self._memory.get(given)
        if memory is not None:
            tail = ""
            for piece in pieces[: -LONGEST_TAIL - 1 : -1]:
                tail = f"{piece},{tail}"
                if tail in memory:
                    return self._with_code(memory[tail], text, given, pieces)
        framed = frame(self.index, segments(clean(alike)), given)
        single = len(framed.allowed) == 1 and not framed.why_not
        choice = by_names(self.index, framed.allowed[0], framed.parts) if single else None
        if choice is not None and not self._asks_registry(choice, framed.allowed[0]):
            found = self._remember(choice, framed, given, pieces)
            if found is not None:
                return self._with_code(found, text, given, pieces)
        if "0" in alike:
            return self._whole(text, given)
        return self._decide_framed(framed, single and choice is None).town

    def _whole(self, text: str, given: str) -> Answer:
        """The answer that all of a text decides: the postal code's point for a street without an organisation."""
        decided = self._decide(text, given)
        if decided.street is None or not in_a_street(segments(clean(text))):
            return decided.town
        return decided.street

    @staticmethod
    def _names_territory(given: str, pieces: list[str]) -> bool:
        """Whether one of the last pieces may name a territory of the country given, which would be searched instead."""
        pattern = countries.territory_pattern(given)
        if pattern is None:
            return False
        end = ",".join(pieces[-LAST_PIECES:])
        if end.isascii() and not pattern.search(end.replace(" ", "").lower()):
            return False
        names = countries.territory_names(given)
        return any(read(piece.strip()).key in names for piece in pieces[-LAST_PIECES:])

    def _remember(self, choice: Choice, framed: Framed, given: str, pieces: list[str]) -> _Remembered | None:
        """What the names at a text's end decide, remembered for all texts with that end, whatever digits stand in it."""
        if choice.used >= ALL or framed.dropped >= ALL:
            return None
        country = framed.allowed[0]
        little = _is_little(choice)
        used = (max(choice.used, 2) if little else choice.used) + framed.dropped
        if used > len(pieces) or (little and reads_as_american(self.index, framed.allowed, framed.parts)):
            return None
        tail = "".join([f"{piece}," for piece in pieces[-used:]])
        if len(segments(tail)) != used:
            return None
        coded = tuple([n for n in range(1, used + 1) if "0" in pieces[-n]])
        found = _Remembered(
            country, choice, self._answers.placed(country, choice).town, coded, choice.used + framed.dropped
        )
        if self._remembered >= REMEMBERED:
            self._memory.clear()
            self._remembered = 0
        self._remembered += 1
        self._memory.setdefault(given, {})[tail] = found
        return found

    def _with_code(self, found: _Remembered, text: str, given: str, alike: list[str]) -> Answer:
        """The answer for a text whose end was decided by names: the same where its postal code confirms it."""
        code = self._code_in(found, text) if found.coded else None
        if code is not None and not confirms(found.choice, code, found.country):
            return self._whole(text, given)
        if len(alike) > found.used:
            district = self._district(found.country, found.choice.candidate, alike[-found.used - 1].strip())
            if district is not None:
                choice = found.choice if code is None else with_code(found.choice, code)
                choice = choice._replace(candidate=district)
                return self._at_code(choice, self._answers.placed(found.country, choice).town, alike)
        if code is None:
            return found.town
        if found.town_at_code is None:
            choice = with_code(found.choice, code)
            found.town_at_code = self._answers.placed(found.country, choice).town
        if code.partial or code.spread_km > NARROW_KM or not in_a_street(alike):
            return found.town_at_code
        return self._answers.at_code(with_code(found.choice, code), found.town_at_code) or found.town_at_code

    def _at_code(self, choice: Choice, town: Answer, alike: list[str]) -> Answer:
        """The town, or the point of a narrow postal code in a street's address."""
        code = choice.code
        if code is None or code.partial or code.spread_km > NARROW_KM or not in_a_street(alike):
            return town
        return self._answers.at_code(choice, town) or town

    def _code_in(self, found: _Remembered, text: str) -> CodePoint | None:
        pieces = text.split(",")
        for number in found.coded:
            code = self._code_of(found.country, pieces[-number].strip())
            if code is not None:
                return code
        return None

    def _district(self, country: str, town: Candidate, part: str) -> Candidate | None:
        """The district that the part before a town names, within reach of the town."""
        wanted = country, part
        found = self._districts.get(wanted)
        if found is None:
            if len(self._districts) >= REMEMBERED:
                self._districts.clear()
            may_be = part.count(" ") < DISTRICT_WORDS and self._may_name_a_place(country, part)
            found = self._districts[wanted] = districts(self.index, country, read(part)) if may_be else ()
        return district_of(town, found) if found else None

    def _may_name_a_place(self, country: str, part: str) -> bool:
        """A cheap look before a part is read: its key is a place's, or its last word says which kind of place it is."""
        return self.index.knows(country + key(part)) or key(part.rpartition(" ")[2]) in listed("suffix")

    def _code_of(self, country: str, piece: str) -> CodePoint | None:
        wanted = country, piece
        if wanted not in self._codes:
            if len(self._codes) >= REMEMBERED:
                self._codes.clear()
            self._codes[wanted] = evidence.code_of(self.index, country, codes_in(piece))
        return self._codes[wanted]

    def strength(self, text: str, country: str | None) -> tuple[str, float]:
        """The rule that decides `text` and how strongly, before calibration; an empty rule where nothing was chosen."""
        decided = self._decide(text, country or "")
        return decided.group, decided.strength

    def place_many(self, addresses: Iterable[tuple[str | None, str | None]]) -> list[Answer]:
        """Places of (text, country) pairs, in their order; each is what `place` gives, whatever the order."""
        with without_collecting():
            return [self.place(text, country) for text, country in addresses]

    def _decide(self, text: str, given: str) -> Decided:
        parts = segments(clean(text))
        decided = self._decide_framed(frame(self.index, parts, given))
        if decided.town.latitude is None and len(parts) > 1 and not countries.resolve_code(given):
            return self._in_a_namesake(parts) or decided
        return decided

    def _in_a_namesake(self, parts: list[str]) -> Decided | None:
        """The town of a text whose last part names a country without such a town, and a region elsewhere that has it.

        Johns Creek, Georgia lies in the United States.
        """
        last = read(parts[-1]).key
        for country in sorted(countries.valid_codes()):
            region = self.index.region(country, last)
            if region is None or region[0] != FIRST:
                continue
            choice = fast(self.index, country, parts)
            if choice is not None and choice.candidate.weight >= 0.9 and choice.candidate.region in region[1]:
                return self._answers.placed(country, choice, ANYWHERE)
        return None

    def _decide_framed(self, framed: Framed, tried: bool = False) -> Decided:
        """The decision; `tried` when the end of the text is known to decide nothing."""
        if framed.why_not:
            return Decided(self._answers.pointless(framed, [], framed.why_not))
        if not framed.allowed:
            return self._anywhere(framed.parts)
        if len(framed.allowed) > 1:
            return self._best_of(framed)
        country = framed.allowed[0]
        choice = None if tried else fast(self.index, country, framed.parts)
        if choice is None:
            return self._scored(framed, country)
        if choice.used < len(framed.parts):
            part = framed.parts[-choice.used - 1].translate(ANY_DIGIT)
            district = self._district(country, choice.candidate, part)
            choice = choice if district is None else choice._replace(candidate=district)
        if _is_little(choice) and reads_as_american(self.index, framed.allowed, framed.parts):
            return Decided(self._answers.pointless(framed, [], "country_conflict"))
        if self.organisations is not None and self._asks_registry(choice, country):
            choice = in_region(self.index, self.organisations, country, framed.parts, choice)
        return self._answers.placed(country, choice)

    def _asks_registry(self, choice: Choice, country: str) -> bool:
        """Whether a region's name alone decided where regions bear their capital's name: an organisation may sit elsewhere in it."""
        return (
            self.organisations is not None and choice.held and choice.code is None and country in CODE_TOWNS
        )

    def _scored(self, framed: Framed, country: str) -> Decided:
        parts = [read(part) for part in framed.parts]
        choice = slow(self.index, country, parts, True, self.organisations, with_country(framed, parts))
        weak = choice is None or choice.method in ("spelling", "ngram")
        if weak and reads_as_american(self.index, framed.allowed, framed.parts):
            return Decided(self._answers.pointless(framed, [], "country_conflict"))
        if choice is None or choice.method == "spelling":
            for code in sorted(countries.territories().get(country, ())):
                away = fast(self.index, code, framed.parts)
                if away is not None and away.used == 1 and away.candidate.weight >= 0.9:
                    return self._answers.placed(code, away)
        bare = not any(part.organisation for part in parts)
        if choice is None or code_wins(country, choice, parts):
            answer = self._answers.without_place(framed, parts)
            homes = bare or all(word.isupper() for part in parts for word in part.words)  # CO SPRINGS, CO
            called = not homes and answer.region in mentioned(self.index, country, parts)
            whole = answer.precision == "region" and not homes
            seat = self._seats.of(country, answer.region, called) if whole else None
            if seat is None:
                return Decided(answer)
            rule = "region_seat" if seat.share >= LEAST_SHARE else "called_seat"
            choice = Choice(seat.town, rule, seat.share)
        return self._answers.placed(country, choice, BARE if bare else "")

    def _best_of(self, framed: Framed) -> Decided:
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
            return Decided(self._answers.without_place(framed, parts))
        _, country, choice = min(found, key=lambda one: one[:2])
        return self._answers.placed(country, choice, ANYWHERE)

    def _anywhere(self, texts: list[str]) -> Decided:
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
        return self._answers.placed(country, choice, ANYWHERE)

    def _organisation_anywhere(self, parts: list[Segment]) -> Decided:
        if self.organisations is not None:
            hits = self.organisations.find(organisation_names.ANY, parts)
            if hits and hits[0].weight >= 6.0:
                return self._answers.placed(
                    self.organisations.country(hits[0].number),
                    organisation_choice(self.index, self.organisations, hits, None),
                    ANYWHERE,
                )
        return Decided(self._answers.pointless(Framed((), [], 0), parts, "no_country"))
