import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clustering import SphericalDBSCAN
from clustering.merge import Join, Members, groups, joins, keep_partners, leading_partners
from clustering.sphere import kilometres
from tests.clustering.oracle import RADIUS_KM, geometry, haversines, limit


def clustered(points, weight, eps_km=15.0, min_samples=10):
    points = np.asarray(points, float)
    found = SphericalDBSCAN(eps_km, min_samples).fit(points, sample_weight=weight)
    is_core = np.zeros(len(points), bool)
    is_core[found.core_sample_indices_] = True
    return Members(points[:, 0].copy(), points[:, 1].copy(), found.labels_, is_core), int(
        found.labels_.max()
    ) + 1


def two_towns(apart_degrees, west_border, east_border):
    """Two clusters on the equator; each core's weight lies on its far side, each has one border point between."""
    longitudes = [-0.1, 0.0, west_border, east_border, apart_degrees, apart_degrees + 0.1]
    return clustered([[0.0, one] for one in longitudes], [9, 1, 0, 0, 1, 9])


def test_border_points_join_two_clusters_whose_cores_are_within_20_km():
    members, clusters = two_towns(0.17, 0.065, 0.105)  # cores 18.9 km apart, borders 4.4 km
    assert members.cluster.tolist() == [0, 0, 0, 1, 1, 1]
    assert members.is_core.tolist() == [True, True, False, False, True, True]
    (join,) = joins(members, clusters, within_km=5, core_km=20)
    assert (join.first, join.second) == (0, 1)
    assert join.points_km == pytest.approx(4.448, abs=0.001)
    assert join.core_km == pytest.approx(18.903, abs=0.001)


def test_border_points_alone_do_not_join_clusters_whose_cores_are_further_apart():
    members, clusters = two_towns(0.28, 0.12, 0.16)  # cores 31.1 km apart, borders 4.4 km
    assert clusters == 2
    assert joins(members, clusters, 5, 20) == []
    (join,) = joins(members, clusters, 5, None)
    assert join.core_km == pytest.approx(31.135, abs=0.001)


def test_zero_switches_merging_off_and_core_points_alone_are_never_within_5_km():
    members, clusters = two_towns(0.17, 0.065, 0.105)
    assert joins(members, clusters, 0, 20) == []
    assert joins(members, clusters, 5, 20, "core") == []
    assert len(joins(members, clusters, 19, 20, "core")) == 1


def test_merging_reaches_across_the_antimeridian():
    members, clusters = two_towns(0.17, 0.065, 0.105)
    moved = (members.longitude + 179.9 + 180) % 360 - 180
    across = Members(members.latitude, moved, members.cluster, members.is_core)
    assert moved.min() < -179
    assert len(joins(across, clusters, 5, 20)) == 1


def test_a_distance_of_exactly_the_limit_joins():
    two = Members(np.array([0.0, 0.0]), np.array([0.0, 0.04]), np.array([0, 1]), np.array([True, True]))
    km = float(2 * RADIUS_KM * np.arcsin(np.sqrt(haversines(np.array([[0.0, 0.0], [0.0, 0.04]]))[0, 1])))
    assert len(joins(two, 2, km * (1 + 1e-12), None)) == 1
    assert joins(two, 2, km * (1 - 1e-12), None) == []


def test_joining_is_transitive_and_groups_are_numbered_by_their_smallest_cluster():
    chain = [Join(1, 4, 1.0, 1.0), Join(3, 4, 1.0, 1.0)]
    assert groups(chain, 6).tolist() == [0, 1, 2, 1, 1, 3]
    assert groups([], 3).tolist() == [0, 1, 2]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32),
    st.sampled_from(["cities", "uniform", "antimeridian", "north pole"]),
    st.sampled_from([1.0, 5.0, 60.0]),
    st.sampled_from([None, 20.0, 80.0]),
)
def test_joins_agree_with_all_pairs(seed, kind, within_km, core_km):
    rng = np.random.default_rng(seed)
    points = geometry(kind, 150, 15.0, rng)
    cluster = rng.integers(-1, 6, 150)
    members = Members(points[:, 0].copy(), points[:, 1].copy(), cluster, rng.uniform(size=150) < 0.5)
    hav = haversines(points)
    wanted = []
    for first in range(6):
        for second in range(first + 1, 6):
            rows, columns = cluster == first, cluster == second
            cores = hav[np.ix_(rows & members.is_core, columns & members.is_core)]
            if not rows.any() or not columns.any() or not cores.size:
                continue
            near = hav[np.ix_(rows, columns)].min() <= limit(within_km)
            if near and (core_km is None or cores.min() <= limit(core_km)):
                least = hav[np.ix_(rows, columns)].min()
                wanted.append((first, second, kilometres(least), kilometres(cores.min())))
    found = joins(members, 6, within_km, core_km)
    assert [(one.first, one.second) for one in found] == [one[:2] for one in wanted]
    measured = np.array([(one.points_km, one.core_km) for one in found]).reshape(-1, 2)
    assert measured == pytest.approx(
        np.array([one[2:] for one in wanted]).reshape(-1, 2), rel=1e-12, abs=1e-12
    )


def test_the_leading_partner_shares_most_documents_and_ties_go_to_the_larger_cluster():
    document = np.array([1, 1, 2, 2, 3, 3, 3, 4, 4, 4])
    cluster = np.array([0, 1, 0, 1, 0, 2, 2, 2, 1, 3])  # 0 and 1 share two; 2 shares one with 0, 1 and 3
    assert leading_partners(document, cluster, 5).tolist() == [1, 0, 0, 1, -1]


def test_partners_of_any_or_of_every_kind_may_join():
    pairs = [Join(0, 1, 1.0, 1.0), Join(1, 2, 1.0, 1.0)]
    patents, articles = np.array([1, 0, -1]), np.array([2, 2, 1])
    assert [one.second for one in keep_partners(pairs, [patents, articles], "any")] == [1, 2]
    assert keep_partners(pairs, [patents, articles], "both") == []
    assert keep_partners(pairs, [patents, patents], "both") == [pairs[0]]
