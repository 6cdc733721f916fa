"""The table listings: one (document, person, address) triple; a person without address has one row."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="listings",
    grain="One (document, person, address) triple; a person without address has one row.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "Document"),
        Column("listing_no", pa.int32(), "Number within the document, from 1", minimum=1),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("person_no", pa.int32(), "Number of the person within the document, from 1", minimum=1),
        Column(
            "address_no",
            pa.int32(),
            "Number of the address within the document, from 1; 0 without address",
            minimum=0,
        ),
        Column("address_id", pa.int64(), "Address; null without one", nullable=True),
        Column("linked", pa.bool_(), "The source ties the person to the address"),
        Column(
            "why_unlocated",
            pa.string(),
            "Why there is no address",
            nullable=True,
            allowed=("no_address", "not_listed", "person_missing"),
        ),
    ),
    key=("document_no", "listing_no"),
)
