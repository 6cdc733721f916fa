import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from clustering.cities import Cities
from clustering.districts import DENSITY, districts


def places(rows):
    """Cities of inhabitants and kilometres east of the first, with their region and country (R, XX) if given."""
    full = [(*row, *("R", "XX")[max(len(row) - 2, 0) :]) for row in rows]
    people, east, region, country = zip(*full, strict=True)
    return Cities(
        np.arange(1, len(rows) + 1), [""] * len(rows), list(region), list(country), np.zeros(len(rows)),
        np.array(east, float) / 111.195, np.array(people, np.int64),
    )  # fmt: skip


def found(*rows):
    cities = places(rows)
    return districts(cities, np.arange(len(rows))).tolist()


def test_a_city_reaches_as_far_as_its_inhabitants_fill_a_disc():
    reach = np.sqrt(3_000_000 / DENSITY / np.pi)  # 13.8 km
    assert found((3_000_000, 0), (100_000, reach - 0.1), (100_000, reach + 0.1)) == [False, True, False]


def test_a_place_of_more_than_a_third_is_a_city_of_its_own():
    assert found((3_772_029, 0), (1_538_262, 8)) == [False, False]  # Yokohama and Kawasaki
    assert found((3_000_000, 0), (1_000_000, 8)) == [False, True]
    assert found((3_000_000, 0), (1_000_001, 8)) == [False, False]


def test_another_region_or_economy_holds_no_district_but_a_city_of_no_region_does():
    assert found((3_000_000, 0), (100_000, 5, "S"), (100_000, 5, "R", "YY")) == [False, False, False]
    assert found((3_000_000, 0, ""), (100_000, 5, "S"), (100_000, 5, "R", "YY")) == [False, True, False]


def test_districts_of_a_city_hold_no_more_than_it_the_nearest_first():
    # 800,000 with the third; the fourth would make a million of 900,000, so it is a town, and the smaller fifth fits
    ring = [(300_000, 1), (300_000, 2), (200_000, 3), (200_000, 4), (100_000, 5)]
    assert found((900_000, 0), *ring) == [False, True, True, True, False, True]


def test_a_quarter_of_a_borough_takes_no_room_of_the_city():
    # boroughs fill the city; the quarters lie in the boroughs, which they fill too
    boroughs = [(300_000, -3), (300_000, 3), (300_000, 4)]
    quarters = [(100_000, -3), (100_000, -2.9), (100_000, -2.8)]
    assert found((900_000, 0), *boroughs, *quarters) == [False] + 6 * [True]


def test_a_place_for_which_its_borough_has_no_room_falls_to_the_city():
    quarters = [(100_000, -3), (100_000, -2.9), (100_000, -2.8), (90_000, -2.7)]
    assert found((900_000, 0), (300_000, -3), *quarters) == [False] + 5 * [True]


@hypothesis_settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 50), st.integers(-30, 30)), min_size=1, max_size=14), st.randoms())
def test_order_decides_nothing_and_the_largest_place_always_counts(rows, shuffling):
    cities = places([(100_000 * people, east) for people, east in rows])
    chosen = list(range(len(rows)))
    first = districts(cities, np.array(chosen))
    shuffling.shuffle(chosen)
    assert districts(cities, np.array(chosen)).tolist() == first[chosen].tolist()
    assert not first[cities.population == cities.population.max()].any()


@pytest.mark.parametrize("count", [0, 1])
def test_none_or_one_place_has_no_district(count):
    assert districts(places([(5, 0)]), np.arange(count)).tolist() == [False] * count
