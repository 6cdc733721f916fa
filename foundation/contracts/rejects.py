"""The table rejects: one record that could not be read."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="rejects",
    grain="One record that could not be read.",
    partition="delivery",
    columns=(
        Column("delivery", pa.string(), "Delivery key"),
        Column("file_id", pa.int64(), "File"),
        Column("position", pa.int64(), "Where the record starts", minimum=0),
        Column("position_kind", pa.string(), "What position counts", allowed=("byte", "line", "row")),
        Column("record_id", pa.string(), "Id of the record where it has one", nullable=True),
        Column("reason", pa.string(), "Why it could not be read, from a closed list"),
        Column(
            "excerpt",
            pa.string(),
            "At most 200 printable characters of it; may hold a name, so rejects never enter a release",
        ),
    ),
    key=(),
    order=(
        "delivery",
        "file_id",
        "position",
    ),
)
