import pytest

from tests.clustering.names_world import end_to_end, gazetteer, points_of, true_grouping

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cities():
    return gazetteer()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_printed_names_and_economies_come_out_of_a_world_of_full_size(seed, cities):
    from simulation.world import build_world

    points = points_of(build_world(seed), seed)
    true = true_grouping(points, cities)
    assert true.exact >= 88, true.misses
    assert true.as_sets >= 93, true.misses
    assert true.economies >= 97, true.misses
    whole, pairs = end_to_end(points, cities)
    assert whole.exact >= 85, whole.misses
    assert whole.as_sets >= 91, whole.misses
    assert whole.economies >= 96, whole.misses
    assert pairs["pairs"] == 34
    assert pairs["as_set"] >= 30, pairs
