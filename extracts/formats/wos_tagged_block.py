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
from extracts.segments import Pieces, strip, texts
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
_ER, _CONTINUED = len(_TAGS) + 1, len(_TAGS) + 2
_NEWLINE, _SPACE = 10, 32


def _pair(tag: bytes) -> int:
    return tag[0] << 8 | tag[1]


def _kinds() -> npt.NDArray[np.int8]:
    table = np.zeros(65536, np.int8)
    for number, tag in enumerate(_TAGS, 1):
        table[_pair(tag)] = number
    table[_pair(b"ER")] = _ER
    table[_pair(b"  ")] = _CONTINUED
    return table


_KIND = _kinds()
_NUMBER = {tag: number for number, tag in enumerate(_TAGS, 1)}


class _Unusual(Exception):
    """The block holds something that the careful reader must judge."""


class _Lines:
    """The lines of a block that carry wanted fields."""

    def __init__(self, text: bytes, size: int) -> None:
        buffer = np.frombuffer(text, np.uint8, size)
        ends = np.flatnonzero(buffer == _NEWLINE)
        starts = np.empty_like(ends)
        starts[0], starts[1:] = 0, ends[:-1] + 1
        if text[0] == _NEWLINE:  # the newline that ended the block before
            starts, ends = starts[1:], ends[1:]
        # lines shorter than two bytes would read beyond themselves, which only finds no tag
        first = buffer[np.minimum(starts, len(buffer) - 1)].astype(np.uint16)
        second = buffer[np.minimum(starts + 1, len(buffer) - 1)]
        kind = _KIND[(first << 8) | second]
        third = np.minimum(starts + 2, len(buffer) - 1)
        kind[(kind == _CONTINUED) & (buffer[third] != _SPACE)] = 0
        self.buffer, self.starts, self.ends = buffer, starts, ends
        fresh = kind != _CONTINUED
        head = np.flatnonzero(fresh)
        run = np.cumsum(fresh) - 1
        self.of = head[run] if fresh[0] else None
        self.last = (
            np.append(head[1:], len(kind))[run] - 1
        )  # the last line of the field that a line belongs to
        self.kind, self.fresh = kind, fresh
        self._records(third)

    def _records(self, third: Ints) -> None:
        kind = self.kind
        if self.of is None:
            raise _Unusual
        self.er, self.pt = np.flatnonzero(kind == _ER), np.flatnonzero(kind == _NUMBER[b"PT"])
        rows = len(self.er)
        if rows == 0 or len(self.pt) != rows:
            raise _Unusual
        if not ((self.pt < self.er).all() and (self.er[:-1] < self.pt[1:]).all()):
            raise _Unusual
        if (self.ends[self.er] - self.starts[self.er] != 2).any():
            raise _Unusual
        self.rows = rows
        self.wanted = np.flatnonzero((kind > 0) & (kind < _ER))
        record = np.searchsorted(self.er, self.wanted)
        if (self.wanted < self.pt[record]).any():
            raise _Unusual
        after = self.buffer[third[self.wanted]]
        if not ((after == _SPACE) | (self.ends[self.wanted] == self.starts[self.wanted] + 2)).all():
            raise _Unusual
        if np.bincount(record * 16 + kind[self.wanted]).max(initial=0) > 1:
            raise _Unusual
        self.record = record

    def of_tag(self, tag: bytes) -> tuple[Ints, Ints]:
        """Lines that begin the field, and the records they belong to."""
        mine = self.kind[self.wanted] == _NUMBER[tag]
        return self.wanted[mine], self.record[mine]

    def items(self, tag: bytes) -> Pieces:
        """All lines of a field, one piece each."""
        first, record = self.of_tag(tag)
        assert self.of is not None
        mine = self._lines_of(first)
        which = np.searchsorted(first, self.of[mine])
        start = self.starts[mine] + np.where(self.fresh[mine], 2, 3)
        return Pieces(
            self.buffer, np.minimum(start, self.ends[mine]), self.ends[mine], record[which]
        ).stripped()

    def _lines_of(self, first: Ints) -> Ints:
        marked = np.zeros(len(self.kind), bool)
        marked[first] = True
        return np.flatnonzero(marked[self.of])

    def text(self, tag: bytes) -> pa.Array:
        """The field of every record as one text, its lines joined by a blank; empty where there is none."""
        first, record = self.of_tag(tag)
        start = self.starts[self.er].copy()
        end = start.copy()
        last = self.last[first]
        start[record] = np.minimum(self.starts[first] + 3, self.ends[first])
        end[record] = self.ends[last]
        start, end = strip(self.buffer, start, end)
        found = texts(self.buffer, start, end).cast(pa.string())
        return pc.replace_substring(found, "\n   ", " ") if (last > first).any() else found


def block_of_records(text: bytes, size: int, line: int) -> tuple[pa.RecordBatch | None, int]:
    """The articles of a block that ends with ER, or None when a record in it is unusual; and the number of its lines.

    Parameters
    ----------
    text : bytes
        Its first `size` bytes are whole lines that end in LF, the last of them `ER`.
    line : int
        Number of the first line.
    """
    try:
        lines = _Lines(text, size)
    except _Unusual:
        return None, 0
    skipped = 1 if text[:1] == b"\n" else 0
    return _batch(lines, line + skipped), len(lines.ends) + skipped


def _batch(lines: _Lines, line: int) -> pa.RecordBatch | None:
    rows = lines.rows
    items = lines.items(b"C1").compact()
    if len(reference_like(items, rows)):
        return None
    columns: dict[str, Any] = {name: lines.text(tag) for name, tag in _TEXT.items()}
    if pc.any(pc.equal(columns["record_id"], "")).as_py():
        return None
    serials = pc.binary_join_element_wise(columns.pop("SN"), columns.pop("EI"), " ")
    columns["issns"] = pc.ascii_trim_whitespace(serials)
    authors = first_present([lines.items(tag) for tag in (b"AF", b"AU", b"CA")], rows)
    columns |= linked(authors, items, rows)
    columns["position"] = pa.array(lines.pt + line)
    return article_batch(columns, rows)
