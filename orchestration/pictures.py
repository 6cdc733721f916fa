"""What an asset's page shows of a table itself: its first rows, or a picture of it drawn by the libraries.

A picture is carried as Markdown, so that the UI shows it in place and needs no other file.
"""

from __future__ import annotations

from base64 import b64encode
from math import isfinite
from pathlib import Path
from typing import Any

import dagster as dg

from foundation import contracts
from foundation.home import Home

ROWS_SHOWN = 10
#: columns that may say who a person is or lives where: visitors of the interface see previews too
_PRIVATE = frozenset({"text", "postcode", "name", "name_key", "excerpt", "latitude", "longitude"})
#: tables of clusters, cities and organisations, whose names and places are public
_OPEN = frozenset({"clusters", "previous_clusters", "places", "organisations"})


def _hidden(table: str) -> frozenset[str]:
    """Columns left out of a preview; marts are published as they are, but for the exact points."""
    inner = table in contracts.names() or table == "point_classes"
    return _PRIVATE if inner and table not in _OPEN else frozenset()


def first_rows(table: str, file: Path) -> dict[str, Any]:
    """The first rows of a table as its preview, without what is about one person; nothing when there are none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    hidden = _hidden(table)
    with pq.ParquetFile(file) as opened:
        columns = [
            field.name
            for field in opened.schema_arrow
            if field.name not in hidden and not pa.types.is_binary(field.type)
        ]
        batches = opened.iter_batches(ROWS_SHOWN, columns=columns, use_threads=False)
        rows = next(batches).to_pylist() if opened.metadata.num_rows else []
    records = [dg.TableRecord({name: _plain(value) for name, value in row.items()}) for row in rows]
    return {"preview": dg.MetadataValue.table(records)} if records else {}


def _plain(value: Any) -> str | int | float | bool:
    """A value as the UI's table takes it: a browser has no whole numbers beyond 2**53."""
    if isinstance(value, float):
        return float(f"{value:.6g}") if isfinite(value) else str(value)
    if isinstance(value, str) or (isinstance(value, int) and abs(value) < 2**53):
        return value
    return "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def as_markdown(png: bytes, words: str) -> dg.MarkdownMetadataValue:
    """The picture inside Markdown; `words` are read where it cannot be shown."""
    return dg.MetadataValue.md(f"![{words}](data:image/png;base64,{b64encode(png).decode()})")


def coverage_picture(home: Home) -> dict[str, Any]:
    """The picture of years × sources; nothing when no year is prepared."""
    from extracts.coverage_picture import picture

    table = contracts.read("year_coverage", home.year_coverage())
    return {"picture": as_markdown(picture(table), "Documents by year and source")} if table.num_rows else {}
