"""The simulated world before any document is drawn: which part of it lies at which place, and how that grows.

A site is a place within a cluster. Clusters are the 100 of the published ranking, a tail of smaller cities and, as the
last one, the outside: single towns, far from each other and too small to be clusters. The world does not depend on the
scale: a scale only says how many documents are drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulation import tables, volumes
from simulation.places import Places, chord, load_places
from simulation.spread import REACH_KM, Anchors, Spread, Spreader
from simulation.volumes import Volume

TAIL_CLUSTERS = 420
TAIL_MIN_POPULATION = 40_000
TAIL_SPACING_KM = (48.0, 42.0)  # from published cities, from each other
TAIL_REACH_KM = 24.0
OUTSIDE_TOWNS = 6500
OUTSIDE_MIN_POPULATION = 2000
OUTSIDE_SPACING_KM = (32.0, 17.0)  # from cities of clusters, from each other
OUTSIDE_LARGEST = 0.4  # part of the published threshold that a town outside may reach


@dataclass(frozen=True)
class World:
    """Sites sorted by group; a group is a cluster, or one town of the outside.

    `site_pct` and `site_sci` are parts of the group; `group_pct`, `group_sci` are parts of the world in the base
    windows; `group_growth` is a year's; the last of `clusters` is the outside.
    """

    seed: int
    places: Places
    clusters: list[Volume]
    site_place: NDArray[np.int64]
    site_group: NDArray[np.int64]
    site_pct: NDArray[np.float64]
    site_sci: NDArray[np.float64]
    group_cluster: NDArray[np.int64]
    group_pct: NDArray[np.float64]
    group_sci: NDArray[np.float64]
    group_growth: NDArray[np.float64]

    @cached_property
    def site_cluster(self) -> NDArray[np.int64]:
        """Cluster number of each site."""
        return self.group_cluster[self.site_group]

    @cached_property
    def site_country(self) -> NDArray[np.int64]:
        """Number of each site's country among `countries`."""
        return np.searchsorted(self.countries, self.places.country[self.site_place])

    @cached_property
    def countries(self) -> NDArray[np.str_]:
        """Countries that have a site, sorted."""
        return np.unique(self.places.country[self.site_place])

    def group_shares(self, kind: str, year: int) -> NDArray[np.float64]:
        """Part of each group in the world's documents of a kind and year; sums to 1."""
        base = self.group_pct if kind == "pct" else self.group_sci
        grown = base * np.exp(self.group_growth * (year - volumes.BASE_YEAR[kind]))
        shares: NDArray[np.float64] = grown / grown.sum()
        return shares

    def site_shares(self, kind: str, year: int) -> NDArray[np.float64]:
        """Part of each site in the world's documents of a kind and year; sums to 1."""
        within = self.site_pct if kind == "pct" else self.site_sci
        shares: NDArray[np.float64] = within * self.group_shares(kind, year)[self.site_group]
        return shares


def build_world(seed: int) -> World:
    """The world of a seed; about eight seconds, most of it for reading the gazetteer."""
    places = load_places()
    intensity = _intensity(places)
    published = volumes.published()
    named = _named_cities(places)
    tail_rows = _tail_cities(places, intensity, named)
    countries = [str(places.country[row]) for row in tail_rows]
    totals = volumes.tail_totals(len(tail_rows), published)
    pct, sci = volumes.split_tail(totals, countries, published)
    tail = [
        Volume(places.name[row], "tail", (country,), None, None, float(part_pct), float(part_sci))
        for row, country, part_pct, part_sci in zip(tail_rows.tolist(), countries, pct, sci, strict=True)
    ]
    anchors = Anchors(
        np.concatenate([named.row, tail_rows]),
        np.concatenate([named.cluster, len(published) + np.arange(len(tail_rows))]),
        np.concatenate([named.part, np.ones(len(tail_rows))]),
    )
    clusters = published + tail
    reaches = [REACH_KM] * len(published) + [TAIL_REACH_KM] * len(tail)
    thinned = [cluster.thin_between for cluster in tables.published_clusters()] + [False] * len(tail)
    spreader = Spreader(places, anchors, intensity)
    spreads = [
        spreader.spread(number, volume, reach, thin)
        for number, (volume, reach, thin) in enumerate(zip(clusters, reaches, thinned, strict=True))
    ]
    return _assembled(seed, places, clusters, spreads, _outside(places, intensity, anchors))


def _intensity(places: Places) -> dict[str, NDArray[np.float64]]:
    """Research output per inhabitant (of the places of the economy, districts left out), by kind."""
    countries, number = np.unique(places.country, return_inverse=True)
    people = np.bincount(number, weights=np.where(places.parent < 0, places.population, 0))
    output = tables.economies()
    return {
        kind: np.array([getattr(output[country], kind) for country in countries.tolist()])[number]
        / np.maximum(people, 1)[number]
        for kind in ("pct", "sci")
    }


