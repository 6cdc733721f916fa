"""Small deliveries for tests: folders of raw files, a home, settings."""

import gzip
import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from foundation.home import Home
from foundation.parquet import read_table
from foundation.settings import Settings, parse

TABLES = {
    "tls201": "appln_id,appln_kind,appln_filing_year,earliest_publn_date,nb_inventors\n",
    "tls206": "person_id,person_name,person_address,person_ctry_code,psn_sector\n",
    "tls207": "person_id,appln_id,applt_seq_nr,invt_seq_nr\n",
    "tls209": "appln_id,ipc_class_symbol\n",
    "tls211": "pat_publn_id,publn_auth,publn_nr,publn_kind,appln_id,publn_date\n",
    "tls227": "person_id,pat_publn_id,applt_seq_nr,invt_seq_nr\n",
    "tls230": "appln_id,techn_field_nr,weight\n",
}


def settings(**reader: Any) -> Settings:
    """Settings of one edition; two made-up records need not have addresses as a real delivery must."""
    block = {"address_share_min": 0, **reader}
    raw = {"editions": {"one": {"pct_years": [2020], "sci_years": [2020]}}, "reader": block}
    return parse(raw, "editions.yaml")


def folder(path: Path, **files: str | bytes) -> Path:
    """A folder of files; a name's last `__` stands for the dot."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        raw = content.encode() if isinstance(content, str) else content
        (path / name.replace("__", ".")).write_bytes(raw)
    return path


def patstat(path: Path, **rows: str) -> Path:
    """A folder of PATSTAT tables: rows under the standard header."""
    return folder(path, **{f"{name}__csv": TABLES[name] + text for name, text in rows.items()})


def rows(home: Home, delivery: str, table: str) -> list[dict[str, Any]]:
    """All rows of a delivery's table, over its years."""
    found: list[dict[str, Any]] = []
    for part in sorted((home.delivery(delivery) / table).glob("publication_year=*/part-0.parquet")):
        found += read_table(part).to_pylist()
    return found


def lake(home: Home, table: str, year: int) -> pa.Table:
    return read_table(home.lake(table, year))


def gz(text: str | bytes) -> bytes:
    return gzip.compress(text.encode() if isinstance(text, str) else text, mtime=0)


def snapshot(root: Path) -> dict[str, bytes]:
    """Every file below a folder that a reading writes, apart from its seconds."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != "files.parquet"
    }


def spreadsheet(*rows: list[str]) -> bytes:
    """An XLSX file, whose members are XML."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("savedrecs")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def table(**columns: list[Any]) -> bytes:
    """A Parquet file."""
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()
