"""Canada, Australia, India, Brazil: a state or province stands between the town and the country."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style


class Provinces(Style):
    """`Univ Kelvar, Dept Biol, Edmonton, AB T6G 2G6, Canada`; `12 Park Street, Edmonton, Alberta T6G 2G6`."""

    suffixes = ("LTD", "INC.", "PVT. LTD.", "LTDA")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Town, state and code, country; India writes the code after the town."""
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        city = f"{place.article_name}, {place.parent}" if place.parent else place.article_name
        if place.country == "IN":
            state = (
                "" if place.region_short in (place.article_name, place.parent) else f", {place.region_short}"
            )
            return f"{city}{code}{state}, {place.article_country}"
        return f"{city}, {place.region_short}{code}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Number and street, town, state and code."""
        city = f"{place.letter_name}, {place.parent}" if place.parent else place.letter_name
        state = "" if place.region in (place.letter_name, place.parent) else f", {place.region}"
        return f"{number} {street}, {city}{state} {place.postcode}".rstrip()
