"""Which columns of its inputs each column of a dbt model is made of, read from the SQL that dbt ran.

Dagster's own reading of it waits for dbt's end and starts a second adapter, which doubles a step; this one takes 0.01 s
of CPU a model, because our models spell every column out. What a column is made of by a condition alone (a join, a
filter) is not named.
"""

from __future__ import annotations

import csv
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
from sqlglot import exp, parse_one
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.annotate_types import TypeAnnotator, annotate_types
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

DIALECT = "duckdb"
#: what DuckDB calls the types that sqlglot has other names for
_TYPES = {
    "text": "varchar",
    "int": "integer",
    "text[]": "varchar[]",
    "int[]": "integer[]",
    "int128": "hugeint",
    "unknown": "",
}
_YEAR = "publication_year"
# it warns of each unpivot, whose columns it then leaves without lineage
logging.getLogger("sqlglot").setLevel(logging.ERROR)


def _sum_type(annotator: TypeAnnotator, node: exp.Sum) -> exp.Sum:
    """DuckDB's sums have room: of whole numbers 128 bits, of decimals 38 digits."""
    kind = node.this.type
    if kind is not None and kind.this in exp.DataType.INTEGER_TYPES:
        kind = exp.DataType.build("hugeint", dialect=DIALECT)
    elif kind is not None and kind.this == exp.DataType.Type.DECIMAL and len(kind.expressions) == 2:
        kind = exp.DataType.build(f"decimal(38, {kind.expressions[1].name})", dialect=DIALECT)
    annotator._set_type(node, kind)
    return node


_METADATA = {**DuckDB.EXPRESSION_METADATA, exp.Sum: {"annotator": _sum_type}}


@dataclass(frozen=True)
class Column:
    """Type and description of a column, and the columns (node of the manifest, name) that it is made of."""

    type: str = ""
    description: str = ""
    made_of: tuple[tuple[str, str], ...] = ()


