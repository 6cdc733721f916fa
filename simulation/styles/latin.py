"""Italy, Spain, Portugal and Spanish America: via, calle, rua; code before the town in Europe."""

from __future__ import annotations

from typing import ClassVar

from simulation.styles.base import PlaceText, Style

_LETTER = {"IT": "I", "ES": "E", "PT": "P"}


class Latin(Style):
    """`Univ Kelvar, Dipartimento Fis, I-40126 Bologna, Italy`; `Via Roma 12, I-40126 Bologna`."""

    streets = (
        "Calle Mayor",
        "Calle Real",
        "Avenida de la Paz",
        "Calle Nueva",
        "Avenida Central",
        "Calle del Sol",
    )
    streets_of: ClassVar[dict[str, tuple[str, ...]]] = {
        "IT": ("Via Roma", "Via Garibaldi", "Corso Italia", "Via Verdi", "Via Dante", "Viale della Vittoria"),
        "PT": (
            "Rua do Sol",
            "Rua Direita",
            "Avenida da Liberdade",
            "Rua da Escola",
            "Rua Nova",
            "Largo da Igreja",
        ),
    }
    suffixes = ("S.P.A.", "S.R.L.", "S.A.", "S.L.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Code with the country's letter before the town, or nothing."""
        letter = _LETTER.get(place.country)
        code = f"{letter}-{place.postcode} " if place.postcode and letter and variant == 0 else ""
        city = f"{place.article_name}, {place.parent}" if place.parent else place.article_name
        return f"{code}{city}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Street and number, code and town."""
        city = f"{place.letter_name}, {place.parent}" if place.parent else place.letter_name
        return f"{street} {number}, {place.postcode} {city}".replace(",  ", ", ")
