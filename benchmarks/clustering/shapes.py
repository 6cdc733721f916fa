"""Time of what follows the clustering of a million points: merging, and outlines of about 650 clusters.

    python benchmarks/clustering/shapes.py [--points N] [--clusters-of LEAST]

The world of `speed.py` with a smaller `min_samples`. Merging is held against one tree over all clustered points that lists
their pairs within the limit (scipy); outlines against `shapely.concave_hull` alone, on degrees as they come.
"""

from __future__ import annotations

import argparse
import itertools
from functools import partial
from typing import Any

import numpy as np
import shapely
import speed

MERGE_KM, RATIO = 2.0, 0.3


def stacks(points: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(labels.max() + 2))
    return [points[order[a:b]] for a, b in itertools.pairwise(bounds)]


def tree_pairs(points: np.ndarray) -> int:
    from scipy.spatial import cKDTree

    from clustering.sphere import chord, unit_vectors

    vectors = unit_vectors(*np.ascontiguousarray(points.T))
    tree = cKDTree(vectors)
    return int(tree.count_neighbors(tree, chord(MERGE_KM)))


def drawn(clusters: list[np.ndarray], n_threads: int) -> list[Any]:
    from clustering.outlines import outlines

    return outlines(
        (np.ascontiguousarray(one.T) for one in clusters), "concave_hull", RATIO, n_threads=n_threads
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--points", type=int, default=1_000_000)
    asked.add_argument("--clusters-of", type=int, default=9000)
    chosen = asked.parse_args()
    from clustering import SphericalDBSCAN
    from clustering.merge import Members, joins

    task = speed.world(chosen.points)
    found = SphericalDBSCAN(speed.EPS_KM, chosen.clusters_of).fit(task.points, sample_weight=task.weight)
    labels, core = found.labels_, speed.is_core(found, task.size)
    clusters = stacks(task.points, labels)
    inside = labels >= 0
    members = Members(*np.ascontiguousarray(task.points.T), labels, core)
    print(f"{chosen.points:,} points, {inside.sum():,} of them in {len(clusters)} clusters")
    merging, made = speed.seconds(partial(joins, members, len(clusters), MERGE_KM, None), 5, "merging")
    tree, _ = speed.seconds(partial(tree_pairs, task.points[inside]), 1, "a tree over all", patience=1)
    print(
        f"merging    {merging:6.3f} s, {len(made)} pairs within {MERGE_KM} km; {tree / merging:.0f} x as fast as counting pairs in one tree ({tree:.1f} s)"
    )
    drawing, shapes = speed.seconds(partial(drawn, clusters, 2), 3, "outlines")
    alone, _ = speed.seconds(partial(drawn, clusters, 1), 3, "outlines, one thread")
    bare, _ = speed.seconds(
        lambda: [shapely.concave_hull(shapely.multipoints(one), RATIO) for one in clusters], 3, "bare hulls"
    )
    print(
        f"outlines   {drawing:6.2f} s with 2 threads, {alone:.2f} s with one, {len(shapes)}; "
        f"{alone / bare:.2f} x concave_hull alone on degrees ({bare:.2f} s)"
    )
    speed.disturbed.say()


if __name__ == "__main__":
    main()
