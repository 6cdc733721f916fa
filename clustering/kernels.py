"""The compiled parts of DBSCAN on the sphere: grid, sort, sub-grids, decisions, joins, borders. No Python object enters.

Longer than other modules because all kernels must lie in one file: the compiler's cache is keyed by the file of the
function called, so a changed helper in another file would leave stale machine code behind. `engine.py` calls the
kernels and holds what is not compiled. METHODOLOGY 7; why each bound is safe stands beside it.

One predicate decides: two points are neighbors iff `haversine(p, q) <= rule.hav` in double precision. Everything else
is a filter with a margin (`SLACK`) that exceeds all rounding, so it never contradicts the predicate.
Angles are radians unless a name says degrees; "at" indexes points in grid order, "row" points as given.
"""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    """The function compiled without the interpreter's lock; cached on disk where a place for it can be written.

    Without numba's reference counts (`_nrt`): atomic additions for each array of each call made the inner loops five
    times slower. Kernels therefore allocate nothing; scratch comes in as arguments.
    """
    options: Any = {"nogil": True, "error_model": "numpy", "_nrt": False}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba finds no writable directory: it then compiles once per process
        return numba.njit(**options)(function)


wide: Any = (
    np.int64
)  # indices read from narrow arrays are widened before arithmetic; Any, since numba types them

RADIANS = math.pi / 180
TURN = 2 * math.pi
SLACK = 1e-13  # radians, and ten times it as a share: over 100 times the rounding of coordinates and of cells
MARKING = (
    4.0  # margin of the pass that chooses cells for sub-grids, in SLACKs: it must choose all later ones need
)
EVERYWHERE = 100.0  # a width beyond any difference of longitudes
DIGIT_BITS = 12
DIGITS = 1 << DIGIT_BITS
BANDS = 5  # neighbors lie in a cell's own band and at most two bands away
NEIGHBORS = 256  # cells in reach of one: about 25, at most 60 beside a pole
SIDE = 256  # most sub-rows of a cell
COARSE = 4  # first side of the ladder of blocks; each further step divides by as much again
NO_GRID = 255
RIM = 4096  # points near a rim that are put side by side before distances are taken; more are read where they lie
LEAF = 16  # points of a leaf of the tree that noise asks
FAN = 8  # boxes in a box of that tree
WAY = 128  # boxes that can wait at a time: FAN - 1 for each of at most 10 levels
CHUNK = 512  # distances of a point between two looks at its bounds
SMALL = 0.1  # radians up to which short series of sine and cosine are right to the last digit
NONE, ALL, OPEN = 0, 1, 2
CORE = (
    1 << 40
)  # added to the label of a core point until all labels are written: one write to memory, not two


class Rule(NamedTuple):
    """Numbers of one call. `hav_in` and `hav_out` are the limit with a margin: surely inside, not surely outside."""

    hav: float
    hav_in: float
    hav_out: float
    height: float  # of a band
    rest: float  # haversine left to a cell's width: that of eps less that of the height
    bands_per_degree: float
    column_bits: int
    least: int  # weight that makes a core point


class Cells(NamedTuple):
    """Occupied cells in grid order (band from the south, column from longitude -180), and occupied bands."""

    start: Any  # (cells + 1,) int32, at
    band: Any  # (cells,) int32
    column: Any  # (cells,) int32
    heap: Any  # (cells + 1,) int64: weight of all cells before
    bands: Any  # (bands,) int32: numbers of the occupied bands
    first: Any  # (bands + 1,) int32: their first cells
    columns: Any  # (bands,) int64: cells once round the globe
    reach: (
        Any  # (bands, 5) float64: greatest difference of longitudes of neighbors two bands south … two north
    )


class Points(NamedTuple):
    """Points in grid order; `x`, `y`, `z` hold unit vectors where a cell has a sub-grid."""

    degrees: Any  # (n, 2) float64, latitude and longitude, by row
    row: Any  # (n,) int32
    x: Any
    y: Any
    z: Any
    weight: Any  # (n,) int64


class Grids(NamedTuple):
    """Sub-grids: side² parts of a cell, of which `starts` and `sums` hold (side + 1)² corners from `at` on."""

    level: Any  # (cells,) uint8: side = 2^level, or NO_GRID
    at: Any  # (cells,) int64
    starts: Any  # int32, at: points before the part, those of rows above the corner's row not counted in
    sums: Any  # int64: weight south and west of the corner


class Block(NamedTuple):
    """A rectangle of latitude and longitude, the longitude counted from the middle of the cell it is part of."""

    south: float
    height: float
    west: float
    width: float
    strip: int  # number of its strip of latitude, for cached widths


class Place(NamedTuple):
    """A point that looks for its nearest core point."""

    lat: float
    lon: float
    ring: float  # cosine of latitude
    x: float
    y: float
    z: float


class Box(NamedTuple):
    """A cell as a rectangle: southern edge, half its width, its middle's longitude, least cosine of latitude."""

    south: float
    half: float
    middle: float
    cosine: float


class Best(NamedTuple):
    """The nearest core point so far, -1 for none, and the squared chord to it; without one that of eps."""

    at: int
    square: float


class Near(NamedTuple):
    """The cells in reach of one cell: scratch of one thread."""

    cell: Any  # (NEIGHBORS,) int64
    step: Any  # (NEIGHBORS,) int64: band less own band plus 2
    east: Any  # (NEIGHBORS,) float64: its middle's longitude less the own middle's, in [-π, π]
    hint: Any  # (4 * BANDS + 1,) int64: where ranges of cells were last found, and the place of the own band
    low: Any  # (2 * BANDS,) int64: spans of cells
    high: Any
    span_step: Any
    span_band: Any  # place of the band among the occupied ones
    half: Any  # (BANDS,) float64: half the width of a cell
    south: Any  # (BANDS,) float64: southern edge of the band
    outer: Any  # (BANDS * 2 * SIDE,) float64: see widths
    inner: Any
    stamp: Any  # (BANDS * 2 * SIDE,) int64: strip for which these hold
    part: Any  # (NEIGHBORS,) int64: neighbors that are partly in reach
    segment: Any  # (k, 2) int32: points that only distances can decide
    segment_weight: Any
    before: Any  # (SIDE²,) uint8: verdicts of blocks of the coarser step of the ladder
    now: Any
    x: Any  # (RIM,) float64: points near the rim, side by side
    y: Any
    z: Any
    weight: Any  # (RIM,) int64
    at: Any  # (RIM,) int32
    chunk: Any  # (RIM / CHUNK,) int64: weight of each chunk of them


class Way(NamedTuple):
    """Boxes of the tree that a search has not opened yet, the nearest last: scratch of one thread."""

    box: Any  # (WAY,) int64
    level: Any  # (WAY,) int64, 0 for leaves
    square: Any  # (WAY,) float64: squared way to the box


class Move(NamedTuple):
    """Room for the points of one cell while they are put in order: scratch of one thread."""

    part: Any  # (points of the largest cell,) int32
    row: Any  # int32
    weight: Any  # int64
    x: Any
    y: Any
    z: Any
    place: Any  # (SIDE²,) int32
    lat: Any  # float64
    lon: Any


def new_near() -> Near:
    """Empty scratch for one thread."""
    size = BANDS * 2 * SIDE
    return Near(
        np.empty(NEIGHBORS, np.int64),
        np.empty(NEIGHBORS, np.int64),
        np.empty(NEIGHBORS, np.float64),
        np.zeros(4 * BANDS + 1, np.int64),
        np.empty(2 * BANDS, np.int64),
        np.empty(2 * BANDS, np.int64),
        np.empty(2 * BANDS, np.int64),
        np.empty(2 * BANDS, np.int64),
        np.empty(BANDS, np.float64),
        np.empty(BANDS, np.float64),
        np.empty(size, np.float64),
        np.empty(size, np.float64),
        np.zeros(size, np.int64),
        np.empty(NEIGHBORS, np.int64),
        np.empty((2 * SIDE * NEIGHBORS, 2), np.int32),
        np.empty(2 * SIDE * NEIGHBORS, np.int64),
        np.empty(SIDE * SIDE, np.uint8),
        np.empty(SIDE * SIDE, np.uint8),
        np.empty(RIM),
        np.empty(RIM),
        np.empty(RIM),
        np.empty(RIM, np.int64),
        np.empty(RIM, np.int32),
        np.empty(RIM // CHUNK, np.int64),
    )


def new_way() -> Way:
    """Empty scratch for one thread."""
    return Way(np.empty(WAY, np.int64), np.empty(WAY, np.int64), np.empty(WAY))


def new_move(most: int) -> Move:
    """Empty scratch for one thread and cells of up to `most` points."""
    whole = (np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int64))
    x, y, z, lat, lon = (np.empty(most) for _ in range(5))
    return Move(*whole, x, y, z, np.empty(SIDE * SIDE, np.int32), lat, lon)


