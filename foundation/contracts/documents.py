"""The table documents: one PCT application or one article."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="documents",
    grain="One PCT application or one article.",
    partition="publication_year",
    columns=(
        Column("document_no", pa.int64(), "64 bits of BLAKE2b over document_id"),
        Column("document_id", pa.string(), "WO…, WOS:…, appln:…, openalex:… or wos-made:…"),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("publication_year", pa.int16(), "Year that counts", source="METHODOLOGY 2"),
        Column(
            "year_basis",
            pa.string(),
            "What the year is taken from",
            allowed=("publication", "earliest_publication", "filing", "issue", "early_access"),
        ),
        Column("publication_date", pa.date32(), "Date of publication where given", nullable=True),
        Column("document_type", pa.string(), "Type as the source states it"),
        Column(
            "index_name",
            pa.string(),
            "Index of the article, SCIE where kept by index; null when the source does not say",
            nullable=True,
        ),
        Column("retracted", pa.bool_(), "Marked as retracted"),
        Column("persons", pa.int32(), "Inventors or authors as stated", minimum=0),
        Column("delivery", pa.string(), "Delivery that the copy comes from"),
        Column("file_id", pa.int64(), "File that the copy comes from"),
        Column("position", pa.int64(), "Position of the record in the file", minimum=0),
    ),
    key=("document_no",),
)
