"""dbt's own run on empty tables: every model, data test and unit test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from foundation import contracts
from foundation.home import Home, dbt_project_folder
from tests.dbt_project.conftest import EDITION
from tests.dbt_project.dbt_calls import Called

STAGES = ("points", "counting", "marts")


def test_dbt_builds_and_tests_everything_without_data(empty_build: tuple[Home, Called]) -> None:
    home, built = empty_build
    assert built.returncode == 0, built.output
    assert len(built.results) == len(built.manifest["nodes"]) + len(built.manifest["unit_tests"])
    found = Counter((result["unique_id"].split(".")[0], result["status"]) for result in built.results)
    assert found["unit_test", "pass"] == len(built.manifest["unit_tests"]) > 0
    # an empty world has no documents of either kind, which is a warning, and nothing else goes wrong
    assert {status for _, status in found} <= {"success", "pass", "warn"}
    assert found["test", "warn"] == 1
    assert not list(home.warehouse(EDITION).glob("tmp_*"))
    # the adapter's own materialization would have written a row of nulls here
    assert contracts.read("cluster_ranks", home.table(EDITION, "cluster_ranks")).num_rows == 0


def test_each_call_of_an_edition_reads_only_what_earlier_calls_made(
    empty_build: tuple[Home, Called],
) -> None:
    nodes = {
        name: node
        for name, node in empty_build[1].manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    stage = {name: min(STAGES.index(tag) for tag in node["tags"]) for name, node in nodes.items()}
    for name, node in nodes.items():
        parents = [parent for parent in node["depends_on"].get("nodes", []) if parent in stage]
        assert all(stage[parent] <= stage[name] for parent in parents), name


def test_the_parse_of_make_setup_serves_every_edition(empty_build: tuple[Home, Called]) -> None:
    """Dagster hands an edition the project's last parse; a place in the profile that differs would make it void."""
    home, project = empty_build[0], dbt_project_folder()
    edition = home.warehouse("second")
    edition.mkdir(parents=True)
    dbt = [str(Path(sys.executable).parent / "dbt"), "--quiet"]
    environment = {
        **os.environ,
        "DBT_LOG_PATH": str(edition / "logs"),
        "DBT_TARGET_PATH": str(edition / "target"),
    }
    here = ["parse", "--profiles-dir", ".", "--project-dir", "."]
    subprocess.run([*dbt, *here], env=environment, cwd=project, check=True, capture_output=True)
    environment |= {"DBT_PROJECT_DIR": str(project), "DBT_PROFILES_DIR": str(project)}
    subprocess.run([*dbt, "seed"], env=environment, cwd=edition, check=True, capture_output=True)
    log = (edition / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert "no changes found, skipping parsing" in log
    assert (edition / "workshop.duckdb").is_file()
