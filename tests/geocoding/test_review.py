"""An edition's addresses for people's eyes: the least sure to decide, a sample to check."""

import csv

import pyarrow as pa
import pytest
from click.testing import CliRunner

from foundation import contracts
from foundation.errors import BadInput, MissingData
from foundation.home import Home
from foundation.settings import parse
from geocoding import review, stage
from stclusters.commands.geocode import command

WINDOWS = {"pct_years": [2003], "sci_years": [2004]}


def settings(decisions=None, years=WINDOWS):
    return parse({"editions": {"x": years}, "geocoding": {"decisions": decisions}}, "test")


def write_year(home, year, rows):
    schema = contracts.contract("addresses").schema
    table = pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in rows], schema)
    contracts.write("addresses", table, home.lake("addresses", year))


LEEDS = {"address_id": 1, "country": "GB", "text": "Univ Leeds, Leeds LS2 9JT, England", "listings": 40}
NOWHERE = {"address_id": 2, "country": "FR", "text": "Lab Zzyzx, Zzyzx Qwrt, France", "listings": 5}
EMPTY = {"address_id": 3, "country": "CN", "text": "", "listings": 900}
GIVEN = {
    "address_id": 4, "country": "FR", "text": "somewhere", "listings": 7, "latitude": 48.1, "longitude": 2.5,
}  # fmt: skip


@pytest.fixture
def geocoded(shared_home, geocoder):
    write_year(shared_home, 2003, [LEEDS, NOWHERE, EMPTY, GIVEN])
    write_year(shared_home, 2004, [NOWHERE | {"listings": 60}])
    for year in (2003, 2004):
        stage.geocode_year(shared_home, settings(), year)
    return shared_home


def read(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_list_starts_with_the_most_listings_in_doubt_over_all_years(geocoded, tmp_path):
    target = tmp_path / "doubtful.csv"
    assert review.review(geocoded, settings(), "x", target) == 2
    first, second = read(target)
    assert (first["address"], first["weight"], first["doubt"]) == (NOWHERE["text"], "65", "65.000")
    assert second["address"] == LEEDS["text"]


def test_a_decided_address_wins_over_everything_and_leaves_the_list(geocoded, tmp_path):
    target, decided = tmp_path / "doubtful.csv", tmp_path / "decided.csv"
    review.review(geocoded, settings(), "x", target)
    rows = read(target)
    rows[0] |= {"latitude": "44.5", "longitude": "3.5", "place": "Mende", "decided_by": "Ada", "decided_on": "2026-01-31"}  # fmt: skip
    with decided.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    chosen = settings(str(decided))
    for year in (2003, 2004):
        stage.geocode_year(geocoded, chosen, year)
    table = contracts.read("geocodes", geocoded.lake("geocodes", 2004)).to_pylist()
    assert [(row["latitude"], row["place_name"], row["method"]) for row in table] == [
        (44.5, "Mende", "decided")
    ]
    again = tmp_path / "again.csv"
    review.review(geocoded, chosen, "x", again)
    assert [row["address"] for row in read(again)] == [LEEDS["text"]]


def test_the_samples_part_located_from_unlocated_and_leave_empty_texts_out(geocoded):
    report = review.samples(geocoded, settings(), "x")
    located, unlocated = (
        read(geocoded.run_report(f"geocoding-x-{name}.csv")) for name in ("located", "unlocated")
    )
    assert {row["address"] for row in located} == {LEEDS["text"], GIVEN["text"]}
    assert [(row["address"], row["listings"], row["method"]) for row in unlocated] == [
        (NOWHERE["text"], "65", "not_found")
    ]
    assert unlocated[0]["right"] == unlocated[0]["checked_by"] == ""
    assert report.counts == {"located": 2, "unlocated": 1}


def test_the_same_edition_gives_the_same_sample_and_listings_decide_the_chance(
    shared_home, geocoder, monkeypatch
):
    monkeypatch.setattr(review, "LOCATED", 10)
    rows = [
        {
            "address_id": number, "country": "GB", "text": f"{number} Some Street, Leeds, England",
            "listings": 1_000_000 if number % 10 == 0 else 1,
        }
        for number in range(1, 101)
    ]  # fmt: skip
    chosen = settings(years={"pct_years": [2005], "sci_years": [2005]})
    path = shared_home.run_report("geocoding-x-located.csv")
    found = []
    for ordered in (rows, rows[::-1]):
        write_year(shared_home, 2005, ordered)
        stage.geocode_year(shared_home, chosen, 2005)
        review.samples(shared_home, chosen, "x")
        found.append(path.read_bytes())
    assert found[0] == found[1]
    assert {row["listings"] for row in read(path)} == {"1000000"}


def test_the_listings_that_a_sample_stands_for_are_all_and_no_address_counts_twice(
    shared_home, geocoder, monkeypatch
):
    monkeypatch.setattr(review, "LOCATED", 12)
    rows = [
        {
            "address_id": 1_000 + number, "country": "GB", "text": f"{number} Some Street, Leeds, England",
            "listings": 5_000 if number == 50 else number,
        }
        for number in range(1, 101)
    ]  # fmt: skip
    chosen = settings(years={"pct_years": [2006], "sci_years": [2006]})
    write_year(shared_home, 2006, rows)
    stage.geocode_year(shared_home, chosen, 2006)
    review.samples(shared_home, chosen, "x")
    found = read(shared_home.run_report("geocoding-x-located.csv"))
    assert len({row["address"] for row in found}) == 12
    assert [row["stands_for"] for row in found if row["listings"] == "5000"] == ["5000.0"]
    # 5,050 - 50 listings are left for 11 rows
    assert {row["stands_for"] for row in found if row["listings"] != "5000"} == {"454.5"}


def test_samples_name_regions_and_take_a_small_edition_whole(geocoded):
    stage.build_index(geocoded, settings())
    review.samples(geocoded, settings(), "x")
    located = read(geocoded.run_report("geocoding-x-located.csv"))
    assert {(row["listings"], row["stands_for"]) for row in located} == {("40", "40.0"), ("7", "7.0")}
    assert [row["region"] for row in located if row["address"] == LEEDS["text"]] == ["England"]


def test_a_home_without_geocodes_and_a_list_that_exists_are_sentences(tmp_path, geocoded):
    with pytest.raises(MissingData, match="No year of the edition 'x' is geocoded"):
        review.samples(Home(tmp_path / "empty"), settings(), "x")
    target = tmp_path / "mine.csv"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(BadInput, match="exists already"):
        review.review(geocoded, settings(), "x", target)


def test_the_command_writes_the_list_of_a_home(geocoded, tmp_path):
    file = tmp_path / "editions.yaml"
    file.write_text("editions:\n  x: {pct_years: [2003], sci_years: [2004]}\n", encoding="utf-8")
    target = tmp_path / "doubtful.csv"
    given = ["--review", target, "--edition", "x", "--home", geocoded.root, "--editions", file]
    result = CliRunner().invoke(command, [str(one) for one in given])
    assert result.exit_code == 0, result.output
    assert "2 addresses written" in result.output
    assert len(read(target)) == 2
