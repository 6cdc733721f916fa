"""Stage `geocoding`: where the addresses of a publication year lie, and how sure that is."""

from typing import Any

import dagster as dg

from foundation.home import Home
from foundation.settings import Settings
from geocoding import stage
from orchestration.assets.lake import WHEN_A_DEPENDENCY_CHANGED
from orchestration.metadata import (
    RETRY,
    as_metadata,
    column_metadata,
    describe,
    emitter,
    failures_as_sentences,
)
from orchestration.partitions import Partitions
from orchestration.pictures import first_rows


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""

    @dg.asset(
        deps=["addresses", "places"],
        partitions_def=partitions.years,
        group_name="geocoding",
        kinds={"python", "parquet"},
        retry_policy=RETRY,
        pool="memory",
        automation_condition=WHEN_A_DEPENDENCY_CHANGED,
        description=describe(
            "geocodes", "Answers of other years are used again when the gazetteer is the same."
        ),
        metadata=column_metadata("geocodes"),
    )
    def geocodes(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        with failures_as_sentences():
            year = int(context.partition_key)
            report = stage.geocode_year(home, settings, year, emitter(context))
        return dg.MaterializeResult(
            metadata=as_metadata(report) | first_rows("geocodes", home.lake("geocodes", year)),
            data_version=dg.DataVersion(report.versions["geocodes"]),
        )

    return [geocodes]
