"""What the exports of Web of Science as tables have in common: columns by tag become articles; and what tells references."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.article_batch import article_batch
from extracts.linking import linked
from extracts.records import rejects
from extracts.segments import SEMICOLON, STOP, Pieces, cells, outside_brackets, positions, split, within
from extracts.tables import Ints

#: columns that are used, by the tag of the tagged form
TAGS = ("PT", "AU", "AF", "CA", "C1", "DT", "PY", "EA", "WE", "WC", "SN", "EI", "UT")
_TEXT = {
    "record_id": "UT",
    "doc_type": "DT",
    "issue_year": "PY",
    "early_access": "EA",
    "indexes": "WE",
    "categories": "WC",
}
_COMMA, _BLANK = 44, 32
_REFERENCE = re.compile(rb", (?:1[5-9]|20)\d\d, ")


def looks_like_references(items: list[bytes]) -> bool:
    """More than half of the lines of an address field have `, YYYY, ` and no final full stop."""
    open_ended = [item for item in items if not item.endswith(b".")]
    if 2 * len(open_ended) <= len(items):
        return False
    return 2 * sum(_REFERENCE.search(item) is not None for item in open_ended) > len(items)


def reference_like(items: Pieces, rows: int) -> Ints:
    """Records whose addresses look like cited references (as `looks_like_references`), by arithmetic on bytes."""
    if not len(items):
        return np.zeros(0, np.int64)
    buffer = items.buffer
    all_lines = np.bincount(items.record, minlength=rows)
    open_ended = buffer[items.end - 1] != STOP
    odd = 2 * np.bincount(items.record[open_ended], minlength=rows) > all_lines
    if not odd.any():
        return np.zeros(0, np.int64)
    if len(buffer) < 8:
        return np.zeros(0, np.int64)
    comma = positions((buffer[:-7] == _COMMA) & (buffer[6:-1] == _COMMA))
    comma = comma[(buffer[comma + 1] == _BLANK) & (buffer[comma + 7] == _BLANK)]
    digits = np.stack([buffer[comma + at] for at in range(2, 6)]).astype(np.int64) - 48
    year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]
    comma = comma[((digits >= 0) & (digits <= 9)).all(axis=0) & (year >= 1500) & (year < 2100)]
    at, piece = within(comma, items.start, items.end)
    dated = np.zeros(len(items), bool)
    dated[piece[at + 7 < items.end[piece]]] = True
    many = 2 * np.bincount(items.record[dated & open_ended], minlength=rows) > all_lines
    return np.flatnonzero(odd & many)


def first_present(fields: Iterable[Pieces], rows: int) -> Pieces:
    """For each record the pieces of the first of `fields` that has any in it; later ones are not asked for in vain."""
    done = np.zeros(rows, bool)
    chosen: list[Pieces] = []
    for pieces in fields:
        mine = pieces.only(~done[pieces.record]) if chosen else pieces
        if len(mine) or not chosen:
            chosen.append(mine)
            done[mine.record] = True
        if done.all():
            break
    if len(chosen) < 2:
        return chosen[0]
    texts = pa.concat_arrays([pieces.texts() for pieces in chosen])
    record = np.concatenate([pieces.record for pieces in chosen])
    order = np.argsort(record, kind="stable")
    made = cells(texts.take(pa.array(order)))
    return Pieces(made.buffer, made.start, made.end, record[order])


def _items(column: pa.Array) -> Pieces:
    pieces = cells(column)
    return split(pieces, positions(pieces.buffer == SEMICOLON))[0].stripped()


def _ids(columns: Mapping[str, pa.Array]) -> pa.Array:
    """UT, or an id made of the whole record where there is none."""
    ids = pc.ascii_trim_whitespace(columns["UT"])
    bare = np.flatnonzero(pc.equal(ids, "").to_numpy(zero_copy_only=False))
    if not len(bare):
        return ids
    made = ids.to_pylist()
    for row in bare.tolist():
        content = "\t".join(columns[tag][row].as_py() for tag in TAGS).encode()
        made[row] = "wos-made:" + hashlib.blake2b(content, digest_size=8).hexdigest()
    return pa.array(made, pa.string())


def from_columns(columns: Mapping[str, pa.Array], position: Ints) -> Iterator[pa.RecordBatch]:
    """Articles (and addresses set aside) of rows whose columns are named by tag, each a text without nulls.

    Names stand between semicolons, addresses too; but a semicolon in `[…]` divides the names of one address.
    """
    rows = len(position)
    if not rows:
        return
    cut = cells(columns["C1"])
    items = split(cut, outside_brackets(cut))[0].stripped()
    odd = reference_like(items, rows).tolist()
    ids = _ids(columns)
    if odd:
        yield rejects(
            [
                (int(position[row]), "row", ids[row].as_py(), "addresses_are_references",
                 columns["C1"][row].as_py().encode(), False)
                for row in odd
            ]
        )  # fmt: skip
        items = items.only(~np.isin(items.record, odd))
    made = {name: pc.ascii_trim_whitespace(columns[tag]) for name, tag in _TEXT.items()}
    made["record_id"] = ids
    made["issns"] = pc.ascii_trim_whitespace(pc.binary_join_element_wise(columns["SN"], columns["EI"], " "))
    authors = first_present((_items(columns[tag]) for tag in ("AF", "AU", "CA")), rows)
    made |= linked(authors, items, rows)
    made["position"] = pa.array(position)
    yield article_batch(made, rows)
