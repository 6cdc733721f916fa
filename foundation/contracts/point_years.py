"""The table point_years: listings and fractions of a point in a publication year."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="point_years",
    grain="Listings and fractions of a point in a publication year.",
    partition="edition",
    columns=(
        Column("point_id", pa.int32(), "Point"),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("publication_year", pa.int16(), "Year"),
        Column("listings", pa.int64(), "Listings", minimum=0),
        Column("count", COUNT, "Sum of fractions"),
    ),
    key=("point_id", "kind", "publication_year"),
)
