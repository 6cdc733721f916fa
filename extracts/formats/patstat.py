"""PATSTAT Global as CSV: tls201, 206, 207, 209, 211, 226, 227 and 230, whole or in parts, loaded into DuckDB by column name.

The header names decide what a file is and where its columns stand: any order, any case, quoted or not, comma,
semicolon, tab or bar. Everything is loaded as text and cast afterwards, so that no identifier passes through a
float. An unquoted empty cell or `null` is missing; `NA` is Namibia. Rows with too many or too few cells are rejects.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts.csv_rows import Mask
from extracts.csv_tables import header_of, load_tables
from extracts.detect import Payload
from extracts.plain_csv import Found
from extracts.tables import Ints, ints
from foundation.errors import BadInput

VERSION = "5"

#: columns that are used, by table, in the order of loading: each table says what is needed of those after it
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
    "tls211": (
        "pat_publn_id",
        "appln_id",
        "publn_auth",
        "publn_nr",
        "publn_kind",
        "publn_date",
    ),
    "tls207": (
        "person_id",
        "appln_id",
        "applt_seq_nr",
        "invt_seq_nr",
    ),
    "tls227": (
        "person_id",
        "pat_publn_id",
        "applt_seq_nr",
        "invt_seq_nr",
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
        "city",
        "region",
        "postcode",
        "latitude",
        "longitude",
    ),
    "tls226": (
        "person_id",
        "address_freeform",
        "address_1",
        "address_2",
        "address_3",
        "address_4",
        "address_5",
        "street",
        "city",
        "zip_code",
        "state",
        "person_ctry_code",
    ),
    "tls209": (
        "appln_id",
        "ipc_class_symbol",
    ),
    "tls230": (
        "appln_id",
        "techn_field_nr",
        "weight",
    ),
}
_OF_PERSONS = ("tls206", "tls226")
#: columns without which a table is not that table, and columns of which it has one at least
_MUST: tuple[tuple[str, frozenset[str], frozenset[str]], ...] = (
    ("tls211", frozenset(("pat_publn_id", "appln_id", "publn_auth")), frozenset()),
    ("tls207", frozenset(("person_id", "appln_id", "applt_seq_nr", "invt_seq_nr")), frozenset()),
    ("tls227", frozenset(("person_id", "pat_publn_id", "applt_seq_nr", "invt_seq_nr")), frozenset()),
    ("tls226", frozenset(("person_id",)), frozenset(("address_freeform", "address_1", "zip_code"))),
    ("tls206", frozenset(("person_id",)), frozenset(("person_name", "person_address"))),
    ("tls209", frozenset(("appln_id", "ipc_class_symbol")), frozenset()),
    ("tls230", frozenset(("appln_id", "techn_field_nr", "weight")), frozenset()),
    ("tls201", frozenset(("appln_id",)), frozenset(("appln_filing_year", "appln_kind"))),
)


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


def read_set(payloads: list[Payload], connection: Any) -> tuple[dict[str, int], pa.Table]:
    """All tables of a delivery, loaded into `connection` under their names, text columns and all.

    Parameters
    ----------
    payloads : list of Payload
        The files of the delivery that this format knows; `file_no` is their position in the list.
    connection : duckdb.DuckDBPyConnection
        Holds a table tls201, tls206, … each, as `applications.py` makes them; one without a file stays empty.

    Returns
    -------
    rows : dict
        Rows that could be read, by table; a table without a file is not in it.
    rejects : pyarrow.Table
        records.REJECTS with `file_no`.
    """
    sieve = _Sieve()
    rows, rejects = load_tables(payloads, connection, COLUMNS, table_of, "tls201", sieve)
    if "tls227" in rows:
        if "tls211" not in rows:
            raise BadInput(
                "The persons of publications (tls227) are there, and the publications (tls211) are not.",
                "Add tls211, or tls207, which has the persons of applications.",
                payloads[0].path,
            )
        connection.execute(_STAND_IN)
    return rows | {f"other_kinds_{file_no}": count for file_no, count in sieve.others.items()}, rejects


#: where tls207 is not there: of each application the persons of its latest corrected publication that names any, else of
#: its first
_STAND_IN = """
insert into tls207 by name
with publication as (
    select try_cast(pat_publn_id as bigint) as publication, appln_id, coalesce(publn_date, '') as date,
        coalesce(upper(trim(publn_kind)) in ('A8', 'A9'), false) as corrected
    from tls211
    where publication in (select try_cast(pat_publn_id as bigint) from tls227)
    qualify row_number() over (
        partition by try_cast(appln_id as bigint)
        order by corrected desc, case when corrected then date end desc, date, publication
    ) = 1
)
select file_no, row, person_id, appln_id, applt_seq_nr, invt_seq_nr
from tls227 join publication on publication = try_cast(pat_publn_id as bigint)
order by file_no, row
"""


class _Numbers:
    """A set of numbers as one bit each; PATSTAT's fit into 32 bits."""

    _MOST = 1 << 33

    def __init__(self) -> None:
        self._bits = np.zeros(1 << 16, np.uint8)

    def add(self, numbers: Ints) -> None:
        """These numbers too; those that are too large or negative never are in the set."""
        numbers = numbers[(numbers >= 0) & (numbers < self._MOST)]
        if not len(numbers):
            return
        first, last = int(numbers.min()) >> 3, int(numbers.max()) >> 3
        if last + 1 >= len(self._bits):
            more = last * 5 // 4 + 2 - len(self._bits)
            self._bits = np.concatenate((self._bits, np.zeros(more, np.uint8)))
        if last - first < 64 * len(numbers):  # close together, as they are where a file is in their order
            mask = np.zeros((last - first + 1) << 3, bool)
            mask[numbers - (first << 3)] = True
            self._bits[first : last + 1] |= np.packbits(mask, bitorder="little")
        else:
            np.bitwise_or.at(self._bits, numbers >> 3, (1 << (numbers & 7)).astype(np.uint8))

    def without(self, others: _Numbers) -> _Numbers:
        """The numbers of this set that are not in `others`."""
        made = _Numbers()
        made._bits = self._bits.copy()
        both = min(len(self._bits), len(others._bits))
        made._bits[:both] &= ~others._bits[:both]
        return made

    def has(self, numbers: Ints) -> Mask:
        """Which of `numbers` are in the set."""
        at = np.clip(numbers >> 3, -1, len(self._bits) - 1)  # the last byte is always empty
        found: Mask = (self._bits[at] >> (numbers & 7).astype(np.uint8) & 1).astype(bool)
        return found


