"""The counting benchmark's lake follows the contracts, so that a changed one is seen before somebody measures."""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.counting import lake as lakes
from foundation import contracts


def test_lake_and_clusters_of_the_benchmark_keep_the_contracts(tmp_path: Path) -> None:
    lake = lakes.make(tmp_path, 0.0002)
    truth = lake.home.warehouse(lakes.EDITION) / "truth.parquet"
    points = duckdb.sql(
        "select cast(row_number() over (order by latitude, longitude) as integer) as point_id, latitude, longitude, "
        "'US' as country, 1::bigint as place_id, 2::bigint as pct_listings, 3::bigint as sci_listings, 5::bigint as weight "
        f"from read_parquet('{truth}') order by point_id"
    ).to_arrow_table()
    contracts.write("points", points, lake.home.table(lakes.EDITION, "points"))
    lakes.cluster(lake)
    clusters = contracts.read("clusters", lake.home.table(lakes.EDITION, "clusters"))
    classed = contracts.read("point_clusters", lake.home.table(lakes.EDITION, "point_clusters"))
    assert 0 < clusters.num_rows <= lakes.CLUSTERS
    assert classed.num_rows == points.num_rows == lake.points
    for name in ("documents", "listings", "technology_fields"):
        assert contracts.read(name, lake.home.lake(name, 2020)).num_rows > 0
