"""France, Belgium, Luxembourg: number, rue, postcode before town; units separated by commas without blanks."""

from __future__ import annotations

from simulation.styles.base import PlaceText, Style

_LETTER = {"FR": "F", "BE": "B", "LU": "L"}


class French(Style):
    """`Univ Kelvar, CNRS,Lab Phys,UMR 5512, F-69007 Lyon, France`; `12, rue du Moulin, 69007 Lyon`."""

    streets = (
        "rue de la République", "rue du Moulin", "avenue Jean Jaurès", "rue Victor Hugo", "place de l'Église",
        "boulevard Pasteur", "rue des Écoles", "chemin des Vignes", "allée des Tilleuls", "rue de la Gare",
        "avenue de l'Europe", "impasse du Lavoir",
    )  # fmt: skip
    suffixes = ("SA", "SAS", "SARL")

    def article(self, place: PlaceText, organisation: str, unit: str, variant: int) -> str:
        """Units of French addresses come in one segment at times."""
        joined = f"CNRS,{unit},UMR {5000 + variant}" if variant == 1 and place.country == "FR" else unit
        return f"{organisation}, {joined}, {self.article_place(place, variant)}"

    def article_place(self, place: PlaceText, variant: int) -> str:
        """Code with the country's letter before the town."""
        code = f"{_LETTER[place.country]}-{place.postcode} " if place.postcode and variant == 0 else ""
        return f"{code}{place.article_name}, {place.article_country}"

    def letter(self, place: PlaceText, street: str, number: int) -> str:
        """Number, street, code and town."""
        return f"{number}, {street}, {place.postcode} {place.letter_name}".replace(",  ", ", ")

    def organisation(self, place: PlaceText, word: str, number: int) -> str:
        """Universities, schools, hospitals, institutes."""
        if number < 2:
            return (f"Univ {place.article_name}", f"CHU {place.article_name}")[number]
        kinds = ("Univ {0}", "Inst {0}", "Ecole {0}", "Ctr Hosp {0}", "{0} SA", "Lab {0}")
        return kinds[number % len(kinds)].format(word)
