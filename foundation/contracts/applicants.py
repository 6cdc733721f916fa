"""The table applicants: one applicant of an application."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="applicants",
    grain="One applicant of an application.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Application"),
        Column("applicant_no", pa.int32(), "Number within the application, from 1", minimum=1),
        Column("is_person", pa.bool_(), "A natural person; the name is then left out"),
        Column("name", pa.string(), "Name as written; null for natural persons", nullable=True),
        Column("name_key", pa.string(), "Folded name that groups spellings", nullable=True),
        Column("country", pa.string(), "ISO 3166-1 alpha-2", nullable=True),
        Column("address_id", pa.int64(), "Address", nullable=True),
    ),
    key=("document_no", "applicant_no"),
)
