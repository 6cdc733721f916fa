import csv
import gzip
import json
import math
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from clustering import point_files
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
        ({"weight": "id"}, r"column 'id' holds 'b' in row 0, which is no number. \[.*stops.csv\]"),
    ],
)
def test_a_wrong_column_or_parameter_is_named(tmp_path, changed, message):
    file = points(tmp_path / "stops.csv")
    with pytest.raises(BadInput, match=message):
        cluster_file(Request(file, tmp_path / "out", **changed))


@pytest.mark.parametrize(
    ("changed", "option"),
    [
        ({"eps_km": 0.0}, "eps-km"),
        ({"min_samples": 0}, "min-samples"),
        ({"outline_ratio": 2.0}, "outline-ratio"),
        ({"outline_ratio": -1.0}, "outline-ratio"),
        ({"outline_ratio": math.nan}, "outline-ratio"),
        ({"merge_within_km": -1.0}, "merge-within-km"),
        ({"merge_within_km": math.nan}, "merge-within-km"),
        ({"merge_within_km": 1e9}, "merge-within-km"),
        ({"merge_core_km": math.nan}, "merge-core-km"),
        ({"merge_core_km": -5.0}, "merge-core-km"),
        ({"merge_core_km": 0.0}, "merge-core-km"),
        ({"threads": 0}, "threads"),
    ],
)
def test_a_parameter_out_of_range_is_named_before_the_file_is_read(tmp_path, changed, option):
    (name,) = changed
    with pytest.raises(BadInput, match=rf"^{name} is .*; it must be .*\. Give another --{option}\.$"):
        cluster_file(Request(tmp_path / "none.csv", tmp_path / "out", **changed))


def clustered(folder, data, name="stops.csv", **more):
    file = folder / name
    file.write_bytes(data)
    cluster_file(Request(file, folder / "out", **{"eps_km": 5, "min_samples": 2, **more}))
    return (folder / "out" / "points.csv").read_bytes()


ADDED = b",cluster_no,dbscan_no,is_core,km_to_core"
CELLS = b",1,1,true,0"


def test_every_cell_of_a_csv_is_passed_on_to_the_byte(tmp_path):
    rows = [
        b"zip,latitude,longitude,flag,big,empty,quoted,text",
        b'00501,40.80,-73.00,true,12345678901234567890123,,"",NA',
        b'02139,40.801,"-73.0",True,1e5, ,"a ""b"", c",null',
        b'"01002", 40.80200 ,-73.00,2020-01-01,0x10,"\n","two\r\nlines",nan',
    ]
    for end in (b"\n", b"\r\n", b"\r"):
        for mark in (b"", b"\xef\xbb\xbf"):
            expected = mark + end.join([rows[0] + ADDED, *(row + CELLS for row in rows[1:])]) + end
            assert clustered(tmp_path, mark + end.join(rows)) == expected
            assert clustered(tmp_path, mark + end.join(rows) + 2 * end) == expected


def test_a_stray_quotation_mark_is_a_character_like_others(tmp_path):
    rows = [b"note,latitude,longitude", b'5" pipe,1,1', b'"x"y",1,1', b'7",1.0,1']
    expected = b"\n".join([rows[0] + ADDED, *(row + CELLS for row in rows[1:])]) + b"\n"
    assert clustered(tmp_path, b"\n".join(rows) + b"\n") == expected


def test_noise_without_any_core_point_has_an_empty_distance(tmp_path):
    found = clustered(tmp_path, b"latitude,longitude\n1,1\n", min_samples=9)
    assert found == b"latitude,longitude" + ADDED + b"\n1,1,-1,-1,false,\n"


def test_a_csv_keeps_its_encoding(tmp_path):
    data = "Länge,latitude,Ort\n1,1,Zürich\n1,1,Genève\n".encode("latin-1")
    assert (
        clustered(tmp_path, data, longitude="Länge").decode("latin-1").splitlines()[1]
        == "1,1,Zürich,1,1,true,0"
    )
    for bad in ("latitude,longitude\n1,1\n".encode("utf-16"), bytes(range(256))):
        with pytest.raises(BadInput, match=r"UTF-16.*stops.csv.*UTF-8"):
            clustered(tmp_path, bad)


def test_many_rows_are_written_in_stretches(tmp_path, monkeypatch):
    monkeypatch.setattr(point_files, "ROWS_AT_ONCE", 2)
    rows = [b"%d,1,1" % number for number in range(5)]
    lines = clustered(tmp_path, b"id,latitude,longitude\n" + b"\n".join(rows)).splitlines()
    assert lines[1:] == [row + CELLS for row in rows]


