"""Stage `clustering`: points become clusters; clusters get outlines, names and their predecessors."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
from pydantic import Field

from clustering import stage
from foundation import contracts
from foundation.home import Home
from foundation.measure import StageReport
from foundation.settings import Edition, Settings
from orchestration.metadata import (
    RETRY,
    column_metadata,
    describe,
    emitter,
    failures_as_sentences,
    results,
    warn,
)
from orchestration.partitions import Partitions
from orchestration.pictures import as_markdown, first_rows
from publishing.map.preview import preview


def _told(setting: str) -> str:
    """What the settings file says of a setting, for the Launchpad."""
    return f"{Edition.model_fields[setting].description}. Left out: the edition's setting."


class Tried(dg.Config):
    """Values to try in one run, from the Launchpad; what is left out is the edition's setting."""

    def settings(self, context: dg.AssetExecutionContext, settings: Settings) -> Settings:
        """The settings of this run; a change is said in the log, since the edition's own settings do not hold it."""
        changes = {name: value for name, value in self.model_dump().items() if value is not None}
        if changes:
            context.log.warning(
                f"Tried with {changes}, which are not the settings of edition {context.partition_key}: run without them, "
                "or put them into editions.yaml, before anything is published."
            )
        return settings.tried(context.partition_key, changes) if changes else settings


class TriedClusters(Tried):
    """What makes clusters of points."""

    eps_km: float | None = Field(None, description=_told("eps_km"))
    min_samples: int | None = Field(None, description=_told("min_samples"))
    merge_within_km: float | None = Field(None, description=_told("merge_within_km"))
    merge_core_km: float | None = Field(None, description=_told("merge_core_km"))


class TriedOutlines(Tried):
    """What makes outlines of clusters."""

    outline_ratio: float | None = Field(None, description=_told("outline_ratio"))


#: what the Launchpad of the job `edition` opens with, so that nobody must know what may be tried: nothing is changed
AS_SET = {
    "ops": {
        "point_clusters": {"config": dict.fromkeys(TriedClusters.model_fields)},
        "describe": {"config": dict.fromkeys(TriedOutlines.model_fields)},
    }
}


def _map(home: Home, settings: Settings, edition: str) -> dg.MarkdownMetadataValue:
    """The edition's clusters as a small map."""
    points = contracts.read("points", home.table(edition, "points"), ["latitude", "longitude"])
    placed = contracts.read("point_clusters", home.table(edition, "point_clusters"), ["cluster_no"])
    return as_markdown(
        preview(points, placed, settings.edition(edition).ranked_size), f"Clusters of {edition}"
    )


def _results(
    report: StageReport, home: Home, edition: str, tables: Sequence[str], **drawn: Any
) -> Iterator[dg.MaterializeResult[Any]]:
    """A materialisation of each table, with its first rows, or with what was drawn of it (`map` of the first one)."""
    shown = {table: first_rows(table, home.table(edition, table)) for table in tables}
    shown[tables[0]] |= drawn
    yield from results(report, tables, more=shown)


def _spec(table: str, deps: list[Any], more: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        table,
        deps=deps,
        group_name="clustering",
        kinds={"python", "parquet"},
        description=describe(table, more),
        metadata=column_metadata(table),
    )


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    return [_point_clusters(partitions), _described(partitions), _previous(partitions), _matched(partitions)]


def _point_clusters(partitions: Partitions) -> Any:
    clustered = [
        _spec(
            "point_clusters", ["points"], "By DBSCAN on the sphere and merging; rerun after new parameters."
        ),
        _spec("cluster_neighbours", ["points"], "The chain that joined two names can be read from it."),
        _spec("pair_trials", ["points"], "Without merging, without and with a limit between cores."),
    ]

    @dg.multi_asset(
        name="point_clusters",
        specs=clustered,
        partitions_def=partitions.editions,
        retry_policy=RETRY,
        pool="memory",
    )
    def point_clusters(
        context: dg.AssetExecutionContext,
        config: TriedClusters,
        home: dg.ResourceParam[Home],
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with failures_as_sentences():
            chosen, edition = config.settings(context, settings), context.partition_key
            report = warn(context, stage.cluster(home, chosen, edition, emitter(context)))
            drawn = _map(home, chosen, edition)
        yield from _results(report, home, edition, [spec.key.path[-1] for spec in clustered], map=drawn)

    return point_clusters


def _described(partitions: Partitions) -> Any:
    described = [
        _spec("clusters", ["points", "point_clusters", "places"], "Named after its cities by listings."),
        _spec("outlines", ["points", "point_clusters"], "The polygon that area and population are taken in."),
    ]

    @dg.multi_asset(name="describe", specs=described, partitions_def=partitions.editions, retry_policy=RETRY)
    def describe_clusters(
        context: dg.AssetExecutionContext,
        config: TriedOutlines,
        home: dg.ResourceParam[Home],
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with failures_as_sentences():
            chosen = config.settings(context, settings)
            report = warn(context, stage.describe(home, chosen, context.partition_key, emitter(context)))
        yield from _results(report, home, context.partition_key, ("clusters", "outlines"))

    return describe_clusters


def _previous(partitions: Partitions) -> Any:
    before = [
        dg.AssetDep(table, partition_mapping=partitions.previous_to_edition)
        for table in ("cluster_ranks", "world_totals", "clusters")
    ]
    previous_spec = _spec(
        "previous_clusters", before, "Taken from the previous edition; empty when there is none."
    )

    @dg.multi_asset(
        name="previous_clusters",
        specs=[previous_spec],
        partitions_def=partitions.editions,
        retry_policy=RETRY,
    )
    def previous_clusters(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with failures_as_sentences():
            report = stage.previous(home, settings, context.partition_key)
        yield from _results(report, home, context.partition_key, ("previous_clusters",))

    return previous_clusters


def _matched(partitions: Partitions) -> Any:
    after = ["previous_clusters", "point_years", "point_clusters"]
    matched = [
        _spec("lineage", after, "By listings present in both editions."),
        _spec("predecessors", after, "One row a cluster; previous ranks and newcomers are read from it."),
        _spec("previous_areas", after, "The base of growth with growth_area: present."),
    ]

    @dg.multi_asset(name="lineage", specs=matched, partitions_def=partitions.editions, retry_policy=RETRY)
    def lineage(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with failures_as_sentences():
            report = stage.match(home, settings, context.partition_key)
        tables = ("lineage", "predecessors", "previous_areas")
        yield from _results(report, home, context.partition_key, tables)

    return lineage
