"""The table clusters: one cluster: what it is called and where it lies."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

CONTRACT = Contract(
    name="clusters",
    grain="One cluster: what it is called and where it lies.",
    partition="edition",
    columns=(
        Column("cluster_no", pa.int32(), "Number, 1 = most listings", minimum=1),
        Column("cluster_id", pa.string(), "First economy and GeoNames id of the main city, as JP-1850147"),
        Column("name", pa.string(), "Cities joined by an en dash"),
        Column("cities", pa.list_(pa.string()), "Cities of the name"),
        Column("economies", pa.list_(pa.string()), "ISO codes, the leading economy first"),
        Column("economy_label", pa.string(), "ISO codes joined by a slash"),
        Column("points", pa.int32(), "Points", minimum=1),
        Column("listings", pa.int64(), "Listings", minimum=0),
        Column(
            "latitude",
            pa.float64(),
            "Latitude of the listings' mean",
            unit="degrees",
            minimum=-90,
            maximum=90,
        ),
        Column(
            "longitude",
            pa.float64(),
            "Longitude of the listings' mean",
            unit="degrees",
            minimum=-180,
            maximum=180,
        ),
        Column("area_km2", pa.float64(), "Area of the outline", unit="km2", minimum=0),
        Column("population", pa.int64(), "Inhabitants inside the outline", nullable=True),
        Column("population_source", pa.string(), "Raster or gazetteer"),
        Column("population_year", pa.int16(), "Year of the population", nullable=True),
        Column("population_approximate", pa.bool_(), "Summed from the gazetteer's cities"),
        Column(
            "population_coverage",
            pa.float64(),
            "Part of the outline on raster cells with a value (sea often has none); null without a raster",
            nullable=True,
            minimum=0,
            maximum=1,
        ),
        Column("merged_from", pa.list_(pa.int16()), "Numbers before merging"),
    ),
    key=("cluster_no",),
)
