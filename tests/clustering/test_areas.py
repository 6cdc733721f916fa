"""Growth's present areas: an edition's own points fall into their own clusters, whatever they are (METHODOLOGY 7, 14)."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clustering.areas import Cores, areas
from clustering.dbscan import SphericalDBSCAN

NOTHING = np.empty(0)
spots = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=40, unique=True)


@given(spots, st.integers(1, 6))
def test_an_editions_own_points_lie_in_their_own_clusters(grid, min_samples):
    # a grid of about 5.5 km has many equal distances, so that ties of border points are met
    latitude, longitude = np.array(grid, dtype=float).T * 0.05 if grid else (NOTHING, NOTHING)
    found = SphericalDBSCAN(eps_km=15, min_samples=min_samples).fit(np.column_stack([latitude, longitude]))
    core = np.isin(np.arange(len(grid)), found.core_sample_indices_)
    cores = Cores(latitude[core], longitude[core], found.labels_[core])
    assert areas(latitude, longitude, cores, 15).tolist() == found.labels_.tolist()


def test_a_point_beyond_eps_of_every_core_lies_in_no_area():
    cores = Cores(np.array([0.0]), np.array([0.0]), np.array([7]))
    # a degree of latitude is 111.195 km
    found = areas(np.array([0.134, 0.135]), np.zeros(2), cores, 15)
    assert found.tolist() == [7, -1]


def test_without_cores_or_points_there_is_no_area():
    none = Cores(NOTHING, NOTHING, np.empty(0, np.int64))
    assert areas(np.zeros(2), np.zeros(2), none, 15).tolist() == [-1, -1]
    assert areas(NOTHING, NOTHING, Cores(np.zeros(1), np.zeros(1), np.ones(1, np.int64)), 15).tolist() == []
