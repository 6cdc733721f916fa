"""The table predecessors: where a cluster comes from, one row each; `lineage` holds the pairs behind it."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="predecessors",
    grain="A cluster of this edition, and the clusters of the previous edition that it follows from.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster now", minimum=1),
        Column("kind", pa.string(), "What happened", allowed=("continued", "split", "merged", "new")),
        Column(
            "previous_cluster_no",
            pa.int32(),
            "The predecessor that the previous rank is taken from; null when new, or when only a smaller part of a split",
            nullable=True,
        ),
        Column(
            "previous_cluster_nos",
            pa.list_(pa.int32()),
            "All clusters before that it follows from, most shared listings first; empty when new",
        ),
        Column("previous_rank", pa.int32(), "Rank of the predecessor", nullable=True, minimum=1),
        Column("was_ranked", pa.bool_(), "The predecessor was among the ranked of the previous edition"),
        Column(
            "ranked_before",
            pa.bool_(),
            "A cluster that it follows from was among the ranked of the previous edition, or of one before it",
        ),
    ),
    key=("cluster_no",),
)
