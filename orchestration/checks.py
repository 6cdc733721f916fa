"""Checks that stand beside dbt's tests: on tables that Python writes. A broken one blocks what comes after it."""

from typing import Any

import dagster as dg

from foundation import contracts
from foundation.home import Home
from foundation.settings import Settings
from orchestration.partitions import Partitions


def checks(partitions: Partitions) -> list[Any]:
    """All checks."""

    @dg.asset_check(
        asset="point_clusters",
        blocking=True,
        partitions_def=partitions.editions,
        description="Each point is in one cluster or noise. When it fails, points were written after clustering: "
        "materialise point_clusters again.",
    )
    def each_point_is_classed(
        context: dg.AssetCheckExecutionContext, home: dg.ResourceParam[Home]
    ) -> dg.AssetCheckResult:
        edition = context.partition_key
        points = contracts.read("points", home.table(edition, "points"), ["point_id"])
        classed = contracts.read("point_clusters", home.table(edition, "point_clusters"), ["point_id"])
        same = points.column("point_id").equals(classed.column("point_id"))
        return dg.AssetCheckResult(
            passed=same, metadata={"points": points.num_rows, "classed": classed.num_rows}
        )

    @dg.asset_check(
        asset="site",
        partitions_def=partitions.editions,
        description="Every figure of the ranking page is the mart's at printed precision. When it fails, pages and marts are "
        "of different builds: materialise site again.",
    )
    def printed_figures_are_the_marts(
        context: dg.AssetCheckExecutionContext,
        home: dg.ResourceParam[Home],
        settings: dg.ResourceParam[Settings],
    ) -> dg.AssetCheckResult:
        from publishing.stage import check_site

        different = check_site(home, settings, context.partition_key)
        return dg.AssetCheckResult(
            passed=not different, metadata={"different": len(different), "first": "; ".join(different[:5])}
        )

    return [each_point_is_classed, printed_figures_are_the_marts]
