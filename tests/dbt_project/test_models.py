"""What every model must have, read from the project's files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from foundation import contracts
from foundation.contracts.filtered import CONTRACT as FILTERED
from foundation.home import dbt_project_folder
from stclusters.commands.contracts import sql_type

MODELS = dbt_project_folder() / "models"
FILES = sorted(file for file in MODELS.rglob("*.sql"))
RULED = [file for file in FILES if file.parent.name != "staging"]
MARTS = [file for file in FILES if file.parent == MODELS / "marts"]


def yaml_of(file: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(file.with_suffix(".yml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def model_of(file: Path) -> dict[str, Any]:
    (model,) = yaml_of(file)["models"]
    assert model["name"] == file.stem
    return dict(model)


def columns_of(model: dict[str, Any]) -> dict[str, str]:
    return {column["name"]: column["data_type"] for column in model["columns"]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_model_starts_with_its_grain(file: Path) -> None:
    assert file.read_text(encoding="utf-8").startswith("-- grain: ")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_only_staging_reads_sources(file: Path) -> None:
    reads_sources = "source(" in file.read_text(encoding="utf-8")
    assert reads_sources == (file.parent.name == "staging")


@pytest.mark.parametrize("file", RULED, ids=lambda file: file.stem)
def test_model_has_a_description_and_a_unit_test_that_names_its_rule(file: Path) -> None:
    assert model_of(file)["description"].endswith(".")
    unit_tests = yaml_of(file)["unit_tests"]
    assert unit_tests
    for test in unit_tests:
        assert test["model"] == file.stem
        assert re.match(r"(methodology|design)_\d+_", test["name"])


@pytest.mark.parametrize("file", MARTS, ids=lambda file: file.stem)
def test_mart_has_key_test_grain_and_described_columns(file: Path) -> None:
    model = model_of(file)
    assert any("key" in test for test in model["data_tests"])
    assert "One row per" in model["description"]
    assert all(column["description"] and column["data_type"] for column in model["columns"])


@pytest.mark.parametrize("file", RULED, ids=lambda file: file.stem)
def test_model_promises_what_the_contract_of_its_table_says(file: Path) -> None:
    model = model_of(file)
    handed_over = model.get("config", {}).get("materialized") == "external"
    assert handed_over == (file.stem in contracts.names())
    if not handed_over:
        return
    contract = contracts.contract(file.stem)
    assert columns_of(model) == {column.name: sql_type(column.type) for column in contract.columns}
    assert list(columns_of(model)) == contract.schema.names
    (key,) = [test["key"]["arguments"] for test in model["data_tests"] if "key" in test]
    assert tuple(key["columns"]) == (contract.key or contract.order)
    may_be_empty = {column.name for column in contract.columns if column.nullable}
    assert set(key.get("required", [])) == set(contract.schema.names) - may_be_empty - set(key["columns"])


def test_every_view_of_staging_is_described() -> None:
    described = yaml.safe_load((MODELS / "staging" / "staging.yml").read_text(encoding="utf-8"))["models"]
    assert sorted(model["name"] for model in described) == [
        file.stem for file in FILES if file.parent.name == "staging"
    ]
    assert all(len(model["config"]["tags"]) == 1 for model in described)


def test_reconciliation_knows_every_reason_of_the_readers() -> None:
    text = (MODELS / "intermediate" / "marts" / "int_records_by_step.sql").read_text(encoding="utf-8")
    found = re.search(r"list_position\(\s*\[([^]]*)\]", text)
    assert found
    assert tuple(re.findall(r"'(\w+)'", found[1])) == FILTERED.column("reason").allowed
