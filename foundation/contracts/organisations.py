"""The table organisations: one organisation named in an address of an article."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="organisations",
    grain="One organisation named in an address of an article.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Article"),
        Column("organisation_no", pa.int32(), "Number within the article, from 1", minimum=1),
        Column("name", pa.string(), "Name as written"),
        Column("name_key", pa.string(), "Folded name that groups spellings"),
        Column("address_id", pa.int64(), "Address that names it"),
    ),
    key=("document_no", "organisation_no"),
)
