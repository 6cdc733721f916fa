"""Stage `extracts`: raw files of a delivery become tables; which publication years they touch is observed."""

import warnings
from typing import Any

import dagster as dg

from extracts import stage
from foundation.home import Home
from foundation.settings import Settings
from orchestration.metadata import RETRY, as_metadata, emitter, failures_as_sentences, one_version, warn
from orchestration.partitions import DELIVERY, Partitions
from orchestration.pictures import first_rows

#: tables that delivery_tables writes without a year; named so that lineage reaches the reconciliation
BESIDE = {
    "files": "One row per raw file of a delivery: what was read, kept, filtered, a duplicate, rejected.",
    "filtered": "Records of a file left out by one rule.",
    "delivered_documents": "Documents as each delivery brought them, before one copy of each was chosen.",
}
#: metadata that holds the mark of the files that were read, by which the sensor knows them
MARK = "files_mark"
DATA_VERSION_TAG = "dagster/data_version"


def report_intake(context: dg.AssetExecutionContext, home: Home, settings: Settings) -> None:
    """Say of each year what version of raw data it has; only a changed one makes the year's tables stale."""
    years = [year for year in stage.read_years(home) if year in settings.partition_years()]
    for year, version in sorted(stage.intake_versions(home, settings, years).items()):
        context.instance.report_runless_asset_event(
            dg.AssetObservation(asset_key="intake", partition=str(year), tags={DATA_VERSION_TAG: version})
        )


def mark_read(instance: dg.DagsterInstance, delivery: str) -> str | None:
    """The mark of the files that the delivery's tables were made of; None when they never were, or before marks were kept."""
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey("delivery_tables"), asset_partitions=[delivery])
    records = instance.fetch_materializations(wanted, limit=1).records
    made = records[0].asset_materialization if records else None
    value = made.metadata.get(MARK) if made is not None else None
    return None if value is None else str(value.value)


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    tables = _delivery_tables()
    beside = [
        dg.AssetSpec(
            name, deps=["delivery_tables"], group_name="extracts", kinds={"parquet"}, description=what
        )
        for name, what in BESIDE.items()
    ]
    return [tables, _completeness(tables), _intake(partitions), *beside]


def _delivery_tables() -> Any:
    @dg.asset(
        partitions_def=DELIVERY,
        group_name="extracts",
        kinds={"python", "parquet"},
        retry_policy=RETRY,
        pool="memory",
    )
    def delivery_tables(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        """Canonical tables of one delivery of raw files, by table and publication year.

        Each record is kept, filtered, a duplicate or rejected, with a reason. Rerun after the delivery's files changed;
        unchanged files are not read again.
        """
        mark = stage.mark_of_delivery(
            home, context.partition_key
        )  # before: what changes meanwhile is read again
        with failures_as_sentences():
            report = warn(
                context, stage.read_delivery(home, settings, context.partition_key, emitter(context))
            )
            stage.completeness(home, settings)
            report_intake(context, home, settings)
        metadata = as_metadata(report) | {MARK: mark}
        return dg.MaterializeResult(metadata=metadata, data_version=one_version(report))

    return delivery_tables


def _completeness(tables: Any) -> Any:
    @dg.asset(deps=[tables], group_name="lake", kinds={"python", "parquet"}, retry_policy=RETRY)
    def completeness(
        home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        """The copy that stays of each document that came in several files or deliveries, over all years."""
        with failures_as_sentences():
            report = stage.completeness(home, settings)
        version = report.versions.get("completeness")
        return dg.MaterializeResult(
            metadata=as_metadata(report) | first_rows("completeness", home.completeness()),
            data_version=dg.DataVersion(version) if version else None,
        )

    return completeness


def _intake(partitions: Partitions) -> Any:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=dg.BetaWarning)

        @dg.multi_observable_source_asset(  # type: ignore[untyped-decorator]  # Dagster gives it no types
            name="intake",
            specs=[
                dg.AssetSpec(
                    "intake",
                    deps=[dg.AssetDep("delivery_tables", partition_mapping=dg.AllPartitionMapping())],
                    group_name="extracts",
                    kinds={"python"},
                    description="What raw data a publication year holds, as a version: it changes only when a delivery"
                    " changes that year. Observe it to recompute the version from the deliveries' tables.",
                )
            ],
            partitions_def=partitions.years,
        )
        def intake(
            context: dg.AssetExecutionContext,
            home: dg.ResourceParam[Home],
            settings: dg.ResourceParam[Settings],
        ) -> Any:
            with failures_as_sentences():
                versions = stage.intake_versions(home, settings, [int(context.partition_key)])
            for version in versions.values():
                yield dg.ObserveResult(asset_key="intake", data_version=dg.DataVersion(version))

    return intake
