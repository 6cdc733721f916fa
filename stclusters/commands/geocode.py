"""`stclusters geocode`: places for the addresses of a CSV file, or the reasons for one answer."""

from __future__ import annotations

from pathlib import Path

import click

from foundation.errors import BadInput
from foundation.home import Home
from foundation.measure import usable_cores
from geocoding import organisation_names
from geocoding.index import ensure
from geocoding.workers import Sources
from stclusters.options import editions_option, find_settings


@click.command("geocode")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--column", default="address", show_default=True, help="Column with the address.")
@click.option("--country-column", help="Column with the country: an ISO code, an old code or a name.")
@click.option("--country", help="Country of all rows, or of --explain, where no column says it.")
@click.option("--output", "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option(
    "--registry",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Research Organization Registry: the v2 JSON dump, zipped or not, or a table in its layout.",
)
@click.option(
    "--gazetteer",
    "gazetteers",
    multiple=True,
    help="Places of your own: a CSV file, a GeoNames dump or a GeoNames postal file, zipped or not; may be repeated.",
)
@click.option(
    "--replace", is_flag=True, help="A dump or postal file replaces the package of its kind, not adds to it."
)
@click.option("--explain", metavar="TEXT", help="Print the candidates for TEXT and what decided, instead.")
@click.option(
    "--review",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the least sure addresses by weight, for a person to decide; without FILE, those of the home.",
)
@click.option(
    "--edition", help="Edition whose addresses --review lists; all years of the home when left out."
)
@click.option(
    "--decisions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A decided --review list, with name and date; it wins over everything.",
)
@click.option("--processes", type=click.IntRange(1), help="Worker processes; all cores when left out.")
@click.option("--home", help="Folder that keeps the index; STCLUSTERS_HOME or ./data when left out.")
@editions_option
def command(
    file: Path | None,
    column: str,
    country_column: str | None,
    country: str | None,
    output: Path | None,
    registry: Path | None,
    gazetteers: tuple[str, ...],
    replace: bool,
    explain: str | None,
    review: Path | None,
    edition: str | None,
    decisions: Path | None,
    processes: int | None,
    home: str | None,
    editions: str | None,
) -> None:
    """Place the addresses of FILE (CSV, may be gzipped) and write them with every row and column of FILE to --output.

    \b
    stclusters geocode places.csv --country-column country --output placed.csv
    stclusters geocode --explain "Univ Leeds, Leeds LS2 9JT, W Yorkshire" --country GB
    stclusters geocode --review doubtful.csv --edition demo --home demo
    """
    if file is None and explain is None and review is not None:
        _review(Home.find(home), editions, edition, review)
        return
    if explain is None and (file is None or output is None):
        raise BadInput(
            "A file to place needs --output.",
            "Give FILE and --output OUT.csv, or --explain TEXT, or --review LIST.csv for a home.",
        )
    if file is not None and not file.is_file():
        raise BadInput("The file is not there.", "Check the path.", str(file))
    found = Home.find(home)
    sources = Sources(
        found.gazetteer(ensure(found, list(gazetteers), _say, replace)),
        None if registry is None else organisation_names.ensure(found, registry, _say),
    )
    if explain is not None:
        from geocoding.explanation import explain as explained
        from geocoding.geocoder import Geocoder

        click.echo("\n".join(explained(Geocoder.open(*sources), explain, country)))
        return
    assert file is not None
    assert output is not None
    from geocoding.decisions import read as read_decisions
    from geocoding.table import Request, geocode_file

    decided = None if decisions is None else read_decisions(decisions)
    request = Request(file, output, column, country_column, country, review, decided)
    counts = geocode_file(request, sources, processes or usable_cores())
    listed = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()) if name != "rows")
    click.echo(f"{counts['rows']:,} rows written to {output}{': ' if listed else ''}{listed}.")


def _review(home: Home, editions: str | None, edition: str | None, target: Path) -> None:
    from geocoding.review import review

    rows = review(home, find_settings(editions), edition, target)
    click.echo(
        f"{rows:,} addresses written to {target}: fill in latitude and longitude (or leave both empty for no point), decided_by"
        " and decided_on, and name the file in geocoding.decisions."
    )


def _say(line: str) -> None:
    click.echo(line, err=True)
