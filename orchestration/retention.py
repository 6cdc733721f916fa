"""Forgetting old runs: Dagster keeps every run for ever, and one database file each."""

from __future__ import annotations

import time

import dagster as dg

_ENDED = (dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)


def _makers(instance: dg.DagsterInstance) -> set[str]:
    """Runs that made the last version of a table, or of one of its partitions."""
    kind = dg.DagsterEventType.ASSET_MATERIALIZATION
    found: set[str] = set()
    for key in instance.all_asset_keys():
        last = instance.event_log_storage.get_latest_storage_id_by_partition(key, kind)
        wanted = dg.AssetRecordsFilter(asset_key=key, storage_ids=sorted(last.values()))
        records = [*instance.fetch_materializations(key, limit=1).records]
        if last:
            records += instance.fetch_materializations(wanted, limit=len(last)).records
        found |= {record.run_id for record in records}
    return found


def forget_runs(instance: dg.DagsterInstance, older_than_days: float, now: float | None = None) -> list[str]:
    """Delete ended runs older than `older_than_days`; returns their ids.

    A run that made the last version of a table's partition stays: what is fresh or stale is read from its events.
    """
    before = (time.time() if now is None else now) - older_than_days * 86_400
    makers = _makers(instance)
    forgotten = []
    for record in instance.get_run_records(dg.RunsFilter(statuses=list(_ENDED)), ascending=True):
        run_id = record.dagster_run.run_id
        ended = record.end_time or record.create_timestamp.timestamp()
        if ended < before and run_id not in makers:
            instance.delete_run(run_id)
            forgotten.append(run_id)
    return forgotten
