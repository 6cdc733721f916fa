"""One call of dbt over a home's edition, with its results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.home import Home, dbt_project_folder


@dataclass(frozen=True)
class Called:
    """What a call left behind: its results and the manifest it was made with."""

    returncode: int
    output: str
    results: list[dict[str, Any]]
    manifest: dict[str, Any]

    def status(self) -> dict[str, str]:
        """Status by the short name of a node."""
        return {row["unique_id"].split(".", 2)[2]: row["status"] for row in self.results}


def call_dbt(
    home: Home, edition: str, *arguments: str, project: Path | None = None, target: Path | None = None
) -> Called:
    """Run `dbt *arguments` on the edition's folder; `project` may be a changed copy with a `target` of its own."""
    warehouse, folder = home.warehouse(edition), str(project or dbt_project_folder())
    target = target or warehouse / "target"
    environment = {**os.environ, "DBT_LOG_PATH": str(warehouse / "logs")}
    dbt = str(Path(sys.executable).parent / "dbt")
    command = [dbt, "--quiet", *arguments]
    command += ["--project-dir", folder, "--profiles-dir", folder, "--target-path", str(target)]
    done = subprocess.run(
        command, env=environment, cwd=warehouse, capture_output=True, text=True, check=False
    )
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return Called(done.returncode, done.stdout + done.stderr, results, manifest)
