"""The table year_coverage: how complete a publication year is, by source and economy."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="year_coverage",
    grain="A publication year, an indicator, and one economy or (empty) all of them.",
    partition="",
    columns=(
        Column("publication_year", pa.int16(), "Publication year"),
        Column("kind", pa.string(), "Indicator", allowed=("pct", "sci")),
        Column("economy", pa.string(), "ISO 3166-1 alpha-2 of an address; empty for all documents together"),
        Column(
            "documents",
            pa.int64(),
            "Documents with an address there, whole ones",
            minimum=0,
            unit="documents",
        ),
        Column(
            "neighbours",
            pa.float64(),
            "Median of the documents in up to two years on either side that the lake holds; null without any",
            nullable=True,
            minimum=0,
            unit="documents",
        ),
        Column(
            "ratio",
            pa.float64(),
            "Documents over the neighbours' median; null without one",
            nullable=True,
            minimum=0,
        ),
        Column(
            "address_share",
            pa.float64(),
            "Listings with an address, of all; null without listings and in rows of one economy",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column(
            "last_publication_date", pa.date32(), "Latest publication date given in the year", nullable=True
        ),
        Column(
            "judgement",
            pa.string(),
            "low below half, high above twice the neighbours' median, else usual; alone without neighbours; "
            "few where the median is below 20 documents",
            allowed=("usual", "low", "high", "alone", "few"),
        ),
    ),
    key=("publication_year", "kind", "economy"),
)
