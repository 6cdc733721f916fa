"""PATSTAT Global as CSV: tls201, 206, 207, 209, 211 and 230, whole or in parts, loaded into DuckDB by column name.

The header names decide what a file is and where its columns stand: any order, any case, quoted or not, comma,
semicolon, tab or bar. Everything is loaded as text and cast afterwards, so that no identifier passes through a
float. An unquoted empty cell or `null` is missing; `NA` is Namibia. Rows with too many or too few cells are rejects.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from extracts.detect import Payload, Whole, opened
from extracts.encoding import Utf8Stream, utf8_head
from extracts.records import REJECTS, rejects

VERSION = "1"
BLOCK = 4 << 20

#: columns that are used, by table
COLUMNS = {
    "tls201": (
        "appln_id",
        "appln_auth",
        "appln_kind",
        "appln_filing_date",
        "appln_filing_year",
        "earliest_publn_date",
        "earliest_publn_year",
        "nb_inventors",
    ),
    "tls206": (
        "person_id",
        "person_name",
        "person_address",
        "person_ctry_code",
        "doc_std_name",
        "psn_name",
        "psn_sector",
        "han_name",
    ),
    "tls207": ("person_id", "appln_id", "applt_seq_nr", "invt_seq_nr"),
    "tls209": ("appln_id", "ipc_class_symbol"),
    "tls211": ("appln_id", "publn_auth", "publn_nr", "publn_kind", "publn_date"),
    "tls230": ("appln_id", "techn_field_nr", "weight"),
}
#: columns without which a table is not that table, and columns of which it has one at least
_MUST: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("tls211", frozenset(("pat_publn_id", "appln_id", "publn_auth")), frozenset()),
    ("tls207", frozenset(("person_id", "appln_id", "applt_seq_nr", "invt_seq_nr")), frozenset()),
    ("tls206", frozenset(("person_id",)), frozenset(("person_name", "person_address"))),
    ("tls209", frozenset(("appln_id", "ipc_class_symbol")), frozenset()),
    ("tls230", frozenset(("appln_id", "techn_field_nr", "weight")), frozenset()),
    ("tls201", frozenset(("appln_id",)), frozenset(("appln_filing_year", "appln_kind"))),
)
_SEPARATORS = ",;\t|"


def header_of(head: bytes) -> tuple[list[str], str]:
    """Column names in lower case and the separator of a CSV file, by its first line."""
    line = head.split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r")
    outside = "".join(line.split('"')[::2])
    separator = max(_SEPARATORS, key=outside.count)
    cells = next(csv.reader([line], delimiter=separator), [])
    return [cell.strip().lower() for cell in cells], separator


def table_of(columns: list[str]) -> str | None:
    """The PATSTAT table that has these columns, or None."""
    have = set(columns)
    for table, needed, one_of in _MUST:
        if needed <= have and (not one_of or one_of & have):
            return table
    return None


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is one of the tables."""
    return len(head) > 0 and b"\n" in head and table_of(header_of(head)[0]) is not None


def _schema(table: str) -> pa.Schema:
    texts = [pa.field(name, pa.string()) for name in COLUMNS[table]]
    return pa.schema([pa.field("file_no", pa.int32()), pa.field("row", pa.int64()), *texts])


class _Table:
    """One payload as batches of text columns with row numbers, and what of it could not be read."""

    def __init__(self, payload: Payload, file_no: int) -> None:
        self.payload, self.file_no = payload, file_no
        with opened(payload) as stream:
            head = utf8_head(Whole(stream).read(1 << 16))
        self.columns, self.separator = header_of(head)
        self.table = table_of(self.columns) or ""
        self.bad: list[tuple[int, str]] = []
        self.damage = ""
        self.rows = 0

    def _invalid(self, row: Any) -> str:
        self.bad.append((int(row.number) - 1, str(row.text)))
        return "skip"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches in the table's schema."""
        with opened(self.payload) as stream:
            whole = Whole(stream)
            try:
                yield from self._parsed(Utf8Stream(whole))  # type: ignore[arg-type]
            except pa.ArrowInvalid as fault:
                self.damage = str(fault)
            self.damage = whole.damage or self.damage

    def _parsed(self, text: Utf8Stream) -> Iterator[pa.RecordBatch]:
        import pyarrow.csv as pacsv

        names = [f"{name}#{n}" if name in self.columns[:n] else name for n, name in enumerate(self.columns)]
        used = [name for name in COLUMNS[self.table] if name in names]
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
        for name in COLUMNS[self.table]:
            known = batch.schema.get_field_index(name)
            arrays.append(batch.column(known) if known >= 0 else pa.nulls(batch.num_rows, pa.string()))
        return pa.RecordBatch.from_arrays(arrays, schema=_schema(self.table))

    def rejected(self) -> pa.RecordBatch:
        """Rows with a wrong number of cells, and the place from which on nothing could be read."""
        whole = self.table == "tls201"
        rows = [(number, "row", None, "columns", text.encode(), whole) for number, text in sorted(self.bad)]
        if self.damage:
            rows.append((self.rows + 1, "row", None, "damaged_archive", self.damage.encode(), False))
        return rejects(rows)  # type: ignore[arg-type]


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """All tables of a delivery, loaded into `connection` under their names, text columns and all.

    Parameters
    ----------
    payloads : list of Payload
        The files of the delivery that this format knows; `file_no` is their position in the list.
    connection : duckdb.DuckDBPyConnection
        Gets a table tls201, tls206, … each; one without a file is empty.

    Returns
    -------
    rows : dict
        Rows that could be read, by table; a table without a file is not in it.
    rejects : pyarrow.Table
        records.REJECTS with `file_no`.
    """
    rows: dict[str, int] = {}
    rejected: list[pa.Table] = []
    for table in COLUMNS:
        connection.register("incoming", _schema(table).empty_table())
        connection.execute(f"create table {table} as select * from incoming")
        connection.unregister("incoming")
    for file_no, payload in enumerate(payloads):
        part = _Table(payload, file_no)
        incoming = pa.RecordBatchReader.from_batches(_schema(part.table), part.batches())
        connection.register("incoming", incoming)
        loaded = connection.execute(f"insert into {part.table} select * from incoming").fetchall()
        connection.unregister("incoming")
        rows[part.table] = rows.get(part.table, 0) + int(loaded[0][0])
        bad = pa.Table.from_batches([part.rejected()], REJECTS)
        rejected.append(bad.append_column("file_no", pa.array(np.full(bad.num_rows, file_no, np.int32))))
    return rows, pa.concat_tables(rejected)
