"""The table subjects: one Web of Science category of an article."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="subjects",
    grain="One Web of Science category of an article.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Article"),
        Column("subject", pa.string(), "Category as written"),
    ),
    key=("document_no", "subject"),
)
