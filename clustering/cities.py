"""The gazetteer's cities as naming and population take them."""

from __future__ import annotations

from dataclasses import dataclass, field

from clustering.sphere import Floats, Ints


@dataclass(frozen=True)
class Cities:
    """The gazetteer's cities, one row each, sorted by `place_id`; `region` is the first-level division's code.

    `region_name` is its name, needed only where two clusters have one name.
    """

    place_id: Ints
    name: list[str]
    region: list[str]
    country: list[str]
    latitude: Floats
    longitude: Floats
    population: Ints
    region_name: list[str] = field(default_factory=list)
