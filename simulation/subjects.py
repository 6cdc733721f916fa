"""What documents are about: technology fields as IPC symbols, Web of Science categories, journals.

Every cluster has its own mixture: the world's weights, tilted by a draw that depends on the cluster alone.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from foundation.errors import MissingData
from foundation.home import seed_file
from simulation import tables
from simulation.draws import Rows, mixed, mixed_one
from simulation.rates import BARE_SUBCLASS, NEW_SUBCLASS
from simulation.words import invented

TILT = 0.7  # spread of a cluster's mixture around the world's, of the logarithm
JOURNALS_PER_CATEGORY = 4
GROUP_WEIGHTS = {
    "Natural sciences": 0.36, "Engineering and technology": 0.28, "Medical and health sciences": 0.29,
    "Agricultural and veterinary sciences": 0.05, "Social sciences": 0.02,
}  # fmt: skip
NEW_SUBCLASSES = ("H10K", "G06V", "H10B", "G16Y")  # younger than the concordance


def _seed_rows(name: str) -> list[dict[str, str]]:
    path = seed_file(name)
    if not Path(path).is_file():
        raise MissingData(f"The seed {name} is missing.", "Install the project again.", str(path))
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _mixtures(weights: NDArray[np.float64], clusters: int, seed: int) -> NDArray[np.float64]:
    """Cumulated weights of each cluster, shape (clusters, weights)."""
    tilt = np.random.default_rng([seed, 201, len(weights)]).normal(0, TILT, (clusters, len(weights)))
    tilted = weights * np.exp(tilt)
    cumulated: NDArray[np.float64] = np.cumsum(tilted / tilted.sum(axis=1, keepdims=True), axis=1)
    return cumulated


def _pick(cumulated: NDArray[np.float64], draw: NDArray[np.float64]) -> Rows:
    picked: Rows = np.minimum((draw[:, None] > cumulated).sum(axis=1), cumulated.shape[1] - 1)
    return picked


class Technology:
    """IPC symbols by technology field, consistent with the concordance."""

    def __init__(self, clusters: int, seed: int) -> None:
        patterns: dict[int, list[str]] = defaultdict(list)
        for row in _seed_rows("ipc_technology"):
            patterns[int(row["field_nr"])].append(row["ipc_pattern"])
        self._fields = sorted(patterns)
        self._patterns = [sorted(patterns[number]) for number in self._fields]
        split = {p.split(" ")[0] for group in self._patterns for p in group if " " in p}
        self._split = sorted(split)
        known = tables.field_weights()
        self._cumulated = _mixtures(np.array([known[number] for number in self._fields]), clusters, seed)

    def fields(self, rng: np.random.Generator, cluster: Rows) -> Rows:
        """Position of a field for each application."""
        return _pick(self._cumulated[cluster], rng.random(len(cluster)))

    def symbols(self, rng: np.random.Generator, fields: Rows) -> list[str]:
        """A symbol for each field, now and then a bare subclass or one younger than the concordance."""
        draws = rng.random((len(fields), 3))
        odd = rng.random(len(fields))
        symbols = []
        for field, (first, second, third), strange in zip(
            fields.tolist(), draws.tolist(), odd.tolist(), strict=True
        ):
            if strange < BARE_SUBCLASS:
                symbols.append(self._split[int(first * len(self._split))])
                continue
            if strange < BARE_SUBCLASS + NEW_SUBCLASS:
                pattern = NEW_SUBCLASSES[int(first * len(NEW_SUBCLASSES))]
            else:
                group = self._patterns[field]
                pattern = group[int(first**2 * len(group))]
            subclass, _, main = pattern.partition(" ")
            main = main.strip() or str(1 + int(second**2 * 24))
            symbols.append(
                f"{subclass}{main:>4}/{('00', '02', '04', '06', '08', '10', '12', '20')[int(third * 8)]}"
            )
        return symbols


@dataclass(frozen=True)
class Journal:
    """An invented journal: title, abbreviation, ISSN, its categories and research areas as the tags print them."""

    title: str
    short: str
    issn: str
    categories: str
    areas: str


class Journals:
    """Invented journals of real categories; a cluster's mixture is over categories."""

    def __init__(self, clusters: int, seed: int) -> None:
        rows = [
            (row["wos_category"], GROUP_WEIGHTS[row["group"]])
            for row in _seed_rows("science_fields")
            if row["group"] in GROUP_WEIGHTS and row["status"] == "current"
        ]
        names = [name for name, _ in rows]
        size = 0.2 + mixed(np.arange(len(rows)), seed + 3) % 1000 / 400  # categories are not alike
        share = np.array([weight for _, weight in rows])
        per_group: dict[float, float] = defaultdict(float)
        for value, extent in zip(share.tolist(), size.tolist(), strict=True):
            per_group[value] += extent
        weights = np.array([v * e / per_group[v] for v, e in zip(share.tolist(), size.tolist(), strict=True)])
        self._cumulated = _mixtures(weights, clusters, seed)
        words = invented(len(names) * JOURNALS_PER_CATEGORY, seed + 5)
        self.all = [
            _journal(number, names, words[number]) for number in range(len(names) * JOURNALS_PER_CATEGORY)
        ]

    def draw(self, rng: np.random.Generator, cluster: Rows) -> Rows:
        """Number of the journal of each article."""
        category = _pick(self._cumulated[cluster], rng.random(len(cluster)))
        which = (JOURNALS_PER_CATEGORY * rng.random(len(cluster)) ** 1.5).astype(np.int64)
        return category * JOURNALS_PER_CATEGORY + which


def _journal(number: int, names: list[str], word: str) -> Journal:
    first = number // JOURNALS_PER_CATEGORY
    drawn = mixed_one(number, 8)
    categories = [names[first]]
    if drawn % 5 < 2:
        second = names[(first + 1 + drawn % 7) % len(names)]
        categories.append(second)
    areas = list(dict.fromkeys(name.split(",")[0] for name in categories))
    title = f"{word.upper()} JOURNAL OF {names[first].split(',')[0].upper()}"
    return Journal(
        title,
        f"{word[:6].upper()} J {names[first][:6].upper().strip()}",
        f"{drawn % 9000 + 1000:04d}-{drawn // 9000 % 9000 + 1000:04d}",
        "; ".join(categories),
        "; ".join(areas),
    )
