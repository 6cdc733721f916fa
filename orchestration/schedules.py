"""One schedule per edition that has a `schedule:` line; editions are never rebuilt by a condition."""

import dagster as dg

from foundation.settings import Settings


def _schedule(name: str, cron: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"edition_{name.replace('-', '_').replace('.', '_')}",
        cron_schedule=cron,
        job_name="edition",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Builds edition {name}; the scheduled date is the run's key, so that no date runs twice.",
    )
    def tick(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat(), partition_key=name)

    return tick


def schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """Schedules of all editions."""
    return [_schedule(name, e.schedule) for name, e in sorted(settings.editions.items()) if e.schedule]
