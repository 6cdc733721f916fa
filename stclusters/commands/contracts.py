"""What is generated from the contracts: dbt's sources, the data dictionary, and empty tables for dbt's tests.

`make contracts` writes the first two; a test fails when the committed files differ from what this module makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml

from foundation import contracts
from foundation.atomic import write_text
from foundation.contracts import Column, Contract
from foundation.home import Home, dbt_project_folder, project_root

GENERATED = "Generated from the contracts by `make contracts`: edit foundation/contracts, not this file."
#: as seen from the edition's folder, in which dbt runs
LAKE = "../../lake"
WAREHOUSE = "."
EMPTY_YEAR = 2020
EMPTY_DELIVERY = "pct.empty"


@dataclass(frozen=True)
class Source:
    """A group of dbt source tables: what they are, where they lie, and which contracts they follow."""

    name: str
    description: str
    location: str
    tables: tuple[str, ...]


SOURCES = (
    Source(
        "lake",
        "Tables of the lake, one file per publication year; they serve all editions.",
        f"read_parquet('{LAKE}/{{name}}/publication_year=*/part-0.parquet', hive_partitioning = true)",
        (
            "addresses",
            "applicants",
            "documents",
            "geocodes",
            "ipc",
            "listings",
            "organisations",
            "subjects",
            "technology_fields",
        ),
    ),
    Source(
        "reference",
        "Tables of the lake that serve all years.",
        f"read_parquet('{LAKE}/{{name}}/part-0.parquet')",
        ("completeness", "places"),
    ),
    Source(
        "deliveries",
        "What became of each delivery's records.",
        f"read_parquet('{LAKE}/deliveries/*/{{name}}.parquet')",
        ("files", "filtered"),
    ),
    Source(
        "delivered",
        "Records as they came with the deliveries, before copies between them are merged.",
        f"read_parquet('{LAKE}/deliveries/*/documents/publication_year=*/part-0.parquet', hive_partitioning = true)",
        ("delivered_documents",),
    ),
    Source(
        "edition",
        "Tables of the edition that Python writes.",
        f"read_parquet('{WAREHOUSE}/{{name}}.parquet')",
        (
            "clusters",
            "edition_settings",
            "lineage",
            "predecessors",
            "outlines",
            "point_clusters",
            "previous_areas",
            "previous_clusters",
        ),
    ),
)

_SQL_TYPES = {
    pa.bool_(): "boolean",
    pa.int16(): "smallint",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.string(): "varchar",
    pa.binary(): "blob",
    pa.date32(): "date",
}


def sql_type(kind: pa.DataType) -> str:
    """The type as DuckDB and dbt name it."""
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return _SQL_TYPES[kind]


def _contract_of(table: str) -> Contract:
    return contracts.contract("documents" if table == "delivered_documents" else table)


def _sentence(column: Column) -> str:
    parts = [column.description]
    if column.unit:
        parts.append(f"({column.unit})")
    if column.allowed:
        parts.append(f"[{', '.join(column.allowed)}]")
    if column.nullable:
        parts.append("(may be empty)")
    return " ".join(parts)


def _source_table(table: str) -> dict[str, Any]:
    contract = _contract_of(table)
    return {
        "name": table,
        "description": contract.grain,
        "config": {"meta": {"dagster": {"asset_key": [table]}}},
        "columns": [
            {"name": column.name, "description": _sentence(column), "data_type": sql_type(column.type)}
            for column in contract.columns
        ],
    }


def sources_yaml() -> str:
    """The text of dbt_project/models/staging/_sources.yml."""
    sources = [
        {
            "name": source.name,
            "description": source.description,
            "config": {"meta": {"external_location": source.location}},
            "tables": [_source_table(table) for table in source.tables],
        }
        for source in SOURCES
    ]
    body = yaml.safe_dump(
        {"version": 2, "sources": sources}, sort_keys=False, allow_unicode=True, width=10_000
    )
    return f"# {GENERATED}\n{body}"


def _marts() -> Iterator[dict[str, Any]]:
    """What the marts' YAML says, by name."""
    for file in sorted((dbt_project_folder() / "models" / "marts").glob("*.yml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))["models"]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _table_lines(title: str, grain: str, key: str, rows: list[tuple[str, str, str]]) -> list[str]:
    lines = [f"### {title}", "", _cell(grain), ""]
    if key:
        lines += [f"Key: {key}.", ""]
    lines += ["| Column | Type | What it says |", "|---|---|---|"]
    lines += [f"| {name} | {kind} | {_cell(text)} |" for name, kind, text in rows]
    return [*lines, ""]


def _contract_lines(contract: Contract) -> list[str]:
    rows = [(column.name, sql_type(column.type), _sentence(column)) for column in contract.columns]
    return _table_lines(contract.name, contract.grain, ", ".join(contract.key), rows)


def _model_key(model: dict[str, Any]) -> str:
    for test in model.get("data_tests", []):
        if isinstance(test, dict) and "key" in test:
            return ", ".join(test["key"]["arguments"]["columns"])
    return ""


def dictionary_markdown() -> str:
    """The text of docs/dictionary.md: every table that passes between stages, and every mart."""
    lines = ["# Data dictionary", "", f"<!-- {GENERATED} -->", ""]
    titles = {
        "delivery": "By delivery",
        "publication_year": "By publication year (lake)",
        "": "For all years",
        "edition": "By edition: tables that pass between stages",
    }
    for partition, title in titles.items():
        lines += [f"## {title}", ""]
        for contract in contracts.all_contracts():
            if contract.partition == partition:
                lines += _contract_lines(contract)
    lines += ["## By edition: marts", ""]
    for mart in _marts():
        name = mart.get("config", {}).get("alias", mart["name"])
        rows = [(column["name"], column["data_type"], column["description"]) for column in mart["columns"]]
        lines += _table_lines(name, mart["description"], _model_key(mart), rows)
    return "\n".join(lines).rstrip() + "\n"


def _place(home: Home, edition: str, source: str, table: str) -> Path:
    """Where dbt looks for a source's table."""
    if source == "lake":
        return home.lake(table, EMPTY_YEAR)
    if source == "reference":
        return home.completeness() if table == "completeness" else home.places()
    if source == "deliveries":
        return home.delivery_report(EMPTY_DELIVERY, table)
    if source == "delivered":
        return home.delivery_table(EMPTY_DELIVERY, "documents", EMPTY_YEAR)
    return home.table(edition, table)


def empty_tables(folder: Path, edition: str = "empty") -> Home:
    """A home in `folder` with an empty table of every contract in the layout that dbt reads; one row of settings.

    Models that dbt makes itself are not written.
    """
    from foundation.contracts.edition_settings import edition_row
    from foundation.settings import parse

    home = Home(folder)
    text = {"editions": {edition: {"pct_years": [EMPTY_YEAR], "sci_years": [EMPTY_YEAR]}}}
    for source in SOURCES:
        for table in source.tables:
            contract = _contract_of(table)
            contracts.write(contract.name, contract.empty(), _place(home, edition, source.name, table))
    row = edition_row(parse(text, "empty tables"), edition)
    contracts.write("edition_settings", row, home.table(edition, "edition_settings"))
    return home


def generated() -> dict[Path, str]:
    """Every generated file with its text."""
    return {
        dbt_project_folder() / "models" / "staging" / "_sources.yml": sources_yaml(),
        project_root() / "docs" / "dictionary.md": dictionary_markdown(),
    }


def main() -> None:
    """Write the generated files."""
    for path, text in generated().items():
        write_text(path, text)


if __name__ == "__main__":
    main()
