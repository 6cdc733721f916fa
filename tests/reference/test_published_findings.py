"""The 100 clusters that WIPO printed for 2024, and what its page says of them, through the models that count and find."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from foundation.home import Home
from tests.reference.model_runner import ModelRunner
from tests.reference.small_world import World

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "reference"
HIGH_INCOME_SHRINKING = 37

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the published tables lie beside the checkout, not in it"
)


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def said(statement: str) -> dict[str, str]:
    return {
        row["item"]: row["value"] for row in rows("gii_2024_findings.csv") if row["statement"] == statement
    }


def ranking() -> pd.DataFrame:
    """Names, ranks and economies as printed; growth, intensity and novelty where the page gives them."""
    table = pd.DataFrame(
        [(int(r["rank"]), r["cluster"], r["economies_iso2"].split("/")) for r in rows("gii_2024_top100.csv")],
        columns=["rank", "name", "economies"],
    )
    table["cluster_no"] = 101 - table["rank"]  # numbered backwards, so that the order is the models' work
    table["ranked"] = True
    table["pct_share"] = table["rank"].map({1: 10.1, 2: 9.0}).fillna(0.1)
    table["total"] = 20.0 / table["rank"]
    intensive = {name: int(value) for name, value in said("most_intensive").items()}
    table["intensity_rank"] = table.name.map(intensive).fillna(6).astype(int)
    table["intensity"] = 10.0 - table.intensity_rank
    table["is_new"] = table.name.isin(said("new_entrants"))
    table["first_time"] = table.is_new
    table["previous_rank"] = table["rank"].where(~table.is_new).astype("Int32")
    return table


def with_growth(table: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """The printed rates; of the others 37 high-income clusters shrink and none grows as fast."""
    printed = said("fastest_growing") | said("fastest_growing_middle_income_other_than_china")
    growth = table.name.map({name: float(value) for name, value in printed.items()})
    high = table.cluster_no.isin(regions[regions.income_group == "high"].cluster_no)
    shrinking = table[high].head(HIGH_INCOME_SHRINKING).index
    growth[shrinking] = -1.5
    return table.assign(growth=growth.fillna(0.5))


def field_counts(fields: pd.DataFrame) -> pd.DataFrame:
    """The seven printed fields with their printed shares, the rest spread evenly; 65 of 100 parts in the first cluster."""
    printed = {
        row["item"]: float(row["value"])
        for row in rows("gii_2024_findings.csv")
        if row["key"].startswith("field_")
    }
    known = fields[fields.field_nr > 0]
    others = (100 - sum(printed.values())) / (len(known) - len(printed))
    counts = known.field.map(printed).fillna(others)
    parts = [(100, 65.0), (1, 35.0)]  # the clusters of ranks 1 and 100
    return pd.DataFrame(
        [(cluster, nr, part * count) for cluster, part in parts for nr, count in zip(known.field_nr, counts, strict=True)],
        columns=["cluster_no", "field_nr", "count"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> ModelRunner:
    world = World(Home(tmp_path_factory.mktemp("published")), {}, [])
    world.settings(pct_years=[2023], sci_years=[2022], previous_edition="before")
    made = ModelRunner(world.home, "small")
    table = ranking()
    made.give("stg_clusters", table[["cluster_no", "name", "economies"]])
    made.give("ranking", with_growth(table, made.table("int_cluster_regions")))
    made.give("int_cluster_fields", field_counts(made.table("int_fields")))
    electrical = table.name.map(
        {name: float(value) for name, value in said("electrical_engineering_share").items()}
    )
    volume = table.name.eq("Shenzhen–Hong Kong–Guangzhou").map({True: 9e4, False: 1e3})
    profiles = {"electrical_share": electrical.fillna(30.0), "known_count": volume, "hhi_why": None}
    made.give("cluster_profiles", table[["cluster_no"]].assign(**profiles).astype({"hhi_why": "string"}))
    made.give("world_totals", pd.DataFrame({"kind": ["pct"], "documents": [100], "located": [96.0]}))
    return made


def test_clusters_of_each_economy_count_cross_border_ones_once_for_each(runner: ModelRunner) -> None:
    found = runner.table("economy_clusters").set_index("iso2").clusters_ranked
    assert len(found) == 30
    assert {code: found[code] for code in ("CN", "US", "DE", "IN", "KR")} == {
        "CN": 26,
        "US": 20,
        "DE": 8,
        "IN": 4,
        "KR": 4,
    }
    assert found.sum() == 100 + sum(len(codes) - 1 for codes in ranking().economies)


def test_63_clusters_are_of_high_income_economies(runner: ModelRunner) -> None:
    found = runner.table("regions")
    groups = found[found.scheme == "income_group"].set_index("region").clusters_ranked
    assert groups["high"] == 63
    assert groups.sum() == 100


def test_the_page_s_statements_come_out_with_its_keys_and_values(runner: ModelRunner) -> None:
    findings = runner.table("findings")
    found = {(r.statement, r.key, r.item): r for r in findings.itertuples()}
    for row in rows("gii_2024_findings.csv"):
        if row["statement"] in ("geocoding", "top_two_pct", "electrical_engineering_share"):
            continue
        ours = found.pop((row["statement"], row["key"], row["item"]))
        if row["statement"] == "leading_cluster":
            assert ours.note == row["value"]
        else:
            assert ours.value == pytest.approx(float(row["value"])), row
    assert found[
        "top_two_pct", "pct_share_combined", "Tokyo–Yokohama + Shenzhen–Hong Kong–Guangzhou"
    ].value == pytest.approx(19.1)
    assert set(findings[findings.statement == "electrical_engineering_share"].item) == set(
        said("electrical_engineering_share")
    )
    assert (
        found["electrical_engineering_share", "share", "Shenzhen–Hong Kong–Guangzhou"].note
        == "highest volume"
    )


def test_the_top_five_lie_in_one_region_and_ties_are_kept(runner: ModelRunner) -> None:
    findings = runner.table("findings")
    first = findings[findings.statement == "top_five"]
    assert first.note.unique().tolist() == ["Eastern Asia"]
    assert first.position.tolist() == [1, 2, 3, 4, 5]
    shrinking = findings[findings.statement == "shrinking_high_income"].iloc[0]
    assert (shrinking.value, shrinking.unit) == (HIGH_INCOME_SHRINKING, "of 63")