def _named_cities(places: Places) -> Anchors:
    rows, numbers, parts = [], [], []
    for number, cluster in enumerate(tables.published_clusters()):
        for place_id, part in zip(cluster.place_ids, cluster.parts, strict=True):
            rows.append(places.row(place_id))
            numbers.append(number)
            parts.append(part)
    return Anchors(np.array(rows), np.array(numbers), np.array(parts))


def _lines(places: Places, named: Anchors) -> NDArray[np.float64]:
    """Unit vectors of the published cities and of points between cities of one cluster."""
    vectors = places.vectors()[named.row]
    points = [vectors]
    for first in range(len(vectors) - 1):
        if named.cluster[first] == named.cluster[first + 1]:
            steps = np.linspace(0, 1, 12)[1:-1, None]
            line = (1 - steps) * vectors[first] + steps * vectors[first + 1]
            points.append(line / np.linalg.norm(line, axis=1)[:, None])
    return np.concatenate(points)


def _apart(
    places: Places,
    candidates: NDArray[np.int64],
    keep_away: NDArray[np.float64],
    spacing_km: tuple[float, float],
    count: int,
) -> NDArray[np.int64]:
    """The first `count` candidates that keep their distance from `keep_away` and from those taken before."""
    from scipy.spatial import cKDTree

    vectors = places.vectors()[candidates]
    far = ~np.isfinite(cKDTree(keep_away).query(vectors, distance_upper_bound=chord(spacing_km[0]))[0])
    candidates, vectors = candidates[far], vectors[far]
    tree = cKDTree(vectors)
    free = np.ones(len(candidates), dtype=bool)
    taken: list[int] = []
    for position in range(len(candidates)):
        if free[position]:
            taken.append(position)
            free[tree.query_ball_point(vectors[position], chord(spacing_km[1]))] = False
            if len(taken) == count:
                break
    return candidates[taken]


def _tail_cities(
    places: Places, intensity: dict[str, NDArray[np.float64]], named: Anchors
) -> NDArray[np.int64]:
    candidates = np.flatnonzero((places.population >= TAIL_MIN_POPULATION) & (places.parent < 0))
    score = places.population**0.75 * (intensity["pct"] + 2 * intensity["sci"])
    candidates = candidates[np.argsort(-score[candidates], kind="stable")]
    return _apart(places, candidates, _lines(places, named), TAIL_SPACING_KM, TAIL_CLUSTERS)


def _outside(
    places: Places, intensity: dict[str, NDArray[np.float64]], anchors: Anchors
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Towns outside clusters, their shares of applications and of articles: none may reach the threshold."""
    candidates = np.flatnonzero((places.population >= OUTSIDE_MIN_POPULATION) & (places.parent < 0))
    score = places.population**0.5 * intensity["sci"]
    candidates = candidates[np.argsort(-score[candidates], kind="stable")]
    rows = _apart(places, candidates, _lines(places, anchors), OUTSIDE_SPACING_KM, OUTSIDE_TOWNS)
    listings = Volume("", "outside", (), None, None, 1.0, 1.0).listings
    largest = OUTSIDE_LARGEST * volumes.PUBLISHED_MIN_SAMPLES / listings
    low, high = 0.0, 1e9
    for _ in range(100):
        middle = (low + high) / 2
        filled = np.minimum(largest, middle * score[rows]).sum()
        low, high = (middle, high) if filled < 1 - volumes.CLUSTERED else (low, middle)
    sci = np.minimum(largest, high * score[rows])
    pct = sci * intensity["pct"][rows] / intensity["sci"][rows]
    rest = 1 - volumes.CLUSTERED
    return rows, rest * pct / pct.sum(), rest * sci / sci.sum()


def _assembled(
    seed: int,
    places: Places,
    clusters: list[Volume],
    spreads: list[Spread],
    outside: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]],
) -> World:
    towns, town_pct, town_sci = outside
    sizes = [len(spread.row) for spread in spreads]
    first_of_town = len(clusters)
    ones = np.ones(len(towns))
    everything = Volume(
        "(outside clusters)", "outside", (), None, None, float(town_pct.sum()), float(town_sci.sum())
    )
    main = [volume.economies[0] for volume in clusters] + places.country[towns].tolist()
    return World(
        seed,
        places,
        [*clusters, everything],
        np.concatenate([*(spread.row for spread in spreads), towns]),
        np.concatenate([np.repeat(np.arange(len(clusters)), sizes), first_of_town + np.arange(len(towns))]),
        np.concatenate([*(spread.pct for spread in spreads), ones]),
        np.concatenate([*(spread.sci for spread in spreads), ones]),
        np.concatenate([np.arange(len(clusters)), np.full(len(towns), len(clusters))]),
        np.concatenate([[volume.pct for volume in clusters], town_pct]),
        np.concatenate([[volume.sci for volume in clusters], town_sci]),
        np.array([volumes.growth(economy, seed, number) for number, economy in enumerate(main)]),
    )
