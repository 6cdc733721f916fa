import doctest
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

import clustering.dbscan
from clustering import SphericalDBSCAN, engine
from foundation.home import project_root
from foundation.measure import usable_cores
from tests.clustering.oracle import geometry


def test_the_worked_example_gives_two_clusters_and_noise():
    # METHODOLOGY 20: X 5, Y 4, Z 2 listings, of which the second shared address of one author weighs 0
    points = [[10.0, 20.0], [10.0, 21.0], [30.0, 40.0]]
    found = SphericalDBSCAN(eps_km=15, min_samples=4).fit(points, sample_weight=[5, 4, 1])
    assert found.labels_.tolist() == [0, 1, -1]
    assert found.core_sample_indices_.tolist() == [0, 1]


def test_a_border_point_goes_to_the_nearest_core_point():
    # two cores whose weight lies on their far sides; the point between sees 13.3 km west, 12.2 km east
    longitudes = [-0.12, 0.0, 0.12, 0.23, 0.35]
    found = SphericalDBSCAN(14, 10).fit([[0.0, one] for one in longitudes], sample_weight=[9, 1, 0, 1, 9])
    assert found.core_sample_indices_.tolist() == [0, 1, 3, 4]
    assert found.labels_.tolist() == [0, 0, 1, 1, 1]
    assert found.core_point_of_.tolist() == [0, 1, 3, 3, 4]
    assert found.km_to_core_[2] == pytest.approx(0.11 * 111.195, abs=0.01)


def test_ties_go_to_the_smaller_longitude_then_latitude_decides_first():
    for west, south in ((-0.1, 0.1), (0.1, -0.1)):
        on_the_line = [[0.0, west], [0.0, -west], [0.0, 1.5 * west], [0.0, -1.5 * west]]
        found = SphericalDBSCAN(12, 60).fit([[0.0, 0.0], *on_the_line], sample_weight=[0, 29, 29, 31, 31])
        assert found.core_sample_indices_.tolist() == [1, 2, 3, 4]  # the middle one sees 58
        assert found.core_point_of_[0] == (1 if west < 0 else 2)
        upright = [[south, 0.0], [-south, 0.0], [1.5 * south, 0.0], [-1.5 * south, 0.0]]
        found = SphericalDBSCAN(12, 60).fit([[0.0, 0.0], *upright], sample_weight=[0, 29, 29, 31, 31])
        assert found.core_point_of_[0] == (1 if south < 0 else 2)


def test_nearest_core_of_noise_lies_beyond_the_radius():
    found = SphericalDBSCAN(15, 5).fit([[48.0, 11.0], [49.0, 11.0]], sample_weight=[5, 1])
    assert found.labels_.tolist() == [0, -1]
    assert found.core_point_of_.tolist() == [0, 0]
    assert found.km_to_core_[1] == pytest.approx(111.195, abs=0.001)


def test_no_core_point_leaves_no_distance():
    found = SphericalDBSCAN(15, 50).fit([[48.0, 11.0]], sample_weight=[5])
    assert found.core_point_of_.tolist() == [-1]
    assert np.isnan(found.km_to_core_).all()


def test_longitudes_180_and_minus_180_are_one_place():
    found = SphericalDBSCAN(1, 2).fit([[10.0, 180.0], [10.0, -180.0]])
    assert found.labels_.tolist() == [0, 0]


def test_threads_change_nothing():
    rng = np.random.default_rng(3)
    points = geometry("cities", 2000, 15.0, rng)
    one, two = (SphericalDBSCAN(15, 40, threads).fit(points) for threads in (1, 2))
    assert (one.labels_ == two.labels_).all()
    assert (one.core_point_of_ == two.core_point_of_).all()


def test_far_more_threads_than_cores_are_not_started():
    with engine.threads_for(engine.FEW, 5000) as threads:
        assert threads.count == 4 * usable_cores()
    with engine.threads_for(engine.FEW, 1) as threads:
        assert threads.count == 1
    with engine.threads_for(engine.FEW, None) as threads:
        assert threads.count == usable_cores()


