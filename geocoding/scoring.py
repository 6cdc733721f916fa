"""Scoring: all n-grams of all segments, and corrected spellings, where the fast path does not decide. METHODOLOGY 5."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from geocoding.choice import CLOSE_KM, CODE_FAR_KM, SAME_KM, STRICT, Choice, point
from geocoding.correction import corrected
from geocoding.evidence import CODE_TOWN_KM, Region, Tail, kilometres, region_of, tail_evidence
from geocoding.index import USER, Candidate, Index
from geocoding.ngrams import Ngram, ngrams_of, outermost, without_counties
from geocoding.organisations import Hit, Organisations
from geocoding.reading import Segment
from geocoding.regions import FIRST
from geocoding.registry import OTHERS
from geocoding.siting import SURE_ORGANISATION, fitting, most_central, organisation_choice, region_of_hit

REMEMBERED = 200_000
NAMED = 6.0  # score from which a town is named well enough for no correction to be tried
SURELY_CORRECTED = 1.5  # similarity from which a correction counts as named
MENTIONED = 0.6  # what a region within an organisation's name adds
BESIDE, BESIDE_KM, MOST_CITIES = 0.6, 40.0, 30  # what a city named beside its part adds, how near it lies
SOUND = 3.0  # score from which a place is no makeshift
WELL_KNOWN = 20_000  # inhabitants of a place that people know to be elsewhere
UNKNOWN_INHABITANTS = 1.0  # what a corrected district counts for, whose inhabitants no file gives
VILLAGE = 30_000  # inhabitants below which a place is hardly meant by the name of its region
LONG_SEGMENT = 4  # words of a part from which one of them is not taken for the town
WORTHLESS = 1.2  # score below which no place is believed
NAMED_ORGANISATION = 4.0  # weight from which an organisation's name is no misspelt town's


STREET_TOWN_KM = (
    12.0  # a name in a street that lies farther from the street's postal code is part of its name
)


@dataclass
class _Scored:
    candidate: Candidate
    score: float
    method: str
    explicit: bool = True  # named as a town, not within an organisation's or a region's name
    why: tuple[tuple[str, float], ...] = ()
    within: int = -1  # the segment of which a single word names it and which is no street; -1 where more does


def reasons(
    candidate: Candidate, ngram: Ngram, country: str, tail: Tail, specific: bool
) -> list[tuple[str, float]]:
    """What speaks for and against a place that an n-gram names; the sum is its score."""
    found = [
        ("place in the text", ngram.base),
        ("inhabitants", 0.32 * math.log10(max(candidate.population, 1))),
        ("name", 3 * candidate.weight - 2),
    ]
    if tail.regions:
        inside = candidate.region in tail.regions
        found.append(("stated region", 1.3 if inside else -2.6 if country in STRICT else -0.7))
    if tail.code is not None:
        apart = kilometres(point(candidate), (tail.code.latitude, tail.code.longitude))
        if apart <= CLOSE_KM + tail.code.spread_km:
            found.append(("postal code near", 0.8 if tail.code.partial else 1.6))
        elif apart > CODE_FAR_KM + tail.code.spread_km:
            found.append(("postal code far", -0.9))
    if ngram.region is not None:
        found.append(("names a region too", _as_region(candidate, ngram.region, specific)))
    if candidate.source == USER:
        found.append(("given by the user", 1.0))
    return found


def _as_region(candidate: Candidate, region: Region, specific: bool) -> float:
    score = -1.0 if specific else 0.0
    if region.level != FIRST:
        return score + (0.5 if candidate.region in region.codes else 0.0)
    score -= 2.0 if candidate.population < VILLAGE else 0.0
    score -= 4.0 if candidate.population < VILLAGE and candidate.weight < 1 else 0.0
    return score - (2.5 if region.codes and candidate.region not in region.codes else 0.0)


def _believable(candidate: Candidate, ngram: Ngram, tail: Tail) -> bool:
    """A single word inside an organisation's name needs a big place or a second sign."""
    if not ngram.organisation or ngram.whole:
        return True
    if tail.regions and candidate.region not in tail.regions:
        return False
    if ngram.words > 1:
        return True
    if candidate.population >= 20_000 and candidate.weight >= 0.9:
        return True
    if (
        tail.code is not None
        and kilometres(point(candidate), (tail.code.latitude, tail.code.longitude)) <= CLOSE_KM
    ):
        return True
    known = candidate.population >= 2000 and candidate.weight >= 0.9
    return known and bool(tail.regions) and candidate.region in tail.regions


def _in_state(candidate: Candidate, ngram: Ngram, country: str, tail: Tail) -> bool:
    """Whether a place agrees with a stated state where states are obeyed; a whole segment may disagree, at a price."""
    return country not in STRICT or not tail.regions or candidate.region in tail.regions or ngram.whole


