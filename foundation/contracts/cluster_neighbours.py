"""The table cluster_neighbours: two clusters of DBSCAN that lie near each other, and whether merging made them one."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="cluster_neighbours",
    grain="Two clusters before merging whose nearest points lie within eps_km, and whether they became one.",
    partition="edition",
    columns=(
        Column("dbscan_no_a", pa.int32(), "Cluster before merging, the smaller number", minimum=1),
        Column("dbscan_no_b", pa.int32(), "The other one", minimum=1),
        Column("points_km", pa.float64(), "Between their nearest points", unit="km", minimum=0),
        Column("core_km", pa.float64(), "Between their nearest core points", unit="km", minimum=0),
        Column(
            "is_partner",
            pa.bool_(),
            "One is the other's leading partner; null when merge_rule does not ask",
            nullable=True,
        ),
        Column("joined", pa.bool_(), "The merging rule joins this very pair"),
        Column("same_cluster", pa.bool_(), "They are one cluster, joined or through others"),
        Column(
            "chain",
            pa.list_(pa.int32()),
            "Numbers from one to the other, each joined to the next; empty when apart",
        ),
    ),
    key=("dbscan_no_a", "dbscan_no_b"),
)
