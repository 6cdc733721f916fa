"""The table pair_trials: what three merging rules make of each pair of cities that WIPO joined or kept apart."""

import pyarrow as pa

from foundation.contracts.base import Column, Contract

OUTCOMES = ("joined", "apart", "not found")

CONTRACT = Contract(
    name="pair_trials",
    grain="Two cities that WIPO's ranking of 2024 joined or kept apart, and what three merging rules make of them.",
    partition="edition",
    columns=(
        Column("published", pa.string(), "In the printed ranking", allowed=("joined", "apart")),
        Column("city_a", pa.string(), "City"),
        Column("city_b", pa.string(), "The other city"),
        Column("km_between_centres", pa.float64(), "Between the cities", unit="km", minimum=0),
        Column("dbscan_no_a", pa.int32(), "Cluster before merging at the first city", nullable=True),
        Column("dbscan_no_b", pa.int32(), "Cluster before merging at the second city", nullable=True),
        Column(
            "points_km", pa.float64(), "Between the two clusters' nearest points", nullable=True, unit="km"
        ),
        Column("core_km", pa.float64(), "Between their nearest core points", nullable=True, unit="km"),
        Column("without_merging", pa.string(), "merge_within_km 0", allowed=OUTCOMES),
        Column("without_core_limit", pa.string(), "merge_core_km null", allowed=OUTCOMES),
        Column("with_core_limit", pa.string(), "merge_core_km eps_km + merge_within_km", allowed=OUTCOMES),
        Column("as_set", pa.string(), "The edition's own rule", allowed=OUTCOMES),
    ),
    key=("published", "city_a", "city_b"),
)
