"""A small simulated world, from raw files to pages; its truth is compared only here."""

import csv
import io
import itertools
import json
import re
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml

from foundation.home import Home, project_root
from foundation.parquet import read_table
from foundation.settings import load
from orchestration.definitions import build_definitions
from orchestration.freshness import worth_asking
from orchestration.instance import open_instance
from orchestration.schedules import schedules
from publishing.briefs import pdf
from publishing.reading import Release
from tests.e2e.published_text import said
from tests.e2e.raw_files import unpacked

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
def world(stclusters: Any, new_home: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Any, Path]:
    folder = tmp_path_factory.mktemp("world")
    editions = folder / "editions.yaml"
    editions.write_text(yaml.safe_dump(EDITIONS), encoding="utf-8")
    home = new_home(folder / "home")
    done = stclusters("run", "--home", home.root, "--edition", "small", "--editions", editions)
    return home, done, editions


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
        if row["rank_2024"] is not None and row["rank_2024"] <= 5
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
        assert json.loads(file.read_text(encoding="utf-8"))["description"].startswith("SIMULATED")


def test_no_inventors_or_authors_name_is_in_any_file_whatever_its_format(
    world: tuple[Home, Any, Path], tmp_path: Path
) -> None:
    home, _, _ = world
    names = set()
    for file in sorted(home.root.glob("raw/pct/*/tls206*")):
        table = csv.DictReader(io.StringIO(unpacked(file).decode("utf-8")))
        names |= {row["person_name"] for row in table if row["psn_sector"] in ("INDIVIDUAL", "")}
    for file in sorted(home.root.glob("raw/sci/*/*.zst")):
        text = unpacked(file).decode("utf-8-sig")
        names |= set(re.findall(r"^(?:AF| {2}) (\w+, \w+ \w\.)\r?$", text, re.MULTILINE))
    two_words = re.compile(r"(?=\b(\w{4,}, \w{3,}))")
    wanted = {found[1] for name in names for found in [two_words.match(name.lower())] if found}
    assert len(wanted) > 1_000
    printed = tmp_path / "printed"
    printed.mkdir()
    for name, content in itertools.islice(pdf.build(Release(home.release("small").resolve())), 3):
        (printed / Path(name).name).write_bytes(content)
    formats = set()
    for file, text in itertools.chain(said(home.site("small").resolve()), said(printed)):
        formats.add(Path(file).suffix)
        assert wanted & set(two_words.findall(text.lower())) == set(), file
    assert {
        ".html",
        ".csv",
        ".parquet",
        ".geoparquet",
        ".xlsx",
        ".gpkg",
        ".duckdb",
        ".pdf",
        ".json",
        ".js",
        ".svg",
    } <= formats


def test_no_stage_reads_the_truth() -> None:
    rooms = ("extracts", "geocoding", "clustering", "publishing", "orchestration", "dbt_project")
    for room in rooms:
        for file in sorted((project_root() / room).rglob("*.*")):
            if file.suffix in (".py", ".sql", ".yml") and "target" not in file.parts:
                assert not re.search(r"\.truth\(|/truth/", file.read_text(encoding="utf-8")), file


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


def test_a_count_leads_to_the_line_of_a_raw_file_that_holds_its_document(
    world: tuple[Home, Any, Path], stclusters: Any, tmp_path: Path
) -> None:
    """Every listing of the first cluster's counts, and each document at the position that is told."""
    home, _, editions = world
    first, place = (
        rows(home, "ranking")[0],
        ("--edition", "small", "--home", home.root, "--editions", editions),
    )
    for figure in ("pct_count", "sci_count"):
        out = tmp_path / f"{figure}.csv"
        stclusters("explain", "--cluster", first["name"], "--figure", figure, "--output", out, *place)
        text = out.read_text("utf-8")
        assert text.startswith("# SIMULATED")
        parts = list(csv.DictReader(io.StringIO(text.split("\n", 1)[1])))
        assert float(sum(Decimal(part["fraction"]) for part in parts)) == first[figure]
        for part in parts[:: max(1, len(parts) // 5)]:
            assert own_id(home, part) == part["document_id"]
    told = stclusters("explain", "--record", parts[0]["document_id"], *place).stdout
    assert f"{parts[0]['file']}, line {int(parts[0]['position']):,}" in told
    assert told.rstrip().endswith("1.000000000000000  sum")
    wrong = stclusters("explain", "--record", parts[0]["document_id"], "--place", "Leuven", *place, code=2)
    assert "Give one of --cluster, --record, --place and --address." in wrong.stderr


def test_a_scheduled_tick_without_a_change_builds_nothing_and_costs_little(
    world: tuple[Home, Any, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tick asks what `run` asks; CPU seconds of the question, in a process that has loaded the definitions."""
    import dagster as dg

    home, _, editions = world
    settings = load(editions)
    monkeypatch.setattr("orchestration.freshness.made_with", lambda *_: scheduled.hash("small"))
    scheduled = settings.model_copy(
        update={"editions": {"small": settings.edition("small").model_copy(update={"schedule": "0 6 1 9 *"})}}
    )
    repository = build_definitions(settings, home).get_repository_def()
    (schedule,) = schedules(scheduled, home)
    with open_instance(home) as instance:
        at = datetime(2026, 9, 1, 6, tzinfo=UTC)
        with dg.build_schedule_context(
            instance=instance, scheduled_execution_time=at, repository_def=repository
        ) as context:
            before = time.process_time()
            tick = schedule.evaluate_tick(context)
            took = time.process_time() - before
    assert tick.run_requests == []
    assert tick.skip_message == "Edition small is up to date: nothing that it depends on has changed."
    assert took < 2.0, f"{took:.1f} s of CPU"
    sys.stdout.write(f"a scheduled tick without a change: {took:.2f} s of CPU\n")


def test_after_a_partial_run_a_tick_asks_every_table(world: tuple[Home, Any, Path]) -> None:
    """Only after a whole run that ended well do the edition's own tables agree with each other."""
    home, _, editions = world
    repository = build_definitions(load(editions), home).get_repository_def()
    keys = repository.get_job("edition").asset_layer.executable_asset_keys
    with open_instance(home) as instance:
        few = worth_asking(instance, repository.asset_graph, keys, "small")
        assert {key.to_user_string() for key in few} >= {
            "edition_settings",
            "previous_clusters",
            "stg_listings",
        }
        assert len(few) < len(keys) / 3
        run = instance.create_run_for_job(repository.get_job("publish"), tags={"dagster/partition": "small"})
        assert worth_asking(instance, repository.asset_graph, keys, "small") == set(keys)
        instance.delete_run(run.run_id)
        assert worth_asking(instance, repository.asset_graph, keys, "small") == few


def own_id(home: Home, part: dict[str, str]) -> str:
    """The id of the record that begins at the position: a row of tls201, named by tls211, or a line of tagged text."""
    folder = home.raw(part["delivery"])
    lines = unpacked(folder / part["file"]).decode().splitlines()
    if part["position_kind"] == "line":
        return next(line[3:] for line in lines[int(part["position"]) - 1 :] if line.startswith("UT "))
    found = next(csv.DictReader([lines[0], lines[int(part["position"])]]))
    for file in sorted(folder.glob("tls211*")):
        for row in csv.DictReader(unpacked(file).decode().splitlines()):
            if row["appln_id"] == found["appln_id"]:
                return f"WO{row['publn_nr']}"
    raise AssertionError(f"no publication of {found}")
