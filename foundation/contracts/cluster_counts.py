"""The table cluster_counts: count of a cluster, kind and year; -1 outside, -2 unlocated."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="cluster_counts",
    grain="Count of a cluster, kind and year; -1 outside, -2 unlocated.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster, -1 outside, -2 unlocated", minimum=-2),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("publication_year", pa.int16(), "Year"),
        Column("count", COUNT, "Sum of fractions"),
        Column("documents", pa.int64(), "Documents with any listing here", minimum=0),
        Column("listings", pa.int64(), "Listings", minimum=0),
    ),
    key=("cluster_no", "kind", "publication_year"),
)
