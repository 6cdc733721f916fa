"""`stclusters sweep`: clear what crashed runs left behind; services call it before they start."""

from __future__ import annotations

import click

from stclusters.options import editions_option, find_home, find_settings, home_option


@click.command("sweep")
@home_option
@editions_option
@click.option(
    "--forget-runs",
    type=click.FloatRange(0),
    metavar="DAYS",
    help="Also delete the records of runs older than DAYS, except the last of each table.",
)
def command(home: str | None, editions: str | None, forget_runs: float | None) -> None:
    """Clear what crashed runs left behind.

    Half-written files of killed writers, runs that stand as started though their process is gone, the slots they
    hold, dbt processes without a parent. `run` and `ui` do it by themselves; what a living process works on stays.

    \b
    stclusters sweep --home demo
    stclusters sweep --home demo --forget-runs 90
    """
    from orchestration.instance import open_instance
    from orchestration.retention import forget_runs as forget
    from orchestration.sweep import sweep

    place = find_home(home)
    if not place.root.is_dir():
        raise click.UsageError(f"There is no home at {place.root}.")
    limits = (
        find_settings(editions).limits if editions else None
    )  # the pool of memory-hungry steps follows them
    with open_instance(place, limits) as instance:
        lines = list(sweep(place, instance).sentences())
        if forget_runs is not None:
            lines.append(
                f"Forgot {len(forget(instance, forget_runs))} run(s) older than {forget_runs:g} days."
            )
    click.echo("\n".join(lines) or "Nothing to clear.")
