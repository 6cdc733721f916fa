"""Ours against the ranking that WIPO printed, for editions with its windows only."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from publishing import printed
from publishing.reading import Release
from publishing.site import method
from tests.publishing.editions import ECONOMIES, Made, World

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "reference"


@pytest.fixture
def of_2024(released: Callable[[World], Release], monkeypatch: pytest.MonkeyPatch) -> Release:
    """Four clusters under the windows of the made edition, which stand for those of 2024."""
    table = printed.Table("gii_2024.csv", range(2019, 2022), range(2018, 2021), "printed")
    monkeypatch.setattr(printed, "TABLES", (table,))
    clusters = [
        Made("Shenzhen–Guangzhou", ["CN"], 22.6, 114.0, 90.0, 50.0),
        Made("Tokyo–Yokohama", ["JP"], 35.7, 139.7, 60.0, 30.0),
        Made("Cambridge", ["GB"], 52.2, 0.1, 20.0, 10.0),
        Made("Yokohama", ["JP"], 35.4, 139.6, 1.0, 1.0),
    ]
    monkeypatch.setitem(ECONOMIES, "GB", "United Kingdom")
    return released(World(clusters))


def test_clusters_belong_together_by_city_and_economy(of_2024: Release) -> None:
    table = printed.table_of(of_2024)
    assert table is not None
    found = {line.name: line for line in printed.lines(of_2024, table)}
    assert len(found) == 100
    tokyo = found["Tokyo–Yokohama"]
    assert tokyo.ours is not None
    assert (tokyo.ours["name"], tokyo.away, tokyo.others) == ("Tokyo–Yokohama", 1, 1)
    assert found["Shenzhen–Hong Kong–Guangzhou"].away == -1
    # Cambridge of Massachusetts is another city than that of England
    assert found["Boston–Cambridge, MA"].ours is None
    assert found["Cambridge"].ours is not None


def test_the_page_counts_what_agrees_and_offers_the_table(of_2024: Release) -> None:
    said = method.against_printed(of_2024)
    assert said is not None
    assert (said["number"], said["found"], said["same"], said["near"]) == (100, 3, 0, 2)
    page = method.build(of_2024, of_2024.folder)
    text = page.files[method.COMPARISON].decode()
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert rows[0]["printed_cluster"] == "Tokyo–Yokohama"
    assert [row["rank"] for row in rows[:2]] == ["2", "1"]


def test_an_edition_of_other_windows_has_no_such_table(opened: Release) -> None:
    assert printed.table_of(opened) is None
    assert method.against_printed(opened) is None
    assert method.COMPARISON not in method.build(opened, opened.folder).files


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the shared reference data are not here")
@pytest.mark.parametrize(("year", "rows"), [(2024, 100), (2023, 34)])
def test_the_printed_rankings_are_the_reference_ones(year: int, rows: int) -> None:
    with (REFERENCE / f"gii_{year}_top100.csv").open(encoding="utf-8", newline="") as handle:
        wanted = [
            (row["rank"], row["cluster"], row["economies_iso2"])
            for row in csv.DictReader(handle)
            if row.get("complete", "yes") == "yes"
        ]
    file = Path(printed.__file__).parent / "data" / f"gii_{year}.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        found = [(row["rank"], row["cluster"], row["economies"]) for row in csv.DictReader(handle)]
    assert found == wanted
    assert len(found) == rows
