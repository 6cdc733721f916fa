"""The table cluster_ranks: counts, shares, total and rank of a cluster."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="cluster_ranks",
    grain="Counts, shares, total and rank of a cluster.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster", minimum=1),
        Column("pct_count", COUNT, "Applications"),
        Column("sci_count", COUNT, "Articles"),
        Column("pct_share", pa.float64(), "Per cent of the world total", unit="%"),
        Column("sci_share", pa.float64(), "Per cent of the world total", unit="%"),
        Column("total", pa.float64(), "Sum of shares", unit="%"),
        Column("rank", pa.int32(), "Position by unrounded total", minimum=1),
    ),
    key=("cluster_no",),
)
