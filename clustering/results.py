"""The clustering's result as rows of its tables, and as the counts that its report names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from clustering.merge import Members
from clustering.neighbours import near_pairs, neighbour_rows, pair_rows
from clustering.numbering import Clustered
from clustering.sphere import Ints
from clustering.tables import column, read_pairs
from foundation import contracts
from foundation.home import seed_file
from foundation.settings import Edition

if TYPE_CHECKING:
    import pyarrow as pa


def point_clusters(points: pa.Table, found: Clustered) -> pa.Table:
    """Rows of `point_clusters`."""
    import pyarrow as pa

    point_id = column(points, "point_id")
    has_core = found.core_row >= 0
    core_id = np.where(has_core, point_id[found.core_row], 0) if len(point_id) else point_id
    return pa.table(
        {
            "point_id": point_id,
            "cluster_no": pa.array(found.cluster_no, pa.int32()),
            "dbscan_no": pa.array(found.dbscan_no, pa.int32()),
            "is_core": found.is_core,
            "core_point_id": pa.array(core_id, pa.int32(), mask=~has_core),
            "km_to_core": pa.array(found.km_to_core, pa.float64(), mask=~has_core),
        }
    )


def neighbour_tables(
    points: pa.Table, found: Clustered, rules: Edition, leading: list[Ints] | None
) -> dict[str, pa.Table]:
    """`cluster_neighbours` and `pair_trials`: what the merging rule did, and what others would do."""
    import pyarrow as pa

    clusters = int(found.dbscan_no.max(initial=0))
    zero_based = np.where(found.dbscan_no > 0, found.dbscan_no - 1, -1)
    members = Members(column(points, "latitude"), column(points, "longitude"), zero_based, found.is_core)
    near = near_pairs(members, clusters, max(rules.eps_km, rules.merge_within_km))
    pairs = read_pairs(seed_file("gii_2024_pairs"), seed_file("gii_2024_pair_cities"))
    made = {
        "cluster_neighbours": neighbour_rows(near, found.joins, clusters, leading),
        "pair_trials": pair_rows(
            pairs, members, clusters, near, found.joins, rules.eps_km, rules.merge_within_km
        ),
    }
    return {
        name: pa.Table.from_pylist(rows, schema=contracts.contract(name).schema)
        for name, rows in made.items()
    }


def cluster_counts(found: Clustered) -> dict[str, Any]:
    """Points, clusters before and after merging, and the joined pairs with distances in km."""
    return {
        "points": len(found.cluster_no),
        "clusters": int(found.cluster_no.max(initial=0)),
        "clusters_before_merging": int(found.dbscan_no.max(initial=0)),
        "core_points": int(found.is_core.sum()),
        "noise_points": int((found.cluster_no < 0).sum()),
        "merges": [
            {
                "joined": [one.first, one.second],
                "points_km": round(one.points_km, 3),
                "core_km": round(one.core_km, 3),
            }
            for one in found.joins
        ],
    }
