"""The canonical table as Parquet: the columns of formats/canonical.py, of any type that can be written as text, and lists of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from extracts.detect import Payload
from extracts.formats.canonical import COLUMNS, articles_of, load

VERSION = "2"


def sniff(head: bytes) -> bool:
    """Whether a payload begins as a Parquet file does; whether it is a canonical table its columns say (see `fits`)."""
    return head[:4] == b"PAR1"


def fits(raw: bytes) -> bool:
    """Whether a Parquet file has the columns that a canonical table needs."""
    import pyarrow.parquet as pq

    try:
        names = {name.lower() for name in pq.read_schema(io.BytesIO(raw)).names}
    except (pa.ArrowInvalid, OSError):
        return False
    return "document_id" in names and bool({"publication_year", "publication_date"} & names)


def table_of(stream: BinaryIO) -> tuple[pa.Table, list[tuple[int, str]]]:
    """All rows as text columns, with `row`."""
    import pyarrow.parquet as pq

    parts = []
    while part := stream.read(1 << 24):
        parts.append(part)
    try:
        table = pq.read_table(io.BytesIO(b"".join(parts)))
    except (pa.ArrowInvalid, OSError) as fault:
        return pa.table({"document_id": pa.array([], pa.string()), "row": pa.array([], pa.int64())}), [
            (0, f"the file is damaged: {fault}")
        ]
    table = table.rename_columns([name.lower() for name in table.column_names])
    columns, bad = {}, []
    for name in COLUMNS:
        if name in table.column_names:
            try:
                columns[name] = _as_text(table[name])
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                bad = [(0, f"the column '{name}' cannot be written as text: {table[name].type}")]
    columns["row"] = pa.array(range(1, table.num_rows + 1), pa.int64())
    made = pa.table(columns)
    return (made.slice(0, 0), bad) if bad else (made, [])


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text; the values of a list with `;` between them."""
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = pc.binary_join(column.cast(pa.list_(pa.string())), ";")
    return column.cast(pa.string())


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    yield from articles_of(*table_of(stream))


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """The tables of applications.py filled from these files; see formats/patstat.py for what is returned."""
    return load(payloads, connection, table_of)