# ---- the predicate, and bounds of it -------------------------------------------------------------------------------


@_compiled
def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The value that decides; operations in the order of scikit-learn's leaf test."""
    across = math.sin(0.5 * (lat1 - lat2))
    along = math.sin(0.5 * (lon1 - lon2))
    return across * across + math.cos(lat1) * math.cos(lat2) * along * along


@_compiled
def wrapped(angle: float) -> float:
    """A difference of longitudes brought a turn nearer to [-π, π]."""
    if angle > math.pi:
        return angle - TURN
    if angle < -math.pi:
        return angle + TURN
    return angle


@_compiled
def between(points: Points, one: int, other: int) -> float:
    """Haversine value of two points, given by at."""
    i, j = points.row[one], points.row[other]
    return haversine(
        points.degrees[i, 0] * RADIANS,
        points.degrees[i, 1] * RADIANS,
        points.degrees[j, 0] * RADIANS,
        points.degrees[j, 1] * RADIANS,
    )


@_compiled
def chord_margin(square: float) -> float:
    """By how much a squared chord of unit vectors can differ from 4 haversines.

    Coordinates are right to 5e-16, so the chord to 1.8e-15 and its square to 3.5e-15 of the chord and 3e-30; the
    predicate itself and the squares round at 1e-15 of the square. Three to ten times of each.
    """
    return 1e-14 * math.sqrt(square) + 1e-14 * square + 1e-29


@_compiled
def half_haversine(angle: float) -> float:
    """Haversine of an angle."""
    sine = math.sin(0.5 * angle)
    return sine * sine


@_compiled
def least_cosine(south: float, north: float) -> float:
    """A lower bound of the cosine of latitude in a strip; 0 where it may reach a pole."""
    furthest = max(abs(south), abs(north)) + SLACK
    return math.cos(furthest) if furthest < 0.5 * math.pi else 0.0


@_compiled
def greatest_cosine(south: float, north: float) -> float:
    """An upper bound of the cosine of latitude in a strip."""
    if south <= 0.0 <= north:
        return 1.0
    return math.cos(max(min(abs(south), abs(north)) - SLACK, 0.0))


@_compiled
def outer_width(left: float, cosines: float, slack: float) -> float:
    """Difference of longitudes beyond which no pair is a neighbor, from hav(Δlon) ≤ left / cosines; -1 for none."""
    if left < 0.0:
        return -1.0
    if left >= cosines:  # poles: every longitude is in reach
        return EVERYWHERE
    return 2.0 * math.asin(math.sqrt(left / cosines)) * (1.0 + 10.0 * slack) + slack


@_compiled
def inner_width(left: float, cosines: float, slack: float) -> float:
    """Difference of longitudes up to which every pair is a neighbor; -1 for none."""
    if left < 0.0:
        return -1.0
    if left >= cosines:
        return EVERYWHERE
    return 2.0 * math.asin(math.sqrt(left / cosines)) * (1.0 - 10.0 * slack) - slack


@_compiled
def widths(
    south: float, north: float, other_south: float, other_north: float, rule: Rule, slack: float
) -> tuple[float, float]:
    """Outer and inner width for two strips of latitude."""
    gap = max(0.0, max(other_south - north, south - other_north) - slack)
    far = max(other_north - south, north - other_south) + slack
    low = least_cosine(south, north) * least_cosine(other_south, other_north)
    high = greatest_cosine(south, north) * greatest_cosine(other_south, other_north)
    outer = outer_width(rule.hav_out - half_haversine(gap), low, slack)
    inner = inner_width(rule.hav_in - half_haversine(min(far, math.pi)), high, slack)
    return outer, inner


# ---- grid: keys, sort, cells ---------------------------------------------------------------------------------------


@_compiled
def first_bad_coordinate(degrees: Any, low: int, high: int) -> int:
    """First row that is no place on the globe (NaN compares false), or -1."""
    for i in range(low, high):
        if not (-90.0 <= degrees[i, 0] <= 90.0 and -180.0 <= degrees[i, 1] <= 180.0):
            return i
    return -1


@_compiled
def columns_of(band: int, rule: Rule) -> int:
    """Cells once round the globe in a band, so that a cell's diameter is at most eps.

    For two points of a cell hav ≤ hav(height) + cos²φ · hav(width), φ the band's latitude nearest the equator.
    """
    south = band * rule.height - 0.5 * math.pi
    cosine = greatest_cosine(south, south + rule.height)
    left = rule.rest / (cosine * cosine)
    if left >= 1.0 + 1e-9:
        return 1
    width = 2.0 * math.asin(math.sqrt(min(left, 1.0))) * (1.0 - 1e-9) - 1e-14
    return math.ceil(TURN / width)


@_compiled
def fill_columns(rule: Rule, table: Any) -> None:
    """Columns of the first bands."""
    for band in range(len(table)):
        table[band] = columns_of(band, rule)


@_compiled
def fill_keys(degrees: Any, low: int, high: int, rule: Rule, table: Any, keys: Any, rows: Any) -> None:
    """Key (band, column) of each point. Longitude 180 is column 0: -180 and 180 are one place."""
    for i in range(low, high):
        band = int((degrees[i, 0] + 90.0) * rule.bands_per_degree)
        columns = table[band] if band < len(table) else columns_of(band, rule)
        column = int((degrees[i, 1] + 180.0) * (columns / 360.0))
        if column >= columns:
            column = 0
        keys[i] = (band << rule.column_bits) | column
        rows[i] = i


@_compiled
def count_digits(keys: Any, low: int, high: int, shift: int, counts: Any) -> None:
    """How often each digit occurs."""
    counts[:] = 0
    for i in range(low, high):
        counts[(wide(keys[i]) >> shift) & (DIGITS - 1)] += 1


@_compiled
def scatter(
    keys: Any, rows: Any, low: int, high: int, shift: int, place: Any, new_keys: Any, new_rows: Any
) -> None:
    """One stable pass of the radix sort; `place` is where this thread puts the next key of each digit."""
    for i in range(low, high):
        digit = (wide(keys[i]) >> shift) & (DIGITS - 1)
        at = place[digit]
        place[digit] = at + 1
        new_keys[at] = keys[i]
        new_rows[at] = rows[i]


@_compiled
def count_cells(keys: Any, low: int, high: int) -> int:
    """Cells that begin in a stretch of sorted keys."""
    found = 0
    for i in range(low, high):
        if i == 0 or keys[i] != keys[i - 1]:
            found += 1
    return found


@_compiled
def list_cells(
    keys: Any, low: int, high: int, bits: int, cell: int, start: Any, band: Any, column: Any
) -> None:
    """Start, band and column of the cells that begin in a stretch, from number `cell` on."""
    for i in range(low, high):
        if i == 0 or keys[i] != keys[i - 1]:
            start[cell] = i
            band[cell] = wide(keys[i]) >> bits
            column[cell] = wide(keys[i]) & ((1 << bits) - 1)
            cell += 1


@_compiled
def gather_weights(low: int, high: int, start: Any, row: Any, given: Any, weight: Any, heap: Any) -> None:
    """Weights in grid order, and each cell's sum, left one place behind it (not summed up yet)."""
    for cell in range(low, high):
        total = wide(0)
        for at in range(start[cell], start[cell + 1]):
            one = given[row[at]]
            weight[at] = one
            total += one
        heap[cell + 1] = total


