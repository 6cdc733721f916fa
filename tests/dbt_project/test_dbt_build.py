"""dbt's own run on empty tables: every model, data test and unit test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import dagster as dg
import duckdb

from foundation import contracts
from foundation.home import Home, dbt_project_folder
from orchestration.column_lineage import ColumnLineage
from tests.dbt_project.conftest import EDITION
from tests.dbt_project.dbt_calls import Called

STAGES = ("points", "counting", "marts")


def test_dbt_builds_and_tests_everything_without_data(empty_build: tuple[Home, Called]) -> None:
    home, built = empty_build
    assert built.returncode == 0, built.output
    assert len(built.results) == len(built.manifest["nodes"]) + len(built.manifest["unit_tests"])
    found = Counter((result["unique_id"].split(".")[0], result["status"]) for result in built.results)
    assert found["unit_test", "pass"] == len(built.manifest["unit_tests"]) > 0
    # an empty world has no documents of either kind, which is a warning, and nothing else goes wrong
    assert {status for _, status in found} <= {"success", "pass", "warn"}
    assert found["test", "warn"] == 1
    assert not list(home.warehouse(EDITION).glob("tmp_*"))
    # the adapter's own materialization would have written a row of nulls here
    assert contracts.read("cluster_ranks", home.table(EDITION, "cluster_ranks")).num_rows == 0


def test_each_call_of_an_edition_reads_only_what_earlier_calls_made(
    empty_build: tuple[Home, Called],
) -> None:
    nodes = {
        name: node
        for name, node in empty_build[1].manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    stage = {name: min(STAGES.index(tag) for tag in node["tags"]) for name, node in nodes.items()}
    for name, node in nodes.items():
        parents = [parent for parent in node["depends_on"].get("nodes", []) if parent in stage]
        assert all(stage[parent] <= stage[name] for parent in parents), name


def test_the_parse_of_make_setup_serves_every_edition(empty_build: tuple[Home, Called]) -> None:
    """Dagster hands an edition the project's last parse; a place in the profile that differs would make it void."""
    home, project = empty_build[0], dbt_project_folder()
    edition = home.warehouse("second")
    edition.mkdir(parents=True)
    dbt = [str(Path(sys.executable).parent / "dbt"), "--quiet"]
    environment = {
        **os.environ,
        "DBT_LOG_PATH": str(edition / "logs"),
        "DBT_TARGET_PATH": str(edition / "target"),
    }
    here = ["parse", "--profiles-dir", ".", "--project-dir", "."]
    subprocess.run([*dbt, *here], env=environment, cwd=project, check=True, capture_output=True)
    environment |= {"DBT_PROJECT_DIR": str(project), "DBT_PROFILES_DIR": str(project)}
    subprocess.run([*dbt, "seed"], env=environment, cwd=edition, check=True, capture_output=True)
    log = (edition / "logs" / "dbt.log").read_text(encoding="utf-8")
    assert "no changes found, skipping parsing" in log
    assert (edition / "workshop.duckdb").is_file()


def columns_of(built: Called, target: Path) -> ColumnLineage:
    """Lineage of a build's columns, each node being the asset of its name."""
    return ColumnLineage(built.manifest, target, dbt_project_folder(), lambda node: dg.AssetKey(node["name"]))


def test_every_model_is_followed_column_by_column_to_tables_that_python_wrote(
    empty_build: tuple[Home, Called],
) -> None:
    home, built = empty_build
    target = home.warehouse(EDITION) / "target" / "compiled"
    lineage = columns_of(built, target)
    models = [name for name in built.manifest["nodes"] if name.startswith("model.")]
    without = []
    for model in models:
        listed = built.manifest["nodes"][model]["columns"]
        assert listed.keys() <= lineage.columns(model).keys(), model
        if "dagster/column_lineage" not in lineage.metadata(model):
            without.append(model)
    assert without == [
        "model.stclusters.regions"
    ]  # an unpivot, which the reader of SQL does not look through

    def ends(node: str, column: str) -> set[tuple[str, str]]:
        made_of = lineage.columns(node)[column].made_of
        return {end for one in made_of for end in ends(*one)} or {(node, column)}

    assert ends("model.stclusters.ranking", "name") == {("source.stclusters.edition.clusters", "name")}
    assert ("source.stclusters.lake.geocodes", "latitude") in ends("model.stclusters.ranking", "total")
    assert ("source.stclusters.lake.listings", "listing_no") in ends("model.stclusters.ranking", "pct_count")


def test_the_types_told_are_those_of_the_database(empty_build: tuple[Home, Called]) -> None:
    home, built = empty_build
    target = home.warehouse(EDITION) / "target" / "compiled"
    lineage = columns_of(built, target)
    with duckdb.connect(str(home.database(EDITION)), read_only=True) as held:
        rows = held.sql("select table_name, column_name, data_type from duckdb_columns()").fetchall()
    real = {(table, column): kind.lower() for table, column, kind in rows}
    told = {}
    for model in built.manifest["nodes"]:
        if model.startswith("model.") and "dagster/column_schema" in lineage.metadata(model):
            name = model.rsplit(".", 1)[-1]
            columns = lineage.columns(model).items()
            told |= {(name, c): one.type.replace(" ", "") for c, one in columns if one.type}
    assert len(told) > 300
    # a coalesce with a whole number widens a small one
    wider = {("int_documents_by_field", "field_nr"), ("int_cluster_fields", "field_nr")}
    assert {column for column, kind in told.items() if real[column] != kind} == wider
