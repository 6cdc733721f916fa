"""Tables of a delivery as CSV, loaded into DuckDB by column name: what PATSTAT and REGPAT have in common.

The header decides where columns stand: any order, any case, quoted or not, comma, semicolon, tab or bar. Everything
is loaded as text and cast afterwards, so that no identifier passes through a float. An unquoted empty cell or `null`
is missing; `NA` is Namibia. Rows with too many or too few cells are rejects.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, cast

import numpy as np
import pyarrow as pa

from extracts.detect import Payload, opened, whole_of
from extracts.encoding import Utf8Stream, utf8_blocks, utf8_head
from extracts.records import REJECTS, rejects

BLOCK = 4 << 20
_SEPARATORS = ",;\t|"

Columns = Mapping[str, tuple[str, ...]]


def header_of(head: bytes) -> tuple[list[str], str]:
    """Column names in lower case and the separator of a CSV file, by its first line."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r")
    outside = "".join(line.split('"')[::2])
    separator = max(_SEPARATORS, key=outside.count)
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = []
    return [cell.strip().lower() for cell in cells], separator


def table_schema(names: tuple[str, ...]) -> pa.Schema:
    """Text columns after the number of the file and of the row."""
    texts = [pa.field(name, pa.string()) for name in names]
    return pa.schema([pa.field("file_no", pa.int32()), pa.field("row", pa.int64()), *texts])


def make_tables(connection: Any, columns: Columns) -> None:
    """Empty tables of these names."""
    for table, names in columns.items():
        connection.register("incoming", table_schema(names).empty_table())
        connection.execute(f"create table {table} as select * from incoming")
        connection.unregister("incoming")


class _Table:
    """One payload as batches of text columns with row numbers, and what of it could not be read."""

    def __init__(
        self, payload: Payload, file_no: int, columns: Columns, table_of: Callable[[list[str]], str | None]
    ) -> None:
        self.payload, self.file_no = payload, file_no
        with opened(payload) as stream:
            head = utf8_head(whole_of(payload, stream).read(1 << 16))
        self.columns, self.separator = header_of(head)
        self.table = table_of(self.columns) or ""
        self.wanted = columns.get(self.table, ())
        self.bad: list[tuple[int, str]] = []
        self.damage = ""
        self.rows = 0

    def _invalid(self, row: Any) -> str:
        self.bad.append((int(row.number) - 1, str(row.text)))
        return "skip"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches in the table's schema."""
        with opened(self.payload) as stream:
            whole = whole_of(self.payload, stream)
            try:
                yield from self._parsed(Utf8Stream(utf8_blocks(cast(BinaryIO, whole))))
            except pa.ArrowInvalid as fault:
                self.damage = str(fault)
            self.damage = whole.damage or self.damage

    def _parsed(self, text: Utf8Stream) -> Iterator[pa.RecordBatch]:
        import pyarrow.csv as pacsv

        names = [f"{name}#{n}" if name in self.columns[:n] else name for n, name in enumerate(self.columns)]
        used = [name for name in self.wanted if name in names]
        reader = pacsv.open_csv(
            text,
            read_options=pacsv.ReadOptions(
                use_threads=False, block_size=BLOCK, column_names=names, skip_rows=1
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=self.separator, newlines_in_values=True, invalid_row_handler=self._invalid
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=used,
                column_types=dict.fromkeys(used, pa.string()),
                null_values=["", "null"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
        for batch in reader:
            yield self._numbered(batch)

    def _numbered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        bad = [number for number, _ in self.bad if number > self.rows]
        numbers = np.setdiff1d(np.arange(1, batch.num_rows + len(bad) + 1) + self.rows, bad)[: batch.num_rows]
        if batch.num_rows:
            self.rows = int(numbers[-1])
        arrays = [pa.array(np.full(batch.num_rows, self.file_no, np.int32)), pa.array(numbers, pa.int64())]
        for name in self.wanted:
            known = batch.schema.get_field_index(name)
            arrays.append(batch.column(known) if known >= 0 else pa.nulls(batch.num_rows, pa.string()))
        return pa.RecordBatch.from_arrays(arrays, schema=table_schema(self.wanted))

    def rejected(self, record_table: str) -> pa.RecordBatch:
        """Rows with a wrong number of cells, and the place from which on nothing could be read."""
        whole = self.table == record_table
        rows = [(number, "row", None, "columns", text.encode(), whole) for number, text in sorted(self.bad)]
        if self.damage:
            rows.append((self.rows + 1, "row", None, "damaged_archive", self.damage.encode(), False))
        return rejects(rows)  # type: ignore[arg-type]


def load_tables(
    payloads: list[Payload],
    connection: Any,
    columns: Columns,
    table_of: Callable[[list[str]], str | None],
    whole: str,
) -> tuple[dict[str, int], pa.Table]:
    """Rows that could be read by table, and the rejects with `file_no`; the rows of table `whole` are records."""
    rows: dict[str, int] = {}
    rejected: list[pa.Table] = []
    for file_no, payload in enumerate(payloads):
        part = _Table(payload, file_no, columns, table_of)
        incoming = pa.RecordBatchReader.from_batches(table_schema(part.wanted), part.batches())
        connection.register("incoming", incoming)
        loaded = connection.execute(f"insert into {part.table} select * from incoming").fetchall()
        connection.unregister("incoming")
        rows[part.table] = rows.get(part.table, 0) + int(loaded[0][0])
        bad = pa.Table.from_batches([part.rejected(whole)], REJECTS)
        rejected.append(bad.append_column("file_no", pa.array(np.full(bad.num_rows, file_no, np.int32))))
    return rows, pa.concat_tables(rejected)
