"""Real patent tables and a part of the real article exports, from raw files to pages."""

import csv
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation import contracts
from foundation.home import Home
from foundation.parquet import read_table
from tests.e2e.published_text import said
from tests.reference import plain_counting as plain
from tests.reference import plain_lake
from tests.reference.model_runner import ModelRunner
from tests.reference.test_plain_counting import (
    COMBINATIONS,
    agrees_on_counts,
    agrees_on_fields,
    agrees_on_ranks,
)

PART = ("ecology_00.txt.gz", "dataavail_1.txt.zst", "neuroscience_4_parts.zip", "traffic_crlf.txt.gz",
        "nullnull_before_pt.txt.gz", "concatenated_ef_inside.txt.gz", "jos.txt.gz")  # fmt: skip


@pytest.fixture(scope="module")
def ran(
    stclusters: Any, shared: Path, new_home: Any, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Any]:
    folder = tmp_path_factory.mktemp("real")
    raw = yaml.safe_load((shared / "editions.yaml").read_text(encoding="utf-8"))
    raw["editions"] = {"real-part": {**raw["editions"]["real-sample"], "previous_edition": None}}
    editions = folder / "editions.yaml"
    editions.write_text(yaml.safe_dump(raw), encoding="utf-8")
    articles = folder / "articles"
    articles.mkdir()
    for name in PART:
        shutil.copy(shared / "wos" / "tagged" / name, articles / name)
    home = new_home(folder / "home")
    done = stclusters(
        "run", "--home", home.root, "--edition", "real-part", "--editions", editions,
        "--pct", shared / "patents" / "patstat", "--sci", articles,
    )  # fmt: skip
    return home, done


def rows(home: Home, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_table(home.table("real-part", table)).to_pylist()
    return found


def steps(home: Home, scope: str, kind: str) -> dict[str, Decimal]:
    return {
        r["step"]: r["amount"]
        for r in rows(home, "reconciliation")
        if (r["scope"], r["kind"]) == (scope, kind)
    }


def expected_records(shared: Path) -> int:
    with (shared / "wos" / "counts.csv").open(encoding="utf-8") as handle:
        counted = {row["file"]: int(row["records"]) for row in csv.DictReader(handle)}
    return sum(n for file, n in counted.items() if file.removeprefix("tagged/").split("#")[0] in PART)


def test_every_record_of_the_files_is_accounted_for(ran: tuple[Home, Any], shared: Path) -> None:
    home, _ = ran
    patents, articles = steps(home, "all years", "pct"), steps(home, "all years", "sci")
    assert patents["read"] == patents["kept"] == 44_902
    assert articles["read"] == expected_records(shared) > 3_000
    assert articles["read"] == sum(amount for step, amount in articles.items() if step != "read")


def test_fractions_add_up_to_documents(ran: tuple[Home, Any]) -> None:
    home, _ = ran
    for kind, documents in (("pct", 38_362), ("sci", None)):
        found = steps(home, "window", kind)
        parts = found["in clusters"] + found["outside clusters"] + found["unlocated"]
        assert abs(parts - found["documents"]) < Decimal("1e-9")
        assert documents is None or found["documents"] == documents


def test_chinas_three_great_clusters_come_first(ran: tuple[Home, Any]) -> None:
    home, _ = ran
    first = sorted(rows(home, "ranking"), key=lambda row: row["rank"])[:3]
    assert {first[0]["name"], first[1]["name"]} == {"Beijing", "Shenzhen"}
    assert first[2]["name"] == "Shanghai"
    assert abs(first[0]["pct_count"] - first[1]["pct_count"]) < 1_000


def test_what_stands_in_for_what_is_said(ran: tuple[Home, Any]) -> None:
    home, done = ran
    assert "places.csv" in done.stderr
    for words in ("Filing years stand in for publication years", "do not tell PCT"):
        assert words in done.stderr
        assert words in (home.site("real-part") / "index.html").read_text(encoding="utf-8")


def test_no_persons_name_leaves_the_readers(ran: tuple[Home, Any], shared: Path) -> None:
    import gzip

    home, _ = ran
    with gzip.open(shared / "patents" / "patstat" / "tls206_person.csv.gz", "rt", encoding="utf-8") as handle:
        people = [
            row["person_name"] for row in csv.DictReader(handle) if row["psn_sector"] in ("INDIVIDUAL", "")
        ]
    names = {name.lower() for name in people if re.fullmatch(r"[A-Z]{4,}, [A-Z]{4,}", name)}
    assert len(names) > 1_000
    for file, text in said(home.site("real-part").resolve()):
        found = names & set(re.findall(r"(?=\b([a-z]{4,}, [a-z]{4,})\b)", text.lower()))
        assert found == set(), file


def test_a_second_run_does_nothing_again(ran: tuple[Home, Any], stclusters: Any) -> None:
    home, first = ran
    page = home.site("real-part") / "index.html"
    before = (page.stat().st_ino, page.stat().st_mtime_ns)
    again = stclusters(
        "run", "--home", home.root, "--edition", "real-part", "--editions", home.root.parent / "editions.yaml"
    )
    assert "edition real-part" in again.stdout.split("Already up to date:")[1]
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == before
    tables = first.stdout.split("Seconds per stage")[0]
    assert again.stdout.split("Seconds per stage")[0] == tables


def agrees_with_plain_pandas(home: Home, combination: tuple[str, str, str, str]) -> None:
    """The models over the lake of the real files, under some counting settings, against a plain count of the same lake."""
    split, counting, total, field_split = combination
    settings = contracts.read("edition_settings", home.table("real-part", "edition_settings")).to_pandas()
    years = {kind: [int(year) for year in settings[f"{kind}_years"][0]] for kind in ("pct", "sci")}
    rules = plain.Rules(years, split, counting, total, field_split)
    lake = plain_lake.listings(home, "real-part", rules)
    runner = ModelRunner(home, "real-part")
    chosen = {"fraction_split": split, "counting": counting, "world_total": total, "field_split": field_split}
    runner.give("stg_edition_settings", settings.assign(**chosen))
    agrees_on_ranks(runner, plain.ranking(lake.table, lake.clusters, rules))
    agrees_on_counts(runner, plain.parts(lake.table, lake.clusters, rules))
    agrees_on_fields(runner, plain.fields(lake.documents, lake.table, lake.clusters, rules))


def test_counts_of_the_real_files_agree_with_plain_pandas(ran: tuple[Home, Any]) -> None:
    agrees_with_plain_pandas(ran[0], COMBINATIONS[0])


@pytest.mark.slow
@pytest.mark.parametrize("combination", COMBINATIONS[1:], ids=" ".join)
def test_counts_of_the_real_files_agree_under_all_counting_settings(
    ran: tuple[Home, Any], combination: tuple[str, str, str, str]
) -> None:
    agrees_with_plain_pandas(ran[0], combination)
