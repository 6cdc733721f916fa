"""N-grams of an address that name a place, and what each is worth by where it stands. METHODOLOGY 5.

Which of the places an n-gram names is meant, `scoring.py` decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from geocoding.evidence import Region, region_of
from geocoding.index import Index
from geocoding.normalise import key
from geocoding.reading import Segment, is_short_name, is_street_word, towns_of_adjective, variants, word_key
from geocoding.respelling import respelt
from geocoding.vocabulary import words as listed

LONGEST_NGRAM = 4
MOST_WORDS = 14  # of a segment that are looked at
REMEMBERED = 200_000
COUNTY = 1.5  # price of a county's name behind a town's
INSIDE = 2.0  # price of a name inside a longer one


class Ngram(NamedTuple):
    """Words of a segment: their key, worth, number, whether they are all of it and it is an organisation, their region, where."""

    text: str
    base: float
    words: int
    whole: bool
    organisation: bool
    region: Region | None
    segment: int = 0
    start: int = 0

    @property
    def end(self) -> int:
        """Position of the first word behind it."""
        return self.start + self.words


def _base(start: int, length: int, segment: Segment, from_end: int) -> float:
    count = len(segment.words)
    whole = length == count
    at_end = start + length == count
    if segment.organisation:
        return (1.0 if start == 0 or at_end else 0.6) + (0.6 if whole else 0.0)
    if segment.street:
        return 2.4 if at_end and not whole and from_end <= 1 else (1.8 if whole else 0.4)
    if whole:
        return 3.5
    return 2.2 if start == 0 or at_end else 1.4


def ngrams_of(index: Index, country: str, parts: list[Segment]) -> list[Ngram]:
    """N-grams of all segments that name a place, those nearer to the end worth more."""
    found = []
    lone = not any(part.organisation for part in parts)
    for position, segment in enumerate(parts):
        from_end = len(parts) - 1 - position
        for one in _named_in(index, country, segment, from_end, lone):
            text, base, length, whole, organisation, region, _, start = one
            found.append(
                Ngram(text, base - 0.3 * from_end, length, whole, organisation, region, position, start)
            )
    return found


def _named_in(index: Index, country: str, segment: Segment, from_end: int, lone: bool) -> tuple[Ngram, ...]:
    """N-grams of a segment that name a place, remembered: universities and departments come again and again."""
    wanted = (country, segment, min(from_end, 2), lone)
    found = index.remembered_ngrams.get(wanted)
    if found is None:
        if len(index.remembered_ngrams) >= REMEMBERED:
            index.remembered_ngrams.clear()
        named = [
            one
            for one in _segment_ngrams(index, country, segment, from_end, lone)
            if index.places_named(country, one.text) and not _is_code(one, segment)
        ]
        found = index.remembered_ngrams[wanted] = tuple(named)
    return found  # type: ignore[return-value]


def _segment_ngrams(
    index: Index, country: str, segment: Segment, from_end: int, lone: bool
) -> Iterator[Ngram]:
    if segment.unspaced:
        yield from _unspaced(country, segment, index)
    names = segment.words[:MOST_WORDS]
    keys = [word_key(name) for name in names]
    longest = LONGEST_NGRAM + 2 * segment.street
    for start in range(len(names)):
        known = index.lengths_named(country, "".join(keys[start : start + longest]))
        letters = 0
        for length in range(1, min(longest, len(names) - start) + 1):
            letters += len(keys[start + length - 1])
            part = names[start : start + length]
            whole = length == len(segment.words)
            if _means_nothing(part, whole, segment, start, lone):
                continue
            base = _base(start, length, segment, from_end) + 0.25 * (length - 1)
            region = region_of(index, country, part) if whole else None
            if letters in known:
                text = "".join(keys[start : start + length])
                yield Ngram(text, base, length, whole, segment.organisation, region, 0, start)
            for text in () if length > 1 or keys[start].isascii() else towns_of_adjective(keys[start]):
                yield Ngram(text, base - 0.3, length, whole, segment.organisation, region, 0, start)
            if letters > 2 and (whole or not segment.organisation):
                for text in variants(part):
                    yield Ngram(text, base - 0.3, length, whole, segment.organisation, region, 0, start)
            if whole and letters not in known and (other := respelt(country, segment.key)) is not None:
                yield Ngram(other, base - 0.3, length, whole, segment.organisation, region, 0, start)


def _means_nothing(part: tuple[str, ...], whole: bool, segment: Segment, start: int, lone: bool) -> bool:
    """Whether an n-gram cannot be a town: a lone common word, or the beginning or middle of a street."""
    if len(part) == 1 and not whole:
        word = word_key(part[0])
        if len(word) < 2 or word in listed("stop") or word in listed("generic"):
            return True
        if segment.organisation and word in listed("organisation"):
            return True
    if not segment.street or whole or (len(part) > 1 and any(is_street_word(word) for word in part[1:])):
        return False
    if lone and start == 0 and (len(part) > 1 or len(part[0]) > 3):
        return is_street_word(part[0])
    return start + len(part) < len(segment.words) or start < 2


def _unspaced(country: str, segment: Segment, index: Index) -> Iterator[Ngram]:
    """Names inside unspaced text, large to small from the left: the longest at each place."""
    text = key("".join(segment.words))
    for start in range(min(len(text), 24)):
        for name in index.names_within(country, text[start : start + 12])[:2]:
            if len(name) >= 2 and not name[0].isascii():
                yield Ngram(name, 2.4 - 0.05 * start + 0.15 * len(name), 1, True, False, None)


def _is_code(ngram: Ngram, segment: Segment) -> bool:
    """Whether a short n-gram is the code of a state rather than a name, as As in Norway."""
    return len(ngram.text) <= 2 and ngram.text.isascii() and not is_short_name(segment)


def without_counties(index: Index, country: str, parts: list[Segment], ngrams: list[Ngram]) -> list[Ngram]:
    """N-grams; a county's or province's name behind the name of a town in it is worth less than the town's."""
    towns = {
        one.segment: frozenset(place.region for place in index.places_named(country, one.text))
        for one in ngrams
        if one.start == 0 and not one.whole
    }
    found = []
    for one in ngrams:
        names = parts[one.segment].words
        if one.segment in towns and one.start > 0 and one.end == len(names):
            region = region_of(index, country, names[one.start :])
            if region is not None and not (region.codes and towns[one.segment].isdisjoint(region.codes)):
                one = one._replace(base=one.base - COUNTY)
        found.append(one)
    return found


def outermost(index: Index, country: str, ngrams: list[Ngram]) -> list[Ngram]:
    """N-grams, those inside a longer one that is a place's name at a price: Saint-Denis within Estrées-Saint-Denis."""
    covered = [
        one for one in ngrams
        if one.words > 1 and any(c.weight >= 0.7 for c in index.places_named(country, one.text))
    ]  # fmt: skip
    if not covered:
        return ngrams
    return [
        one._replace(base=one.base - INSIDE)
        if any(
            o.segment == one.segment and o.words > one.words and o.start <= one.start and one.end <= o.end
            for o in covered
        )
        else one
        for one in ngrams
    ]
