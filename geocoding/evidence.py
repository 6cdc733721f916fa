"""What the end of an address says: country named, regions, postal codes. Places are chosen in `fast.py` and `scoring.py`."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NamedTuple

from geocoding import countries, postcodes
from geocoding.index import SHORTEST_REGION, CodePoint, Index
from geocoding.normalise import key
from geocoding.reading import Segment, read, variants, word_key
from geocoding.regions import FIRST
from geocoding.vocabulary import words as listed

TAIL = 4  # segments from the end in which regions and codes are looked for
CODE_TOWN_KM = 20.0  # half width of a code that says as much as a town's name
EARTH_KM = 6371.0088
MISSPELT_REGIONS = 2  # segments from the end that may name a region with a slip
TOWN = 10_000  # inhabitants of a town that a slip may mean as well as the region of its name
REMEMBERED = 300_000
_UNKNOWN = object()
_LAST_WORD = re.compile(r"[^\W_]+[\W_]*$")
PARTS = frozenset({"england", "scotland", "wales", "northernireland"})


def kilometres(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two points (latitude, longitude in degrees), in km."""
    p, q = math.radians(a[0]), math.radians(b[0])
    half = (
        math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


class Region(NamedTuple):
    """A part of the text that names a region: level and codes of first-level regions (none: only known to be one)."""

    level: int
    codes: tuple[str, ...]


def region_of(index: Index, country: str, names: tuple[str, ...]) -> Region | None:
    """The region that whole words name; short codes in one case only (`In`, `Or`, `Me` are words)."""
    wanted = (country, names)
    found = index.remembered_regions.get(wanted, _UNKNOWN)
    if found is _UNKNOWN:
        if len(index.remembered_regions) >= REMEMBERED:
            index.remembered_regions.clear()
        found = index.remembered_regions[wanted] = _region_of(index, country, names)
    return found  # type: ignore[return-value]


def _region_of(index: Index, country: str, names: tuple[str, ...]) -> Region | None:
    if not names:
        return None
    written, name_key = "".join(names), "".join([word_key(name) for name in names])
    if (
        len(name_key) <= 3
        and name_key.isascii()
        and not (written.isupper() or (len(names) == 1 and written.islower()))
    ):
        return _of_short_name(index, country, name_key)
    found = index.region(country, name_key)
    cut = len(names) > 1 and len(names[-1]) == 2 and names[-1].isupper()  # Palmas-TO names no district Palmas
    if found is None and len(name_key) > 3 and not cut:
        for form in variants(names):
            found = index.region(country, form)
            if found is not None:
                break
    return None if found is None else Region(*found)


def _of_short_name(index: Index, country: str, name_key: str) -> Region | None:
    """A region whose whole name is as short as a code, as Mie in Japan."""
    found = index.region(country, name_key)
    if found is None or not any(key(index.region_name(country, code)) == name_key for code in found[1]):
        return None
    return Region(*found)


def lies_in(region: Region, stated: frozenset[str]) -> bool:
    """Whether a named region can be meant beside a stated one: a first-level one always, a county only if inside."""
    return region.level == FIRST or not stated or not region.codes or not stated.isdisjoint(region.codes)


def code_of(index: Index, country: str, codes: tuple[str, ...]) -> CodePoint | None:
    """Where the first of a segment's postal codes lies that is known: whole codes first, then their beginnings."""
    partial: CodePoint | None = None
    for code in codes:
        for form in postcodes.tries(country, code):
            point = index.code_point(country + form)
            if point is None:
                continue
            if not point.partial:
                return point
            partial = partial or point
            break
    return partial


def without_country(parts: list[str], allowed: tuple[str, ...]) -> tuple[list[str], str | None]:
    """`parts` without the country's name at their end, and the code that the name stands for (None when none is named).

    Only the last part is looked at, and a name of a country that is not `allowed` counts only when it is a whole part.
    """
    if not parts:
        return parts, None
    rest, code = _last_without_country(parts[-1], allowed)
    if rest == parts[-1]:
        return parts, code
    return ([*parts[:-1], rest] if rest else parts[:-1]), code


@lru_cache(maxsize=200_000)
def _last_without_country(part: str, allowed: tuple[str, ...]) -> tuple[str, str | None]:
    tail = countries.tail_country(part)
    if tail is None:
        return part, None
    segment_words = read(part)
    whole = tail.length >= len(segment_words.words)
    if tail.code == "GB" and key("".join(segment_words.words[-tail.length :])) in PARTS:
        return part, tail.code  # England, Scotland, Wales: regions as well
    if allowed and not countries.same_country(tail.code, allowed) and not whole:
        return part, None
    if not allowed and not whole and tail.length == 1 and len(segment_words.words) > 1:
        last = segment_words.words[-1]
        if len(last) <= 3 and not last.isupper():
            return part, None
    if not whole and _is_named_after(segment_words, tail.length):
        return part, tail.code
    return _drop_words(part, tail.length), tail.code


def _is_named_after(segment: Segment, length: int) -> bool:
    """Whether the country, a segment's last `length` words, belongs to an organisation's name: University of Ghana."""
    before = segment.words[:-length]
    if not segment.organisation or not before:
        return False
    last = word_key(before[-1])
    return last in listed("stop") or all(word_key(word) in listed("organisation") for word in before)


def _drop_words(segment: str, count: int) -> str:
    for _ in range(count):
        segment = _LAST_WORD.sub("", segment)
    return segment.strip(" .-/")


class Tail(NamedTuple):
    """Evidence in the last segments: first-level codes stated, a postal code's point, and which segments are regions."""

    regions: frozenset[str]
    code: CodePoint | None
    region_segments: frozenset[int]
    stated: bool  # a first-level region is stated, even one without a code


def tail_evidence(index: Index, country: str, parts: list[Segment]) -> Tail:
    """Evidence of the last `TAIL` segments; of two first-level regions the last one counts."""
    codes: frozenset[str] = frozenset()
    point: CodePoint | None = None
    where: set[int] = set()
    stated = False
    for position in range(len(parts) - 1, max(-1, len(parts) - 1 - TAIL), -1):
        segment = parts[position]
        if point is None and segment.codes:
            point = code_of(index, country, segment.codes)
        region = region_of(index, country, segment.words)
        if region is None and 0 < position >= len(parts) - MISSPELT_REGIONS and not stated:
            region = _misspelt_region(index, country, segment)
        if region is None:
            split = split_region(index, country, segment)
            if split is not None and not stated:
                codes, stated = frozenset(split[1].codes), True
            continue
        if not lies_in(region, codes):
            continue
        if region.level == FIRST and codes and codes.isdisjoint(region.codes):
            continue  # Maryland, MO: the beginning of a town's name
        where.add(position)
        if region.level == FIRST and not stated:
            codes, stated = frozenset(region.codes), True
    return Tail(codes, point, frozenset(where), stated)


def _misspelt_region(index: Index, country: str, segment: Segment) -> Region | None:
    """The region that a segment names but for one slip, where it names no town and the region's name is no town's: Kerla."""
    if segment.organisation or segment.street or len(segment.key) < SHORTEST_REGION:
        return None
    wanted = (f"{country}~", segment.words)
    found = index.remembered_regions.get(wanted, _UNKNOWN)
    if found is _UNKNOWN:
        meant = None if index.places_named(country, segment.key) else index.region_like(country, segment.key)
        towns = () if meant is None else index.places_named(country, meant)
        known = (
            None
            if meant is None or any(one.population >= TOWN for one in towns)
            else index.region(country, meant)
        )
        found = index.remembered_regions[wanted] = None if known is None else Region(*known)
    return found  # type: ignore[return-value]


def split_region(index: Index, country: str, segment: Segment) -> tuple[tuple[str, ...], Region] | None:
    """(name words, region) of a segment that ends with a region, as "Durham NC"; None when it does not."""
    if len(segment.words) < 2:
        return None
    wanted = (country, segment.words)
    found = index.remembered_splits.get(wanted, _UNKNOWN)
    if found is _UNKNOWN:
        if len(index.remembered_splits) >= REMEMBERED:
            index.remembered_splits.clear()
        found = index.remembered_splits[wanted] = _split_region(index, country, segment.words)
    return found  # type: ignore[return-value]


def _split_region(
    index: Index, country: str, names: tuple[str, ...]
) -> tuple[tuple[str, ...], Region] | None:
    for length in range(min(3, len(names) - 1), 0, -1):
        last = names[-length:]
        if len("".join(last)) <= 3 and not "".join(last).isupper():
            continue  # only in capitals a short last word is a state
        region = region_of(index, country, last)
        if region is not None and region.level == FIRST:
            longer = names[-length - 1 :]
            if len(last[-1]) > 3 and index.places_named(country, key("".join(longer))):
                return None  # Nizhny Novgorod is no Nizhny in Novgorod
            return names[:-length], region
    return None
