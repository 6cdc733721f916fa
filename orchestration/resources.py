"""What assets are given: the home, the settings, dbt. No more."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource

from foundation.home import Home, dbt_project_folder
from foundation.settings import Settings


def dbt_executable() -> str:
    """dbt of this very environment (without an activated one, `dbt` would not be found), in the edition's folder."""
    return str(Path(sys.executable).parent / "stclusters-dbt")


class DbtAlone(DbtCliResource):
    """dbt without the adapter that dagster-dbt starts beside it in this process, for row counts that we read from files.

    It takes time at each call, and a Ctrl-C or SIGTERM that comes meanwhile is swallowed there: the run went on to its end.
    """

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        del args
        return None


def dbt_resource() -> dg.ResourceDefinition:
    """dbt over this project's folder; its places are nobody's to change in the Launchpad, where they would stand first."""
    folder = str(dbt_project_folder())
    dbt = DbtAlone(project_dir=folder, profiles_dir=folder, dbt_executable=dbt_executable())
    return dg.ResourceDefinition.hardcoded_resource(dbt)


def manifest_file() -> Path:
    """dbt's manifest, written by `make setup`."""
    return dbt_project_folder() / "target" / "manifest.json"


def point_dbt_at(home: Home, settings: Settings, edition: str) -> Path:
    """Set where dbt works and how much it may use, and return the edition's target folder.

    dbt takes no environment per call, so one process works on one edition at a time.
    """
    warehouse = home.warehouse(edition)
    for folder in (warehouse, home.temporary()):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        STCLUSTERS_WAREHOUSE=str(warehouse),
        STCLUSTERS_MEMORY=f"{settings.limits.memory_gb:g}GB",
        STCLUSTERS_THREADS=str(settings.limits.processes),
        DBT_LOG_PATH=str(warehouse / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    return warehouse / "target"
