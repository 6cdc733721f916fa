"""The fast path: the place that the end of an address names beyond doubt. Most addresses end here.

A choice names how many segments from the end it looked at, so that it may be remembered for a tail. METHODOLOGY 5.
"""

from __future__ import annotations

from geocoding.choice import ALL, CLOSE_KM, CODE_FAR_KM, CODE_KM, STRICT, Choice, named, point
from geocoding.evidence import Region, code_of, kilometres, lies_in, region_of, split_region
from geocoding.index import POSTAL, USER, Candidate, CodePoint, Index
from geocoding.normalise import key
from geocoding.reading import Segment, is_short_name, read, word_key
from geocoding.regions import FIRST

CODE_TOWNS = frozenset(
    {"ES", "JP", "KR", "MX"}
)  # the last segment is a region, its capital has the same name; codes lie well
TIMES = 8  # a place with so many times the inhabitants of every other one is meant
SEAT = 30_000  # inhabitants of a town that may be meant by its region's name
CITY = 100_000  # inhabitants of a city with wards
QUARTERS = frozenset({"ne", "nw", "se", "sw"})
WARDS = frozenset({"dist", "district", "gu", "ku", "qu"})  # last words of their names
VILLAGE = 1_000  # inhabitants below which a place is seldom meant
DISTRICT_KM, DISTRICT_WEIGHT = 40.0, 0.78  # a district lies so near its town and is named so plainly
ROUGH_POSTAL = frozenset({"CN", "RU"})  # whose postal file says no more than the town does
LOOKED_AT, WITH_REGIONS = 5, 4  # segments from the end that are looked at, and those that may be regions


def fast(index: Index, country: str, parts: list[str]) -> Choice | None:
    """The place that the last segments name beyond doubt, or None.

    Segments are read from the end. Regions and codes are collected; the first segment that is neither, names no
    organisation and no street, must be a place's name. A segment that names a region and a place is held until the
    segment before it has been looked at. Names decide first; a postal code that is not near what they say is then heard.
    """
    walk = _walked(index, country, parts, True)
    choice = walk.by_names()
    if walk.code is None:
        return choice
    if choice is not None and confirms(choice, walk.code, country):
        return with_code(choice, walk.code)
    return walk.decide(walk.code)


def by_names(index: Index, country: str, parts: list[str]) -> Choice | None:
    """What the names at the end decide whatever the postal code says: the same for all texts that differ in its digits only.

    `fast` gives this choice where the code `confirms` it.
    """
    return _walked(index, country, parts, False).by_names()


def confirms(choice: Choice, code: CodePoint, country: str) -> bool:
    """Whether a postal code lies near the town that names alone decided."""
    apart = kilometres(point(choice.candidate), (code.latitude, code.longitude))
    near = CLOSE_KM if choice.held and country in CODE_TOWNS else CODE_KM
    return apart <= near + code.spread_km and (apart <= CODE_FAR_KM or code.partial)


def with_code(choice: Choice, code: CodePoint) -> Choice:
    """A choice by names with the postal code that confirms it."""
    return choice._replace(score=choice.score + 1.0, code=code, runner_up=None, runner_up_score=0.0)


def _walked(index: Index, country: str, parts: list[str], codes: bool) -> _Walk:
    walk = _Walk(index, country)
    for used, part in enumerate(reversed(parts[-LOOKED_AT:]), 1):
        segment = read(part)
        if codes:
            walk.read_code(segment)
        if segment.words and not walk.passes(segment, used):
            walk.found, walk.used = walk.town(segment), used
            if word_key(segment.words[-1]) in WARDS and used < len(parts):
                walk.found, walk.used = walk.ward_of(read(parts[-used - 1])), used + 1
            return walk
    return walk


