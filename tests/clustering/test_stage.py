import json
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from clustering import stage
from foundation import contracts
from foundation.contracts.edition_settings import write_edition_settings
from foundation.errors import MissingData
from foundation.home import Home
from foundation.settings import parse

PLACES = [
    (101, "Xville", "JP", 10.0, 20.0),
    (102, "Ytown", "JP", 10.0, 21.0),
    (103, "Zedburg", "JP", 30.0, 40.0),
]
# latitude, longitude, place, pct, sci, weight: METHODOLOGY 20, sorted
WORKED = [(10.0, 20.0, 101, 2, 3, 5), (10.0, 21.0, 102, 2, 2, 4), (30.0, 40.0, 103, 1, 1, 1)]


def rules(**more):
    now = {"pct_years": [2019, 2020], "sci_years": [2018, 2019], "min_samples": 4, **more}
    then = {**now, "pct_years": [2018, 2019], "sci_years": [2017, 2018]}
    return parse(
        {"editions": {"then": then, "now": {**now, "previous_edition": "then"}, "alone": now}}, "test"
    )


def fill(home, edition, points, years=(), country="JP"):
    latitude, longitude, place, pct, sci, weight = zip(*points, strict=True) if points else [()] * 6
    table = pa.table(
        {
            "point_id": pa.array(range(1, len(points) + 1), pa.int32()),
            "latitude": pa.array(latitude, pa.float64()),
            "longitude": pa.array(longitude, pa.float64()),
            "country": pa.array([country] * len(points), pa.string()),
            "place_id": pa.array(place, pa.int64()),
            "pct_listings": pa.array(pct, pa.int64()),
            "sci_listings": pa.array(sci, pa.int64()),
            "weight": pa.array(weight, pa.int64()),
        }
    )
    contracts.write("points", table, home.table(edition, "points"))
    point, kind, year, listings = zip(*years, strict=True) if years else [()] * 4
    table = pa.table(
        {
            "point_id": pa.array(point, pa.int32()),
            "kind": pa.array(kind, pa.string()),
            "publication_year": pa.array(year, pa.int16()),
            "listings": pa.array(listings, pa.int64()),
            "count": pa.array([Decimal(1)] * len(years), pa.decimal128(38, 15)),
        }
    )
    contracts.write("point_years", table, home.table(edition, "point_years"))


def fill_counting(home, edition):
    numbers = contracts.read("clusters", home.table(edition, "clusters"))["cluster_no"]
    one, share = pa.array([Decimal(1)] * len(numbers), pa.decimal128(38, 15)), [1.0] * len(numbers)
    ranks = {
        "cluster_no": numbers,
        "pct_count": one,
        "sci_count": one,
        "pct_share": share,
        "sci_share": share,
    }
    contracts.write(
        "cluster_ranks",
        pa.table({**ranks, "total": share, "rank": numbers}),
        home.table(edition, "cluster_ranks"),
    )
    worlds = pa.array([Decimal(7), Decimal(9)], pa.decimal128(38, 15))
    world = {
        "kind": ["pct", "sci"],
        "documents": [7, 9],
        "located": worlds,
        "unlocated": worlds,
        "total": worlds,
    }
    contracts.write("world_totals", pa.table(world), home.table(edition, "world_totals"))


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    place_id, name, country, latitude, longitude = zip(*PLACES, strict=True)
    rows = {
        "place_id": pa.array(place_id, pa.int64()), "name": name, "region": [""] * 3, "region_name": [""] * 3,
        "country": country, "latitude": latitude, "longitude": longitude,
        "population": pa.array([200_000] * 3, pa.int64()), "gazetteer": ["test"] * 3,
    }  # fmt: skip
    contracts.write("places", pa.table(rows), made.places())
    return made


def rows_of(home, edition, table):
    return contracts.read(table, home.table(edition, table)).to_pylist()


def test_the_worked_example_becomes_two_clusters_and_noise(home):
    fill(home, "alone", WORKED)
    lines = []
    report = stage.cluster(home, rules(), "alone", lines.append)
    found = rows_of(home, "alone", "point_clusters")
    assert [row["cluster_no"] for row in found] == [1, 2, -1]
    assert [row["core_point_id"] for row in found] == [1, 2, 2]
    assert found[2]["km_to_core"] > 15
    pairs = {"pairs": 34, "without_merging": 0, "without_core_limit": 0, "with_core_limit": 0, "as_set": 0}
    assert report.counts.pop("pairs_as_wipo") == pairs
    assert report.counts.pop("seconds_clustering") >= 0 <= report.counts.pop("seconds_tables")
    assert report.counts.pop("table_rows") == {
        "point_clusters": 3,
        "cluster_neighbours": 0,
        "pair_trials": 34,
    }
    assert report.counts | {"merges": 0} == {
        "points": 3, "clusters": 2, "clusters_before_merging": 2, "core_points": 2, "noise_points": 1, "merges": 0,
    }  # fmt: skip
    assert len(lines) == 2


