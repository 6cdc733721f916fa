"""Where a cluster's volume lies: its cities, the towns around, the corridor between its cities, districts of big cities.

A share of the volume lies in the cities named; the rest is spread over all places around by population with distance
decay, places abroad by their economy's research output per inhabitant (an economy that the published table names gets at
least a twentieth), and in clusters of several cities a little over
the places between them. Half of a big city's part goes to its districts. A place belongs to the cluster whose city is
nearest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation import gap, volumes
from simulation.places import BIG_CITY_KM, BIG_CITY_KM_MAX, Places, arc_km, chord
from simulation.volumes import Volume

NAMED_PART = {"pct": 0.45, "sci": 0.55}  # of a cluster's volume, in the cities named
CORRIDOR_PART = 0.12  # of a cluster with several cities, over the places between them
CORRIDOR_KM = 25.0  # how far from the straight line
CORRIDOR_HOPS_KM = (12.0, 13.5, 14.6)  # below the published 15 km; Taipei–Hsinchu has no places that near
DISTRICTS_MOST = 24  # of a big city, the most populous ones; GeoNames names single buildings in some
DISTRICT_PART = (0.5, 0.06)  # of a big city's volume: in all its districts, in each of few ones
ABROAD_LEAST = 0.05  # of a cluster's volume, in each further economy that the published table names
REACH_KM = 45.0
DECAY_KM = (9.0, 16.0)  # smallest and largest e-folding distance
SMALLEST_PART = 3e-4  # of a cluster's volume; smaller sites are left out


@dataclass(frozen=True)
class Anchors:
    """The cities that clusters are built around: row in the places, cluster number, part of the cluster's named volume."""

    row: NDArray[np.int64]
    cluster: NDArray[np.int64]
    part: NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """Sites of one cluster: rows of places and their parts of its applications and of its articles, both summing to 1."""

    row: NDArray[np.int64]
    pct: NDArray[np.float64]
    sci: NDArray[np.float64]


