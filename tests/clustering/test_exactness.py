import numpy as np
import pytest

from clustering import engine, kernels
from tests.clustering.exactness import Case, corners, disagreements, run
from tests.clustering.oracle import expected

CASES, SLICES = 5000, 4  # `python -m tests.clustering.exactness 100000` is the long form


@pytest.mark.parametrize("part", range(SLICES))
def test_agrees_with_the_definition_and_with_scikit_learn(part):
    each = CASES // SLICES
    seen, wrong = run(each, part * each, every=4)
    assert wrong == []
    assert seen["same"] + seen["tied"] >= each // 4
    assert seen["tied"] <= each // 100  # pairs at exactly eps, which scikit-learn's tree rounds its own way


def test_two_points_of_a_cell_are_always_neighbors():
    assert [fault for seed in range(400) for fault in disagreements(corners(seed))] == []
    assert all(corners(seed).wanted.is_core.all() for seed in range(400))


@pytest.mark.parametrize("eps_km", [0.0001, 10_007.5])
def test_the_ends_of_the_range_of_eps(eps_km):
    rng = np.random.default_rng(4)
    spread = 2 * eps_km / 111.0
    points = np.clip(rng.normal((50, 8), spread, (400, 2)), (-90, -180), (90, 180))
    weight, order = np.ones(400, np.int64), rng.permutation(400)
    for least in (5, 60, 150):
        wanted = expected(points, weight, eps_km, least)
        assert disagreements(Case(4, "ends", points, weight, eps_km, least, order, wanted)) == []


def test_more_points_at_a_rim_than_are_gathered():
    # copies cannot be told apart by parts of a cell: some of the thirty points reach one heap, some two, some none
    assert kernels.RIM < 4400
    rng = np.random.default_rng(6)
    asking = rng.normal(0.0, 0.004, (30, 2))
    heaps = np.repeat([[0.1349, 0.0], [0.1355, 0.001]], 2200, axis=0)
    points, weight = np.vstack([asking, heaps]), np.ones(4430, np.int64)
    order = rng.permutation(len(points))
    for least in (2200, 2225, 2230, 4400, 4425):
        wanted = expected(points, weight, 15.0, least)
        assert 0 < wanted.is_core[:30].sum() <= 30
        assert disagreements(Case(6, "rim", points, weight, 15.0, least, order, wanted)) == []


def test_threads_and_row_order_change_no_byte():
    rng = np.random.default_rng(3)
    centers = rng.uniform((-60, -180), (60, 180), (40, 2))
    points = centers[rng.integers(0, 40, 60_000)] + rng.normal(0, 0.15, (60_000, 2))
    points[:, 1] = (points[:, 1] + 180) % 360 - 180
    weight = rng.integers(0, 9, 60_000)
    order = rng.permutation(60_000)
    one = engine.find_clusters(points, weight, 15.0, 1500, 1)
    assert 10 < one.labels.max() < 60
    assert len(one.border) > 1000
    assert (one.labels < 0).sum() > 1000
    for threads in (2, 3, 7):
        more = engine.find_clusters(points, weight, 15.0, 1500, threads)
        for name in ("labels", "is_core", "border", "border_core", "border_hav"):
            assert getattr(more, name).tobytes() == getattr(one, name).tobytes(), (threads, name)
    shuffled = engine.find_clusters(points[order], weight[order], 15.0, 1500, 2)
    assert shuffled.labels.tobytes() == one.labels[order].tobytes()
    back = np.argsort(order[shuffled.border])
    assert (order[shuffled.border][back] == np.sort(one.border)).all()
    assert shuffled.border_hav[back].tobytes() == one.border_hav[np.argsort(one.border)].tobytes()
