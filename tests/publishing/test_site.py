"""Pages: every printed figure is the mart's, nothing is fetched from elsewhere, names are text, bad editions read well."""

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest

from foundation.home import Home
from foundation.settings import Edition, Reader, Settings
from publishing import printing, stage
from publishing.folder import names
from publishing.marks import MARKS, rules
from publishing.reading import Release
from publishing.site import pages as site_pages
from publishing.site import proof, quality
from tests.publishing.editions import EDITION, Made, World, usual, write_edition

Site = Callable[[World], dict[str, str]]
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
VOID = {"meta", "link", "input", "image", "br", "rect", "polyline", "circle", "path", "line"}


def even(root: Path) -> list[str]:
    """Files whose bytes are the same in equal builds: all but the database."""
    return [name for name in names(root) if not name.endswith(".duckdb")]


class Tags(HTMLParser):
    """Tags with their attributes, and whether they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"{tag} closed out of turn")


def read(page: str) -> Tags:
    reader = Tags()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def pages(published: tuple[Home, Settings]) -> dict[str, str]:
    """The pages; the one-file edition, which has another policy, has its own test."""
    found = sorted(published[0].site(EDITION).glob("*.html"))
    return {page.name: page.read_text("utf-8") for page in found if page.name != "stclusters.html"}


def test_every_printed_figure_of_the_ranking_is_the_marts(published: tuple[Home, Settings]) -> None:
    assert stage.check_site(*published, EDITION) == []


def test_ranking_prints_what_one_reads(pages: dict[str, str]) -> None:
    row = proof.read_rows(pages["index.html"])["US-1001"]
    assert row == {
        "rank": "2", "change": "▲2", "cluster": "San Jose–San Francisco, CA", "economy": "United States",
        "pct-count": "60", "sci-count": "30", "pct-share": "6.0", "sci-share": "1.5", "total": "7.5", "parts": "",
        "intensity": "2", "trend": "total 6.8 in 2019, 7.3 in 2020",
    } | {"trend": row["trend"]}  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "wrong"),
    [
        (">117<", ">118<"),
        (">11.7<", ">11.6<"),
        ('▲</span><span class="vh">up </span>2', '▼</span><span class="vh">up </span>2'),
        ("<bdi>Basel</bdi>", "<bdi>Bâle</bdi>"),
    ],
)
def test_a_wrong_figure_is_found(pages: dict[str, str], opened: Release, printed: str, wrong: str) -> None:
    page = pages["index.html"]
    table = page.index("<tbody>")
    assert printed in page[table:]
    changed = page[:table] + page[table:].replace(printed, wrong, 1)
    assert len(proof.differences(changed, opened)) == 1


def test_a_missing_row_is_found(pages: dict[str, str], opened: Release) -> None:
    page = re.sub(r'<tr id="US-1001".*?</tr>', "", pages["index.html"], flags=re.DOTALL)
    assert proof.differences(page, opened) == ["US-1001: in the mart but not on the page"]


def test_rows_beyond_the_ranking_are_in_the_page_but_hidden(pages: dict[str, str]) -> None:
    rows = [attrs for tag, attrs in read(pages["index.html"]).tags if tag == "tr" and "data-cluster" in attrs]
    assert [("hidden" in attrs) for attrs in rows] == [False, False, False, True]


def test_every_page_nests_and_has_one_heading_one_policy_and_its_own_title(pages: dict[str, str]) -> None:
    assert sorted(pages) == [
        "compare.html", "data.html", "economies.html", "fields.html", "findings.html", "index.html", "intensity.html", "map.html",
        "method.html", "quality.html",
    ]  # fmt: skip
    titles = set()
    for page in pages.values():
        reader = read(page)
        assert reader.faults == []
        assert reader.open == []
        assert [tag for tag, _ in reader.tags].count("h1") == 1
        policies = [attrs["content"] for tag, attrs in reader.tags if tag == "meta" and "http-equiv" in attrs]
        assert policies == [POLICY]
        ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
        assert len(ids) == len(set(ids))
        titles.add(re.search("<title>(.*?)</title>", page).group(1))  # type: ignore[union-attr]
    assert len(titles) == len(pages)


def test_nothing_is_inline_and_nothing_is_fetched_from_elsewhere(
    pages: dict[str, str], published: tuple[Home, Settings]
) -> None:
    folder = published[0].site(EDITION)
    for page in pages.values():
        for tag, attrs in read(page).tags:
            assert tag != "style"
            assert "style" not in attrs
            assert not [name for name in attrs if name.startswith("on")]
            if tag == "script":
                assert attrs.get("src")
            for name in ("src", "href"):
                target = attrs.get(name)
                if target is None or (tag == "a" and target.startswith(("https://", "#"))):
                    continue
                file = target.split("#")[0]
                assert not re.match(r"[a-z]+:|/", file), (tag, target)
                assert (folder / file).is_file(), (tag, target)


def test_scripts_and_styles_name_no_address(published: tuple[Home, Settings]) -> None:
    for name in ("style.css", "print.css", "ranking.js", "fields.js", "compare.js"):
        text = (published[0].site(EDITION) / name).read_text("utf-8")
        text = text.replace("http://www.w3.org/2000/svg", "")  # a name, not an address that is asked
        assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|innerHTML|eval\(", text)


def test_every_page_says_simulated_edition_build_credits_and_how_to_cite(
    pages: dict[str, str], opened: Release
) -> None:
    for page in pages.values():
        assert '<aside class="simulated"' in page
        assert "(simulated)</title>" in page
        for said in (
            opened.build["build"],
            opened.build["settings_hash"],
            "GeoNames",
            "CC BY 4.0",
            "How to cite",
            "articles 2018–2020",
        ):
            assert said in page


def test_pages_are_the_same_bytes_in_another_home(tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        home = Home(tmp_path / name)
        settings = write_edition(home, World([usual().clusters[0]]))
        stage.release(home, settings, EDITION)
        stage.site(home, settings, EDITION)
        found.append({file: (home.site(EDITION) / file).read_bytes() for file in even(home.site(EDITION))})
    assert found[0] == found[1]


def test_second_run_rewrites_nothing_and_a_stray_file_goes(published: tuple[Home, Settings]) -> None:
    home, settings = published
    stray = home.site(EDITION) / "old-page.html"
    stray.write_text("gone", "utf-8")
    report = stage.site(home, settings, EDITION)
    assert report.counts["written"] == 0
    assert not stray.exists()


def test_site_can_be_written_elsewhere(published: tuple[Home, Settings], tmp_path: Path) -> None:
    home, settings = published
    (tmp_path / "mine.txt").write_text("stays", "utf-8")
    stage.site(home, settings, EDITION, out=tmp_path)
    here = {name: (tmp_path / name).read_bytes() for name in even(tmp_path) if name != "mine.txt"}
    assert here == {name: (home.site(EDITION) / name).read_bytes() for name in even(home.site(EDITION))}
    assert (tmp_path / "mine.txt").exists()


def test_names_are_text_and_never_markup(site: Site) -> None:
    hostile = '<script>alert("x")</script>'
    pages = site(
        World([Made(hostile, ["JP"], 35, 139, 9, 9), Made('" onmouseover="x', ["US"], 40, -100, 8, 8)])
    )
    for page in pages.values():
        assert "<script>alert" not in page
        assert not [name for _, attrs in read(page).tags for name in attrs if name.startswith("on")]
    assert "&lt;script&gt;alert" in pages["index.html"]


def test_long_and_right_to_left_names_stand_whole(site: Site) -> None:
    long, arabic = "Llanfair" * 15, "القاهرة"
    pages = site(World([Made(long, ["JP"], 35, 139, 9, 9), Made(arabic, ["US"], 30, 31, 8, 8)]))
    assert f"<bdi>{long}</bdi>" in pages["index.html"]
    assert f"<bdi>{arabic}</bdi>" in pages["map.html"]


def test_edition_without_clusters_says_why(site: Site) -> None:
    pages = site(World([]))
    assert "No science and technology cluster is ranked" in pages["index.html"]
    assert "Nowhere do 90 listings lie within 15" in pages["index.html"]
    assert "<table" not in pages["index.html"]
    assert "ranking.js" not in pages["index.html"]
    assert "The clusters on the map" not in pages["map.html"]


def test_clusters_of_which_none_is_ranked_are_shown_with_a_sentence(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.publishing import editions

    rows = editions.ranked_rows
    monkeypatch.setattr(
        editions, "ranked_rows", lambda world: [{**row, "ranked": False} for row in rows(world)]
    )
    page = site(World(usual().clusters))["index.html"]
    assert "None of the clusters below is ranked" in page
    assert "data-below" not in page


def test_small_edition_has_no_top_and_no_search(site: Site) -> None:
    page = site(World(usual().clusters[:3]))["index.html"]
    assert "The three science and technology clusters" in page
    assert "top" not in page.split("<tbody>")[0].lower().split("<dl")[1].split("</dl>")[0]
    assert 'id="search"' not in page


def test_without_population_intensity_is_explained_and_not_zero(site: Site) -> None:
    world = usual()
    for cluster in world.clusters:
        cluster.population = None
    page = site(world)["index.html"]
    assert 'class="intensity' not in page
    assert "Intensity is not shown" in page
    assert "Most intensive" not in page


def test_without_an_earlier_edition_there_is_no_change_column(site: Site) -> None:
    world = usual()
    world.previous = None
    for cluster in world.clusters:
        cluster.previous = None
    page = site(world)["index.html"]
    assert 'class="change' not in page
    assert "no earlier one to compare with" in page


def test_edition_of_one_kind_shows_that_kind_only(site: Site) -> None:
    world = usual()
    world.more["indicators"] = ["pct"]
    for cluster in world.clusters:
        cluster.sci = 0.0
    page = site(world)["index.html"]
    assert 'class="sci-share' not in page
    assert 'class="pct-share' in page
    assert "ranked by their share of PCT applications." in page


def test_real_edition_with_stand_ins_says_so_on_every_page_and_is_not_called_simulated(site: Site) -> None:
    world = World(
        usual().clusters, simulated=False, reader={"pct_date": "filing", "pct_kind_when_absent": "keep"}
    )
    for page in site(world).values():
        assert 'class="simulated"' not in page
        assert "Simulated" not in page
        assert "Filing years stand in" in page
        assert "PCT applications filed 2019–2021" in page


def test_every_setting_stands_on_the_method_page(pages: dict[str, str]) -> None:
    for name in (*Edition.model_fields, *Reader.model_fields):
        assert re.search(rf"<code>(reader\.)?{name}(: |</code>)", pages["method.html"]), name


def test_every_setting_of_a_rule_has_a_mark() -> None:
    marked = {name for rule in rules() for name in rule.settings}
    ruled = {
        name for name, field in Edition.model_fields.items() if "METHODOLOGY" in (field.description or "")
    }
    assert ruled <= marked
    assert {rule.mark for rule in rules()} == set(MARKS)
    assert [rule.section for rule in rules()] == sorted(rule.section for rule in rules())


def test_quality_page_prints_the_reconciliation(pages: dict[str, str], opened: Release) -> None:
    page = pages["quality.html"]
    assert page.count("filtered: not an article") == 2
    assert ">2,003<" in page
    assert "Nanjing – Zhenjiang" in page


def test_quality_page_says_why_listings_have_no_point_and_how_many_are_expected_wrong(
    pages: dict[str, str],
) -> None:
    page = pages["quality.html"]
    assert "no place found in the text" in page
    assert ">80<" in page
    japan = page[page.index('scope="row">Japan') :]
    cells = [part.partition("<")[0] for part in japan.split('<td class="n">')[1:5]]
    # 900 of 980 located; 18 of these 900 expected wrong; 675 of 980 in clusters
    assert [cell.replace("\u00a0", " ") for cell in cells] == ["980", "91.8 %", "2.0 %", "68.9 %"]


def test_check_without_pages_is_refused_in_a_sentence(tmp_path: Path) -> None:
    from foundation.errors import MissingData

    home = Home(tmp_path)
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    with pytest.raises(MissingData, match="pages"):
        stage.check_site(home, settings, EDITION)


def test_navigation_names_the_pages_that_are_built(published: tuple[Home, Settings], opened: Release) -> None:
    downloads = published[0].site(EDITION) / site_pages.DOWNLOADS
    built = [page for build in site_pages.PAGES if (page := build(opened, downloads)) is not None]
    assert [(page.file, page.name) for page in built] == site_pages.navigation(opened)


def test_briefs_are_a_stage_of_their_own_that_the_site_takes_as_they_are(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    first = stage.write_briefs(home, settings, EDITION)
    assert first.counts["pages"] == 4
    assert first.counts["written"] == 4 * 2 + 2
    assert not home.site(EDITION).exists()
    stage.site(home, settings, EDITION)
    brief = home.site(EDITION) / "briefs" / "JP-1000.html"
    assert str(brief) == first.counts["index"]
    assert stage.write_briefs(home, settings, EDITION).counts["written"] == 0
    whole = brief.read_bytes()
    brief.write_bytes(b"damaged")
    assert stage.site(home, settings, EDITION).counts["written"] == 1
    assert brief.read_bytes() == whole


def test_parts_of_documents_are_drawn_on_the_scale_of_the_documents() -> None:
    steps = [("read", "records", 400), ("documents", "documents", 200), ("in clusters", "fractions", 150)]
    rows = [
        {"scope": "window", "kind": "pct", "position": place, "step": step, "unit": unit, "amount": Decimal(amount)}
        for place, (step, unit, amount) in enumerate(steps)
    ]  # fmt: skip
    bars = [str(step["bar"]) for step in quality.reconciliations(rows)[0]["steps"]]
    assert [re.search(r'<rect class="pct" width="([0-9.]+)"', bar)[1] for bar in bars] == [
        "150.0",
        "150.0",
        "112.5",
    ]  # type: ignore[index]


def test_a_count_below_a_half_is_read_back_as_it_is_printed(site: Site) -> None:
    pages = site(World([Made("Tokyo", ["JP"], 35, 139, 90, 9), Made("Nagoya", ["JP"], 35, 137, 0.2, 9)]))
    assert '<td class="pct-count n wide" data-v="0.2">&lt;1</td>' in pages["index.html"]


def test_the_data_page_tells_the_size_of_every_file(
    published: tuple[Home, Settings], pages: dict[str, str]
) -> None:
    folder = published[0].site(EDITION)
    for name in ("stclusters.html", "map.png", "map.svg"):
        told = printing.size((folder / name).stat().st_size)
        assert re.search(rf'href="{name}">.*>{told}</td>', pages["data.html"]), name
