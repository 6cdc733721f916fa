"""The tree that noise asks, against every core point looked at one by one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from clustering import kernels
from clustering.beyond import nearest_cores
from clustering.sphere import kilometres


def one_by_one(degrees, row, cores):
    """The nearest core point's row by (haversine value, latitude, longitude, row), and the value."""
    radians = degrees * (math.pi / 180)
    return min(
        (kernels.haversine(*radians[row], *radians[core]), *degrees[core].tolist(), int(core))
        for core in cores
    )


def points_of(kind: str, rng: np.random.Generator, n: int) -> np.ndarray:
    if kind == "globe":
        return np.column_stack([rng.uniform(-90, 90, n), rng.uniform(-180, 180, n)])
    if kind == "lattice":  # exact ties, and places in several rows
        return np.column_stack([rng.integers(-3, 4, n), rng.integers(-3, 4, n)]).astype(float)
    if kind == "antimeridian":
        return np.column_stack([rng.integers(-2, 3, n), rng.choice([-180, 180, 179, -179, 178.5], n)])
    if kind == "poles":
        return np.column_stack([rng.choice([-90, -89.5, 89.5, 90], n), rng.integers(-18, 19, n) * 10.0])
    return np.vstack([rng.normal((48, 11), 0.2, (n - n // 3, 2)), rng.normal((48, 14), 1.0, (n // 3, 2))])


@pytest.mark.parametrize("kind", ["globe", "lattice", "antimeridian", "poles", "cities"])
def test_noise_finds_the_core_point_that_looking_at_each_one_finds(kind):
    rng = np.random.default_rng(len(kind))
    for n in (2, 3, 20, 150, 400):  # one leaf, several leaves, several levels
        degrees = np.ascontiguousarray(points_of(kind, rng, n), np.float64)
        rows = rng.permutation(n)
        cores, asking = np.sort(rows[: n - n // 4]), rows[n - n // 4 :][:60]
        if not len(asking):
            cores, asking = rows[:1], rows[1:]
        found, km = nearest_cores(degrees, asking, cores, 1)
        wanted = [one_by_one(degrees, row, cores) for row in asking]
        assert found.tolist() == [one[3] for one in wanted]
        assert km.tolist() == kilometres(np.array([one[0] for one in wanted])).tolist()


def test_order_of_rows_and_threads_do_not_change_what_noise_finds():
    rng = np.random.default_rng(3)
    degrees = np.round(np.vstack([points_of("globe", rng, 20_000), points_of("cities", rng, 10_000)]), 1)
    degrees = np.clip(degrees, (-90, -180), (90, 180))
    cores, asking = np.arange(20_000, 30_000), np.arange(20_000)
    alone = nearest_cores(degrees, asking, cores, 1)
    for threads in (2, 3):
        shuffled = rng.permutation(asking)
        again = nearest_cores(degrees, shuffled, rng.permutation(cores), threads)
        assert (again[0] == alone[0][shuffled]).all()
        assert (again[1] == alone[1][shuffled]).all()


def test_many_rows_at_one_place_cost_no_more_than_one():
    degrees = np.zeros((200_001, 2))
    degrees[:100_000] = (10, 10)  # each question would compare all of these by the tie rule
    degrees[-1] = (10, 11)
    found, _ = nearest_cores(degrees, np.arange(100_000, 200_000), np.append(np.arange(100_000), 200_000), 1)
    assert (found == 0).all()
