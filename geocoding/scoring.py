"""Scoring: all n-grams of all segments, and corrected spellings, where the fast path does not decide. METHODOLOGY 5."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from geocoding.choice import CLOSE_KM, CODE_FAR_KM, SAME_KM, STRICT, Choice, named, point
from geocoding.evidence import Region, Tail, kilometres, region_of, split_region, tail_evidence
from geocoding.index import USER, Candidate, Index
from geocoding.normalise import key
from geocoding.reading import Segment, read, variants
from geocoding.vocabulary import words as listed

LONGEST_NGRAM = 4
WORTHLESS = 1.2  # score below which no place is believed


@dataclass
class _Scored:
    candidate: Candidate
    score: float
    method: str


@dataclass(frozen=True)
class _Ngram:
    text: str
    base: float
    words: int
    whole: bool
    organisation: bool
    region: Region | None


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


def _ngrams(index: Index, country: str, parts: list[Segment]) -> list[_Ngram]:
    found = []
    for position, segment in enumerate(parts):
        from_end = len(parts) - 1 - position
        if segment.unspaced:
            found += _unspaced(index, country, segment, from_end)
        names = segment.words[:14]
        for start in range(len(names)):
            for length in range(1, min(LONGEST_NGRAM, len(names) - start) + 1):
                part = names[start : start + length]
                whole = length == len(segment.words)
                if _means_nothing(part, whole, segment, start):
                    continue
                base = _base(start, length, segment, from_end) - 0.3 * from_end + 0.25 * (length - 1)
                text = key("".join(part))
                region = region_of(index, country, part, text) if whole else None
                found.append(_Ngram(text, base, length, whole, segment.organisation, region))
                if whole or not segment.organisation:
                    found += [
                        _Ngram(v, base - 0.3, length, whole, segment.organisation, region)
                        for v in variants(part)
                    ]
    return found


def _means_nothing(part: tuple[str, ...], whole: bool, segment: Segment, start: int) -> bool:
    """Whether an n-gram cannot be a town: a lone common word, or the beginning or middle of a street."""
    if len(part) == 1 and not whole:
        word = key(part[0])
        if len(word) < 2 or word in listed("stop") or word in listed("generic"):
            return True
        if segment.organisation and word in listed("organisation"):
            return True
    if not segment.street or whole:
        return False
    return start + len(part) < len(segment.words) or start < 2


def _unspaced(index: Index, country: str, segment: Segment, from_end: int) -> list[_Ngram]:
    """Names inside unspaced text, large to small from the left: the longest at each place."""
    text, found = key("".join(segment.words)), []
    for start in range(min(len(text), 24)):
        for name in index.names_within(country, text[start : start + 12])[:2]:
            if len(name) >= 2 and not name[0].isascii():
                base = 2.4 - 0.3 * from_end - 0.05 * start + 0.15 * len(name)
                found.append(_Ngram(name, base, 1, True, False, None))
    return found


def _score(candidate: Candidate, ngram: _Ngram, country: str, tail: Tail, specific: bool) -> float:
    score = ngram.base + 0.32 * math.log10(max(candidate.population, 1)) + 2 * candidate.weight - 1
    if tail.regions:
        if candidate.region in tail.regions:
            score += 1.3
        else:
            score -= 2.6 if country in STRICT else 0.7
    if tail.code is not None:
        apart = kilometres(point(candidate), (tail.code.latitude, tail.code.longitude))
        if apart <= CLOSE_KM + tail.code.spread_km:
            score += 0.8 if tail.code.partial else 1.6
        elif apart > CODE_FAR_KM + tail.code.spread_km:
            score -= 0.9
    if ngram.region is not None:
        score -= 1.0 if specific else 0.0
        if ngram.region.codes and candidate.region not in ngram.region.codes:
            score -= 2.5
    if candidate.source == USER:
        score += 1.0
    return score


def _believable(candidate: Candidate, ngram: _Ngram, tail: Tail) -> bool:
    """A single word inside an organisation's name needs a big place or a second sign."""
    if not ngram.organisation or ngram.words > 1 or ngram.whole:
        return True
    if candidate.population >= 20_000 and candidate.weight >= 0.9:
        return True
    if (
        tail.code is not None
        and kilometres(point(candidate), (tail.code.latitude, tail.code.longitude)) <= CLOSE_KM
    ):
        return True
    return bool(tail.regions) and candidate.region in tail.regions and candidate.population >= 2000


