"""`stclusters explain`: why a place is in a cluster, or in none."""

from __future__ import annotations

import click

from stclusters.options import editions_option, find_home, find_settings, home_option


@click.command("explain")
@click.option("--place", required=True, metavar="NAME", help="A place of the gazetteer, as Leuven.")
@click.option("--country", metavar="CODE", help="Its ISO code, where several places have the name.")
@click.option("--edition", required=True, help="The edition to explain.")
@home_option
@editions_option
def command(place: str, country: str | None, edition: str, home: str | None, editions: str | None) -> None:
    """Why a place is in a cluster of an edition, or in none, in sentences with numbers.

    \b
    stclusters explain --place Leuven --edition demo --home demo
    """
    from stclusters.explanation import explain_place

    click.echo("\n".join(explain_place(find_home(home), find_settings(editions), edition, place, country)))