def test_the_worked_examples_clusters_are_described(home):
    fill(home, "alone", WORKED)
    stage.cluster(home, rules(), "alone")
    report = stage.describe(home, rules(), "alone")
    first, second = rows_of(home, "alone", "clusters")
    assert (first["cluster_id"], first["name"], first["economy_label"]) == ("JP-101", "Xville", "JP")
    assert (first["points"], first["listings"], second["listings"]) == (1, 5, 4)
    assert (first["latitude"], first["longitude"]) == pytest.approx((10.0, 20.0))
    assert (first["population"], first["population_source"], first["population_approximate"]) == (
        200_000,
        "gazetteer",
        True,
    )
    assert first["area_km2"] == pytest.approx(78.5, rel=0.002)
    assert report.counts["outlines_of_discs"] == 2
    assert report.counts["clusters_by_economy"] == {"Japan": 2}
    outline = rows_of(home, "alone", "outlines")[0]
    assert (outline["method"], outline["ratio"]) == ("discs", None)
    assert shapely.from_wkb(outline["geometry"]).contains(shapely.Point(20, 10))


def test_overrides_name_their_clusters_and_warn_of_ids_that_name_none(home):
    fill(home, "alone", WORKED)
    settings = rules(name_overrides="names.csv")
    (home.root / "names.csv").write_text("cluster_id,name,economies\nJP-101,Twin,JP/CN\nJP-99,Gone,JP\n")
    stage.cluster(home, settings, "alone")
    report = stage.describe(home, settings, "alone")
    assert [row["name"] for row in rows_of(home, "alone", "clusters")] == ["Twin", "Ytown"]
    assert rows_of(home, "alone", "clusters")[0]["economies"] == ["JP", "CN"]
    assert report.warnings == ("1 id(s) of name_overrides are no cluster of this edition: JP-99.",)


def test_outlines_are_geoparquet_that_geopandas_reads(home):
    import geopandas

    fill(home, "alone", WORKED)
    stage.cluster(home, rules(), "alone")
    stage.describe(home, rules(), "alone")
    frame = geopandas.read_parquet(home.table("alone", "outlines"))
    assert frame.crs.to_string() == "OGC:CRS84"
    assert frame.geometry.is_valid.all()
    marks = pq.read_schema(home.table("alone", "outlines")).metadata
    assert marks[b"simulated"] == b"false"
    assert json.loads(marks[b"geo"])["columns"]["geometry"]["bbox"][0] == pytest.approx(19.95, abs=0.01)


def test_an_edition_without_points_or_without_weight_has_no_clusters(home):
    for points in ([], [(10.0, 20.0, 101, 1, 0, 0)]):
        fill(home, "alone", points)
        assert stage.cluster(home, rules(), "alone").counts["clusters"] == 0
        stage.describe(home, rules(), "alone")
        assert rows_of(home, "alone", "clusters") == rows_of(home, "alone", "outlines") == []
        assert [row["core_point_id"] for row in rows_of(home, "alone", "point_clusters")] == [None] * len(
            points
        )


def test_clusters_are_numbered_by_listings_then_by_place(home):
    fill(home, "alone", [(0.0, 0.0, 101, 2, 2, 4), (1.0, 0.0, 102, 9, 0, 9), (2.0, 0.0, 103, 0, 4, 4)])
    stage.cluster(home, rules(), "alone")
    assert [row["cluster_no"] for row in rows_of(home, "alone", "point_clusters")] == [2, 1, 3]


#: two clusters on the equator whose cores are 18.9 km apart and whose border points 4.4 km
TOWNS = [
    (0.0, one, 101, listings, 0, listings)
    for one, listings in ((-0.1, 9), (0.0, 1), (0.065, 0), (0.105, 0), (0.17, 1), (0.27, 9))
]


def test_merged_clusters_say_what_they_were(home):
    settings = rules(min_samples=10)
    fill(home, "alone", TOWNS)
    report = stage.cluster(home, settings, "alone")
    assert {row["cluster_no"] for row in rows_of(home, "alone", "point_clusters")} == {1}
    assert [row["dbscan_no"] for row in rows_of(home, "alone", "point_clusters")] == [1, 1, 1, 2, 2, 2]
    assert report.counts["merges"] == [{"joined": [1, 2], "points_km": 4.448, "core_km": 18.903}]
    (pair,) = rows_of(home, "alone", "cluster_neighbours")
    assert (pair["joined"], pair["same_cluster"], pair["chain"], pair["is_partner"]) == (
        True,
        True,
        [1, 2],
        None,
    )
    assert {row["as_set"] for row in rows_of(home, "alone", "pair_trials")} == {"not found"}
    stage.describe(home, settings, "alone")
    assert [row["merged_from"] for row in rows_of(home, "alone", "clusters")] == [[1, 2]]


