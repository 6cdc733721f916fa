"""What every address style does; countries without a module of their own are written by it.

Article addresses are plain ASCII and abbreviated, as Web of Science prints them; addresses of applications keep the
letters of the country. Streets and organisations are invented; only the place is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class PlaceText:
    """A place as the styles see it.

    `article_name` is plain ASCII, `letter_name` the form used in applications; `region` and `region_short` are empty
    where the country's regions are not written; `parent` is the big city a locality belongs to, or empty;
    `article_country` is the country's name in Web of Science. `postcode` may be empty.
    """

    article_name: str
    letter_name: str
    country: str
    region: str
    region_short: str
    parent: str
    article_country: str
    postcode: str


class Style:
    """The default style: organisation, unit, place and postcode, country."""

    streets: tuple[str, ...] = (
        "Main Street", "Station Road", "University Avenue", "Park Street", "Lake Road", "Market Street", "Garden Road",
        "Republic Avenue", "Independence Street", "Hill Road", "College Road", "River Street",
    )  # fmt: skip
    streets_of: ClassVar[dict[str, tuple[str, ...]]] = {}
    suffixes: tuple[str, ...] = ("LTD", "PLC", "INC")

    def article(self, place: PlaceText, organisation: str, unit: str, variant: int) -> str:
        """The article address without authors and final full stop; the variant decides what is left out."""
        return f"{organisation}, {unit}, {self.article_place(place, variant)}"

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Place, postcode, region and country of an article address."""
        city = f"{place.article_name}, {place.parent}" if place.parent else place.article_name
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        return f"{city}{code}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """The address of a person on an application, without the country."""
        city = f"{place.letter_name}, {place.parent}" if place.parent else place.letter_name
        code = f" {place.postcode}" if place.postcode else ""
        return f"{number} {street}, {city}{code}"

    def street(self, country: str, number: int) -> str:
        """A street name of the country."""
        streets = self.streets_of.get(country, self.streets)
        return streets[number % len(streets)]

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Name of the organisation `number` of a place; the first ones bear the place's name."""
        named = ("Univ {0}", "{0} Univ Technol", "{0} Gen Hosp")
        if number < len(named) and not place.parent:
            return named[number].format(place.article_name)
        kinds = ("{0} Univ", "{0} Res Inst", "Natl Inst {0}", "{0} Med Ctr", "{0} Polytech", "{0} Labs")
        return kinds[number % len(kinds)].format(word)
