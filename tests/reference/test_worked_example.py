"""METHODOLOGY 20, figure by figure, from listings to ranking."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from foundation.home import dbt_project_folder
from tests.dbt_project.dbt_calls import call_dbt
from tests.reference.small_world import EDITION, World, worked_example

CLUSTERS = {"X": 1, "Y": 2}
MARTS = sorted(file.stem for file in (dbt_project_folder() / "models" / "marts").glob("*.sql"))
WRITTEN = [
    "points",
    "point_years",
    "document_points",
    "cluster_counts",
    "world_totals",
    "cluster_ranks",
    *MARTS,
]
INHABITANTS = {1: 1_000_000, 2: 500_000}


@pytest.fixture
def example(tmp_path: Path) -> World:
    return worked_example(tmp_path)


def counts(table: pd.DataFrame) -> dict[tuple[int, str], float]:
    return {(row.cluster_no, row.kind): float(row["count"]) for _, row in table.iterrows()}


def ranks(table: pd.DataFrame) -> dict[int, tuple[float, float, float, int]]:
    return {
        row.cluster_no: (row.pct_share, row.sci_share, row.total, row["rank"]) for _, row in table.iterrows()
    }


def test_every_listing_has_the_fraction_of_the_example(example: World) -> None:
    listed = example.runner().table("int_listings_weighted")
    names = {document.number: document.name for document in example.documents}
    found = {(names[row.document_no], row.listing_no): float(row.fraction) for _, row in listed.iterrows()}
    expected = {("D1", i): Fraction(1, 4) for i in (1, 2, 3, 4)}
    expected |= {(name, i): Fraction(1, 3) for name in ("D2", "D3", "D4") for i in (1, 2, 3)}
    assert found == pytest.approx({key: float(value) for key, value in expected.items()}, abs=1e-14)


def test_split_by_person_gives_an_author_with_two_addresses_one_share(example: World) -> None:
    listed = example.runner(fraction_split="person").table("int_listings_weighted")
    names = {document.number: document.name for document in example.documents}
    found = {(names[row.document_no], row.listing_no): row.fraction for _, row in listed.iterrows()}
    assert [float(found["D3", i]) for i in (1, 2, 3)] == [0.25, 0.25, 0.5]
    assert [float(found["D4", i]) for i in (1, 2, 3)] == [0.5, 0.25, 0.25]


def test_points_weigh_their_listings_but_for_the_second_shared_address(example: World) -> None:
    points = example.runner().table("points").set_index("country")
    assert (points.pct_listings + points.sci_listings).to_dict() == {"AA": 5, "BB": 4, "CC": 2}
    assert points.weight.to_dict() == {"AA": 5, "BB": 4, "CC": 1}


def test_counts_of_the_table(example: World) -> None:
    found = counts(example.runner(CLUSTERS).table("cluster_counts"))
    expected = {
        (1, "pct"): 1 / 2, (2, "pct"): 7 / 12, (-1, "pct"): 1 / 3, (-2, "pct"): 7 / 12,
        (1, "sci"): 1.0, (2, "sci"): 2 / 3, (-1, "sci"): 1 / 3,
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-14)


def test_shares_totals_and_ranks_of_the_table(example: World) -> None:
    found = ranks(example.runner(CLUSTERS).table("cluster_ranks"))
    assert found[1] == pytest.approx((25, 50, 75, 1))
    assert found[2] == pytest.approx((29 + 1 / 6, 33 + 1 / 3, 62.5, 2))


def test_located_world_totals(example: World) -> None:
    runner = example.runner(CLUSTERS, world_total="located")
    world = runner.table("world_totals").set_index("kind")
    assert float(world.total["pct"]) == pytest.approx(17 / 12)
    assert float(world.total["sci"]) == 2
    found = ranks(runner.table("cluster_ranks"))
    assert found[1][:3] == pytest.approx((600 / 17, 50, 600 / 17 + 50))
    assert found[2][:3] == pytest.approx((700 / 17, 100 / 3, 700 / 17 + 100 / 3))


def test_split_by_person_in_the_ranking(example: World) -> None:
    runner = example.runner(CLUSTERS, fraction_split="person")
    found = counts(runner.table("cluster_counts"))
    assert (found[1, "sci"], found[2, "sci"], found[-1, "sci"]) == pytest.approx((1, 0.75, 0.25))
    totals = ranks(runner.table("cluster_ranks"))
    assert totals[1][2] == pytest.approx(75)
    assert totals[2][2] == pytest.approx(29 + 1 / 6 + 37.5)


def test_full_counting_ties_both_clusters_and_shows_the_greater_pct_share_first(example: World) -> None:
    ranking = example.runner(CLUSTERS, counting="full").table("ranking")
    assert ranking.total.tolist() == [150, 150]
    assert ranking["rank"].tolist() == [1, 1]
    assert ranking.name.tolist() == ["Y", "X"]


def test_given_world_totals(example: World) -> None:
    found = ranks(
        example.runner(CLUSTERS, world_total="given", world_totals={"pct": 4, "sci": 8}).table(
            "cluster_ranks"
        )
    )
    assert found[1] == pytest.approx((12.5, 12.5, 25, 1))


def test_previous_ranks_and_intensity(example: World) -> None:
    runner = example.runner(CLUSTERS, INHABITANTS, previous_edition="before")
    before = {"settings_hash": "", "pct_count": 1, "sci_count": 1, "pct_total": 2.0, "sci_total": 2.0}
    example.remember(
        [
            {"cluster_no": 8, "cluster_id": "AA-8", "name": "X", "rank": 2, "total": 60.0, **before},
            {"cluster_no": 9, "cluster_id": "BB-9", "name": "Y", "rank": 1, "total": 70.0, **before},
        ],
        [
            {
                "cluster_no": 1,
                "previous_cluster_no": 8,
                "kind": "continued",
                "shared_listings": 4,
                "is_predecessor": True,
            },
            {
                "cluster_no": 2,
                "previous_cluster_no": 9,
                "kind": "continued",
                "shared_listings": 3,
                "is_predecessor": True,
            },
        ],
    )
    ranking = runner.table("ranking").set_index("name")
    assert ranking.previous_rank.to_dict() == {"X": 2, "Y": 1}
    assert ranking.rank_change.to_dict() == {"X": 1, "Y": -1}
    assert ranking.intensity.to_dict() == pytest.approx({"X": 75, "Y": 125})
    assert ranking.intensity_rank.to_dict() == {"X": 2, "Y": 1}


def test_fields_of_the_example(example: World) -> None:
    table = example.runner(CLUSTERS, rta_min_cluster=0, rta_min_expected=0).table("cluster_fields")
    found = table[table["count"] > 0].set_index(["cluster_no", "field_nr"])
    expected = {(1, 4): 1 / 4, (1, 6): 1 / 4, (2, 4): 1 / 8, (2, 6): 1 / 8, (2, 13): 1 / 3}
    assert found["count"].to_dict() == pytest.approx(expected)
    assert found.world_count[[(1, 4), (1, 6), (2, 13)]].tolist() == pytest.approx([0.5, 0.5, 1])
    assert found.rta[2, 13] == pytest.approx((1 / 3) / (7 / 12) / (1 / 2))
    hhi = ((found.share[2] / 100) ** 2).sum()
    assert round(hhi, 3) == 0.418
    electrical = found[found.sector == "Electrical engineering"].share
    assert electrical.groupby("cluster_no").sum()[2] == pytest.approx(300 / 7)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The example built by dbt itself."""
    example = worked_example(tmp_path_factory.mktemp("example"))
    runner = example.runner(CLUSTERS, INHABITANTS)
    assert len(runner.table("ranking")) == 2
    called = call_dbt(example.home, EDITION, "build", "--exclude-resource-type", "unit_test")
    assert called.returncode == 0, called.output
    warehouse = example.home.warehouse(EDITION)
    return example, warehouse


@pytest.mark.parametrize("table", WRITTEN)
def test_dbt_writes_what_the_models_say(built: tuple[World, Path], table: str) -> None:
    example, warehouse = built
    runner = example.runner(CLUSTERS, INHABITANTS)
    expected = runner.table(table)
    file = "economies" if table == "economy_clusters" else table
    found = duckdb.sql(f"select * from read_parquet('{warehouse / file}.parquet')").df()
    assert found.dtypes.to_dict() == expected.dtypes.to_dict()
    pd.testing.assert_frame_equal(found, expected)
