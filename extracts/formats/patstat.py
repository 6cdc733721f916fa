"""PATSTAT Global as CSV: tls201, 206, 207, 209, 211 and 230, whole or in parts, loaded into DuckDB by column name.

The header names decide what a file is and where its columns stand: any order, any case, quoted or not, comma,
semicolon, tab or bar. Everything is loaded as text and cast afterwards, so that no identifier passes through a
float. An unquoted empty cell or `null` is missing; `NA` is Namibia. Rows with too many or too few cells are rejects.
Positions are row numbers, 1 for the first row after the header.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from extracts.csv_tables import header_of, load_tables
from extracts.detect import Payload

VERSION = "2"

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
        "city",
        "region",
        "postcode",
        "latitude",
        "longitude",
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
    return load_tables(payloads, connection, COLUMNS, table_of, whole="tls201")
