"""Postal codes: how they stand in a text, and where each lies."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from geocoding.gazetteer import PostalRow

SHORTEST_PREFIX = 3
WIDEST_KM = 60.0  # codes that cover more say nothing about a town
_JUNK = re.compile(r"[^0-9A-Z]")
_OUTWARD = {"GB", "CA", "IE", "NL"}  # the file has the first part of their codes only
_OUTWARD_PART = re.compile(r"^([A-Z]{1,2}\d[A-Z\d]?)(?=\d[A-Z]{2}$)|^([A-Z]\d[A-Z])(?=\d[A-Z]\d$)|^(\d{4})(?=[A-Z]{2}$)|^([A-Z]\d[\dW])(?=[A-Z\d]{4}$)")


def normal(code: str) -> str:
    """A code with letters and digits only, in capitals, without CEDEX.

    >>> normal("290-8566"), normal("sw7 2az"), normal("01001 CEDEX")
    ('2908566', 'SW72AZ', '01001')
    """
    return _JUNK.sub("", code.upper().partition(" CEDEX")[0])


def tries(country: str, code: str) -> list[str]:
    """Keys under which a written code may be found, best first: whole, first part, shorter and shorter.

    >>> tries("GB", "SW72AZ")[:2]
    ['SW72AZ', 'SW7']
    """
    found = [code]
    if country in _OUTWARD and (part := _OUTWARD_PART.match(code)):
        found.append(part[0])
    if country == "US" and len(code) == 9:
        found.append(code[:5])
    if code.isdigit():
        found += [code[:length] + "*" for length in range(len(code) - 1, SHORTEST_PREFIX - 1, -1)]
    return found


@dataclass
class _Sum:
    rows: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    south: float = 90.0
    north: float = -90.0
    west: float = 180.0
    east: float = -180.0

    def add(self, latitude: float, longitude: float) -> None:
        self.rows += 1
        self.latitude += latitude
        self.longitude += longitude
        self.south, self.north = min(self.south, latitude), max(self.north, latitude)
        self.west, self.east = min(self.west, longitude), max(self.east, longitude)

    def spread_km(self) -> float:
        return max((self.north - self.south), (self.east - self.west) * 0.7) * 111.2 / 2


@dataclass(frozen=True)
class CodePoint:
    """Where a code lies: country + code, mean point, half width (km), name and region of its place."""

    key: str
    latitude: float
    longitude: float
    spread_km: float
    name: str
    region: str


def code_points(postal: Iterable[PostalRow], joined: dict[str, str]) -> list[CodePoint]:
    """One point per code and per useful prefix (`CN1000*`), sorted; those wider than `WIDEST_KM` are left out."""
    sums: dict[str, _Sum] = defaultdict(_Sum)
    names: dict[str, tuple[str, str]] = {}
    for row in postal:
        code = normal(row.code)
        if not code or (row.country == "RU" and row.accuracy <= 1 and len(row.code) != 6):
            continue
        where = row.country + code
        sums[where].add(row.latitude, row.longitude)
        names.setdefault(where, (row.name, joined.get(f"{row.country} {row.region_code} {row.region_name}", "")))
        if code.isdigit():
            for length in range(SHORTEST_PREFIX, len(code)):
                sums[f"{row.country}{code[:length]}*"].add(row.latitude, row.longitude)
    found = []
    for where in sorted(sums):
        one = sums[where]
        if (spread := one.spread_km()) > WIDEST_KM:
            continue
        name, region = names.get(where, ("", ""))
        found.append(CodePoint(where, one.latitude / one.rows, one.longitude / one.rows, spread, name, region))
    return found
