"""The table points: a distinct coordinate with an integer weight."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="points",
    grain="A distinct coordinate with an integer weight.",
    partition="edition",
    columns=(
        Column("point_id", pa.int32(), "Number by latitude, then longitude, from 1", minimum=1),
        Column("latitude", pa.float64(), "6 decimals", unit="degrees", minimum=-90, maximum=90),
        Column("longitude", pa.float64(), "6 decimals", unit="degrees", minimum=-180, maximum=180),
        Column("country", pa.string(), "Economy of the place, ISO 3166-1 alpha-2"),
        Column("place_id", pa.int64(), "Place with most listings here"),
        Column("pct_listings", pa.int64(), "Listings of inventors", minimum=0),
        Column("sci_listings", pa.int64(), "Listings of authors", minimum=0),
        Column("weight", pa.int64(), "Weight in DBSCAN", source="METHODOLOGY 6", minimum=0),
    ),
    key=("point_id",),
)
