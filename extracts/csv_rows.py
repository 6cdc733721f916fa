"""Rows and cells of CSV text by arithmetic on whole blocks: where they begin and end, and numbers in them.

Nothing is parsed: quotation marks, separators and line ends are one bit per byte, and what lies within quotation marks
is the running parity of their bits (the way of simdjson). It serves to leave out rows that nobody needs, at about the
rate at which bytes come from memory; those that stay are parsed by Arrow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from extracts.tables import Ints

Bytes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
_LF, _CR, _QUOTE = 10, 13, 34
_ALL = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
_ONE, _THREE, _LAST = np.uint64(1), np.uint64(3), np.uint64(63)
_ZEROS = np.uint64(0x3030_3030_3030_3030)
_TENS = 10 ** np.arange(9, dtype=np.int64)


class Unusual(Exception):
    """The text holds something that must be looked at with more care."""


class Lines:
    """The lines of a block, of which only numbers without quotation marks at the front are looked at.

    A line that is no row (a piece of one that has a line end in quotation marks) is told by its front; where that looks
    like a number, by a quotation mark too many in it and in the line before, when either is parsed.

    Parameters
    ----------
    block : array of uint8
        UTF-8 from the beginning of a row, and at least 16 bytes behind it that are none of it.
    size : int
        Bytes of text in the block.
    separator : str
        One ASCII character.

    Raises
    ------
    Unusual
        The last line ends within quotation marks.
    """

    def __init__(self, block: Bytes, size: int, separator: str) -> None:
        self._bytes, self._words = block, _words(block)
        self._separator = ord(separator)
        self._afters = np.flatnonzero(block[:size] == _LF) + 1
        self.used = int(self._afters[-1]) if len(self._afters) else 0
        self._starts = np.concatenate(([0], self._afters))[:-1]
        if len(self) and np.count_nonzero(block[self._starts[-1] : self.used] == _QUOTE) % 2:
            raise Unusual

    def __len__(self) -> int:
        return len(self._starts)

    def numbers(self, column: int) -> tuple[Ints, Mask]:
        """The whole number in each line's cell of a column (from 0), and where there is one: everywhere.

        Raises
        ------
        Unusual
            One of them, or a cell before it, is not 1 to 15 digits and nothing else.
        """
        found = _leading_numbers(self._bytes, self._words, self._starts, self._separator, column)
        if found is None:
            raise Unusual
        return found, np.ones(len(found), bool)

    def text(self, chosen: Mask) -> bytes:
        """The chosen lines, one after the other."""
        return _joined(self._bytes, self._starts, self._afters, chosen)


class Rows:
    """The whole rows of a block of CSV text; empty lines are none. Every row has been looked at.

    Parameters
    ----------
    block : array of uint8
        UTF-8 from the beginning of a row, and at least 16 bytes behind it that are none of it.
    size : int
        Bytes of text in the block.
    separator : str
        One ASCII character.
    columns : int
        Cells of every row, 2 or more.

    Raises
    ------
    Unusual
        A row has other cells, or a CR outside quotation marks ends no line.
    """

    def __init__(self, block: Bytes, size: int, separator: str, columns: int) -> None:
        self._bytes, self._words = block, _words(block)
        raw = block[:size]
        quotes = raw == _QUOTE
        self._separator = ord(separator)
        self._quoted = bool(quotes.any())
        self._separators = _bits(raw == self._separator)
        ends = np.flatnonzero(raw == _LF)
        outside = None
        if self._quoted:
            outside = ~_inside(_bits(quotes))
            self._separators &= outside
            ends = ends[_has(outside, ends)]
        self.used = int(ends[-1]) + 1 if len(ends) else 0
        starts = np.concatenate(([0], ends + 1))
        cells = np.diff(_rank(self._separators)(starts))
        after, starts = starts[1:], starts[:-1]
        crs = raw == _CR
        if crs.any():
            ends = self._without_cr(crs[: self.used], starts, ends, outside)
        filled = ends > starts
        if (cells[filled] != columns - 1).any() or cells[~filled].any():
            raise Unusual
        self._starts, self._ends, self._afters = starts[filled], ends[filled], after[filled]

    def __len__(self) -> int:
        return len(self._starts)

    def _without_cr(self, crs: Mask, starts: Ints, ends: Ints, outside: Words | None) -> Ints:
        """Ends of rows before their CR."""
        marks = _bits(crs)
        if outside is not None:
            marks &= outside[: len(marks)]
        crlf = (ends > starts) & (self._bytes[ends - 1] == _CR)
        if int(np.bitwise_count(marks).sum()) != int(crlf.sum()):
            raise Unusual
        before: Ints = ends - crlf
        return before

    def _beginnings(self, column: int) -> Ints:
        starts = self._starts
        for _ in range(column):
            starts = _following(self._separators, starts) + 1
        return starts

    def cells(self, column: int) -> tuple[Ints, Ints]:
        """First byte and end of each row's cell in a column (from 0), without the quotation marks around it."""
        starts = self._beginnings(column)
        ends = np.minimum(_following(self._separators, starts), self._ends)
        quoted = (ends > starts + 1) & (self._bytes[starts] == _QUOTE) & (self._bytes[ends - 1] == _QUOTE)
        return starts + quoted, ends - quoted

    def first_bytes(self, column: int) -> Bytes:
        """The first byte of each row's cell, or that behind its quotation mark; where it is empty, of what follows."""
        starts = self._beginnings(column)
        first: Bytes = self._bytes[starts]
        return np.where(first == _QUOTE, self._bytes[starts + 1], first) if self._quoted else first

    def numbers(self, column: int) -> tuple[Ints, Mask]:
        """The whole number in each row's cell, and where there is one: 1 to 15 digits and nothing else."""
        leading = _leading_numbers(self._bytes, self._words, self._starts, self._separator, column)
        if leading is not None:
            return leading, np.ones(len(self), bool)
        starts, ends = self.cells(column)
        lengths = ends - starts
        words = self._words[starts]
        digits = np.minimum(_digits_in_front(words), lengths)
        numbers = _eight_digits(words, digits)
        long = np.flatnonzero((digits == 8) & (lengths > 8))
        more = self._words[starts[long] + 8]
        rest = np.minimum(_digits_in_front(more), lengths[long] - 8)
        digits[long] += rest
        numbers[long] = numbers[long] * _TENS[rest] + _eight_digits(more, rest)
        return numbers, (lengths > 0) & (lengths == digits) & (lengths < 16)

    def text(self, chosen: Mask) -> bytes:
        """The chosen rows with their line ends, one after the other."""
        return _joined(self._bytes, self._starts, self._afters, chosen)