def test_partners_join_only_where_documents_are_shared(home):
    settings = rules(min_samples=10, merge_rule="distance_and_partner")
    fill(home, "alone", TOWNS)
    for shared, clusters in ((True, 1), (False, 2)):
        point = [1, 6, None] if shared else [1, 1, 6]
        table = pa.table(
            {
                "document_no": pa.array([7, 7, 7] if shared else [7, 8, 9], pa.int64()),
                "point_id": pa.array(point, pa.int32()),
                "kind": ["pct"] * 3,
                "publication_year": pa.array([2019] * 3, pa.int16()),
                "listings": pa.array([1] * 3, pa.int32()),
                "fraction": pa.array([Decimal("0.25")] * 3, pa.decimal128(18, 15)),
            }
        )
        if not shared:
            table = table.set_column(1, "point_id", pa.array([1, 2, 6], pa.int32()))
        contracts.write("document_points", table, home.table("alone", "document_points"))
        assert stage.cluster(home, settings, "alone").counts["clusters"] == clusters
        assert [row["is_partner"] for row in rows_of(home, "alone", "cluster_neighbours")] == [shared]


def test_an_edition_without_previous_has_no_lineage(home):
    fill(home, "alone", WORKED)
    stage.cluster(home, rules(), "alone")
    report = stage.match(home, rules(), "alone")
    assert [row["kind"] for row in rows_of(home, "alone", "predecessors")] == ["new", "new"]
    assert rows_of(home, "alone", "previous_clusters") == rows_of(home, "alone", "lineage") == []
    assert report.rows == 0


@pytest.mark.parametrize("function", [stage.match, stage.previous])
def test_a_previous_edition_that_has_not_run_is_named(home, function):
    fill(home, "now", WORKED)
    with pytest.raises(MissingData, match="The previous edition then has not been run") as fault:
        function(home, rules(), "now")
    assert fault.value.todo == "Run edition then first."


def test_lineage_links_the_clusters_of_two_editions(home):
    settings = rules()
    # 2018 sci and 2019 pct lie in both windows; Y is new, Z is gone
    fill(
        home,
        "then",
        [WORKED[0], (30.0, 40.0, 103, 5, 4, 9)],
        [(1, "pct", 2019, 3), (1, "sci", 2017, 9), (2, "pct", 2018, 5)],
    )
    fill(
        home,
        "now",
        WORKED,
        [(1, "pct", 2019, 2), (1, "sci", 2018, 3), (2, "pct", 2020, 2), (3, "pct", 2020, 1)],
    )
    for edition in ("then", "now"):
        stage.cluster(home, settings, edition)
        stage.describe(home, settings, edition)
    fill_counting(home, "then")
    report = stage.match(home, settings, "now")
    found = rows_of(home, "now", "lineage")
    assert [
        (row["cluster_no"], row["previous_cluster_no"], row["kind"], row["shared_listings"]) for row in found
    ] == [
        (1, 2, "continued", 2),
        (2, None, "new", 0),
        (None, 1, "gone", 0),
    ]
    assert [row["is_predecessor"] for row in found] == [True, False, False]
    assert rows_of(home, "now", "predecessors") == [
        {
            "cluster_no": 1, "kind": "continued", "previous_cluster_no": 2, "previous_cluster_nos": [2],
            "previous_rank": 2, "was_ranked": True, "ranked_before": True,
        },
        {
            "cluster_no": 2, "kind": "new", "previous_cluster_no": None, "previous_cluster_nos": [],
            "previous_rank": None, "was_ranked": False, "ranked_before": False,
        },
    ]  # fmt: skip
    before = rows_of(home, "now", "previous_clusters")
    assert [(row["name"], row["rank"], row["pct_total"], row["sci_total"]) for row in before] == [
        ("Zedburg", 1, 7.0, 9.0),
        ("Xville", 2, 7.0, 9.0),
    ]
    assert before[0]["settings_hash"] == settings.hash("then")
    assert report.counts["continued"] == report.counts["new"] == report.counts["gone"] == 1


