"""How much each cluster, the tail and the rest hold: shares of the world's documents by kind, and their growth.

Published: the counts of the 2023 table (ranks 1 to 35). Extrapolated: the other names of the 2024 ranking get the
total of a curve fitted to the published totals by rank; it is split between the kinds by what our assumptions on
economies leave. Tail: smaller clusters after rank 100 on a steeper curve, such that all clusters together hold
`CLUSTERED` of either kind. What remains lies outside clusters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation import tables

Basis = Literal["published 2023", "extrapolated", "tail", "outside"]
CLUSTERED = 0.90  # part of all documents in clusters; the rest is noise
FIT_FROM_RANK = 10  # the first ten stand apart: the curve is fitted to ranks 10 to 34
GROWTH_SPREAD = 0.01  # a year, standard deviation between clusters of one economy
WORLD_GROWTH = 0.025  # documents a year
LISTINGS_PER_DOCUMENT = {"pct": 2.9, "sci": 6.6}
PUBLISHED_MIN_SAMPLES = 4500
BASE_YEAR = {"pct": 2020, "sci": 2019}  # middle of the windows of the 2023 table


@dataclass(frozen=True)
class Volume:
    """A cluster's part of the world's documents in the windows of the 2023 table, before any draw."""

    name: str
    basis: Basis
    economies: tuple[str, ...]
    rank_2023: int | None
    rank_2024: int | None
    pct: float
    sci: float

    @property
    def listings(self) -> float:
        """Listings in the windows of the 2023 table, at the world's full size."""
        totals = tables.world_totals()
        parts = {"pct": self.pct, "sci": self.sci}
        return sum(parts[kind] * totals[kind] * LISTINGS_PER_DOCUMENT[kind] for kind in totals)


def fitted_curve() -> tuple[float, float]:
    """Intercept and slope of log(total share in per cent) over log(rank), fitted to the published ranks from 10 on."""
    totals = tables.world_totals()
    rows = [
        (rank, 100 * (pct / totals["pct"] + sci / totals["sci"]))
        for rank, pct, sci in tables.published_volumes().values()
        if rank >= FIT_FROM_RANK
    ]
    ranks, shares = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    slope, intercept = np.polyfit(np.log(ranks), np.log(shares), 1)
    return float(intercept), float(slope)


def published() -> list[Volume]:
    """The 100 names of 2024 in their order, with the counts of 2023 where those are known."""
    totals, known = tables.world_totals(), tables.published_volumes()
    intercept, slope = fitted_curve()
    left = _left_by_economy()
    volumes = []
    for cluster in tables.published_clusters():
        if cluster.name in known:
            rank, pct, sci = known[cluster.name]
            shares = (pct / totals["pct"], sci / totals["sci"])
            volumes.append(
                Volume(cluster.name, "published 2023", cluster.economies, rank, cluster.rank, *shares)
            )
            continue
        total = float(np.exp(intercept + slope * np.log(cluster.rank))) / 100
        part = left[cluster.economies[0]]
        volumes.append(
            Volume(
                cluster.name,
                "extrapolated",
                cluster.economies,
                None,
                cluster.rank,
                total * part,
                total * (1 - part),
            )
        )
    return volumes


def _left_by_economy() -> dict[str, float]:
    """PCT's part in what the published counts leave of each economy, between 5 and 75 per cent."""
    totals, known = tables.world_totals(), tables.published_volumes()
    rest = {code: [economy.pct / 100, economy.sci / 100] for code, economy in tables.economies().items()}
    for cluster in tables.published_clusters():
        if cluster.name in known:
            _, pct, sci = known[cluster.name]
            rest[cluster.economies[0]][0] -= pct / totals["pct"]
            rest[cluster.economies[0]][1] -= sci / totals["sci"]
    parts = {}
    for code, (pct, sci) in rest.items():
        pct, sci = max(pct, 1e-4), max(sci, 1e-4)
        parts[code] = min(0.75, max(0.05, pct / (pct + sci)))
    return parts


def tail_totals(count: int, published_volumes: list[Volume]) -> NDArray[np.float64]:
    """Totals (pct share + sci share) of `count` clusters after rank 100: a power of the rank that fills `CLUSTERED`.

    The curve starts at the published curve's value for rank 100; its exponent is found by bisection.
    """
    intercept, slope = fitted_curve()
    start = float(np.exp(intercept + slope * np.log(100))) / 100
    wanted = 2 * CLUSTERED - sum(volume.pct + volume.sci for volume in published_volumes)
    ratio = np.arange(101, 101 + count) / 100
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if (start * ratio**-middle).sum() > wanted else (low, middle)
    totals: NDArray[np.float64] = start * ratio**-high
    return totals


def split_tail(
    totals: NDArray[np.float64], countries: list[str], published_volumes: list[Volume]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """PCT and article shares of tail clusters: each by its economy's mixture, both sums such that `CLUSTERED` is filled."""
    left = _left_by_economy()
    part = np.array([left[country] for country in countries])
    pct, sci = totals * part, totals * (1 - part)
    pct *= (CLUSTERED - sum(volume.pct for volume in published_volumes)) / pct.sum()
    sci *= (CLUSTERED - sum(volume.sci for volume in published_volumes)) / sci.sum()
    return pct, sci


def growth(economy: str, seed: int, number: int) -> float:
    """Growth a year of cluster `number`: its economy's and a little of its own."""
    own = np.random.default_rng([seed, 11, number]).normal(0, GROWTH_SPREAD)
    return tables.economies()[economy].growth + float(own)


def documents(kind: str, year: int, scale: float) -> int:
    """Documents of a kind that the world publishes in a year; five years of the base windows make the known totals."""
    yearly = tables.world_totals()[kind] / 5
    return max(1, round(scale * yearly * float(np.exp(WORLD_GROWTH * (year - BASE_YEAR[kind])))))
