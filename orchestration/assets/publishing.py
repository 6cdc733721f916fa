"""Stage `publishing`: the release that readers see, the pages, the files to download; and the samples that stay at home."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import dagster as dg

from foundation.home import Home
from foundation.measure import StageReport
from foundation.settings import Settings
from geocoding import review
from orchestration.metadata import RETRY, as_metadata, emitter, failures_as_sentences, pages_link, warn
from orchestration.partitions import Partitions
from orchestration.resources import manifest_file
from publishing import stage

#: a ranking is yearly: what was published is told as getting old after a year, as too old after a month more
FRESH = dg.FreshnessPolicy.time_window(warn_window=timedelta(days=366), fail_window=timedelta(days=396))


def published_tables() -> list[str]:
    """Every mart of the dbt project, from its manifest, and the hand-over tables that a release holds."""
    nodes = json.loads(manifest_file().read_text(encoding="utf-8"))["nodes"].values()
    marts = [
        n["alias"]
        for n in nodes
        if "marts" in n.get("tags", []) and n["config"]["materialized"] == "external"
    ]
    return sorted(
        {*marts, "clusters", "outlines", "world_totals", "cluster_ranks", "points", "edition_settings"}
    )


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""

    def published(name: str, deps: list[str], run: Callable[..., StageReport], what: str) -> Any:
        @dg.asset(
            name=name,
            deps=deps,
            partitions_def=partitions.editions,
            group_name="publishing",
            kinds={"python"},
            retry_policy=RETRY,
            freshness_policy=FRESH,
            description=what,
        )
        def asset(
            context: dg.AssetExecutionContext,
            home: dg.ResourceParam[Home],
            settings: dg.ResourceParam[Settings],
        ) -> dg.MaterializeResult[Any]:
            with failures_as_sentences():
                report = warn(context, run(home, settings, context.partition_key, emitter(context)))
            return dg.MaterializeResult(metadata=as_metadata(report) | pages_link(home, report))

        return asset

    return [
        published(
            "release", published_tables(), stage.release,
            "The build that readers see: marts, clusters, outlines, rounded points, settings and checksums, swapped whole.",
        ),
        published(
            "downloads", ["release"], stage.downloads,
            "The release as CSV, Parquet, XLSX, GeoParquet, GeoPackage, GeoJSON, one DuckDB file, a data package and a zip.",
        ),
        published("briefs", ["release"], stage.write_briefs, "A page for each cluster to hand out, with its figures as CSV."),
        published(
            "site", ["release", "downloads", "briefs"], stage.site,
            "The pages: ranking, map, intensity, fields, economies, findings, comparison, data, quality, method.",
        ),
        published(
            "geocoding_samples", ["geocoding_quality"], review.samples,
            "Files under reports/: 200 located and 50 unlocated addresses of the edition to check by eye, never published.",
        ),
    ]  # fmt: skip
