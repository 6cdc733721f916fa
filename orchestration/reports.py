"""A run told to people: what failed, which partition, which file, what to do; and what each step took."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from orchestration.history import RunFigures, StepFigures

_COMMANDS = {
    "read_delivery": "stclusters run (any edition): only files that changed are read",
    "prepare_year": "stclusters run (any edition that uses the year)",
    "edition": "stclusters run --edition {partition}",
    "publish": "stclusters site --edition {partition}",
}


def duration(seconds: float) -> str:
    """Seconds for people: `4.2 s`, `3 min 05 s`."""
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def moment(seconds: float) -> str:
    """A time for people, in UTC."""
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"


def step_table(steps: tuple[StepFigures, ...]) -> Iterator[str]:
    """One line for each step: state, seconds, rows, rows per second, memory."""
    width = max([len(step.step) for step in steps] + [4])
    yield f"  {'step':<{width}}  {'state':<8}{'seconds':>9}{'rows':>14}{'rows/s':>12}{'peak MB':>9}{'retries':>9}"
    for step in steps:
        yield (
            f"  {step.step:<{width}}  {step.state:<8}{step.seconds:>9.1f}{step.rows:>14,}"
            f"{step.rows_per_second:>12,.0f}{step.peak_mb:>9,.0f}{step.retries:>9}"
        )


def _again(run: RunFigures) -> str:
    command = _COMMANDS.get(run.job)
    by_hand = f", or by command: {command.format(partition=run.partition)}" if command else ""
    return f"Then run it again; what is done is not done twice. In the UI: Runs, {run.run_id[:8]}, Re-execute{by_hand}."


def _what_failed(step: StepFigures) -> Iterator[str]:
    yield f"- Step {step.step}: {step.sentence}"
    if step.where:
        yield f"  Where: {step.where}"
    yield f"  What to do: {step.todo or 'read the run log in the UI; a fault of the program itself is worth reporting.'}"


def _engine(run: RunFigures) -> Iterator[str]:
    """What failed when no step did: the step at work, and what Dagster itself says of the run."""
    at_work = [step.step for step in run.steps if step.state == "started"]
    where = f"while {', '.join(at_work)} was at work" if at_work else "before any step began"
    yield f"- No step failed by itself: its process ended or was killed {where}."
    if run.engine:
        yield from (f"  Dagster says: {sentence}" for sentence in run.engine)
    else:
        yield "  Dagster says nothing of it: see its daemon's own log."
    yield "  What to do: " + (
        "look for a full memory or disk at that time (journalctl -k); then run it again."
        if at_work
        else "see that the code location loads (UI: Deployment), then run it again."
    )


def title(run: RunFigures) -> str:
    """One line about a run, for subjects and lists."""
    partition = f" {run.partition}" if run.partition else ""
    return f"{run.job}{partition}: {run.state} after {duration(run.seconds)}"


def text(run: RunFigures, retried: bool = False) -> str:
    """The whole report of a run."""
    failed = [step for step in run.steps if step.state == "failed"]
    lines = [title(run), "", f"Run {run.run_id}, begun {moment(run.started)}."]
    if failed or run.state == "failure":
        lines += ["", "What failed"]
        lines += [line for step in failed for line in _what_failed(step)]
        if not failed:
            lines += _engine(run)
        lines += ["", "It is tried once more by itself." if retried else _again(run)]
    if run.steps:
        lines += ["", "Steps", *step_table(run.steps)]
        lines.append(
            f"  In all {run.rows:,} rows in {duration(run.seconds)}, at most {run.peak_mb:,.0f} MB, {run.retries} retries."
        )
    return "\n".join(lines) + "\n"
