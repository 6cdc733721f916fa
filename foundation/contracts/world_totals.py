"""The table world_totals: world total of a kind."""

import pyarrow as pa

from foundation.contracts.base import COUNT, Column, Contract

CONTRACT = Contract(
    name="world_totals",
    grain="World total of a kind.",
    partition="edition",
    columns=(
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("documents", pa.int64(), "Documents in the window", minimum=0),
        Column("located", COUNT, "Sum of located fractions"),
        Column("unlocated", COUNT, "Sum of fractions without a location"),
        Column("total", COUNT, "What shares are divided by"),
    ),
    key=("kind",),
)
