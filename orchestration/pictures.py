"""Pictures in an asset's metadata: drawn by the libraries, carried as Markdown, so that the UI shows them in place."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

import dagster as dg

from foundation import contracts
from foundation.home import Home


def as_markdown(png: bytes, words: str) -> dg.MarkdownMetadataValue:
    """The picture inside Markdown; `words` are read where it cannot be shown."""
    return dg.MetadataValue.md(f"![{words}](data:image/png;base64,{b64encode(png).decode()})")


def coverage_picture(home: Home) -> dict[str, Any]:
    """The picture of years × sources; nothing when no year is prepared."""
    from extracts.coverage_picture import picture

    table = contracts.read("year_coverage", home.year_coverage())
    return {"picture": as_markdown(picture(table), "Documents by year and source")} if table.num_rows else {}