@pytest.mark.parametrize(
    ("points", "weight", "message"),
    [
        ([[0.0, 0.0], [np.nan, 0.0]], None, "row 1"),
        ([[0.0, 0.0], [0.0, np.inf]], None, "row 1"),
        ([[0.0, 0.0], [0.0, 0.0], [91.0, 0.0]], None, "row 2"),
        ([[0.0, 180.5]], None, "row 0"),
        ([[0.0, 0.0, 0.0]], None, "3 feature"),
        ([[0.0, 0.0]], [1, 2], "shape"),
        ([[0.0, 0.0], [0.0, 1.0]], [1, -1], "negative in row 1"),
        ([[0.0, 0.0], [0.0, 1.0]], [1, 0.5], "row 1; weights are whole numbers"),
        ([[0.0, 0.0]], [0], "zero"),
        ([[0.0, 0.0], [0.0, 1.0]], [2**62, 2**62], "2\\^62"),
        (np.empty((0, 2)), None, "0 sample"),
        ([[0.0, 0.0], [0.0, 1.0]], [1, np.nan], r"sample_weight is missing \(NaN\) in row 1"),
        ([[0.0, 0.0], [0.0, 1.0]], [1, None], r"sample_weight is missing \(NaN\) in row 1"),
        ([[0.0, 0.0], [0.0, 1.0]], [1, np.inf], r"sample_weight is not finite \(inf\) in row 1"),
        ([[0.0, 0.0], [0.0, 1.0]], np.array([1, "x"], object), "sample_weight holds 'x' in row 1"),
        ([[0.0, 0.0], ["0.0", "east"]], None, "X holds 'east' in row 1"),
        (pd.DataFrame({"a": [1.0, "north"], "b": [0.0, 0.0]}), None, "X holds 'north' in row 1"),
        ([0.0, 1.0, 2.0], None, r"X has the shape \(3,\); X takes one row a point"),
        (np.zeros((2, 2, 2)), None, r"X has the shape \(2, 2, 2\)"),
        ("abc", None, r"X has the shape \(\)"),
        ([[0.0, 0.0], [1.0]], None, "different lengths: 2 in row 0, 1 in row 1"),
        ([[0.0, 0.0], 1.0], None, "different lengths: 2 in row 0, 0 in row 1"),
    ],
)
def test_bad_input_names_the_argument_and_the_row(points, weight, message):
    with pytest.raises(ValueError, match=message):
        SphericalDBSCAN().fit(points, sample_weight=weight)


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"eps_km": 0}, "eps_km"),
        ({"eps_km": 10_008}, "eps_km"),
        ({"min_samples": 0}, "min_samples"),
        ({"min_samples": 2**63}, "min_samples .* at most 4611686018427387904"),
        ({"min_samples": np.nan}, "min_samples"),
        ({"n_threads": 0}, "n_threads"),
        ({"n_threads": np.inf}, "n_threads"),
    ],
)
def test_bad_parameters_are_named(parameters, name):
    with pytest.raises(ValueError, match=name):
        SphericalDBSCAN(**parameters).fit([[0.0, 0.0]])


def test_is_an_estimator():
    model = clone(SphericalDBSCAN(eps_km=3, min_samples=2))
    assert model.get_params() == {"eps_km": 3, "min_samples": 2, "n_threads": None}
    assert model.fit_predict([[0.0, 0.0], [0.0, 0.01]], sample_weight=[1.0, 1.0]).tolist() == [0, 0]


def test_the_docstrings_example_runs():
    assert doctest.testmod(clustering.dbscan).attempted >= 3
    assert doctest.testmod(clustering.dbscan).failed == 0


def test_the_first_example_of_the_page_prints_what_it_says():
    page = (project_root() / "docs" / "clustering.md").read_text(encoding="utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said = [line.split("# ")[1].split(": ")[0] for line in code.splitlines() if line.startswith("print")]
    assert len(said) == 3
    assert found.stdout.splitlines() == said


def test_importing_the_room_loads_nothing_heavy():
    heavy = "{'numpy', 'sklearn', 'scipy', 'pandas', 'shapely', 'numba', 'pyarrow'}"
    code = (
        f"import sys, clustering; print(sorted({heavy} & set(sys.modules)));"
        "import clustering.stage; print(sorted({'sklearn', 'scipy', 'shapely', 'pandas'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[:2] == ["[]", "[]"]
