"""United Kingdom: England, Scotland, Wales and North Ireland stand where others have the country."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style


class British(Style):
    """`Univ Leeds, Sch Phys, Leeds LS2 9JT, England`; `12 Church Lane, Leeds LS2 9JT`."""

    streets = (
        "Church Lane", "High Street", "Victoria Road", "Mill Lane", "Queens Road", "Kings Avenue", "Station Road",
        "The Green", "Manor Close", "Grove Road", "Albert Street", "Park Crescent",
    )  # fmt: skip
    suffixes = ("LIMITED", "LTD", "PLC")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Town, postcode, part of the kingdom."""
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        city = place.parent or place.article_name
        return f"{city}{code}, {place.region_short or 'England'}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Number and street, town, postcode."""
        city = f"{place.letter_name}, {place.parent}" if place.parent else place.letter_name
        return f"{number} {street}, {city} {place.postcode}".rstrip()
