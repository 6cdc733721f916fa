"""The table previous_areas: what the previous edition holds inside each cluster's present area (METHODOLOGY 14)."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="previous_areas",
    grain="A cluster of this edition, and what the previous edition holds within eps_km of its core points.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster now", minimum=1),
        Column(
            "points",
            pa.int64(),
            "Points of the previous edition whose nearest core point of this edition is the cluster's and within eps_km",
            minimum=0,
        ),
        Column("pct_count", COUNT, "Applications of the previous edition at these points", minimum=0),
        Column("sci_count", COUNT, "Articles of the previous edition at these points", minimum=0),
        Column("pct_total", pa.float64(), "World total of applications in the previous edition", minimum=0),
        Column("sci_total", pa.float64(), "World total of articles in the previous edition", minimum=0),
    ),
    key=("cluster_no",),
)
