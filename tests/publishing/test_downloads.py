"""Files to download open elsewhere, are safe, and say what they are."""

import csv
import io
import json
from pathlib import Path

import geopandas
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from foundation.home import Home
from foundation.settings import Settings
from publishing import stage
from publishing.downloads import CATALOGUE, csvfile, geo
from publishing.folder import SUMS, names
from publishing.reading import Release
from tests.publishing.editions import EDITION, Made, World, usual, write_edition


@pytest.fixture(scope="module")
def folder(published: tuple[Home, Settings]) -> Path:
    return published[0].site(EDITION) / "downloads"


def test_csv_of_a_simulated_edition_says_so_in_its_first_line_and_loads(
    folder: Path, opened: Release
) -> None:
    text = (folder / "ranking.csv").read_text("utf-8")
    assert text.startswith("# SIMULATED")
    loaded = pd.read_csv(folder / "ranking.csv", comment="#")
    mart = opened.table("ranking").to_pandas()
    assert list(loaded.columns) == list(mart.columns)
    assert loaded["total"].tolist() == mart["total"].tolist()
    assert loaded["rank_change"].fillna(0).tolist() == mart["rank_change"].fillna(0).tolist()
    assert loaded["name"].tolist() == mart["name"].tolist()
    assert loaded["economies"].tolist()[2] == "CH; DE; FR"


def test_csv_of_a_real_edition_begins_with_its_header() -> None:
    assert csvfile.text(pa.table({"a": [1]}), simulated=False) == b'"a"\n1\n'


def test_cells_that_begin_a_formula_get_an_apostrophe_and_numbers_do_not() -> None:
    hostile = ["=cmd|x", "+1", "-1", "@a", "\tx", "\rx", "\nx", "plain", "a=b", None, ""]
    table = pa.table({"name": hostile, "change": pa.array([-3] * len(hostile))})
    rows = list(csv.reader(io.StringIO(csvfile.text(table, False).decode(), newline="")))
    assert [row[0] for row in rows[1:8]] == ["'" + text for text in hostile[:7] if text]
    assert [row[0] for row in rows[8:]] == ["plain", "a=b", "", ""]
    assert {row[1] for row in rows[1:]} == {"-3"}


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=1, max_size=8
    )
)
def test_no_text_cell_of_any_csv_begins_a_formula(cells: list[str]) -> None:
    table = pa.table({"name": cells, "list": [[cell] for cell in cells]})
    rows = list(csv.reader(io.StringIO(csvfile.text(table, False).decode(), newline="")))
    assert len(rows) == len(cells) + 1
    for row, cell in zip(rows[1:], cells, strict=True):
        assert row[0].removeprefix("'") == cell.removeprefix("'")
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_parquet_holds_the_raw_text(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = write_edition(home, World([Made("=HYPERLINK(1)", ["JP"], 35, 139, 9, 9)]))
    stage.release(home, settings, EDITION)
    report = stage.downloads(home, settings, EDITION)
    build = stage.release(home, settings, EDITION).counts["build"]
    found = home.site_build(EDITION, build) / "downloads"
    assert report.counts["files"] == len(names(found))
    assert pq.read_table(found / "ranking.parquet")["name"].to_pylist() == ["=HYPERLINK(1)"]
    assert "'=HYPERLINK(1)" in (found / "ranking.csv").read_text("utf-8")


def test_geoparquet_opens_with_outlines_and_metadata(folder: Path, opened: Release) -> None:
    frame = geopandas.read_parquet(folder / "clusters.geoparquet")
    assert frame["name"].tolist() == [row["name"] for row in opened.ranking]
    assert frame.crs.equals("OGC:CRS84")
    assert frame.geometry.is_valid.all()
    said = pq.read_schema(folder / "clusters.geoparquet").metadata
    assert said[b"simulated"] == b"true"


def test_geojson_follows_rfc_7946(folder: Path, opened: Release) -> None:
    text = (folder / "clusters.geojson").read_text("utf-8")
    loaded = json.loads(text)
    assert "crs" not in loaded
    assert loaded["description"].startswith("SIMULATED")
    assert [feature["properties"]["rank"] for feature in loaded["features"]] == [
        row["rank"] for row in opened.ranking
    ]
    for feature in loaded["features"]:
        assert feature["properties"]["simulated"] is True
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert part.exterior.is_ccw
    assert loaded["features"][-1]["properties"]["previous_rank"] is None


def test_geojson_is_cut_where_a_cluster_crosses_the_antimeridian() -> None:
    shape = shapely.to_wkb(shapely.box(179.5, -18.5, 180.5, -17.5))
    rows = pa.table({"name": ["Suva"], "geometry": pa.array([shape], pa.binary())})
    feature = json.loads(geo.geojson(rows, ""))["features"][0]["geometry"]
    assert feature["type"] == "MultiPolygon"
    longitudes = [x for part in feature["coordinates"] for ring in part for x, _ in ring]
    assert min(longitudes) == -180
    assert max(longitudes) == 180


def test_geo_files_of_an_edition_without_clusters_are_empty_and_valid(tmp_path: Path) -> None:
    home = Home(tmp_path)
    settings = write_edition(home, World([]))
    build = stage.release(home, settings, EDITION).counts["build"]
    stage.downloads(home, settings, EDITION)
    found = home.site_build(EDITION, build) / "downloads"
    assert json.loads((found / "clusters.geojson").read_text("utf-8"))["features"] == []
    assert len(geopandas.read_parquet(found / "clusters.geoparquet")) == 0


def test_catalogue_tells_size_and_rows_of_every_file(folder: Path) -> None:
    catalogue = json.loads((folder / CATALOGUE).read_text("utf-8"))
    told = {file["name"]: file for table in catalogue["tables"] for file in table["files"]}
    told |= {file["name"]: file for file in catalogue["others"]}
    assert set(names(folder)) - set(told) == {CATALOGUE, SUMS}
    for name, file in told.items():
        assert file["bytes"] == (folder / name).stat().st_size
    for table in catalogue["tables"]:
        assert table["rows"] == pq.read_metadata(folder / table["files"][0]["name"]).num_rows


def test_every_column_offered_has_a_meaning(folder: Path) -> None:
    loaded = pd.read_csv(folder / "dictionary.csv", comment="#", keep_default_na=False)
    assert loaded[loaded["meaning"] == ""][["table", "column"]].to_numpy().tolist() == []


def test_second_run_writes_nothing(published: tuple[Home, Settings]) -> None:
    assert stage.downloads(*published, EDITION).counts["written"] == 0


def test_downloads_of_two_homes_are_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        home = Home(tmp_path / name)
        settings = write_edition(home, usual())
        build = stage.release(home, settings, EDITION).counts["build"]
        stage.downloads(home, settings, EDITION)
        folder = home.site_build(EDITION, build) / "downloads"
        found.append({file: (folder / file).read_bytes() for file in names(folder)})
    assert found[0] == found[1]
