"""Points as they may be shown: rounded places, lonely noise left out, and a coarse silhouette of inhabited land.

WIPO draws noise at rounded locations with at least five records (METHODOLOGY 18).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

LAND_PER_DEGREE = 10
#: cities that the map's search knows
CITY_POPULATION = 200_000
_PLACE = ["latitude", "longitude", "class", "cluster_no", "rank"]


def rounded_points(classes: pa.Table, decimals: int, min_records: int) -> tuple[pa.Table, dict[str, int]]:
    """Points at `decimals` places, and what rounding and the floor left out (METHODOLOGY 18).

    Parameters
    ----------
    classes : table
        The mart `point_classes`.
    decimals : int
        Decimals of a degree that are kept (`map_round_decimals`).
    min_records : int
        Noise at a rounded place with fewer listings of both kinds together is dropped (`map_min_records`).

    Returns
    -------
    table, dict
        Columns latitude, longitude, class, cluster_no, rank, points, pct_listings, sci_listings, sorted by place and
        class; counts `points`, `places`, `places_hidden`, `listings_hidden`.
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    table = classes.select(["class", "cluster_no", "rank", "pct_listings", "sci_listings"])
    for name in ("latitude", "longitude"):
        turned = np.round(classes[name].to_numpy(), decimals) + 0.0  # + 0.0 makes -0.0 and 0.0 one place
        table = table.append_column(name, pa.array(turned))
    table = table.append_column("points", pa.array(np.ones(len(table), dtype=np.int32)))
    sums = [("points", "sum"), ("pct_listings", "sum"), ("sci_listings", "sum")]
    grouped = table.group_by(_PLACE, use_threads=False).aggregate(sums)
    grouped = grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names])
    records = pc.add(grouped["pct_listings"], grouped["sci_listings"])
    hidden: Any = pc.and_(pc.equal(grouped["class"], "noise"), pc.less(records, min_records))
    shown = grouped.filter(pc.invert(hidden)).sort_by([(name, "ascending") for name in _PLACE[:4]])
    counts = {
        "points": len(classes),
        "places": len(grouped),
        "places_hidden": int(pc.sum(hidden).as_py() or 0),
        "listings_hidden": int(pc.sum(records.filter(hidden)).as_py() or 0),
    }
    return shown.select([*_PLACE, "points", "pct_listings", "sci_listings"]), counts


def land_cells(places: pa.Table) -> pa.Table:
    """Cells of a tenth of a degree that hold a place of the gazetteer, sorted: where people live, no coastline."""
    import numpy as np
    import pyarrow as pa

    turned = [
        np.round(places[name].to_numpy() * LAND_PER_DEGREE).astype(np.int16)
        for name in ("latitude", "longitude")
    ]
    cells = np.unique(np.stack(turned, axis=1), axis=0)
    return pa.table({"latitude_tenths": cells[:, 0], "longitude_tenths": cells[:, 1]})


def cities(places: pa.Table) -> pa.Table:
    """The gazetteer's cities from `CITY_POPULATION` inhabitants on, the largest first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    large = places.filter(pc.greater_equal(places["population"], CITY_POPULATION))
    order = [
        ("population", "descending"),
        ("name", "ascending"),
        ("country", "ascending"),
        ("latitude", "ascending"),
    ]
    large = large.sort_by(order).select(["name", "country", "latitude", "longitude", "population"])
    return large.rename_columns(["name", "economy", "latitude", "longitude", "population"]).cast(
        pa.schema(
            {
                "name": pa.string(),
                "economy": pa.string(),
                "latitude": pa.float64(),
                "longitude": pa.float64(),
                "population": pa.int64(),
            }
        )
    )
