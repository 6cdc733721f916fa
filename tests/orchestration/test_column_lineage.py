"""What each column of a model is made of: by hand, on four small models."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from orchestration.column_lineage import Column, ColumnLineage

LAKE = "read_parquet('../lake/listings/publication_year=*/part-0.parquet', hive_partitioning = true)"
SQL = {
    "stg": f"select document_no, cast(share as decimal(18, 15)) as fraction, publication_year from {LAKE}",
    "counts": """
        with kept as (select s.document_no, s.fraction, w.name from "w"."main"."stg" as s
                      left join "w"."main"."names" as w on s.document_no = w.no)
        select name, sum(fraction) as fraction, count(*) as listings, 'x' as label from kept group by all""",
    "both": """select name, fraction from "w"."main"."counts" union all
               select 'all' as name, sum(fraction) as fraction from "w"."main"."stg" """,
    "broken": 'select from where "w"."main"."stg"',
}
PARENTS = {
    "stg": ["source.p.listings"],
    "counts": ["model.p.stg", "seed.p.names"],
    "both": ["model.p.counts", "model.p.stg"],
}


def key(node: Mapping[str, Any]) -> dg.AssetKey:
    return dg.AssetKey(node["name"])


@pytest.fixture
def lineage(tmp_path: Path) -> ColumnLineage:
    (tmp_path / "names.csv").write_text("no,name\n1,One\n", encoding="utf-8")
    models = tmp_path / "compiled" / "p"
    models.mkdir(parents=True)
    nodes: dict[str, Any] = {}
    for name, sql in SQL.items():
        (models / f"{name}.sql").write_text(sql, encoding="utf-8")
        nodes[f"model.p.{name}"] = {
            "name": name, "package_name": "p", "original_file_path": f"{name}.sql", "columns": {},
            "relation_name": f'"w"."main"."{name}"', "depends_on": {"nodes": PARENTS.get(name, ["model.p.stg"])},
        }  # fmt: skip
    nodes["model.p.both"]["columns"] = {
        name: {"data_type": "varchar", "description": f"its {name}"} for name in ("name", "fraction")
    }
    nodes["seed.p.names"] = {
        "name": "names", "original_file_path": "names.csv", "config": {"column_types": {"name": "varchar"}},
        "columns": {"name": {"description": "A name"}}, "relation_name": '"w"."main"."names"',
    }  # fmt: skip
    listed = {"document_no": ("bigint", "Document"), "share": ("double", "Share of it")}
    columns = {name: {"data_type": kind, "description": text} for name, (kind, text) in listed.items()}
    sources = {"source.p.listings": {"name": "listings", "relation_name": LAKE, "columns": columns}}
    return ColumnLineage({"nodes": nodes, "sources": sources}, tmp_path / "compiled", tmp_path, key)


def test_a_column_is_followed_through_casts_joins_sums_and_unions(lineage: ColumnLineage) -> None:
    assert lineage.columns("model.p.stg") == {
        "document_no": Column("bigint", "Document", (("source.p.listings", "document_no"),)),
        "fraction": Column("decimal(18, 15)", "", (("source.p.listings", "share"),)),
        "publication_year": Column(
            "bigint", "Publication year, from the folder's name", (("source.p.listings", "publication_year"),)
        ),
    }
    counts = lineage.columns("model.p.counts")
    assert counts["name"] == Column("varchar", "A name", (("seed.p.names", "name"),))
    assert counts["fraction"].made_of == (("model.p.stg", "fraction"),)
    assert counts["listings"] == Column("bigint")
    both = lineage.columns("model.p.both")
    assert both["fraction"].made_of == (("model.p.counts", "fraction"), ("model.p.stg", "fraction"))
    assert both["name"] == Column("varchar", "its name", (("model.p.counts", "name"),))


def test_types_are_told_only_where_the_project_does_not_list_them(lineage: ColumnLineage) -> None:
    told = lineage.metadata("model.p.counts")
    schema = told["dagster/column_schema"]
    assert [(column.name, column.type) for column in schema.columns] == [
        ("name", "varchar"), ("fraction", "decimal(38, 15)"), ("listings", "bigint"), ("label", "varchar"),
    ]  # fmt: skip
    deps = told["dagster/column_lineage"].deps_by_column
    assert deps == {
        "name": [dg.TableColumnDep(asset_key=dg.AssetKey("names"), column_name="name")],
        "fraction": [dg.TableColumnDep(asset_key=dg.AssetKey("stg"), column_name="fraction")],
    }
    assert list(lineage.metadata("model.p.both")) == ["dagster/column_lineage", "columns_made_of"]
    table = told["columns_made_of"].value.splitlines()
    assert table[2:] == [
        "| name | [names](/assets/names).name |",
        "| fraction | [stg](/assets/stg).fraction |",
    ]


def test_sql_that_cannot_be_read_costs_the_picture_and_not_the_run(
    lineage: ColumnLineage, caplog: pytest.LogCaptureFixture
) -> None:
    assert lineage.metadata("model.p.broken") == {}
    assert "no column lineage of broken" in caplog.text
