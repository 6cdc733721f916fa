"""The table geocodes: where an address was placed, how exactly, how sure."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="geocodes",
    grain="Where an address was placed, how exactly, how sure.",
    partition="publication_year",
    columns=(
        Column("address_id", pa.int64(), "Address"),
        Column(
            "latitude",
            pa.float64(),
            "Rounded to 6 decimals; null when not placed",
            nullable=True,
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            "longitude",
            pa.float64(),
            "Rounded to 6 decimals; null when not placed",
            nullable=True,
            unit="degrees",
            minimum=-180,
            maximum=180,
        ),
        Column(
            "precision",
            pa.string(),
            "How exactly",
            allowed=("street", "postcode", "organisation", "locality", "region", "country", "none"),
        ),
        Column("place_id", pa.int64(), "Place of the gazetteer", nullable=True),
        Column("place_name", pa.string(), "Name of the place, empty when none"),
        Column("region", pa.string(), "First-level division, empty when unknown"),
        Column("country", pa.string(), "ISO 3166-1 alpha-2", nullable=True),
        Column("method", pa.string(), "Rule that decided, or why there is no point"),
        Column("score", pa.float64(), "How sure, 0 to 1", minimum=0, maximum=1),
        Column("runner_up_place_id", pa.int64(), "Second best place", nullable=True),
        Column("runner_up_score", pa.float64(), "Its score", nullable=True, minimum=0, maximum=1),
        Column("gazetteer_version", pa.string(), "Version of the gazetteer"),
    ),
    key=("address_id",),
)
