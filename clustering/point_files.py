"""Files of points, CSV or Parquet: their columns as numbers, and the same rows again with columns added.

What is not asked for is neither parsed nor changed: a CSV's rows are passed on as bytes, in whatever encoding that
keeps ASCII, and a Parquet file's table as it is. Rows in messages count from 0, without the header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering.sphere import Ints
from foundation.errors import BadInput

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
#: one record of a CSV file as Arrow's parser sees it: quotation marks count only where a cell begins with one
CELL = rb'(?:"(?:[^"]++|"")*+"?+)?+[^,\r\n]*+'
RECORD = re.compile(CELL + rb"(?:," + CELL + rb")*+(?:\r\n|\n|\r|\Z)")
ROWS_AT_ONCE = 1_000_000
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")


@dataclass(frozen=True)
class ParquetPoints:
    """A Parquet file's table."""

    path: Path
    table: pa.Table

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.table.column_names)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def columns(self, names: list[str]) -> dict[str, pa.ChunkedArray]:
        """Some columns by name."""
        return {name: self.table[name] for name in names}

    def write(self, folder: Path, added: Mapping[str, Any]) -> None:
        """`points.parquet`: the table with its schema, and the added columns (NaN becomes empty)."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        table = self.table
        for name, values in added.items():
            table = table.append_column(name, pa.array(values, from_pandas=True))
        pq.write_table(table, folder / "points.parquet", compression="zstd")


@dataclass(frozen=True)
class CsvPoints:
    """A CSV file's bytes, and where its records (the header first, blank lines left out) begin and end."""

    path: Path
    data: bytes
    start: Ints
    stop: Ints
    names: list[str]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.start) - 1

    def columns(self, names: list[str]) -> dict[str, pa.ChunkedArray]:
        """The text of some columns by name.

        Raises
        ------
        BadInput
            A row has more or fewer cells than the header.
        """
        import pyarrow as pa
        import pyarrow.csv

        place = {name: str(self.names.index(name)) for name in names}
        wrong: list[Any] = []

        def note(row: Any) -> str:
            wrong.append(row)
            return "skip"

        longest = int((self.stop - self.start).max())
        table = pa.csv.read_csv(
            pa.BufferReader(pa.py_buffer(memoryview(self.data)[int(self.start[1]) :])),
            pa.csv.ReadOptions(
                column_names=[str(one) for one in range(len(self.names))],
                use_threads=False,  # or a wrong row would not know its number
                block_size=max(1 << 22, 2 * longest),
            ),
            pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
            pa.csv.ConvertOptions(
                include_columns=list(place.values()),
                column_types=dict.fromkeys(place.values(), pa.string()),
                strings_can_be_null=False,
            ),
        )
        if wrong:
            raise self._unlike_the_header(wrong[0])
        if table.num_rows != self.rows:
            raise BadInput("The quotation marks of the file do not pair up.", "Correct them.", str(self.path))
        return {name: table[place[name]] for name in names}

    def _unlike_the_header(self, row: Any) -> BadInput:
        cells, wanted = row.actual_columns, row.expected_columns
        return BadInput(
            f"Row {row.number - 1} has {cells} cell(s) and the header {wanted}: {row.text[:80]!r}.",
            "Correct it; rows count from 0, without the header.",
            str(self.path),
        )

    def write(self, folder: Path, added: Mapping[str, Any]) -> None:
        """`points.csv`: every record's own bytes, and the added cells (NaN is empty)."""
        import pyarrow as pa
        import pyarrow.compute as pc

        # records and what lies between them, by turns
        bounds = np.column_stack([self.start, self.stop]).ravel()
        buffers = [None, pa.py_buffer(bounds), pa.py_buffer(self.data)]
        pieces = pa.LargeBinaryArray.from_buffers(pa.large_binary(), len(bounds) - 1, buffers)
        first = int(self.stop[0])
        end = b"\r\n" if self.data[first : first + 2] == b"\r\n" else self.data[first : first + 1]
        comma, nothing, line_end = (pa.scalar(one, pa.large_binary()) for one in (b",", b"", end))
        with (folder / "points.csv").open("wb") as file:
            file.write(
                self.data[: int(self.stop[0])] + b"".join(b"," + name.encode() for name in added) + end
            )
            for low in range(0, self.rows, ROWS_AT_ONCE):
                high = min(low + ROWS_AT_ONCE, self.rows)
                records = pieces.take(pa.array(2 * np.arange(low + 1, high + 1)))
                cells = [_cells(values[low:high]) for values in added.values()]
                lines = pc.binary_join_element_wise(
                    records, *cells, comma, null_handling="replace", null_replacement=b""
                )
                lines = pc.binary_join_element_wise(lines, nothing, line_end)
                file.write(memoryview(lines.buffers()[2])[: int(pc.sum(pc.binary_length(lines)).as_py())])


def _cells(values: Any) -> pa.Array:
    import pyarrow as pa

    return pa.array(values, from_pandas=True).cast(pa.large_string()).cast(pa.large_binary())


