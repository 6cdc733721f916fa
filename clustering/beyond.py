"""The nearest core point of noise, which lies beyond eps: asked of a tree, since the grid ends at eps. METHODOLOGY 7.

The tree's boxes fit their points closely. A tree whose cells reach into the empty land round a cluster (scipy's) must open
all cells on that side for each question, and there are the more of them the more points there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from clustering import kernels as k
from clustering.engine import Threads, threads_for
from clustering.sphere import Floats, Ints, kilometres


def nearest_cores(degrees: Floats, rows: Ints, cores: Ints, n_threads: int | None) -> tuple[Ints, Floats]:
    """Row of each point's nearest core point, and the distance, km.

    Ties: smallest haversine value as computed, then latitude, then longitude, then row. O((n + m) log m) time.

    Parameters
    ----------
    degrees : ndarray of shape (N, 2), float64, degrees, latitude and longitude
    rows : ndarray of shape (n,), int64
        The points that ask.
    cores : ndarray of shape (m,), int64, m >= 1
    n_threads : int or None
        None means all cores.
    """
    with threads_for(len(rows) + len(cores), n_threads) as threads:
        targets = cores[_along_curve(degrees, cores, threads)].astype(np.int32)
        targets = targets[: k.drop_repeats(degrees, targets)].copy()
        m = len(targets)
        points = k.Points(degrees, targets, np.empty(m), np.empty(m), np.empty(m), np.empty(0, np.int64))
        first = _levels(m)
        boxes = np.empty((first[-1], 6))
        threads.run(k.fill_leaves, threads.even(int(first[1])), points, boxes)
        k.fill_boxes(first, boxes)
        order = _along_curve(degrees, rows, threads)
        best, hav = np.empty(len(rows), np.int64), np.empty(len(rows))
        pieces = threads.by_work(np.ones(len(rows)))
        threads.run(k.attach_noise, pieces, rows, order, points, first, boxes, best, hav, scratch=k.new_way)
    return best, np.asarray(kilometres(hav), dtype=np.float64)


def _along_curve(degrees: Floats, rows: Ints, threads: Threads) -> Any:
    """Order of rows along the curve; ties in any order, which no result depends on."""
    keys = np.empty(len(rows), np.int64)
    threads.run(k.fill_curve, threads.even(len(rows)), degrees, rows, keys)
    return np.argsort(keys)


def _levels(points: int) -> Ints:
    """Numbers of the first box of each level, leaves first, and of all boxes."""
    boxes = [-(-points // k.LEAF)]
    while boxes[-1] > 1:
        boxes.append(-(-boxes[-1] // k.FAN))
    return np.concatenate([[0], np.cumsum(boxes)]).astype(np.int64)
