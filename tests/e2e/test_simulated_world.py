"""A small simulated world, from raw files to pages; its truth is compared only here."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from foundation.home import Home
from foundation.parquet import read_table

SCALE = 0.002
EDITIONS = {
    "defaults": {
        "eps_km": 15,
        "merge_within_km": 5,
        "min_samples": 9,  # 4500 · SCALE
        "simulated": True,
        "world": {"seed": 7, "scale": SCALE},
    },
    "editions": {
        "small": {"pct_years": [2021, 2022], "sci_years": [2021, 2022], "previous_edition": "small-before"},
        "small-before": {"pct_years": [2020, 2021], "sci_years": [2020, 2021]},
    },
}


@pytest.fixture(scope="module")
def world(stclusters: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Any, Path]:
    folder = tmp_path_factory.mktemp("world")
    editions = folder / "editions.yaml"
    editions.write_text(yaml.safe_dump(EDITIONS), encoding="utf-8")
    done = stclusters("run", "--home", folder / "home", "--edition", "small", "--editions", editions)
    return Home(folder / "home"), done, editions


def rows(home: Home, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_table(home.table("small", table)).to_pylist()
    return found


def test_a_run_ends_with_what_people_want_to_know(world: tuple[Home, Any, Path]) -> None:
    home, done, _ = world
    for words in (
        "SIMULATED",
        "Reconciliation, window, PCT applications",
        "First 10 of",
        "Seconds per stage:",
    ):
        assert words in done.stdout
    assert str(home.site("small") / "index.html") in done.stdout
    assert "Traceback" not in done.stderr


def test_the_first_clusters_are_the_worlds_own(world: tuple[Home, Any, Path]) -> None:
    home, _, _ = world
    truth = pq.read_table(home.truth("small") / "clusters.parquet").to_pylist()
    expected = {
        row["cluster"].split("–")[0].split(",")[0]
        for row in truth
        if row["rank"] is not None and row["rank"] <= 5
    }
    found = {row["cities"][0].split(",")[0] for row in rows(home, "clusters") if row["cluster_no"] <= 10}
    assert len(expected & found) >= 4, (expected, found)


def test_ranks_are_compared_with_the_year_before(world: tuple[Home, Any, Path]) -> None:
    home, _, _ = world
    ranking = rows(home, "ranking")
    compared = [row for row in ranking if row["previous_rank"] is not None]
    assert len(compared) > len(ranking) / 2
    assert all(row["rank_change"] == row["previous_rank"] - row["rank"] for row in compared)


def test_every_page_and_file_says_that_it_is_simulated(world: tuple[Home, Any, Path]) -> None:
    home, _, _ = world
    site = home.site("small")
    pages = sorted(site.glob("*.html"))
    assert len(pages) >= 5
    for page in pages:
        assert "SIMULATED" in page.read_text(encoding="utf-8").upper(), page.name
    for file in sorted(site.rglob("*.csv")):
        assert "SIMULATED" in file.open(encoding="utf-8").readline(), file.name
    for file in [
        *sorted(site.rglob("*.parquet")),
        *sorted(home.release("small").resolve().glob("*.parquet")),
    ]:
        assert (pq.read_schema(file).metadata or {}).get(b"simulated") == b"true", file.name
    for file in sorted(site.rglob("*.geojson")):
        assert json.loads(file.read_text(encoding="utf-8"))["simulated"] is True


def test_no_stage_reads_the_truth(world: tuple[Home, Any, Path], stclusters: Any) -> None:
    home, done, editions = world
    import shutil

    shutil.rmtree(home.warehouse("small"))
    moved = home.truth("small").rename(home.root.parent / "truth")
    try:
        from foundation.settings import load
        from orchestration.run import run_edition

        run_edition(home, load(editions), "small", lambda _: None)
    finally:
        moved.rename(home.truth("small"))
    assert next(row["name"] for row in rows(home, "ranking")) in done.stdout


def test_real_files_are_refused_in_a_simulated_home(
    world: tuple[Home, Any, Path], stclusters: Any, tmp_path: Path
) -> None:
    home, _, editions = world
    raw = yaml.safe_load(editions.read_text(encoding="utf-8"))
    raw["editions"]["own"] = {"pct_years": [2021], "sci_years": [2021], "simulated": False}
    mixed = tmp_path / "editions.yaml"
    mixed.write_text(yaml.safe_dump(raw), encoding="utf-8")
    done = stclusters(
        "run", "--home", home.root, "--edition", "own", "--editions", mixed, "--pct", tmp_path, code=2
    )
    assert "holds simulated deliveries; real ones may not join them" in done.stderr
    again = stclusters(
        "run", "--home", home.root, "--edition", "small", "--editions", mixed, "--pct", tmp_path, code=2
    )
    assert "takes no --pct or --sci" in again.stderr
