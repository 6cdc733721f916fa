"""Copies between files and deliveries, the year's eight tables, and what makes a year new."""

from pathlib import Path

import pytest

from extracts import stage
from extracts.readiness import require_delivered, require_years
from extracts.tables import TABLES
from foundation import contracts
from foundation.errors import MissingData
from foundation.home import Home
from foundation.settings import Edition
from tests.extracts.tagged import export, record
from tests.extracts.test_patstat import ONE
from tests.extracts.world import folder, lake, patstat, settings, snapshot

RULES = settings(address_share_min=0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def deliver(home: Home, name: str, *records: str, **more: bytes) -> str:
    raw = folder(home.root.parent / "raw" / name, a__txt=export(*records), **more)
    key = stage.register_delivery(home, "sci", raw, name)
    stage.read_delivery(home, RULES, key)
    return key


def test_last_delivery_by_natural_order_wins_over_all_years(home: Home) -> None:
    deliver(home, "2023-9", record("WOS:1", PY="", EA="MAR 2020"), record("WOS:2"))
    deliver(home, "2023-10", record("WOS:1", PY="2021"))
    report = stage.completeness(home, RULES)
    assert report.counts == {"duplicates": 1, "duplicates_by_kind": {"sci": 1}}
    row = contracts.read("completeness", home.completeness()).to_pylist()[0]
    assert (row["publication_year"], row["delivery"], row["copies"], row["years"]) == (
        2021,
        "sci.2023-10",
        2,
        [2020, 2021],
    )
    for year in (2020, 2021):
        stage.merge_year(home, RULES, year)
    assert lake(home, "documents", 2020)["document_id"].to_pylist() == ["WOS:2"]
    assert lake(home, "documents", 2021)["document_id"].to_pylist() == ["WOS:1"]


@pytest.mark.parametrize("second", ["WOS:1", "WOS:2"], ids=["a copy", "no copy"])
def test_a_second_look_for_copies_leaves_the_bytes_and_the_version(home: Home, second: str) -> None:
    deliver(home, "a", record("WOS:1"))
    deliver(home, "b", record(second))
    first = stage.completeness(home, RULES)
    whole = home.completeness().read_bytes()
    assert stage.completeness(home, RULES).versions == first.versions
    assert home.completeness().read_bytes() == whole


def test_last_file_by_path_wins_inside_a_delivery_with_its_own_rows(home: Home) -> None:
    two = record("WOS:1", AF=["Roe, Jane", "Poe, Max"], C1="[Roe, Jane; Poe, Max] B, Kyoto, Japan.")
    deliver(home, "d", record("WOS:1", C1="[Roe, Jane] A, Lagos, Nigeria."), b__txt=export(two))
    stage.completeness(home, RULES)
    report = stage.merge_year(home, RULES, 2020)
    assert report.counts["replaced"] == 1
    assert lake(home, "documents", 2020)["file_id"].to_pylist() == [2]
    assert lake(home, "listings", 2020).num_rows == 2
    assert lake(home, "addresses", 2020).select(["text", "listings"]).to_pylist() == [
        {"text": "B, Kyoto, Japan", "listings": 2}
    ]


def test_merge_obeys_the_copies_even_before_they_were_written(home: Home) -> None:
    deliver(home, "a", record("WOS:1"))
    stage.completeness(home, RULES)
    deliver(home, "b", record("WOS:1"))
    assert stage.merge_year(home, RULES, 2020).rows == 1


def test_both_kinds_of_one_year_lie_in_the_same_tables(home: Home, tmp_path: Path) -> None:
    deliver(home, "d", record("WOS:1", C1="[Roe, Jane] A, Lagos, Nigeria."))
    key = stage.register_delivery(home, "pct", patstat(tmp_path / "pct", **ONE, tls209="1,H04B   1/711\n"))
    stage.read_delivery(home, RULES, key)
    stage.merge_year(home, RULES, 2020)
    assert sorted(lake(home, "documents", 2020)["kind"].to_pylist()) == ["pct", "sci"]
    assert {name: lake(home, name, 2020).num_rows for name in TABLES} == {
        "documents": 2, "listings": 3, "applicants": 0, "organisations": 1,
        "ipc": 1, "technology_fields": 1, "subjects": 0, "addresses": 2,
    }  # fmt: skip


def test_every_merged_year_has_eight_tables_that_keep_their_contracts(home: Home) -> None:
    deliver(home, "d", record("WOS:1"))
    stage.merge_year(home, RULES, 1999)
    for name in TABLES:
        assert contracts.read(name, home.lake(name, 1999)).num_rows == 0
        assert lake(home, name, 1999).schema.equals(contracts.contract(name).schema)


def test_equal_merge_writes_nothing_and_a_damaged_table_is_made_again(home: Home) -> None:
    deliver(home, "d", record("WOS:1", C1="[Roe, Jane] A, Lagos, Nigeria."))
    first = stage.merge_year(home, RULES, 2020)
    times = {path: path.stat().st_mtime_ns for path in (home.root / "lake").rglob("*")}
    assert stage.merge_year(home, RULES, 2020).versions == first.versions
    assert {path: path.stat().st_mtime_ns for path in (home.root / "lake").rglob("*")} == times
    home.lake("listings", 2020).write_bytes(b"")
    assert stage.merge_year(home, RULES, 2020).versions == first.versions
    assert lake(home, "listings", 2020).num_rows == 1


def test_bytes_do_not_depend_on_the_order_of_reading(tmp_path: Path) -> None:
    made = []
    for order in ((1, 2), (2, 1)):
        home = Home(tmp_path / f"home{order[0]}")
        for number in order:
            raw = folder(
                tmp_path / f"raw{number}",
                a__txt=export(record("WOS:1", WC=f"Optics {number}"), record(f"WOS:{number}9")),
            )
            stage.read_delivery(home, RULES, stage.register_delivery(home, "sci", raw))
        stage.completeness(home, RULES)
        stage.merge_year(home, RULES, 2020)
        made.append(snapshot(home.root / "lake"))
    assert made[0] == made[1]


def test_only_years_that_a_delivery_touches_get_a_new_version(home: Home) -> None:
    years = [2018, 2019, 2020, 2021]
    deliver(home, "a", record("WOS:1", PY="2019"), record("WOS:2", PY="2020"))
    before = stage.intake_versions(home, RULES, years)
    assert stage.intake_versions(home, RULES, years) == before
    deliver(home, "b", record("WOS:1", PY="2021"))
    after = stage.intake_versions(home, RULES, years)
    assert [year for year in years if after[year] != before[year]] == [2019, 2021]
    assert stage.read_years(home) == [2019, 2020, 2021]


def test_edition_needs_documents_of_each_of_its_years(home: Home) -> None:
    with pytest.raises(MissingData, match="2020 is not prepared"):
        require_years(home, RULES, "one")
    deliver(home, "d", record("WOS:1"))
    stage.merge_year(home, RULES, 2020)
    report = require_years(home, RULES, "one")
    assert report.counts["documents"] == {"pct": {"2020": 0}, "sci": {"2020": 1}}
    assert report.warnings == ("No delivery holds documents of kind pct: the edition ranks without them.",)


def test_a_year_that_no_delivery_holds_is_known_before_anything_is_prepared(home: Home) -> None:
    rules = RULES.model_copy(
        update={"editions": {"one": Edition(pct_years=[2019, 2020], sci_years=[2018, 2020])}}
    )
    with pytest.raises(
        MissingData, match="'one' needs pct documents of 2019, 2020 and sci documents of 2018, 2020"
    ):
        require_delivered(home, rules, "one")
    deliver(home, "d", record("WOS:1", PY="2020"))
    with pytest.raises(
        MissingData, match="'one' needs pct documents of 2019 and sci documents of 2018, and no"
    ):
        require_delivered(home, rules, "one")
    deliver(home, "e", record("WOS:2", PY="2018"), record("WOS:3", PY="2019"))
    require_delivered(home, rules, "one")


def test_year_without_documents_of_a_delivered_kind_is_missing_data(home: Home) -> None:
    deliver(home, "d", record("WOS:1", PY="2019"))
    stage.merge_year(home, RULES, 2020)
    with pytest.raises(MissingData, match="uses sci documents of 2020"):
        require_years(home, RULES, "one")


def test_half_written_year_is_named_and_its_table_moved_away(home: Home) -> None:
    deliver(home, "d", record("WOS:1"))
    stage.merge_year(home, RULES, 2020)
    home.lake("subjects", 2020).write_bytes(b"PAR1")
    with pytest.raises(MissingData, match="half-written or damaged"):
        require_years(home, RULES, "one")
    assert home.quarantined("subjects", 2020).is_file()
    stage.merge_year(home, RULES, 2020)
    require_years(home, RULES, "one")


def test_a_table_of_which_one_bit_flipped_is_named_and_made_again(home: Home) -> None:
    deliver(home, "d", record("WOS:1"))
    stage.merge_year(home, RULES, 2020)
    file = home.lake("documents", 2020)
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    with pytest.raises(MissingData, match=r"damaged: documents unlike the manifest.*Run the year again"):
        require_years(home, RULES, "one")
    stage.merge_year(home, RULES, 2020)
    assert file.read_bytes() == whole
    require_years(home, RULES, "one")
