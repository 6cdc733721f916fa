"""What runs did: seconds, rows, rates and memory of each step, read from Dagster's own events.

There is no second book: the instance of a home remembers every run, and reports, `status` and tests ask it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG
from dagster_shared.error import SerializableErrorInfo

TIMED = "seconds"
#: what a step says that a signal ended: nothing is wrong with its input
INTERRUPTED = "The step was interrupted."
#: characters of one message of Dagster's that a report repeats
LONGEST = 400


@dataclass
class StepFigures:
    """One step of a run: what it made, how long it took, how much of it."""

    step: str
    state: str = "not run"
    seconds: float = 0.0
    rows: int = 0
    assets: list[str] = field(default_factory=list)
    peak_mb: float = 0.0
    retries: int = 0
    sentence: str = ""
    todo: str = ""
    where: str = ""

    @property
    def rows_per_second(self) -> float:
        """Rows over the step's whole seconds; 0 when it made none."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True)
class RunFigures:
    """One run: job, partition, state, when it began (seconds since 1970), how long it took, its steps.

    `engine` is what Dagster itself said went wrong around the steps: a worker that died, a code server that was gone.
    """

    run_id: str
    job: str
    partition: str
    state: str
    started: float
    seconds: float
    steps: tuple[StepFigures, ...] = ()
    engine: tuple[str, ...] = ()

    @property
    def interrupted(self) -> bool:
        """Whether it failed by a signal or with its process, and not by what a step met."""
        said = [step.sentence for step in self.steps if step.state == "failed"]
        return self.state == "failure" and all(one == INTERRUPTED for one in said)

    @property
    def rows(self) -> int:
        """Rows that its steps wrote."""
        return sum(step.rows for step in self.steps)

    @property
    def peak_mb(self) -> float:
        """Largest memory that a step reported, in MB."""
        return max((step.peak_mb for step in self.steps), default=0.0)

    @property
    def retries(self) -> int:
        """How often a step of it was tried again."""
        return sum(step.retries for step in self.steps)


def _number(metadata: Any, key: str) -> float:
    value = getattr(metadata.get(key), "value", None)
    return float(value) if isinstance(value, int | float) else 0.0


def _failure(figures: StepFigures, event: dg.DagsterEvent) -> None:
    data = event.step_failure_data
    said = data.user_failure_data
    figures.state = "failed"
    figures.sentence = (
        said.description if said is not None and said.description else str(data.error_display_string)
    )
    metadata = said.metadata if said is not None else {}
    for key in ("sentence", "todo", "where"):
        value = getattr(metadata.get(key), "value", None)
        if value and value != "-":
            setattr(figures, key, str(value))


def _take(steps: dict[str, StepFigures], event: dg.DagsterEvent) -> None:
    if event.step_key is None:
        return
    figures = steps.setdefault(event.step_key, StepFigures(event.step_key))
    kind = event.event_type
    if kind == dg.DagsterEventType.ASSET_MATERIALIZATION and event.asset_key is not None:
        metadata = event.materialization.metadata
        figures.assets.append(event.asset_key.to_user_string())
        figures.rows += int(_number(metadata, "rows"))
        figures.peak_mb = max(figures.peak_mb, _number(metadata, "peak_mb"))
    elif kind == dg.DagsterEventType.STEP_START:
        figures.state = "started"
    elif kind == dg.DagsterEventType.STEP_SUCCESS:
        figures.state, figures.seconds = "done", event.step_success_data.duration_ms / 1000
    elif kind == dg.DagsterEventType.STEP_UP_FOR_RETRY:
        figures.retries += 1
    elif kind == dg.DagsterEventType.STEP_FAILURE:
        _failure(figures, event)
    elif kind == dg.DagsterEventType.STEP_SKIPPED:
        figures.state = "skipped"


def steps_of(instance: dg.DagsterInstance, run_id: str) -> tuple[StepFigures, ...]:
    """Figures of each step of a run, in the order in which they began."""
    return _steps(instance.all_logs(run_id))


