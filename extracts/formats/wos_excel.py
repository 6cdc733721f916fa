"""Web of Science export as a spreadsheet (`savedrecs.xls`, also as XLSX): the tab-delimited export with long column names.

A cell holds at most 32,767 characters, so long lists of authors or addresses come cut: such a record is a reject
("export it as tagged text"). Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from operator import itemgetter
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.archives import path_of
from extracts.article_batch import text_array
from extracts.formats.wos_fields import TAGS, from_columns
from extracts.records import rejects

VERSION = "1"
CELL_LIMIT = 32_767
_NAMES = {
    "publication type": "PT",
    "authors": "AU",
    "author full names": "AF",
    "group authors": "CA",
    "addresses": "C1",
    "document type": "DT",
    "publication year": "PY",
    "early access date": "EA",
    "web of science index": "WE",
    "wos categories": "WC",
    "issn": "SN",
    "eissn": "EI",
    "ut (unique wos id)": "UT",
    "unique wos id": "UT",
}


def sniff(head: bytes) -> bool:
    """Whether a payload begins as an Office file does; whether it is an export its first row says (see `fits`)."""
    return head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or head[:4] == b"PK\x03\x04"


def _rows_in(source: Any) -> list[list[Any]]:
    """All rows of the first sheet of a path or stream; empty when it is no spreadsheet that can be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_object(source).get_sheet_by_index(0)
        found: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError):
        return []
    return found


def rows_of(raw: bytes) -> list[list[Any]]:
    """All rows of the first sheet; empty when it is no spreadsheet that can be read."""
    return _rows_in(io.BytesIO(raw))


def fits(raw: bytes) -> bool:
    """Whether a spreadsheet's first row is that of a Web of Science export."""
    rows = rows_of(raw)
    return bool(rows) and {"PT", "UT"} <= {_tag(cell) for cell in rows[0]}


def _tag(cell: Any) -> str:
    text = str(cell).strip()
    return _NAMES.get(text.lower(), text if text in TAGS else "")


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value if isinstance(value, str) else str(value)


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    rows = _all_rows(stream)
    if not rows:
        yield rejects([(0, "row", None, "damaged_archive", b"no spreadsheet that can be read", False)])
        return
    tags = [_tag(cell) for cell in rows[0]]
    where = {tag: tags.index(tag) for tag in TAGS if tag in tags}
    if not {"PT", "UT"} <= where.keys():
        yield rejects([(0, "row", None, "columns", b"no export of Web of Science", False)])
        return
    del rows[0]
    yield from _articles(rows, where)


def _all_rows(stream: BinaryIO) -> list[list[Any]]:
    """The rows of a stream; its parser reads a file by itself in half the time that it takes to ask Python for its bytes."""
    path = path_of(stream)
    if path is not None:
        return _rows_in(path)
    with tempfile.NamedTemporaryFile(prefix="stclusters-", suffix=".sheet") as copy:
        while part := stream.read(1 << 24):
            copy.write(part)
        copy.flush()
        return _rows_in(copy.name)


def _column(values: tuple[Any, ...]) -> tuple[pa.Array, list[int]]:
    """A column as text, and the rows in which a cell is as long as a spreadsheet allows."""
    try:
        made = pa.array(values, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid, UnicodeEncodeError):
        values = tuple(map(_text, values))
        made = text_array(list(values))
    full = max(map(len, values), default=0) >= CELL_LIMIT
    return made, [row for row, text in enumerate(values) if len(text) >= CELL_LIMIT] if full else []


def _articles(rows: list[list[Any]], where: dict[str, int]) -> Iterator[pa.RecordBatch]:
    if not rows:
        return
    cells = zip(*map(itemgetter(*where.values()), rows), strict=True)
    columns, cut = {}, set()
    for tag, values in zip(where, cells, strict=True):
        columns[tag], full = _column(values)
        cut |= set(full) if tag in ("AU", "AF", "C1") else set()
    for number in sorted(cut):
        text = "; ".join(columns[tag][number].as_py()[:60] for tag in ("AF", "C1") if tag in columns)
        record_id = columns["UT"][number].as_py() or None
        yield rejects([(number + 1, "row", record_id, "cell_limit", text.encode(), True)])
    keep = pc.or_(pc.not_equal(columns["PT"], ""), pc.not_equal(columns["UT"], "")).to_numpy(
        zero_copy_only=False
    )
    keep[sorted(cut)] = False
    numbers = np.flatnonzero(keep)
    if len(numbers) < len(rows):
        columns = {tag: column.take(pa.array(numbers)) for tag, column in columns.items()}
    blank = pa.array([""] * len(numbers), pa.string())
    yield from from_columns({tag: columns.get(tag, blank) for tag in TAGS}, numbers + 1)
