"""What is said of each cluster: rows of `clusters` and `outlines` from points, cities and rules (METHODOLOGY 9 to 11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering import economies as economy
from clustering import names as naming
from clustering.cities import Cities
from clustering.outlines import Outline, outlines
from clustering.population import Population, from_gazetteer, from_raster
from clustering.sphere import Ints, mean_point
from clustering.tables import Override, column, words
from foundation import contracts
from foundation.settings import Edition

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Description:
    """The two tables, the outlines' geometries by cluster, and the population they were filled with."""

    clusters: pa.Table
    outlines: pa.Table
    geometries: list[Any]
    population: Population


@dataclass(frozen=True)
class _Inside:
    """The points of clusters, sorted by cluster; `start` bounds each cluster's rows."""

    points: pa.Table
    cluster: Ints
    dbscan_no: Ints
    start: Ints

    @property
    def clusters(self) -> int:
        return len(self.start) - 1

    def spans(self) -> list[slice]:
        return [slice(int(a), int(b)) for a, b in zip(self.start[:-1], self.start[1:], strict=True)]


def describe_clusters(
    points: pa.Table,
    point_clusters: pa.Table,
    cities: Cities,
    rules: Edition,
    forms: Mapping[int, str],
    overrides: Mapping[str, Override],
    raster: Path | None,
) -> Description:
    """Rows of `clusters` and `outlines` of one edition.

    Parameters
    ----------
    points, point_clusters : tables of those contracts, sorted by point
    cities : Cities
        The gazetteer.
    forms : mapping of place id to printed form
    overrides : mapping of cluster id to the name of a whole cluster
    raster : path of a population raster, or None for the gazetteer's cities
    """
    inside = _inside(points, point_clusters)
    latitude, longitude = column(inside.points, "latitude"), column(inside.points, "longitude")
    drawn = outlines(
        ((latitude[rows], longitude[rows]) for rows in inside.spans()),
        rules.outline_method,
        rules.outline_ratio,
        rules.disc_km,
    )
    geometries = [one.geometry for one in drawn]
    named = _named(inside, cities, rules, forms, overrides)
    if raster is not None:
        population = from_raster(geometries, raster, rules.population_year, cities, named["name"])
    else:
        population = from_gazetteer(geometries, cities)
    return Description(_clusters(inside, named, drawn, population), _outlines(drawn), geometries, population)


def _inside(points: pa.Table, point_clusters: pa.Table) -> _Inside:
    number = column(point_clusters, "cluster_no").astype(np.int64)
    order = np.argsort(number, kind="stable")
    order = order[np.searchsorted(number[order], 1) :]
    clusters = int(number.max(initial=0))
    start = np.searchsorted(number[order], np.arange(1, clusters + 2))
    dbscan_no = column(point_clusters, "dbscan_no").astype(np.int64)
    return _Inside(points.take(order), number[order] - 1, dbscan_no[order], start)


def _named(
    inside: _Inside,
    cities: Cities,
    rules: Edition,
    forms: Mapping[int, str],
    overrides: Mapping[str, Override],
) -> dict[str, list[Any]]:
    """Columns of `clusters` that say what each is called."""
    pct, sci = column(inside.points, "pct_listings"), column(inside.points, "sci_listings")
    country = words(inside.points, "country")
    activity = naming.balanced(pct, sci)
    listed = naming.Activity(
        inside.cluster,
        country,
        column(inside.points, "latitude"),
        column(inside.points, "longitude"),
        activity,
    )
    rule = naming.Naming(
        rules.name_max_cities,
        rules.name_min_population,
        rules.name_city_km,
        rules.name_min_share_of_first,
        rules.name_min_distance_km,
        forms,
    )
    names = naming.names(listed, inside.clusters, cities, rule) if inside.clusters else []
    codes = economy.economies(
        inside.cluster, country, pct + sci, activity, inside.clusters, rules.economy_min_share
    )
    ids = _ids([f"{one[0]}-{name.place_id}" for one, name in zip(codes, names, strict=True)])
    plain = naming.told_apart(
        [one.name for one in names],
        [one[0] for one in codes],
        np.bincount(inside.cluster, pct + sci, inside.clusters).astype(np.int64),
        _regions(names, cities),
    )
    printed = [overrides[key].name if key in overrides else one for key, one in zip(ids, plain, strict=True)]
    codes = [
        overrides[key].economies or one if key in overrides else one
        for key, one in zip(ids, codes, strict=True)
    ]
    return {
        "cluster_id": ids,
        "name": printed,
        "cities": [one.cities for one in names],
        "economies": codes,
        "economy_label": [economy.label(one) for one in codes],
    }


def _regions(names: list[naming.Name], cities: Cities) -> list[str]:
    """Name of the region of each cluster's first city, empty when it is not known."""
    rows = np.searchsorted(cities.place_id, [one.place_id for one in names]).tolist()
    # the gazetteer writes the word for province with some Chinese ones only: Jiangsu Sheng, and Hunan
    return [cities.region_name[row].removesuffix(" Sheng") if cities.region_name else "" for row in rows]


def _ids(wanted: list[str]) -> list[str]:
    """Ids in the clusters' order; the second of two equal ones gets `-2`."""
    seen: dict[str, int] = {}
    made = []
    for one in wanted:
        seen[one] = seen.get(one, 0) + 1
        made.append(one if seen[one] == 1 else f"{one}-{seen[one]}")
    return made


def _clusters(
    inside: _Inside, named: dict[str, list[Any]], drawn: list[Outline], population: Population
) -> pa.Table:
    import pyarrow as pa

    listings = column(inside.points, "pct_listings") + column(inside.points, "sci_listings")
    latitude, longitude = column(inside.points, "latitude"), column(inside.points, "longitude")
    spans = inside.spans()
    middles = [mean_point(latitude[rows], longitude[rows], listings[rows]) for rows in spans]
    columns: dict[str, list[Any]] = {
        "cluster_no": list(range(1, inside.clusters + 1)),
        **named,
        "points": [rows.stop - rows.start for rows in spans],
        "listings": [int(listings[rows].sum()) for rows in spans],
        "latitude": [one[0] for one in middles],
        "longitude": [one[1] for one in middles],
        "area_km2": [one.area_km2 for one in drawn],
        "population": population.inhabitants,
        "population_source": [population.source] * inside.clusters,
        "population_year": [population.year] * inside.clusters,
        "population_approximate": [population.approximate] * inside.clusters,
        "population_coverage": population.coverage,
        "merged_from": [np.unique(inside.dbscan_no[rows]).tolist() for rows in spans],
    }
    return pa.table(columns, schema=contracts.contract("clusters").schema)


def _outlines(drawn: list[Outline]) -> pa.Table:
    import pyarrow as pa
    import shapely

    columns: dict[str, list[Any]] = {
        "cluster_no": list(range(1, len(drawn) + 1)),
        "geometry": [shapely.to_wkb(one.geometry) for one in drawn],
        "method": [one.method for one in drawn],
        "ratio": [one.ratio for one in drawn],
        "area_km2": [one.area_km2 for one in drawn],
    }
    return pa.table(columns, schema=contracts.contract("outlines").schema)
