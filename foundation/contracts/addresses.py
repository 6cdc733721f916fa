"""The table addresses: one distinct country and text to be placed."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="addresses",
    grain="One distinct country and text to be placed.",
    partition="publication_year",
    columns=(
        Column("address_id", pa.int64(), "64 bits of BLAKE2b over the text columns that follow"),
        Column("country", pa.string(), "ISO 3166-1 alpha-2; old codes as they are", nullable=True),
        Column("text", pa.string(), "Address as written, may be empty"),
        Column("organisation", pa.string(), "Organisation, where the source gives it apart", nullable=True),
        Column("city", pa.string(), "City, where the source gives it apart", nullable=True),
        Column("region", pa.string(), "Region, where the source gives it apart", nullable=True),
        Column("postcode", pa.string(), "Postal code, where the source gives it apart", nullable=True),
        Column("ror", pa.string(), "Id in the Research Organization Registry", nullable=True),
        Column(
            "latitude",
            pa.float64(),
            "Given by the user, used as it is",
            nullable=True,
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            "longitude",
            pa.float64(),
            "Given by the user, used as it is",
            nullable=True,
            unit="degrees",
            minimum=-180,
            maximum=180,
        ),
        Column("listings", pa.int64(), "Listings of the year at this address", minimum=0),
    ),
    key=("address_id",),
)
