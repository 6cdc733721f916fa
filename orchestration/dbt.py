"""One call of dbt per stage and edition: each call costs seconds, however few models it builds."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from foundation.atomic import sweep
from foundation.home import Home
from foundation.locks import hold
from foundation.settings import Settings
from orchestration.metadata import emitter
from orchestration.partitions import Partitions
from orchestration.resources import manifest_file, point_dbt_at
from orchestration.translator import StageTranslator

#: unit tests hold for the code, not for an edition: `make test` runs them, an edition runs the data tests
BUILD = ["build", "--exclude-resource-type", "unit_test"]


def dbt_stage(tag: str, partitions: Partitions) -> Any:
    """The models and tests with a tag, as assets and checks of one edition."""

    @dbt_assets(
        manifest=manifest_file(),
        select=f"tag:{tag}",
        name=tag,
        partitions_def=partitions.editions,
        dagster_dbt_translator=StageTranslator(partitions),
        pool="warehouse",
    )
    def stage(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        home: dg.ResourceParam[Home],
        settings: dg.ResourceParam[Settings],
    ) -> Iterator[Any]:
        edition = context.partition_key
        with hold(home.lock(edition), f"dbt, {tag}, edition {edition}", emitter(context)):
            target = point_dbt_at(home, settings, edition)
            sweep(home.warehouse(edition), alone=True)
            yield from dbt.cli(BUILD, context=context, target_path=target).stream()

    return stage
