"""What density finds in the expected listings of the whole world, at the published 4,500 within 15 km."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from simulation import gap, tables, volumes
from simulation.places import EARTH_KM, chord, unit_vectors
from simulation.world import World


@dataclass(frozen=True)
class Found:
    """Places with listings, their cluster by DBSCAN alone and after merging, shares by cluster."""

    row: NDArray[np.int64]
    alone: NDArray[np.int64]
    merged: NDArray[np.int64]
    total: NDArray[np.float64]
    listings: NDArray[np.float64]

    def of(self, world: World, place_id: int, merged: bool = True) -> int:
        labels = self.merged if merged else self.alone
        return int(labels[np.searchsorted(self.row, world.places.row(place_id))])


@pytest.fixture(scope="module")
def found(world: World) -> Found:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree
    from sklearn.cluster import DBSCAN

    size = len(world.places.place_id)
    listings, share = np.zeros(size), np.zeros(size)
    for kind, years in (("pct", range(2019, 2024)), ("sci", range(2018, 2023))):
        documents = [volumes.documents(kind, year, 1.0) for year in years]
        for year, number in zip(years, documents, strict=True):
            part = (
                np.bincount(world.site_place, weights=world.site_shares(kind, year), minlength=size) * number
            )
            listings += part * volumes.LISTINGS_PER_DOCUMENT[kind]
            share += 100 * part / sum(documents)
    row = np.flatnonzero(listings > 20)
    vectors = world.places.vectors()[row]
    points = np.radians(np.column_stack([world.places.latitude[row], world.places.longitude[row]]))
    fitted = DBSCAN(eps=15 / EARTH_KM, min_samples=4500, metric="haversine", algorithm="ball_tree").fit(
        points, sample_weight=listings[row]
    )
    core = fitted.core_sample_indices_
    nearest = cKDTree(vectors[core]).query(vectors)[1]
    alone = np.where(fitted.labels_ >= 0, fitted.labels_[core][nearest], -1)
    cores_near = {
        tuple(sorted((alone[core[a]], alone[core[b]])))
        for a, b in cKDTree(vectors[core]).query_pairs(chord(20))
    }
    pairs = [
        (alone[a], alone[b])
        for a, b in cKDTree(vectors).query_pairs(chord(5))
        if min(alone[a], alone[b]) >= 0 and tuple(sorted((alone[a], alone[b]))) in cores_near
    ]
    number = int(alone.max()) + 1
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(number, number))
    joined = connected_components(graph, directed=False)[1]
    merged = np.where(alone >= 0, joined[alone], -1)
    return Found(row, alone, merged, share[row], listings[row])


def test_several_hundred_clusters_and_about_a_tenth_of_listings_outside(found: Found) -> None:
    assert 350 < len(np.unique(found.merged)) - 1 < 700
    noise = found.listings[found.merged < 0].sum() / found.listings.sum()
    assert 0.07 < noise < 0.13


def test_the_first_ten_are_the_published_first_ten_in_their_order(found: Found, world: World) -> None:
    totals = np.bincount(found.merged[found.merged >= 0], weights=found.total[found.merged >= 0])
    first = np.argsort(-totals)[:10].tolist()
    published = [found.of(world, cluster.place_ids[0]) for cluster in tables.published_clusters()[:10]]
    assert first == published


def test_neighbours_are_joined_and_apart_as_published_but_for_taipei_and_hsinchu(
    found: Found, world: World
) -> None:
    wrong = []
    owners: dict[int, str] = {}
    for cluster in tables.published_clusters():
        numbers = {found.of(world, place_id) for place_id in cluster.place_ids}
        wrong += [cluster.name] if len(numbers) > 1 or -1 in numbers else []
        for number in numbers:
            assert owners.setdefault(number, cluster.name) == cluster.name
    assert wrong == ["Taipei–Hsinchu"]  # the gazetteer knows no place on 25 km between them


def test_merging_and_nothing_else_joins_the_cities_with_a_thin_stretch_between_them(
    found: Found, world: World
) -> None:
    thin = [cluster for cluster in tables.published_clusters() if cluster.thin_between]
    assert len(thin) >= 2
    for cluster in thin:
        first, second = cluster.place_ids
        assert found.of(world, first, merged=False) != found.of(world, second, merged=False), cluster.name
        assert found.of(world, first) == found.of(world, second), cluster.name


def test_a_gap_is_found_between_two_cities_with_villages_in_a_line() -> None:
    # along the equator, one degree of longitude is 111.19 km: cities 46 km apart, a village every 2 km between
    at_km = np.concatenate([[0.0, 46.0], np.arange(2.0, 46.0, 2.0)])
    vectors = unit_vectors(np.zeros(len(at_km)), at_km / 111.19492)
    cities, villages = np.array([0, 1]), np.arange(2, len(at_km))
    found = gap.find_gap(vectors, cities, np.array([50.0, 50.0]), villages, (0, 1))
    assert found is not None
    kept = np.sort(at_km[found.rows])
    towns = at_km[found.rows[:2]]
    assert 15.4 < towns[1] - towns[0] < 19.6
    assert towns[0] <= gap.CORE_WITHIN_KM
    assert towns[1] >= 46 - gap.CORE_WITHIN_KM
    assert ((kept[1:-1] > 15) & (kept[1:-1] < 31)).all()
    assert gap.find_gap(vectors, cities, np.array([50.0, 50.0]), villages[::4], (0, 1)) is None
