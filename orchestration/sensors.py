"""Sensors: new deliveries once their files are still, stale years, failed runs."""

import json
import time
from collections.abc import Iterator
from typing import Any

import dagster as dg

from extracts import stage
from foundation.home import Home
from orchestration.partitions import DELIVERY

STILL_SECONDS = 5.0


def sensors() -> list[Any]:
    """All sensors."""

    @dg.sensor(
        job_name="read_delivery",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Registers folders below raw/pct and raw/sci and reads them once no file has changed for some seconds.",
    )
    def deliveries(context: dg.SensorEvaluationContext, home: dg.ResourceParam[Home]) -> dg.SensorResult:
        seen = json.loads(context.cursor or "{}")
        signatures = stage.delivery_signatures(home, still_for=STILL_SECONDS, now=time.time())
        changed = {key: mark for key, mark in sorted(signatures.items()) if seen.get(key) != mark}
        requests = [
            dg.RunRequest(run_key=f"{key}:{mark}", partition_key=key) for key, mark in changed.items()
        ]
        added = DELIVERY.build_add_request(sorted(changed)) if changed else None
        return dg.SensorResult(
            run_requests=requests,
            dynamic_partitions_requests=[added] if added else [],
            cursor=json.dumps({**seen, **changed}, sort_keys=True),
        )

    @dg.run_failure_sensor(
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes one readable report for each failed run to the home's reports folder.",
    )
    def failed_runs(context: dg.RunFailureSensorContext, home: dg.ResourceParam[Home]) -> None:
        write_failure_report(context, home)

    years = dg.AutomationConditionSensorDefinition(
        "stale_years",
        target=dg.AssetSelection.groups("lake", "geocoding"),
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    return [deliveries, failed_runs, years]


def write_failure_report(context: dg.RunFailureSensorContext, home: Home) -> None:
    """What failed, in which partition, and what to do, as a text file."""
    from foundation.atomic import write_text

    run = context.dagster_run
    lines = [
        f"Run {run.run_id} of {run.job_name} failed.",
        f"Partition: {run.tags.get('dagster/partition', '-')}",
        f"Will be retried: {run.tags.get('dagster/will_retry', 'false')}",
        "",
        *_step_lines(context),
    ]
    write_text(home.run_report(f"failure-{run.run_id[:8]}.txt"), "\n".join(lines) + "\n")


def _step_lines(context: dg.RunFailureSensorContext) -> Iterator[str]:
    for event in context.get_step_failure_events():
        failure = event.step_failure_data.user_failure_data
        said = failure.description if failure is not None else str(event.message)
        yield f"Step {event.step_key}: {said}"
