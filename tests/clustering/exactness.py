"""Cases for the exactness test, and what must hold of each: against the definition, scikit-learn, and other row orders.

`python -m tests.clustering.exactness CASES [FIRST_SEED]` runs as many cases as asked for and prints the counts.
"""

import sys
import time
from collections import Counter
from dataclasses import dataclass

import numpy as np

from clustering import engine
from tests.clustering.oracle import GEOMETRIES, Expected, expected, geometry, haversines, limit, sums_within

EPS_KM = (0.001, 0.1, 1.0, 15.0, 50.0, 300.0, 2000.0, 6000.0, 10_007.5)
SIZES = (1, 2, 3, 10, 20, 30, 50, 80, 120, 200)
LARGE = (400, 800, 1500)


@dataclass(frozen=True)
class Case:
    seed: int
    kind: str
    points: np.ndarray
    weight: np.ndarray
    eps_km: float
    min_samples: int
    order: np.ndarray  # of rows, for the second run
    wanted: Expected

    def __str__(self):
        return (
            f"seed {self.seed}: {self.kind}, n={len(self.points)}, eps_km={self.eps_km}, "
            f"min_samples={self.min_samples}"
        )


def case(seed, sizes=SIZES, large_share=0.02):
    """The case of a seed: geometry by turns, everything else drawn; min_samples near a true sum in 70 % of cases."""
    rng = np.random.default_rng([20, seed])
    kind = GEOMETRIES[seed % len(GEOMETRIES)]
    eps_km = float(rng.choice(EPS_KM))
    n = int(rng.choice(LARGE if rng.uniform() < large_share else sizes))
    points = np.ascontiguousarray(geometry(kind, n, eps_km, rng))
    weight = (
        np.ones(n, np.int64),
        rng.integers(0, 5, n),
        np.minimum(rng.zipf(1.6, n), 10_000),
        7 * rng.integers(0, 2, n),
    )[int(rng.integers(4))]
    if not weight.any():
        weight[0] = 1
    hav = haversines(points)
    least = int(rng.integers(1, max(2, weight.sum())))
    if rng.uniform() < 0.7:
        least = int(sums_within(hav, weight, eps_km)[rng.integers(n)]) + int(rng.integers(-2, 3))
    wanted = expected(points, weight, eps_km, max(least, 1), hav)
    return Case(seed, kind, points, weight, eps_km, max(least, 1), rng.permutation(n), wanted)


def disagreements(one, threads=1):
    """What is wrong with our result for a case; an empty list is right."""
    wanted = one.wanted
    found = engine.find_clusters(one.points, one.weight, one.eps_km, one.min_samples, threads)
    wrong = []
    if not np.array_equal(found.is_core, wanted.is_core):
        wrong.append("core points")
    if not np.array_equal(found.labels < 0, wanted.is_noise):
        wrong.append("noise")
    if not np.array_equal(found.labels, wanted.labels):
        wrong.append("labels")
    rows = np.argsort(found.border)
    border = np.flatnonzero(~wanted.is_core & ~wanted.is_noise)
    if not np.array_equal(found.border[rows], border):
        wrong.append("border")
    elif not np.array_equal(found.border_core[rows], wanted.nearest_core[border]):
        wrong.append("nearest core points")
    elif not np.array_equal(found.border_hav[rows], wanted.nearest_hav[border]):
        wrong.append("distances")
    again = engine.find_clusters(
        one.points[one.order], one.weight[one.order], one.eps_km, one.min_samples, threads
    )
    if not (
        np.array_equal(again.labels, found.labels[one.order])
        and np.array_equal(again.is_core, found.is_core[one.order])
    ):
        wrong.append("row order")
    return wrong


def versus_scikit_learn(one):
    """'same', 'tied' (they differ and a pair lies at eps to within 1e-13), or 'different'."""
    from sklearn.cluster import DBSCAN

    wanted = one.wanted
    theirs = DBSCAN(
        eps=one.eps_km / 6371.0088,
        min_samples=one.min_samples,
        metric="haversine",
        algorithm="ball_tree",
    ).fit(one.points * (np.pi / 180), sample_weight=one.weight)
    is_core = np.zeros(len(one.points), bool)
    is_core[theirs.core_sample_indices_] = True
    cores = np.flatnonzero(wanted.is_core)
    same = (
        np.array_equal(is_core, wanted.is_core)
        and np.array_equal(theirs.labels_ < 0, wanted.is_noise)
        and partition(theirs.labels_[cores]) == partition(wanted.labels[cores])
    )
    if same:
        return "same"
    bound = limit(one.eps_km)
    return "tied" if wanted.closest_to_limit <= 4e-13 * bound else "different"


def partition(labels):
    """Each row's label as the smallest row that shares it."""
    first = {}
    return [first.setdefault(one, row) for row, one in enumerate(labels.tolist())]


def corners(seed):
    """Two points in opposite corners of one cell of the grid, which must be neighbors: a cell's diameter is at most eps."""
    rng = np.random.default_rng([21, seed])
    eps_km = float(rng.choice(EPS_KM[:-2]))
    rule = engine.rule_for(eps_km, 2)
    band = int(rng.integers(0, int(np.pi / rule.height)))
    columns = int(engine.k.columns_of(band, rule))
    inset = np.array([1e-3, 1 - 1e-3])
    latitude = np.degrees((band + inset) * rule.height) - 90
    longitude = (int(rng.integers(columns)) + rng.permutation(inset)) * 360 / columns - 180
    points = np.clip(np.column_stack([latitude, longitude]), (-90, -180), (90, 180))
    wanted = expected(points, np.ones(2, np.int64), eps_km, 2)
    return Case(seed, "corners", points, np.ones(2, np.int64), eps_km, 2, np.array([1, 0]), wanted)


def run(cases, first=0, every=1):
    """Counts over cases, with scikit-learn beside every `every`-th, and what is wrong, in sentences."""
    seen, wrong, few = Counter(), [], engine.FEW
    engine.FEW = 0  # so that threads work on small cases too
    try:
        for seed in range(first, first + cases):
            one = case(seed)
            faults = disagreements(one, threads={3: 2, 7: 3}.get(seed % 10, 1))
            seen[one.kind] += 1
            if faults:
                wrong.append(f"{one}: {', '.join(faults)}")
            if seed % every == 0:
                verdict = versus_scikit_learn(one)
                seen[verdict] += 1
                if verdict == "different":
                    wrong.append(f"{one}: scikit-learn differs without a tie")
    finally:
        engine.FEW = few
    return seen, wrong


def main():
    cases, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    start = time.perf_counter()
    seen, wrong = run(cases, first)
    sys.stdout.write(
        f"{cases:,} cases in {time.perf_counter() - start:.0f} s: {dict(sorted(seen.items()))}\n"
    )
    sys.stdout.write("\n".join([f"{len(wrong)} wrong", *wrong[:20], ""]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
