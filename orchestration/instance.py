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
from foundation.measure import usable_cores
from foundation.settings import Limits

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
WAREHOUSE, MEMORY = "warehouse", "memory"
#: of the machine's memory, what runs may use together; the rest is the system's, the daemon's and the interface's
RUNS_PART = 0.75
#: files in which a container is told its memory, newer and older kernels
CONTAINER_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


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


def machine_gb() -> float:
    """Memory of this machine, or of the container that we run in, in GB."""
    import psutil

    found = [psutil.virtual_memory().total]
    for file in CONTAINER_LIMITS:
        told = file.read_text(encoding="ascii").strip() if file.is_file() else ""
        found += [int(told)] if told.isdigit() else []
    return float(min(found)) / 1e9


def memory_slots(memory_gb: float, machine: float, cores: int) -> int:
    """How many memory-hungry steps may run side by side; the others wait in Dagster's queue.

    A reader, a merge and a clustering stay within half of `limits.memory_gb` each, so two of them share what the user
    allows. More than the cores are of no use, and one always runs.

    Examples
    --------
    >>> memory_slots(12, 24, 2), memory_slots(12, 64, 16), memory_slots(12, 8, 4), memory_slots(0.5, 24, 2)
    (2, 8, 1, 2)
    """
    return max(1, min(cores, int(RUNS_PART * machine / (memory_gb / 2))))


def open_instance(home: Home, limits: Limits | None = None) -> dg.DagsterInstance:
    """The instance of the home; pool limits are set in its database, not in its file.

    The limit of the pool `memory` follows `limits`; without them it stays as it was, or is that of the defaults.
    """
    prepare_instance_folder(home)
    instance = dg.DagsterInstance.get()
    storage = instance.event_log_storage
    known = {limit.name: limit.limit for limit in storage.get_pool_limits()}
    wanted = {WAREHOUSE: 1}
    if limits is not None or MEMORY not in known:
        memory_gb = (limits or Limits()).memory_gb
        wanted[MEMORY] = memory_slots(memory_gb, machine_gb(), usable_cores())
    for pool, limit in wanted.items():
        if known.get(pool) != limit:
            storage.set_concurrency_slots(pool, limit)
    return instance
