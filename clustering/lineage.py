"""How clusters follow from those of an earlier edition: METHODOLOGY 13. Takes shared listings of pairs, gives kinds.

Each cluster has at most one predecessor and each earlier one at most one successor: the assignment with the greatest
sum of shared listings. Splits and mergers are read from shares, beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clustering.sphere import Ints

Kind = Literal["continued", "split", "merged", "new", "gone"]


@dataclass(frozen=True)
class Overlap:
    """Shared listings of a cluster now and a cluster before, one row a pair; -1 stands for noise on either side."""

    now: Ints
    before: Ints
    shared: Ints


@dataclass(frozen=True)
class Step:
    """One row of the table `lineage`; a cluster without counterpart has None there and no shares."""

    now: int | None
    before: int | None
    kind: Kind
    shared: int
    share_of_this: float | None
    share_of_previous: float | None
    is_predecessor: bool


@dataclass(frozen=True)
class Origin:
    """One row of the table `predecessors`: a cluster now and all that it follows from."""

    cluster_no: int
    kind: Kind
    previous_cluster_no: int | None
    previous_cluster_nos: list[int]
    previous_rank: int | None
    was_ranked: bool
    ranked_before: bool


def lineage(overlap: Overlap, now: list[int], before: list[int], min_share: float) -> list[Step]:
    """Steps from the clusters `before` to those `now`, sorted by cluster now, then before; every cluster is in one.

    A pair stands in a row if it was assigned, or if it holds `min_share` of the shared listings of a cluster that
    split or merged. Kinds: `split` when two or more clusters now hold that share each of the one before, else `merged`
    when two or more before hold it each of the one now, else `continued`. Shares are of all shared listings of the
    cluster, those that are noise in the other edition included.
    """
    total_now = _totals(overlap.now, overlap.shared)
    total_before = _totals(overlap.before, overlap.shared)
    real = (overlap.now >= 0) & (overlap.before >= 0) & (overlap.shared > 0)
    pairs = sorted(
        zip(
            overlap.now[real].tolist(),
            overlap.before[real].tolist(),
            overlap.shared[real].tolist(),
            strict=True,
        )
    )
    part_of_before = {(i, j): shared / total_before[j] for i, j, shared in pairs}
    part_of_now = {(i, j): shared / total_now[i] for i, j, shared in pairs}
    heirs = _counted([j for (_, j), part in part_of_before.items() if part >= min_share])
    parents = _counted([i for (i, _), part in part_of_now.items() if part >= min_share])
    assigned = assignment(pairs)
    steps = []
    for i, j, shared in pairs:
        of_before, of_now = part_of_before[i, j], part_of_now[i, j]
        split = heirs.get(j, 0) > 1 and of_before >= min_share
        merged = parents.get(i, 0) > 1 and of_now >= min_share
        if split or merged or (i, j) in assigned:
            kind: Kind = "split" if split else "merged" if merged else "continued"
            steps.append(Step(i, j, kind, shared, of_now, of_before, (i, j) in assigned))
    with_row_now, with_row_before = {step.now for step in steps}, {step.before for step in steps}
    steps += [Step(i, None, "new", 0, None, None, False) for i in now if i not in with_row_now]
    steps += [Step(None, j, "gone", 0, None, None, False) for j in before if j not in with_row_before]
    return sorted(
        steps, key=lambda step: (step.now is None, step.now or 0, step.before is None, step.before or 0)
    )


def origins(
    steps: list[Step], now: list[int], rank_of: dict[int, int], ranked: set[int], ever_ranked: set[int]
) -> list[Origin]:
    """Where each cluster comes from; without any step (no previous edition) all are new.

    Parameters
    ----------
    steps : rows of `lineage`
    now : numbers of this edition's clusters
    rank_of : rank of each cluster of the previous edition
    ranked, ever_ranked : clusters of the previous edition among the ranked, and those or their own origins ever ranked
    """
    found = []
    for number in now:
        from_ = [step for step in steps if step.now == number and step.before is not None]
        from_.sort(key=lambda step: (-step.shared, step.before or 0))
        chosen = next((step for step in from_ if step.is_predecessor), None)
        kind: Kind = chosen.kind if chosen else from_[0].kind if from_ else "new"
        before = chosen.before if chosen else None
        all_before = [step.before for step in from_ if step.before is not None]
        found.append(
            Origin(
                number,
                kind,
                before,
                all_before,
                None if before is None else rank_of.get(before),
                before in ranked,
                any(one in ever_ranked for one in all_before),
            )
        )
    return found


def assignment(pairs: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """One-to-one pairs (now, before) with the greatest sum of shared listings.

    Each connected component of the overlap graph is solved by itself, so that the dense matrix stays small.
    """
    from scipy.optimize import linear_sum_assignment
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not pairs:
        return set()
    now, row = np.unique([i for i, _, _ in pairs], return_inverse=True)
    before, column = np.unique([j for _, j, _ in pairs], return_inverse=True)
    shared = np.array([count for _, _, count in pairs], dtype=np.int64)
    size = len(now) + len(before)
    _, component = connected_components(
        coo_array((shared, (row, column + len(now))), shape=(size, size)), directed=False
    )
    found: set[tuple[int, int]] = set()
    order = np.argsort(component[row], kind="stable")
    for chosen in np.split(order, np.flatnonzero(np.diff(component[row][order])) + 1):
        rows, i = np.unique(row[chosen], return_inverse=True)
        columns, j = np.unique(column[chosen], return_inverse=True)
        weights: NDArray[np.float64] = np.zeros((len(rows), len(columns)))
        weights[i, j] = shared[chosen]
        left, right = linear_sum_assignment(weights, maximize=True)
        for a, b in zip(left, right, strict=True):
            if weights[a, b] > 0:  # the solver also pairs what shares nothing
                found.add((int(now[rows[a]]), int(before[columns[b]])))
    return found


def _totals(cluster: Ints, shared: Ints) -> dict[int, int]:
    totals: dict[int, int] = {}
    for one, count in zip(cluster.tolist(), shared.tolist(), strict=True):
        totals[one] = totals.get(one, 0) + count
    return totals


def _counted(numbers: list[int]) -> dict[int, int]:
    return _totals(np.array(numbers, dtype=np.int64), np.ones(len(numbers), np.int64))
