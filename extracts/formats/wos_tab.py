"""Web of Science tab-delimited export: a header of tags, one article a row.

Read by column name, since the order differs. Exports from before about 2022 end each row with a tab that the header
lacks. A quotation mark is a letter here. UTF-8 with and without byte order mark, UTF-16, CRLF, LF, and CR alone occur.
A block in which every row has as many cells as the first is cut by arithmetic; in others each row is judged by itself.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.encoding import line_blocks
from extracts.formats.wos_fields import TAGS, from_columns
from extracts.records import rejects
from extracts.segments import texts
from extracts.tables import Ints

VERSION = "1"
BLOCK = 8 << 20
_TAB, _NEWLINE = 9, 10

Columns = dict[str, pa.Array]


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such an export."""
    names = head.split(b"\n", 1)[0].split(b"\t")
    return len(names) > 3 and {b"PT", b"AU", b"UT"} <= set(names)


class _Header:
    """The columns of an export, and whether its rows have a spare cell."""

    def __init__(self, line: bytes) -> None:
        self.names = [cell.strip().decode("utf-8", "replace") for cell in line.split(b"\t")]
        self.where = {tag: self.names.index(tag) for tag in TAGS if tag in self.names}
        self.spare: bool | None = None

    def look(self, block: bytes) -> None:
        """Learn from the first row how many cells rows have."""
        first = block.split(b"\n", 1)[0]
        self.spare = first.count(b"\t") == len(self.names) and first.endswith(b"\t")

    @property
    def cells(self) -> int:
        """Cells of a row."""
        return len(self.names) + bool(self.spare)

    def mended(self, line: bytes) -> list[bytes] | None:
        """The cells of a row that differs only by empty cells at its end; None if it differs otherwise."""
        cells = line.split(b"\t")
        while len(cells) > len(self.names) and not cells[-1].strip():
            cells.pop()
        return cells if len(cells) == len(self.names) else None


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    header: _Header | None = None
    row = 0
    for block in line_blocks(stream, BLOCK):
        if header is None:
            first, _, block = block.partition(b"\n")
            header = _Header(first)
        if not block:
            continue
        if header.spare is None:
            header.look(block)
        columns = _cut(block, header)
        if columns is not None:
            count = len(columns["UT"])
            yield from _made(columns, np.arange(row + 1, row + count + 1))
            row += count
        else:
            lines = block.split(b"\n")[:-1]
            yield from _row_by_row(lines, header, row)
            row += len(lines)


def _cut(block: bytes, header: _Header) -> Columns | None:
    """The used columns of a block; None when a row in it has another number of cells."""
    buffer = np.frombuffer(block, np.uint8)
    ends = np.flatnonzero((buffer == _TAB) | (buffer == _NEWLINE))
    rows, rest = divmod(len(ends), header.cells)
    if rest or block.count(b"\n") != rows:
        return None
    grid = ends.reshape(rows, header.cells)
    if (buffer[grid[:, -1]] != _NEWLINE).any():
        return None
    starts = np.concatenate(([-1], ends[:-1])).reshape(rows, header.cells) + 1
    found = {
        tag: texts(buffer, starts[:, at], grid[:, at]).cast(pa.string()) for tag, at in header.where.items()
    }
    return _with_absent(found, rows)


def _with_absent(found: Columns, rows: int) -> Columns:
    empty = pa.array([""] * rows, pa.string())
    return {tag: found.get(tag, empty) for tag in TAGS}


def _row_by_row(lines: list[bytes], header: _Header, before: int) -> Iterator[pa.RecordBatch]:
    """Rows of a block in which some are odd: those that cannot be mended are rejects."""
    whole: list[list[bytes]] = []
    numbers: list[int] = []
    bad: list[tuple[int, str, str | None, str, bytes, bool]] = []
    for number, line in enumerate(lines, before + 1):
        cells = header.mended(line)
        if cells is not None:
            whole.append(cells)
            numbers.append(number)
        elif line.strip():
            bad.append((number, "row", _id_in(line), "columns", line, True))
    if whole:
        found = {
            tag: pa.array([cells[at] for cells in whole], pa.binary()).cast(pa.string())
            for tag, at in header.where.items()
        }
        yield from _made(_with_absent(found, len(whole)), np.array(numbers))
    if bad:
        yield rejects(bad)


def _id_in(line: bytes) -> str | None:
    found = next((cell for cell in line.split(b"\t") if cell.startswith(b"WOS:") and len(cell) < 40), None)
    return found.decode("utf-8", "replace") if found else None


def _made(columns: Columns, numbers: Ints) -> Iterator[pa.RecordBatch]:
    """Articles of the rows that hold anything (a row of empty cells is none)."""
    filled = pc.or_(pc.not_equal(columns["PT"], ""), pc.not_equal(columns["UT"], ""))
    if not pc.all(filled).as_py():
        numbers = numbers[filled.to_numpy(zero_copy_only=False)]
        columns = {tag: column.filter(filled) for tag, column in columns.items()}
    yield from from_columns(columns, np.asarray(numbers, np.int64))
