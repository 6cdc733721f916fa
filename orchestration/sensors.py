"""Sensors: new deliveries once their files are still, stale years, ended and failed runs."""

import json
import os
import time
from collections.abc import Callable
from typing import Any

import dagster as dg

from extracts import stage
from foundation.atomic import write_text
from foundation.home import Home
from orchestration.alerts import tell
from orchestration.assets.extracts import mark_read
from orchestration.history import figures_of
from orchestration.partitions import DELIVERY
from orchestration.reports import text, title

STILL_SECONDS = 5.0
#: seconds between two looks for new deliveries; tests look more often
LOOK_SECONDS = int(os.environ.get("STCLUSTERS_SENSOR_SECONDS", "30"))


def sensors() -> list[Any]:
    """All sensors."""
    years = dg.AutomationConditionSensorDefinition(
        "stale_years",
        target=dg.AssetSelection.groups("lake", "geocoding"),
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
    )
    return [_deliveries(), *_ended_runs(), years]


def _deliveries() -> Any:
    @dg.sensor(
        job_name="read_delivery",
        minimum_interval_seconds=LOOK_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Registers folders below raw/pct and raw/sci and reads them once no file has changed for some seconds. "
        "A tick says what lies there and is not read, and why.",
    )
    def deliveries(context: dg.SensorEvaluationContext, home: dg.ResourceParam[Home]) -> dg.SensorResult:
        seen = json.loads(context.cursor or "{}")
        signatures, waiting = stage.look_at_deliveries(home, still_for=STILL_SECONDS, now=time.time())
        told = [f"{name} {why}." for name, why in sorted(waiting.items())]
        for sentence in told:
            context.log.warning(sentence)
        new = {key: mark for key, mark in sorted(signatures.items()) if seen.get(key) != mark}
        # what `stclusters run` read before this sensor's first look is not read again
        known = {key: mark for key, mark in new.items() if mark_read(context.instance, key) == mark}
        changed = {key: mark for key, mark in new.items() if key not in known}
        requests = [
            dg.RunRequest(run_key=f"{key}:{mark}", partition_key=key) for key, mark in changed.items()
        ]
        added = DELIVERY.build_add_request(sorted(changed)) if changed else None
        return dg.SensorResult(
            run_requests=requests,
            skip_reason=None if requests else " ".join(told) or "No delivery is new or changed.",
            dynamic_partitions_requests=[added] if added else [],
            cursor=json.dumps({**seen, **new}, sort_keys=True),
        )

    return deliveries


def _ended_runs() -> list[Any]:
    @dg.run_failure_sensor(
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes one readable report for each failed run to the home's reports folder, and sends it to the "
        "webhook or mail address that the environment names.",
    )
    def failed_runs(context: dg.RunFailureSensorContext, home: dg.ResourceParam[Home]) -> None:
        report_run(context.instance, context.dagster_run, home, context.log.info)

    @dg.run_status_sensor(
        run_status=dg.DagsterRunStatus.SUCCESS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Writes what each step of a run took, its rows and memory, to the home's reports folder.",
    )
    def finished_runs(context: dg.RunStatusSensorContext, home: dg.ResourceParam[Home]) -> None:
        report_run(context.instance, context.dagster_run, home, context.log.info)

    return [failed_runs, finished_runs]


def report_run(
    instance: dg.DagsterInstance, run: dg.DagsterRun, home: Home, say: Callable[[str], None]
) -> None:
    """Write the report of an ended run; tell people when it failed and is not tried again by itself."""
    record = instance.get_run_record_by_id(run.run_id)
    if record is None:  # deleted meanwhile
        return
    figures = figures_of(instance, record)
    retried = run.tags.get("dagster/will_retry", "false") == "true"
    report = text(figures, retried)
    failed = run.status == dg.DagsterRunStatus.FAILURE
    if failed and not retried:
        for sentence in tell(f"stclusters: {title(figures)}", report):
            say(sentence)
            report += f"\n{sentence}\n"
    write_text(home.run_report(f"{'failed' if failed else 'run'}-{run.run_id[:8]}.txt"), report)
