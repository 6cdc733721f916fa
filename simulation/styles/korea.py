"""Republic of Korea: road names with -ro, cities with and without -si, provinces."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style


class Korean(Style):
    """`Kelvar Univ, Dept Phys, Gumi 39177, Gyeongsangbuk Do, South Korea`; `12, Jungang-ro, Gumi-si, Gyeongsangbuk-do`."""

    streets = (
        "Jungang-ro", "Daehak-ro", "Gonghang-daero", "Yeonguwon-ro", "Hangang-daero", "Munhwa-ro", "Sicheong-ro",
        "Saneop-ro", "Dongbu-daero", "Nambu-ro", "Pureun-gil", "Haneul-ro",
    )  # fmt: skip
    suffixes = ("CO., LTD.", "ELECTRONICS CO., LTD.", "INC.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """City and postcode, the province unless it is the city's own."""
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        name = _bare(place.article_name)
        city = f"{name}, {_bare(place.parent)}" if place.parent else name
        own = place.region_short in ("", name, _bare(place.parent)) or variant == 2
        return f"{city}{code}{'' if own else ', ' + place.region_short}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Number, road, city, province and postcode."""
        name = place.letter_name
        city = f"{name}, {place.parent}" if place.parent else name
        own = place.region in ("", _bare(name), _bare(place.parent))
        return f"{number}, {street}, {city}{'' if own else ', ' + place.region} {place.postcode}".rstrip()

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities, institutes and companies."""
        if number < 2 and not place.parent:
            return (f"{_bare(place.article_name)} Natl Univ", f"Univ {_bare(place.article_name)}")[number]
        kinds = ("{0} Univ", "Korea Inst {0}", "{0} Elect", "{0} Univ Hosp", "{0} Adv Inst Technol")
        return kinds[number % len(kinds)].format(word)


def _bare(name: str) -> str:
    return name.removesuffix("-si").removesuffix("-gun").removesuffix("-eup")
