"""Nordic countries, the Netherlands, Poland: street before number, code with the country's letters before the town."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style

_LETTER = {"SE": "S", "NO": "N", "DK": "DK", "FI": "FI", "NL": "NL", "PL": "PL"}


class Nordic(Style):
    """`Kelvar Univ, Dept Chem, S-22100 Lund, Sweden`; `Storgatan 12, S-221 00 Lund`."""

    streets = (
        "Storgatan", "Skolgatan", "Kyrkogränden", "Parkvej", "Strandvejen", "Skovvej", "Kerkstraat", "Molenweg",
        "Dorpsstraat", "Kirkkokatu", "Asematie", "Storgata",
    )  # fmt: skip
    suffixes = ("AB", "A/S", "OY", "B.V.", "N.V.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Code with the country's letters before the town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode and variant == 0 else ""
        return f"{code}{place.article_name}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Street and number, country letters, code and town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode else ""
        return f"{street} {number}, {code}{place.letter_name}"