class _Sieve:
    """Of each table what the tables before it ask for: numbers first, texts of the persons that are needed last.

    PCT applications are a small part of PATSTAT. A row goes only when it is certain that nobody needs it; one whose
    numbers cannot be read stays, and is judged later.
    """

    def __init__(self) -> None:
        self.others: Counter[int] = Counter()  # applications of other kinds, by file
        self._others, self._mine, self._persons, self._publications = (_Numbers() for _ in range(4))
        self._has_roles = False
        self._not_mine: _Numbers | None = None

    def wants(self, table: str) -> bool:
        """Whether a table is read at all: persons of publications only stand in for those of applications."""
        self._has_roles |= table == "tls207"
        return table != "tls227" or not self._has_roles

    def looks_at_every_row(self, table: str) -> bool:
        """Applications are the records, each of them counted; publications do not begin with what tells them apart."""
        return table in ("tls201", "tls211")

    def skips(self, table: str, file_no: int, found: Found) -> Mask:
        """The rows that are certainly not needed, by what can be told without parsing them."""
        if table == "tls211":
            return found.begins_with_letter_but(b"W", "publn_auth")
        if table == "tls227":
            numbers, valid = found.numbers("pat_publn_id")
            return valid & ~self._publications.has(numbers)
        numbers, valid = found.numbers("person_id" if table in _OF_PERSONS else "appln_id")
        if table == "tls201":
            self._not_mine = None
            other = valid & found.begins_with_letter_but(b"WN", "appln_kind")  # N as in NULL
            if other.any():
                self._others.add(numbers[other])
                self.others[file_no] += int(other.sum())
            return other
        if table in _OF_PERSONS:
            return valid & ~self._persons.has(numbers)
        return valid & self._of_others(numbers)

    def _of_others(self, numbers: Ints) -> Mask:
        """Which applications are of another kind, in every row that names them."""
        if self._not_mine is None:
            self._not_mine = self._others.without(self._mine)
        return self._not_mine.has(numbers)

    def forget(self, file_no: int) -> None:
        """What was counted of a file that is read once more."""
        self.others.pop(file_no, None)

    def rows(self, table: str, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The rows that may be needed."""
        if table == "tls201":
            return self._applications(batch)
        if table == "tls211":
            batch = batch.filter(pc.equal(pc.utf8_upper(pc.utf8_trim_whitespace(batch["publn_auth"])), "WO"))
            self._publications.add(_each(batch["pat_publn_id"]))
            return batch
        if table in _OF_PERSONS:
            numbers = _integers(batch["person_id"])
            return batch if numbers is None else _only(batch, self._persons.has(numbers))
        numbers = _integers(batch["appln_id"]) if table != "tls227" else None
        if numbers is not None:
            batch = _only(batch, ~self._of_others(numbers))
        if table in ("tls207", "tls227"):
            self._persons.add(_each(batch["person_id"]))
        return batch

    def _applications(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        self._not_mine = None
        numbers = _integers(batch["appln_id"])
        if numbers is None:
            return batch
        kind = pc.utf8_upper(pc.utf8_trim_whitespace(pc.fill_null(batch["appln_kind"], "")))
        other = pc.invert(pc.is_in(kind, value_set=pa.array(["", "NULL", "W"]))).to_numpy(
            zero_copy_only=False
        )
        self._mine.add(numbers[~other])
        if other.any():
            self._others.add(numbers[other])
            files, counts = np.unique(batch["file_no"].filter(pa.array(other)).to_numpy(), return_counts=True)
            self.others.update(dict(zip(files.tolist(), counts.tolist(), strict=True)))
        return _only(batch, ~other)


def _only(batch: pa.RecordBatch, mask: Mask) -> pa.RecordBatch:
    return batch if mask.all() else batch.filter(pa.array(mask))


def _integers(column: pa.Array) -> Ints | None:
    """A text column as whole numbers; None when a cell is empty or no such number."""
    if column.null_count:
        return None
    try:
        return ints(pc.cast(column, pa.int64()))
    except pa.ArrowInvalid:
        return None


def _each(column: pa.Array) -> Ints:
    """The whole numbers of a text column that may have other cells too, read as generously as the joins read them."""
    whole = _integers(column)
    if whole is not None:
        return whole
    found = []
    for text in column.to_pylist():
        try:
            found.append(round(float(text)))
        except (TypeError, ValueError, OverflowError):
            continue
    return np.array(found, np.int64)