def _words(block: Bytes) -> Words:
    """The eight bytes from each byte of a block on."""
    return np.ndarray(len(block) - 7, "<u8", block, strides=(1,))


def _leading_numbers(block: Bytes, words: Words, starts: Ints, separator: int, column: int) -> Ints | None:
    """The number in each row's cell, or None where it, or a cell before it, is not 1 to 15 digits and nothing else."""
    at = starts
    for left in range(column, -1, -1):
        front = words[at]
        lengths = _digits_in_front(front)
        long = np.flatnonzero(lengths == 8)
        more = words[at[long] + 8]
        rest = _digits_in_front(more)
        after = at + lengths
        after[long] += rest
        if (block[after] != separator).any() or not lengths.all() or (rest == 8).any():
            return None
        at = after + 1 if left else at
    numbers = _eight_digits(front, lengths)
    numbers[long] = numbers[long] * _TENS[rest] + _eight_digits(more, rest)
    return numbers


def _joined(block: Bytes, starts: Ints, afters: Ints, chosen: Mask) -> bytes:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).view(np.int8)))
    firsts, lasts = starts[edges[::2]].tolist(), afters[edges[1::2] - 1].tolist()
    view = block.data
    return b"".join([view[first:last] for first, last in zip(firsts, lasts, strict=True)])


def _bits(mask: Mask) -> Words:
    """One bit per byte of `mask`, the first in the lowest place of the first word, with room for one word more."""
    packed = np.zeros(((len(mask) >> 6) + 2) << 3, np.uint8)
    bits = np.packbits(mask, bitorder="little")
    packed[: len(bits)] = bits
    return packed.view(np.uint64)


def _inside(quotes: Words) -> Words:
    """The bytes that follow an odd number of quotation marks, their own included."""
    words, shifted = quotes.copy(), np.empty_like(quotes)
    for shift in (1, 2, 4, 8, 16, 32):
        words ^= np.left_shift(words, np.uint64(shift), out=shifted)
    odd = np.logical_xor.accumulate((words >> _LAST).astype(bool))
    words[1:] ^= np.where(odd[:-1], _ALL, np.uint64(0))
    return words


def _has(words: Words, at: Ints) -> Mask:
    found: Mask = (words[at >> 6] >> (at & 63).astype(np.uint64) & _ONE).astype(bool)
    return found


def _rank(words: Words) -> Any:
    """A function that says how many bits lie before each of some places."""
    before = np.concatenate(([0], np.cumsum(np.bitwise_count(words), dtype=np.int64)))

    def rank(at: Ints) -> Ints:
        inside = words[at >> 6] & ((_ONE << (at & 63).astype(np.uint64)) - _ONE)
        found: Ints = before[at >> 6] + np.bitwise_count(inside)
        return found

    return rank


def _following(words: Words, at: Ints) -> Ints:
    """The place of the first bit at or after each of some places; that of the words' end where there is none."""
    word = at >> 6
    left = words[word] & (_ALL << (at & 63).astype(np.uint64))
    empty = np.flatnonzero(left == 0)
    while len(empty):
        word[empty] += 1
        empty = empty[word[empty] < len(words)]
        left[empty] = words[word[empty]]
        empty = empty[left[empty] == 0]
    return (word << 6) + _low_zeros(left)


def _low_zeros(words: Words) -> Bytes:
    """How many bits are zero before the lowest that is not."""
    zeros: Bytes = np.bitwise_count((words - _ONE) & ~words)
    return zeros


def _digits_in_front(words: Words) -> Bytes:
    """How many of the eight bytes of a word are digits before the first that is none."""
    over = words ^ _ZEROS  # a digit's own value, or more than nine
    low = (over & np.uint64(0x7F7F_7F7F_7F7F_7F7F)) + np.uint64(0x7676_7676_7676_7676)
    return _low_zeros((low | over) & np.uint64(0x8080_8080_8080_8080)) >> np.uint8(3)


def _eight_digits(words: Words, lengths: Any) -> Ints:
    """The numbers of the first `lengths` (0 to 8) bytes of words, where these are digits.

    Digits are added up in pairs, the pairs in pairs, and these once more, by one multiplication each.
    """
    shift = np.uint64(64) - (lengths.astype(np.uint64) << _THREE)  # 64 and more give 0
    digits = (words & np.uint64(0x0F0F_0F0F_0F0F_0F0F)) << shift
    pairs = digits * np.uint64(2561) >> np.uint64(8)
    fours = (pairs & np.uint64(0x00FF_00FF_00FF_00FF)) * np.uint64(6_553_601) >> np.uint64(16)
    eights = (fours & np.uint64(0x0000_FFFF_0000_FFFF)) * np.uint64(42_949_672_960_001) >> np.uint64(32)
    numbers: Ints = eights.view(np.int64)
    return numbers
