"""China, Hong Kong, Macao and Taiwan: district before city; Hong Kong and Macao end in Peoples R China."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style


class Chinese(Style):
    """`Kelvar Univ, Coll Chem, Wuhan 430074, Hubei, Peoples R China`; `No. 12, Renmin Road, Wuhan, Hubei 430074`."""

    streets = (
        "Renmin Road", "Jiefang Road", "Zhongshan Road", "Xueyuan Road", "Jianshe Road", "Keji Road", "Huanghe Road",
        "Gongye Avenue", "Wenhua Road", "Xinhua Street", "Chuangxin Road", "Dongfang Avenue",
    )  # fmt: skip
    suffixes = ("CO., LTD.", "TECHNOLOGY CO., LTD.", "ELECTRONICS CO., LTD.")

    def article_place(self, place: PlaceText, variant: int) -> str:
        """City and postcode, sometimes the province, then the country; a district before its city at times."""
        code = f" {place.postcode}" if place.postcode and variant < 2 else ""
        city = place.article_name
        if place.parent:
            city = f"{place.article_name}, {place.parent}" if variant else place.parent
        region = (
            f", {place.region_short}"
            if place.region_short not in ("", place.article_name, place.parent)
            else ""
        )
        if place.country in ("HK", "MO"):
            home = "Hong Kong" if place.country == "HK" else "Macau"
            town = "" if place.article_name == home else f"{place.article_name}, "
            return f"{town}{home}, {place.article_country}"
        # the province is written where the name alone does not say it
        return f"{city}{code}{region if variant < 2 else ''}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """House, street, district, city, province and postcode."""
        city = f"{place.letter_name}, {place.parent}" if place.parent else place.letter_name
        if place.country in ("HK", "MO"):
            home = "Hong Kong" if place.country == "HK" else "Macau"
            return f"Flat {number}, {street}, {city}" + ("" if city.endswith(home) else f", {home}")
        region = f", {place.region}" if place.region not in ("", place.letter_name, place.parent) else ""
        return f"No. {number}, {street}, {city}{region} {place.postcode}".rstrip()

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities named after cities, institutes of the academy, key laboratories."""
        if number < 3 and not place.parent:
            named = ("{0} Univ", "{0} Univ Technol", "{0} Med Univ")
            return named[number].format(place.article_name)
        kinds = (
            "{0} Univ",
            "{0} Acad Sci",
            "{0} Inst Technol",
            "{0} Normal Univ",
            "{0} Hosp",
            "{0} Grid Corp",
        )
        return kinds[number % len(kinds)].format(word)
