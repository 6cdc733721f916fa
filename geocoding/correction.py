"""Corrected spellings: places whose name is near the town's segment, where that segment itself names none. METHODOLOGY 5.

Addresses of organisations are edited by hand and mostly name real places that a gazetteer may lack, so there a correction
needs more than in a patent register, where a third of the unknown names are slips.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rapidfuzz.distance import OSA

from geocoding.choice import CODE_FAR_KM, STRICT, named
from geocoding.evidence import Tail, code_of, kilometres, split_region
from geocoding.index import Candidate, Index
from geocoding.normalise import key
from geocoding.reading import Segment, read, variants
from geocoding.respelling import respelt
from geocoding.spelling import ROMANISED, sound

SIMILAR = 0.70  # share of letters that must agree
CAREFUL_LETTERS = 7  # a shorter name in an organisation's address is not corrected without a second sign
LONG_LETTERS = 11  # two slips in so long a name are still slips
MOST_PLACES = 30
FEW_NAMES = 20_000  # of a country or region that are compared although one slip explains the text
TOWN_WORDS = 4  # of a town's name
SURE = 1.9  # what a correction is worth of which nearly all letters agree
PIECE_LETTERS = 5  # of a part of a name that is corrected by itself
OTHER_WORDS = 0.8  # what it costs that the other words stay unexplained
ALIKE = 4.8  # what a correction is worth of which all letters agree; one of which 70 % do is worth nothing
LOST_LETTERS = 3  # that a name has before the text, from which they are a word left out and no slip
LETTERS_LEFT_OUT = 3.0  # price of the share of a name's letters that are not written
FIRST_LETTER = 0.25  # price of another first letter
WORD = 1.6  # what each further word of a corrected name adds: it explains more of the text than one of its words does
_ARTEFACTS = re.compile(r"(?<=[a-z]{3})(south|north|east|west|saint|island)$")
_SHORT = {"south": "s", "north": "n", "east": "e", "west": "w", "saint": "st", "island": "is"}


class Corrected(NamedTuple):
    """A place with a name like the one written: the name's key, what speaks for it, the place."""

    name: str
    base: float
    candidate: Candidate


def corrected(index: Index, country: str, parts: list[Segment], tail: Tail) -> list[Corrected]:
    """Places whose name is near that of the town's segment; empty when that segment names a place or none is asked for."""
    careful = any(part.organisation for part in parts) and not _is_town_alone(parts, tail)
    for from_end, position in enumerate(range(len(parts) - 1, -1, -1)):
        segment = parts[position]
        if not segment.words or position in tail.region_segments:
            continue
        if (segment.organisation and careful) or from_end > 3:
            return []
        if split := split_region(index, country, segment):
            segment = read(" ".join(split[0]))
        known = named(index, country, segment)
        if any(_agrees(one, tail) for one in known) and not _is_cut(index, country, segment):
            return []
        if segment.street and len(segment.words) > 3:
            return []
        found = [one for one in _near(index, country, segment, tail, careful) if _allowed(one, country, tail)]
        if segment.organisation:
            found = [one for one in found if one.base >= SURE]
        street = any(part.street for part in parts)
        if not found and not careful and (not street or country == "TW"):
            found = [one for one in _in_pieces(index, country, segment) if _allowed(one, country, tail)]
        more = 0.0 if street else WORD * (len(segment.words) - 1)
        found = [one._replace(base=one.base + more) if one.base >= SURE else one for one in found]
        return [one._replace(base=one.base - 0.3 * from_end) for one in found]
    return []


def _is_town_alone(parts: list[Segment], tail: Tail) -> bool:
    """Whether an address is a town's name, with its state or in a register's capitals, one of whose words stands in
    organisations too: BALLSTON SPA, NY."""
    if len(parts) > 2 or len(parts[0].words) > TOWN_WORDS or any(p.organisation for p in parts[1:]):
        return False
    return bool(tail.regions) or all(word.isupper() for part in parts for word in part.words)


def _is_cut(index: Index, country: str, segment: Segment) -> bool:
    """Whether a segment names a place without its last letters only, and with them begins a longer name: GREEN LA."""
    if len(segment.words) < 2 or len(segment.words[-1]) > 2 or index.places_named(country, segment.key):
        return False
    return bool(index.names_beginning(country, segment.key, 200))


def _agrees(known: Candidate, tail: Tail) -> bool:
    """Whether a place with the name as written lies in the stated region and not far from a whole postal code."""
    if tail.regions and known.region not in tail.regions:
        return False
    if tail.code is None or tail.code.partial:
        return True
    apart = kilometres((known.latitude, known.longitude), (tail.code.latitude, tail.code.longitude))
    return apart <= CODE_FAR_KM + tail.code.spread_km


def _allowed(one: Corrected, country: str, tail: Tail) -> bool:
    """Where states are obeyed a correction does not leave the stated one."""
    return country not in STRICT or not tail.regions or one.candidate.region in tail.regions


