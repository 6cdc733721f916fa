"""`stclusters cluster`: clusters of the points of any CSV or Parquet file."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("cluster")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write."
)
@click.option("--eps-km", default=15.0, show_default=True, help="Radius of a neighborhood, km.")
@click.option(
    "--min-samples", default=4500, show_default=True, help="Weight within it that makes a core point."
)
@click.option("--latitude", default="latitude", show_default=True, help="Column, degrees.")
@click.option("--longitude", default="longitude", show_default=True, help="Column, degrees.")
@click.option("--weight", help="Column of whole numbers; 'weight' if there is one, else 1 for each row.")
@click.option(
    "--merge-within-km",
    default=0.0,
    show_default=True,
    help="Join clusters whose nearest points are this near.",
)
@click.option("--merge-core-km", type=float, help="And whose nearest core points are this near.")
@click.option(
    "--outline-ratio", default=0.3, show_default=True, help="Of the concave hull; 1 is the convex hull."
)
@click.option("--threads", type=click.IntRange(1), help="All cores when left out.")
def command(
    file: Path,
    out: Path,
    eps_km: float,
    min_samples: int,
    latitude: str,
    longitude: str,
    weight: str | None,
    merge_within_km: float,
    merge_core_km: float | None,
    outline_ratio: float,
    threads: int | None,
) -> None:
    """Cluster the points of FILE (CSV or Parquet) and write every row with its cluster, clusters and outlines to --out.

    \b
    stclusters cluster stops.csv --eps-km 0.15 --min-samples 20 --out stops
    """
    from clustering.alone import Request, cluster_file

    request = Request(
        file, out, eps_km, min_samples, latitude, longitude, weight, merge_within_km, merge_core_km,
        outline_ratio, threads,
    )  # fmt: skip
    counts = cluster_file(request)
    listed = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    click.echo(f"{listed}; written to {out}.")
