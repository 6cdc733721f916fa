"""Is a publication year complete? Documents against the median of the years around it."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from extracts import stage
from extracts.coverage import sentences, year_coverage
from extracts.coverage_picture import picture
from foundation import contracts
from foundation.home import Home
from tests.extracts.tagged import export, record
from tests.extracts.world import folder, settings

RULES = settings(address_share_min=0)
#: articles per year: the median around 2021 is that of 40, 44, 46 and 42
PER_YEAR = {2018: 40, 2019: 40, 2020: 44, 2021: 15, 2022: 46, 2023: 42}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("coverage")
    made = Home(root / "home")
    records = []
    for year, number in PER_YEAR.items():
        for n in range(number):
            where = "Acme, Lyon, France" if n % 4 else ""
            records.append(
                record(f"WOS:{year}{n:04}", PY=str(year), C1=f"[Roe, Jane] {where}." if where else "")
            )
    raw = folder(root / "raw", a__txt=export(*records))
    stage.read_delivery(made, RULES, stage.register_delivery(made, "sci", raw, "all"))
    stage.completeness(made, RULES)
    for year in PER_YEAR:
        stage.merge_year(made, RULES, year)
    return made


def of(home: Home, year: int, economy: str = "") -> dict[str, object]:
    rows = year_coverage(home, sorted(PER_YEAR)).to_pylist()
    (row,) = [r for r in rows if (r["publication_year"], r["economy"]) == (year, economy)]
    return row


def test_a_year_is_compared_with_two_years_on_either_side(home: Home) -> None:
    row = of(home, 2021)
    assert (row["documents"], row["neighbours"]) == (15, 43.0)
    assert row["ratio"] == pytest.approx(15 / 43)
    assert row["judgement"] == "low"
    assert of(home, 2022)["judgement"] == "usual"


def test_a_year_at_the_edge_has_the_neighbours_that_there_are(home: Home) -> None:
    assert of(home, 2018)["neighbours"] == 42.0  # of 40 and 44


def test_economies_have_rows_of_their_own(home: Home) -> None:
    assert of(home, 2022, "FR")["documents"] == 34  # 46 less every fourth, from the first
    assert of(home, 2021, "FR")["judgement"] == "low"


def test_the_share_with_addresses_is_of_listings(home: Home) -> None:
    assert of(home, 2018)["address_share"] == pytest.approx(0.75)


def test_what_is_unusual_is_said_once_per_year(home: Home) -> None:
    (said,) = sentences(year_coverage(home, sorted(PER_YEAR)))
    assert said == (
        "2021 has 15 articles, 34.9 % of the median of the years around it (43): "
        "a delivery may be missing or cut off."
    )


def test_years_that_are_not_prepared_are_no_rows(home: Home, tmp_path: Path) -> None:
    assert year_coverage(Home(tmp_path), [2020]).num_rows == 0
    assert year_coverage(home, [1999]).num_rows == 0


def test_a_lonely_year_says_so(home: Home) -> None:
    rows = year_coverage(home, [2020]).to_pylist()
    assert {row["judgement"] for row in rows} == {"alone"}
    assert {row["ratio"] for row in rows} == {None}


def test_the_stage_writes_the_contract_and_the_picture_opens(home: Home) -> None:
    report = stage.year_coverage(home, RULES)
    assert report.warnings == tuple(sentences(contracts.read("year_coverage", home.year_coverage())))
    opened = Image.open(BytesIO(picture(contracts.read("year_coverage", home.year_coverage()))))
    assert opened.size[0] > 6 * 74
