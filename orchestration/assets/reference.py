"""Stage `reference`: the gazetteer, from packaged sources and from what the user brings."""

from typing import Any

import dagster as dg

from foundation.home import Home
from foundation.settings import Settings
from geocoding import stage
from orchestration.metadata import (
    RETRY,
    as_metadata,
    column_metadata,
    describe,
    emitter,
    failures_as_sentences,
)
from orchestration.pictures import first_rows


def assets() -> list[Any]:
    """The assets of this stage."""

    @dg.asset(
        group_name="reference",
        kinds={"python", "parquet"},
        retry_policy=RETRY,
        description=describe(
            "places", "From the packaged gazetteer; rerun after its package or your own changed."
        ),
        metadata=column_metadata("places"),
    )
    def places(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        with failures_as_sentences():
            report = stage.build_index(home, settings, emitter(context))
        return dg.MaterializeResult(
            metadata=as_metadata(report) | first_rows("places", home.places()),
            data_version=dg.DataVersion(report.versions["places"]),
        )

    return [places]
