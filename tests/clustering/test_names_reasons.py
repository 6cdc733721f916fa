"""The reasons that the listing of names gives for a miss: one for each, and the true one."""

import numpy as np
import pytest

from clustering.cities import Cities
from tests.clustering.names_world import Points, named, why_economies, why_missing, why_name

#: name, latitude, longitude, inhabitants; all in one region, so that Suburb is a district of Big
PLACES = [
    ("Big", 0.0, 0.0, 1_000_000),
    ("Suburb", 0.05, 0.0, 110_000),
    ("Small", 0.3, 0.0, 200_000),
    ("Beside", 0.0, 0.12, 400_000),
    ("Far", 5.0, 5.0, 300_000),
    ("Second", 0.0, -0.3, 300_000),
    ("Empty", 20.0, 20.0, 300_000),
    ("Third", -0.3, 0.0, 300_000),
    ("Fourth", 0.3, 0.3, 300_000),
]
#: cluster and listings of those places
LISTED = {
    "Big": (0, 100), "Suburb": (0, 5), "Small": (0, 20), "Beside": (0, 50), "Far": (1, 50), "Second": (0, 90),
    "Third": (0, 80), "Fourth": (0, 70),
}  # fmt: skip


@pytest.fixture(scope="module")
def world():
    names, latitude, longitude, population = (list(one) for one in zip(*PLACES, strict=True))
    n = len(names)
    cities = Cities(
        np.arange(1, n + 1),
        names,
        ["R"] * n,
        ["JP"] * n,
        np.array(latitude),
        np.array(longitude),
        np.array(population),
    )
    rows = [names.index(one) for one in LISTED]
    cluster, listings = (np.array(one) for one in zip(*LISTED.values(), strict=True))
    points = Points(
        np.array(latitude)[rows], np.array(longitude)[rows], ["JP"] * len(rows), listings, listings, cluster
    )
    return named(points, cluster, 2, cities)


def test_the_world_of_these_tests_is_named_after_three_cities(world):
    assert [name for name, _ in world.found] == ["Big–Second–Third", "Far"]


@pytest.mark.parametrize(
    ("city", "reason"),
    [
        ("Suburb", "Suburb is counted with Big as its district"),
        ("Small", "Small has 19% of the first city's listings (35% are asked)"),
        ("Beside", "Beside has 48% but lies within 15 km of Big"),
        ("Far", "Far lies in another cluster (Far)"),
        ("Fourth", "Fourth has 67% but 3 cities have more"),
        ("Empty", "Empty is no place's nearest city of the gazetteer"),
        ("Nowhere", "Nowhere is no place's nearest city of the gazetteer"),
    ],
)
def test_a_missing_city_has_one_reason(world, city, reason):
    assert why_missing(world, 0, city) == reason


def test_a_city_too_many_is_named_with_its_share(world):
    assert why_name(world, 0, "Big–Second", "Big–Second–Third") == [
        "Third has 76% of the first city's listings, enough to be named"
    ]


def test_economies_differ_by_order_or_by_share():
    assert why_economies(["CH", "DE"], ["DE", "CH"]) == ["the same economies in another order of activity"]
    assert why_economies(["CN"], ["MO", "CN"]) == ["MO has 3% or more of the listings"]
    assert why_economies(["CN", "HK"], ["CN"]) == ["HK has less than 3%"]
