"""Japan: ward before city before prefecture, a seven-digit code."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style

#: wards of Tokyo, as far as GeoNames lists them as cities
_WARDS = frozenset(
    (
        "Adachi", "Arakawa", "Bunkyo", "Chiyoda", "Chuo", "Itabashi", "Katsushika", "Kita", "Koto", "Meguro", "Minato",
        "Nakano", "Nerima", "Ota", "Setagaya", "Shibuya", "Shinagawa", "Shinjuku", "Suginami", "Sumida", "Taito", "Toshima",
    )
)  # fmt: skip


class Japanese(Style):
    """`Kelvar Univ, Grad Sch Engn, Suita, Osaka 5650871, Japan`; `3-12, Midori-cho 2-chome, Suita-shi, Osaka 565-0871`."""

    streets = (
        "Midori-cho", "Sakura-cho", "Honcho", "Nishi-machi", "Higashi-machi", "Chuo", "Minami-cho", "Kita-machi",
        "Asahi-cho", "Akebono-cho", "Izumi", "Wakaba",
    )  # fmt: skip
    suffixes = ("CORPORATION", "CO., LTD.", "KABUSHIKI KAISHA")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Ward or town, city, prefecture with postcode."""
        code = f" {place.postcode}" if place.postcode and variant == 0 else ""
        name = _town(place.article_name)
        if place.parent:
            ward = f"{name} Ku" if name in _WARDS else name
            return f"{ward}, {place.parent}{code}, {place.article_country}"
        if place.region_short in ("", name):
            return f"{name}{code}, {place.article_country}"
        return f"{name}, {place.region_short}{code}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Block, street, city, prefecture and postcode with a hyphen."""
        code = f"{place.postcode[:3]}-{place.postcode[3:]}" if place.postcode else ""
        block = f"{1 + number % 9}-{number}, {street} {1 + number % 4}-chome"
        name = _town(place.letter_name)
        if place.parent:
            ward = f"{name}-ku" if _town(place.article_name) in _WARDS else name
            return f"{block}, {ward}, {place.parent} {code}".rstrip()
        if place.region == name == "Tokyo":
            return f"{block}, {name} {code}".rstrip()
        return f"{block}, {name}-shi, {place.region} {code}".rstrip()

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities, national institutes and company laboratories."""
        if number < 2 and not place.parent:
            return (f"{_town(place.article_name)} Univ", f"{_town(place.article_name)} Metropolitan Univ")[
                number
            ]
        kinds = ("{0} Univ", "Natl Inst {0} Sci", "{0} Corp", "{0} Med Univ", "{0} Inst Technol", "{0} Ltd")
        return kinds[number % len(kinds)].format(word)


def _town(name: str) -> str:
    for ending in ("-shi", "-ku", "-cho", "-machi", " City"):
        if name.lower().endswith(ending.lower()):
            return name[: -len(ending)]
    return name