class _Walk:
    """What has been read from the end so far: stated regions, a postal code, places held because they name a region too."""

    def __init__(self, index: Index, country: str) -> None:
        self._index, self._country = index, country
        self._regions: frozenset[str] = frozenset()
        self._stated = False
        self.code: CodePoint | None = None
        self.found: tuple[Candidate, ...] = ()
        self.used = ALL
        self._held: tuple[Candidate, ...] = ()
        self._held_in: frozenset[str] = frozenset()
        self._quarter = False  # a quarter of a city has been read: Washington, N.W.

    def read_code(self, segment: Segment) -> None:
        if self.code is None and segment.codes:
            self.code = code_of(self._index, self._country, segment.codes)

    def passes(self, segment: Segment, used: int) -> bool:
        """Whether a segment is a region or too short to be a town, so that the one before it decides."""
        region = region_of(self._index, self._country, segment.words)
        if region is None:
            short = len(segment.key) <= 2 and segment.key.isascii()
            self._quarter = short and segment.key in QUARTERS
            return short and not is_short_name(segment)  # an Italian province, a quarter of Washington
        if self._quarter and not self._stated:
            return False
        if used > WITH_REGIONS or not lies_in(region, self._regions):
            return False
        if region.level != FIRST and region.codes and (self._held or self._stated):
            return not named(self._index, self._country, segment)  # a county named after its town
        if region.level == FIRST and not self._stated:
            self._regions, self._stated = frozenset(region.codes), True
        if not self._held and len(segment.key) > 3:
            self._held = _seats(named(self._index, self._country, segment), region)
            self._held_in = frozenset(region.codes if self._held and region.level != FIRST else ())
        return True

    def town(self, segment: Segment) -> tuple[Candidate, ...]:
        """Places that the deciding segment names."""
        index, country = self._index, self._country
        if segment.unspaced or segment.organisation or segment.street:
            return () if self._held else _exact_name(index, country, segment)
        found = named(index, country, segment)
        inexact = not found or (_ends_with_code(segment) and not index.places_named(country, segment.key))
        if inexact and not self._stated and (split := split_region(index, country, segment)) is not None:
            self._regions, self._stated = frozenset(split[1].codes), True
            found = index.places_named(country, key("".join(split[0])))
        if self._held_in and not self._regions and not any(one.region in self._held_in for one in found):
            return ()  # Jodhpur names its own district: Karwar elsewhere is not meant
        return found

    def ward_of(self, before: Segment) -> tuple[Candidate, ...]:
        """Of the wards found, those of the city that is named before them; the city where it has none: Yokohama, Minami-ku."""
        if before.organisation or before.street:
            return self.found
        cities = [one for one in named(self._index, self._country, before) if one.population >= CITY]
        wards = [
            one
            for one in self.found
            if any(kilometres(point(one), point(city)) <= DISTRICT_KM for city in cities)
        ]
        return tuple(wards or cities or self.found)

    def by_names(self) -> Choice | None:
        """The choice without a postal code."""
        return self.decide(None)

    def decide(self, code: CodePoint | None) -> Choice | None:
        """The choice among places found, else among those held; None when it is open to doubt."""
        found = self.found
        if self._held and found:
            sure = bool(self._regions) or code is not None
            found = tuple(one for one in found if one.weight >= 0.7 and (one.population >= 1000 or sure))
            found = tuple(one for one in found if not self._regions or one.region in self._regions)
            if not found:
                return None  # a town is named, but hardly: all words decide, not the region's name alone
        fitting = _fitting(found or self._held, self._regions, code)
        if self._regions and not any(one.region in self._regions for one in fitting):
            return None
        clear = _clear(fitting)
        if clear is None or clear[0].weight < 0.5 or self._is_better_known(clear[0], found):
            return None
        return self._checked(*clear, held=not found, code=code)

    def _is_better_known(self, candidate: Candidate, found: tuple[Candidate, ...]) -> bool:
        """Whether a city outside the stated region has the name that is only another name of a little place in it: Nanchang,
        Jiangsu. Where states are obeyed it is not asked."""
        if not self._regions or self._country in STRICT:
            return False
        if candidate.weight == 1 or candidate.population >= VILLAGE or candidate.source == USER:
            return False
        return any(
            one.weight == 1 and one.population >= CITY and one.region not in self._regions for one in found
        )

    def _checked(self, candidate: Candidate, rule: str, held: bool, code: CodePoint | None) -> Choice | None:
        if code is not None and not code.partial:
            apart = kilometres(point(candidate), (code.latitude, code.longitude))
            towns = self._country in CODE_TOWNS
            if held and towns and apart > CLOSE_KM + code.spread_km and code.region in self._regions:
                return Choice(candidate, "code_in_region", 3.0, used=self.used, code=code)
            if apart > CODE_FAR_KM:
                return None
        strength = (
            3.0 + candidate.weight + (1.0 if self._regions else 0.0) + (1.0 if code is not None else 0.0)
        )
        strength += 0.5 if candidate.population >= SEAT else -0.5 if candidate.population < VILLAGE else 0.0
        return Choice(candidate, f"name_{rule}", strength - 0.5 * held, used=self.used, code=code, held=held)


