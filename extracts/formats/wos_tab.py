"""Web of Science tab-delimited export: a header of tags, one article a row.

Read by column name, since the order differs. Exports from before about 2022 end each row with a tab that the header
lacks. A quotation mark is a letter here. UTF-8 with and without byte order mark, UTF-16, CRLF, LF, and CR alone occur.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.encoding import Utf8Stream, line_blocks
from extracts.formats.wos_fields import TAGS, from_columns
from extracts.records import rejects

VERSION = "1"
BLOCK = 2 << 20
TOGETHER = 4  # blocks
_SPARE = "spare cell"


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such an export."""
    names = head.split(b"\n", 1)[0].split(b"\t")
    return len(names) > 3 and names[0] == b"PT" and b"AU" in names and b"UT" in names


class _Rows:
    """The rows of one payload as Arrow columns, and those that have another number of cells than the header."""

    def __init__(self, stream: BinaryIO) -> None:
        self.text = Utf8Stream(line_blocks(stream))
        first = self.text.line()
        self.names = [cell.strip().decode("utf-8", "replace") for cell in first.split(b"\t")]
        self.used = [tag for tag in TAGS if tag in self.names]
        self.odd: list[tuple[int, str]] = []
        self.row = 0

    def _invalid(self, row: Any) -> str:
        self.odd.append((int(row.number or 0), str(row.text)))
        return "skip"

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Batches of text columns."""
        import pyarrow.csv as pacsv

        ahead = self.text.peek_line()
        if not ahead:
            return
        spare = ahead.count(b"\t") == len(self.names) and ahead.endswith(b"\t")
        names = [f"{name}#{n}" if name in self.names[:n] else name for n, name in enumerate(self.names)]
        names += [_SPARE] if spare else []
        self.cells = len(names)
        yield from pacsv.open_csv(
            self.text,
            read_options=pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=names),
            parse_options=pacsv.ParseOptions(
                delimiter="\t",
                quote_char=False,
                newlines_in_values=False,
                invalid_row_handler=self._invalid,
                ignore_empty_lines=True,
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=self.used,
                column_types=dict.fromkeys(self.used, pa.string()),
                strings_can_be_null=False,
            ),
        )

    def columns(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        """Every used tag's column; one that the export lacks is empty."""
        empty = pa.array([""] * batch.num_rows, pa.string())
        return {tag: batch.column(self.used.index(tag)) if tag in self.used else empty for tag in TAGS}

    def mended(self, text: str) -> dict[str, pa.Array] | None:
        """The cells of a row that differs from the others only by empty cells at its end; None if it differs otherwise."""
        cells = text.rstrip("\n").split("\t")
        while len(cells) > len(self.names) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(self.names):
            return None
        found = dict(zip(self.names, cells, strict=True))
        return {tag: pa.array([found.get(tag, "")], pa.string()) for tag in TAGS}


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Articles (records.ARTICLES) and rejects (records.REJECTS) of one payload."""
    rows = _Rows(stream)
    done = 0
    for batch in _joined(rows.batches()):
        odd = [number for number, _ in rows.odd if number > done]
        numbers = np.arange(1, batch.num_rows + len(odd) + 1) + done
        if odd:
            numbers = np.setdiff1d(numbers, odd)
        numbers = numbers[: batch.num_rows]
        done = int(numbers[-1]) if len(numbers) else done
        yield from _made(rows.columns(batch), numbers)
    for number, text in rows.odd:
        columns = rows.mended(text)
        if columns is None:
            yield rejects([(number, "row", _id_in(text), "columns", text.encode(), True)])
        else:
            yield from _made(columns, np.array([number]))


def _joined(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Several batches as one, since the kernel's steps cost the same for few rows as for many."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if len(held) == TOGETHER:
            yield pa.concat_batches(held)
            held = []
    if held:
        yield pa.concat_batches(held)


def _id_in(text: str) -> str | None:
    return next((cell for cell in text.split("\t") if cell.startswith("WOS:") and len(cell) < 40), None)


def _made(columns: dict[str, pa.Array], numbers: Any) -> Iterator[pa.RecordBatch]:
    """Articles of the rows that hold anything (a row of empty cells is none)."""
    filled = pc.or_(pc.not_equal(columns["PT"], ""), pc.not_equal(columns["UT"], ""))
    if not pc.all(filled).as_py():
        numbers = numbers[filled.to_numpy(zero_copy_only=False)]
        columns = {tag: column.filter(filled) for tag, column in columns.items()}
    yield from from_columns(columns, np.asarray(numbers, np.int64))