@dataclass
class ColumnLineage:
    """Columns of the nodes of one manifest, whose SQL lies below `compiled` as dbt ran it.

    `project` holds the seeds' files; `key_of` names the asset of a node.
    """

    manifest: Mapping[str, Any]
    compiled: Path
    project: Path
    key_of: Callable[[Mapping[str, Any]], dg.AssetKey]
    _known: dict[str, dict[str, Column]] = field(default_factory=dict)

    def node(self, unique_id: str) -> Mapping[str, Any]:
        """The manifest's entry of a model, seed or source."""
        kind = "sources" if unique_id.startswith("source.") else "nodes"
        found: Mapping[str, Any] = self.manifest[kind][unique_id]
        return found

    def columns(self, unique_id: str) -> dict[str, Column]:
        """Columns of a node by name, in their order; none of a model whose SQL is not there or cannot be read."""
        if unique_id not in self._known:
            kind = unique_id.split(".", 1)[0]
            read = {"source": self._source, "seed": self._seed, "model": self._model}
            self._known[unique_id] = read[kind](unique_id) if kind in read else {}
        return self._known[unique_id]

    def metadata(self, unique_id: str) -> dict[str, Any]:
        """What a model's materialisation says of its columns: lineage, and types where its YAML does not list them all."""
        columns = self.columns(unique_id)
        deps = {
            name: [
                dg.TableColumnDep(asset_key=self.key_of(self.node(parent)), column_name=column)
                for parent, column in one.made_of
            ]
            for name, one in columns.items()
            if one.made_of
        }
        said: dict[str, Any] = {}
        if deps:
            said = {
                "dagster/column_lineage": dg.TableColumnLineage(deps),
                "columns_made_of": _as_markdown(deps),
            }
        if columns.keys() - self.node(unique_id)["columns"].keys():
            said["dagster/column_schema"] = dg.TableSchema(
                [dg.TableColumn(name, one.type, one.description or None) for name, one in columns.items()]
            )
        return said

    def _source(self, unique_id: str) -> dict[str, Column]:
        node = self.node(unique_id)
        listed = {
            name: Column(entry["data_type"] or "", entry["description"])
            for name, entry in node["columns"].items()
        }
        if f"{_YEAR}=" in node["relation_name"]:
            listed.setdefault(_YEAR, Column("bigint", "Publication year, from the folder's name"))
        return listed

    def _seed(self, unique_id: str) -> dict[str, Column]:
        node = self.node(unique_id)
        types = node["config"].get("column_types") or {}
        with (self.project / node["original_file_path"]).open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        listed = node["columns"]
        return {
            name: Column(types.get(name, ""), listed[name]["description"] if name in listed else "")
            for name in header
        }

    def _model(self, unique_id: str) -> dict[str, Column]:
        node = self.node(unique_id)
        file = self.compiled / node["package_name"] / node["original_file_path"]
        if not file.is_file():
            return {}
        parents = [one for one in node["depends_on"]["nodes"] if self.columns(one)]
        try:
            found = self._read(file.read_text(encoding="utf-8"), parents)
        except (
            Exception
        ) as fault:  # the table is built: whatever its reader stumbles over, only the picture lacks
            logging.getLogger(__name__).warning("no column lineage of %s: %r", node["name"], fault)
            return {}
        listed = node["columns"]
        return {
            name: Column(
                (listed[name]["data_type"] if name in listed else "") or one.type,
                (listed[name]["description"] if name in listed else "") or one.description,
                one.made_of,
            )
            for name, one in found.items()
        }

    def _read(self, sql: str, parents: list[str]) -> dict[str, Column]:
        """Columns of a query whose inputs are `parents`."""
        tables = {f"parent_{number}": parent for number, parent in enumerate(parents)}
        for table, parent in tables.items():
            sql = sql.replace(self.node(parent)["relation_name"], f'"{table}"')
        schema: dict[str, object] = {
            table: {name: one.type or "varchar" for name, one in self.columns(parent).items()}
            for table, parent in tables.items()
        }
        tree = qualify(
            parse_one(sql, dialect=DIALECT), schema=schema, dialect=DIALECT, validate_qualify_columns=False
        )
        tree = annotate_types(tree, schema=schema, expression_metadata=_METADATA, dialect=DIALECT)
        assert isinstance(tree, exp.Query)
        scope = build_scope(tree)
        trees = lineage(None, tree, schema, dialect=DIALECT, scope=scope, copy=False, trim_selects=False)
        found = {}
        for select in tree.selects:
            name = select.alias_or_name
            made_of = _leaves(trees[name], tables)
            kind = select.type.sql(DIALECT).lower() if select.type is not None else ""
            found[name] = Column(_TYPES.get(kind, kind), self._inherited(name, made_of), made_of)
        return found

    def _inherited(self, name: str, made_of: tuple[tuple[str, str], ...]) -> str:
        """The description of the columns of the same name that a column is taken from, when they agree."""
        said = {self.columns(node)[column].description for node, column in made_of if column == name}
        return said.pop() if len(said) == 1 and all(column == name for _, column in made_of) else ""


def _as_markdown(deps: Mapping[str, list[dg.TableColumnDep]]) -> dg.MarkdownMetadataValue:
    """The lineage as a table with links: the free interface stores Dagster's own entry and draws nothing from it."""
    lines = ["| column | is made of |", "|---|---|"]
    for name, made_of in deps.items():
        keys = ((one.asset_key.to_user_string(), one.column_name) for one in made_of)
        lines.append(
            f"| {name} | {', '.join(f'[{table}](/assets/{table}).{column}' for table, column in keys)} |"
        )
    return dg.MetadataValue.md("\n".join(lines))


def _leaves(node: Node, tables: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The parents' columns at the ends of a column's tree, sorted."""
    found = set()
    for end in node.walk():
        if not end.downstream and isinstance(end.expression, exp.Table) and end.expression.name in tables:
            found.add((tables[end.expression.name], exp.to_column(end.name).name))
    return tuple(sorted(found))
