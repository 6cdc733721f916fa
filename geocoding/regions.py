"""Names of first-level regions and which code each has; made when the index is built, from the gazetteers' rows.

GeoNames' file has codes without names. Names come from two packages by position: a place that both know at one point
says which code goes with which name, and the majority decides.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from geocoding import forms, gazetteer
from geocoding.gazetteer import Place, PostalRow
from geocoding.normalise import key
from geocoding.vocabulary import rows

FIRST, SECOND = 1, 2  # levels of a division
VOTES = 60  # of postal rows for one region: more change nothing
NEAR = 0.15  # degrees within which two sources mean the same place


@dataclass
class Regions:
    """Names by (country, code), and what a key means in a country: level and codes of first-level regions."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    keys: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def add(self, country: str, name: str, level: int, code: str) -> None:
        """`name` and its form without "province", "-do" or the like mean the region `code` (or lie in it, level 2)."""
        found = {key(name), forms.stripped(name), forms.cjk_stripped(name)}
        for form in sorted(form for form in found if form):
            level_before, codes = self.keys.get(country + form, (level, ()))
            if level > level_before:
                continue
            kept = codes if level == level_before else ()
            self.keys[country + form] = (level, tuple(sorted({*kept, *([code] if code else [])})))


def _majority(votes: dict[tuple[str, str], Counter[str]]) -> dict[tuple[str, str], str]:
    return {where: min(names, key=lambda name: (-names[name], name)) for where, names in sorted(votes.items())}


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


def add_postal_names(regions: Regions, mains: dict[str, list[Place]], postal: Iterable[PostalRow]) -> dict[str, str]:
    """Names and codes of the postal file added to `regions`; country + postal code of a region -> GeoNames' code."""
    votes: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for row in postal:
        where = (row.country, row.region_code, row.region_name)
        if not row.region_name or votes[where].total() >= VOTES:
            continue
        for place in mains.get(row.country + key(row.name), ()):
            if abs(place.latitude - row.latitude) < NEAR and abs(place.longitude - row.longitude) < 2 * NEAR:
                votes[where][place.region] += 1
    joined: dict[str, str] = {}
    for (country, code, name), found in sorted(votes.items()):
        if not found:
            continue
        region = min(found, key=lambda one: (-found[one], one))
        joined[f"{country} {code} {name}"] = region
        regions.add(country, name, FIRST, region)
        if code.isalpha() and len(code) >= 2:
            regions.add(country, code, FIRST, region)
    return joined


def add_aliases(regions: Regions) -> None:
    """Other names of regions from our own files: Korean spellings, postal abbreviations, British counties."""
    for row in rows("region_aliases"):
        _, codes = regions.keys.get(row["country"] + key(row["name"]), (FIRST, ()))
        for code in codes or ("",):
            regions.add(row["country"], row["alias"], FIRST, code)
    for row in rows("counties"):
        if row["country"] + key(row["name"]) not in regions.keys:
            regions.add(row["country"], row["name"], SECOND, "")
