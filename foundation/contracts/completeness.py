"""The table completeness: the copy that stays of a document that came more than once."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="completeness",
    grain="The copy that stays of a document that came more than once.",
    partition="",
    columns=(
        Column("document_no", pa.int64(), "Document"),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column(
            "publication_year",
            pa.int16(),
            "Year of the copy that stays; 0 where a deletion came after every copy, so that none stays",
        ),
        Column("delivery", pa.string(), "Delivery of the copy that stays"),
        Column("file_id", pa.int64(), "File of the copy that stays"),
        Column("copies", pa.int32(), "Copies in all files and deliveries", minimum=2),
        Column("years", pa.list_(pa.int16()), "Publication years under which copies came"),
    ),
    key=("document_no",),
)
