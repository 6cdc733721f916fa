"""The steps of exact weighted DBSCAN on the sphere, and the threads that take them. METHODOLOGY 7.

What loops over points or cells is compiled (`kernels.py`); what faces users (parameters, messages, attributes) is
`dbscan.py`. This module loads neither scikit-learn nor scipy.

Every point is decided by one thread, weights are whole numbers, and no sum of floating-point numbers crosses threads:
any number of threads and any order of rows give the same result.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from clustering import kernels as k
from clustering.sphere import EARTH_RADIUS_KM, Bools, Floats, Ints
from foundation.measure import usable_cores

FEW = 20_000  # points below which threads cost more than they bring
TABLE = 1 << 16  # bands whose columns are tabulated; more bands (eps below 0.4 km) are computed as they come
PIECES = 8  # per thread, so that a heavy piece does not keep the others waiting
MOST_ROWS = 2**31 - 1
MOST_PER_CORE = 4  # threads; 5,000 of them took 41 s for points that two cluster in 0.1 s

Span = tuple[int, int]


@dataclass(frozen=True)
class Found:
    """Clusters of n points, by row. `border` are the rows that are no core points but within eps of one."""

    labels: Ints  # (n,), -1 for noise
    is_core: Bools  # (n,)
    border: Ints  # (m,)
    border_core: Ints  # (m,), the nearest core point's row
    border_hav: Floats  # (m,), haversine value of the distance


@dataclass
class Threads:
    """A pool that runs a kernel over stretches of its work."""

    count: int
    pool: ThreadPoolExecutor | None

    def run(
        self,
        kernel: Callable[..., Any],
        pieces: list[Span],
        *arguments: Any,
        scratch: Callable[[], Any] | None = None,
    ) -> list[Any]:
        """Results of `kernel(low, high, *arguments)` for each piece, in order; with scratch after `high` if it asks."""

        def work(piece: Span) -> Any:
            own = () if scratch is None else (scratch(),)
            return kernel(*piece, *own, *arguments)

        return [work(one) for one in pieces] if self.pool is None else list(self.pool.map(work, pieces))

    def even(self, length: int) -> list[Span]:
        """One stretch per thread."""
        return _between(np.linspace(0, length, self.count + 1).astype(np.int64))

    def by_work(self, work: Any) -> list[Span]:
        """Stretches of about equal sums of `work`, several per thread."""
        if not len(work):
            return []
        if self.count == 1:
            return [(0, len(work))]
        done = np.cumsum(work, dtype=np.int64)
        wanted = np.linspace(0, done[-1], PIECES * self.count + 1)[1:-1]
        return _between(np.concatenate([[0], np.searchsorted(done, wanted), [len(work)]]))


def _between(bounds: Any) -> list[Span]:
    return [(int(a), int(b)) for a, b in itertools.pairwise(bounds) if a < b]


@contextmanager
def threads_for(rows: int, wanted: int | None) -> Iterator[Threads]:
    """Threads for so many points; `wanted` None means all cores this process may use, and is at most 4 for each."""
    cores = usable_cores()
    count = cores if wanted is None else int(min(wanted, MOST_PER_CORE * cores))
    if rows < FEW or count == 1:
        yield Threads(1, None)
        return
    with ThreadPoolExecutor(count, thread_name_prefix="dbscan") as pool:
        yield Threads(count, pool)


def rule_for(eps_km: float, min_samples: int) -> k.Rule:
    """The numbers of a call: the limit, its margins, and the grid's measures.

    A band's height h has hav(h) = hav(eps) / 2, so that a cell's diameter is at most eps; both are shrunk by more than
    the rounding of coordinates.
    """
    eps = eps_km / EARTH_RADIUS_KM
    hav = math.sin(0.5 * eps) ** 2
    height = 2.0 * math.asin(math.sqrt(0.5 * hav)) * (1.0 - 1e-9) - 1e-14
    rest = hav - math.sin(0.5 * height) ** 2
    margin = 10.0 * k.SLACK
    rule = k.Rule(
        hav=hav,
        hav_in=math.sin(0.5 * (eps * (1.0 - margin) - k.SLACK)) ** 2,
        hav_out=math.sin(0.5 * (eps * (1.0 + margin) + k.SLACK)) ** 2,
        height=height,
        rest=rest,
        bands_per_degree=k.RADIANS / height,
        column_bits=0,
        least=min_samples,
    )
    equator = int(0.5 * math.pi / height)
    return rule._replace(column_bits=int(k.columns_of(equator, rule)).bit_length())


def first_bad_row(degrees: Floats, n_threads: int | None = None) -> int | None:
    """First row whose latitude or longitude is not a number or out of range."""
    with threads_for(len(degrees), n_threads) as threads:
        found = threads.run(
            lambda low, high: k.first_bad_coordinate(degrees, low, high), threads.even(len(degrees))
        )
    return next((int(row) for row in found if row >= 0), None)


def find_clusters(
    degrees: Floats, weight: Ints, eps_km: float, min_samples: int, n_threads: int | None = None
) -> Found:
    """DBSCAN by the predicate haversine ≤ haversine(eps), weighted, border points by the tie rule.

    Parameters
    ----------
    degrees : ndarray of shape (n, 2), float64, C order, writable, degrees
        Latitude in [-90, 90], longitude in [-180, 180]; 1 <= n < 2^31.
    weight : ndarray of shape (n,), int64, writable, >= 0, sum below 2^62
    eps_km : float, km
    min_samples : int, in units of the weights
    n_threads : int or None
        None means all cores.

    Notes
    -----
    O(n) memory, about 80 bytes per point at the most. O(n) time for grid and sort; undecided points cost the points
    near the rim of their circle.
    """
    rule = rule_for(eps_km, min_samples)
    with threads_for(len(degrees), n_threads) as threads:
        return _Run(degrees, weight, rule, threads).found()


def _sorted_keys(degrees: Floats, rule: k.Rule, threads: Threads) -> tuple[Any, Any]:
    """Cell keys in ascending order, and the row of each: a stable radix sort, one histogram per thread."""
    n, pieces = len(degrees), threads.even(len(degrees))
    bands = int(180.0 * rule.bands_per_degree) + 1
    bits = bands.bit_length() + rule.column_bits
    kind = np.uint32 if bits <= 32 else np.int64
    table = np.empty(bands if bands <= TABLE else 0, np.int64)
    k.fill_columns(rule, table)
    keys, new_keys = np.empty(n, kind), np.empty(n, kind)
    rows, new_rows = np.empty(n, np.int32), np.empty(n, np.int32)
    threads.run(lambda low, high: k.fill_keys(degrees, low, high, rule, table, keys, rows), pieces)
    counts = np.empty((len(pieces), k.DIGITS), np.int64)
    for shift in range(0, bits, k.DIGIT_BITS):
        source = (keys, rows, new_keys, new_rows)
        threads.run(
            lambda low, high, s=source, by=shift: k.count_digits(
                s[0], low, high, by, counts[_of(pieces, low)]
            ),
            pieces,
        )
        before = np.cumsum(counts.T).reshape(k.DIGITS, len(pieces)).T - counts
        place = np.ascontiguousarray(before)
        threads.run(
            lambda low, high, s=source, by=shift, to=place: k.scatter(
                s[0], s[1], low, high, by, to[_of(pieces, low)], s[2], s[3]
            ),
            pieces,
        )
        keys, rows, new_keys, new_rows = new_keys, new_rows, keys, rows
    return keys, rows


def _of(pieces: list[Span], low: int) -> int:
    return next(i for i, piece in enumerate(pieces) if piece[0] == low)


@dataclass
class _Run:
    """One call: the state that its steps share."""

    degrees: Floats
    weight: Ints
    rule: k.Rule
    threads: Threads
    cells: k.Cells = field(init=False)
    points: k.Points = field(init=False)
    grids: k.Grids = field(init=False)

    def found(self) -> Found:
        self._lay_grid()
        kind = self._judge_cells()
        cores = self._decide(kind)
        is_border, wanted = self._border_cells(cores)
        number = self._join(cores, wanted)
        return self._label(cores, np.flatnonzero(is_border), number)

    @property
    def counts(self) -> Any:
        """Points of each cell."""
        return np.diff(self.cells.start)

    def _lay_grid(self) -> None:
        n, threads, rule = len(self.degrees), self.threads, self.rule
        keys, rows = _sorted_keys(self.degrees, rule, threads)
        pieces = threads.even(n)
        begins = threads.run(lambda low, high: k.count_cells(keys, low, high), pieces)
        first = dict(zip((low for low, _ in pieces), np.cumsum([0, *begins])[:-1].tolist(), strict=True))
        total = sum(begins)
        start, band, column = (
            np.empty(total + 1, np.int32),
            np.empty(total, np.int32),
            np.empty(total, np.int32),
        )
        start[total] = n
        threads.run(
            lambda low, high: k.list_cells(
                keys, low, high, rule.column_bits, first[low], start, band, column
            ),
            pieces,
        )
        weight, heap = np.empty(n, np.int64), np.zeros(total + 1, np.int64)
        threads.run(k.gather_weights, threads.by_work(np.diff(start)), start, rows, self.weight, weight, heap)
        np.cumsum(heap, out=heap)
        at = np.flatnonzero(np.diff(band, prepend=-1)).astype(np.int32)
        bands, columns, reach = band[at], np.empty(len(at), np.int64), np.empty((len(at), k.BANDS))
        k.fill_reach(bands, rule, columns, reach)
        self.cells = k.Cells(start, band, column, heap, bands, np.append(at, np.int32(total)), columns, reach)
        self.points = k.Points(self.degrees, rows, np.empty(n), np.empty(n), np.empty(n), weight)
        at = np.empty(total, np.int64)
        corners = k.lay_out(start, at)
        level = np.full(total, k.NO_GRID, np.uint8)
        self.grids = k.Grids(level, at, np.empty(corners, np.int32), np.empty(corners, np.int64))

    def _judge_cells(self) -> Any:
        """ALL, NONE or OPEN for each cell; the sub-grids that open cells need are made."""
        kind = np.empty(len(self.grids.level), np.uint8)
        wanted = np.zeros(len(kind), np.uint8)
        self.threads.run(
            k.judge_cells,
            self.threads.by_work(np.ones(len(kind))),
            self.cells,
            self.rule,
            kind,
            scratch=k.new_near,
        )
        chosen = np.flatnonzero(kind == k.OPEN)
        pieces = self.threads.by_work(np.ones(len(chosen)))
        self.threads.run(
            k.judge_blocks, pieces, chosen, self.cells, self.rule, kind, wanted, scratch=k.new_near
        )
        self._subdivide(np.flatnonzero(wanted), with_sums=True)
        return kind

    def _subdivide(self, chosen: Ints, with_sums: bool) -> None:
        counts = self.counts[chosen]
        most = int(counts.max(initial=0))
        self.threads.run(
            k.subdivide,
            self.threads.by_work(counts),
            chosen,
            with_sums,
            self.cells,
            self.points,
            self.grids,
            self.rule,
            scratch=lambda: k.new_move(most),
        )

    def _decide(self, kind: Any) -> Any:
        """Core points of each cell; where a cell has both kinds they come first in it."""
        counts = self.counts
        cores = np.where(kind == k.ALL, counts, 0).astype(np.int32)
        chosen = np.flatnonzero(kind == k.OPEN)
        core = np.empty(len(self.degrees), np.bool_)
        pieces = self.threads.by_work(counts[chosen])
        shared = (chosen, self.cells, self.points, self.grids)
        self.threads.run(k.decide, pieces, *shared, self.rule, core, cores, scratch=k.new_near)
        most = int(counts[chosen].max(initial=0))
        self.threads.run(k.cores_first, pieces, *shared, core, cores, scratch=lambda: k.new_move(most))
        return cores

    def _border_cells(self, cores: Any) -> tuple[Any, Any]:
        """Cells with other points that core points may reach, and the cells of those core points."""
        is_border, wanted = np.zeros(len(cores), np.uint8), np.zeros(len(cores), np.uint8)
        chosen = np.flatnonzero(cores)
        pieces = self.threads.by_work(np.ones(len(chosen)))
        self.threads.run(
            k.mark_border, pieces, chosen, self.cells, cores, is_border, wanted, scratch=k.new_near
        )
        return is_border, wanted

    def _join(self, cores: Any, wanted: Any) -> Ints:
        """Cluster of each cell's core points, numbered by their southernmost, then westernmost core point."""
        parent = np.arange(len(cores), dtype=np.int32)
        pairs = self._join_by_samples(cores, parent)
        wanted[pairs.ravel()] = 1
        self._subdivide(np.flatnonzero((wanted > 0) & (self.grids.level == k.NO_GRID)), with_sums=False)
        k.join_exactly(pairs, self.cells, self.points, self.grids, self.rule, cores, parent)
        first = np.full(len(cores), -1, np.int64)
        k.first_cores(self.cells, self.points, cores, parent, first)
        roots = np.flatnonzero(first >= 0)
        south, west = self.degrees[first[roots]].T
        number = np.full(len(cores), -1, np.int64)
        number[roots[np.lexsort((west, south))]] = np.arange(len(roots))
        k.number_cells(cores, parent, number)
        return number

    def _join_by_samples(self, cores: Any, parent: Any) -> Any:
        """Pairs of cells, as rows of two, that only all their core points can decide."""
        near, room, found, cell = k.new_near(), np.empty((1 << 14, 2), np.int32), [], 0
        while cell < len(cores):
            count, cell = k.join_by_samples(
                cell, near, self.cells, self.points, self.rule, cores, parent, room
            )
            found.append(room[:count].copy())
        pairs = np.concatenate(found)
        apart = np.empty(len(pairs), np.bool_)
        k.still_apart(pairs, parent, apart)
        return pairs[apart]

    def _label(self, cores: Any, chosen: Ints, number: Ints) -> Found:
        n = len(self.degrees)
        labels, is_core = np.empty(n, np.int64), np.empty(n, np.bool_)
        shared = (self.cells, self.points)
        self.threads.run(k.write_labels, self.threads.by_work(self.counts), *shared, cores, number, labels)
        others = (self.counts - cores)[chosen]
        start = np.concatenate([[0], np.cumsum(others, dtype=np.int64)])
        row, core_row, hav = (np.empty(start[-1], kind) for kind in (np.int32, np.int32, np.float64))
        self.threads.run(
            k.attach,
            self.threads.by_work(others),
            chosen,
            start,
            *shared,
            self.grids,
            self.rule,
            cores,
            number,
            labels,
            row,
            core_row,
            hav,
            scratch=k.new_near,
        )
        self.threads.run(k.split_labels, self.threads.even(n), labels, is_core)
        near = core_row >= 0
        return Found(labels, is_core, row[near], core_row[near], hav[near])
