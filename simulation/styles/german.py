"""Germany, Austria, Switzerland: street before number, postcode before town, country letter before the code."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style

_LETTER = {"DE": "D", "AT": "A", "CH": "CH"}


class German(Style):
    """`Univ Kelvar, Inst Phys, D-80333 Munich, Germany`; `Bahnhofstr. 12, 80333 München`."""

    streets = (
        "Hauptstr.", "Bahnhofstr.", "Gartenweg", "Schillerstraße", "Goethestr.", "Lindenallee", "Am Mühlbach",
        "Kirchgasse", "Ringstraße", "Waldweg", "Beethovenstr.", "Rosenstraße",
    )  # fmt: skip
    suffixes = ("GMBH", "AG", "GMBH & CO. KG", "SE")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Code with the country's letter before the town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode and variant == 0 else ""
        return f"{code}{place.article_name}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Street and number, code and town; abroad's habit of the country letter for every third house."""
        prefix = f"{_LETTER[place.country]}-" if number % 3 == 0 and place.postcode else ""
        return f"{street} {number}, {prefix}{place.postcode} {place.letter_name}".replace(",  ", ", ")

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities, institutes of societies, hospitals."""
        if number < 2:
            return (f"Univ {place.article_name}", f"Tech Univ {place.article_name}")[number]
        kinds = ("{0} Inst", "Hsch {0}", "{0} AG", "Klinikum {0}", "{0} Forschungszentrum", "{0} GmbH")
        return kinds[number % len(kinds)].format(word)
