"""Names of first-level regions and which code each has; made when the index is built, from the gazetteers' rows.

GeoNames' file has codes without names. Names come from two packages by position: a place that both know at one point
says which code goes with which name, and the majority decides.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geocoding import forms, gazetteer, hangul
from geocoding.gazetteer import Place
from geocoding.normalise import key
from geocoding.vocabulary import rows

if TYPE_CHECKING:
    import pyarrow as pa

_KIND = re.compile(
    r"^(departement|département|provincia|province|provincie|provinz|prefectura|partido|departamento|distrito|district"
    r"|condado|county|comarca|wilaya|gouvernorat|landkreis|kreis|estado|município|municipio|politischer bezirk|powiat)\s+"
    r"(de la |de las |de los |de l'|de l’|du |des |del |della |de |d'|d’|di |of )?",
    re.I,
)
FIRST, SECOND = 1, 2  # levels of a division
VOTES = 60  # of postal rows for one region: more change nothing
NEAR = 0.15  # degrees within which two sources mean the same place
CELLS = 10  # cells per degree, where names do not meet (Hangul): the cell's region counts


def _without_kind(name: str) -> str | None:
    """The key without the word for its kind in front: "Departement de la Gironde" -> gironde."""
    rest = _KIND.sub("", name)
    return key(rest) if rest != name and len(key(rest)) >= 3 else None


@dataclass
class Regions:
    """Names by (country, code), and what a key means in a country: level and codes of first-level regions."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, country: str, name: str, level: int, code: str) -> None:
        """`name` and its form without "province", "-do" or the like mean the region `code` (or lie in it, level 2)."""
        found = {key(name), forms.stripped(name), forms.cjk_stripped(name), _without_kind(name)}
        for form in sorted(form for form in found if form):
            level_before, codes = self.keys.get(country + form, (level, ()))
            if level > level_before:
                continue
            kept = codes if level == level_before else ()
            self.keys[country + form] = (level, tuple(sorted({*kept, *([code] if code else [])})))


def _majority(votes: dict[tuple[str, str], Counter[str]]) -> dict[tuple[str, str], str]:
    return {
        where: min(names, key=lambda name: (-names[name], name)) for where, names in sorted(votes.items())
    }


def from_points(places: list[Place]) -> Regions:
    """Regions named by the places that both GeoNames files know at the same point."""
    codes = {(p.country, f"{p.latitude:.5f}", f"{p.longitude:.5f}"): p.region for p in places}
    first: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    second: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for country, latitude, longitude, name, below in gazetteer.named_points():
        code = codes.get((country, f"{float(latitude):.5f}", f"{float(longitude):.5f}"))
        if code is None:
            continue
        if name and code:
            first[country, code][name] += 1
        if below:
            second[country, below][code] += 1
    regions = Regions(names=_majority(first))
    for code, name in gazetteer.us_states().items():
        regions.names["US", code] = name
        regions.add("US", code, FIRST, code)
    for (country, code), name in sorted(regions.names.items()):
        regions.add(country, name, FIRST, code)
    for (country, name), code in sorted(_majority(second).items()):
        regions.add(country, name, SECOND, code)
    return regions


def add_given(regions: Regions, given: dict[tuple[str, str], list[str]]) -> None:
    """Names of first-level regions from a user's GeoNames dump; the first of each is shown where none is known."""
    for (country, code), names in sorted(given.items()):
        regions.names.setdefault((country, code), names[0])
        for name in names:
            regions.add(country, name, FIRST, code)


def add_postal_names(
    regions: Regions, places: list[Place], postal: pa.Table
) -> dict[tuple[str, str, str], str]:
    """Names and codes of the postal file added to `regions`; (country, postal code, name of a region) -> GeoNames' code."""
    mains: dict[str, list[Place]] = defaultdict(list)
    cells: dict[tuple[str, int, int], Counter[str]] = defaultdict(Counter)
    for place in places:
        mains[place.country + key(place.name)].append(place)
        cells[place.country, round(place.latitude * CELLS), round(place.longitude * CELLS)][place.region] += 1
    columns = ("country", "region_code", "region_name", "name", "latitude", "longitude")
    by_name: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    by_cell: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for country, code, region, name, latitude, longitude in zip(
        *(postal[c].to_pylist() for c in columns), strict=True
    ):
        where = (country, code, region)
        if not region or by_name[where].total() >= VOTES:
            continue
        for place in mains.get(country + key(name), ()):
            if abs(place.latitude - latitude) < NEAR and abs(place.longitude - longitude) < 2 * NEAR:
                by_name[where][place.region] += 1
        if by_cell[where].total() < VOTES:
            by_cell[where].update(cells.get((country, round(latitude * CELLS), round(longitude * CELLS)), ()))
    joined: dict[tuple[str, str, str], str] = {}
    for where in sorted(by_name):
        level, known = regions.keys.get(where[0] + key(where[2]), (SECOND, ()))
        same_name = Counter(known if level == FIRST else ())
        found = by_name[where] or same_name or by_cell[where]
        if found:
            joined[where] = min(found, key=lambda one: (-found[one], one))
            _add_joined(regions, where, joined[where])
    return joined


def add_counties(
    regions: Regions, postal: pa.Table, joined: dict[tuple[str, str, str], str], towns: set[str]
) -> None:
    """Names of divisions whose points are too rough for places: they are known as parts of their region.

    Not those that are some town's name (`towns`: country + key), which is meant more often.
    """
    columns = ("country", "region_code", "region_name", "third_name")
    for country, code, region, name in sorted(
        set(zip(*(postal[c].to_pylist() for c in columns), strict=True))
    ):
        short = forms.stripped(name) or key(name)
        if len(short) > 3 and country + short not in towns and (country, code, region) in joined:
            regions.add(country, name, SECOND, joined[country, code, region])


def _add_joined(regions: Regions, where: tuple[str, str, str], region: str) -> None:
    country, code, name = where
    regions.add(country, name, FIRST, region)
    if code.isalpha() and len(code) >= 2:
        regions.add(country, code, FIRST, region)
    for form in hangul.romanised(name):
        regions.add(country, form, FIRST, region)


def add_aliases(regions: Regions) -> None:
    """Other names of regions from our own files: Korean spellings, postal abbreviations, British counties."""
    for row in rows("region_aliases"):
        _, codes = regions.keys.get(row["country"] + key(row["name"]), (FIRST, ()))
        for code in codes or ("",):
            regions.add(row["country"], row["alias"], FIRST, code)
    for row in rows("counties"):
        if row["country"] + key(row["name"]) not in regions.keys:
            regions.add(row["country"], row["name"], SECOND, "")