def test_a_compressed_csv_is_read(tmp_path):
    data = gzip.compress(b"latitude,longitude\n1,1\n1,1\n")
    assert clustered(tmp_path, data, "stops.csv.gz").splitlines()[1:] == 2 * [b"1,1" + CELLS]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            "1,1,1\nabc,1,1\n",
            r"column 'latitude' holds 'abc' in row 1, which is no number\. \[.*stops.csv\] Correct it",
        ),
        (
            '1,1,1\n"48,1","11,6",1\n',
            r"'latitude' holds '48,1' in row 1.*decimal comma: write numbers with a point",
        ),
        ("1,1,1\n1,,1\n", "'longitude' is empty in row 1"),
        ("1,1,1\n1,1,two\n", "'weight' holds 'two' in row 1"),
        ("1,1,1\n1,1,1.5\n", "holds 1.5 in row 1; weights are whole numbers"),
        ("1,1,9223372036854775808\n", "sums to 2\\^62"),
        ("1,1,1\n1,1\n", r"Row 1 has 2 cell\(s\) and the header 3: '1,1'"),
        ('1,1,1\n1,1,1\n1,"1,1\n', r"Row 2 has 2 cell\(s\)"),
    ],
)
def test_the_first_bad_row_of_a_csv_is_shown_with_its_text(tmp_path, rows, message):
    with pytest.raises(BadInput, match=message):
        clustered(tmp_path, b"latitude,longitude,weight\n" + rows.encode())
    assert not (tmp_path / "out").exists()


def test_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(BadInput, match="several columns 'latitude'"):
        clustered(tmp_path, b"latitude,latitude,longitude\n1,1,1\n")
    table = pa.table([[1.0], [1.0], [1.0]], names=["latitude", "latitude", "longitude"])
    pq.write_table(table, tmp_path / "stops.parquet")
    with pytest.raises(BadInput, match="several columns 'latitude'"):
        cluster_file(Request(tmp_path / "stops.parquet", tmp_path / "out"))


def test_cells_between_semicolons_are_told(tmp_path):
    with pytest.raises(BadInput, match=r"no column 'latitude'.*Separate cells by commas\.$"):
        clustered(tmp_path, b"latitude;longitude\n1;1\n")


def test_a_folders_name_is_no_column_of_a_parquet_file(tmp_path):
    (tmp_path / "year=2020").mkdir()
    file = points(tmp_path / "year=2020" / "stops.parquet")
    cluster_file(Request(file, tmp_path / "out", min_samples=5))
    assert "year" not in pq.read_schema(tmp_path / "out" / "points.parquet").names


DECIMALS = pa.decimal128(10, 4)


@pytest.mark.parametrize(
    ("latitude", "weight"),
    [
        (pa.array([Decimal("40.75")] * 2, DECIMALS), pa.array([Decimal(2)] * 2, DECIMALS)),
        (pa.array(["40.75", " 40.750"]), pa.array(["2", "2.0"])),
        (pa.array(["40.75"] * 2).dictionary_encode(), pa.array([2, 2], pa.uint8())),
        (pa.array(["40.75"] * 2, pa.string_view()), pa.array([2, 2], pa.float32())),
        (pa.array([40.75] * 2, pa.float32()), pa.array([2, 2], pa.uint64())),
    ],
)
def test_any_kind_of_numbers_is_taken_and_parquet_keeps_its_schema(tmp_path, latitude, weight):
    table = pa.table({"latitude": latitude, "longitude": [1, 1], "weight": weight}).replace_schema_metadata(
        {"a": "b"}
    )
    pq.write_table(table, tmp_path / "stops.parquet")
    cluster_file(Request(tmp_path / "stops.parquet", tmp_path / "out", min_samples=4))
    found = pq.read_table(tmp_path / "out" / "points.parquet")
    assert found.select(table.column_names).equals(table, check_metadata=True)
    assert found["cluster_no"].to_pylist() == [1, 1]


@pytest.mark.parametrize(
    ("latitude", "weight", "message"),
    [
        (pa.array(["40.75", "north"]), [1, 1], "'latitude' holds 'north' in row 1"),
        (pa.array([40.75, None]), [1, 1], "'latitude' is empty in row 1"),
        (pa.array([None, None]), [1, 1], "'latitude' is empty in row 0"),
        (pa.array([True, False]), [1, 1], r"'latitude' holds bool, not numbers\. \[.*stops.parquet\]"),
        (pa.array([1.0, 1.0]), pa.array([Decimal(1), Decimal("0.5")], DECIMALS), "holds 0.5 in row 1"),
    ],
)
def test_the_first_bad_row_of_a_parquet_file_is_named(tmp_path, latitude, weight, message):
    pq.write_table(
        pa.table({"latitude": latitude, "longitude": [1, 1], "weight": weight}), tmp_path / "stops.parquet"
    )
    with pytest.raises(BadInput, match=message):
        cluster_file(Request(tmp_path / "stops.parquet", tmp_path / "out"))


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