def _in_state(candidate: Candidate, ngram: _Ngram, country: str, tail: Tail) -> bool:
    """Whether a place agrees with a stated state where states are obeyed; a whole segment may disagree, at a price."""
    return country not in STRICT or not tail.regions or candidate.region in tail.regions or ngram.whole


def _is_code(ngram: _Ngram) -> bool:
    """Whether a short n-gram is the code of a state rather than a name."""
    return len(ngram.text) <= 2 and ngram.text.isascii()


def slow(index: Index, country: str, parts: list[Segment], correct: bool = True) -> Choice | None:
    """The best of all n-grams of all segments by score, spelling corrected where the town's segment names nothing."""
    tail = tail_evidence(index, country, parts)
    ngrams = [one for one in _ngrams(index, country, parts) if not _is_code(one)]
    specific = any(
        one.whole and one.region is None and index.places_named(country, one.text) for one in ngrams
    )
    best: dict[int, _Scored] = {}
    for ngram in ngrams:
        for candidate in index.places_named(country, ngram.text)[:60]:
            if _believable(candidate, ngram, tail) and _in_state(candidate, ngram, country, tail):
                _keep(best, _Scored(candidate, _score(candidate, ngram, country, tail, specific), "ngram"))
    if correct:
        for scored in _corrected(index, country, parts, tail):
            _keep(best, scored)
    return _best(list(best.values()), tail)


def _keep(best: dict[int, _Scored], scored: _Scored) -> None:
    before = best.get(scored.candidate.place)
    if before is None or scored.score > before.score:
        best[scored.candidate.place] = scored


def _best(found: list[_Scored], tail: Tail) -> Choice | None:
    if not found:
        return None
    found.sort(key=lambda one: (-one.score, -one.candidate.population, one.candidate.place))
    first = found[0]
    if first.score < WORTHLESS:
        return None
    other = next(
        (o for o in found[1:] if kilometres(point(o.candidate), point(first.candidate)) > SAME_KM), None
    )
    margin = first.score - other.score if other is not None else 3.0
    rest = (other.candidate, other.score - first.score) if other is not None else (None, 0.0)
    strength = min(3.0, margin * 1.5) + min(1.0, (first.score - 4.0) / 2)
    return Choice(first.candidate, first.method, strength, rest[0], rest[1], code=tail.code)


def _corrected(index: Index, country: str, parts: list[Segment], tail: Tail) -> list[_Scored]:
    """Places whose name is about two edits from the town's segment, which itself names none."""
    for from_end, position in enumerate(range(len(parts) - 1, -1, -1)):
        segment = parts[position]
        if not segment.words or position in tail.region_segments:
            continue
        if segment.organisation or from_end > 3:
            return []
        if split := split_region(index, country, segment):
            segment = read(" ".join(split[0]))
        known = named(index, country, segment)
        if known and (not tail.regions or any(one.region in tail.regions for one in known)):
            return []
        if segment.street and len(segment.words) > 3:
            return []
        return _near_names(index, country, segment, tail, 0.3 * from_end)
    return []


def _near_names(index: Index, country: str, segment: Segment, tail: Tail, penalty: float) -> list[_Scored]:
    found = []
    for text in sorted({segment.key, *variants(segment.words)}):
        found += _misspelt(index, country, text, tail, penalty, 1)
        if len(text) >= 6:
            for name in index.names_beginning(country, text, 200):
                cut = (len(name) - len(text)) / len(name)
                base = (3.4 if len(text) >= 10 else 2.6) - 2.0 * cut - penalty
                found += _near_places(index, country, name, base, tail)
    if not found and len(segment.key) >= 7:
        found = _misspelt(index, country, segment.key, tail, penalty, 2)
    return found


def _misspelt(
    index: Index, country: str, text: str, tail: Tail, penalty: float, deletions: int
) -> list[_Scored]:
    found = []
    most = 1 if len(text) <= 5 else 1 + deletions
    for name in index.names_near(country, text, deletions):
        distance = OSA.distance(text, name, score_cutoff=most)
        if distance > most:
            continue
        similar = 100 * (1 - distance / max(len(text), len(name)))
        base = 3.6 * (similar - 70) / 30 - penalty - (0.25 if text[0] != name[0] else 0.0)
        found += _near_places(index, country, name, base, tail)
    return found


def _near_places(index: Index, country: str, name: str, base: float, tail: Tail) -> list[_Scored]:
    found = []
    for candidate in index.places_named(country, name)[:30]:
        ngram = _Ngram(name, base, 1, True, False, None)
        found.append(_Scored(candidate, _score(candidate, ngram, country, tail, False), "spelling"))
    return found