def test_a_place_ranked_in_an_edition_before_the_previous_is_known(home):
    # ranks of the previous edition are beyond ranked_size, but its own table says that cluster 2 was ranked before
    settings = rules(ranked_size=1)
    points = [(30.0, 40.0, 103, 5, 4, 9), WORKED[0]]
    years = [(1, "pct", 2019, 5), (2, "pct", 2019, 2)]
    for edition in ("then", "now"):
        fill(home, edition, sorted(points), [(3 - point, *rest) for point, *rest in years])
        stage.cluster(home, settings, edition)
        stage.describe(home, settings, edition)
    fill_counting(home, "then")
    stage.match(home, settings, "now")
    assert [row["ranked_before"] for row in rows_of(home, "now", "predecessors")] == [True, False]
    row = {"kind": "new", "previous_cluster_nos": [], "was_ranked": False, "ranked_before": True}
    earlier = pa.Table.from_pylist(
        [row | {"cluster_no": 2}], schema=contracts.contract("predecessors").schema
    )
    contracts.write("predecessors", earlier, home.table("then", "predecessors"))
    stage.match(home, settings, "now")
    found = rows_of(home, "now", "predecessors")
    assert [(row["was_ranked"], row["ranked_before"]) for row in found] == [(True, True), (False, True)]


def test_the_same_input_gives_the_same_bytes(home):
    rng = np.random.default_rng(5)
    spots = np.unique(np.round(rng.normal((35.6, 139.7), 0.3, (400, 2)), 6), axis=0)
    fill(home, "alone", [(*map(float, one), 101, 1, 1, 2) for one in spots])
    seen = set()
    for _ in range(2):
        stage.cluster(home, rules(min_samples=30), "alone")
        stage.describe(home, rules(min_samples=30), "alone")
        seen.add(
            tuple(
                home.table("alone", name).read_bytes() for name in ("point_clusters", "clusters", "outlines")
            )
        )
    assert len(seen) == 1


def test_what_was_before_is_counted_where_a_cluster_lies_now(home):
    # now X's core points are at 20.0 and 20.1 (10.95 km apart); 20.23 is 14.2 km from the second one, 20.24 is 15.3 km
    then = [(10.0, 20.0, 101, 4, 0, 4), (10.0, 20.23, 101, 1, 1, 1), (10.0, 20.24, 101, 1, 0, 1), WORKED[1]]
    years = [(1, "pct", 2018, 3), (1, "pct", 2019, 1), (2, "pct", 2019, 1), (2, "sci", 2017, 1)]
    fill(home, "then", then, [*years, (3, "pct", 2019, 1), (4, "sci", 2018, 2)])
    fill(home, "now", [WORKED[0], (10.0, 20.1, 101, 2, 2, 4), WORKED[1], WORKED[2]])
    settings = rules()
    for edition in ("then", "now"):
        stage.cluster(home, settings, edition)
        stage.describe(home, settings, edition)
    fill_counting(home, "then")
    report = stage.match(home, settings, "now")
    worlds = {"pct_total": 7.0, "sci_total": 9.0}
    assert rows_of(home, "now", "previous_areas") == [
        {"cluster_no": 1, "points": 2, "pct_count": Decimal(3), "sci_count": Decimal(1), **worlds},
        {"cluster_no": 2, "points": 1, "pct_count": Decimal(0), "sci_count": Decimal(1), **worlds},
    ]
    assert report.counts["table_rows"]["previous_areas"] == 2


def test_a_cluster_where_nothing_was_before_is_counted_as_zero(home):
    fill(home, "then", [])
    fill(home, "now", WORKED)
    settings = rules()
    for edition in ("then", "now"):
        stage.cluster(home, settings, edition)
        stage.describe(home, settings, edition)
    fill_counting(home, "then")
    stage.match(home, settings, "now")
    assert [(row["points"], row["pct_count"]) for row in rows_of(home, "now", "previous_areas")] == [
        (0, 0),
        (0, 0),
    ]


def test_without_a_previous_edition_no_area_has_a_past(home):
    fill(home, "alone", WORKED)
    stage.cluster(home, rules(), "alone")
    stage.match(home, rules(), "alone")
    assert rows_of(home, "alone", "previous_areas") == []


def test_a_previous_edition_that_ran_by_other_rules_is_not_compared_with(home):
    fill(home, "then", WORKED)
    fill(home, "now", WORKED)
    settings = rules()
    for edition in ("then", "now"):
        stage.cluster(home, settings, edition)
        stage.describe(home, settings, edition)
    fill_counting(home, "then")
    write_edition_settings(home, rules(eps_km=20), "then")
    with pytest.raises(
        MissingData, match=r"edition then was last run with eps_km 20\.0, which is 15\.0 now"
    ) as fault:
        stage.match(home, settings, "now")
    assert fault.value.todo.startswith("Run edition then again first")
    write_edition_settings(home, rules(title="Another title"), "then")
    assert stage.match(home, settings, "now").counts["table_rows"]["previous_clusters"] == 2
