"""Which countries are searched for an address and with which of its parts; what counts as a contradiction. METHODOLOGY 5."""

from __future__ import annotations

from typing import NamedTuple

from geocoding import countries, evidence
from geocoding.choice import ALL
from geocoding.index import Index
from geocoding.normalise import key
from geocoding.reading import Segment, read

NO_COUNTRY_SEGMENTS = 4  # segments from the end that may name a town where no country is known


class Framed(NamedTuple):
    """Which countries are searched for which segments; `why_not` when there is nothing to search."""

    allowed: tuple[str, ...]
    parts: list[str]
    dropped: int
    why_not: str = ""
    whole: str = ""  # the last part with the country's name that was taken from its end


def frame(index: Index, parts: list[str], given: str) -> Framed:
    """Countries that a text and the code given with it allow, and the parts to search."""
    allowed = countries.resolve_code(given)
    count = len(parts)
    rest, named = evidence.without_country(parts, allowed)
    if named is not None and allowed and not countries.same_country(named, allowed):
        if _contradicts(index, parts[-1], allowed):
            return Framed(allowed, parts, 0, "country_conflict")
        return Framed(allowed, parts, 0)
    if named is not None:
        allowed = _narrowed(allowed, named)
        again, second = evidence.without_country(rest, allowed)
        if len(allowed) > 1 and second in allowed:
            rest, allowed = again, (second,)  # BELORUSSIA, USSR
    found = _with_territory(index, allowed, rest, count - len(rest))
    cut = count > 0 and found.parts == rest and len(rest) == count and rest[-1] != parts[-1]
    return found._replace(whole=parts[-1]) if cut else found


def with_country(framed: Framed, parts: list[Segment]) -> list[Segment]:
    """`parts` (the reading of `framed.parts`) with the country's name at their end, which organisations' names may hold."""
    return [*parts[:-1], read(framed.whole)] if framed.whole else parts


def _narrowed(allowed: tuple[str, ...], named: str) -> tuple[str, ...]:
    successors = countries.old_codes().get(named, (named,))
    if not allowed:
        return successors
    return successors if len(allowed) > 1 and set(successors) <= set(allowed) else allowed


def _contradicts(index: Index, last: str, allowed: tuple[str, ...]) -> bool:
    """Whether a last part that names another country cannot be a region or a town of those allowed."""
    segment = read(last)
    for country in allowed:
        if index.region(country, segment.key) is not None:
            return False
        if any(one.population >= 500 for one in index.places_named(country, segment.key)):
            return False
    return True


def _with_territory(index: Index, allowed: tuple[str, ...], parts: list[str], dropped: int) -> Framed:
    for country in allowed:
        if country not in countries.territories():
            continue
        for position in range(len(parts) - 1, max(-1, len(parts) - 4), -1):
            segment = read(parts[position])
            if len(segment.key) <= 2 and not "".join(segment.words).isupper():
                continue
            code = countries.territory(country, segment.key)
            if code is None:
                continue
            if not index.places_named(code, segment.key) and len(parts) > 1:
                kept = [" ".join(segment.codes)] if segment.codes else []
                return Framed((code,), [*parts[:position], *kept, *parts[position + 1 :]], ALL)
            return Framed((code,), parts, dropped)
    return Framed(allowed, parts, dropped)


def reads_as_american(index: Index, allowed: tuple[str, ...], parts: list[str]) -> bool:
    """Whether a text filed under another country ends with a state and a town of the United States: "solon, oh"."""
    if "US" in allowed or len(parts) < 2:
        return False
    last = read(parts[-1])
    text = key(last.words[0]) if len(last.words) == 1 else last.key
    state = index.region("US", text)
    if state is None or not any(code.lower() == text for code in state[1]):
        return False
    if any(index.region(country, text) is not None for country in allowed):
        return False
    town = read(parts[-2])
    named = index.places_named("US", town.key)
    return any(one.region in state[1] for one in named)


def countries_naming(index: Index, parts: list[str]) -> list[str]:
    """Countries in which a place has the name of one of the last parts, or of one without its last word, sorted."""
    keys: set[str] = set()
    for part in parts[-NO_COUNTRY_SEGMENTS:]:
        segment = read(part)
        keys.update({segment.key, key("".join(segment.words[:-1])), key("".join(segment.words[:1]))})
    wanted = sorted(one for one in keys if len(one) > 1)
    return [
        code for code in sorted(countries.valid_codes()) if any(index.knows(code + one) for one in wanted)
    ]
