"""dbt's own run on empty tables: every model, data test and unit test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from foundation import contracts
from foundation.home import dbt_project_folder
from stclusters.commands.contracts import empty_tables

EDITION = "empty"


def test_dbt_builds_and_tests_everything_without_data(tmp_path: Path) -> None:
    home = empty_tables(tmp_path, EDITION)
    warehouse, folder = home.warehouse(EDITION), str(dbt_project_folder())
    environment = {
        **os.environ,
        "STCLUSTERS_LAKE": str(home.lake_root()),
        "STCLUSTERS_WAREHOUSE": str(warehouse),
        "STCLUSTERS_TEMP": str(home.temporary()),
        "DBT_LOG_PATH": str(warehouse / "logs"),
    }
    dbt = str(Path(sys.executable).parent / "dbt")
    command = [dbt, "--quiet", "build", "--project-dir", folder, "--profiles-dir", folder]
    command += ["--target-path", str(warehouse / "target")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    target = warehouse / "target"
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert len(results) == len(manifest["nodes"]) + len(manifest["unit_tests"])
    found = Counter((result["unique_id"].split(".")[0], result["status"]) for result in results)
    assert found["unit_test", "pass"] == len(manifest["unit_tests"]) > 0
    # an empty world has no documents of either kind, which is a warning, and nothing else goes wrong
    assert {status for _, status in found} <= {"success", "pass", "warn"}
    assert found["test", "warn"] == 1
    assert not list(warehouse.glob("tmp_*"))
    # the adapter's own materialization would have written a row of nulls here
    assert contracts.read("cluster_ranks", home.table(EDITION, "cluster_ranks")).num_rows == 0
