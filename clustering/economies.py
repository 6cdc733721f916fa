"""The economies of a cluster: METHODOLOGY 11. Takes listings at points, gives ISO codes with the leading one first."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from clustering.sphere import Floats, Ints

JOIN = "/"


def economies(
    cluster: Ints, country: list[str], listings: Ints, activity: Floats, clusters: int, min_share: float
) -> list[list[str]]:
    """Economies of each cluster 0 … `clusters` - 1, the most active first.

    An economy counts if it has at least `min_share` of the cluster's listings; at least one always does.

    Parameters
    ----------
    cluster : ndarray of shape (n,), int64
    country : list of n ISO 3166-1 alpha-2 codes
    listings : ndarray of shape (n,), int64
    activity : ndarray of shape (n,), float64
        Listings with both kinds weighing the same; orders the economies (ties: code).
    """
    codes, code = np.unique(np.array(country, dtype=object), return_inverse=True)
    key = cluster * max(len(codes), 1) + code
    pairs, place = np.unique(key, return_inverse=True)
    count = np.bincount(place, listings, len(pairs))
    active = np.bincount(place, activity, len(pairs))
    owner, economy = np.divmod(pairs, max(len(codes), 1))
    total = np.bincount(owner, count, clusters)
    found: list[list[str]] = [[] for _ in range(clusters)]
    for row in np.lexsort((economy, -active, owner)):
        mine = found[owner[row]]
        if not mine or count[row] >= min_share * total[owner[row]]:
            mine.append(str(codes[economy[row]]))
    return found


def label(codes: list[str]) -> str:
    """The economies of a cross-border cluster as printed: `SG/MY`."""
    return JOIN.join(codes)


def wipo_names(seed: Path) -> dict[str, str]:
    """Name of each economy in WIPO's form by ISO code, from the seed `economies`."""
    with seed.open(encoding="utf-8", newline="") as handle:
        return {row["iso2"]: row["wipo_name"] for row in csv.DictReader(handle)}


def clusters_by_economy(found: list[list[str]], printed: dict[str, str]) -> dict[str, int]:
    """Number of clusters of each economy, most first: a cross-border cluster counts once for each of its economies."""
    counts: dict[str, int] = {}
    for codes in found:
        for code in codes:
            name = printed.get(code, code)
            counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
