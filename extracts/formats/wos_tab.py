"""Web of Science tab-delimited export: a header of tags, one article a row.

Read by column name, since the order differs. Exports from before about 2022 end each row with a tab that the header
lacks. A quotation mark is a letter here. UTF-8 with and without byte order mark, UTF-16, CRLF, LF, and CR alone occur.
A block in which every row has as many cells as the first is cut by arithmetic; in others each row is judged by itself.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from extracts.formats.wos_fields import TAGS, from_columns
from extracts.records import rejects
from extracts.segments import Bytes, strings, texts
from extracts.tables import Ints
from extracts.text import Text

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
    text = Text(stream, BLOCK)
    header: _Header | None = None
    row, more = 0, True
    mask = np.empty(0, bool)
    while more:
        more = text.fill()
        if not more and text.size and not text.ends_with(b"\n"):
            text.append(b"\n")
        if header is None and (cut := text.first(b"\n")):
            header = _Header(text.content(cut - 1))
            text.drop(cut)
        cut = text.end_of(b"\n")
        if header is None or not cut:
            continue
        if header.spare is None:
            header.look(text.content(text.first(b"\n")))
        if len(mask) < cut:
            mask = np.empty(2 * cut, bool)
        grid = _grid(text.array[:cut], mask[:cut], header)
        if grid is not None:
            yield from from_columns(grid, row + 1 + grid.rows)
            row += grid.count
        else:
            lines = text.content(cut).split(b"\n")[:-1]
            yield from _row_by_row(lines, header, row)
            row += len(lines)
        text.drop(cut)


class _Grid(Mapping[str, pa.Array]):
    """The rows of a block that hold anything, each column made when it is asked for."""

    def __init__(self, buffer: Bytes, start: Ints, end: Ints, where: dict[str, int]) -> None:
        self._buffer, self._where = buffer, where
        self.count = len(end)
        named = [where[tag] for tag in ("PT", "UT") if tag in where]
        self.rows = np.flatnonzero((end[:, named] > start[:, named]).any(axis=1))
        whole = len(self.rows) == self.count
        self._start, self._end = (start, end) if whole else (start[self.rows], end[self.rows])

    def __getitem__(self, tag: str) -> pa.Array:
        at = self._where.get(tag)
        if at is None:
            return pa.array([""] * len(self.rows), pa.string())
        return strings(texts(self._buffer, self._start[:, at], self._end[:, at]))

    def __iter__(self) -> Iterator[str]:
        return iter(TAGS)

    def __len__(self) -> int:
        return len(TAGS)


def _grid(buffer: Bytes, mask: npt.NDArray[np.bool_], header: _Header) -> _Grid | None:
    """The cells of a block of whole rows; None when a row in it has another number of cells."""
    ends = np.flatnonzero(np.less(buffer, _NEWLINE + 1, out=mask))
    sign = buffer[ends]
    if (sign < _TAB).any():  # letters, though nobody can see them
        ends = ends[sign >= _TAB]
        sign = buffer[ends]
    rows, rest = divmod(len(ends), header.cells)
    if rest or (sign.reshape(rows, header.cells)[:, -1] != _NEWLINE).any():
        return None
    if np.count_nonzero(sign == _NEWLINE) != rows:
        return None
    start = np.concatenate(([0], ends[:-1] + 1)).reshape(rows, header.cells)
    return _Grid(buffer, start, ends.reshape(rows, header.cells), header.where)


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
