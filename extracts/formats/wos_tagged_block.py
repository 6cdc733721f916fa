"""A block of tagged records as arrays: newlines, the two letters after each, and only the wanted values touched again.

Abstracts and references, most of a full export, cost one search for newlines. A block that holds anything unusual is
refused (None) and read by the careful reader; so there is one set of rules and two speeds.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from extracts.article_batch import article_batch
from extracts.formats.wos_fields import first_present, reference_like
from extracts.linking import linked
from extracts.segments import Bytes, Count, Pieces, positions, strings, strip, texts
from extracts.tables import Ints

WANTED = frozenset(
    (b"PT", b"AU", b"AF", b"CA", b"C1", b"DT", b"PY", b"EA", b"WE", b"WC", b"SN", b"EI", b"UT")
)
#: columns that are one text, wrapped over lines in the file
_TEXT = {
    "record_id": b"UT",
    "doc_type": b"DT",
    "issue_year": b"PY",
    "early_access": b"EA",
    "indexes": b"WE",
    "categories": b"WC",
    "SN": b"SN",
    "EI": b"EI",
}
_TAGS = sorted(WANTED)
_ER = len(_TAGS) + 1
_NEWLINE, _SPACE = 10, 32


def _kinds() -> npt.NDArray[np.int8]:
    table = np.zeros(65536, np.int8)
    for number, tag in enumerate((*_TAGS, b"ER"), 1):
        table[tag[0] << 8 | tag[1]] = number
    return table


_KIND = _kinds()
_NUMBER = {tag: number for number, tag in enumerate(_TAGS, 1)}


class _Unusual(Exception):
    """The block holds something that the careful reader must judge."""


class Blocks:
    """Reads block after block with the same two masks, since new memory for each costs more than the search."""

    def __init__(self) -> None:
        self._masks = np.empty((2, 0), bool)

    def articles(self, buffer: Bytes, line: int) -> tuple[pa.RecordBatch | None, int]:
        """The articles of whole lines of which the last is `ER`, or None when a record is unusual; the number of lines.

        Parameters
        ----------
        buffer : array of uint8
            UTF-8 with LF ends.
        line : int
            Number of the first line.
        """
        if self._masks.shape[1] < len(buffer):
            self._masks = np.empty((2, len(buffer) + len(buffer) // 4), bool)
        newline, fresh = self._masks[:, : len(buffer)]
        np.equal(buffer, _NEWLINE, out=newline)
        count = Count(newline)
        np.not_equal(buffer[1:], _SPACE, out=fresh[:-1])
        fresh[-1] = True
        np.logical_and(newline, fresh, out=fresh)
        try:
            fields = _Fields(buffer, positions(fresh))
            batch = _batch(fields, line + count.before(fields.start[fields.pt]))
        except _Unusual:
            return None, count.all
        return batch, count.all


class _Fields:
    """The fields of a block: where each starts, ends before the next, and which record it belongs to."""

    def __init__(self, buffer: Bytes, newline: Ints) -> None:
        start = newline[:-1] + 1
        if buffer[0] != _NEWLINE:
            start = np.concatenate(([0], start))
        self.buffer, self.start = buffer, start
        self.end = np.append(start[1:], len(buffer)) - 1
        # fields shorter than two bytes would read beyond themselves, which only finds no tag
        tag = buffer[start].astype(np.uint16) << 8
        tag |= buffer[start + 1]
        self.kind = _KIND[tag]
        self.er, self.pt = np.flatnonzero(self.kind == _ER), np.flatnonzero(self.kind == _NUMBER[b"PT"])
        self.rows = len(self.er)
        self._check_ends()
        self.wanted = np.flatnonzero((self.kind > 0) & (self.kind < _ER))
        self.record = np.searchsorted(self.er, self.wanted)
        self.kind = self.kind[self.wanted]
        self._check_fields()

    def _check_ends(self) -> None:
        er, pt = self.er, self.pt
        if self.rows == 0 or len(pt) != self.rows or self.buffer[0] == _SPACE:
            raise _Unusual
        if not ((pt < er).all() and (er[:-1] < pt[1:]).all()):
            raise _Unusual
        if (self.end[er] - self.start[er] != 2).any():
            raise _Unusual

    def _check_fields(self) -> None:
        if (self.wanted < self.pt[self.record]).any():
            raise _Unusual
        after = self.buffer[self.start[self.wanted] + 2]
        if not ((after == _SPACE) | (after == _NEWLINE)).all():
            raise _Unusual
        if np.bincount(self.record * 16 + self.kind).max(initial=0) > 1:
            raise _Unusual

    def of_tag(self, tag: bytes) -> tuple[Ints, Ints]:
        """Which fields have the tag, and the records they belong to."""
        mine = np.flatnonzero(self.kind == _NUMBER[tag])
        return self.wanted[mine], self.record[mine]

    def items(self, tag: bytes) -> Pieces:
        """All lines of a field, one piece each, in a buffer that holds nothing else."""
        mine, record = self.of_tag(tag)
        if not len(mine):
            return Pieces(self.buffer[:0], mine, mine, mine)
        whole = texts(self.buffer, self.start[mine], self.end[mine] + 1)
        _, offsets, content = whole.buffers()
        first = np.frombuffer(offsets, np.int32, len(mine) + 1).astype(np.int64)
        buffer = np.frombuffer(content, np.uint8, first[-1])
        end = positions(buffer == _NEWLINE)
        lines = np.searchsorted(end, first[1:])  # of all fields up to each
        start = np.concatenate(([0], end[:-1] + 1))
        heads = np.concatenate(([0], lines[:-1]))
        continued = np.ones(len(start), bool)
        continued[heads] = False
        _check_blanks(buffer, start[continued])
        start[continued] += 3
        start[heads] += 2
        lengths = np.diff(np.append(heads, len(start)))
        return Pieces(buffer, start, end, np.repeat(record, lengths)).stripped()

    def texts(self) -> dict[str, pa.Array]:
        """The fields that are one text, of every record, their lines joined by a blank; empty where there is none."""
        start = np.zeros(len(_TEXT) * self.rows, np.int64)
        end = start.copy()
        for number, tag in enumerate(_TEXT.values()):
            mine, record = self.of_tag(tag)
            start[number * self.rows + record] = self.start[mine] + 2
            end[number * self.rows + record] = self.end[mine]
        start, end = strip(self.buffer, start, end)
        found = strings(texts(self.buffer, start, end))
        content = found.buffers()[2]
        columns = {name: found[n * self.rows : (n + 1) * self.rows] for n, name in enumerate(_TEXT)}
        if content is None or b"\n" not in memoryview(content).tobytes():
            return columns
        for name, column in columns.items():
            joined = columns[name] = pc.replace_substring(column, "\n   ", " ")
            if pc.any(pc.match_substring(joined, "\n")).as_py():
                raise _Unusual
        return columns


def _check_blanks(buffer: Bytes, start: Ints) -> None:
    """Lines that go on begin with three blanks; one that begins with fewer is no part of the field."""
    if len(start) and start[-1] + 2 >= len(buffer):
        raise _Unusual
    if not all((buffer[start + at] == _SPACE).all() for at in range(3)):
        raise _Unusual


def _batch(fields: _Fields, positions_of: Ints) -> pa.RecordBatch | None:
    rows = fields.rows
    items = fields.items(b"C1")
    if len(reference_like(items, rows)):
        return None
    columns: dict[str, Any] = dict(fields.texts())
    if pc.any(pc.equal(columns["record_id"], "")).as_py():
        return None
    serials = pc.binary_join_element_wise(columns.pop("SN"), columns.pop("EI"), " ")
    columns["issns"] = pc.ascii_trim_whitespace(serials)
    authors = first_present((fields.items(tag) for tag in (b"AF", b"AU", b"CA")), rows)
    columns |= linked(authors, items, rows)
    columns["position"] = pa.array(positions_of)
    return article_batch(columns, rows)
