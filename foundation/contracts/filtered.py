"""The table filtered: records of a file left out by one rule."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="filtered",
    grain="Records of a file left out by one rule.",
    partition="delivery",
    columns=(
        Column("delivery", pa.string(), "Delivery key"),
        Column("file_id", pa.int64(), "File"),
        Column(
            "reason",
            pa.string(),
            "Rule that left the records out",
            allowed=("database", "index", "type", "retracted", "year", "kind", "journal"),
        ),
        Column("records", pa.int64(), "Records left out", minimum=1),
    ),
    key=("delivery", "file_id", "reason"),
)
