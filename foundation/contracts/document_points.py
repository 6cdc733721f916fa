"""The table document_points: the part of a document at a point; no point = unlocated."""

import pyarrow as pa

from foundation.contracts.base import FRACTION, Column, Contract

CONTRACT = Contract(
    name="document_points",
    grain="The part of a document at a point; no point = unlocated.",
    partition="edition",
    columns=(
        Column("document_no", pa.int64(), "Document"),
        Column("point_id", pa.int32(), "Point; null for the unlocated part", nullable=True),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("publication_year", pa.int16(), "Year of the document"),
        Column("listings", pa.int32(), "Listings; 0 for a document without any person", minimum=0),
        Column("fraction", FRACTION, "Sum of the listings' fractions", minimum=0, maximum=1.000000000001),
    ),
    key=(),
    order=(
        "document_no",
        "point_id",
    ),
)