def slow(
    index: Index,
    country: str,
    parts: list[Segment],
    correct: bool = True,
    organisations: Organisations | None = None,
    named: list[Segment] | None = None,
) -> Choice | None:
    """The best of all n-grams of all segments by score, spelling corrected where the town's segment names nothing.

    Organisations named in the text speak for towns near them, and stand for themselves where no town is named; they are
    looked for in the segments `named` (else in `parts`), which hold the country's name too.
    """
    tail = tail_evidence(index, country, parts)
    lone = not any(part.organisation for part in parts)
    if organisations is None or lone:
        best = scored_places(index, country, parts, tail, [], correct)
        found = _best(list(best.values()), tail)
        if organisations is None or (found is not None and _is_sure(best[found.candidate.place])):
            return found
    hits = fitting(index, organisations.find(country, named or parts), organisations, tail)
    if lone and found is not None:
        known = hits and hits[0].weight >= NAMED_ORGANISATION  # a name, not a town's or a misspelt one's
        return _or_organisation(index, organisations, found, best, hits, tail) if known else found
    best = scored_places(index, country, parts, tail, hits, correct)
    return _or_organisation(index, organisations, _best(list(best.values()), tail), best, hits, tail)


def _is_sure(scored: _Scored) -> bool:
    """Whether no organisation could be meant by the words that name a place."""
    return scored.method != "spelling" and scored.explicit and scored.within < 0


def _is_street(parts: list[Segment]) -> bool:
    """Whether an address is a street's and no organisation's."""
    return any(part.street for part in parts) and not any(part.organisation for part in parts)


def code_wins(country: str, choice: Choice, parts: list[Segment]) -> bool:
    """Whether a whole postal code far from the scored place is believed instead: for streets, against a correction, against the state."""
    code = choice.code
    if code is None or code.partial or code.spread_km > CODE_TOWN_KM:
        return False
    apart = kilometres(point(choice.candidate), (code.latitude, code.longitude))
    if _is_street(parts) and (parts[-1].code_last or apart > STREET_TOWN_KM + code.spread_km):
        return country not in STRICT or apart > CODE_FAR_KM
    if apart <= CODE_FAR_KM + code.spread_km:
        return False
    if choice.method == "spelling":
        return True  # a town that is in no list, and one elsewhere with a name like it
    return country in STRICT and code.region != "" and code.region != choice.candidate.region


def scored_places(
    index: Index, country: str, parts: list[Segment], tail: Tail, hits: list[Hit], correct: bool
) -> dict[int, _Scored]:
    """Places that the text names, or nearly names, by number, each with its best score and the reasons for it."""
    best: dict[int, _Scored] = {}
    for candidate, why, explicit, within in _named_places(index, country, parts, tail):
        _keep(best, _scored(candidate, why, "ngram", explicit, hits, within))
    lone = not any(
        part.organisation or part.street for part in parts
    )  # all of a town's name is to be explained
    known = not lone and any(one.explicit and one.score >= NAMED for one in best.values())
    for name, base, candidate in corrected(index, country, parts, tail) if correct and not known else ():
        why = reasons(candidate, Ngram(name, base, 1, True, False, None), country, tail, False)
        if candidate.population == 0:
            why.append(("inhabitants unknown", UNKNOWN_INHABITANTS))
        _keep(best, _scored(candidate, why, "spelling", base >= SURELY_CORRECTED, hits))
    _prefer_state(best, country, tail)
    return best


def _scored(
    candidate: Candidate,
    why: list[tuple[str, float]],
    method: str,
    explicit: bool,
    hits: list[Hit],
    within: int = -1,
) -> _Scored:
    if hits and (support := _support(candidate, hits)):
        why.append(("organisation near", support))
    return _Scored(candidate, sum(value for _, value in why), method, explicit, tuple(why), within)


def _named_places(
    index: Index, country: str, parts: list[Segment], tail: Tail
) -> Iterator[tuple[Candidate, list[tuple[str, float]], bool, int]]:
    """Places that an n-gram of the text names, the reasons for each, whether it is named as a town, and within which segment."""
    ngrams = ngrams_of(index, country, parts)
    spoken_of = mentioned(index, country, parts)
    specific = any(one.whole and one.region is None for one in ngrams)
    bare = not any(part.organisation or part.street for part in parts)
    if bare:
        ngrams = without_counties(index, country, parts, ngrams)
    parts_of_cities = _beside_a_city(index, country, parts, ngrams)
    for ngram in outermost(index, country, ngrams):
        for candidate in index.places_named(country, ngram.text)[:60]:
            if _believable(candidate, ngram, tail) and _in_state(candidate, ngram, country, tail):
                why = reasons(candidate, ngram, country, tail, specific)
                if (ngram.segment, ngram.text, candidate.place) in parts_of_cities:
                    why.append(("beside its city", BESIDE))
                if candidate.region in spoken_of:
                    why.append(("organisation's region", MENTIONED))
                part = parts[ngram.segment]
                single = ngram.words == 1 and not ngram.whole and not part.street
                aside = single and len(part.words) > LONG_SEGMENT
                explicit = not aside and _is_explicit(candidate, ngram)
                yield candidate, why, explicit, ngram.segment if single else -1


