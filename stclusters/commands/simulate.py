"""`stclusters simulate`: the raw files of a simulated world, without running anything else."""

from __future__ import annotations

import click

from foundation.errors import BadInput
from stclusters.options import editions_option, find_home, find_settings, home_option


@click.command("simulate")
@home_option
@editions_option
@click.option("--edition", required=True, help="A simulated edition of the settings file.")
def command(home: str | None, editions: str | None, edition: str) -> None:
    """Write the raw files of a simulated world: patent tables and article exports, with known truth beside them.

    \b
    stclusters simulate --home demo --edition demo
    """
    from simulation.stage import simulate

    place, settings = find_home(home), find_settings(editions)
    if not settings.edition(edition).simulated:
        raise BadInput(
            f"Edition '{edition}' is not simulated.", "Name one with simulated: true.", settings.source
        )
    report = simulate(place, settings, edition, lambda line: click.echo(f"  {line}", err=True))
    click.echo(f"{report.rows:,} documents in {report.seconds:.1f} s below {place.raw_kind('pct').parent}")
