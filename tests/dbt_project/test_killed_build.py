"""dbt killed with SIGKILL in the middle of the marts."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from foundation.home import Home, dbt_project_folder
from foundation.parquet import read_table
from tests.dbt_project.conftest import EDITION
from tests.dbt_project.dbt_calls import Called, call_dbt


def started(home: Home) -> subprocess.Popen[bytes]:
    warehouse, project = home.warehouse(EDITION), str(dbt_project_folder())
    environment = {**os.environ, "DBT_LOG_PATH": str(warehouse / "logs")}
    command = [str(Path(sys.executable).parent / "dbt"), "--quiet", "run", "--select", "tag:marts"]
    command += ["--project-dir", project, "--profiles-dir", project]
    command += ["--target-path", str(warehouse / "target")]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, cwd=warehouse, stdout=quiet, stderr=quiet)


def whole(folder: Path) -> dict[str, int]:
    """Rows of every table; a damaged file raises."""
    return {path.stem: read_table(path).num_rows for path in sorted(folder.glob("[!t]*.parquet"))}


def test_a_killed_build_leaves_every_table_whole_and_the_next_one_runs(
    empty_build: tuple[Home, Called], tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(empty_build[0].root, home.root)
    warehouse = home.warehouse(EDITION)
    before = whole(warehouse)
    marts = [
        warehouse / f"{name}.parquet"
        for name in ("ranking", "cluster_fields", "cluster_partners", "findings")
    ]
    old = {path: path.stat().st_ino for path in marts}
    build = started(home)
    end = time.monotonic() + 300
    while all(path.stat().st_ino == old[path] for path in marts):
        assert build.poll() is None, "dbt ended before it wrote a table"
        assert time.monotonic() < end
        time.sleep(0.005)
    build.send_signal(signal.SIGKILL)
    assert build.wait() == -signal.SIGKILL
    assert whole(warehouse) == before
    assert sum(path.stat().st_ino != old[path] for path in marts) < len(marts), "nothing was left to do"
    called = call_dbt(home, EDITION, "run", "--select", "tag:marts")
    assert called.returncode == 0, called.output
    assert whole(warehouse) == before