class Spreader:
    """Spreads clusters over the places; built once for all clusters.

    Parameters
    ----------
    places : Places
    anchors : Anchors
        The cities of all clusters; they decide which cluster a place belongs to.
    intensity : dict
        Kind -> research output per inhabitant of each place's economy, shape (places,).
    """

    def __init__(self, places: Places, anchors: Anchors, intensity: dict[str, NDArray[np.float64]]) -> None:
        from scipy.spatial import cKDTree

        self._places, self._anchors, self._intensity = places, anchors, intensity
        self._vectors = places.vectors()
        self._tree = cKDTree(self._vectors)
        self._nearest_km, nearest = self._nearest_anchor(cKDTree(self._vectors[anchors.row]))
        self._owner = anchors.cluster[nearest]
        self._districts = _by_parent(places)

    def _nearest_anchor(self, tree: object) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        chords, nearest = tree.query(self._vectors, distance_upper_bound=chord(4 * REACH_KM))  # type: ignore[attr-defined]
        far = ~np.isfinite(chords)
        return np.where(far, np.inf, arc_km(np.where(far, 0, chords))), np.where(far, 0, nearest)

    def spread(
        self, cluster: int, volume: Volume, reach_km: float = REACH_KM, thin_between: bool = False
    ) -> Spread:
        """Sites of the cluster with that number and volume."""
        mine = np.flatnonzero(self._anchors.cluster == cluster)
        anchor_rows, parts = self._anchors.row[mine], self._anchors.part[mine]
        around = self._around(cluster, anchor_rows, reach_km, at_home=volume.basis == "tail")
        corridor = self._corridor(cluster, anchor_rows)
        rows = np.unique(np.concatenate([anchor_rows, around, corridor]))
        decay = float(np.clip(11 * (100 * (volume.pct + volume.sci)) ** 0.2, *DECAY_KM))
        weights = {}
        for kind in ("pct", "sci"):
            weight = np.zeros(len(rows))
            np.add.at(weight, np.searchsorted(rows, anchor_rows), NAMED_PART[kind] * parts / parts.sum())
            rest = 1 - NAMED_PART[kind]
            if len(corridor):
                weight[np.searchsorted(rows, corridor)] += CORRIDOR_PART / len(corridor)
                rest -= CORRIDOR_PART
            near = self._near(kind, around, int(anchor_rows[0]), decay)
            near = self._with_abroad(near, around, volume.economies[1:], rest)
            weight[np.searchsorted(rows, around)] += rest * near
            weights[kind] = weight
        spread = self._with_districts(rows, weights["pct"], weights["sci"])
        return self._thinned(spread, cluster, volume, anchor_rows) if thin_between else spread

    def _thinned(
        self, spread: Spread, cluster: int, volume: Volume, anchor_rows: NDArray[np.int64]
    ) -> Spread:
        """The spread with a gap between its two cities that the merging rule alone bridges."""
        ends = self._vectors[anchor_rows[:2]]
        parts = (spread.pct * volume.pct, spread.sci * volume.sci)
        scale = (
            volume.listings / volumes.PUBLISHED_MIN_SAMPLES
        )  # cluster's listings as multiples of the threshold
        listings = scale * (parts[0] + parts[1]) / (volume.pct + volume.sci)
        between = self._beside_line(cluster, anchor_rows)
        cities = (int(anchor_rows[0]), int(anchor_rows[1]))
        best = gap.find_gap(self._vectors, spread.row, listings, between, cities)
        if best is None:
            raise ValueError(
                f"no stretch between the cities of {volume.name} can be bridged by merging alone"
            )
        at = gap.positions_km(self._vectors[spread.row], ends[0], ends[1])
        stays = (at <= best.from_km) | (at >= best.to_km)
        thin = best.part / scale
        rest = 1 - thin.sum()
        pct, sci = spread.pct[stays], spread.sci[stays]
        rows = np.concatenate([spread.row[stays], best.rows])
        order = np.argsort(rows, kind="stable")
        return Spread(
            rows[order],
            np.concatenate([rest * pct / pct.sum(), thin])[order],
            np.concatenate([rest * sci / sci.sum(), thin])[order],
        )

    def _beside_line(self, cluster: int, anchor_rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """The cluster's places near the line between its first two cities."""
        line = _line(self._vectors[anchor_rows[0]], self._vectors[anchor_rows[1]], 41)
        near = np.unique(np.concatenate(self._tree.query_ball_point(line, chord(gap.ASIDE_KM)))).astype(
            np.int64
        )
        beside: NDArray[np.int64] = near[(self._owner[near] == cluster) & ~np.isin(near, anchor_rows)]
        return beside

    def _near(self, kind: str, rows: NDArray[np.int64], home: int, decay_km: float) -> NDArray[np.float64]:
        """Parts of the places around: by inhabitants, distance, and research output of their economy."""
        ratio = np.minimum(self._intensity[kind][rows] / self._intensity[kind][home], 3)
        weight = np.maximum(self._places.population[rows], 500) * np.exp(-self._nearest_km[rows] / decay_km)
        parts: NDArray[np.float64] = weight * ratio / (weight * ratio).sum()
        return parts

    def _with_abroad(
        self, near: NDArray[np.float64], rows: NDArray[np.int64], economies: tuple[str, ...], rest: float
    ) -> NDArray[np.float64]:
        """The parts, raised where an economy that the published table names would get less than `ABROAD_LEAST`."""
        near = near.copy()
        for economy in economies:
            there = self._places.country[rows] == economy
            part = float(near[there].sum())
            if 0 < part < ABROAD_LEAST / rest:
                near[~there] *= (1 - ABROAD_LEAST / rest) / (1 - part)
                near[there] *= ABROAD_LEAST / rest / part
        return near

    def _around(
        self, cluster: int, anchor_rows: NDArray[np.int64], reach_km: float, at_home: bool
    ) -> NDArray[np.int64]:
        found = self._tree.query_ball_point(self._vectors[anchor_rows], chord(reach_km))
        rows = np.unique(np.concatenate([np.asarray(part, dtype=np.int64) for part in found]))
        own = (self._owner[rows] == cluster) & (self._places.parent[rows] < 0)
        if at_home:  # nothing is published about economies of the tail
            own &= self._places.country[rows] == self._places.country[anchor_rows[0]]
        return np.union1d(rows[own], anchor_rows)

    def _corridor(self, cluster: int, anchor_rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places on the way between consecutive cities, no hop longer than `CORRIDOR_HOPS_KM` where that can be had."""
        found: set[int] = set()
        for start, end in zip(anchor_rows[:-1].tolist(), anchor_rows[1:].tolist(), strict=True):
            for longest in CORRIDOR_HOPS_KM:
                path = self._path(cluster, start, end, longest)
                if path:
                    found.update(path)
                    break
        return np.array(sorted(found), dtype=np.int64)

    def _path(self, cluster: int, start: int, end: int, longest_km: float) -> list[int]:
        """Fewest hops from city to city over the cluster's own places, larger ones preferred; empty when there is none."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import dijkstra
        from scipy.spatial import cKDTree

        line = _line(self._vectors[start], self._vectors[end], 25)
        near = np.unique(np.concatenate(self._tree.query_ball_point(line, chord(CORRIDOR_KM)))).astype(
            np.int64
        )
        rows = near[self._owner[near] == cluster]
        rows = np.union1d(rows, [start, end])
        pairs = cKDTree(self._vectors[rows]).query_pairs(chord(longest_km), output_type="ndarray")
        small = 1 / np.log(np.maximum(self._places.population[rows], 500))
        cost = 1 + small[pairs[:, 0]] + small[pairs[:, 1]]
        graph = coo_array((cost, (pairs[:, 0], pairs[:, 1])), shape=(len(rows), len(rows)))
        first, last = int(np.searchsorted(rows, start)), int(np.searchsorted(rows, end))
        _, before = dijkstra(graph.tocsr(), directed=False, indices=first, return_predecessors=True)
        path: list[int] = []
        while last != first and before[last] >= 0:
            last = int(before[last])
            path.append(int(rows[last]))
        return path[:-1] if last == first else []

    def _with_districts(
        self, rows: NDArray[np.int64], pct: NDArray[np.float64], sci: NDArray[np.float64]
    ) -> Spread:
        out_rows, out_pct, out_sci = [rows], [pct.copy()], [sci.copy()]
        for position, row in enumerate(rows.tolist()):
            districts = self._districts.get(row)
            if districts is None:
                continue
            radius = min(BIG_CITY_KM_MAX, BIG_CITY_KM * float(self._places.population[row]) ** 0.5)
            km = arc_km(np.linalg.norm(self._vectors[districts] - self._vectors[row], axis=1))
            weight = (1 + np.log10(1 + self._places.population[districts])) * np.exp(-km / radius)
            part = min(DISTRICT_PART[0], DISTRICT_PART[1] * len(districts))
            weight *= part / weight.sum()
            out_rows.append(districts)
            out_pct.append(weight * pct[position])
            out_sci.append(weight * sci[position])
            out_pct[0][position] *= 1 - part
            out_sci[0][position] *= 1 - part
        return _pruned(np.concatenate(out_rows), np.concatenate(out_pct), np.concatenate(out_sci))


def _line(start: NDArray[np.float64], end: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Unit vectors of `count` points from `start` to `end`."""
    steps = np.linspace(0, 1, count)[:, None]
    line = (1 - steps) * start + steps * end
    unit: NDArray[np.float64] = line / np.linalg.norm(line, axis=1)[:, None]
    return unit


def _by_parent(places: Places) -> dict[int, NDArray[np.int64]]:
    """Big city -> its most populous districts."""
    children = np.flatnonzero(places.parent >= 0)
    order = children[np.lexsort((children, -places.population[children], places.parent[children]))]
    cities, starts = np.unique(places.parent[order], return_index=True)
    groups = np.split(order, starts[1:])
    return {int(city): group[:DISTRICTS_MOST] for city, group in zip(cities, groups, strict=True)}


def _pruned(rows: NDArray[np.int64], pct: NDArray[np.float64], sci: NDArray[np.float64]) -> Spread:
    kept = np.flatnonzero(np.maximum(pct, sci) >= SMALLEST_PART)
    kept = kept[np.argsort(rows[kept], kind="stable")]
    return Spread(rows[kept], pct[kept] / pct[kept].sum(), sci[kept] / sci[kept].sum())
