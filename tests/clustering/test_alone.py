import csv
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clustering.alone import Request, cluster_file
from foundation.errors import BadInput

#: rows in no order: a heavy place at the equator with a neighbour, and a lone one
ROWS = [("b", 40.0, 9.0, 1), ("a", 0.0, 0.0, 5), ("c", 0.1, 0.0, 0)]


def points(path, rows=ROWS, names=("id", "latitude", "longitude", "weight")):
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    if path.suffix == ".parquet":
        pq.write_table(pa.table(columns), path)
    else:
        with path.open("w", newline="") as handle:
            csv.writer(handle).writerows([names, *rows])
    return path


def test_every_row_and_column_stays_in_order_and_says_its_cluster(tmp_path):
    file = points(tmp_path / "stops.parquet")
    counts = cluster_file(Request(file, tmp_path / "out", min_samples=5))
    assert counts == {"points": 3, "clusters": 1, "core points": 2, "noise points": 1}
    found = pq.read_table(tmp_path / "out" / "points.parquet").to_pydict()
    assert found["id"] == ["b", "a", "c"]
    assert (found["cluster_no"], found["is_core"]) == ([-1, 1, 1], [False, True, True])
    assert found["km_to_core"][1:] == [0.0, 0.0]
    (row,) = csv.DictReader((tmp_path / "out" / "clusters.csv").open())
    assert (row["points"], row["weight"], row["latitude"]) == ("2", "5", "0.0")
    (feature,) = json.loads((tmp_path / "out" / "outlines.geojson").read_text())["features"]
    assert feature["geometry"]["type"] == "MultiPolygon"  # two places in a line are two discs


def test_csv_and_parquet_agree_and_columns_can_be_named(tmp_path):
    names = ("id", "lat", "lon", "n")
    file = points(tmp_path / "stops.csv", names=names)
    request = Request(file, tmp_path / "out", min_samples=5, latitude="lat", longitude="lon", weight="n")
    assert cluster_file(request)["clusters"] == 1
    found = list(csv.DictReader((tmp_path / "out" / "points.csv").open()))
    assert [row["cluster_no"] for row in found] == ["-1", "1", "1"]


def test_without_weights_every_row_counts_one(tmp_path):
    file = points(tmp_path / "stops.csv", [(0.0, 0.0), (0.1, 0.0), (5.0, 5.0)], ("latitude", "longitude"))
    assert cluster_file(Request(file, tmp_path / "out", min_samples=2))["clusters"] == 1
    assert cluster_file(Request(file, tmp_path / "out", min_samples=3))["clusters"] == 0


def test_clusters_merge_where_asked(tmp_path):
    # cores 18.9 km apart, border points 4.4 km
    towns = ((-0.1, 9), (0.0, 1), (0.065, 0), (0.105, 0), (0.17, 1), (0.27, 9))
    rows = [(0.0, longitude, weight) for longitude, weight in towns]
    file = points(tmp_path / "stops.csv", rows, ("latitude", "longitude", "weight"))
    for core_km, clusters in ((None, 1), (20.0, 1), (18.0, 2)):
        request = Request(file, tmp_path / "out", min_samples=10, merge_within_km=5, merge_core_km=core_km)
        assert cluster_file(request)["clusters"] == clusters
    assert cluster_file(Request(file, tmp_path / "out", min_samples=10))["clusters"] == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([(50.0, 0.0, 1), (float("nan"), 0.0, 1)], "NaN or infinity, first in row 1"),
        ([(50.0, 0.0, 1), (91.0, 0.0, 1)], "out of range, first in row 1"),
        ([(50.0, 0.0, 1), (1.0, 0.0, -2)], "sample_weight is negative in row 1"),
        ([(50.0, 0.0, 1), (1.0, 0.0, 0.5)], "holds 0.5 in row 1"),
    ],
)
def test_bad_rows_are_refused_and_nothing_is_written(tmp_path, rows, message):
    file = points(tmp_path / "stops.parquet", rows, ("latitude", "longitude", "weight"))
    with pytest.raises(BadInput, match=message):
        cluster_file(Request(file, tmp_path / "out", min_samples=1))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"latitude": "lat"}, "There is no column 'lat'"),
        ({"weight": "id"}, "holds string, not numbers"),
        ({"eps_km": 0.0}, "eps_km is 0.0"),
        ({"min_samples": 0}, "min_samples is 0"),
    ],
)
def test_a_wrong_column_or_parameter_is_named(tmp_path, changed, message):
    file = points(tmp_path / "stops.csv")
    with pytest.raises(BadInput, match=message):
        cluster_file(Request(file, tmp_path / "out", **changed))


def test_a_file_that_is_absent_empty_or_clustered_already_is_refused(tmp_path):
    with pytest.raises(BadInput, match="not there"):
        cluster_file(Request(tmp_path / "none.csv", tmp_path / "out"))
    empty = tmp_path / "empty.csv"
    empty.write_text("latitude,longitude\n")
    with pytest.raises(BadInput, match="has no row"):
        cluster_file(Request(empty, tmp_path / "out"))
    file = points(tmp_path / "stops.parquet")
    cluster_file(Request(file, tmp_path / "out", min_samples=5))
    with pytest.raises(BadInput, match=r"has columns .* already"):
        cluster_file(Request(tmp_path / "out" / "points.parquet", tmp_path / "again"))