def _near(index: Index, country: str, segment: Segment, tail: Tail, careful: bool) -> list[Corrected]:
    found: list[Corrected] = []
    other = respelt(country, segment.key)
    texts = sorted(
        {segment.key, *variants(segment.words), *_without_artefacts(segment), *([other] if other else [])}
    )
    for text in texts:
        found += _misspelt(index, country, text, 1)
        if len(text) >= 6:
            found += _cut(index, country, text)
    if careful:
        if not found and len(segment.key) >= LONG_LETTERS:
            found = _misspelt(index, country, segment.key, 2)
        return [one for one in found if _supported(index, country, one, segment, tail)]
    inside = [one for one in found if not tail.regions or one.candidate.region in tail.regions]
    many = index.names_in(country, tail.regions).size > FEW_NAMES
    if not inside or (not many and max(one.base for one in inside) < 2.4):
        for text in texts:
            found += _scanned(index, country, text, tail)
    if not found and len(segment.key) >= 7:
        found = _misspelt(index, country, segment.key, 2)
    return found


def _in_pieces(index: Index, country: str, segment: Segment) -> Iterator[Corrected]:
    """Corrections of the first and of the last words, where all together are near no name: LLANISHEN ARDIFF."""
    count = len(segment.words)
    pieces = {segment.words[:length] for length in range(1, min(count, 4))}
    pieces |= {segment.words[-length:] for length in range(1, min(count, 4))}
    texts = sorted({key("".join(piece)) for piece in pieces})
    if any(index.places_named(country, text) for text in texts):
        return
    for text in texts:
        if len(text) >= PIECE_LETTERS and index.region(country, text) is None:
            for one in _misspelt(index, country, text, 1):
                if OSA.distance(one.name, text) == 1 and one.candidate.population > 0:
                    yield one._replace(base=one.base - OTHER_WORDS)


def _without_artefacts(segment: Segment) -> Iterator[str]:
    """Keys with directions and saints, that a register wrote out by mistake, short again: HEIGHTSOUTH."""
    words = [word.lower() for word in segment.words]
    if words[-1].endswith("borough"):
        yield "".join(words).removesuffix("ugh")
    if any(_ARTEFACTS.search(word) for word in words):
        yield "".join(_ARTEFACTS.sub(lambda hit: _SHORT[hit[0]], word) for word in words)


def _supported(index: Index, country: str, one: Corrected, segment: Segment, tail: Tail) -> bool:
    """Whether a correction in an organisation's address has a second sign: its region, its postal code, or its length."""
    if tail.regions and one.candidate.region not in tail.regions:
        return False
    code = tail.code or code_of(index, country, segment.codes)
    if code is not None and not code.partial:
        at = one.candidate.latitude, one.candidate.longitude
        return kilometres(at, (code.latitude, code.longitude)) <= 25 + code.spread_km
    distance = OSA.distance(one.name, segment.key)
    if tail.regions:
        return distance <= 2 and (len(one.name) >= CAREFUL_LETTERS or distance == 1)
    most = 2 if len(one.name) >= LONG_LETTERS else 1
    return distance <= most and len(one.name) > CAREFUL_LETTERS and one.name[:2] == segment.key[:2]


def _places(index: Index, country: str, name: str, base: float) -> list[Corrected]:
    return [Corrected(name, base, one) for one in index.places_named(country, name)[:MOST_PLACES]]


def _cut(index: Index, country: str, text: str) -> list[Corrected]:
    """Names of which `text` is the beginning: registers cut at 15 or 20 letters."""
    found = []
    for name in index.names_beginning(country, text, 200):
        share = (len(name) - len(text)) / len(name)
        found += _places(index, country, name, (3.4 if len(text) >= 10 else 2.2) - 2.0 * share)
    return found


def _base(distance: int, text: str, name: str) -> float:
    similar = 100 * (1 - distance / max(len(text), len(name)))
    return ALIKE * (similar - 70) / 30 - (FIRST_LETTER if text[:1] != name[:1] else 0.0)


def _misspelt(index: Index, country: str, text: str, deletions: int) -> list[Corrected]:
    found = []
    most = 1 if len(text) <= 5 else 1 + deletions
    for name, distance in index.near.misspelt(country, text, deletions, most):
        found += _places(index, country, name, _base(distance, text, name))
    return found


def _scanned(index: Index, country: str, text: str, tail: Tail) -> list[Corrected]:
    """Names of the stated region (of a small country: all) that agree in most letters or sounds, or end with `text`."""
    if len(text) < (3 if tail.regions else 4) or not text.isascii():
        return []
    group = index.names_in(country, tail.regions)
    found = []
    for name, similar in index.near.similar(text, group, SIMILAR, 8):
        penalty = FIRST_LETTER if text[0] != name[0] else 0.0
        found += _places(index, country, name, ALIKE * (similar - 0.7) / 0.3 - penalty)
    if country in ROMANISED and len(sound(text)) >= 4:
        for name, similar in index.near.sounding(text, group, 0.8, 5):
            found += _places(index, country, name, 3.6 * (similar - 0.72) / 0.3)
    for name in index.near.holding(text, group, len(text) >= 5) if len(text) >= 4 else ():
        more = len(name) - len(text)
        if more >= LOST_LETTERS or name.startswith(text):
            found += _places(index, country, name, 3.0 - LETTERS_LEFT_OUT * more / len(name))
    return found
