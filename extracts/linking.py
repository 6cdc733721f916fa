"""Names and addresses of many articles at once: `[Name, A.; Name, B.] Address` lines joined with the authors' names.

Array arithmetic on the bytes as they lie in the file; the tagged, the tab-delimited and the spreadsheet reader share
it. Names in brackets equal a full name exactly; those that equal none (group authors) follow after the authors.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from extracts.segments import CLOSE, OPEN, SEMICOLON, STOP, Pieces, positions, split, strings, strip, texts
from extracts.tables import Ints


def _lists(counts: Ints, values: pa.Array) -> pa.ListArray:
    offsets = np.zeros(len(counts) + 1, np.int32)
    np.cumsum(counts, out=offsets[1:])
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def _brackets(items: Pieces) -> tuple[Ints, Ints]:
    """For each item the position of the `]` that closes the bracket it begins with, else −1; and the address's start."""
    closed = np.append(positions(items.buffer == CLOSE), np.iinfo(np.int64).max)
    close = closed[np.searchsorted(closed, items.start)]
    has = (items.buffer[items.start] == OPEN) & (close < items.end)
    close = np.where(has, close, -1)
    return close, np.where(has, close + 1, items.start)


def _addresses(items: Pieces, start: Ints) -> pa.Array:
    """Texts of the addresses without the bracket and one final full stop."""
    start, end = strip(items.buffer, start, items.end)
    last = np.where(end > start, end - 1, 0)
    end = end - ((end > start) & (items.buffer[last] == STOP))
    return strings(texts(items.buffer, start, end))


def _positions(record: Ints, rows: int) -> Ints:
    """Position of each value within its record."""
    counts = np.bincount(record, minlength=rows)
    return np.arange(len(record)) - (np.cumsum(counts) - counts)[record]


class _Names:
    """Authors and names in brackets, as numbers that are equal for equal names of one record."""

    def __init__(self, authors: Pieces, linked: Pieces, rows: int) -> None:
        self.rows = rows
        both = pa.chunked_array([authors.texts(), linked.texts()]).combine_chunks().dictionary_encode()
        code = both.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        record = np.concatenate((authors.record, linked.record))
        self.key = record * max(len(both.dictionary), 1) + code
        self.names = both.dictionary
        self.code, self.count = code, len(authors)
        self.record = record
        self.place = _positions(authors.record, rows)
        self.authors = np.bincount(authors.record, minlength=rows)

    def resolve(self) -> tuple[Ints, Ints, Ints]:
        """Position of each name in brackets among its record's names, and (first use of) names that no author has."""
        mine, others = self.key[: self.count], self.key[self.count :]
        order = np.argsort(mine, kind="stable")
        ordered = mine[order]
        self.first = order[np.searchsorted(ordered, mine)] if self.count else order
        if not self.count:
            place, known = np.zeros(len(others), np.int64), np.zeros(len(others), bool)
        else:
            at = np.minimum(np.searchsorted(ordered, others), self.count - 1)
            known = ordered[at] == others
            place = self.place[order[at]]
        strange = np.flatnonzero(~known)
        _, first, inverse = np.unique(others[strange], return_index=True, return_inverse=True)
        rank = np.argsort(np.argsort(first))  # in the order of their first use
        new = strange[np.sort(first)]
        new_record = self.record[self.count + new]
        place[strange] = (self.authors[new_record] + _positions(new_record, self.rows))[rank[inverse]]
        return place, new, new_record

    def lists(self, new: Ints, new_record: Ints) -> pa.ListArray:
        """All names of each record: authors, then the others."""
        record = np.concatenate((self.record[: self.count], new_record))
        code = np.concatenate((self.code[: self.count], self.code[self.count + new]))
        order = np.argsort(record, kind="stable")
        return _lists(
            np.bincount(record, minlength=self.rows), strings(self.names.take(pa.array(code[order])))
        )

    def repeated(self) -> pa.ListArray:
        """Pairs (position of a repeated author, position of its first) of each record."""
        twin = np.flatnonzero(self.first != np.arange(self.count))
        pairs = np.stack((self.place[twin], self.place[self.first[twin]]), axis=1).ravel().astype(np.int32)
        return _lists(2 * np.bincount(self.record[twin], minlength=self.rows), pa.array(pairs))


def linked(authors: Pieces, items: Pieces, rows: int) -> dict[str, Any]:
    """The columns `authors`, `names`, `repeated`, `addresses`, `bracketed`, `link_address`, `link_name` of `rows` articles.

    Parameters
    ----------
    authors : Pieces
        One piece per author, stripped and not empty, by record.
    items : Pieces
        One piece per address with the names before it, stripped and not empty, by record.
    """
    close, start = _brackets(items)
    has = close >= 0
    inner = Pieces(items.buffer, items.start[has] + 1, close[has], np.flatnonzero(has))
    parts, _ = split(inner, positions(items.buffer == SEMICOLON))
    parts = parts.stripped()
    names = Pieces(parts.buffer, parts.start, parts.end, items.record[parts.record])
    found = _Names(authors, names, rows)
    place, new, new_record = found.resolve()
    links = np.bincount(names.record, minlength=rows)
    addresses = np.bincount(items.record, minlength=rows)
    of = _positions(items.record, rows)[parts.record]
    return {
        "authors": pa.array(found.authors.astype(np.int32)),
        "names": found.lists(new, new_record),
        "repeated": found.repeated(),
        "addresses": _lists(addresses, _addresses(items, start)),
        "bracketed": _lists(addresses, pa.array(has)),
        "link_address": _lists(links, pa.array(of.astype(np.int32))),
        "link_name": _lists(links, pa.array(place.astype(np.int32))),
    }
