"""The core sums of counting: in DuckDB by the models' own SQL, in Polars the same tables, each by what is fastest there.

Both start from what the models before have written, DuckDB from the edition's database, Polars from the same rows as
Parquet files: A counts by kind, cluster and year; B counts by cluster and technology field; C documents of two
clusters. Not one of the three, but told as well: D makes the table that they start from, documents by cluster, from
the hand-over files.

Called by run.py in a process of its own: the engine's name, the home, threads, first letters of the sums. Prints for
each sum and formulation the seconds on the clock, those of the processors, and rows.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HOME, THREADS = Path(sys.argv[2]), int(sys.argv[3])
WAREHOUSE = HOME / "warehouse" / "bench"
COMPILED = WAREHOUSE / "target" / "compiled" / "stclusters" / "models" / "intermediate"
#: the models of each sum, in their order
MODELS = {
    "D documents by cluster": ["counting/int_document_clusters"],
    "A by kind, cluster, year": ["counting/int_cluster_fractions"],
    "B by cluster and field": ["marts/int_cluster_fields"],
    "C documents of two clusters": ["marts/int_partner_clusters"],
}
#: what Polars starts from besides the hand-over files
TABLES = ("int_document_clusters", "int_documents_by_field", "int_spread_documents", "int_clustered_points")
Rows = Callable[[], int]


def own(name: str) -> Path:
    """A table of the database as a Parquet file for Polars."""
    return WAREHOUSE / "peers" / f"{name}.parquet"


def connect() -> Any:
    import duckdb

    os.chdir(WAREHOUSE)  # the database's views tell places from there
    config = {"threads": THREADS, "memory_limit": "12GB", "temp_directory": str(HOME / "spill")}
    connection = duckdb.connect(str(WAREHOUSE / "workshop.duckdb"), read_only=True, config=config)
    connection.execute("set preserve_insertion_order = false")
    return connection


def export() -> None:
    """Write the tables that Polars reads; economies, which it does not need, are left out."""
    connection = connect()
    own("").parent.mkdir(exist_ok=True)
    for name in TABLES:
        columns = [row[0] for row in connection.sql(f"describe {name}").fetchall() if row[0] != "economy_no"]
        connection.execute(
            f"copy (select {', '.join(columns)} from {name}) to '{own(name)}' (format parquet, compression zstd, row_group_size 250000)"
        )


def duckdb_sums() -> dict[str, Rows]:
    """Each sum as its models make it, into tables of this process."""
    connection = connect()

    def run(models: list[str]) -> int:
        for model in models:
            query = (COMPILED / f"{model}.sql").read_text(encoding="utf-8")
            connection.execute(f"create or replace temp table result as {query}")
        return int(connection.sql("select count(*) from result").fetchall()[0][0])

    return {name: lambda models=models: run(models) for name, models in MODELS.items()}


def polars_sums() -> dict[str, Rows]:
    """Each sum in the formulations that may be the fastest, after a slash."""
    import polars as pl

    parts = pl.scan_parquet(own("int_document_clusters"))
    points = pl.scan_parquet(WAREHOUSE / "document_points.parquet").join(
        pl.scan_parquet(own("int_clustered_points")).select("point_id", "cluster_no"),
        on="point_id",
        how="left",
    )
    placed = points.with_columns(pl.col("cluster_no").fill_null(-2))
    real = pl.col("fraction").cast(pl.Float64)
    by_cluster = ["document_no", "cluster_no", "kind", "publication_year"]
    fields = pl.scan_parquet(own("int_documents_by_field"))
    applications = parts.filter((pl.col("kind") == "pct") & (pl.col("cluster_no") > 0)).join(
        fields, on="document_no"
    )
    spread = pl.scan_parquet(own("int_spread_documents")).select("document_no", "kind", "cluster_no")
    other = spread.select("document_no", pl.col("cluster_no").alias("other"))
    joined = spread.join(other, on="document_no").filter(pl.col("cluster_no") < pl.col("other"))
    apart = [spread.filter(pl.col("kind") == kind).drop("kind") for kind in ("pct", "sci")]
    by_kind = [
        one.join(one.rename({"cluster_no": "other"}), on="document_no").filter(
            pl.col("cluster_no") < pl.col("other")
        )
        for one in apart
    ]
    lists = spread.group_by("document_no", "kind").agg("cluster_no").with_columns(other=pl.col("cluster_no"))
    pairs = lists.explode("cluster_no").explode("other").filter(pl.col("cluster_no") < pl.col("other"))
    two = ["kind", "cluster_no", "other"]

    plans = {
        "D documents by cluster/exact": placed.group_by(by_cluster).agg(pl.col("fraction").sum(), pl.col("listings").sum()),
        "D documents by cluster/floats": placed.group_by(by_cluster).agg(real.sum(), pl.col("listings").sum()),
        "A by kind, cluster, year/exact": parts.group_by("cluster_no", "kind", "publication_year").agg(
            pl.col("fraction").sum(), pl.len(), pl.col("listings").sum()
        ),
        "A by kind, cluster, year/floats": parts.group_by("cluster_no", "kind", "publication_year").agg(
            real.sum(), pl.len(), pl.col("listings").sum()
        ),
        "B by cluster and field/exact": applications.group_by("cluster_no", "field_nr").agg(
            (pl.col("fraction") * pl.col("field_part")).sum()
        ),
        "B by cluster and field/floats": applications.group_by("cluster_no", "field_nr").agg(
            (real * pl.col("field_part").cast(pl.Float64)).sum()
        ),
        "C documents of two clusters/join": joined.group_by(two).agg(pl.len()),
        "C documents of two clusters/kinds": pl.concat([one.group_by(two[1:]).agg(pl.len()) for one in by_kind]),
        "C documents of two clusters/lists": pairs.group_by(two).agg(pl.len()),
    }  # fmt: skip
    return {name: lambda plan=plan: plan.collect(engine="streaming").height for name, plan in plans.items()}


def measured(run: Rows) -> list[float]:
    """Seconds on the clock, seconds of the processors, rows."""
    start, before = time.perf_counter(), os.times()
    rows = run()
    seconds, after = time.perf_counter() - start, os.times()
    return [seconds, after.user + after.system - before.user - before.system, rows]


def main() -> None:
    if sys.argv[1] == "export":
        return export()
    sums = duckdb_sums() if sys.argv[1] == "duckdb" else polars_sums()
    chosen = sys.argv[4:]
    for name, run in sums.items():
        if not chosen or name[0] in chosen:
            print(json.dumps([name, *measured(run)]), flush=True)
    return None


if __name__ == "__main__":
    main()
