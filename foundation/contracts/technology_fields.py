"""The table technology_fields: one of 35 technology fields of an application."""

import pyarrow as pa

from foundation.contracts.base import FRACTION, Column, Contract

CONTRACT = Contract(
    name="technology_fields",
    grain="One of 35 technology fields of an application.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Application"),
        Column("field_nr", pa.int16(), "Technology field, 1 to 35", minimum=1, maximum=35),
        Column("weight", FRACTION, "Part of the application's symbols in the field", minimum=0, maximum=1),
        Column("basis", pa.string(), "Where it comes from", allowed=("tls230", "computed")),
    ),
    key=("document_no", "field_nr"),
)
