"""The table places: one place of the gazetteer."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="places",
    grain="One place of the gazetteer.",
    partition="",
    columns=(
        Column("place_id", pa.int64(), "GeoNames id; postal and registry places: negative hash"),
        Column("name", pa.string(), "Name"),
        Column("region", pa.string(), "Code of the first-level division"),
        Column("region_name", pa.string(), "Its name, empty when unknown"),
        Column("country", pa.string(), "ISO 3166-1 alpha-2"),
        Column("latitude", pa.float64(), "Latitude", unit="degrees", minimum=-90, maximum=90),
        Column("longitude", pa.float64(), "Longitude", unit="degrees", minimum=-180, maximum=180),
        Column("population", pa.int64(), "Inhabitants", minimum=0),
        Column("gazetteer", pa.string(), "Source"),
    ),
    key=("place_id",),
)
