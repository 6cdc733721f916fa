"""Plain CSV tables by the fast way: Polars reads the file itself, and keeps only the rows that are needed.

For files in UTF-8 that are not packed. Whatever is not exactly as its header says (a row with other cells, a number
that is none, a quotation mark in the wrong place) is Unusual, and csv_tables.py judges row by row.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ROWS = 1 << 17  # in a batch
NEEDED_ROWS = (
    1 << 12
)  # in a batch of rows that were picked: each keeps what was read around it until the batch is full
LARGE = 1 << 20  # bytes; below it starting Polars costs more than it saves
_LAST = "#last"


class Unusual(Exception):
    """The file holds something that the careful reader must judge."""


def is_plain(file: Path, head: bytes) -> bool:
    """Whether a file can be read by the fast way, as far as its first bytes say."""
    return file.stat().st_size >= LARGE and _is_text(head)


def _is_text(head: bytes) -> bool:
    lines = head.count(b"\n")
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or head[1:2] == b"\0"
    return lines > 1 and not utf16 and b"\0" not in head and head.count(b"\r") in (0, head.count(b"\r\n"))


def batches(
    file: Path,
    columns: list[str],
    separator: str,
    wanted: tuple[str, ...],
    numbers: frozenset[str],
    needed: tuple[str, Any] | None,
) -> Iterator[pa.RecordBatch]:
    """The rows with `row` (1 for the first after the header) and the wanted columns, texts and whole numbers.

    Parameters
    ----------
    columns : list of str
        The header.
    numbers : frozenset of str
        Columns that hold whole numbers; a cell that is none makes the file unusual.
    needed : (str, array of int64) or None
        A column of numbers and its values in the rows that are needed; others are left out.

    Raises
    ------
    Unusual
        The file is not exactly as its header says; also after some batches.
    """
    import polars as pl

    if len(set(columns)) < len(columns):
        raise Unusual
    used = [name for name in wanted if name in columns]
    scan = pl.scan_csv(
        file,
        separator=separator,
        schema={name: pl.Int64 if name in numbers else pl.String for name in columns},
        row_index_name="row",
        row_index_offset=1,
    ).select("row", *used, pl.col(columns[-1]).alias(_LAST))
    if needed is not None:
        name, values = needed
        # a row whose last cell is missing may be one with too few cells
        odd = pl.col(_LAST).is_null() | pl.col(name).is_null()
        scan = scan.filter(pl.col(name).is_in(pl.Series(values).implode()) | odd)
    size = ROWS if needed is None else NEEDED_ROWS
    whole = [_LAST, *(name for name in used if name in numbers)]
    try:
        for part in scan.collect_batches(chunk_size=size, maintain_order=True, engine="streaming"):
            if any(part[name].null_count() for name in whole):
                raise Unusual
            yield from part.drop(_LAST).to_arrow().to_batches()
    except pl.exceptions.PolarsError:
        raise Unusual from None


def check_texts(batch: pa.RecordBatch) -> None:
    """Raise Unusual where a text holds what only the careful reader tells apart: the bare word null, or a CR."""
    for column in batch.columns:
        if pa.types.is_integer(column.type) or pa.types.is_null(column.type):
            continue
        if pc.any(pc.equal(column, "null")).as_py() or pc.any(pc.match_substring(column, "\r")).as_py():
            raise Unusual
