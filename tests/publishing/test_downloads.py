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
from tests.publishing.test_site import even


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
        found.append({file: (folder / file).read_bytes() for file in even(folder)})
    assert found[0] == found[1]


def test_workbook_opens_on_its_readme_and_holds_each_small_table(folder: Path, opened: Release) -> None:
    import openpyxl

    book = openpyxl.load_workbook(folder / "stclusters.xlsx")
    assert book.sheetnames[0] == "Readme"
    assert book.sheetnames[-2:] == ["Dictionary", "Licences"]
    assert "SIMULATED" in [cell.value for cell in book["Readme"]["A"]]
    rows = list(book["ranking"].iter_rows(values_only=True))
    table = opened.table("ranking")
    assert list(rows[0]) == table.column_names
    assert [row[rows[0].index("total")] for row in rows[1:]] == pytest.approx(table["total"].to_pylist())
    assert all(sheet.max_row > 0 and not sheet.merged_cells.ranges for sheet in book.worksheets)


def test_a_name_that_looks_like_a_formula_is_text_in_the_workbook(tmp_path: Path) -> None:
    import openpyxl

    home = Home(tmp_path)
    settings = write_edition(home, World([Made("=1+1", ["JP"], 35, 139, 9, 9)]))
    stage.release(home, settings, EDITION)
    stage.site(home, settings, EDITION)
    cells = openpyxl.load_workbook(home.site(EDITION) / "downloads" / "stclusters.xlsx")["ranking"]
    found = next(cell for cell in cells[2] if cell.value == "=1+1")
    assert found.data_type == "s"


def test_data_package_is_valid_and_describes_every_csv(folder: Path) -> None:
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "message"])[:5]
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))
    paths = {resource["path"] for resource in described["resources"]}
    assert paths == {name for name in names(folder) if name.endswith(".csv")} - {"dictionary.csv"}
    assert described["simulated"] is True


def test_geopackage_holds_the_outlines_with_whole_numbers(folder: Path, opened: Release) -> None:
    frame = geopandas.read_file(folder / "clusters.gpkg")
    assert frame["rank"].tolist() == [row["rank"] for row in opened.ranking]
    assert frame.crs.to_epsg() == 4326
    assert frame.geometry.is_valid.all()


def test_database_holds_all_tables_and_says_what_it_is(folder: Path, opened: Release) -> None:
    import duckdb

    with duckdb.connect(str(folder / "stclusters.duckdb"), read_only=True) as base:
        assert dict(base.execute("select * from about").fetchall())["simulated"] == "true"
        names_in = {
            name for (name,) in base.execute("select table_name from information_schema.tables").fetchall()
        }
        totals = [
            value for (value,) in base.execute("select total from ranking order by cluster_no").fetchall()
        ]
        comments = dict(base.execute("select table_name, comment from duckdb_tables()").fetchall())
        silent = base.execute(
            "select table_name, column_name from duckdb_columns() where comment is null and not internal"
        ).fetchall()
    assert {"ranking", "points", "economies"} <= names_in
    assert "cluster" in comments["ranking"]
    assert all(comments.values())
    assert silent == []
    assert totals == opened.table("ranking")["total"].to_pylist()


def test_archive_holds_the_other_files_under_one_folder_with_their_bytes(folder: Path) -> None:
    import zipfile

    with zipfile.ZipFile(folder / "stclusters.zip") as archive:
        inside = archive.namelist()
        assert len({name.split("/")[0] for name in inside}) == 1
        short = {name.split("/")[1]: name for name in inside}
        assert {"README.txt", "CITATION.cff", "LICENCE.txt", "ranking.csv", "stclusters.xlsx"} <= set(short)
        assert all(archive.read(whole) == (folder / name).read_bytes() for name, whole in short.items())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_whole_downloads_are_not_made_again_and_broken_ones_are(
    published: tuple[Home, Settings], folder: Path, opened: Release
) -> None:
    from publishing.downloads import files

    assert files.complete(opened, folder)
    kept = (folder / "README.txt").read_bytes()
    (folder / "README.txt").write_text("broken", "utf-8")
    try:
        assert not files.complete(opened, folder)
        stage.site(*published, EDITION)
        assert (folder / "README.txt").read_bytes() == kept
    finally:
        (folder / "README.txt").write_bytes(kept)


def test_one_file_edition_allows_only_its_own_scripts_and_leads_nowhere(folder: Path) -> None:
    import base64
    import hashlib
    import re

    page = (folder.parent / "stclusters.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    assert scripts
    for text in scripts:
        mark = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{mark}'" in policy.group(1)
    body = page.split("<body")[1]
    targets = re.findall(r'<(?:a|link|script|image)\b[^>]*?(?:href|src)="([^"]*)"', body.split("<script>")[0])
    assert all(target.startswith(("#", "https://")) for target in targets), targets
    assert '<aside class="simulated"' in page
    assert re.findall(r">\?<|BibTeX|CSV<|What the figures mean", body) == []
    assert '<span class="brand">Science <i>&amp;</i> Technology Clusters</span>' in page


def test_csv_begins_with_a_byte_order_mark_where_settings_ask_for_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    plain = write_edition(home, usual())
    stage.release(home, plain, EDITION)
    stage.site(home, plain, EDITION)
    site = home.site(EDITION)
    tables = sorted(site.rglob("*.csv"))
    before = {file: file.read_bytes() for file in tables}
    marked = plain.model_copy(update={"pages": plain.pages.model_copy(update={"csv_bom": True})})
    stage.site(home, marked, EDITION)
    for file in tables:
        assert file.read_bytes() == b"\xef\xbb\xbf" + before[file], file
    described = json.loads((site / "downloads" / "datapackage.json").read_text("utf-8"))
    assert {one["encoding"] for one in described["resources"] if "encoding" in one} == {"utf-8-sig"}
    stage.site(home, plain, EDITION)
    assert {file: file.read_bytes() for file in tables} == before
