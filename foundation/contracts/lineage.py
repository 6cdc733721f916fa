"""The table lineage: how a cluster follows from one of the previous edition."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="lineage",
    grain="How a cluster follows from one of the previous edition.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster now; null when gone", nullable=True),
        Column("previous_cluster_no", pa.int32(), "Cluster before; null when new", nullable=True),
        Column("kind", pa.string(), "What happened", allowed=("continued", "split", "merged", "new", "gone")),
        Column("shared_listings", pa.int64(), "Listings present in both", minimum=0),
        Column("share_of_this", pa.float64(), "Part of this cluster's shared listings", nullable=True),
        Column(
            "share_of_previous", pa.float64(), "Part of the previous cluster's shared listings", nullable=True
        ),
        Column("is_predecessor", pa.bool_(), "The previous rank is taken from this one"),
    ),
    key=(),
    order=(
        "cluster_no",
        "previous_cluster_no",
    ),
)