def _beside_a_city(
    index: Index, country: str, parts: list[Segment], ngrams: list[Ngram]
) -> frozenset[tuple[int, str, int]]:
    """(segment, key, place) of places beside which their part names a bigger one nearby: Futian District Shenzhen."""
    found = set()
    for one, other in permutations(ngrams, 2):
        if one.segment != other.segment or parts[one.segment].organisation:
            continue
        if one.start < other.end and other.start < one.end:
            continue
        cities = index.places_named(country, other.text)[:MOST_CITIES]
        for place in index.places_named(country, one.text)[:MOST_CITIES]:
            if any(
                city.region == place.region
                and city.population > place.population
                and kilometres(point(city), point(place)) <= BESIDE_KM
                for city in cities
            ):
                found.add((one.segment, one.text, place.place))
    return frozenset(found)


def _is_explicit(candidate: Candidate, ngram: Ngram) -> bool:
    """Whether a place is named as a town: not within an organisation's name, no village named as its region is."""
    if ngram.organisation:
        return False
    region = ngram.region
    seat = candidate.population >= VILLAGE and (region is None or candidate.region in region.codes)
    return region is None or region.level != FIRST or seat


def mentioned(index: Index, country: str, parts: list[Segment]) -> frozenset[str]:
    """Regions named within organisations: Univ Colorado speaks for Aurora in that state."""
    found = [_mentioned_in(index, country, part) for part in parts if part.organisation]
    return frozenset().union(*found)


def _mentioned_in(index: Index, country: str, segment: Segment) -> frozenset[str]:
    wanted = (country, segment.words)
    known = index.remembered_mentions.get(wanted)
    if known is None:
        found: set[str] = set()
        for start in range(len(segment.words)):
            for end in (start + 1, start + 2):
                part = segment.words[start:end]
                text = "".join(part).lower()
                region = region_of(index, country, part) if len(text) > 3 else None
                if region is not None and region.level == FIRST:
                    found.update(region.codes)
        if len(index.remembered_mentions) >= REMEMBERED:
            index.remembered_mentions.clear()
        known = index.remembered_mentions[wanted] = frozenset(found)
    return known


def _prefer_state(best: dict[int, _Scored], country: str, tail: Tail) -> None:
    """Where states are obeyed, a place elsewhere is believed only when none in the stated state is named or nearly so."""
    if (
        country in STRICT
        and tail.regions
        and any(one.candidate.region in tail.regions and one.method != "spelling" for one in best.values())
    ):
        for place in [place for place, one in best.items() if one.candidate.region not in tail.regions]:
            del best[place]


def _support(candidate: Candidate, hits: list[Hit]) -> float:
    """What organisations near a candidate add to its score."""
    for rank, hit in enumerate(hits[:4]):
        if kilometres(point(candidate), (hit.latitude, hit.longitude)) <= SAME_KM:
            return (1.2 if rank == 0 else 0.6) * min(1.0, hit.weight / 8.0)
    return 0.0


def _or_organisation(
    index: Index,
    organisations: Organisations,
    found: Choice | None,
    best: dict[int, _Scored],
    hits: list[Hit],
    tail: Tail,
) -> Choice | None:
    """The organisation's own point where no town is named, or only one that its name or a correction made up."""
    if not hits:
        return found
    hit = hits[0]
    if found is not None:
        scored = best[found.candidate.place]
        contradicts = _contradicts(index, organisations, found, hit, tail)
        if scored.explicit and not contradicts and not _names_organisation(scored, hit):
            return found
        apart = kilometres(point(found.candidate), (hit.latitude, hit.longitude))
        weak = found.method == "ngram" and hit.weight < NAMED_ORGANISATION
        if apart <= SAME_KM or weak or _is_university_town(found, hits):
            return found
    hits = most_central(hits)
    if not hits:
        return None if found is None or found.method == "ngram" else found
    return organisation_choice(index, organisations, hits, tail.code)


def _contradicts(index: Index, organisations: Organisations, found: Choice, hit: Hit, tail: Tail) -> bool:
    """Whether a place lies outside the stated region and an organisation that is surely meant within it."""
    if not tail.regions or found.candidate.region in tail.regions or hit.weight < SURE_ORGANISATION:
        return False
    return region_of_hit(index, organisations, hit) in tail.regions


def _names_organisation(scored: _Scored, hit: Hit) -> bool:
    """Whether the whole part of which one word names a place is an organisation's name: Eli Lilly."""
    return 0 <= scored.within <= hit.segment and hit.whole and hit.weight >= NAMED_ORGANISATION


def _is_university_town(found: Choice, hits: list[Hit]) -> bool:
    """Whether a place named in an organisation's name is where a university lies that the text names too: Bonn, behind an institute."""
    return any(
        hit.rank < OTHERS
        and hit.segment != hits[0].segment
        and hit.weight >= NAMED_ORGANISATION
        and kilometres(point(found.candidate), (hit.latitude, hit.longitude)) <= SAME_KM
        for hit in hits[1:4]
    )


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
