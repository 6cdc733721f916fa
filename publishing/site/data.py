"""The data page: every file with size, rows and the meaning of its columns, and how to load one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from publishing import dictionary
from publishing.downloads import CATALOGUE, GROUPS
from publishing.folder import SUMS
from publishing.language import say
from publishing.reading import Release
from publishing.site.page import Page

#: the outlines once more as a script: a folder opened by double-click can fetch nothing, and a Blob is saved
GEOJSON = "clusters-geojson.js"


def build(_: Release, downloads: Path) -> Page:
    """The page; sizes and rows come from the catalogue that lies with the downloads."""
    catalogue = json.loads((downloads / CATALOGUE).read_text(encoding="utf-8"))
    groups = [
        {"title": say(title), "tables": [table for table in catalogue["tables"] if table["group"] == name]}
        for name, title in GROUPS.items()
    ]
    values = {
        "groups": [group for group in groups if group["tables"]],
        "others": [{**file, "what": say(what)} for file in catalogue["others"] for what in [file["what"]]],
        "sums": (downloads / SUMS).stat().st_size,
        "beside": {},
        "dictionary": [_described(downloads, table) for table in catalogue["tables"]],
    }
    text = json.dumps((downloads / "clusters.geojson").read_text(encoding="utf-8"), ensure_ascii=False)
    text = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    files = {GEOJSON: f"window.STCLUSTERS_GEOJSON={text};\n".encode()}
    return Page("data.html", say("Data"), say("Files to download"), "data.html", values, files)


def weighed(page: Page, beside: Mapping[str, int]) -> Page:
    """The page with the sizes of the files that are made of other pages."""
    return replace(page, values={**page.values, "beside": beside})


def _described(downloads: Path, table: dict[str, Any]) -> dict[str, Any]:
    import pyarrow.parquet as pq

    schema = pq.read_schema(downloads / table["files"][0]["name"])
    return {**table, "columns": dictionary.entries(table["name"], schema)}
