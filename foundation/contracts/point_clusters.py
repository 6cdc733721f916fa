"""The table point_clusters: the cluster of a point."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="point_clusters",
    grain="The cluster of a point.",
    partition="edition",
    columns=(
        Column("point_id", pa.int32(), "Point"),
        Column("cluster_no", pa.int32(), "Cluster, -1 for noise", minimum=-1),
        Column("dbscan_no", pa.int32(), "Cluster before merging, -1 for noise", minimum=-1),
        Column("is_core", pa.bool_(), "At least min_samples within eps_km"),
        Column(
            "core_point_id",
            pa.int32(),
            "Nearest core point, itself for a core point; null without any core",
            nullable=True,
        ),
        Column("km_to_core", pa.float64(), "Distance to it", nullable=True, unit="km", minimum=0),
    ),
    key=("point_id",),
)
