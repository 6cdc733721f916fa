"""`stclusters open`: the pages of an edition in the browser."""

from __future__ import annotations

import webbrowser

import click

from foundation.errors import MissingData
from stclusters.options import find_home, home_option


@click.command("open")
@home_option
@click.option("--edition", required=True, help="Edition whose pages are opened.")
@click.option("--print", "only_print", is_flag=True, help="Print the page's path instead.")
def command(home: str | None, edition: str, only_print: bool) -> None:
    """Open the pages of an edition.

    \b
    stclusters open --home demo --edition demo
    """
    place = find_home(home)
    page = place.site(edition) / "index.html"
    if not page.is_file():
        raise MissingData(
            f"Edition '{edition}' has no pages yet.",
            f"Build it: stclusters run --home {place.root} --edition {edition}",
            str(page),
        )
    click.echo(page)
    if not only_print:
        webbrowser.open(page.absolute().as_uri())
