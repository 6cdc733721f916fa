"""Nordic countries, the Netherlands, Poland: street before number, code with the country's letters before the town."""

from __future__ import annotations

from typing import ClassVar

from simulation.styles.base import PlaceText, Style

_LETTER = {"SE": "S", "NO": "N", "DK": "DK", "FI": "FI", "NL": "NL", "PL": "PL"}


class Nordic(Style):
    """`Kelvar Univ, Dept Chem, S-22100 Lund, Sweden`; `Storgatan 12, S-221 00 Lund`."""

    streets_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "SE": ("Storgatan", "Skolgatan", "Kyrkogränden", "Björkvägen", "Parkgatan", "Ängsvägen"),
        "NO": ("Storgata", "Kirkeveien", "Skolegata", "Fjordveien", "Bjørkeveien", "Parkveien"),
        "DK": ("Skovvej", "Strandvejen", "Parkvej", "Østergade", "Kirkegade", "Møllevej"),
        "FI": ("Kirkkokatu", "Asematie", "Koulukatu", "Rantatie", "Puistokatu", "Mäntytie"),
        "NL": ("Kerkstraat", "Molenweg", "Dorpsstraat", "Beukenlaan", "Schoolstraat", "Stationsweg"),
        "PL": ("ul. Lipowa", "ul. Polna", "ul. Szkolna", "ul. Ogrodowa", "ul. Kościelna", "ul. Krótka"),
    }
    suffixes = ("AB", "A/S", "OY", "B.V.", "N.V.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Code with the country's letters before the town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode and variant == 0 else ""
        return f"{code}{place.article_name}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Street and number, country letters, code and town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode else ""
        return f"{street} {number}, {code}{place.letter_name}"
