"""The three core sums of counting, once in DuckDB and once in Polars, each from the same Parquet files.

A counts by kind, cluster and year; B counts by cluster and technology field; C documents of two clusters. Each engine
gets the formulation that was fastest for it; the best of three is told. Called by run.py in a process of its own: the engine's name, the home,
threads.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: the first time reads the files from the disk; the best of these is told
REPEATS = 3
HOME, THREADS = Path(sys.argv[2]), int(sys.argv[3])
WAREHOUSE = HOME / "warehouse" / "bench"
POINTS = WAREHOUSE / "document_points.parquet"
CLUSTERS = WAREHOUSE / "point_clusters.parquet"
FIELDS = HOME / "lake" / "technology_fields" / "publication_year=*" / "part-0.parquet"
YEARS = WAREHOUSE / "point_years.parquet"


def duckdb_sums() -> dict[str, Callable[[], Any]]:
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": "12GB"})
    connection.execute("set preserve_insertion_order = false")
    parts = f"read_parquet('{POINTS}') as parts join read_parquet('{CLUSTERS}') as clusters using (point_id)"

    def run(query: str) -> Callable[[], Any]:
        return lambda: connection.execute(query).fetchall()

    return {
        "A by kind, cluster, year": run(
            f"select kind, cluster_no, publication_year, sum(count) from read_parquet('{YEARS}') as years "
            f"join read_parquet('{CLUSTERS}') as clusters using (point_id) group by all"
        ),
        "B by cluster and field": run(
            "with sizes as materialized (select document_no, field_nr, 1 / count(*) over (partition by document_no) as part "
            f"from read_parquet('{FIELDS}')), applications as materialized (select document_no, cluster_no, fraction::double as fraction "
            f"from {parts} where kind = 'pct' and cluster_no > 0) select cluster_no, field_nr, sum(fraction * part) "
            "from applications join sizes using (document_no) group by all"
        ),
        "C documents of two clusters": run(
            f"with pairs as materialized (select distinct document_no, cluster_no from {parts} where cluster_no > 0) "
            "select a.cluster_no, b.cluster_no, count(*) from pairs as a join pairs as b "
            "on a.document_no = b.document_no and a.cluster_no < b.cluster_no group by all"
        ),
    }


def polars_sums() -> dict[str, Callable[[], Any]]:
    import polars as pl

    clusters = pl.scan_parquet(CLUSTERS).select("point_id", "cluster_no")
    parts = pl.scan_parquet(POINTS).join(clusters, on="point_id")
    fields = pl.scan_parquet(str(FIELDS)).select("document_no", "field_nr")
    sizes = fields.join(fields.group_by("document_no").agg(pl.len().alias("fields")), on="document_no")
    pairs = parts.filter(pl.col("cluster_no") > 0).select("document_no", "cluster_no").unique()
    other = pairs.rename({"cluster_no": "other_no"})

    def run(query: Any) -> Callable[[], Any]:
        return lambda: query.collect(engine="streaming")

    return {
        "A by kind, cluster, year": run(
            pl.scan_parquet(YEARS).join(clusters, on="point_id")
            .group_by("kind", "cluster_no", "publication_year").agg(pl.col("count").sum())
        ),
        "B by cluster and field": run(
            parts.filter((pl.col("kind") == "pct") & (pl.col("cluster_no") > 0)).join(sizes, on="document_no")
            .group_by("cluster_no", "field_nr").agg((pl.col("fraction").cast(pl.Float64) / pl.col("fields")).sum())
        ),
        "C documents of two clusters": run(
            pairs.join(other, on="document_no").filter(pl.col("cluster_no") < pl.col("other_no"))
            .group_by("cluster_no", "other_no").agg(pl.len())
        ),
    }  # fmt: skip


def timed(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    seconds = {}
    for name, run in (duckdb_sums() if sys.argv[1] == "duckdb" else polars_sums()).items():
        seconds[name] = min(timed(run) for _ in range(REPEATS))
    print(json.dumps(seconds))


if __name__ == "__main__":
    main()
