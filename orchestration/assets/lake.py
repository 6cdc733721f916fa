"""Stage `lake`: the deliveries' rows of a publication year, merged; one copy of each document stays."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from extracts import stage
from foundation.home import Home
from foundation.settings import Settings
from orchestration.metadata import (
    RETRY,
    as_metadata,
    column_metadata,
    describe,
    failures_as_sentences,
    results,
    warn,
)
from orchestration.partitions import Partitions
from orchestration.pictures import coverage_picture, first_rows

TABLES = (
    "documents", "listings", "applicants", "organisations", "ipc", "technology_fields", "subjects", "addresses",
)  # fmt: skip
#: when a table's input has another content, or will be made in this very run: a changed year is merged and geocoded by one
#: run, and what came out of the same run asks for no second one
WHEN_A_DEPENDENCY_CHANGED = dg.AutomationCondition.any_deps_match(
    (dg.AutomationCondition.data_version_changed() & ~dg.AutomationCondition.executed_with_root_target())
    | dg.AutomationCondition.will_be_requested()
)


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    return [_lake(partitions), _year_coverage()]


def _lake(partitions: Partitions) -> Any:
    @dg.multi_asset(
        name="lake",
        specs=[
            dg.AssetSpec(
                table,
                deps=["intake"],
                group_name="lake",
                kinds={"python", "parquet"},
                description=describe(
                    table, "Merged over all deliveries; rerun when the year's intake changed."
                ),
                metadata=column_metadata(table),
                automation_condition=WHEN_A_DEPENDENCY_CHANGED,
            )
            for table in TABLES
        ],
        partitions_def=partitions.years,
        retry_policy=RETRY,
        pool="memory",
    )
    def lake(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> Iterator[dg.MaterializeResult[Any]]:
        with failures_as_sentences():
            year = int(context.partition_key)
            report = warn(context, stage.merge_year(home, settings, year))
            shown = {table: first_rows(table, home.lake(table, year)) for table in TABLES}
        yield from results(report, TABLES, more=shown)

    return lake


def _year_coverage() -> Any:
    @dg.asset(
        deps=[
            dg.AssetDep(table, partition_mapping=dg.AllPartitionMapping())
            for table in ("documents", "listings", "addresses")
        ],
        group_name="lake",
        kinds={"python", "parquet"},
        retry_policy=RETRY,
        description=describe(
            "year_coverage", 'Answers "is 2023 complete?"; rerun after years were prepared.'
        ),
        metadata=column_metadata("year_coverage"),
    )
    def year_coverage(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        with failures_as_sentences():
            report = warn(context, stage.year_coverage(home, settings))
        version = dg.DataVersion(report.versions["year_coverage"])
        return dg.MaterializeResult(
            metadata=as_metadata(report)
            | coverage_picture(home)
            | first_rows("year_coverage", home.year_coverage()),
            data_version=version,
        )

    return year_coverage
