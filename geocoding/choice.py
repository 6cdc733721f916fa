"""What a choice of a place is, and what both ways to choose share: constants, and which places a segment names."""

from __future__ import annotations

from typing import NamedTuple

from geocoding.index import POSTAL, Candidate, CodePoint, Index
from geocoding.organisations import Hit
from geocoding.reading import Segment, variants
from geocoding.respelling import respelt

STRICT = frozenset({"US", "CA", "AU", "BR"})  # a stated state is obeyed
CLOSE_KM, SAME_KM, CODE_KM, CODE_FAR_KM = 20.0, 25.0, 40.0, 60.0
ALL = 99  # segments looked at: all of them


class Choice(NamedTuple):
    """A place, the rule that chose it, its strength (log-odds like), the best other place, and how many segments were read."""

    candidate: Candidate
    method: str
    score: float
    runner_up: Candidate | None = None
    runner_up_score: float = 0.0
    used: int = ALL
    code: CodePoint | None = None
    organisation: Hit | None = None
    held: bool = False  # named by its region's name alone


def point(candidate: Candidate) -> tuple[float, float]:
    """Latitude and longitude of a candidate."""
    return candidate.latitude, candidate.longitude


def named(index: Index, country: str, segment: Segment) -> tuple[Candidate, ...]:
    """Places that the whole segment names, as written or with short forms written out."""
    found = index.places_named(country, segment.key)
    if any(one.source != POSTAL for one in found):
        return found
    for form in variants(segment.words):
        other = index.places_named(country, form)
        if other:
            known = {one.place for one in other}
            return other + tuple(one for one in found if one.place not in known)
    if not found and (respelling := respelt(country, segment.key)) is not None:
        return index.places_named(country, respelling)
    return found
