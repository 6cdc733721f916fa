"""Pieces of a byte buffer as arrays of starts and ends: split, strip and turn into text without an object per piece.

A buffer is a NumPy array of uint8; pieces are in the order of their starts and do not overlap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from extracts.tables import Ints, ranges

Bytes = npt.NDArray[np.uint8]
SEMICOLON, OPEN, CLOSE, STOP = 59, 91, 93, 46
_BLANK = np.zeros(256, bool)
_BLANK[[9, 10, 11, 12, 13, 32]] = True
_LOWEST = np.array([(byte & -byte).bit_length() - 1 for byte in range(256)], np.int64)


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


def positions(mask: npt.NDArray[np.bool_]) -> Ints:
    """Where `mask` is true, as `numpy.flatnonzero`; faster where it rarely is, since eight places are looked at at once."""
    packed = np.packbits(mask, bitorder="little")
    at = np.flatnonzero(packed != 0)
    bits = packed[at]
    found = [(at << 3) + _LOWEST[bits]]
    while len(more := np.flatnonzero(bits := bits & (bits - 1))):
        at, bits = at[more], bits[more]
        found.append((at << 3) + _LOWEST[bits])
    return found[0] if len(found) == 1 else np.sort(np.concatenate(found), kind="stable")


def texts(buffer: Bytes, start: Ints, end: Ints) -> pa.BinaryArray:
    """The bytes of each piece, in any order: every second value of an array of the pieces and what lies between."""
    count = len(start)
    if not count:
        return pa.array([], pa.binary())
    offsets = np.empty(2 * count + 1, np.int32)
    offsets[:-1:2], offsets[1::2], offsets[-1] = start, end, len(buffer)
    whole = pa.BinaryArray.from_buffers(
        pa.binary(), 2 * count, [None, pa.py_buffer(offsets), pa.py_buffer(buffer)]
    )
    return whole.take(pa.array(np.arange(0, 2 * count, 2, dtype=np.int32)))


def strings(pieces: pa.BinaryArray) -> pa.StringArray:
    """Bytes that are known to be UTF-8 as text, without looking at them again."""
    _, offsets, content = pieces.buffers()
    return pa.StringArray.from_buffers(len(pieces), offsets, content, offset=pieces.offset)


def within(positions: Ints, start: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Those of the sorted `positions` that lie in a piece, and the number of that piece."""
    first = np.searchsorted(positions, start)
    counts = np.searchsorted(positions, end) - first
    return positions[ranges(first, counts)], np.repeat(np.arange(len(start)), counts)


def split(pieces: Pieces, at: Ints) -> tuple[Pieces, Ints]:
    """The pieces cut at the sorted positions `at`, one byte each left out; and for each part the piece it is of."""
    at, of = within(at, pieces.start, pieces.end)
    cuts = np.bincount(of, minlength=len(pieces))
    last = np.cumsum(cuts + 1) - 1  # among the parts, the last of each piece
    first = last - cuts
    opens, closes = np.ones(len(pieces) + len(at), bool), np.ones(len(pieces) + len(at), bool)
    opens[first] = closes[last] = False
    start, end = np.empty(len(opens), np.int64), np.empty(len(opens), np.int64)
    start[first], end[last] = pieces.start, pieces.end
    start[opens], end[closes] = at + 1, at
    part_of = np.repeat(np.arange(len(pieces)), cuts + 1)
    return Pieces(pieces.buffer, start, end, pieces.record[part_of]), part_of


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
    at = positions((buffer == SEMICOLON) | (buffer == OPEN) | (buffer == CLOSE))
    at, piece = within(at, pieces.start, pieces.end)
    sign, number = buffer[at], np.arange(len(at))
    opened = np.maximum.accumulate(np.where(sign == OPEN, number, -1))
    closed = np.maximum.accumulate(np.where(sign == CLOSE, number, -1))
    closes = np.minimum.accumulate(np.where(sign == CLOSE, number, len(at))[::-1])[::-1]
    mine = np.append(piece, -1)  # a bracket counts for its own piece only
    inside = (opened > closed) & (mine[opened] == piece) & (mine[closes] == piece)
    found: Ints = at[(sign == SEMICOLON) & ~inside]
    return found


class Count:
    """How many places of a mask are true: all, and before others."""

    def __init__(self, mask: npt.NDArray[np.bool_]) -> None:
        packed = np.zeros(len(mask) // 64 * 8 + 8, np.uint8)
        packed[: (len(mask) + 7) // 8] = np.packbits(mask, bitorder="little")
        self._words = packed.view("<u8")
        self._sums = np.cumsum(np.bitwise_count(self._words), dtype=np.int64)
        self.all = int(self._sums[-1])

    def before(self, at: Ints) -> Ints:
        """How many are true before each of the places `at`."""
        word, bit = np.divmod(at, 64)
        from_here = self._words[word] >> bit.astype(np.uint64)
        found: Ints = self._sums[word] - np.bitwise_count(from_here)
        return found
