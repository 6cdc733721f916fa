"""The table ipc: one IPC symbol of an application."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="ipc",
    grain="One IPC symbol of an application.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Application"),
        Column("ipc", pa.string(), "Symbol in one form, as in H04L 9/08"),
    ),
    key=("document_no", "ipc"),
)
