"""What scikit-learn asks of estimators: its own checks, and the same properties on valid degrees."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import check_estimator

from clustering import SphericalDBSCAN

ROOT = Path(__file__).resolve().parents[2]
ATTRIBUTES = ("labels_", "core_sample_indices_", "core_point_of_", "km_to_core_")

TWO_FEATURES = "the check sends more or fewer than two features; latitude and longitude are exactly two"
DEGREES = "the check sends values that are no degrees (latitude beyond 90 or longitude beyond 180)"
EXPECTED_FAILURES = {
    "check_all_zero_sample_weights_error": TWO_FEATURES,
    "check_dict_unchanged": TWO_FEATURES,
    "check_dont_overwrite_parameters": TWO_FEATURES,
    "check_dtype_object": TWO_FEATURES,
    "check_estimators_dtypes": TWO_FEATURES,
    "check_estimators_nan_inf": TWO_FEATURES,
    "check_estimators_pickle": TWO_FEATURES,
    "check_f_contiguous_array_estimator": TWO_FEATURES,
    "check_fit2d_1sample": TWO_FEATURES,
    "check_fit2d_predict1d": TWO_FEATURES,
    "check_fit_score_takes_y": TWO_FEATURES,
    "check_methods_sample_order_invariance": TWO_FEATURES,
    "check_methods_subset_invariance": TWO_FEATURES,
    "check_n_features_in_after_fitting": TWO_FEATURES,
    "check_pipeline_consistency": TWO_FEATURES,
    "check_sample_weight_equivalence_on_dense_data": TWO_FEATURES,
    "check_sample_weights_list": TWO_FEATURES,
    "check_fit_check_is_fitted": DEGREES,
    "check_fit_idempotent": DEGREES,
    "check_n_features_in": DEGREES,
    "check_positive_only_tag_during_fit": DEGREES,
}


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(8)
    centers = rng.uniform((-60, -180), (60, 180), (5, 2))
    points = centers[rng.integers(0, 5, 900)] + rng.normal(0, 0.1, (900, 2))
    points[:, 1] = (points[:, 1] + 180) % 360 - 180
    points = np.vstack([points, rng.uniform((-60, -180), (60, 180), (30, 2))])
    return points, rng.integers(0, 6, len(points))


def fitted(points, weight, **parameters):
    return SphericalDBSCAN(**{"eps_km": 15, "min_samples": 200, **parameters}).fit(
        points, sample_weight=weight
    )


def same(one, other):
    return all(getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in ATTRIBUTES)


def test_scikit_learns_checks_pass_but_for_those_named_here():
    verdicts = check_estimator(
        SphericalDBSCAN(eps_km=55, min_samples=3), expected_failed_checks=EXPECTED_FAILURES, on_fail=None
    )
    failed = {one["check_name"] for one in verdicts if one["status"] == "failed"}
    assert failed == set()
    expected = {one["check_name"] for one in verdicts if one["status"] == "xfail"}
    assert expected == set(EXPECTED_FAILURES)
    assert sum(one["status"] == "passed" for one in verdicts) >= 29


def test_the_world_of_these_tests_has_all_kinds_of_points(world):
    found = fitted(*world)
    assert found.labels_.max() == 4
    border = (found.labels_ >= 0).sum() - len(found.core_sample_indices_)
    assert border > 20
    assert (found.labels_ < 0).sum() > 30


@pytest.mark.parametrize(
    "form",
    [
        np.asfortranarray,
        lambda points: points.tolist(),
        lambda points: pd.DataFrame(points, columns=["latitude", "longitude"]),
        lambda points: np.ascontiguousarray(points[:, ::-1])[:, ::-1],
        lambda points: points.astype(">f8"),
        lambda points: np.repeat(points, 2, axis=0)[::2],
        lambda points: points.view(type("Sub", (np.ndarray,), {})),
    ],
    ids=["fortran", "list", "frame", "reversed", "big-endian", "strided", "subclass"],
)
def test_any_form_of_the_same_points_gives_the_same(world, form):
    points, weight = world
    assert same(fitted(form(points), weight), fitted(points, weight))


def test_read_only_points_and_weights_are_taken_and_nothing_given_is_changed(world):
    points, weight = (one.copy() for one in world)
    points.flags.writeable = weight.flags.writeable = False
    kept = fitted(points, weight)
    assert same(kept, fitted(*world))
    assert (points == world[0]).all()
    assert (weight == world[1]).all()


@pytest.mark.parametrize("kind", [list, np.float64, np.int8, np.uint16, pd.Series])
def test_any_form_of_the_same_weights_gives_the_same(world, kind):
    points, weight = world
    given = kind(weight) if kind in (list, pd.Series) else weight.astype(kind)
    assert same(fitted(points, given), fitted(points, weight))


def test_no_weights_are_weights_of_one(world):
    points, _ = world
    assert same(fitted(points, None), fitted(points, np.ones(len(points), np.int64)))


def test_a_weight_counts_as_so_many_points_at_the_place(world):
    points, weight = world
    weight = np.maximum(weight, 1)
    repeated = fitted(np.repeat(points, weight, axis=0), None)
    first = np.concatenate([[0], np.cumsum(weight)[:-1]])
    assert (repeated.labels_[first] == fitted(points, weight).labels_).all()


def test_points_without_weight_make_no_other_point_a_core_point(world):
    points, weight = world
    kept = np.flatnonzero(weight > 0)
    assert len(kept) < len(points)
    cores = np.intersect1d(kept, fitted(points, weight).core_sample_indices_)
    assert (cores == kept[fitted(points[kept], weight[kept]).core_sample_indices_]).all()


def test_a_pickle_holds_the_results_and_not_the_points(world):
    points, weight = world
    found = fitted(points, weight)
    stored = pickle.dumps(found)
    assert same(pickle.loads(stored), fitted(points, weight))
    assert points.tobytes()[:800] not in stored


def test_fitting_again_replaces_the_first_result(world):
    points, weight = world
    model = fitted(points[:100], weight[:100])
    assert len(model.km_to_core_) == 100
    assert same(model.fit(points, sample_weight=weight), fitted(points, weight))


def test_cloning_leaves_the_fit_behind(world):
    copy = clone(fitted(*world))
    assert not any(hasattr(copy, name) for name in ATTRIBUTES)
    assert copy.get_params() == {"eps_km": 15, "min_samples": 200, "n_threads": None}


def test_works_at_the_end_of_a_pipeline(world):
    points, _ = world
    steps = make_pipeline(FunctionTransformer(np.degrees), SphericalDBSCAN(15, 50))
    assert (steps.fit_predict(np.radians(points)) >= 0).sum() > 500


def test_every_row_knows_its_nearest_core_point(world):
    points, weight = world
    found = fitted(points, weight)
    cores = found.core_sample_indices_
    assert (found.core_point_of_[cores] == cores).all()
    assert (found.km_to_core_[cores] == 0).all()
    assert ((found.km_to_core_ <= 15) == (found.labels_ >= 0)).all()
    inside = found.labels_ >= 0
    assert (found.labels_[inside] == found.labels_[found.core_point_of_[inside]]).all()


def test_the_nearest_core_point_of_noise_keeps_the_tie_rule():
    # the noise in the middle sees four core points at the same distance; two of them are at one place
    points = [[0.0, 0.0], [0.0, 1.0], [0.0, -1.0], [0.0, -1.0]]
    found = SphericalDBSCAN(15, 5).fit(points, sample_weight=[1, 9, 9, 9])
    assert found.core_point_of_.tolist() == [2, 1, 2, 3]
    assert found.km_to_core_[0] == pytest.approx(111.195, abs=0.001)


def run(code, **env):
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **env}
    )
    return done.stdout.strip()


def test_warming_up_leaves_nothing_to_compile():
    # kinds of input that once compiled anew inside the user's call
    code = (
        "import numpy as np, clustering.warm as w; assert w.warm() == [];"
        "from clustering import SphericalDBSCAN as S, kernels as k;"
        "before = sum(len(getattr(k, n).signatures) for n in k.ENTRIES);"
        "X = np.random.default_rng(0).normal(0, .2, (30000, 2)); R = X.copy(); R.flags.writeable = False;"
        "[S(e, 50, t).fit(P, sample_weight=s).km_to_core_ for e in (15, .2) for t in (1, 2)"
        " for P in (X, R, np.asfortranarray(X)) for s in (None, np.ones(30000))];"
        "print(sum(len(getattr(k, n).signatures) for n in k.ENTRIES) - before)"
    )
    assert run(code) == "0"


def test_works_where_no_cache_can_be_written():
    code = (
        "import numba.core.caching as c;"
        "c.CacheImpl._locator_classes = [];"
        "from clustering import kernels as k, engine as e;"
        "print(e.rule_for(15.0, 5).column_bits, k.columns_of.stats.cache_path)"
    )
    bits, path = run(code).split()
    assert int(bits) > 8
    assert path == "None"
