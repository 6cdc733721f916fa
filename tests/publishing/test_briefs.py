"""Briefs: a page per cluster whose figures are the marts', whose sentences claim no more than is printed."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from foundation.home import Home, project_root
from foundation.settings import Settings
from publishing import stage
from publishing.briefs import wording
from publishing.briefs.build import build
from publishing.briefs.gather import Gathered
from publishing.briefs.place import HEIGHT, WIDTH, Places
from publishing.drawing import dot
from publishing.printing import lowered, ordinal, signed
from publishing.reading import Release
from publishing.site.render import html
from tests.publishing import editions
from tests.publishing.editions import EDITION, Made, World, usual, write_edition
from tests.publishing.test_site import read


@pytest.fixture(scope="module")
def folder(published: tuple[Home, Settings]) -> Path:
    return published[0].site(EDITION) / "briefs"


@pytest.fixture
def briefs(tmp_path: Path) -> Callable[[World], dict[str, str]]:
    def make(world: World) -> dict[str, str]:
        home = Home(tmp_path / "home")
        settings = write_edition(home, world)
        stage.release(home, settings, EDITION)
        stage.site(home, settings, EDITION)
        return {page.name: page.read_text("utf-8") for page in (home.site(EDITION) / "briefs").glob("*.html")}

    return make


def test_every_cluster_has_a_brief_and_the_ranking_links_to_it(folder: Path, opened: Release) -> None:
    assert {f"briefs/{page.name}" for page in folder.glob("*.html")} == {
        opened.brief_file(row) for row in opened.ranking
    }
    index = (folder.parent / "index.html").read_text("utf-8")
    assert all(f'href="{opened.brief_file(row)}"' in index for row in opened.ranking)


def test_a_brief_nests_has_one_heading_and_all_its_links_lead_to_files(folder: Path) -> None:
    for page in folder.glob("*.html"):
        reader = read(page.read_text("utf-8"))
        assert reader.faults == []
        assert reader.open == []
        assert [tag for tag, _ in reader.tags].count("h1") == 1
        for tag, attrs in reader.tags:
            assert "style" not in attrs
            target = attrs.get("href") or attrs.get("src")
            if target and not target.startswith(("https://", "#")):
                assert (folder / target.split("#")[0]).resolve().is_file(), (tag, target)


def test_a_brief_prints_the_marts_figures(folder: Path) -> None:
    page = (folder / "US-1001.html").read_text("utf-8")
    for said in ("San Jose–San Francisco, CA", ">60<small>6.0", ">30<small>1.5", ">7.5<small>rank 2 of 4", "1.0\u00a0million", "up two places"):  # fmt: skip
        assert said in page, said


def test_a_brief_prints_the_command_that_takes_its_count_apart(folder: Path) -> None:
    page = (folder / "US-1001.html").read_text("utf-8")
    assert f"<code>stclusters explain --cluster US-1001 --figure pct_count --edition {EDITION}</code>" in page


def test_the_csv_of_a_brief_holds_its_figures_unrounded_and_says_simulated(
    folder: Path, opened: Release
) -> None:
    text = (folder / "JP-1000.csv").read_text("utf-8")
    assert text.startswith("# SIMULATED")
    rows = list(csv.DictReader(io.StringIO(text.split("\n", 1)[1])))
    facts = {row["item"]: row["value"] for row in rows if row["section"] == "facts"}
    assert float(facts["pct_share"]) == opened.ranking[0]["pct_share"]
    assert facts["growth"] == ""


def test_standing_counts_what_there_is(opened: Release, released: Callable[[World], Release]) -> None:
    assert wording.standing(opened, opened.ranking[0]) == (
        "Tokyo–Yokohama ranks 1st of four clusters by size and 1st in proportion to population."
    )
    alone = released(World(usual().clusters[:1]))
    assert wording.standing(alone, alone.ranking[0]) == "Tokyo–Yokohama is the only cluster of this edition."


class _Given(Gathered):
    """Fields and applicants by hand."""

    def __init__(self, release: Release, fields: list[tuple[str, float | None]], shares: list[float]) -> None:
        super().__init__(release)
        self._given = [
            {"field": name, "field_nr": place, "share": 10.0, "rta": rta}
            for place, (name, rta) in enumerate(fields)
        ]
        self._shares = [
            {"name": f"Company {place}", "share": value, "name_key": str(place)}
            for place, value in enumerate(shares)
        ]

    def fields(self, number: int) -> list[dict[str, object]]:
        return list(self._given)

    def applicants(self, number: int) -> list[dict[str, object]]:
        return list(self._shares)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([("Optics", 5.31), ("Control", 4.7)], "Optics and control stand out: their shares are 5.3 and 4.7 times those of the world."),
        ([("IT methods", 1.5)], "IT methods stands out: its share is 1.5 times that of the world."),
        ([("Optics", 1.449)], "None of its large technology fields stands out against the world."),
        ([("Optics", None)], ""),
    ],
)  # fmt: skip
def test_strengths_name_only_what_is_printed_as_strong(
    opened: Release, fields: list[tuple[str, float | None]], said: str
) -> None:
    assert wording.strengths(_Given(opened, fields, []), opened.ranking[0]) == said


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ([49.94, 1.0], "Its first applicant, Company 0, accounts for 49.9\u00a0% of its applications."),
        ([49.95, 1.0], "One applicant, Company 0, accounts for half of its applications, 50.0\u00a0%."),
        ([51.3], "One applicant, Company 0, accounts for more than half of its applications, 51.3\u00a0%."),
        ([6.02, 5.98], ""),
        ([], ""),
    ],
)
def test_half_is_said_only_from_fifty_printed_and_no_first_among_equals(
    opened: Release, shares: list[float], said: str
) -> None:
    assert wording.concentration(_Given(opened, [], shares), opened.ranking[0]) == said


def test_equal_strengths_are_not_listed_one_by_one() -> None:
    fields = [{"field_nr": nr, "field": name, "rta": 1.8} for nr, name in ((1, "Optics"), (2, "Control"))]
    said = wording.strengths(SimpleNamespace(fields=lambda _: fields), {"cluster_no": 1})  # type: ignore[arg-type]
    assert said == "Optics and control stand out: the share of each is 1.8 times that of the world."


def test_ordinals_signs_and_small_letters() -> None:
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 111, 1002)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "111th", "1,002nd",
    ]  # fmt: skip
    assert [signed(value) for value in (3.14, -0.84, -0.04)] == ["+3.1", "−0.8", "0.0"]
    assert [lowered(name) for name in ("Optics", "IT methods", "")] == ["optics", "IT methods", ""]


def test_peers_are_those_with_a_similar_mix_and_small_clusters_have_none(
    released: Callable[[World], Release], monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = {1: (80.0, 20.0), 2: (75.0, 25.0), 3: (10.0, 90.0), 4: (50.0, 50.0)}
    rows = editions.tables

    def with_fields(world: World, settings: Settings) -> dict[str, list[dict[str, object]]]:
        made = rows(world, settings)
        made["cluster_fields"] = [
            {**row, "field_nr": field, "field": f"Field {field}", "count": 5.0 if row["cluster_no"] == 4 else 200.0,
             "share": shares[row["cluster_no"]][field - 1], "rta": None}
            for row in made["cluster_fields"] for field in (1, 2)
        ]  # fmt: skip
        return made

    monkeypatch.setattr(editions, "tables", with_fields)
    gathered = Gathered(released(usual()))
    assert [peer.row["cluster_no"] for peer in gathered.peers(1)] == [2, 3]
    assert gathered.peers(1)[0].field == "Field 1"
    assert gathered.peers(4) == []


def test_the_small_map_holds_its_points_and_stays_inside(opened: Release) -> None:
    drawn = Places(opened, None).around(opened.ranking[0])
    assert drawn.outline.startswith("M")
    spots = [tuple(map(int, part[:-2].split(" "))) for part in drawn.points["mine"].split("M")[1:]]
    assert len(spots) == 3
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in spots)
    assert drawn.labels[0].text == "Tokyo"
    assert 0 < drawn.scale_width <= WIDTH / 4


def test_a_cluster_on_the_antimeridian_keeps_its_points_together(
    released: Callable[[World], Release],
) -> None:
    release = released(World([Made("Suva", ["JP"], -17.8, 179.98, 9, 9)]))
    drawn = Places(release, None).around(release.ranking[0])
    assert drawn.points["mine"].count("M") == 3


def test_hostile_and_long_names_are_text_in_briefs(briefs: Callable[[World], dict[str, str]]) -> None:
    pages = briefs(
        World(
            [
                Made('<script>alert("x")</script>', ["JP"], 35, 139, 9, 9),
                Made("القاهرة" * 20, ["US"], 30, 31, 8, 8),
            ]
        )
    )
    assert len(pages) == 2
    for page in pages.values():
        assert "<script" not in page
        assert read(page).faults == []


def test_a_missing_advantage_is_explained_without_a_settings_name() -> None:
    release = SimpleNamespace(edition={"rta_min_cluster": 100.0, "rta_min_expected": 5.0})
    assert wording.no_advantage(release, "cluster below rta_min_cluster") == (
        "fewer than 100 applications with a known field"
    )
    assert "fewer than 5 applications" in wording.no_advantage(
        release, "expected count below rta_min_expected"
    )
    # every reason that the mart can give is said without an underscore
    macro = (project_root() / "dbt_project" / "macros" / "rules" / "advantages.sql").read_text("utf-8")
    reasons = re.findall(r"then '([^']+)'", macro)
    assert len(reasons) == 4
    assert not [why for why in reasons if "_" in wording.no_advantage(release, why)]


def test_the_economy_of_a_brief_has_its_article() -> None:
    release = SimpleNamespace(
        economy_names={"US": "United States"}, edition={"point_precision_min": "locality"}
    )
    gathered = SimpleNamespace(release=release, located=lambda _: {"pct": 99.2})
    assert wording.coverage(gathered, {"economies": ["US"]}).startswith("In the United States 99.2")


def test_a_brief_says_that_its_population_is_approximate_and_why(
    briefs: Callable[[World], dict[str, str]],
) -> None:
    world = World([Made("Basel", ["CH"], 47.5, 7.6, 9, 9)], previous=None)
    assert "Population is approximate: the gazetteer’s cities" in next(iter(briefs(world).values()))


def test_a_brief_without_population_previous_edition_or_science_says_so(
    briefs: Callable[[World], dict[str, str]],
) -> None:
    world = World([Made("Basel", ["CH"], 47.5, 7.6, 9, 0, population=None)], previous=None)
    world.more["indicators"] = ["pct"]
    page = next(iter(briefs(world).values()))
    for said in ("no population", "not known", "no earlier edition to compare with"):
        assert said in page
    assert "Population is approximate" not in page
    assert "Articles per year" not in page


def test_an_unknown_specialisation_is_an_empty_cell(opened: Release) -> None:
    row = opened.ranking[0]
    page = next(page for page in build(opened) if page.file == opened.brief_file(row))
    subjects = [
        {"science_field_name": name, "share": 5.0, "rta": rta, "dot": dot(rta) if rta else None}
        for name, rta in (("Physics", None), ("Chemistry", 1.2))
    ]
    values = {**page.values, "subjects": subjects, "subjects_largest": 5.0, "subject_rta": True}
    text = html(replace(page, values=values), opened, [])
    assert "Physics" in text
    assert "None" not in text
