"""The 34 complete rows that WIPO printed for 2023, through the models that rank."""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pandas as pd
import pytest

from foundation.home import Home
from tests.reference.model_runner import ModelRunner
from tests.reference.small_world import World

REFERENCE = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "reference"

pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the published tables lie beside the checkout, not in it"
)


def rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def printed(value: float) -> str:
    return str(Decimal(repr(value)).quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.fixture(scope="module")
def published() -> list[dict[str, str]]:
    return [row for row in rows("gii_2023_top100.csv") if row["complete"] == "yes"]


@pytest.fixture(scope="module")
def runner(published: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> ModelRunner:
    world = World(Home(tmp_path_factory.mktemp("published")), {}, [])
    world.settings(pct_years=[2022], sci_years=[2021], previous_edition="before")
    made = ModelRunner(world.home, "small")
    totals = {row["quantity"]: int(row["use_in_tests"]) for row in rows("gii_2023_world_totals.csv")}
    made.give(
        "world_totals",
        pd.DataFrame({"kind": ["pct", "sci"], "total": [totals["pct_world"], totals["sci_world"]]}),
    )
    # numbered backwards, so that the order is the models' work
    counts = [
        (len(published) - place, kind, 2022, int(row[column]))
        for place, row in enumerate(published)
        for kind, column in (("pct", "pct_applications"), ("sci", "scientific_publications"))
    ]
    made.give(
        "cluster_counts", pd.DataFrame(counts, columns=["cluster_no", "kind", "publication_year", "count"])
    )
    past = [(int(row["previous_rank"]), int(row["previous_rank"]), 1.0) for row in published]
    made.give("stg_previous_clusters", pd.DataFrame(past, columns=["cluster_no", "rank", "total"]))
    origins = pd.DataFrame(
        {
            "cluster_no": [len(published) - place for place in range(len(published))],
            "previous_cluster_no": [int(row["previous_rank"]) for row in published],
        }
    )
    made.give("stg_predecessors", origins.assign(was_ranked=True, ranked_before=True))
    described = pd.DataFrame(
        {
            "cluster_no": [len(published) - i for i in range(len(published))],
            "name": [row["cluster"] for row in published],
        }
    )
    for column in ("cluster_id", "economy_label", "population_source"):
        described[column] = ""
    for column in ("latitude", "longitude", "points", "listings", "area_km2"):
        described[column] = 1
    described["economies"] = [[] for _ in published]
    described["population"], described["population_approximate"] = 1_000_000, False
    made.give("stg_clusters", described)
    growth = pd.DataFrame({"cluster_no": described.cluster_no, "growth": 0.0, "growth_why": ""})
    made.give("int_cluster_growth", growth)
    return made


def test_every_printed_figure_comes_out(published: list[dict[str, str]], runner: ModelRunner) -> None:
    found = runner.table("ranking")
    assert len(published) == 34
    assert found.name.tolist() == [row["cluster"] for row in published]
    for (_, ours), row in zip(found.iterrows(), published, strict=True):
        assert ours["rank"] == int(row["rank"])
        assert ours["rank_change"] == int(row["rank_change"]), row["cluster"]
        assert printed(ours.pct_share) == row["pct_share_printed"], row["cluster"]
        assert printed(ours.sci_share) == row["sci_share_printed"], row["cluster"]
        assert printed(ours.total) == row["total_printed"], row["cluster"]
