import numpy as np

from clustering.merge import Join, Members
from clustering.neighbours import Pair, near_pairs, neighbour_rows, pair_rows
from clustering.tables import read_pairs
from foundation.home import seed_file


def row_of(rows, a, b):
    return next(row for row in rows if (row["dbscan_no_a"], row["dbscan_no_b"]) == (a, b))


def test_the_chain_names_every_cluster_between_two_that_became_one():
    near = [Join(1, 2, 3.0, 18.0), Join(2, 3, 4.0, 19.0), Join(1, 4, 9.0, 30.0), Join(1, 3, 14.0, 40.0)]
    rows = neighbour_rows(near, near[:2], 4, None)
    assert (row_of(rows, 1, 3)["joined"], row_of(rows, 1, 3)["same_cluster"]) == (False, True)
    assert row_of(rows, 1, 3)["chain"] == [1, 2, 3]
    assert row_of(rows, 1, 2)["chain"] == [1, 2]
    assert row_of(rows, 1, 4) == {
        "dbscan_no_a": 1, "dbscan_no_b": 4, "points_km": 9.0, "core_km": 30.0, "is_partner": None,
        "joined": False, "same_cluster": False, "chain": [],
    }  # fmt: skip


def test_partners_are_told_where_the_rule_asks():
    near = [Join(1, 2, 3.0, 18.0), Join(2, 3, 4.0, 19.0)]
    rows = neighbour_rows(near, [], 3, [np.array([1, -1, -1]), np.array([-1, -1, -1])])
    assert [row["is_partner"] for row in rows] == [True, False]


#: three clusters on the equator: 1 and 2 touch at their borders with cores 18.9 km apart, 3 lies 33 km of cores east of 2
LONGITUDE = np.array([0.0, 0.065, 0.105, 0.17, 0.30, 0.33, 0.47])
MEMBERS = Members(
    np.zeros(7),
    LONGITUDE,
    np.array([0, 0, 1, 1, 1, 2, 2]),
    np.array([True, False, False, True, False, False, True]),
)


def test_trials_stand_side_by_side():
    near = near_pairs(MEMBERS, 3, 15.0)
    assert [(one.first, one.second) for one in near] == [(1, 2), (2, 3)]
    pairs = [
        Pair("joined", "A", "B", 19.0, (0.0, 0.0), (0.0, 0.17)),
        Pair("apart", "A", "C", 52.0, (0.0, 0.0), (0.0, 0.47)),
        Pair("apart", "A", "Nowhere", 900.0, (0.0, 0.0), (9.0, 0.0)),
    ]
    first, second, third = pair_rows(pairs, MEMBERS, 3, near, near[:1], 15.0, 5.0)
    rules = ("without_merging", "without_core_limit", "with_core_limit", "as_set")
    assert [first[rule] for rule in rules] == ["apart", "joined", "joined", "joined"]
    assert [second[rule] for rule in rules] == ["apart", "joined", "apart", "apart"]
    assert (round(first["points_km"], 1), round(first["core_km"], 1)) == (4.4, 18.9)
    assert (third["dbscan_no_b"], third["as_set"], third["points_km"]) == (None, "not found", None)


def test_every_printed_pair_has_coordinates():
    pairs = read_pairs(seed_file("gii_2024_pairs"), seed_file("gii_2024_pair_cities"))
    assert [sum(one.published == kind for one in pairs) for kind in ("joined", "apart")] == [16, 18]
