"""The table outlines: boundary of a cluster."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="outlines",
    grain="Boundary of a cluster.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Cluster"),
        Column("geometry", pa.binary(), "Polygon or MultiPolygon, OGC:CRS84"),
        Column("method", pa.string(), "How it was made", allowed=("concave_hull", "discs")),
        Column("ratio", pa.float64(), "Ratio of the concave hull", nullable=True),
        Column("area_km2", pa.float64(), "Area on the ellipsoid", unit="km2", minimum=0),
    ),
    key=("cluster_no",),
)
