"""Points of another edition by the present clusters' areas: growth without a change of outline (METHODOLOGY 14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from clustering.sphere import Floats, Ints, haversine_limit, nearest
from clustering.tables import column
from foundation import contracts

if TYPE_CHECKING:
    from decimal import Decimal

    import pyarrow as pa

_KINDS = ("pct", "sci")


@dataclass(frozen=True)
class Cores:
    """Core points of an edition with their clusters; degrees, arrays of shape (m,)."""

    latitude: Floats
    longitude: Floats
    cluster: Ints


def areas(latitude: Floats, longitude: Floats, cores: Cores, eps_km: float) -> Ints:
    """The cluster whose area each point lies in: that of the nearest core point, if it is at most `eps_km` away.

    This is the rule by which a border point gets its cluster, with its ties (METHODOLOGY 7), so that an edition's own
    points fall into their own clusters. O(n log m) time.

    Parameters
    ----------
    latitude, longitude : ndarray of shape (n,), float64, degrees

    Returns
    -------
    ndarray of shape (n,), int64; -1 outside every area
    """
    if not len(latitude) or not len(cores.cluster):
        return np.full(len(latitude), -1, np.int64)
    row, hav = nearest(latitude, longitude, cores.latitude, cores.longitude)
    return np.where(hav <= haversine_limit(eps_km), cores.cluster[row], -1)


def areas_table(
    clusters: list[int], point_id: Ints, area: Ints, years: pa.Table, world: dict[str, float]
) -> pa.Table:
    """Rows of `previous_areas`: what the other edition holds in each area, zero where it holds nothing.

    Parameters
    ----------
    clusters : numbers of the present clusters
    point_id, area : the other edition's points, ascending, and their areas as `areas` gives them
    years : its `point_years`
    world : its world totals by kind
    """
    import pyarrow as pa

    sums = _sums(point_id, area, years)
    held = np.bincount(area[area > 0], minlength=max(clusters, default=0) + 1)
    rows = [
        {
            "cluster_no": number,
            "points": int(held[number]),
            **{f"{kind}_count": sums.get((number, kind), 0) for kind in _KINDS},
            **{f"{kind}_total": world.get(kind, 0.0) for kind in _KINDS},
        }
        for number in clusters
    ]
    return pa.Table.from_pylist(rows, schema=contracts.contract("previous_areas").schema)


def _sums(point_id: Ints, area: Ints, years: pa.Table) -> dict[tuple[int, str], Decimal]:
    """Sums of fractions by area and kind; decimals, so that no order of rows changes them."""
    import pyarrow as pa

    number = area[np.searchsorted(point_id, column(years, "point_id"))]
    placed = years.append_column("area", pa.array(number))
    summed = placed.group_by(["area", "kind"]).aggregate([("count", "sum")])
    return {(row["area"], row["kind"]): row["count_sum"] for row in summed.to_pylist() if row["area"] > 0}
