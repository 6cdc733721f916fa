"""`stclusters site`: the pages of an edition that has run, written again or to another folder."""

from __future__ import annotations

from pathlib import Path

import click

from foundation.errors import MissingData
from stclusters.options import editions_option, find_home, find_settings, home_option


@click.command("site")
@home_option
@editions_option
@click.option("--edition", required=True, help="Edition whose pages are written.")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), help="Another folder; what lies in it stays."
)
@click.option("--language", metavar="CODE", help="Language of the pages: en, fr; else that of the settings.")
@click.option("--pdf", is_flag=True, help="Each brief also as tagged PDF; needs stclusters[pdf].")
def command(
    home: str | None, editions: str | None, edition: str, out: Path | None, language: str | None, pdf: bool
) -> None:
    """Write the pages and downloads of an edition that has run.

    \b
    stclusters site --home demo --edition demo --out public
    stclusters site --home demo --edition demo --out public-fr --language fr --pdf
    """
    from publishing import stage

    place, settings = find_home(home), find_settings(editions)
    settings.edition(edition)
    if not place.table(edition, "ranking").is_file():
        raise MissingData(
            f"Edition '{edition}' has not been run in this home.",
            f"Run: stclusters run --home {place.root} --edition {edition}",
            str(place.root),
        )
    stage.prepared(settings, language, pdf)
    stage.release(place, settings, edition, click.echo)
    report = stage.site(place, settings, edition, click.echo, out, language, pdf)
    for warning in report.warnings:
        click.echo(f"Note: {warning}", err=True)
