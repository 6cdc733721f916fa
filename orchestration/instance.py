"""Dagster's instance of a home: its folder, its settings file, its pools."""

import os
from pathlib import Path

import dagster as dg

from foundation.atomic import write_text
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
POOLS = {"warehouse": 1, "memory": 2}


def prepare_instance_folder(home: Home) -> Path:
    """DAGSTER_HOME of the home, with its settings file; made when absent and named in the environment."""
    folder = home.dagster()
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "dagster.yaml").is_file():
        write_text(folder / "dagster.yaml", DAGSTER_YAML)
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
