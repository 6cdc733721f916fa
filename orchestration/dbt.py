"""One call of dbt per stage and edition: each call costs seconds, however few models it builds."""

import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from foundation.atomic import sweep
from foundation.home import Home, dbt_project_folder
from foundation.locks import hold
from foundation.settings import Settings
from orchestration.locked_database import wait_for_database
from orchestration.metadata import emitter, failures_as_sentences
from orchestration.partitions import Partitions
from orchestration.pictures import first_rows
from orchestration.resources import manifest_file, point_dbt_at
from orchestration.translator import StageTranslator

if TYPE_CHECKING:
    from orchestration.column_lineage import ColumnLineage

#: unit tests hold for the code, not for an edition: `make test` runs them, an edition runs the data tests
BUILD = ["build", "--exclude-resource-type", "unit_test"]


def lineage_of(manifest: Mapping[str, Any], target: Path, translator: StageTranslator) -> "ColumnLineage":
    """The columns of the models that a call of dbt with this target folder builds."""
    from orchestration.column_lineage import ColumnLineage

    return ColumnLineage(manifest, target / "compiled", dbt_project_folder(), translator.get_asset_key)


def with_columns(event: Any, lineage: "ColumnLineage") -> Any:
    """`event`, with what each column of the model is made of."""
    unique_id = event.metadata.get("unique_id") if isinstance(event, dg.Output) else None
    if unique_id is None:
        return event
    said = lineage.metadata(str(getattr(unique_id, "value", unique_id)))
    return event.with_metadata({**event.metadata, **said})


def with_rows(event: Any, home: Home, edition: str) -> Any:
    """`event`, with the rows of the table that a model wrote, its size, rate, first rows, and its content as its version.

    Rows come from the file's own footer: asking dbt for them would wait for its end and start a second adapter. An equal
    table has an equal version: what was made of it stays up to date.
    """
    if not isinstance(event, dg.Output):
        return event
    from foundation.parquet import count_rows, file_hash

    name = event.output_name.rsplit("__", 1)[-1]
    file = home.table(edition, name)
    if not file.is_file():  # a view, or a seed
        return event
    rows = count_rows(file)
    told = event.metadata.get("Execution Duration", 0)
    seconds = float(str(getattr(told, "value", told)))
    figures = {
        "rows": rows,
        "seconds": round(seconds, 3),
        "rows_per_second": round(rows / seconds, 1) if seconds else 0.0,
        "bytes": file.stat().st_size,
    }
    metadata = {**event.metadata, **figures, **first_rows(name, file)}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=dg.BetaWarning)  # the version of an output
        return dg.Output(event.value, event.output_name, metadata, dg.DataVersion(file_hash(file)))


def dbt_stage(tag: str, partitions: Partitions) -> Any:
    """The models and tests with a tag, as assets and checks of one edition."""
    translator = StageTranslator(partitions)

    @dbt_assets(
        manifest=manifest_file(),
        select=f"tag:{tag}",
        name=tag,
        partitions_def=partitions.editions,
        dagster_dbt_translator=translator,
        pool="warehouse",
    )
    def stage(
        context: dg.AssetExecutionContext,
        dbt: dg.ResourceParam[DbtCliResource],
        home: dg.ResourceParam[Home],
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[Any]:
        edition = context.partition_key
        with hold(home.lock(edition), f"dbt, {tag}, edition {edition}", emitter(context)):
            target = point_dbt_at(home, settings, edition)
            with failures_as_sentences():
                wait_for_database(home.database(edition), emitter(context))
            sweep(home.warehouse(edition), alone=True)
            called = dbt.cli(BUILD, context=context, target_path=target)
            lineage = lineage_of(called.manifest, target, translator)
            for event in called.stream():
                yield with_rows(with_columns(event, lineage), home, edition)

    return stage
