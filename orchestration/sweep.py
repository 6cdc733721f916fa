"""What crashed runs and power cuts leave behind, cleared before the next start.

Half-written siblings of tables, runs that still stand as started though their process is gone, the pool slots they
hold, dbt processes without a parent. Nothing that a living process works on is touched.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import dagster as dg

from foundation.atomic import sweep_below
from foundation.home import Home

if TYPE_CHECKING:
    from psutil import Process

#: a run that has not told its process yet may still be starting
START_SECONDS = 180.0
_UNFINISHED = (dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)
#: raw files are the user's own, and Dagster keeps its folder itself
_NOT_OURS = ("raw", "dagster", "locks")


@dataclass(frozen=True)
class Swept:
    """What was cleared: leftover files, runs marked as failed, orphaned dbt processes."""

    leftovers: int = 0
    runs: tuple[str, ...] = ()
    orphans: tuple[int, ...] = ()

    def sentences(self) -> Iterator[str]:
        """One line for each kind that was found; none when all was clean."""
        if self.leftovers:
            yield f"Removed {self.leftovers} half-written file(s) or folder(s) of killed writers."
        for run in self.runs:
            yield f"Run {run} had ended without saying so; it is marked as failed and its slots are free."
        for pid in self.orphans:
            yield f"Ended dbt process {pid}, whose run is gone."


def _pids(instance: dg.DagsterInstance, run_id: str) -> list[int]:
    """The processes that a run named in its events, in order."""
    found = []
    for entry in instance.all_logs(run_id, of_type=dg.DagsterEventType.ENGINE_EVENT):
        event = entry.dagster_event
        value = event.engine_event_data.metadata.get("pid") if event is not None else None
        if value is not None and str(value.value).isdigit():
            found.append(int(str(value.value)))
    return found


def _works_since_before(pid: int, moment: float) -> bool:
    """Whether process `pid` runs and began before `moment`; a later one only took over the number."""
    import psutil

    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and process.create_time() <= moment + 1.0
    except psutil.NoSuchProcess:
        return False


def _ended_in_silence(instance: dg.DagsterInstance, record: dg.RunRecord, now: float) -> bool:
    pids = _pids(instance, record.dagster_run.run_id)
    if not pids:
        return now - record.create_timestamp.timestamp() > START_SECONDS
    started = record.start_time or now
    return not any(_works_since_before(pid, started) for pid in pids)


def _dead_runs(instance: dg.DagsterInstance, now: float) -> list[str]:
    records = instance.get_run_records(dg.RunsFilter(statuses=list(_UNFINISHED)))
    ended = [record for record in records if _ended_in_silence(instance, record, now)]
    for record in ended:
        run = record.dagster_run
        instance.report_run_failed(
            run,
            "Its process ended without saying so: a crash, a kill or a power cut. Run it again: it continues.",
        )
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
    return sorted(record.dagster_run.run_id for record in ended)


def _is_orphan(process: Process, home: Home) -> bool:
    """Whether it is a dbt of this home whose parent is gone."""
    import psutil

    try:
        if process.ppid() != 1 or not any("dbt" in part for part in process.cmdline()):
            return False
        return process.environ().get("STCLUSTERS_WAREHOUSE", "").startswith(f"{home.root}/")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _end_orphans(home: Home) -> list[int]:
    import psutil

    orphans = [process for process in psutil.process_iter() if _is_orphan(process, home)]
    for process in orphans:
        process.kill()
    psutil.wait_procs(orphans, timeout=5)
    return sorted(process.pid for process in orphans)


def sweep(home: Home, instance: dg.DagsterInstance, now: float | None = None) -> Swept:
    """Clear the home and its instance of what dead processes left; safe beside living ones."""
    orphans = _end_orphans(home)
    runs = _dead_runs(instance, time.time() if now is None else now)
    written = sorted(entry for entry in home.root.iterdir() if entry.name not in _NOT_OURS)
    leftovers = sum(sweep_below(folder) for folder in written)
    return Swept(leftovers, tuple(runs), tuple(orphans))
