"""CSV tables by the fast way: rows that nobody needs are left out before anything is parsed, the others parsed by Arrow.

Whatever is not exactly as the header says (a row with other cells, a quotation mark in the wrong place, a CR that ends
no line) is Unusual, and csv_tables.py judges row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

import numpy as np
import pyarrow as pa

from extracts.csv_rows import Lines, Mask, Rows, Unusual
from extracts.encoding import Utf8Stream, encoding_of, repaired, utf8_blocks
from extracts.tables import Ints
from extracts.text import Joined, Text

BLOCK = 1 << 20  # bytes that are looked at together: what is made of them stays near the processor
PARSED = 1 << 22  # bytes of rows that are parsed and loaded together: each time costs some milliseconds
_LONGEST = 64 << 20  # bytes of a row

Skips = Callable[["Found"], Mask]
Parse = Callable[[bytes, int], pa.Table]


class Found:
    """The rows of a block by the names of their columns; a column that the table lacks is empty in every row."""

    def __init__(self, rows: Lines | Rows, columns: list[str]) -> None:
        self._rows, self._columns = rows, columns

    def __len__(self) -> int:
        return len(self._rows)

    def numbers(self, column: str) -> tuple[Ints, Mask]:
        """The whole number in each row's cell, and where there is one."""
        if column not in self._columns:
            return np.zeros(len(self), np.int64), np.zeros(len(self), bool)
        return self._rows.numbers(self._columns.index(column))

    def begins_with_letter_but(self, letters: bytes, column: str) -> Mask:
        """Whether each row's cell begins with a letter of English that is not in `letters`, in either case."""
        if column not in self._columns or isinstance(self._rows, Lines):
            return np.zeros(len(self), bool)
        first = self._rows.first_bytes(self._columns.index(column)) | 0x20
        found = (first >= ord("a")) & (first <= ord("z"))
        for letter in letters.lower():
            found &= first != letter
        return found


def batches(
    stream: BinaryIO, columns: list[str], separator: str, every: bool, skips: Skips, parse: Parse
) -> Iterator[tuple[Ints, pa.Table]]:
    """Rows (1 for the first after the header) and the parsed table of those that `skips` does not leave out.

    Parameters
    ----------
    stream : binary file
        Text in any encoding, from the header on.
    columns : list of str
        The header.
    every : bool
        Whether every row is looked at, also those that are left out; else of these no more than a number at the front.
    skips : callable
        Of a block's rows those that are certainly not needed.
    parse : callable
        The table of some rows, by their text without a header and their number.

    Raises
    ------
    Unusual
        The text is not exactly as its header says; also after some batches.
    """
    picked: list[bytes] = []
    numbers: list[Ints] = []
    done, size, more = -1, 0, True  # the header is row 0
    text = _bytes_of(stream)
    while more:
        more = text.fill()
        if not more and text.size and not text.ends_with(b"\n"):
            text.append(b"\n")
        rows, needed = _looked_at(text, columns, separator, every or done < 0, skips)
        needed[: max(-done, 0)] = False
        picked.append(rows.text(needed))
        numbers.append(np.flatnonzero(needed) + done + 1)
        size += len(picked[-1])
        done += len(rows)
        text.drop(rows.used)
        if text.size > _LONGEST:
            raise Unusual
        if size >= PARSED:
            yield _parsed(picked, numbers, parse)
            picked, numbers, size = [], [], 0
    if text.size:  # a quotation mark that nothing closes
        raise Unusual
    if size:
        yield _parsed(picked, numbers, parse)


def _bytes_of(stream: BinaryIO) -> Text:
    """The bytes of a stream as they are, but for a byte order mark; UTF-16 as UTF-8."""
    head = stream.read(4)
    name, mark = encoding_of(head)
    if name == "utf-8":
        return Text(stream, BLOCK, raw=head[mark:])
    decoded = Utf8Stream(utf8_blocks(cast(BinaryIO, Joined(head, stream)), BLOCK))
    return Text(cast(BinaryIO, decoded), BLOCK, raw=b"")


def _looked_at(
    text: Text, columns: list[str], separator: str, every: bool, skips: Skips
) -> tuple[Lines | Rows, Mask]:
    """The rows of a text, and those that are needed."""
    if not every:
        try:
            lines = Lines(text.array, text.size, separator)
            return lines, ~skips(Found(lines, columns))
        except Unusual:
            pass  # a quotation mark, or nothing at all, at the front of a line
    rows = Rows(text.array, text.size, separator, len(columns))
    return rows, ~skips(Found(rows, columns))


def _parsed(picked: list[bytes], numbers: list[Ints], parse: Parse) -> tuple[Ints, pa.Table]:
    rows = np.concatenate(numbers)
    text = repaired(b"".join(picked))
    if b"\0" in text:
        text = text.replace(b"\0", b"")
    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        raise Unusual
    table = parse(text, len(rows))
    if table.num_rows != len(rows):
        raise Unusual
    return rows, table
