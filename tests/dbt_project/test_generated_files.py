"""What the contracts generate is what is committed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
import yaml

from foundation import contracts
from foundation.home import dbt_project_folder
from stclusters.commands.contracts import (
    SOURCES,
    dictionary_markdown,
    empty_tables,
    generated,
    sources_yaml,
    sql_type,
)


@pytest.mark.parametrize("path", list(generated()), ids=lambda path: path.name)
def test_committed_file_is_what_the_contracts_say(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == generated()[path], "run `make contracts`"


def test_every_source_column_is_its_contract_s() -> None:
    sources = yaml.safe_load(sources_yaml())["sources"]
    tables = {table["name"]: table for source in sources for table in source["tables"]}
    assert set(tables) == {name for source in SOURCES for name in source.tables}
    listings = {column["name"]: column["data_type"] for column in tables["listings"]["columns"]}
    assert listings == {
        column.name: sql_type(column.type) for column in contracts.contract("listings").columns
    }
    assert tables["geocodes"]["config"]["meta"]["dagster"]["asset_key"] == ["geocodes"]


def test_dictionary_names_every_contract_and_mart() -> None:
    text = dictionary_markdown()
    for name in [*contracts.names(), "ranking", "reconciliation", "economies"]:
        assert f"### {name}\n" in text


def test_empty_tables_follow_their_contracts(tmp_path: Path) -> None:
    home = empty_tables(tmp_path)
    assert contracts.read("listings", home.lake("listings", 2020)).num_rows == 0
    assert contracts.read("edition_settings", home.table("empty", "edition_settings")).num_rows == 1


def test_types_are_named_as_duckdb_names_them() -> None:
    assert sql_type(pa.list_(pa.int16())) == "smallint[]"
    assert sql_type(pa.decimal128(38, 15)) == "decimal(38,15)"


def test_memory_and_spilling_are_set_when_the_database_is_opened() -> None:
    """dbt-duckdb sets `settings` on every cursor, and DuckDB refuses a temporary directory after the first spill."""
    profile = yaml.safe_load((dbt_project_folder() / "profiles.yml").read_text(encoding="utf-8"))
    output = profile["stclusters"]["outputs"]["edition"]
    assert "settings" not in output
    assert set(output["config_options"]) >= {"memory_limit", "temp_directory", "threads"}
