"""Address texts of the world: a finite set of organisations, units, streets and spellings for each place.

An address is a number (`article_code`, `person_code`) until its text is asked for; each text is made once. The place of
a number is known without its text, which is how the truth knows where an address lies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simulation import tables
from simulation.draws import Rows, mixed, mixed_one
from simulation.places import Places, chord, unit_vectors
from simulation.styles import PlaceText, style_of
from simulation.words import UNITS, invented

ORGANISATIONS, UNITS_MOST, VARIANTS = 64, 64, 4
PERSONS_MOST = 1 << 20
#: parts of addresses with a misspelt place; the real samples do not tell, so these are assumed
ARTICLE_TYPO, PERSON_TYPO = 0.003, 0.01


def article_code(place: Rows, organisation: Rows, unit: Rows, variant: Rows) -> Rows:
    """Number of an article address."""
    return ((place * ORGANISATIONS + organisation) * UNITS_MOST + unit) * VARIANTS + variant


def article_place(code: Rows) -> Rows:
    """Row of the place of article addresses."""
    return code // (ORGANISATIONS * UNITS_MOST * VARIANTS)


@dataclass(frozen=True)
class Pools:
    """How many organisations, units and inventors the addresses of each place draw from, shape (places,)."""

    organisations: Rows
    units: Rows
    persons: Rows

    @classmethod
    def for_listings(cls, sci: NDArray[np.float64], pct: NDArray[np.float64]) -> Pools:
        """Pools that grow with the listings expected at each place over all years."""
        return cls(
            np.clip(np.round(0.42 * sci**0.42), 1, ORGANISATIONS - 1).astype(np.int64),
            np.clip(np.round(0.55 * sci**0.33), 1, len(UNITS)).astype(np.int64),
            np.clip(np.ceil(pct / 1.7), 1, PERSONS_MOST - 1).astype(np.int64),
        )


class AddressBook:
    """Texts of addresses, each made once."""

    def __init__(self, places: Places, seed: int) -> None:
        self._places = places
        self._words = invented(4000, seed, {name.lower() for name in places.ascii_name})
        self._patterns = _postcode_patterns(places)
        self._texts: dict[int, str] = {}
        self._place_texts: dict[int, PlaceText] = {}

    def article_texts(self, codes: Rows) -> list[str]:
        """The text of each article address, without authors and without the final full stop."""
        distinct, position = np.unique(codes, return_inverse=True)
        texts = self._texts
        typos = mixed(distinct, 5) % 100_000 < ARTICLE_TYPO * 100_000
        for code, typo in zip(distinct.tolist(), typos.tolist(), strict=True):
            if code not in texts:
                texts[code] = self._article(code, typo)
        wanted = [texts[code] for code in distinct.tolist()]
        return [wanted[row] for row in position.tolist()]

    def organisation(self, place: int, number: int) -> str:
        """Name of an organisation of a place."""
        text = self.place_text(place)
        word = self._words[(place * 31 + number * 7919) % len(self._words)]
        return style_of(text.country).organisation(text, word, number)

    def person_text(self, place: int, number: int) -> str:
        """Address of inventor `number` of a place, without the country."""
        drawn = mixed_one(place * PERSONS_MOST + number, 6)
        text = self.place_text(place)
        style = style_of(text.country)
        if drawn % 10_000 < PERSON_TYPO * 10_000:
            text = replace(text, letter_name=misspelt(text.letter_name, drawn))
        text = self._with_postcode(text, place, drawn % 7)
        street = style.street(text.country, drawn >> 8)
        return style.letter(text, street, 1 + (drawn >> 16) % 89)

    def place_text(self, place: int) -> PlaceText:
        """A place as the styles see it, without postcode."""
        if place not in self._place_texts:
            places = self._places
            country = str(places.country[place])
            region, short = tables.regions().get((country, places.region[place]), ("", ""))
            article, letter = self._forms(place)
            parent = int(places.parent[place])
            self._place_texts[place] = PlaceText(
                article,
                letter,
                country,
                region,
                short,
                self._forms(parent)[0] if parent >= 0 and country not in _NO_DISTRICTS else "",
                tables.article_countries()[country],
                "",
            )
        return self._place_texts[place]

    def _forms(self, place: int) -> tuple[str, str]:
        plain = self._places.ascii_name[place].replace("'", "")
        forms = tables.name_forms()
        return forms.get(int(self._places.place_id[place]), (plain, self._places.name[place]))

    def _article(self, code: int, typo: bool) -> str:
        rest, variant = divmod(code, VARIANTS)
        rest, unit = divmod(rest, UNITS_MOST)
        place, number = divmod(rest, ORGANISATIONS)
        text = self._with_postcode(self.place_text(place), place, number)
        if typo:
            text = replace(text, article_name=misspelt(text.article_name, code))
        name = UNITS[(number * 5 + unit) % len(UNITS)]
        return style_of(text.country).article(text, self.organisation(place, number), name, variant)

    def _with_postcode(self, text: PlaceText, place: int, salt: int) -> PlaceText:
        pattern = self._patterns.get(place)
        if pattern is None:
            return text
        drawn = mixed_one(place * 64 + salt, 7)
        code = []
        for letter in pattern:
            if letter == "#":
                drawn, digit = divmod(drawn, 10)
                code.append(str(digit))
            elif letter == "X":
                drawn, number = divmod(drawn, 20)
                code.append("ABDEFGHJLNPQRSTUWXYZ"[number])
            else:
                code.append(letter)
        return replace(text, postcode="".join(code))


_NO_DISTRICTS = frozenset(
    ["US", "GB", "DE", "AT", "CH", "FR", "BE", "IT", "ES", "SE", "NO", "DK", "FI", "NL", "PL", "CA", "AU"]
)


def misspelt(name: str, salt: int) -> str:
    """The name with two inner letters exchanged, or one left out; short names stay."""
    if len(name) < 5:
        return name
    at = 1 + salt % (len(name) - 3)
    if salt % 2:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + name[at + 1 :]


def _postcode_patterns(places: Places) -> dict[int, str]:
    """Row of a place -> the pattern of the nearest city of its country that lends it its codes."""
    from scipy.spatial import cKDTree

    tree = cKDTree(places.vectors())
    known = {int(place_id): row for row, place_id in enumerate(places.place_id)}
    best: dict[int, tuple[float, str]] = {}
    for entry in tables.postcodes():
        row = known.get(entry.place_id)
        if row is None:
            continue
        centre = unit_vectors(places.latitude[row : row + 1], places.longitude[row : row + 1])[0]
        for near in sorted(tree.query_ball_point(centre, chord(entry.km))):
            if places.country[near] == entry.country:
                far = float(np.linalg.norm(tree.data[near] - centre))
                if near not in best or (far, entry.pattern) < best[near]:
                    best[near] = (far, entry.pattern)
    return {row: pattern for row, (_, pattern) in best.items()}
