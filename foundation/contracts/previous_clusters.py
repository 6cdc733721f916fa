"""The table previous_clusters: a cluster of the previous edition with its rank by this edition's rules."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="previous_clusters",
    grain="A cluster of the previous edition with its rank by this edition's rules.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Number in the previous edition"),
        Column("cluster_id", pa.string(), "Id in the previous edition"),
        Column("name", pa.string(), "Name in the previous edition"),
        Column("rank", pa.int32(), "Rank in the previous edition", minimum=1),
        Column("total", pa.float64(), "Sum of shares", unit="%"),
        Column("pct_count", COUNT, "Applications"),
        Column("sci_count", COUNT, "Articles"),
        Column("pct_total", pa.float64(), "World total of applications in the previous edition", minimum=0),
        Column("sci_total", pa.float64(), "World total of articles in the previous edition", minimum=0),
        Column("settings_hash", pa.string(), "Settings of the previous edition"),
    ),
    key=("cluster_no",),
)
