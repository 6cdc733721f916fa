"""The table files: one raw file (or archive member) of a delivery."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="files",
    grain="One raw file (or archive member) of a delivery.",
    partition="delivery",
    columns=(
        Column("delivery", pa.string(), "Delivery key, pct.<folder> or sci.<folder>"),
        Column("file_id", pa.int64(), "Number of the file in the delivery, by path"),
        Column("path", pa.string(), "Path below the delivery, member after #"),
        Column("bytes", pa.int64(), "Size as delivered", unit="bytes", minimum=0),
        Column("sha256", pa.string(), "Hash of the bytes as delivered"),
        Column("format", pa.string(), "Raw format, or unknown when the file was skipped"),
        Column("reader_version", pa.string(), "Version of the reader"),
        Column("settings_hash", pa.string(), "Hash of the reader settings"),
        Column("records", pa.int64(), "Records seen", minimum=0),
        Column("kept", pa.int64(), "Records kept", minimum=0),
        Column("filtered", pa.int64(), "Records left out by a rule", minimum=0),
        Column("duplicates", pa.int64(), "Copies of a record inside this file", minimum=0),
        Column("rejected", pa.int64(), "Records that could not be read", minimum=0),
        Column("listings", pa.int64(), "Listings of the kept records", minimum=0),
        Column("seconds", pa.float64(), "Time of reading", unit="s", minimum=0),
    ),
    key=("delivery", "file_id"),
)
