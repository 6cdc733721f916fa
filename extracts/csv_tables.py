"""Tables of a delivery as CSV, loaded into DuckDB by column name: what PATSTAT and REGPAT have in common.

The header decides where columns stand: any order, any case, quoted or not, comma, semicolon, tab or bar. Everything
is loaded as text and cast afterwards, so that no identifier passes through a float. An unquoted empty cell or `null`
is missing; `NA` is Namibia. Rows with too many or too few cells are rejects.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO, Protocol, cast

import numpy as np
import pyarrow as pa

from extracts.csv_rows import Mask, Unusual
from extracts.detect import Payload, opened, whole_of
from extracts.encoding import Utf8Stream, utf8_blocks, utf8_head
from extracts.plain_csv import Found, batches
from extracts.records import REJECTS, rejects
from extracts.tables import Ints

BLOCK = 4 << 20
_SEPARATORS = ",;\t|"

Columns = Mapping[str, tuple[str, ...]]


class Sieve(Protocol):
    """What is needed of a table, by what was read of those before it."""

    def wants(self, table: str) -> bool:
        """Whether a table is read at all; asked once for each of its files, in the order of loading."""

    def looks_at_every_row(self, table: str) -> bool:
        """Whether a row that is not needed must be whole all the same."""

    def skips(self, table: str, file_no: int, found: Found) -> Mask:
        """The rows that are certainly not needed, by what can be told without parsing them."""

    def rows(self, table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows that may be needed."""

    def forget(self, file_no: int) -> None:
        """What was counted of a file that is read once more."""


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
        self.rows = self.read = 0

    def fast(self, sieve: Sieve) -> Iterator[pa.RecordBatch]:
        """The needed rows in the table's schema; Unusual, perhaps after some of them, unless all is as the header says."""
        skips = partial(sieve.skips, self.table, self.file_no)
        with opened(self.payload) as stream:
            whole = whole_of(self.payload, stream)
            every = sieve.looks_at_every_row(self.table)
            found = batches(cast(BinaryIO, whole), self.columns, self.separator, every, skips, self._of_text)
            for rows, table in found:
                self.read += len(rows)
                yield sieve.rows(self.table, self._filed(rows, table.combine_chunks().to_batches()[0]))
            if whole.damage:
                raise Unusual

    def _of_text(self, text: bytes, rows: int) -> pa.Table:
        import pyarrow.csv as pacsv

        options = self._options(len(text) + 1, lambda _: "skip", within=text.count(b"\n") > rows)
        try:
            return pacsv.read_csv(pa.BufferReader(text), **options)
        except pa.ArrowInvalid:
            raise Unusual from None

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

        reader = pacsv.open_csv(text, **self._options(BLOCK, self._invalid, header=1))
        for batch in reader:
            yield self._numbered(batch)

    def _options(
        self, block: int, invalid: Callable[[Any], str], header: int = 0, within: bool = True
    ) -> dict[str, Any]:
        """How Arrow parses the table: all as text, unquoted nothing and `null` as missing; `within`: line ends in cells."""
        import pyarrow.csv as pacsv

        names = [f"{name}#{n}" if name in self.columns[:n] else name for n, name in enumerate(self.columns)]
        used = [name for name in self.wanted if name in names]
        return {
            "read_options": pacsv.ReadOptions(
                use_threads=False, block_size=block, column_names=names, skip_rows=header
            ),
            "parse_options": pacsv.ParseOptions(
                delimiter=self.separator, newlines_in_values=within, invalid_row_handler=invalid
            ),
            "convert_options": pacsv.ConvertOptions(
                include_columns=used,
                column_types=dict.fromkeys(used, pa.string()),
                null_values=["", "null"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        }

    def _numbered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        bad = [number for number, _ in self.bad if number > self.rows]
        numbers = np.setdiff1d(np.arange(1, batch.num_rows + len(bad) + 1) + self.rows, bad)[: batch.num_rows]
        self.read += batch.num_rows
        if batch.num_rows:
            self.rows = int(numbers[-1])
        return self._filed(numbers, batch)

    def _filed(self, rows: Ints, batch: pa.RecordBatch) -> pa.RecordBatch:
        """In the table's schema: with the numbers of the file and of the rows, and the columns that the file lacks."""
        arrays = [pa.array(np.full(batch.num_rows, self.file_no, np.int32)), pa.array(rows, pa.int64())]
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


def _insert(connection: Any, part: _Table, found: Iterator[pa.RecordBatch]) -> None:
    connection.register("incoming", pa.RecordBatchReader.from_batches(table_schema(part.wanted), found))
    connection.execute(f"insert into {part.table} select * from incoming")
    connection.unregister("incoming")


def _fast(connection: Any, part: _Table, sieve: Sieve) -> bool:
    """Whether the table could be loaded by the fast way, batch by batch; if not, nothing of it was."""
    connection.begin()
    try:
        for batch in part.fast(sieve):
            _insert(connection, part, iter([batch]))  # an error must not pass through DuckDB
    except Unusual:
        connection.rollback()
        sieve.forget(part.file_no)
        part.read = 0
        return False
    connection.commit()
    return True


def load_tables(
    payloads: list[Payload],
    connection: Any,
    columns: Columns,
    table_of: Callable[[list[str]], str | None],
    whole: str,
    sieve: Sieve | None = None,
) -> tuple[dict[str, int], pa.Table]:
    """Rows that could be read by table, and the rejects with `file_no`; the rows of table `whole` are records.

    Tables are loaded in the order of `columns`, so that `sieve` may keep of a table what those before it ask for.
    """
    rows: dict[str, int] = {}
    rejected: dict[int, pa.Table] = {}
    parts = [_Table(payload, file_no, columns, table_of) for file_no, payload in enumerate(payloads)]
    for part in sorted(parts, key=lambda one: list(columns).index(one.table)):
        if sieve is not None and not sieve.wants(part.table):
            continue
        if sieve is None:
            _insert(connection, part, part.batches())
        elif not _fast(connection, part, sieve):
            _insert(connection, part, map(partial(sieve.rows, part.table), part.batches()))
        rows[part.table] = rows.get(part.table, 0) + part.read
        bad = pa.Table.from_batches([part.rejected(whole)], REJECTS)
        file_no = pa.array(np.full(bad.num_rows, part.file_no, np.int32))
        rejected[part.file_no] = bad.append_column("file_no", file_no)
    return rows, pa.concat_tables([rejected[number] for number in sorted(rejected)])
