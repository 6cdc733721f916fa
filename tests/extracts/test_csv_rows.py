"""Rows and numbers of CSV text by arithmetic, against Python's own reader; and the fast way in small blocks."""

import csv
import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extracts.csv_rows import Lines, Rows, Unusual
from extracts.plain_csv import Found, batches
from extracts.text import SPARE

CELL = st.one_of(
    st.integers(0, 10**16).map(str),
    st.text('ab,"\n 0', max_size=12),
    st.sampled_from(["", "0012", "-5", "1.0"]),
)


def block(text: bytes) -> tuple[Any, int]:
    return np.frombuffer(text + b"7" * SPARE, np.uint8), len(text)


def written(table: list[list[str]], ends: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator=ends).writerows(table)
    return out.getvalue().encode()


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=6), st.sampled_from(["\n", "\r\n"]))
def test_rows_and_their_numbers_are_those_of_a_careful_parser(table: list[list[str]], ends: str) -> None:
    text = written(table, ends)
    rows = Rows(*block(text), ",", 3)
    assert (len(rows), rows.used) == (len(table), len(text))
    assert rows.text(np.ones(len(table), bool)) == text
    for column in range(3):
        numbers, valid = rows.numbers(column)
        whole = [row[column] if row[column].isdigit() and len(row[column]) < 16 else None for row in table]
        assert valid.tolist() == [one is not None for one in whole]
        assert [int(one) for one in numbers[valid]] == [int(one) for one in whole if one is not None]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**15 - 1), st.integers(0, 10**15 - 1), CELL), max_size=6))
def test_numbers_at_the_front_of_lines_are_read_without_the_rest(table: list[tuple[int, int, str]]) -> None:
    table = [row for row in table if "\n" not in row[2]]
    lines = Lines(*block(written([[*map(str, row)] for row in table], "\n")), ",")
    for column in (0, 1):
        assert lines.numbers(column)[0].tolist() == [row[column] for row in table]


@pytest.mark.parametrize("text", [b"1,2\n", b"1,2,3,4\n", b'1,"2,3\n', b"1,2\r,3\n", b"1,2,3\n4\n"])
def test_rows_with_other_cells_are_unusual(text: bytes) -> None:
    try:
        assert Rows(*block(text), ",", 3).used < len(text)  # a quotation mark that is still open
    except Unusual:
        return
    assert text == b'1,"2,3\n'


@pytest.mark.parametrize("front", [b"x1", b"", b'"1"', b"1" * 16, b" 1", b"-1"])
def test_lines_without_a_number_in_front_are_unusual(front: bytes) -> None:
    with pytest.raises(Unusual):
        Lines(*block(b"5,a\n" + front + b",b\n"), ",").numbers(0)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 9), st.text('ab,"\nü', max_size=9)), max_size=12),
    st.integers(8, 60),
    st.booleans(),
)
def test_fast_way_gives_the_needed_rows_and_their_numbers_for_any_size_of_blocks(
    table: list[tuple[int, str]], size: int, every: bool
) -> None:
    from extracts import plain_csv

    text = written([["id", "name"], *([str(number), name] for number, name in table)], "\n")

    def skips(found: Found) -> Any:
        numbers, valid = found.numbers("id")
        return valid & (numbers < 5)

    def parse(chosen: bytes, _: int) -> pa.Table:
        return pacsv.read_csv(
            pa.BufferReader(chosen),
            pacsv.ReadOptions(column_names=["id", "name"]),
            pacsv.ParseOptions(newlines_in_values=True),
            pacsv.ConvertOptions(column_types={"id": pa.int64(), "name": pa.string()}),
        )

    before, plain_csv.BLOCK = plain_csv.BLOCK, size
    try:
        found = list(batches(io.BytesIO(text), ["id", "name"], ",", every, skips, parse))
    finally:
        plain_csv.BLOCK = before
    got = [
        (int(number), row["id"], row["name"])
        for numbers, made in found
        for number, row in zip(numbers, made.to_pylist(), strict=True)
    ]
    assert got == [(n, *row) for n, row in enumerate(table, 1) if row[0] >= 5]
