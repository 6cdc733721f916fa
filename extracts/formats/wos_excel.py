"""Web of Science export as a spreadsheet (`savedrecs.xls`, also as XLSX): the tab-delimited export with long column names.

A cell holds at most 32,767 characters, so long lists of authors or addresses come cut: such a record is a reject
("export it as tagged text"). Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

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


def rows_of(raw: bytes) -> list[list[Any]]:
    """All rows of the first sheet; empty when it is no spreadsheet that can be read."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        found: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    except (CalamineError, ValueError, IndexError, OSError):
        return []
    return found


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
    parts = []
    while part := stream.read(1 << 24):
        parts.append(part)
    rows = rows_of(b"".join(parts))
    if not rows:
        yield rejects([(0, "row", None, "damaged_archive", b"no spreadsheet that can be read", False)])
        return
    tags = [_tag(cell) for cell in rows[0]]
    where = {tag: tags.index(tag) for tag in TAGS if tag in tags}
    del rows[0]
    yield from _articles(rows, where)


def _articles(rows: list[list[Any]], where: dict[str, int]) -> Iterator[pa.RecordBatch]:
    numbers = np.arange(1, len(rows) + 1)
    columns = {tag: [_text(row[at]) for row in rows] for tag, at in where.items()}
    keep = np.ones(len(rows), bool)
    cut: list[int] = []
    for tag in ("AU", "AF", "C1"):
        cut += [number for number, text in enumerate(columns.get(tag, ())) if len(text) >= CELL_LIMIT]
    for number in sorted(set(cut)):
        text = "; ".join(columns[tag][number][:60] for tag in ("AF", "C1") if tag in columns)
        yield rejects([(number + 1, "row", columns["UT"][number] or None, "cell_limit", text.encode(), True)])
        keep[number] = False
    empty = [not pt and not ut for pt, ut in zip(columns["PT"], columns["UT"], strict=True)]
    keep &= ~np.array(empty, bool)
    mask = pa.array(keep)
    blank = [""] * len(rows)
    arrays = {tag: text_array(columns.get(tag, blank)).filter(mask) for tag in TAGS}
    yield from from_columns(arrays, numbers[keep])
