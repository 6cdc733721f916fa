"""Fields, economies, intensity, findings, comparison: figures as in the marts, sentences where there is nothing to show."""

import json
import re
from collections.abc import Callable

import pyarrow as pa
import pytest

from foundation.home import Home
from foundation.parquet import write_table
from foundation.settings import Settings
from publishing import sentences, stage, statements
from publishing.reading import Release
from publishing.site import compare, fields, findings, intensity
from tests.publishing.editions import EDITION, MARTS, Made, World, usual, write_edition
from tests.publishing.test_site import read

Site = Callable[[World], dict[str, str]]


@pytest.fixture(scope="module")
def pages(published: tuple[Home, Settings]) -> dict[str, str]:
    return {page.name: page.read_text("utf-8") for page in sorted(published[0].site(EDITION).glob("*.html"))}


def test_heat_map_has_a_row_per_ranked_cluster_and_a_cell_per_field(pages: dict[str, str]) -> None:
    table = pages["fields.html"].split('id="heat"')[1].split("</table>")[0]
    assert table.count("<tr>") == 3
    assert re.findall(r'data-v="([^"]*)"', table) == ["|100.0|117", "|100.0|60", "|100.0|20"]


@pytest.mark.parametrize(("value", "step"), [(None, None), (0.0, 0), (0.8, 3), (1.2, 3), (1.25, 4), (5.0, 8)])
def test_colours_follow_the_breaks(value: float | None, step: int | None) -> None:
    assert fields.level(value, fields.RTA_BREAKS) == step


def test_a_field_is_ranked_by_its_part_and_ties_by_rank(opened: Release) -> None:
    page = fields.build(opened, opened.folder)
    assert [row["name"] for row in page.values["rankings"][0]["rows"]][:2] == [
        "Tokyo–Yokohama",
        "San Jose–San Francisco, CA",
    ]


def test_a_cross_border_cluster_stands_under_each_of_its_economies(pages: dict[str, str]) -> None:
    page = pages["economies.html"]
    assert page.count(">Basel<") == 3
    assert "one of the" not in page
    assert "Göteborg" in page.split("smaller clusters only")[1]


def test_intensity_axis_covers_its_values_and_never_loses_a_zero() -> None:
    axis = intensity.Axis.over([0.0, 12.0, 900.0], 0, 100)
    assert axis.place(0.0) == 0
    assert 0 < axis.place(12.0) < axis.place(900.0) < 95
    assert [said for _, said in axis.ticks] == ["10", "30", "100", "300", "1,000"]


def test_intensity_says_why_without_population(site: Site) -> None:
    world = usual()
    for cluster in world.clusters:
        cluster.population = None
    page = site(world)["intensity.html"]
    assert "no population is known" in page
    assert "<table" not in page


def test_intensity_says_that_cities_populations_are_approximate_and_why(pages: dict[str, str]) -> None:
    said = sentences.approximate_population({"population": 5, "population_approximate": True})
    assert "cities" in said
    assert "Districts" in said
    assert said in pages["intensity.html"]
    assert said in pages["index.html"]
    assert sentences.approximate_population({"population": 5, "population_approximate": False}) == ""


def test_comparison_prints_the_ranking_s_figures(opened: Release) -> None:
    page = compare.build(opened, opened.folder)
    data = json.loads(
        page.files[compare.DATA].decode().removeprefix("window.STCLUSTERS_COMPARE=").removesuffix(";\n")
    )
    names = [name for name, _ in data["facts"]]
    first = dict(zip(names, data["clusters"][0]["facts"], strict=True))
    assert (first["Rank"], first["PCT applications"], first["Total share"]) == ("1", "117", "14.1")
    assert len(data["fields"]) == len(data["clusters"][0]["fields"])


def test_editions_with_nothing_to_show_say_so(site: Site) -> None:
    pages = site(World([]))
    assert "No cluster has applications" in pages["fields.html"]
    assert "No economy has a cluster" in pages["economies.html"]
    assert "nothing to compare" in pages["compare.html"]
    assert "findings.html" not in pages
    for page in pages.values():
        assert read(page).faults == []


def test_hostile_names_stay_text_in_data_scripts(released: Callable[[World], Release]) -> None:
    release = released(
        World([Made("</script>\u2028<b>", ["JP"], 35, 139, 9, 9), Made("B", ["JP"], 36, 139, 8, 8)])
    )
    script = compare.build(release, release.folder).files[compare.DATA].decode()
    assert "<" not in script
    assert "\u2028" not in script


def test_findings_stand_with_their_sentence_figures_and_file(tmp_path: object) -> None:
    home = Home(tmp_path)  # type: ignore[arg-type]
    settings = write_edition(home, usual())
    schema = pa.schema(list(MARTS["findings"].items()))
    rows = [
        ("top_five", 1, "rank", "Tokyo–Yokohama", 1.0, "rank", "Asia", 1, None),
        ("top_five", 2, "rank", "Basel", 2.0, "rank", "Europe", 3, None),
        ("fastest_growing", 1, "growth", "Basel", -0.04, "percent", None, 3, None),
        ("only_in_africa", 1, "cluster", "=Cairo", 1.0, "clusters", "Africa", None, None),
    ]
    table = pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in rows], schema)
    write_table(table, home.table(EDITION, "findings"))
    stage.release(home, settings, EDITION)
    stage.site(home, settings, EDITION)
    page = (home.site(EDITION) / "findings.html").read_text("utf-8")
    release = Release(home.release(EDITION).resolve())
    said = statements.findings_by_statement(release)
    assert set(said) == {"top_five", "only_in_africa"}
    assert all(sentence in page for sentence in said.values())
    assert 'id="fastest_growing"' not in page
    text = (home.site(EDITION) / "findings" / "only_in_africa.csv").read_text("utf-8")
    assert text.startswith("# SIMULATED")
    assert "'=Cairo" in text


def test_printed_findings_keep_the_sign_of_a_loss() -> None:
    row = {"value": -5.35, "unit": "percent", "key": "growth"}
    assert findings.printed(row) == "−5.4"
    assert findings.printed({"value": 26.0, "unit": "clusters", "key": "clusters"}) == "26"
    assert findings.printed({"value": None, "unit": "percent", "key": "x"}) == "–"
