"""What assets are given: the home, the settings, dbt. No more."""

import os
import sys
from pathlib import Path

from dagster_dbt import DbtCliResource

from foundation.home import Home, dbt_project_folder
from foundation.settings import Settings


def dbt_executable() -> str:
    """dbt of this very environment (without an activated one, `dbt` would not be found), tied to its parent's life."""
    folder = Path(sys.executable).parent
    tied = folder / "stclusters-dbt"
    return str(tied if tied.is_file() else folder / "dbt")


def dbt_resource() -> DbtCliResource:
    """dbt over this project's folder."""
    folder = str(dbt_project_folder())
    return DbtCliResource(project_dir=folder, profiles_dir=folder, dbt_executable=dbt_executable())


def manifest_file() -> Path:
    """dbt's manifest, written by `make setup`."""
    return dbt_project_folder() / "target" / "manifest.json"


def point_dbt_at(home: Home, settings: Settings, edition: str) -> Path:
    """Set the places that dbt reads from its environment, and return the edition's target folder.

    dbt takes no environment per call, so one process works on one edition at a time.
    """
    warehouse = home.warehouse(edition)
    for folder in (warehouse, home.temporary()):
        folder.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        STCLUSTERS_LAKE=str(home.lake_root()),
        STCLUSTERS_WAREHOUSE=str(warehouse),
        STCLUSTERS_TEMP=str(home.temporary()),
        STCLUSTERS_MEMORY=f"{settings.limits.memory_gb:g}GB",
        STCLUSTERS_THREADS=str(settings.limits.processes),
        DBT_LOG_PATH=str(warehouse / "logs"),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    )
    return warehouse / "target"