def _fitting(
    found: tuple[Candidate, ...], regions: frozenset[str], code: CodePoint | None
) -> tuple[Candidate, ...]:
    """Those in a stated region, then those near the code; a filter that leaves none is not used."""
    users = tuple(one for one in found if one.source == USER)
    found = users or found
    if regions:
        inside = tuple(one for one in found if one.region in regions)
        found = inside or found
    if code is not None:
        spread = CODE_KM + code.spread_km
        near = tuple(
            one for one in found if kilometres(point(one), (code.latitude, code.longitude)) <= spread
        )
        found = near or found
    return found


def _size(candidate: Candidate) -> float:
    """Inhabitants, discounted when the name is not the main one."""
    return candidate.population * candidate.weight**6


def _clear(found: tuple[Candidate, ...]) -> tuple[Candidate, str] | None:
    """The one that is meant, when all lie together or the first is far bigger; main names count before others."""
    if not found:
        return None
    if len(found) == 1:
        return found[0], "unique"
    first = max(found, key=lambda one: (_size(one), one.weight, -one.place))
    if all(kilometres(point(first), point(one)) <= CLOSE_KM for one in found):
        return first, "together"
    if all(one is first or _size(first) >= TIMES * max(_size(one), 200.0) for one in found):
        return first, "biggest"
    return None


def _seats(found: tuple[Candidate, ...], region: Region) -> tuple[Candidate, ...]:
    """Towns that a region's name may mean by itself: those inside it that are no villages."""
    return tuple(
        one
        for one in found
        if one.source == USER
        or ((not region.codes or one.region in region.codes) and one.population >= SEAT and one.weight >= 0.7)
    )


def _ends_with_code(segment: Segment) -> bool:
    """Whether a segment's last word may be a state's code: Palmas-TO."""
    return len(segment.words) > 1 and len(segment.words[-1]) == 2 and segment.words[-1].isupper()


def _exact_name(index: Index, country: str, segment: Segment) -> tuple[Candidate, ...]:
    """Places whose main name has a word of an organisation or a street in it, as College Station."""
    if not 2 <= len(segment.words) <= 3 or segment.unspaced:
        return ()
    return tuple(one for one in named(index, country, segment) if one.weight >= 0.7)


def districts(index: Index, country: str, segment: Segment) -> tuple[Candidate, ...]:
    """Places that a whole segment names and that may be a part of the town named behind it."""
    if not segment.words or segment.organisation or segment.street or segment.unspaced:
        return ()
    region = region_of(index, country, segment.words)
    if region is not None and region.level == FIRST:
        return ()
    return tuple(
        one
        for one in named(index, country, segment)
        if one.weight >= DISTRICT_WEIGHT and not (one.source == POSTAL and country in ROUGH_POSTAL)
    )


def district_of(town: Candidate, found: tuple[Candidate, ...]) -> Candidate | None:
    """The one of `districts` that lies in or near a bigger town of the same region; None when none or several do."""
    near = [
        one
        for one in found
        if one.region == town.region
        and one.place != town.place
        and one.population <= town.population
        and kilometres(point(one), point(town)) <= DISTRICT_KM
    ]
    if not near or any(kilometres(point(one), point(near[0])) > CLOSE_KM for one in near[1:]):
        return None
    return near[0]
