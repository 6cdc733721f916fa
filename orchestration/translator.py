"""How dbt's models appear among the assets: plain names, the stage as the group, the right partition mappings.

Nothing about a single model stands here: names, groups and descriptions come from the project's YAML.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator

from orchestration.partitions import Partitions

LAKE = "lake"


class StageTranslator(DagsterDbtTranslator):
    """Asset key = the model's name; sources are the assets that write them."""

    def __init__(self, partitions: Partitions) -> None:
        self._partitions = partitions
        super().__init__()

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """The name of the table that is written; a source's table is the asset that writes it."""
        return dg.AssetKey(dbt_resource_props.get("alias") or dbt_resource_props["name"])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The stage, from the first of the model's tags; seeds belong to the reference tables."""
        if dbt_resource_props.get("resource_type") == "seed":
            return "reference"
        tags = [tag for tag in dbt_resource_props.get("tags", []) if tag in ("points", "counting", "marts")]
        return tags[0] if tags else None

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        """Lake tables come by publication year; everything else of an edition is of the same edition."""
        del dbt_resource_props
        parent = dbt_parent_resource_props
        if parent.get("resource_type") == "source" and parent.get("source_name") == LAKE:
            return self._partitions.year_to_edition
        return None
