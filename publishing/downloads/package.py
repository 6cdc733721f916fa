"""`datapackage.json`: every CSV with the type, unit and meaning of each column (Data Package 2.0)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from publishing import credits, dictionary
from publishing.downloads.about import about_release
from publishing.reading import Release

if TYPE_CHECKING:
    import pyarrow as pa

FILE = "datapackage.json"
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"


def descriptor(release: Release, tables: list[dict[str, Any]], bom: bool = False) -> str:
    """The package's JSON; `tables` are the catalogue's entries, of which those with a CSV file are resources."""
    about = about_release(release)
    found = {
        "$schema": _SCHEMA,
        "name": "stclusters-"
        + "".join(letter if letter.isalnum() else "-" for letter in about["edition"].lower()),
        "title": about["title"] + (" (SIMULATED)" if release.simulated else ""),
        "description": (
            f"{about['data']}. {about['cite']} Text cells of CSV files that begin with = + - @, tab or a line break have a "
            "leading apostrophe; Parquet files hold the raw text."
        ),
        "version": about["build"],
        "simulated": release.simulated,
        "sources": [
            {"title": f"{one.what}: {one.source}", **({"path": one.address} if one.address else {})}
            for one in credits.credits(release.settings)
        ],
        "resources": [_resource(release, table, bom) for table in tables if release.has(table["name"])],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _resource(release: Release, table: dict[str, Any], bom: bool) -> dict[str, Any]:
    (file,) = [file for file in table["files"] if file["name"].endswith(".csv")]
    schema = release.table(table["name"]).schema
    # the second is how Frictionless 5 reads the first; without it a list's semicolons are taken for the delimiter
    dialect: dict[str, Any] = {"delimiter": ",", "csv": {"delimiter": ","}}
    if release.simulated:
        dialect |= {"commentChar": "#", "headerRows": [2]}
    return {
        "name": table["name"].replace("_", "-"),
        "path": file["name"],
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if bom else "utf-8",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "description": table["grain"],
        "dialect": dialect,
        "schema": {"fields": _fields(table["name"], schema), "missingValues": [""]},
    }


def _fields(name: str, schema: pa.Schema) -> list[dict[str, Any]]:
    import pyarrow as pa

    found = []
    for entry, field in zip(dictionary.entries(name, schema), schema, strict=True):
        if pa.types.is_binary(field.type):
            continue
        said: dict[str, Any] = {"name": entry.column, "type": kind(field.type)}
        if entry.meaning:
            said["description"] = entry.meaning
        if entry.unit:
            said["unit"] = entry.unit
        found.append(said)
    return found


def kind(type_: pa.DataType) -> str:
    """The Table Schema type of a column; lists are text in CSV."""
    import pyarrow as pa

    if pa.types.is_boolean(type_):
        return "boolean"
    if pa.types.is_integer(type_):
        return "integer"
    if pa.types.is_floating(type_) or pa.types.is_decimal(type_):
        return "number"
    return "date" if pa.types.is_date(type_) else "string"
