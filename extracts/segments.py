"""Pieces of a byte buffer as arrays of starts and ends: split, strip and turn into text without an object per piece.

A buffer is a NumPy array of uint8; pieces are in the order of their starts and do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from extracts.tables import Ints

Bytes = npt.NDArray[np.uint8]
SEMICOLON, OPEN, CLOSE, STOP = 59, 91, 93, 46
_BLANK = np.zeros(256, bool)
_BLANK[[9, 10, 11, 12, 13, 32]] = True


@dataclass(frozen=True)
class Pieces:
    """Pieces of `buffer`: piece i is buffer[start[i]:end[i]] and belongs to record `record[i]`."""

    buffer: Bytes
    start: Ints
    end: Ints
    record: Ints

    def __len__(self) -> int:
        return len(self.start)

    def only(self, mask: npt.NDArray[np.bool_]) -> Pieces:
        """The pieces where `mask` is true."""
        return Pieces(self.buffer, self.start[mask], self.end[mask], self.record[mask])

    def stripped(self) -> Pieces:
        """The pieces without blanks at their ends; empty ones are left out."""
        start, end = strip(self.buffer, self.start, self.end)
        return Pieces(self.buffer, start, end, self.record).only(end > start)

    def compact(self) -> Pieces:
        """The same pieces in a buffer that holds nothing else, so that a search in it is short."""
        made = cells(self.texts())
        return Pieces(made.buffer, made.start, made.end, self.record) if len(made) == len(self) else self

    def texts(self) -> pa.BinaryArray:
        """The bytes of each piece."""
        return texts(self.buffer, self.start, self.end)


def strip(buffer: Bytes, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Starts and ends moved over blanks."""
    start, end = start.copy(), end.copy()
    at = np.flatnonzero(end > start)
    while len(at := at[_BLANK[buffer[start[at]]]]):
        start[at] += 1
        at = at[end[at] > start[at]]
    at = np.flatnonzero(end > start)
    while len(at := at[_BLANK[buffer[end[at] - 1]]]):
        end[at] -= 1
        at = at[end[at] > start[at]]
    return start, end


def texts(buffer: Bytes, start: Ints, end: Ints) -> pa.BinaryArray:
    """The bytes of each piece: every second value of an array whose values are the pieces and what lies between."""
    count = len(start)
    if not count:
        return pa.array([], pa.binary())
    offsets = np.empty(2 * count, np.int32)
    offsets[0::2], offsets[1::2] = start, end
    whole = pa.BinaryArray.from_buffers(
        pa.binary(), 2 * count - 1, [None, pa.py_buffer(offsets), pa.py_buffer(buffer)]
    )
    return whole.take(pa.array(np.arange(0, 2 * count, 2, dtype=np.int32)))


def within(positions: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Those of the sorted `positions` that lie in a piece, and the number of that piece."""
    if not len(start):
        return positions[:0], positions[:0]
    piece = np.searchsorted(start, positions, side="right") - 1
    inside = (piece >= 0) & (positions < end[piece])
    return positions[inside], piece[inside]


def split(pieces: Pieces, at: Ints) -> tuple[Pieces, Ints]:
    """The pieces cut at the sorted positions `at`, one byte each left out; and for each part the piece it is of."""
    at, of = within(at, pieces.start, pieces.end)
    start = np.concatenate((pieces.start, at + 1))
    end_of = np.concatenate((np.arange(len(pieces)), of))
    order = np.argsort(start, kind="stable")
    start, end_of = start[order], end_of[order]
    end = pieces.end[end_of]
    if len(start):
        same = end_of[1:] == end_of[:-1]
        end[:-1][same] = start[1:][same] - 1
    return Pieces(pieces.buffer, start, end, pieces.record[end_of]), end_of


def cells(column: pa.Array) -> Pieces:
    """The values of a text column as pieces of its own buffer; nulls and empty values are left out."""
    if pa.types.is_large_string(column.type) or pa.types.is_large_binary(column.type):
        column = column.cast(pa.binary())
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, np.int32)[column.offset : column.offset + len(column) + 1].astype(
        np.int64
    )
    buffer = np.frombuffer(data, np.uint8) if data is not None else np.zeros(0, np.uint8)
    whole = Pieces(buffer, bounds[:-1], bounds[1:], np.arange(len(column)))
    filled = whole.end > whole.start
    if column.null_count:
        filled &= column.is_valid().to_numpy(zero_copy_only=False)
    return whole.only(filled)


def outside_brackets(pieces: Pieces) -> Ints:
    """Positions of semicolons that stand in no `[…]` of their piece."""
    buffer = pieces.buffer
    semicolons, piece = within(np.flatnonzero(buffer == SEMICOLON), pieces.start, pieces.end)
    opened, closed = np.flatnonzero(buffer == OPEN), np.flatnonzero(buffer == CLOSE)
    before = np.searchsorted(opened, semicolons) - 1
    last_open = np.where(before >= 0, opened[before] if len(opened) else -1, -1)
    close = np.append(closed, np.iinfo(np.int64).max)
    first_close = close[np.searchsorted(closed, last_open)]
    inside = (
        (last_open >= pieces.start[piece]) & (first_close > semicolons) & (first_close < pieces.end[piece])
    )
    return semicolons[~inside]
