"""Dagster's instance of a home: its folder, its settings file, its pools.

Runs and events lie in SQLite below the home, or, when `DAGSTER_PG_URL` is set at the first start, in PostgreSQL; the
address holds a password and is therefore never written down, only its variable's name.
"""

import os
from pathlib import Path

import dagster as dg

from foundation.atomic import write_text
from foundation.errors import BadSettings
from foundation.home import Home

DAGSTER_YAML = """\
# Written once by stclusters; yours to change. SQLite below this folder holds runs and events.
telemetry: {enabled: false}
nux: {enabled: false}
concurrency: {runs: {max_concurrent_runs: 2}, pools: {granularity: op}}
run_monitoring: {enabled: true, start_timeout_seconds: 180, poll_interval_seconds: 10, max_runtime_seconds: 21600, free_slots_after_run_end_seconds: 20}
run_retries: {enabled: true, max_retries: 1, retry_on_asset_or_op_failure: false}
retention: {schedule: {purge_after_days: 90}, sensor: {purge_after_days: {skipped: 7, failure: 30, success: 90}}}
"""
POSTGRES = "DAGSTER_PG_URL"
POSTGRES_YAML = f"""\
# Runs and events lie in the PostgreSQL database that {POSTGRES} names (postgresql+psycopg2://user:password@host/name).
storage: {{postgres: {{postgres_url: {{env: {POSTGRES}}}}}}}
"""
POOLS = {"warehouse": 1, "memory": 2}


def _settings_text() -> str:
    """The settings file of a new instance.

    Raises
    ------
    BadSettings
        The database's address names no driver: SQLAlchemy's default one is not installed.
    """
    address = os.environ.get(POSTGRES, "")
    if not address:
        return DAGSTER_YAML
    if not address.startswith("postgresql+psycopg2://"):
        raise BadSettings(
            f"{POSTGRES} must begin with postgresql+psycopg2://.",
            "Write postgresql+psycopg2://user:password@host/name.",
        )
    return DAGSTER_YAML.replace(" SQLite below this folder holds runs and events.", "") + POSTGRES_YAML


def prepare_instance_folder(home: Home) -> Path:
    """DAGSTER_HOME of the home, with its settings file; made when absent and named in the environment."""
    folder = home.dagster()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "dagster.yaml").is_file():
        write_text(folder / "dagster.yaml", _settings_text())
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder


def open_instance(home: Home) -> dg.DagsterInstance:
    """The instance of the home; pool limits are set in its database, not in its file."""
    prepare_instance_folder(home)
    instance = dg.DagsterInstance.get()
    storage = instance.event_log_storage
    known = {limit.name: limit.limit for limit in storage.get_pool_limits()}
    for pool, limit in POOLS.items():
        if known.get(pool) != limit:
            storage.set_concurrency_slots(pool, limit)
    return instance