def read_points(path: Path) -> ParquetPoints | CsvPoints:
    """A file of points; Parquet is told by its first bytes, a compressed CSV file by its ending (`.csv.gz`).

    Raises
    ------
    BadInput
        The file is not there, is neither, or has no row.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        raise BadInput("The file is not there.", "Check the path.", str(path))
    try:
        with path.open("rb") as handle:
            is_parquet = handle.read(len(MAGIC)) == MAGIC
        if is_parquet:
            # not read_table, which takes `year=2020` of a folder's name for a column
            with pq.ParquetFile(path) as source:
                found: ParquetPoints | CsvPoints = ParquetPoints(path, source.read())
        else:
            with pa.input_stream(str(path), compression="detect") as stream:
                found = _csv_points(path, stream.read())
    except (pa.ArrowInvalid, OSError) as fault:
        raise BadInput(f"The file cannot be read: {fault}.", "Give CSV or Parquet.", str(path)) from None
    if not found.rows:
        raise BadInput("The file has no row.", "Give one row a point.", str(path))
    return found


def _csv_points(path: Path, data: bytes) -> CsvPoints:
    if b"\0" in data:
        raise BadInput(
            "The file is neither Parquet nor text that keeps ASCII (is it UTF-16?).",
            "Give Parquet, or save the text as UTF-8.",
            str(path),
        )
    start, stop = _records(data)
    if not len(start):
        raise BadInput("The file has no row.", "Give a header and one row a point.", str(path))
    header = data[start[0] : stop[0]]
    try:
        text = header.decode("utf-8")
    except UnicodeDecodeError:
        text = header.decode("latin-1")
    return CsvPoints(path, data, start, stop, next(csv.reader([text])))


def _records(data: bytes) -> tuple[Ints, Ints]:
    """Where each record begins and ends, without its line end; blank lines and a byte order mark are left out."""
    begin = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    if b'"' in data or data.count(b"\r") != data.count(b"\r\n"):
        found = (one.end() for one in RECORD.finditer(data, begin) if one.end() > one.start())
        ends = np.fromiter(found, np.int64)
    else:
        ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n")) + 1
        if len(data) > (ends[-1] if len(ends) else begin):
            ends = np.append(ends, len(data))
    start = np.concatenate([[begin], ends[:-1]]).astype(np.int64)[: len(ends)]
    text = np.frombuffer(data, np.uint8)
    stop = ends - (text[ends - 1] == ord("\n"))
    stop -= (stop > start) & (text[stop - 1] == ord("\r"))
    return start[stop > start], stop[stop > start]


def numbers(values: pa.ChunkedArray, name: str, path: Path, whole: bool = False) -> Any:
    """A column as an array: float64, or where `whole` is wanted int64 if every value is a whole number.

    Integers, floating-point numbers and decimals are taken, and texts if every one is a number by itself. Values that a
    conversion would change are none: a weight of 0.5 stays 0.5.

    Raises
    ------
    BadInput
        A value is empty or no number; the message names the file, the column, the first such row and its text.
    """
    import pyarrow as pa

    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    plain = _trimmed(plain) if _is_text(plain.type) else plain
    kind = plain.type
    able = (_is_text, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_null)
    if not any(one(kind) for one in able):
        raise BadInput(f"The column '{name}' holds {kind}, not numbers.", "Name another column.", str(path))
    _demand_no_gap(plain, name, path)
    for wanted in [pa.int64(), pa.float64()] if whole else [pa.float64()]:
        if _castable(plain, wanted):
            return np.array(plain.cast(wanted).to_numpy(zero_copy_only=False))
    row = _first_refused(plain, pa.float64())
    text = str(plain[row].as_py())
    todo = "Correct it, or name another column; rows count from 0, without the header."
    if DECIMAL_COMMA.fullmatch(text):
        todo = "It looks like a decimal comma: write numbers with a point. Rows count from 0, without the header."
    raise BadInput(
        f"The column '{name}' holds {text[:80]!r} in row {row}, which is no number.", todo, str(path)
    )


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _trimmed(values: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.utf8_trim_whitespace(values.cast(pa.large_string()))


def _demand_no_gap(values: pa.ChunkedArray, name: str, path: Path) -> None:
    import pyarrow.compute as pc

    gap = pc.equal(values, "").fill_null(True) if _is_text(values.type) else pc.is_null(values)
    row = pc.index(gap, True).as_py()
    if row >= 0:
        raise BadInput(
            f"The column '{name}' is empty in row {row}.",
            "Fill it or leave the row out; rows count from 0, without the header.",
            str(path),
        )


def _castable(values: pa.ChunkedArray, wanted: pa.DataType) -> bool:
    import pyarrow as pa

    try:
        values.cast(wanted)
    except pa.ArrowInvalid:
        return False
    return True


def _first_refused(values: pa.ChunkedArray, wanted: pa.DataType) -> int:
    """The first row that cannot be cast, by halving: the same parser judges it as the whole."""
    low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _castable(values[low:middle], wanted) else (low, middle)
    return low
