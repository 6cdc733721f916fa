"""Every figure leads to its definition, every picture to its figures, and outlines can be saved where nothing can be fetched."""

from __future__ import annotations

import json
import re
from pathlib import Path

import lxml.html
import pytest

from foundation.home import Home
from foundation.settings import Settings
from publishing.folder import names
from tests.publishing.editions import EDITION

PAGES = (
    "intensity.html",
    "fields.html",
    "economies.html",
    "quality.html",
    "briefs/JP-1000.html",
    "briefs/SE-1003.html",
)
#: columns of figures that are none of a table's: how far down a list one is, sizes of files
NO_FIGURES = {"Located", "% of all", "Rows", "Size"}


@pytest.fixture(scope="module")
def folder(published: tuple[Home, Settings]) -> Path:
    return published[0].site(EDITION).resolve()


def read(folder: Path, name: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring((folder / name).read_text("utf-8"))


def anchors(folder: Path) -> set[str]:
    return {str(found) for found in read(folder, "data.html").xpath("//*/@id")}


@pytest.mark.parametrize("name", PAGES)
def test_headings_of_figures_lead_to_the_dictionary(folder: Path, name: str) -> None:
    known = anchors(folder)
    heads = read(folder, name).xpath(
        "//thead//th[contains(concat(' ', @class, ' '), ' n ')] | //dl[@class='six']//dt"
    )
    assert heads
    for head in heads:
        said = " ".join(head.text_content().split())
        targets = [str(link) for link in head.xpath(".//a[@class='def']/@href")]
        if said in NO_FIGURES:
            continue
        assert targets, f"{name}: {said}"
        assert targets[0].split("#")[0].endswith("data.html")
        assert targets[0].split("#")[1] in known | {"regions.clusters_ranked"}, f"{name}: {targets[0]}"


def test_each_column_of_the_ranking_is_defined_below_it(folder: Path) -> None:
    page = read(folder, "index.html")
    heads = {
        " ".join(head.text_content().split()) for head in page.xpath("//table[@id='ranking']//thead//button")
    }
    defined = {
        " ".join(link.text_content().split()): str(link.get("href"))
        for link in page.xpath("//p[contains(@class, 'defs')]/a")
    }
    assert heads - set(defined) == {"Cluster"}
    assert {target.split("#")[1] for target in defined.values()} <= anchors(folder)


def test_facts_of_the_comparison_lead_to_the_dictionary(folder: Path) -> None:
    text = (folder / "compare-data.js").read_text("utf-8").split("=", 1)[1].rstrip(";\n")
    columns = {f"ranking.{column}" for _, column in json.loads(text)["facts"]}
    assert columns <= anchors(folder)


@pytest.mark.parametrize(
    "name", [name for name in PAGES if name != "fields.html"] + ["map.html", "index.html", "fields.html"]
)
def test_a_page_with_pictures_has_their_figures_as_csv(folder: Path, name: str) -> None:
    page = read(folder, name)
    assert page.xpath("//svg | //canvas | //*[local-name()='svg']") or name == "fields.html"
    files = [str(target) for target in page.xpath("//main//a/@href") if str(target).endswith(".csv")]
    assert files, name
    for file in files:
        assert ((folder / name).parent / file).resolve().is_file(), file


def test_outlines_stand_in_a_script_as_they_stand_in_the_file(folder: Path) -> None:
    text = (folder / "clusters-geojson.js").read_text("utf-8")
    held = json.loads(text.removeprefix("window.STCLUSTERS_GEOJSON=").removesuffix(";\n"))
    assert held == (folder / "downloads" / "clusters.geojson").read_text("utf-8")
    assert "<" not in text


def test_the_map_for_print_holds_its_dots_once_and_says_simulated(folder: Path) -> None:
    text = (folder / "map.svg").read_text("utf-8")
    assert "SIMULATED" in text
    assert "<image" not in text
    assert "Tokyo" in text
    for path in re.findall(r'stroke-linecap="round" d="([^"]*)"', text):
        spots = path.split("M")[1:]
        assert len(spots) == len(set(spots))
    ranked = re.findall(r'stroke="#e06f1a"[^>]* d="([^"]+)"', text)
    assert ranked
    assert len(text) < 2_000_000


def test_no_table_of_a_release_has_a_column_for_persons(published: tuple[Home, Settings]) -> None:
    import pyarrow.parquet as pq

    release = published[0].release(EDITION).resolve()
    for name in names(release):
        if name.endswith(".parquet"):
            columns = set(pq.read_schema(release / name).names)
            assert not {column for column in columns if re.search(r"inventor|author|person_name", column)}, (
                name
            )
