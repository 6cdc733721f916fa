import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from clustering.lineage import Overlap, assignment, lineage, origins
from clustering.overlap import Placed, overlap


def steps(pairs, now, before, min_share=0.2):
    """Rows of the lineage as (now, before, kind, shared, is_predecessor)."""
    columns = np.array(pairs, np.int64).reshape(-1, 3).T
    found = lineage(Overlap(*columns), now, before, min_share)
    return [(one.now, one.before, one.kind, one.shared, one.is_predecessor) for one in found]


def test_a_cluster_that_stays_is_continued():
    assert steps([(1, 2, 50), (2, 1, 40)], [1, 2], [1, 2]) == [
        (1, 2, "continued", 50, True),
        (2, 1, "continued", 40, True),
    ]


def test_the_successor_of_a_split_is_the_larger_part():
    assert steps([(1, 1, 30), (2, 1, 60)], [1, 2], [1]) == [
        (1, 1, "split", 30, False),
        (2, 1, "split", 60, True),
    ]


def test_the_predecessor_of_a_merger_is_the_larger_one():
    assert steps([(1, 1, 30), (1, 2, 60)], [1], [1, 2]) == [
        (1, 1, "merged", 30, False),
        (1, 2, "merged", 60, True),
    ]


def test_a_small_part_makes_no_split():
    assert steps([(1, 1, 81), (2, 1, 19)], [1, 2], [1]) == [
        (1, 1, "continued", 81, True),
        (2, None, "new", 0, False),
    ]
    assert [row[2] for row in steps([(1, 1, 80), (2, 1, 20)], [1, 2], [1])] == ["split", "split"]


def test_new_and_gone_clusters_have_no_counterpart():
    assert steps([(1, 1, 9)], [1, 2], [1, 2]) == [
        (1, 1, "continued", 9, True),
        (2, None, "new", 0, False),
        (None, 2, "gone", 0, False),
    ]


def test_what_became_noise_counts_in_the_shares():
    # of 100 listings 60 are noise now; two parts of 20 are a fifth each, so the cluster split
    columns = np.array([(-1, 1, 60), (1, 1, 20), (2, 1, 20)]).T
    found = lineage(Overlap(*columns), [1, 2], [1], 0.2)
    assert [(one.kind, one.share_of_previous, one.share_of_this) for one in found] == [
        ("split", 0.2, 1.0)
    ] * 2
    assert lineage(Overlap(*columns), [1, 2], [1], 0.21)[0].kind == "continued"


def origin(pairs, now, before, ranked):
    rank_of = {one: one for one in before}
    columns = np.array(pairs, np.int64).reshape(-1, 3).T
    found = origins(lineage(Overlap(*columns), now, before, 0.2), now, rank_of, ranked, ranked)
    return [(one.kind, one.previous_cluster_no, one.previous_cluster_nos, one.was_ranked) for one in found]


def test_the_smaller_part_of_a_split_has_an_origin_but_no_predecessor():
    assert origin([(1, 1, 60), (2, 1, 30)], [1, 2], [1], {1}) == [
        ("split", 1, [1], True),
        ("split", None, [1], False),
    ]


def test_a_merger_follows_from_all_its_parts_the_largest_first():
    assert origin([(1, 1, 30), (1, 2, 60)], [1], [1, 2], {1}) == [("merged", 2, [2, 1], False)]


def test_without_a_previous_edition_every_cluster_is_new():
    assert [
        (one.cluster_no, one.kind, one.ranked_before) for one in origins([], [1, 2], {}, set(), set())
    ] == [
        (1, "new", False),
        (2, "new", False),
    ]


def test_nothing_shared_is_all_new_and_all_gone():
    assert [row[2] for row in steps([(1, -1, 5), (-1, 1, 5)], [1], [1])] == ["new", "gone"]
    assert steps([], [], []) == []


@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 50)), max_size=12))
def test_the_assignment_has_the_greatest_sum_of_all(rows):
    shared = {(i, j): count for i, j, count in rows}
    pairs = sorted((i, j, count) for (i, j), count in shared.items())
    found = assignment(pairs)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    assert all(pair in shared for pair in found)
    best = max(
        sum(shared.get((i, j), 0) for i, j in zip(range(1, 6), order, strict=True))
        for order in itertools.permutations(range(1, 6))
    )
    assert sum(shared[pair] for pair in found) == best


def placed(points, years):
    latitude, longitude, weight, cluster = np.array(points, float).T
    point, period, listings = np.array(years, np.int64).reshape(-1, 3).T
    return Placed(
        latitude, longitude, weight.astype(np.int64), cluster.astype(np.int64), point, period, listings
    )


def test_listings_at_the_same_coordinate_kind_and_year_are_shared():
    before = placed([(1, 1, 9, 1), (2, 2, 9, -1)], [(0, 0, 5), (0, 1, 7), (1, 0, 2)])
    now = placed([(0, 0, 9, 2), (1, 1, 9, 1), (2, 2, 9, 1)], [(0, 0, 9), (1, 0, 4), (1, 1, 8), (2, 0, 2)])
    found = overlap(now, before, 2)
    # at (1, 1): min(4, 5) + min(8, 7) = 11 from cluster 1; at (2, 2): 2 from noise
    assert list(zip(found.now.tolist(), found.before.tolist(), found.shared.tolist(), strict=True)) == [
        (1, -1, 2),
        (1, 1, 11),
    ]


def test_windows_without_a_common_year_compare_weights():
    before = placed([(1, 1, 9, 1)], [])
    now = placed([(1, 1, 6, 3), (1, 1.000001, 5, 3)], [])
    found = overlap(now, before, 0)
    assert (found.now.tolist(), found.before.tolist(), found.shared.tolist()) == ([3], [1], [6])