def _steps(entries: Sequence[dg.EventLogEntry]) -> tuple[StepFigures, ...]:
    steps: dict[str, StepFigures] = {}
    for entry in entries:
        if entry.dagster_event is not None:
            _take(steps, entry.dagster_event)
    return tuple(steps.values())


def _engine_errors(entries: Sequence[dg.EventLogEntry]) -> tuple[str, ...]:
    """One sentence for each thing that Dagster itself reports as gone wrong, each once, in order."""
    said = []
    for entry in entries:
        event = entry.dagster_event
        if event is None:
            continue
        data = event.event_specific_data
        error = getattr(data, "error", None)
        if (
            event.event_type == dg.DagsterEventType.ENGINE_EVENT and error is not None
        ) or event.event_type == dg.DagsterEventType.RUN_FAILURE:
            said.append(_with_cause(event.message, error))
    return tuple(dict.fromkeys(filter(None, said)))


def _with_cause(message: str | None, error: SerializableErrorInfo | None) -> str:
    """Dagster's message, its error and that error's first cause, each in one line."""
    parts = [message or ""]
    while error is not None:
        parts.append(error.message.strip())
        error = error.cause
    lines = (" ".join(part.split())[:LONGEST] for part in parts)
    return " Because: ".join(dict.fromkeys(filter(None, lines)))


def _job(run: dg.DagsterRun, steps: tuple[StepFigures, ...]) -> str:
    """The job's name; of runs of chosen assets, which Dagster names for itself, the steps'."""
    if not run.job_name.startswith("__"):
        return run.job_name
    chosen = [step.step for step in steps] or sorted(k.to_user_string() for k in run.asset_selection or ())
    return f"{chosen[0]} and {len(chosen) - 1} more" if len(chosen) > 1 else (chosen or [run.job_name])[0]


def figures_of(instance: dg.DagsterInstance, record: dg.RunRecord) -> RunFigures:
    """Figures of one run."""
    run = record.dagster_run
    entries = instance.all_logs(run.run_id)
    steps = _steps(entries)
    started = record.start_time or record.create_timestamp.timestamp()
    return RunFigures(
        run.run_id,
        _job(run, steps),
        run.tags.get(PARTITION_NAME_TAG, ""),
        run.status.value.lower(),
        started,
        max(0.0, (record.end_time or started) - started),
        steps,
        _engine_errors(entries) if run.status == dg.DagsterRunStatus.FAILURE else (),
    )


def latest(instance: dg.DagsterInstance, number: int) -> list[RunFigures]:
    """The last `number` runs, the newest first."""
    return [figures_of(instance, record) for record in instance.get_run_records(limit=number)]


def last_of(instance: dg.DagsterInstance, partition: str) -> RunFigures | None:
    """The last run of a partition, whatever it made; None when there was none."""
    records = instance.get_run_records(dg.RunsFilter(tags={PARTITION_NAME_TAG: partition}), limit=1)
    return figures_of(instance, records[0]) if records else None


def running(instance: dg.DagsterInstance) -> list[RunFigures]:
    """The runs at work or waiting, the oldest first."""
    states = [
        dg.DagsterRunStatus.QUEUED,
        dg.DagsterRunStatus.STARTING,
        dg.DagsterRunStatus.STARTED,
        dg.DagsterRunStatus.CANCELING,
    ]
    records = instance.get_run_records(dg.RunsFilter(statuses=states))
    return [figures_of(instance, record) for record in reversed(records)]


def find(instance: dg.DagsterInstance, run_id: str) -> RunFigures | None:
    """The run whose id is or begins with `run_id`; None when there is none."""
    if len(run_id) == 36:  # a whole id
        record = instance.get_run_record_by_id(run_id)
        return None if record is None else figures_of(instance, record)
    for record in instance.get_run_records():
        if record.dagster_run.run_id.startswith(run_id):
            return figures_of(instance, record)
    return None
