"""United States: state code and ZIP code; the state decides between towns of one name."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style

_SHORT = (("Saint ", "St "), ("Fort ", "Ft "), ("Mount ", "Mt "))


class UnitedStates(Style):
    """`Univ Kelvar, Dept Chem, Ann Arbor, MI 48105 USA`; `1200 Oak Drive, Ann Arbor, Michigan 48105`."""

    streets = (
        "Oak Drive", "Maple Avenue", "Elm Street", "Cedar Lane", "Pine Street", "Washington Avenue", "Lincoln Way",
        "Sunset Boulevard", "Highland Road", "Ridge Court", "Meadow Lane", "Valley View Drive", "Research Parkway",
        "Technology Drive", "Mill Creek Road", "Orchard Place",
    )  # fmt: skip
    suffixes = ("INC", "LLC", "CORPORATION", "TECHNOLOGIES, INC.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """City, state code and ZIP, USA."""
        city = place.article_name
        for long, short in _SHORT:
            city = city.replace(long, short)
        city = "New York" if city == "New York City" else city
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        return f"{city}, {place.region_short}{code} USA"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Number and street, city, state (in full for every second house) and ZIP."""
        state = place.region if number % 2 else place.region_short
        city = "New York" if place.letter_name == "New York City" else place.letter_name
        return f"{number * 13} {street}, {city}, {state} {place.postcode}".rstrip()

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities named after state and city, medical centres, laboratories."""
        if number == 0:
            return f"Univ {place.region} {place.article_name}"
        kinds = ("{0} State Univ", "{0} Univ", "{0} Med Ctr", "{0} Inst Technol", "{0} Natl Lab", "{0} Coll")
        return kinds[number % len(kinds)].format(word)
