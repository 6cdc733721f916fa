"""`stclusters sweep`: clear what crashed runs left behind; services call it before they start."""

from __future__ import annotations

import click

from stclusters.options import find_home, home_option


@click.command("sweep")
@home_option
def command(home: str | None) -> None:
    """Clear what crashed runs left behind.

    Half-written files of killed writers, runs that stand as started though their process is gone, the slots they
    hold, dbt processes without a parent. `run` and `ui` do it by themselves; what a living process works on stays.

    \b
    stclusters sweep --home demo
    """
    from orchestration.instance import open_instance
    from orchestration.sweep import sweep

    place = find_home(home)
    if not place.root.is_dir():
        raise click.UsageError(f"There is no home at {place.root}.")
    lines = list(sweep(place, open_instance(place)).sentences())
    click.echo("\n".join(lines) or "Nothing to clear.")