@_compiled
def fill_reach(bands: Any, rule: Rule, columns: Any, reach: Any) -> None:
    """For each occupied band: its columns, and how far east or west neighbors in the five bands can lie."""
    for i in range(len(bands)):
        band = wide(bands[i])
        columns[i] = columns_of(band, rule)
        south = band * rule.height - 0.5 * math.pi
        for step in range(BANDS):
            other = (band + step - BANDS // 2) * rule.height - 0.5 * math.pi
            outer, _ = widths(
                south, south + rule.height, other, other + rule.height, rule, 2 * MARKING * SLACK
            )
            reach[i, step] = outer


# ---- cells in reach of a cell --------------------------------------------------------------------------------------


@_compiled
def band_index(cells: Cells, cell: int) -> int:
    """Place of a cell's band among the occupied bands, by bisection."""
    low, high = 0, len(cells.bands)
    while low < high:
        middle = (low + high) >> 1
        if cells.bands[middle] < cells.band[cell]:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def own_band(cells: Cells, cell: int, near: Near) -> int:
    """The same, near the last answer: cells are asked for in grid order."""
    own = near.hint[4 * BANDS]
    if own < len(cells.bands) and cells.bands[own] == cells.band[cell]:
        return own
    if own + 1 < len(cells.bands) and cells.bands[own + 1] == cells.band[cell]:
        own += 1
    else:
        own = band_index(cells, cell)
    near.hint[4 * BANDS] = own
    return own


@_compiled
def first_from(column: Any, low: int, high: int, target: int, hint: int) -> int:
    """First cell in [low, high) whose column is at least `target`: near the hint, or by bisection."""
    at = min(max(hint, low), high)
    for _ in range(12):
        if at < high and column[at] < target:
            at += 1
        elif at > low and column[at - 1] >= target:
            at -= 1
        else:
            return at
    while low < high:
        middle = (low + high) >> 1
        if column[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def spans(cell: int, cells: Cells, near: Near) -> int:
    """Ranges of occupied cells in reach: at most two for each of five bands, since a range may cross longitude 180."""
    band = wide(cells.band[cell])
    own = own_band(cells, cell, near)
    width = TURN / cells.columns[own]
    west = cells.column[cell] * width
    found = 0
    for other in range(max(0, own - 2), min(len(cells.bands), own + 3)):
        step = wide(cells.bands[other]) - band + 2
        if step < 0 or step >= BANDS:
            continue
        reach = cells.reach[own, step]
        if reach < 0.0:
            continue
        columns = wide(cells.columns[other])
        per = columns / TURN
        low = math.floor((west - min(reach, TURN)) * per)
        high = math.floor((west + width + min(reach, TURN)) * per) + 1
        whole = high - low >= columns
        if whole:
            low, high = 0, columns
        begin, end = wide(cells.first[other]), wide(cells.first[other + 1])
        for turn in range(3):
            # the range itself, and its parts that stick out at ±180, moved by a turn
            a, b = max(low, 0), min(high, columns)
            if turn == 1:
                a, b = low + columns, columns
            elif turn == 2:
                a, b = 0, high - columns
            if (turn > 0 and whole) or a >= b or a < 0:
                continue
            slot = 2 * (2 * step + (turn > 0))
            i = first_from(cells.column, begin, end, a, near.hint[slot])
            j = first_from(cells.column, i, end, b, near.hint[slot + 1])
            near.hint[slot], near.hint[slot + 1] = i, j
            if i < j:
                near.low[found], near.high[found], near.span_step[found] = i, j, step
                near.span_band[found] = other
                found += 1
    return found


@_compiled
def neighbors(cell: int, cells: Cells, rule: Rule, near: Near) -> int:
    """The cells in reach, one by one, with where their middles lie from the own middle."""
    band = wide(cells.band[cell])
    middle = (cells.column[cell] + 0.5) * (TURN / cells.columns[own_band(cells, cell, near)])
    for step in range(BANDS):
        near.south[step] = (band + step - 2) * rule.height - 0.5 * math.pi
    found = 0
    for span in range(spans(cell, cells, near)):
        step = near.span_step[span]
        width = TURN / cells.columns[near.span_band[span]]
        near.half[step] = 0.5 * width
        for other in range(near.low[span], near.high[span]):
            east = wrapped((cells.column[other] + 0.5) * width - middle)
            near.cell[found], near.step[found], near.east[found] = other, step, east
            found += 1
    return found


@_compiled
def heap_of(cells: Cells, cell: int) -> int:
    """Weight of a cell."""
    return cells.heap[cell + 1] - cells.heap[cell]


@_compiled
def apart(west: float, east: float, middle: float, half: float) -> tuple[float, float]:
    """Least and greatest difference of longitudes between [west, east] and middle ± half, the greatest at most π."""
    away = abs(middle - 0.5 * (west + east))
    if away > math.pi:
        away = TURN - away
    both = 0.5 * (east - west) + half
    return max(0.0, away - both), min(away + both, math.pi)


# ---- judging cells and their blocks by whole cells -----------------------------------------------------------------


@_compiled
def judge_cells(low: int, high: int, near: Near, cells: Cells, rule: Rule, kind: Any) -> None:
    """ALL if a cell alone is heavy enough (its diameter is at most eps), NONE if all in reach is too light."""
    for cell in range(low, high):
        if heap_of(cells, cell) >= rule.least:
            kind[cell] = ALL
            continue
        total = wide(0)
        for span in range(spans(cell, cells, near)):
            total += cells.heap[near.high[span]] - cells.heap[near.low[span]]
        kind[cell] = NONE if total < rule.least else OPEN


@_compiled
def judge_blocks(
    low: int, high: int, near: Near, chosen: Any, cells: Cells, rule: Rule, kind: Any, wanted: Any
) -> None:
    """Blocks, a sixteenth of an open cell each, against whole cells. Cells still partial are wanted as sub-grids.

    `kind` changes if all blocks agree. Threads may write the same 1 into `wanted`, nothing else.
    """
    for place in range(low, high):
        cell = chosen[place]
        found = neighbors(cell, cells, rule, near)
        decided_all, decided_none = 0, 0
        half = near.half[2]
        for i in range(COARSE):
            south = near.south[2] + i * rule.height / COARSE
            strip = place * COARSE + i + 1
            for j in range(COARSE):
                west = -half + j * 2.0 * half / COARSE
                block = Block(south, rule.height / COARSE, west, 2.0 * half / COARSE, strip)
                verdict = judge_block(block, found, cells, rule, near, wanted)
                decided_all += verdict == ALL
                decided_none += verdict == NONE
        if decided_all == COARSE * COARSE:
            kind[cell] = ALL
        elif decided_none == COARSE * COARSE:
            kind[cell] = NONE
        else:
            wanted[cell] = 1


@_compiled
def judge_block(block: Block, found: int, cells: Cells, rule: Rule, near: Near, wanted: Any) -> int:
    """ALL, NONE or OPEN for a block; if open, its partial cells are wanted."""
    inside, parts = wide(0), 0
    outside = wide(0)
    for m in range(found):
        step = near.step[m]
        heap = heap_of(cells, near.cell[m])
        if near.stamp[step] != block.strip:
            near.stamp[step] = block.strip
            south, north = near.south[step], near.south[step] + rule.height
            near.outer[step], near.inner[step] = widths(
                block.south, block.south + block.height, south, north, rule, MARKING * SLACK
            )
        least, most = apart(block.west, block.west + block.width, near.east[m], near.half[step])
        if heap == 0 or least > near.outer[step]:
            continue
        if most <= near.inner[step]:
            inside += heap
        else:
            outside += heap
            near.part[parts] = near.cell[m]
            parts += 1
    if inside >= rule.least:
        return ALL
    if inside + outside < rule.least:
        return NONE
    for m in range(parts):
        wanted[near.part[m]] = 1
    return OPEN


# ---- sub-grids -----------------------------------------------------------------------------------------------------


@_compiled
def level_for(count: int) -> int:
    """Level of the sub-grid of a cell: 1.5 to 6 points in a part, one part below 24 points, at most 256² parts."""
    level = 0
    if count >= 24:
        level = 2
        while level < 8 and count >= 24 << (2 * (level - 1)):
            level += 1
    return level


@_compiled
def lay_out(start: Any, at: Any) -> int:
    """Where each cell's corners begin, and how many there are in all; a single part needs none."""
    total = wide(0)
    for cell in range(len(at)):
        at[cell] = total
        level = level_for(wide(start[cell + 1]) - start[cell])
        if level > 0:
            total += ((1 << level) + 1) ** 2
    return total


@_compiled
def short_sine(angle: float) -> float:
    """Sine of an angle of up to SMALL."""
    q = angle * angle
    return angle * (1.0 - q / 6.0 * (1.0 - q / 20.0 * (1.0 - q / 42.0 * (1.0 - q / 72.0))))


@_compiled
def short_versine(angle: float) -> float:
    """1 - cosine of an angle of up to SMALL."""
    q = angle * angle
    return 0.5 * q * (1.0 - q / 12.0 * (1.0 - q / 30.0 * (1.0 - q / 56.0)))


@_compiled
def fill_vectors(move: Move, count: int, south: float, height: float, west: float, width: float) -> None:
    """Unit vectors of points of a cell, by sine and cosine of its middle and of the way from there, in `move`."""
    lat, lon, x, y, z = move.lat, move.lon, move.x, move.y, move.z
    if height > 2.0 * SMALL or width > 2.0 * SMALL:
        for i in range(count):
            ring = math.cos(lat[i])
            x[i], y[i], z[i] = ring * math.cos(lon[i]), ring * math.sin(lon[i]), math.sin(lat[i])
        return
    middle_lat, middle_lon = south + 0.5 * height, west + 0.5 * width
    sin_lat, cos_lat = math.sin(middle_lat), math.cos(middle_lat)
    sin_lon, cos_lon = math.sin(middle_lon), math.cos(middle_lon)
    for i in range(count):
        up, along = lat[i] - middle_lat, lon[i] - middle_lon
        sine, versine = short_sine(up), short_versine(up)
        ring = cos_lat - (sin_lat * sine + cos_lat * versine)
        z[i] = sin_lat + (cos_lat * sine - sin_lat * versine)
        sine, versine = short_sine(along), short_versine(along)
        x[i] = ring * (cos_lon - (sin_lon * sine + cos_lon * versine))
        y[i] = ring * (sin_lon + (cos_lon * sine - sin_lon * versine))


@_compiled
def subdivide(
    low: int,
    high: int,
    move: Move,
    chosen: Any,
    with_sums: bool,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
) -> None:
    """Put the points of the chosen cells in order of the parts, with unit vectors, corners and sums of weights."""
    for one in range(low, high):
        cell = chosen[one]
        begin, count = wide(cells.start[cell]), wide(cells.start[cell + 1]) - cells.start[cell]
        own = band_index(cells, cell)
        width = TURN / cells.columns[own]
        south = wide(cells.band[cell]) * rule.height - 0.5 * math.pi
        west = cells.column[cell] * width - math.pi
        rows = points.row[begin : begin + count]
        for i in range(count):  # reads from all over memory: nothing here waits for the one before
            move.lat[i] = points.degrees[rows[i], 0] * RADIANS
            move.lon[i] = points.degrees[rows[i], 1] * RADIANS
        for i in range(count):
            if move.lon[i] - west > width + 1e-9:  # longitude 180 in column 0
                move.lon[i] -= TURN
        fill_vectors(move, count, south, rule.height, west, width)
        level = level_for(count)
        grids.level[cell] = level
        if level == 0:
            xs, ys, zs = points.x[begin:], points.y[begin:], points.z[begin:]
            for i in range(count):
                xs[i], ys[i], zs[i] = move.x[i], move.y[i], move.z[i]
            continue
        side = wide(1) << level
        sort_into_parts(move, begin, count, side, south, west, width, grids.at[cell], points, grids, rule)
        if with_sums:
            add_up(grids.at[cell], side, points, grids)


@_compiled
def sort_into_parts(
    move: Move,
    begin: int,
    count: int,
    side: int,
    south: float,
    west: float,
    width: float,
    at: int,
    points: Points,
    grids: Grids,
    rule: Rule,
) -> None:
    """Points of a cell in order of its parts, by counting; what is moved waits in `move`."""
    part, row, weight, place = move.part, move.row, move.weight, move.place
    place[: side * side] = 0
    for i in range(count):
        row[i], weight[i] = points.row[begin + i], points.weight[begin + i]
        r = min(max(int((move.lat[i] - south) * (side / rule.height)), 0), side - 1)
        c = min(max(int((move.lon[i] - west) * (side / width)), 0), side - 1)
        part[i] = r * side + c
        place[part[i]] += 1
    running = np.int32(begin)
    for r in range(side):
        for c in range(side):
            grids.starts[at + r * (side + 1) + c] = running
            here = place[r * side + c]
            place[r * side + c] = running
            running += here
        grids.starts[at + r * (side + 1) + side] = running
    for i in range(count):
        to = place[part[i]]
        place[part[i]] = to + 1
        points.row[to], points.weight[to] = row[i], weight[i]
        points.x[to], points.y[to], points.z[to] = move.x[i], move.y[i], move.z[i]


@_compiled
def add_up(at: int, side: int, points: Points, grids: Grids) -> None:
    """Weight south and west of each corner: any rectangle of parts is then four numbers away."""
    for c in range(side + 1):
        grids.sums[at + c] = 0
    for r in range(side):
        line, running = at + r * (side + 1), wide(0)
        grids.sums[line + side + 1] = 0
        for c in range(side):
            for i in range(grids.starts[line + c], grids.starts[line + c + 1]):
                running += points.weight[i]
            grids.sums[line + side + 1 + c + 1] = grids.sums[line + c + 1] + running


@_compiled
def side_of(grids: Grids, cell: int) -> int:
    """Parts of a cell from west to east, as many as from south to north."""
    return wide(1) << wide(grids.level[cell])


@_compiled
def corner(cell: int, side: int, r: int, c: int, cells: Cells, grids: Grids) -> int:
    """At of the first point of part (r, c) of a cell; c may be `side`."""
    if side == 1:
        return wide(cells.start[cell + c])
    return wide(grids.starts[grids.at[cell] + r * (side + 1) + c])


@_compiled
def rectangle(cell: int, side: int, r0: int, r1: int, c0: int, c1: int, cells: Cells, grids: Grids) -> int:
    """Weight of parts [r0, r1) × [c0, c1) of a cell."""
    if c1 <= c0 or r1 <= r0:
        return wide(0)
    if side == 1:
        return heap_of(cells, cell)
    south, north = grids.at[cell] + r0 * (side + 1), grids.at[cell] + r1 * (side + 1)
    return grids.sums[north + c1] - grids.sums[north + c0] - grids.sums[south + c1] + grids.sums[south + c0]


# ---- deciding points -----------------------------------------------------------------------------------------------


@_compiled
def touched(
    block: Block, middle: float, half: float, side: int, outer: float, inner: float
) -> tuple[int, int, int, int]:
    """Columns of a cell that are not surely outside [a, b), and among them those surely inside [c, d)."""
    if outer < 0.0:
        return 0, 0, 0, 0
    west, east = block.west, block.west + block.width
    center = 0.5 * (west + east)
    left, per = center + wrapped(middle - center) - half, 0.5 * side / half
    if 2.0 * (outer + half) + east - west >= TURN - 1e-9:  # the range may touch the cell from both sides
        a, b = 0, side
    else:
        a = min(max(math.floor((west - outer - left) * per), 0), side)
        b = min(max(math.floor((east + outer - left) * per) + 1, a), side)
    if inner >= EVERYWHERE:
        return a, b, a, b
    if inner < 0.0:
        return a, b, a, a
    c = min(max(math.ceil((east - inner - left) * per), a), b)
    d = min(max(math.floor((west + inner - left) * per), c), b)
    return a, b, c, d


@_compiled
def cached_widths(step: int, rows: int, r: int, block: Block, rule: Rule, near: Near) -> tuple[float, float]:
    """Widths of the current strip against row r of `rows` in a band; computed once for all columns of the strip."""
    slot = step * 2 * SIDE + rows - 1 + r
    if near.stamp[slot] != block.strip:
        near.stamp[slot] = block.strip
        other = near.south[step] + r * (rule.height / rows)
        near.outer[slot], near.inner[slot] = widths(
            block.south, block.south + block.height, other, other + rule.height / rows, rule, SLACK
        )
    return near.outer[slot], near.inner[slot]


@_compiled
def verdict_of(low: int, high: int, rule: Rule) -> int:
    """ALL, NONE or OPEN from bounds of the weight within eps."""
    if low >= rule.least:
        return ALL
    return NONE if high < rule.least else OPEN


@_compiled
def by_cells(block: Block, found: int, cells: Cells, rule: Rule, near: Near) -> tuple[int, int, int]:
    """Weight of cells surely inside, of cells partly inside, and how many of these `near.part` lists."""
    inside, beyond, parts = wide(0), wide(0), 0
    for m in range(found):
        heap, step = heap_of(cells, near.cell[m]), near.step[m]
        outer, inner = cached_widths(step, 1, 0, block, rule, near)
        least, most = apart(block.west, block.west + block.width, near.east[m], near.half[step])
        if heap == 0 or least > outer:
            continue
        if most <= inner:
            inside += heap
        else:
            beyond += heap
            near.part[parts] = m
            parts += 1
    return inside, beyond, parts


@_compiled
def judge_part(
    block: Block, finest: int, found: int, cells: Cells, grids: Grids, rule: Rule, near: Near
) -> tuple[int, int, int]:
    """Verdict for a block of a cell, coarse to fine, with the weight surely inside.

    Compared with rows 1/`finest` of a cell high at the last, but not with single rows of parts: those are `rim`'s.
    The third number counts the entries of `near.part` left, whose weight is not in the second.
    """
    inside, beyond, parts = by_cells(block, found, cells, rule, near)
    verdict = verdict_of(inside, inside + beyond, rule)
    rows, deepest = COARSE, SIDE
    while verdict == OPEN and rows <= finest and rows < deepest:
        surely, maybe, kept, deepest = wide(0), wide(0), 0, 0
        for i in range(parts):
            m = near.part[i]
            side = side_of(grids, near.cell[m])
            low, high = sums_of_rows(m, min(rows, side), block, cells, grids, rule, near)
            if low == high:
                inside += low
            else:
                surely += low
                maybe += high
                near.part[kept] = m
                kept += 1
                deepest = max(deepest, side)
        parts = kept
        verdict = verdict_of(inside + surely, inside + maybe, rule)
        rows *= COARSE
    return verdict, inside, parts


@_compiled
def sums_of_rows(
    m: int, rows: int, block: Block, cells: Cells, grids: Grids, rule: Rule, near: Near
) -> tuple[int, int]:
    """Weight of a neighbor that is surely inside, and that is not surely outside, by rows of its sub-grid."""
    cell, step = near.cell[m], near.step[m]
    side = side_of(grids, cell)
    thick = side // rows
    sure, maybe = wide(0), wide(0)
    for r in range(rows):
        outer, inner = cached_widths(step, rows, r, block, rule, near)
        a, b, c, d = touched(block, near.east[m], near.half[step], side, outer, inner)
        maybe += rectangle(cell, side, r * thick, (r + 1) * thick, a, b, cells, grids)
        sure += rectangle(cell, side, r * thick, (r + 1) * thick, c, d, cells, grids)
    return sure, maybe


@_compiled
def rim(parts: int, block: Block, cells: Cells, grids: Grids, rule: Rule, near: Near) -> tuple[int, int, int]:
    """Stretches of points only distances can decide: their number, the weight surely inside, and theirs."""
    starts, sums, segment, heap = grids.starts, grids.sums, near.segment, near.segment_weight
    found, sure, undecided = 0, wide(0), wide(0)
    for i in range(parts):
        m = near.part[i]
        cell, step, east = near.cell[m], near.step[m], near.east[m]
        half = near.half[step]
        side = side_of(grids, cell)
        if side == 1:  # partly in reach, or it would not be here
            segment[found, 0], segment[found, 1] = cells.start[cell], cells.start[cell + 1]
            heap[found] = heap_of(cells, cell)
            undecided += heap[found]
            found += 1
            continue
        for r in range(side):
            outer, inner = cached_widths(step, side, r, block, rule, near)
            if outer < 0.0:
                continue
            a, b, c, d = touched(block, east, half, side, outer, inner)
            south = grids.at[cell] + r * (side + 1)
            north = south + side + 1
            at_c, at_d = sums[north + c] - sums[south + c], sums[north + d] - sums[south + d]
            sure += at_d - at_c
            begin, end = starts[south + a], starts[south + c]
            if begin < end:
                segment[found, 0], segment[found, 1] = begin, end
                heap[found] = at_c - (sums[north + a] - sums[south + a])
                undecided += heap[found]
                found += 1
            begin, end = starts[south + d], starts[south + b]
            if begin < end:
                segment[found, 0], segment[found, 1] = begin, end
                heap[found] = sums[north + b] - sums[south + b] - at_d
                undecided += heap[found]
                found += 1
    return found, sure, undecided


@_compiled
def gather(stretches: int, points: Points, near: Near) -> int:
    """Points of all stretches side by side, so that distances to them are one long loop; how many, -1 if too many."""
    total = wide(0)
    for s in range(stretches):
        total += wide(near.segment[s, 1]) - near.segment[s, 0]
    if total > RIM:
        return -1
    to = wide(0)
    for s in range(stretches):
        begin = wide(near.segment[s, 0])
        for i in range(wide(near.segment[s, 1]) - begin):
            near.at[to] = begin + i
            near.x[to], near.y[to], near.z[to] = points.x[begin + i], points.y[begin + i], points.z[begin + i]
            near.weight[to] = points.weight[begin + i]
            to += 1
    for c in range((to + CHUNK - 1) // CHUNK):
        heap = wide(0)
        for i in range(c * CHUNK, min((c + 1) * CHUNK, to)):
            heap += near.weight[i]
        near.chunk[c] = heap
    return to


@_compiled
def weight_near(
    x: float, y: float, z: float, xs: Any, ys: Any, zs: Any, weight: Any, rule: Rule
) -> tuple[int, int]:
    """Weight of the points whose chord is surely within the limit, and the number of those only the predicate decides."""
    limit = 4.0 * rule.hav
    margin = chord_margin(limit)
    inside, outside = limit - margin, limit + margin
    total, unsure = wide(0), wide(0)
    for i in range(len(xs)):
        dx, dy, dz = xs[i] - x, ys[i] - y, zs[i] - z
        square = dx * dx + dy * dy + dz * dz
        total += weight[i] if square <= inside else wide(0)
        unsure += wide(1) if inside < square <= outside else wide(0)
    return total, unsure


@_compiled
def weight_at_limit(at: int, other: int, points: Points, rule: Rule) -> int:
    """Weight of a point whose chord lies at the limit, if the predicate takes it."""
    limit = 4.0 * rule.hav
    margin = chord_margin(limit)
    dx, dy, dz = (
        points.x[other] - points.x[at],
        points.y[other] - points.y[at],
        points.z[other] - points.z[at],
    )
    square = dx * dx + dy * dy + dz * dz
    if limit - margin < square <= limit + margin and between(points, at, other) <= rule.hav:
        return wide(points.weight[other])
    return wide(0)


@_compiled
def is_core_beside(
    at: int, low: int, high: int, gathered: int, points: Points, rule: Rule, near: Near
) -> bool:
    """Whether a point is a core point, by distances to the gathered rim; `low` and `high` are bounds without it."""
    x, y, z = points.x[at], points.y[at], points.z[at]
    for c in range((gathered + CHUNK - 1) // CHUNK):
        if low >= rule.least or high < rule.least:
            break
        begin, end = c * CHUNK, min((c + 1) * CHUNK, gathered)
        # views from 0 on: an index that cannot be negative lets the compiler use vector instructions
        xs, ys, zs = near.x[begin:end], near.y[begin:end], near.z[begin:end]
        within, unsure = weight_near(x, y, z, xs, ys, zs, near.weight[begin:end], rule)
        if unsure > 0:
            for i in range(begin, end):
                within += weight_at_limit(at, wide(near.at[i]), points, rule)
        low += within
        high -= near.chunk[c] - within
    return low >= rule.least


@_compiled
def is_core_among(
    at: int, low: int, high: int, stretches: int, points: Points, rule: Rule, near: Near
) -> bool:
    """The same where the rim holds too many points to be gathered."""
    x, y, z = points.x[at], points.y[at], points.z[at]
    for s in range(stretches):
        if low >= rule.least or high < rule.least:
            break
        begin, end = wide(near.segment[s, 0]), wide(near.segment[s, 1])
        xs, ys, zs = points.x[begin:end], points.y[begin:end], points.z[begin:end]
        within, unsure = weight_near(x, y, z, xs, ys, zs, points.weight[begin:end], rule)
        if unsure > 0:
            for i in range(begin, end):
                within += weight_at_limit(at, i, points, rule)
        low += within
        high -= near.segment_weight[s] - within
    return low >= rule.least


@_compiled
def decide_group(
    cell: int,
    side: int,
    groups: int,
    i: int,
    j: int,
    low: int,
    high: int,
    stretches: int,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
    near: Near,
    core: Any,
) -> int:
    """Decide the points of group (i, j) of a cell by distances to the rim; how many are core points."""
    gathered, thick, found = gather(stretches, points, near), side // groups, 0
    for r in range(i * thick, (i + 1) * thick):
        begin = corner(cell, side, r, j * thick, cells, grids)
        for at in range(begin, corner(cell, side, r, (j + 1) * thick, cells, grids)):
            if gathered >= 0:
                core[at] = is_core_beside(at, low, high, gathered, points, rule, near)
            else:
                core[at] = is_core_among(at, low, high, stretches, points, rule, near)
            found += core[at]
    return found


@_compiled
def holds_points(cell: int, side: int, blocks: int, i: int, j: int, cells: Cells, grids: Grids) -> bool:
    """Whether block (i, j) of `blocks`² of a cell holds points."""
    thick = side // blocks
    for r in range(i * thick, (i + 1) * thick):
        west = corner(cell, side, r, j * thick, cells, grids)
        if west < corner(cell, side, r, (j + 1) * thick, cells, grids):
            return True
    return False


@_compiled
def judge_step(
    cell: int,
    blocks: int,
    coarser: int,
    strip: int,
    found: int,
    cells: Cells,
    grids: Grids,
    rule: Rule,
    near: Near,
    before: Any,
    now: Any,
) -> None:
    """One step of the ladder: verdicts for `blocks`² blocks of a cell, or those of the coarser step where it had one."""
    side, half, height = side_of(grids, cell), near.half[2], rule.height / blocks
    for i in range(blocks):
        for j in range(blocks):
            verdict = OPEN
            if coarser > 0:
                verdict = wide(before[(i * coarser // blocks) * coarser + j * coarser // blocks])
            if verdict == OPEN and not holds_points(cell, side, blocks, i, j, cells, grids):
                verdict = NONE
            if verdict == OPEN:
                south, width = near.south[2] + i * height, 2.0 * half / blocks
                block = Block(south, height, j * width - half, width, strip + i)
                verdict, _, _ = judge_part(block, blocks, found, cells, grids, rule, near)
            now[i * blocks + j] = verdict


@_compiled
def groups_of(side: int) -> int:
    """Groups of parts from west to east whose points are decided together: 2 × 2 parts, 6 to 24 points."""
    return max(side >> 1, 1)


@_compiled
def decide_groups(
    cell: int,
    coarser: int,
    strip: int,
    found: int,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
    near: Near,
    before: Any,
    core: Any,
) -> int:
    """The last step: each group of parts of a cell, and where bounds do not tell, each of its points. How many are core.

    A rim is found once for a group: larger groups have wider rims, smaller ones need more of them.
    """
    side, half = side_of(grids, cell), near.half[2]
    groups = groups_of(side)
    height, width = rule.height / groups, 2.0 * half / groups
    total = 0
    for i in range(groups):
        for j in range(groups):
            if not holds_points(cell, side, groups, i, j, cells, grids):
                continue
            verdict = OPEN
            if coarser > 0:
                verdict = wide(before[(i * coarser // groups) * coarser + j * coarser // groups])
            if verdict == OPEN:
                block = Block(near.south[2] + i * height, height, j * width - half, width, strip + i)
                verdict, inside, parts = judge_part(block, SIDE, found, cells, grids, rule, near)
                if verdict == OPEN:
                    stretches, sure, undecided = rim(parts, block, cells, grids, rule, near)
                    low, high = inside + sure, inside + sure + undecided
                    total += decide_group(
                        cell, side, groups, i, j, low, high, stretches, cells, points, grids, rule, near, core
                    )
                    continue
            total += set_group(cell, side, groups, i, j, verdict == ALL, cells, grids, core)
    return total


@_compiled
def set_group(
    cell: int, side: int, groups: int, i: int, j: int, are_core: bool, cells: Cells, grids: Grids, core: Any
) -> int:
    """Write one verdict for all points of a group; how many are core points."""
    thick, found = side // groups, wide(0)
    for r in range(i * thick, (i + 1) * thick):
        begin = corner(cell, side, r, j * thick, cells, grids)
        end = corner(cell, side, r, (j + 1) * thick, cells, grids)
        for at in range(begin, end):
            core[at] = are_core
        found += (end - begin) * are_core
    return found


@_compiled
def decide(
    low: int,
    high: int,
    near: Near,
    chosen: Any,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
    core: Any,
    cores: Any,
) -> None:
    """Which points of the open cells are core points: blocks, then finer blocks, then groups, then single points."""
    before, now, strip = near.before, near.now, 1
    for one in range(low, high):
        cell = chosen[one]
        found = neighbors(cell, cells, rule, near)
        groups, coarser, blocks = groups_of(side_of(grids, cell)), 0, COARSE
        while blocks < groups:
            judge_step(cell, blocks, coarser, strip, found, cells, grids, rule, near, before, now)
            before, now = now, before
            strip += blocks
            coarser, blocks = blocks, blocks * COARSE
        cores[cell] = decide_groups(
            cell, coarser, strip, found, cells, points, grids, rule, near, before, core
        )
        strip += groups


@_compiled
def cores_first(
    low: int,
    high: int,
    move: Move,
    chosen: Any,
    cells: Cells,
    points: Points,
    grids: Grids,
    core: Any,
    cores: Any,
) -> None:
    """In cells with both kinds put the core points first, and let `starts` speak of them alone."""
    x, y, z, row = move.x, move.y, move.z, move.row
    for one in range(low, high):
        cell = chosen[one]
        begin, end = wide(cells.start[cell]), wide(cells.start[cell + 1])
        if cores[cell] == 0 or cores[cell] == end - begin:
            continue
        side = side_of(grids, cell)
        to, rest = begin, 0
        for r in range(side):
            for c in range(side):
                first, beyond = (
                    corner(cell, side, r, c, cells, grids),
                    corner(cell, side, r, c + 1, cells, grids),
                )
                if side > 1:
                    grids.starts[grids.at[cell] + r * (side + 1) + c] = to
                for i in range(first, beyond):
                    if core[i]:
                        points.x[to], points.y[to], points.z[to] = points.x[i], points.y[i], points.z[i]
                        points.row[to] = points.row[i]
                        to += 1
                    else:
                        x[rest], y[rest], z[rest], row[rest] = (
                            points.x[i],
                            points.y[i],
                            points.z[i],
                            points.row[i],
                        )
                        rest += 1
            if side > 1:
                grids.starts[grids.at[cell] + r * (side + 1) + side] = to
        for i in range(rest):
            points.x[to + i], points.y[to + i], points.z[to + i] = x[i], y[i], z[i]
            points.row[to + i] = row[i]


# ---- joining cells -------------------------------------------------------------------------------------------------


@_compiled
def root_of(parent: Any, cell: int) -> int:
    """The cell that stands for a component; paths are halved on the way."""
    while parent[cell] != cell:
        parent[cell] = parent[parent[cell]]
        cell = parent[cell]
    return cell


@_compiled
def some_are_near(
    one: int, other: int, cells: Cells, points: Points, rule: Rule, cores: Any, most: int
) -> bool:
    """Whether some of up to `most` core points of each of two cells are neighbors."""
    first, second = min(most, cores[one]), min(most, cores[other])
    for i in range(first):
        a = cells.start[one] + (i * (wide(cores[one]) - 1)) // max(first - 1, 1)
        for j in range(second):
            b = cells.start[other] + (j * (wide(cores[other]) - 1)) // max(second - 1, 1)
            if between(points, a, b) <= rule.hav:
                return True
    return False


@_compiled
def join_by_samples(
    cell: int, near: Near, cells: Cells, points: Points, rule: Rule, cores: Any, parent: Any, left: Any
) -> tuple[int, int]:
    """Join cells with core points that are neighbors among 4 × 4 of each, from `cell` on while `left` has room.

    Pairs that stay open go into `left`, rows of two cells; returned are their number and the first cell not treated.
    All core points of a cell are one component, since its diameter is at most eps.
    """
    count = 0
    while cell < len(cores) and count + NEIGHBORS <= len(left):
        found = spans(cell, cells, near) if cores[cell] > 0 else 0
        for span in range(found):
            for other in range(near.low[span], min(near.high[span], cell)):
                if cores[other] == 0 or root_of(parent, cell) == root_of(parent, other):
                    continue
                few = wide(cores[cell]) * cores[other] <= 64
                if some_are_near(cell, other, cells, points, rule, cores, 64 if few else 4):
                    a, b = root_of(parent, cell), root_of(parent, other)
                    parent[max(a, b)] = min(a, b)
                elif not few:
                    left[count, 0], left[count, 1] = cell, other
                    count += 1
        cell += 1
    return count, cell


@_compiled
def still_apart(pairs: Any, parent: Any, found: Any) -> None:
    """Whether the cells of each pair lie in different components."""
    for i in range(len(pairs)):
        found[i] = root_of(parent, pairs[i, 0]) != root_of(parent, pairs[i, 1])


@_compiled
def join_exactly(
    pairs: Any, cells: Cells, points: Points, grids: Grids, rule: Rule, cores: Any, parent: Any
) -> None:
    """Join each pair of cells that has a pair of neighboring core points."""
    for p in range(len(pairs)):
        one, other = wide(pairs[p, 0]), wide(pairs[p, 1])
        if root_of(parent, one) == root_of(parent, other):
            continue
        if cores[one] > cores[other]:
            one, other = other, one
        box = box_of(other, cells, rule)
        for at in range(cells.start[one], cells.start[one] + cores[one]):
            place = place_of(points, at)
            if is_beyond(place, box, 4.0 * rule.hav, rule):
                continue
            best = nearest_in_cell(place, other, box, cells, points, grids, rule, cores, nobody(rule), True)
            if best.at >= 0:
                a, b = root_of(parent, one), root_of(parent, other)
                parent[max(a, b)] = min(a, b)
                break


# ---- nearest core points -------------------------------------------------------------------------------------------


@_compiled
def box_of(cell: int, cells: Cells, rule: Rule) -> Box:
    """The rectangle of a cell."""
    own = band_index(cells, cell)
    half = math.pi / cells.columns[own]
    south = wide(cells.band[cell]) * rule.height - 0.5 * math.pi
    middle = (2 * wide(cells.column[cell]) + 1) * half - math.pi
    return Box(south, half, middle, least_cosine(south, south + rule.height))


@_compiled
def place_of(points: Points, at: int) -> Place:
    """A point with its unit vector."""
    row = points.row[at]
    lat, lon = points.degrees[row, 0] * RADIANS, points.degrees[row, 1] * RADIANS
    ring = math.cos(lat)
    return Place(lat, lon, ring, ring * math.cos(lon), ring * math.sin(lon), math.sin(lat))


@_compiled
def nobody(rule: Rule) -> Best:
    """No core point yet: only those within eps come before it."""
    return Best(wide(-1), 4.0 * rule.hav)


@_compiled
def as_seen_from(place: Place, at: int, points: Points, rule: Rule) -> Best:
    """The point before's core point as a first guess, which spares most of the search, if it lies within eps."""
    if at >= 0:
        row = points.row[at]
        lat, lon = points.degrees[row, 0] * RADIANS, points.degrees[row, 1] * RADIANS
        if haversine(place.lat, place.lon, lat, lon) <= rule.hav:
            dx, dy, dz = points.x[at] - place.x, points.y[at] - place.y, points.z[at] - place.z
            return Best(at, dx * dx + dy * dy + dz * dz)
    return nobody(rule)


@_compiled
def least_square(angle: float) -> float:
    """A lower bound of the squared chord of an angle in [0, π], without a sine: 4 sin²(a/2) ≥ a² (1 - a²/12)."""
    square = angle * angle
    return square * (1.0 - square / 12.0)


@_compiled
def is_before(place: Place, one: int, other: int, points: Points) -> bool:
    """The tie rule between two core points: smaller haversine value, then latitude, then longitude, then row."""
    degrees = points.degrees
    i, j = points.row[one], points.row[other]
    first = haversine(place.lat, place.lon, degrees[i, 0] * RADIANS, degrees[i, 1] * RADIANS)
    second = haversine(place.lat, place.lon, degrees[j, 0] * RADIANS, degrees[j, 1] * RADIANS)
    if first != second:
        return first < second
    for axis in range(2):
        if degrees[i, axis] != degrees[j, axis]:
            return degrees[i, axis] < degrees[j, axis]
    return i < j


@_compiled
def comes_first(place: Place, square: float, at: int, best: Best, points: Points, rule: Rule) -> bool:
    """Whether a core point is nearer than the best so far: by chords where these differ enough, else by the rule."""
    if square < best.square - 2.0 * chord_margin(best.square):
        return True
    if best.at >= 0:
        return is_before(place, at, best.at, points)
    row = points.row[at]
    lat, lon = points.degrees[row, 0] * RADIANS, points.degrees[row, 1] * RADIANS
    return haversine(place.lat, place.lon, lat, lon) <= rule.hav


@_compiled
def is_beyond(place: Place, box: Box, square: float, rule: Rule) -> bool:
    """Whether no point of a cell can be as near as a squared chord."""
    gap = max(0.0, max(box.south - place.lat, place.lat - box.south - rule.height) - SLACK)
    side_gap = max(0.0, abs(wrapped(wrapped(box.middle - place.lon))) - box.half - SLACK)
    cosines = place.ring * box.cosine * (1.0 - 1e-12)
    return least_square(gap) + cosines * least_square(side_gap) > square + 2.0 * chord_margin(square)


@_compiled
def nearest_in_cell(
    place: Place,
    cell: int,
    box: Box,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
    cores: Any,
    best: Best,
    any_will_do: bool,
) -> Best:
    """The nearest core point of a cell by the tie rule if it comes before `best`, by rows from the point's own on."""
    away = wrapped(wrapped(box.middle - place.lon))
    cut = best.square + 2.0 * chord_margin(best.square)
    cosines = place.ring * box.cosine * (1.0 - 1e-12)
    starts = grids.starts
    side = side_of(grids, cell)
    thick = rule.height / side
    own = min(max(int((place.lat - box.south) / thick), 0), side - 1)
    for direction in range(2):
        r = own if direction == 0 else own - 1
        while 0 <= r < side:
            south = box.south + r * thick
            gap = max(0.0, max(south - place.lat, place.lat - south - thick) - SLACK)
            left = cut - least_square(gap)
            if left < 0.0:
                break
            begin = wide(cells.start[cell])
            end = begin + cores[cell]
            if side > 1:
                line = grids.at[cell] + r * (side + 1)
                if starts[line] == starts[line + side]:
                    r += 1 if direction == 0 else -1
                    continue
                a, b = columns_within(away, box.half, side, left, cosines)
                begin, end = wide(starts[line + a]), wide(starts[line + b])
            xs, ys, zs = points.x[begin:end], points.y[begin:end], points.z[begin:end]
            for i in range(len(xs)):
                dx, dy, dz = xs[i] - place.x, ys[i] - place.y, zs[i] - place.z
                square = dx * dx + dy * dy + dz * dz
                if square <= cut and comes_first(place, square, begin + i, best, points, rule):
                    best = Best(begin + i, square)
                    if any_will_do:
                        return best
                    cut = square + 2.0 * chord_margin(square)
            r += 1 if direction == 0 else -1
    return best


@_compiled
def columns_within(away: float, half: float, side: int, left: float, cosines: float) -> tuple[int, int]:
    """Columns [a, b) of a cell whose middle lies `away` east that may hold a squared chord along of `left`.

    asin(s) ≤ s + (π/2 - 1) s³ on [0, 1] spares the arc sine.
    """
    if left >= 4.0 * cosines:
        return 0, side
    s = 0.5 * math.sqrt(left / cosines)
    width = 2.0 * (s + (0.5 * math.pi - 1.0) * s * s * s) * (1.0 + 1e-12) + SLACK
    if width + half >= math.pi - 1e-9:
        return 0, side
    per = 0.5 * side / half
    a = min(max(math.floor((half - away - width) * per), 0), side)
    b = min(max(math.floor((half - away + width) * per) + 1, a), side)
    return a, b


@_compiled
def mark_border(
    low: int, high: int, near: Near, chosen: Any, cells: Cells, cores: Any, is_border: Any, wanted: Any
) -> None:
    """From cells with core points, which are few: cells in reach with other points; if there are any, it is wanted.

    Threads may write the same 1, nothing else.
    """
    for one in range(low, high):
        cell = chosen[one]
        for span in range(spans(cell, cells, near)):
            for other in range(near.low[span], near.high[span]):
                if cores[other] < cells.start[other + 1] - cells.start[other]:
                    is_border[other] = 1
                    wanted[cell] = 1


@_compiled
def attach(
    low: int,
    high: int,
    near: Near,
    chosen: Any,
    start: Any,
    cells: Cells,
    points: Points,
    grids: Grids,
    rule: Rule,
    cores: Any,
    number: Any,
    labels: Any,
    rows: Any,
    core_rows: Any,
    core_hav: Any,
) -> None:
    """Give the other points of cells near core points their nearest core point within eps, by the tie rule.

    `rows`, `core_rows` (-1 without one) and `core_hav` hold the points of the chosen cells from `start` on.
    """
    for one in range(low, high):
        cell = chosen[one]
        found = in_order_of_distance(neighbors(cell, cells, rule, near), rule, near, cores, grids)
        middle = box_of(cell, cells, rule).middle
        for step in range(BANDS):
            near.outer[step] = least_cosine(near.south[step], near.south[step] + rule.height)
        to, best, home = start[one], nobody(rule), wide(-1)
        for at in range(cells.start[cell] + cores[cell], cells.start[cell + 1]):
            place = place_of(points, at)
            best = as_seen_from(place, best.at, points, rule)
            for turn in range(found):
                m = near.part[turn]
                step, before = near.step[m], best.at
                box = Box(near.south[step], near.half[step], middle + near.east[m], near.outer[step])
                if is_beyond(place, box, best.square, rule):
                    continue
                best = nearest_in_cell(
                    place, near.cell[m], box, cells, points, grids, rule, cores, best, False
                )
                if best.at != before:
                    home = near.cell[m]
            rows[to], core_rows[to], core_hav[to] = points.row[at], -1, 0.0
            if best.at >= 0:
                core_rows[to], core_hav[to] = points.row[best.at], between(points, at, best.at)
                labels[points.row[at]] = number[home]
            to += 1


@_compiled
def in_order_of_distance(found: int, rule: Rule, near: Near, cores: Any, grids: Grids) -> int:
    """Neighbors with core points, the nearest middles first (ties in grid order); how many.

    A cell without a sub-grid was not in reach as seen from there: rounding may make reach differ, but true neighbors
    are in reach from both sides.
    """
    kept = 0
    for m in range(found):
        if cores[near.cell[m]] == 0 or grids.level[near.cell[m]] == NO_GRID:
            continue
        up = (near.step[m] - 2) * rule.height
        near.inner[m] = up * up + (near.east[m] * rule.height / (2.0 * near.half[near.step[m]])) ** 2
        place = kept
        while place > 0 and near.inner[near.part[place - 1]] > near.inner[m]:
            near.part[place] = near.part[place - 1]
            place -= 1
        near.part[place] = m
        kept += 1
    return kept


# ---- numbers and labels --------------------------------------------------------------------------------------------


@_compiled
def first_cores(cells: Cells, points: Points, cores: Any, parent: Any, first: Any) -> None:
    """The southernmost, then westernmost core point of each component, as the row left in `first` at its root.

    `first` starts at -1. A smaller latitude is never in a higher band, so only a component's first band is read.
    """
    for cell in range(len(cores)):
        if cores[cell] == 0:
            continue
        root = root_of(parent, cell)
        lowest = cells.band[cell] == cells.band[root]  # a root is its component's first cell
        if not lowest:
            continue
        for at in range(cells.start[cell], cells.start[cell] + cores[cell]):
            row, best = points.row[at], first[root]
            if best >= 0:
                south = points.degrees[row, 0] - points.degrees[best, 0]
                east = points.degrees[row, 1] - points.degrees[best, 1]
                if south > 0 or (south == 0 and east >= 0):
                    continue
            first[root] = row


@_compiled
def number_cells(cores: Any, parent: Any, number: Any) -> None:
    """Give each cell with core points the number that stands at its root."""
    for cell in range(len(cores)):
        if cores[cell] > 0:
            number[cell] = number[root_of(parent, cell)]


@_compiled
def write_labels(
    low: int, high: int, cells: Cells, points: Points, cores: Any, number: Any, labels: Any
) -> None:
    """Label of each core point plus CORE, -1 for others, by row."""
    for cell in range(low, high):
        begin = wide(cells.start[cell])
        middle = begin + cores[cell]
        for at in range(begin, middle):
            labels[points.row[at]] = number[cell] + CORE
        for at in range(middle, cells.start[cell + 1]):
            labels[points.row[at]] = -1


@_compiled
def split_labels(low: int, high: int, labels: Any, is_core: Any) -> None:
    """Take CORE off again, and say whose label had it."""
    for row in range(low, high):
        is_core[row] = labels[row] >= CORE
        labels[row] -= CORE if labels[row] >= CORE else 0


# ---- nearest core points beyond eps: a tree of boxes ---------------------------------------------------------------


@_compiled
def spread_bits(number: int) -> int:
    """The lower 31 bits of a number with a zero bit after each."""
    number &= 0x7FFFFFFF
    number = (number | (number << 16)) & 0x0000FFFF0000FFFF
    number = (number | (number << 8)) & 0x00FF00FF00FF00FF
    number = (number | (number << 4)) & 0x0F0F0F0F0F0F0F0F
    number = (number | (number << 2)) & 0x3333333333333333
    return (number | (number << 1)) & 0x5555555555555555


@_compiled
def fill_curve(low: int, high: int, degrees: Any, rows: Any, keys: Any) -> None:
    """Place of each row on a Morton curve, in steps of about 2 cm: what is near on the curve is near on the globe."""
    scale = 2.0**31 / 360.0 * (1.0 - 1e-9)
    for i in range(low, high):
        north = wide((degrees[rows[i], 0] + 90.0) * scale)
        east = wide((degrees[rows[i], 1] + 180.0) * scale)
        keys[i] = (spread_bits(north) << 1) | spread_bits(east)


@_compiled
def drop_repeats(degrees: Any, rows: Any) -> int:
    """Rows in order of the curve, moved together without repeats of one place, of which the least row stays; how many.

    Only repeats side by side go: the others cost time, no truth.
    """
    kept = 0
    for i in range(len(rows)):
        row = rows[i]
        if kept > 0:
            last = rows[kept - 1]
            if degrees[row, 0] == degrees[last, 0] and degrees[row, 1] == degrees[last, 1]:
                rows[kept - 1] = min(row, last)
                continue
        rows[kept] = row
        kept += 1
    return kept


@_compiled
def fill_leaves(low: int, high: int, points: Points, boxes: Any) -> None:
    """Unit vectors of the points of leaves, and the leaves' boxes: least x, y, z, then greatest."""
    for leaf in range(low, high):
        for axis in range(3):
            boxes[leaf, axis], boxes[leaf, axis + 3] = 2.0, -2.0
        for at in range(leaf * LEAF, min((leaf + 1) * LEAF, len(points.row))):
            place = place_of(points, at)
            points.x[at], points.y[at], points.z[at] = place.x, place.y, place.z
            boxes[leaf, 0], boxes[leaf, 3] = min(boxes[leaf, 0], place.x), max(boxes[leaf, 3], place.x)
            boxes[leaf, 1], boxes[leaf, 4] = min(boxes[leaf, 1], place.y), max(boxes[leaf, 4], place.y)
            boxes[leaf, 2], boxes[leaf, 5] = min(boxes[leaf, 2], place.z), max(boxes[leaf, 5], place.z)


@_compiled
def fill_boxes(first: Any, boxes: Any) -> None:
    """Boxes above the leaves, each round FAN of the level below; `first` numbers the first box of each level."""
    for level in range(1, len(first) - 1):
        for box in range(first[level], first[level + 1]):
            child = first[level - 1] + (box - first[level]) * FAN
            for axis in range(6):
                boxes[box, axis] = boxes[child, axis]
            for other in range(child + 1, min(child + FAN, first[level])):
                for axis in range(3):
                    boxes[box, axis] = min(boxes[box, axis], boxes[other, axis])
                    boxes[box, axis + 3] = max(boxes[box, axis + 3], boxes[other, axis + 3])


@_compiled
def square_to_box(place: Place, boxes: Any, box: int) -> float:
    """Squared way to a box: at most the squared chord, as computed, to any point in it, since rounding keeps order."""
    dx = max(boxes[box, 0] - place.x, place.x - boxes[box, 3], 0.0)
    dy = max(boxes[box, 1] - place.y, place.y - boxes[box, 4], 0.0)
    dz = max(boxes[box, 2] - place.z, place.z - boxes[box, 5], 0.0)
    return dx * dx + dy * dy + dz * dz


@_compiled
def nearest_in_leaf(place: Place, leaf: int, points: Points, best: Best) -> Best:
    """The nearest point of a leaf by the tie rule if it comes before `best`."""
    cut = best.square + 2.0 * chord_margin(best.square)
    for at in range(leaf * LEAF, min((leaf + 1) * LEAF, len(points.row))):
        dx, dy, dz = points.x[at] - place.x, points.y[at] - place.y, points.z[at] - place.z
        square = dx * dx + dy * dy + dz * dz
        if square > cut or at == best.at:
            continue
        sure = square < best.square - 2.0 * chord_margin(best.square)
        if sure or is_before(place, at, best.at, points):
            best = Best(wide(at), square)
            cut = square + 2.0 * chord_margin(square)
    return best


@_compiled
def nearest_of_all(place: Place, points: Points, first: Any, boxes: Any, way: Way, best: Best) -> Best:
    """The nearest of all points by the tie rule: nearer boxes first, none that is farther than `best`."""
    way.box[0], way.level[0], way.square[0] = first[-1] - 1, len(first) - 2, 0.0
    waiting = 1
    while waiting > 0:
        waiting -= 1
        box, level = way.box[waiting], way.level[waiting]
        if way.square[waiting] > best.square + 2.0 * chord_margin(best.square):
            continue
        if level == 0:
            best = nearest_in_leaf(place, box, points, best)
            continue
        child = first[level - 1] + (box - first[level]) * FAN
        bottom = waiting
        for other in range(child, min(child + FAN, first[level])):
            square = square_to_box(place, boxes, other)
            slot = waiting
            while slot > bottom and way.square[slot - 1] < square:
                way.box[slot], way.level[slot] = way.box[slot - 1], way.level[slot - 1]
                way.square[slot] = way.square[slot - 1]
                slot -= 1
            way.box[slot], way.level[slot], way.square[slot] = other, level - 1, square
            waiting += 1
    return best


@_compiled
def attach_noise(
    low: int,
    high: int,
    way: Way,
    rows: Any,
    order: Any,
    points: Points,
    first: Any,
    boxes: Any,
    core_rows: Any,
    hav: Any,
) -> None:
    """Nearest core point of rows in order of the curve; each begins with the answer of the one before."""
    at = wide(0)
    for i in range(low, high):
        row = rows[order[i]]
        lat, lon = points.degrees[row, 0] * RADIANS, points.degrees[row, 1] * RADIANS
        ring = math.cos(lat)
        place = Place(lat, lon, ring, ring * math.cos(lon), ring * math.sin(lon), math.sin(lat))
        dx, dy, dz = points.x[at] - place.x, points.y[at] - place.y, points.z[at] - place.z
        guess = Best(at, dx * dx + dy * dy + dz * dz)
        at = nearest_of_all(place, points, first, boxes, way, guess).at
        near = points.row[at]
        core_rows[order[i]] = near
        hav[order[i]] = haversine(
            lat, lon, points.degrees[near, 0] * RADIANS, points.degrees[near, 1] * RADIANS
        )


#: the kernels that engine.py and beyond.py call; `warm.py` sees to it that each is compiled at installation
ENTRIES = (
    "attach",
    "attach_noise",
    "columns_of",
    "cores_first",
    "count_cells",
    "count_digits",
    "decide",
    "drop_repeats",
    "fill_boxes",
    "fill_columns",
    "fill_curve",
    "fill_keys",
    "fill_leaves",
    "fill_reach",
    "first_bad_coordinate",
    "first_cores",
    "gather_weights",
    "join_by_samples",
    "join_exactly",
    "judge_blocks",
    "judge_cells",
    "lay_out",
    "list_cells",
    "mark_border",
    "number_cells",
    "scatter",
    "split_labels",
    "still_apart",
    "subdivide",
    "write_labels",
)
