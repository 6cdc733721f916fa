"""How dbt's models appear among the assets: plain names, the stage as the group, the right partition mappings.

Nothing about a single model stands here: names, groups and descriptions come from the project's YAML.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

from foundation.home import dbt_project_folder
from orchestration.partitions import Partitions

LAKE = "lake"
#: what a test of a kind guards, and what to do when it fails; the words in braces are its arguments
GUARDS = {
    "key": "One row for each {columns}, and nothing missing that must be there. When it fails: the failing rows are in "
    "dbt's log; a join has multiplied rows, or an input broke its contract. Nothing is published; report it.",
    "one_of": "{column_name} holds only the classes that pages and files know. When it fails: an input brought a new "
    "class; add it to the contract and to the pages, or mend the reader.",
    "is_share": "{column_name} lies within its range. When it fails: a part is larger than its whole; compare the counts "
    "behind it (stclusters explain). Nothing is published.",
    "has_a_reason": "{figure} is missing exactly where {why} says why. When it fails: a page would show a blank that "
    "nobody explains; mend the model.",
    "sums_to": "The parts in {expression} sum to {total}. When it fails: something is counted twice or lost; see the "
    "reconciliation table for the step. Nothing is published.",
    "ranks_descend": "{rank} is one more than the number of greater {total}. When it fails: the ranking is in a wrong "
    "order; nothing is published; report it.",
    "world_holds_its_documents": "A given world total is not smaller than the documents that the edition counts itself. "
    "When it fails: mend world_totals in the settings (shares would exceed 100 %). Nothing is published.",
    "world_is_not_empty": "Each indicator has documents in the windows. When it warns: a delivery is missing, or the "
    "windows name years that no delivery holds; see year_coverage and stclusters status.",
}


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

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Dagster's own, and the file that the SQL or the seed stands in."""
        file = dbt_resource_props["original_file_path"]
        where = dg.LocalFileCodeReference(
            file_path=str(dbt_project_folder() / file), line_number=1, label=file
        )
        references = dg.CodeReferencesMetadataValue(code_references=[where])
        return {**super().get_metadata(dbt_resource_props), "dagster/code_references": references}

    def get_partition_mapping(
        self, dbt_resource_props: Mapping[str, Any], dbt_parent_resource_props: Mapping[str, Any]
    ) -> dg.PartitionMapping | None:
        """Lake tables come by publication year; everything else of an edition is of the same edition."""
        del dbt_resource_props
        parent = dbt_parent_resource_props
        if parent.get("resource_type") == "source" and parent.get("source_name") == LAKE:
            return self._partitions.year_to_edition
        return None

    def get_asset_check_spec(
        self,
        asset_spec: dg.AssetSpec,
        manifest: Mapping[str, Any],
        unique_id: str,
        project: DbtProject | None,
    ) -> dg.AssetCheckSpec | None:
        """The check of a dbt test, with what it guards and what to do when it fails."""
        spec = super().get_asset_check_spec(asset_spec, manifest, unique_id, project)
        test = manifest["nodes"][unique_id].get("test_metadata") or {}
        words = GUARDS.get(test.get("name", ""))
        if spec is None or words is None:
            return spec
        arguments = {name: _listed(value) for name, value in test["kwargs"].items()}
        return spec._replace(description=words.format_map(arguments))


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else " ".join(str(value).split())
