"""Everything that a published file says as text, whatever its format: what a reader or a search could find in it."""

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pypdf

TEXT = {".html", ".js", ".css", ".csv", ".json", ".geojson", ".txt", ".svg", ".bib", ".cff", ""}
#: pixels; their text is that of the pages
PICTURES = {".png"}


def said(path: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each file below `path`, archives opened; a format that nobody knows is an error."""
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix not in PICTURES:
            yield from _of(file.relative_to(path).as_posix(), file.suffix, file.read_bytes(), file)


def _of(name: str, suffix: str, content: bytes, file: Path) -> Iterator[tuple[str, str]]:
    if suffix in TEXT:
        yield name, content.decode("utf-8-sig")
    elif suffix in (".parquet", ".geoparquet"):
        yield name, _table(pq.read_table(io.BytesIO(content)))
    elif suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                if Path(member).suffix not in (*PICTURES, ".duckdb", ".gpkg"):  # the same bytes lie beside it
                    yield from _of(f"{name}/{member}", Path(member).suffix, archive.read(member), file)
    elif suffix == ".xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        lines = (str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
        yield name, "\n".join([*book.sheetnames, *lines, str(book.properties)])
    elif suffix == ".gpkg":
        with sqlite3.connect(file) as database:
            yield name, "\n".join(database.iterdump())
    elif suffix == ".duckdb":
        with duckdb.connect(str(file), read_only=True) as database:
            tables = [row[0] for row in database.execute("show tables").fetchall()]
            yield name, "\n".join(_table(database.table(table).to_arrow_table()) for table in tables)
    elif suffix == ".pdf":
        reader = pypdf.PdfReader(io.BytesIO(content))
        yield name, "\n".join([*(page.extract_text() for page in reader.pages), str(reader.metadata)])
    else:
        raise AssertionError(f"no reader of {name}: say how its text is found")


def _table(table: pa.Table) -> str:
    """All texts of a table, also those in lists, and its metadata."""
    found = [str(table.schema.metadata or "")]
    for column in table.columns:
        flat = column.combine_chunks()
        while pa.types.is_list(flat.type) or pa.types.is_large_list(flat.type):
            flat = flat.flatten()
        if pa.types.is_string(flat.type) or pa.types.is_large_string(flat.type):
            found += [text for text in flat.unique().to_pylist() if text]
    return "\n".join(found)
