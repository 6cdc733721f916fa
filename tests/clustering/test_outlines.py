import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from clustering.outlines import contains, outline, outlines
from clustering.sphere import distance_km
from tests.clustering.oracle import geometry


def furthest_outside_km(outline_, latitude, longitude):
    """Greatest distance of a point to the outline; longitude 180 is also -180."""
    away = []
    for turn in (-360.0, 0.0, 360.0):
        lines = shapely.shortest_line(outline_, shapely.points(longitude + turn, latitude))
        ends = shapely.get_coordinates(lines).reshape(-1, 2, 2)
        away.append(distance_km(ends[:, 0, 1], ends[:, 0, 0], ends[:, 1, 1], ends[:, 1, 0]))
    return float(np.min(away, axis=0).max())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32),
    st.sampled_from(
        ["uniform", "antimeridian", "north pole", "south pole", "duplicates", "equator", "circle"]
    ),
    st.sampled_from([1, 2, 3, 12, 80]),
    st.sampled_from(["concave_hull", "discs"]),
)
def test_an_outline_is_valid_inside_the_map_and_holds_its_points(seed, kind, n, method):
    points = geometry(kind, n, 15.0, np.random.default_rng(seed))
    latitude, longitude = points[:, 0].copy(), points[:, 1].copy()
    found = outline(latitude, longitude, method, 0.3, 5.0)
    west, south, east, north = found.geometry.bounds
    assert found.geometry.is_valid
    assert found.geometry.geom_type in ("Polygon", "MultiPolygon")
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert found.area_km2 > 0
    assert furthest_outside_km(found.geometry, latitude, longitude) < 0.1


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.integers(0, 2**32),
    st.floats(-65, 65),
    st.sampled_from([0.0, 103.8, -97.7, 179.99]),
    st.integers(3, 60),
)
def test_every_member_place_lies_in_its_outline_within_a_metre(seed, latitude, longitude, n):
    rng = np.random.default_rng(seed)
    north = latitude + rng.normal(0, 0.15, n)
    east = (longitude + rng.normal(0, 0.15, n) + 180) % 360 - 180
    for method in ("concave_hull", "discs"):
        assert furthest_outside_km(outline(north, east, method).geometry, north, east) < 0.001


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), st.sampled_from(["uniform", "grid", "duplicates", "circle"]))
def test_the_order_of_points_and_the_number_of_threads_change_no_byte(seed, kind):
    rng = np.random.default_rng(seed)
    clusters = [geometry(kind, 80, 15.0, rng) for _ in range(3)]
    mixed = [rng.permutation(one) for one in clusters]
    first = outlines([(one[:, 0].copy(), one[:, 1].copy()) for one in clusters], n_threads=1)
    second = outlines([(one[:, 0].copy(), one[:, 1].copy()) for one in mixed], n_threads=3)
    assert [shapely.to_wkb(one.geometry) for one in first] == [shapely.to_wkb(one.geometry) for one in second]
    assert [one.area_km2 for one in first] == [one.area_km2 for one in second]


@pytest.mark.parametrize("places", [[(48.0, 11.0)], [(48.0, 11.0)] * 3, [(48.0, 11.0), (48.1, 11.1)]])
def test_one_place_or_a_line_becomes_discs(places):
    latitude, longitude = np.array(places).T.copy()
    found = outline(latitude, longitude, "concave_hull", 0.3, 5.0)
    assert (found.method, found.ratio) == ("discs", None)
    assert found.area_km2 >= 0.999 * np.pi * 25


def test_places_along_a_parallel_are_a_line_though_the_map_bends_it():
    longitude = np.linspace(11, 11.4, 9)
    assert outline(np.full(9, 48.0), longitude).method == "discs"


def test_a_hull_says_its_ratio_and_a_smaller_ratio_is_tighter():
    rng = np.random.default_rng(1)
    latitude, longitude = 48 + rng.normal(0, 0.1, 300), 11 + rng.normal(0, 0.1, 300)
    tight, loose = (outline(latitude, longitude, ratio=ratio) for ratio in (0.1, 1.0))
    assert (tight.method, tight.ratio, loose.ratio) == ("concave_hull", 0.1, 1.0)
    assert tight.area_km2 < loose.area_km2


@pytest.mark.parametrize("centre", [(48.0, 11.0), (-17.0, 179.99), (0.0, -180.0), (70.0, 25.0)])
def test_the_area_is_that_of_the_ellipsoid(centre):
    rng = np.random.default_rng(2)
    latitude = centre[0] + rng.normal(0, 0.15, 200)
    longitude = (centre[1] + rng.normal(0, 0.15, 200) + 180) % 360 - 180
    found = outline(latitude, longitude)
    ellipsoid = Geod(ellps="WGS84")
    parts = shapely.get_parts(found.geometry)
    geodesic = sum(abs(ellipsoid.geometry_area_perimeter(part)[0]) for part in parts) / 1e6
    assert found.area_km2 == pytest.approx(geodesic, rel=1e-3)


def test_a_cluster_across_the_antimeridian_is_cut_there_and_no_belt_round_the_globe():
    found = outline(np.array([-17.0, -17.2, -17.1, -16.9]), np.array([179.9, -179.9, -179.8, 179.8]))
    assert found.geometry.geom_type == "MultiPolygon"
    assert not contains(found.geometry, np.array([-17.05]), np.array([0.0]))[0]
    assert contains(found.geometry, np.array([-17.05, -17.05]), np.array([180.0, -180.0])).all()
    assert found.area_km2 < 2000


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("seed", [1, 2, 5])
def test_a_cluster_round_a_pole_holds_the_pole_and_its_surroundings(sign, seed):
    rng = np.random.default_rng(seed)
    latitude = sign * (90 - np.abs(rng.normal(0, 0.1, 300)))
    longitude = rng.uniform(-180, 180, 300)
    found = outline(latitude, longitude, ratio=1.0)
    everywhere = np.linspace(-180, 180, 73)
    near, far = np.full(73, sign * 89.9), np.full(73, sign * 89.5)
    assert contains(found.geometry, near, everywhere).all()
    assert not contains(found.geometry, far, everywhere).any()
    assert contains(found.geometry, np.array([sign * 90.0]), np.array([12.0])).all()


def test_a_ring_of_discs_round_a_pole_keeps_its_hole():
    longitude = np.arange(-180, 180, 2.0)
    found = outline(np.full(180, 89.5), longitude, "discs", disc_km=5.0)
    assert not contains(found.geometry, np.array([89.9, 90.0]), np.array([10.0, 10.0])).any()
    assert contains(found.geometry, np.full(180, 89.51), longitude + 1).all()
    ring = np.pi * ((55.85 + 5) ** 2 - (55.85 - 5) ** 2)
    assert found.area_km2 == pytest.approx(ring, rel=0.01)
