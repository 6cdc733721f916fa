"""Inhabitants inside outlines: from a raster with cells split by area, else from the gazetteer's cities (METHODOLOGY 9).

What is asked of a raster file, and how outlines get onto it, is `rasters.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from clustering.cities import Cities
from clustering.districts import districts
from clustering.rasters import Grid, Sum, opened
from foundation.errors import BadInput

COVERAGE_MIN = 0.99
EMPTY_PART = 0.01  # of the gazetteer's inhabitants: less in a raster is a mistake of unit or projection
#: a cluster's main city is often a vertex of its hull, and the way back to degrees moves vertices by up to 1e-8 degrees;
#: `outline` promises its points within 100 m, which this is at the equator
NEAR_DEGREES = 1e-3


@dataclass(frozen=True)
class Population:
    """Inhabitants of each outline (None where nothing says), and where the figures come from.

    `coverage` is the part of each outline on cells with a value: sea is often without one. None without a raster.
    """

    inhabitants: list[int | None]
    source: str
    year: int | None
    approximate: bool
    coverage: list[float | None]


def from_gazetteer(outlines: list[Any], cities: Cities) -> Population:
    """Sums of the gazetteer's cities inside each outline: rough, since who lives between them is missing.

    A city on the boundary counts, so those at the cluster's own points always do. A district counts only where its city
    is not inside; see `districts`.

    Parameters
    ----------
    outlines : list of shapely geometries, degrees, longitude first
    cities : Cities
        Those without inhabitants are left out.
    """
    import shapely

    lived_in = np.flatnonzero(cities.population > 0)
    tree = shapely.STRtree(shapely.points(cities.longitude[lived_in], cities.latitude[lived_in]))
    outline, city = tree.query(np.array(outlines, dtype=object), predicate="dwithin", distance=NEAR_DEGREES)
    sums = np.zeros(len(outlines), np.int64)
    for number in np.unique(outline).tolist():
        inside = lived_in[city[outline == number]]
        sums[number] = cities.population[inside[~districts(cities, inside)]].sum()
    return Population(
        [int(one) if one > 0 else None for one in sums], "gazetteer", None, True, [None] * len(outlines)
    )


def from_raster(
    outlines: list[Any],
    raster: Path,
    year: int | None = None,
    cities: Cities | None = None,
    names: Sequence[str] | None = None,
) -> Population:
    """Exact sums of a raster's cells inside each outline, a cell that is cut counting by the part inside.

    Cells without a value add nothing. Most are sea, but a country's raster has none beyond its border, so those on which
    cities of the gazetteer stand must not hold more than 1 % of an outline's city dwellers.

    Parameters
    ----------
    outlines : list of shapely geometries, degrees, longitude first
    raster : path of a GeoTIFF or ASCII grid
    year : int or None
        Year of the figures, as the user says.
    cities : Cities or None
        The gazetteer, to tell missing land from sea; None leaves that out.
    names : names of the outlines for messages, or None

    Raises
    ------
    BadInput
        `raster` cannot be used (see `rasters.opened`), covers less than 99 % of an outline or of its city dwellers, or
        is empty where the gazetteer has cities.
    """
    with opened(raster) as grid:
        shapes = grid.shapes(outlines)
        for number, shape in enumerate(shapes):
            part = grid.within(shape)
            if part < COVERAGE_MIN:
                raise _uncovered(raster, number, names, outlines, f"{_percent(part)} of the outline")
        sums = grid.sums(shapes)
        if cities is not None:
            partly = [number for number, one in enumerate(sums) if one.coverage < COVERAGE_MIN]
            dwellers = _dwellers([outlines[number] for number in partly], cities, grid)
            for number, (reached, people) in zip(partly, dwellers, strict=True):
                if people and reached < COVERAGE_MIN * people:
                    said = f"{_percent(reached / people)} of those who live in its cities"
                    raise _uncovered(raster, number, names, outlines, said)
            _refuse_empty(sums, outlines, cities, raster)
    return Population(
        [None if one.inhabitants is None else round(one.inhabitants) for one in sums],
        raster.name,
        year,
        False,
        [one.coverage for one in sums],
    )


def _percent(part: float) -> str:
    """Rounded down, so that a part below the limit never reads as the limit."""
    return f"{np.floor(1000 * part) / 10:.1f} %"


def _uncovered(
    raster: Path, number: int, names: Sequence[str] | None, outlines: list[Any], said: str
) -> BadInput:
    middle = outlines[number].centroid
    who = f"Cluster {number + 1}" + (f" ({names[number]})" if names else "")
    return BadInput(
        f"{who}, centre at latitude {middle.y:.2f}, longitude {middle.x:.2f}: the population raster has values for "
        f"{said} only, {100 * COVERAGE_MIN:g} % are needed.",
        "Give a population_raster that holds every cluster, with its right projection.",
        str(raster),
    )


def _dwellers(outlines: list[Any], cities: Cities, grid: Grid) -> list[tuple[int, int]]:
    """Inhabitants of the gazetteer's cities in each outline: those on or beside cells with a value, and all."""
    import shapely

    lived_in = np.flatnonzero(cities.population > 0)
    tree = shapely.STRtree(shapely.points(cities.longitude[lived_in], cities.latitude[lived_in]))
    outline, city = tree.query(np.array(outlines, dtype=object), predicate="intersects")
    rows = lived_in[city]
    reached = grid.has_value(cities.longitude[rows], cities.latitude[rows])
    people = cities.population[rows]
    every = np.bincount(outline, people, len(outlines)).astype(np.int64)
    some = np.bincount(outline, np.where(reached, people, 0), len(outlines)).astype(np.int64)
    return list(zip(some.tolist(), every.tolist(), strict=True))


def _refuse_empty(sums: list[Sum], outlines: list[Any], cities: Cities, raster: Path) -> None:
    """A raster that is empty where cities are is another place's, in another unit, or in a wrong projection."""
    known = sum(one or 0 for one in from_gazetteer(outlines, cities).inhabitants)
    found = sum(one.inhabitants or 0.0 for one in sums)
    if found < EMPTY_PART * known:
        raise BadInput(
            f"The population raster has {found:,.0f} inhabitants in all clusters, the gazetteer's cities there "
            f"{known:,}.",
            "Check that its cells count inhabitants and that its projection is the right one.",
            str(raster),
        )
