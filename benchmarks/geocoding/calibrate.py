"""Fit probabilities on the labelled sets, print their reliability and expected calibration error, write the table.

    python benchmarks/geocoding/calibrate.py LABELS_FOLDER --home HOME [--registry FILE] [--write]

One isotonic curve per rule; one that seldom decides where a registry is given is fitted on the rows placed without it. The errors printed are out of sample: each half of the rows (by hash of the text) is judged by
curves fitted on the other half.
"""

from __future__ import annotations

import argparse
import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from accuracy import SETS, accepted, read_set, right

from foundation.home import Home
from geocoding.geocoder import Geocoder
from geocoding.vocabulary import FOLDER

FEWEST = 40  # rows that a curve needs
MOST = 3_000  # rows per set
BINS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)


class Row(NamedTuple):
    name: str
    half: int
    rule: str
    strength: float
    right: bool


Curve = tuple[list[float], list[float]]


def gather(geocoder: Geocoder, folder: Path) -> list[Row]:
    found = []
    for name in SETS:
        for row in read_set(folder, name, MOST):
            for country in (row["country"], None) if name in ("wos", "s2aff") else (row["country"],):
                answer = geocoder.place(row["text"], country)
                if answer.latitude is None:
                    continue
                rule, strength = geocoder.strength(row["text"], country)
                half = hashlib.sha1(row["text"].encode()).digest()[5] % 2
                good = right(answer, accepted(row, True))
                label = name if country else f"{name} without country"
                found.append(Row(label, half, rule or answer.method, strength, good))
    return found


def fit(rows: list[Row]) -> dict[str, Curve]:
    from sklearn.isotonic import IsotonicRegression

    by_rule: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_rule[row.rule].append(row)
    curves = {}
    for rule, some in sorted(by_rule.items()):
        if len(some) < FEWEST:
            continue
        strengths = np.array([row.strength for row in some])
        good = np.array([row.right for row in some], dtype=float)
        smoothed = (good * len(good) + good.mean()) / (len(good) + 1)
        model = IsotonicRegression(out_of_bounds="clip", y_min=0.02, y_max=0.998)
        model.fit(strengths, smoothed)
        knots = np.unique(np.concatenate([model.X_thresholds_, np.quantile(strengths, [0, 1])]))
        curves[rule] = (knots.round(4).tolist(), model.predict(knots).round(4).tolist())
    return curves


def predicted(curves: dict[str, Curve], row: Row) -> float:
    curve = curves.get(row.rule)
    return float(np.interp(row.strength, *curve)) if curve else float(1 / (1 + np.exp(-row.strength)))


def report(rows: list[Row], shares: list[float]) -> None:
    names = sorted({row.name for row in rows})
    print(f"{'set':30s} {'placed':>7s} {'right':>7s} {'said':>7s} {'calibration error':>18s}")
    for name in [*names, "all"]:
        chosen = [(s, r.right) for s, r in zip(shares, rows, strict=True) if name in ("all", r.name)]
        said, good = np.array([s for s, _ in chosen]), np.array([g for _, g in chosen], dtype=float)
        where = np.digitize(said, BINS[1:-1])
        error = sum(abs(said[where == b].sum() - good[where == b].sum()) for b in range(len(BINS) - 1)) / len(
            said
        )
        print(f"{name:30s} {len(said):7,d} {good.mean():7.4f} {said.mean():7.4f} {error:18.4f}")
    said, good = np.array(shares), np.array([r.right for r in rows], dtype=float)
    where = np.digitize(said, BINS[1:-1])
    print("\nreliability, all sets")
    for b in range(len(BINS) - 1):
        if (where == b).any():
            print(
                f"  said {BINS[b]:.2f} to {BINS[b + 1]:.2f}: {(where == b).sum():6,d} rows, right {good[where == b].mean():.4f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--write", action="store_true", help="write geocoding/data/reliability.csv")
    given = parser.parse_args()
    geocoder = Geocoder.ready(Home.find(given.home), registry=given.registry)
    rows = gather(geocoder, given.labels)
    if given.registry:
        often = Counter(row.rule for row in rows)
        plain = gather(Geocoder(geocoder.index), given.labels)
        seldom = [row for row in plain if often[row.rule] < FEWEST]
        rows += [row._replace(name=f"{row.name} without registry") for row in seldom]
    halves = [fit([row for row in rows if row.half != half]) for half in (0, 1)]
    report(rows, [predicted(halves[row.half], row) for row in rows])
    if given.write:
        lines = [
            "# Share of right answers by rule and strength, isotonic. Source: benchmarks/geocoding/calibrate.py on the labelled sets."
        ]
        lines.append("rule,strength,probability")
        for rule, (strengths, shares) in fit(rows).items():
            lines += [f"{rule},{s},{p}" for s, p in zip(strengths, shares, strict=True)]
        (FOLDER / "reliability.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
