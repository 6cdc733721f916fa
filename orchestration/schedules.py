"""One schedule per edition that has a `schedule:` line; editions are never rebuilt by a condition."""

import dagster as dg

from foundation.home import Home
from foundation.settings import Settings
from orchestration.freshness import Freshness, reason_to_build, worth_asking


def _schedule(settings: Settings, home: Home, name: str, cron: str) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"edition_{name.replace('-', '_').replace('.', '_')}",
        cron_schedule=cron,
        job_name="edition",
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=f"Builds edition {name} when anything that it depends on has changed since; the scheduled date is the "
        "run's key, so that no date runs twice.",
    )
    def tick(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        repository = context.repository_def
        assert repository is not None
        made = repository.get_job("edition").asset_layer.executable_asset_keys
        keys = worth_asking(context.instance, repository.asset_graph, made, name)
        freshness = Freshness(context.instance, repository.asset_graph)
        reason = reason_to_build(home, settings, freshness, keys, name)
        if not reason:
            return dg.SkipReason(f"Edition {name} is up to date: nothing that it depends on has changed.")
        context.log.info(f"edition {name}: {reason}")
        return dg.RunRequest(run_key=context.scheduled_execution_time.isoformat(), partition_key=name)

    return tick


def schedules(settings: Settings, home: Home) -> list[dg.ScheduleDefinition]:
    """Schedules of all editions."""
    return [
        _schedule(settings, home, name, e.schedule)
        for name, e in sorted(settings.editions.items())
        if e.schedule
    ]
