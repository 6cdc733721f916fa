"""`stclusters explain`: how a figure arises, a record's way through every stage, why a place is in or out."""

from __future__ import annotations

from pathlib import Path

import click

from stclusters.options import editions_option, find_home, find_settings, home_option


@click.command("explain")
@click.option("--cluster", metavar="NAME", help="A cluster by name, city or cluster id, as Madrid.")
@click.option("--figure", metavar="FIGURE", default="pct_count", show_default=True,
              help="Its figure: pct_count, sci_count, a share, total, rank, listings, points, …")  # fmt: skip
@click.option("--limit", type=click.IntRange(0), default=5, show_default=True, metavar="N",
              help="Documents that are shown with their listings, the largest first.")  # fmt: skip
@click.option("--output", "--out", "out", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write every listing of the figure as CSV.")  # fmt: skip
@click.option("--record", metavar="ID", help="A record, as WO2019123456 or WOS:000201900004392.")
@click.option("--place", metavar="NAME", help="A place of the gazetteer, as Leuven.")
@click.option(
    "--address",
    metavar="TEXT",
    help="An address as a raw file gives it: how it is placed, and where that is.",
)
@click.option(
    "--country", metavar="CODE", help="ISO code of the place or address, where the name alone is not enough."
)
@click.option("--edition", required=True, help="The edition to explain.")
@home_option
@editions_option
def command(
    cluster: str | None,
    figure: str,
    limit: int,
    out: Path | None,
    record: str | None,
    place: str | None,
    address: str | None,
    country: str | None,
    edition: str,
    home: str | None,
    editions: str | None,
) -> None:
    """How a cluster's figure arises, down to raw file and position; the way of one record through every stage; why a
    place or an address is in a cluster of an edition, or in none.

    \b
    stclusters explain --cluster Madrid --figure pct_count --edition demo --home demo
    stclusters explain --record WO2019001220 --edition demo --home demo
    stclusters explain --place Leuven --edition demo --home demo
    stclusters explain --address "Calle Mayor 47, 28028 Madrid" --country ES --edition demo --home demo
    """
    if [cluster, record, place, address].count(None) != 3:
        raise click.UsageError("Give one of --cluster, --record, --place and --address.")
    where, settings = find_home(home), find_settings(editions)
    if cluster is not None:
        from stclusters.figure_parts import explain_figure

        lines = list(explain_figure(where, settings, edition, cluster, figure, limit, out))
    elif record is not None:
        from stclusters.record_way import explain_record

        lines = list(explain_record(where, settings, edition, record))
    elif address is not None:
        from stclusters.explanation import explain_address

        lines = explain_address(where, settings, edition, address, country)
    else:
        from stclusters.explanation import explain_place

        lines = explain_place(where, settings, edition, place or "", country)
    click.echo("\n".join(lines))
