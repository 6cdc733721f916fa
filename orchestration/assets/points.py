"""Stage `points`: the edition's rules as a table; listings get fractions and coordinates; places become points."""

from typing import Any

import dagster as dg

from extracts.readiness import require_years
from foundation.contracts.edition_settings import write_edition_settings
from foundation.home import Home
from foundation.settings import Settings
from orchestration.dbt import dbt_stage
from orchestration.metadata import as_metadata, column_metadata, describe, failures_as_sentences, warn
from orchestration.partitions import Partitions
from orchestration.pictures import first_rows


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    lake = [
        dg.AssetDep(table, partition_mapping=partitions.year_to_edition)
        for table in ("documents", "listings", "addresses", "geocodes")
    ]

    @dg.asset(
        deps=lake,
        partitions_def=partitions.editions,
        group_name="points",
        kinds={"python", "parquet"},
        description=describe(
            "edition_settings", "Fails when a publication year of the edition is not prepared."
        ),
        metadata=column_metadata("edition_settings"),
    )
    def edition_settings(
        context: dg.AssetExecutionContext, home: dg.ResourceParam[Home], settings: dg.ResourceParam[Settings]
    ) -> dg.MaterializeResult[Any]:
        with failures_as_sentences():
            warn(context, require_years(home, settings, context.partition_key))
            report = write_edition_settings(home, settings, context.partition_key)
        version = dg.DataVersion(report.versions["edition_settings"])
        rows = first_rows("edition_settings", home.table(context.partition_key, "edition_settings"))
        return dg.MaterializeResult(metadata=as_metadata(report) | rows, data_version=version)

    return [edition_settings, dbt_stage("points", partitions)]
