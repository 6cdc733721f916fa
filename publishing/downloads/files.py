"""Which files an edition offers, and the catalogue of them: sizes, rows, checksums."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from publishing import credits, dictionary
from publishing.downloads import CATALOGUE, GROUPS, archive, csvfile, database, geo, package, workbook
from publishing.downloads.about import citation_file, licence
from publishing.folder import SUMS, Folder, checksums, digest, is_whole
from publishing.language import later
from publishing.reading import Release
from publishing.release import footer

if TYPE_CHECKING:
    import pyarrow as pa

ARCHIVE = "stclusters.zip"
WORKBOOK = "stclusters.xlsx"
_GROUP = {
    "ranking": "ranking",
    "clusters": "ranking",
    "cluster_ranks": "ranking",
    "clusters_geo": "ranking",
    "lineage": "ranking",
    "cluster_years": "time",
    "cluster_counts": "time",
    "cluster_fields": "time",
    "world_totals": "time",
    "points": "places",
    "economies": "places",
    "economy_names": "places",
    "reconciliation": "quality",
    "geocoding_quality": "quality",
    "neighbour_pairs": "quality",
    "edition_settings": "quality",
}
#: outlines come with the clusters as GeoParquet and GeoJSON; land and cities are only for the map
_NOT_OFFERED = ("outlines", "land", "cities")


def write(release: Release, folder: Folder) -> int:
    """Number of files in `folder`; one whose bytes are the same is left alone."""
    names = [name for name in release.build["rows"] if name not in _NOT_OFFERED]
    tables = [_geo(release, folder), *(_table(release, folder, name) for name in names)]
    order = list(GROUPS)
    tables.sort(
        key=lambda table: (
            order.index(table["group"]),
            list(_GROUP).index(table["name"]) if table["name"] in _GROUP else 99,
            table["name"],
        )
    )
    others = _others(release, folder, tables)
    said = {"build": release.build["build"], "bom": folder.bom, "tables": tables, "others": others}
    folder.put(CATALOGUE, json.dumps(said, indent=1, sort_keys=True) + "\n")
    folder.tidy()
    folder.put(SUMS, checksums(folder.root))
    return len(others) + sum(len(table["files"]) for table in tables) + 2


def complete(release: Release, root: Path, bom: bool = False) -> bool:
    """Whether the downloads of this build lie whole in `root`, their CSV with or without a byte order mark."""
    catalogue = root / CATALOGUE
    if not catalogue.is_file() or not is_whole(root):
        return False
    found = json.loads(catalogue.read_text(encoding="utf-8"))
    return bool(found.get("build") == release.build["build"] and found.get("bom") == bom)


def _table(release: Release, folder: Folder, name: str) -> dict[str, Any]:
    table = release.table(name)
    folder.put(f"{name}.parquet", (release.folder / f"{name}.parquet").read_bytes())
    folder.put(f"{name}.csv", csvfile.text(table, release.simulated))
    files = [_file(folder, f"{name}.parquet", "Parquet"), _file(folder, f"{name}.csv", "CSV")]
    return _entry(name, len(table), files)


def _geo(release: Release, folder: Folder) -> dict[str, Any]:
    rows = geo.table(release)
    metadata = footer(release.build, release.settings, "clusters_geo")
    metadata["geo"] = geo.geoparquet_metadata(rows["geometry"])
    folder.put("clusters.geoparquet", _parquet(rows, metadata))
    mark = csvfile.SIMULATED_LINE.lstrip("# ").strip() + ". " if release.simulated else ""
    folder.put("clusters.geojson", geo.geojson(rows, mark + metadata["cite"]))
    files = [_file(folder, "clusters.geoparquet", "GeoParquet"), _file(folder, "clusters.geojson", "GeoJSON")]
    layer = geo.geopackage(rows, mark + metadata["cite"])
    if layer is not None:
        folder.put("clusters.gpkg", layer)
        files.append(_file(folder, "clusters.gpkg", "GeoPackage"))
    return _entry("clusters_geo", len(rows), files)


def _parquet(table: pa.Table, metadata: dict[str, str]) -> bytes:
    import pyarrow.parquet as pq

    held = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(metadata), held, compression="zstd")
    return held.getvalue()


def _entry(name: str, rows: int, files: list[dict[str, Any]]) -> dict[str, Any]:
    group = _GROUP.get(name, "rest")
    return {"name": name, "group": group, "grain": dictionary.grain(name), "rows": rows, "files": files}


def _file(folder: Folder, name: str, form: str) -> dict[str, Any]:
    path = folder.root / name
    return {
        "name": name,
        "form": form,
        "bytes": path.stat().st_size,
        "sha256": "" if name == database.FILE else digest(path),
    }


def _others(release: Release, folder: Folder, tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    build = release.build
    named = {key: build[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}
    folder.put("settings.json", (release.folder / "settings.json").read_bytes())
    folder.put("citation.bib", credits.bibtex(**named))
    folder.put("README.txt", _readme(release, tables))
    folder.put("dictionary.csv", csvfile.text(_dictionary(folder, tables), release.simulated))
    folder.put("CITATION.cff", citation_file(release))
    folder.put("LICENCE.txt", licence(release))
    folder.put(package.FILE, package.descriptor(release, tables, folder.bom))
    folder.put(WORKBOOK, workbook.book(release, tables))
    database.put(release, folder, [name for name in release.build["rows"] if name not in _NOT_OFFERED])
    inside = [file["name"] for table in tables for file in table["files"]]
    inside += [
        "settings.json",
        "citation.bib",
        "README.txt",
        "dictionary.csv",
        "CITATION.cff",
        "LICENCE.txt",
        package.FILE,
    ]
    top = f"stclusters-{build['edition']}-{build['build']}"
    folder.put(ARCHIVE, archive.packed(folder.root, [*inside, WORKBOOK], top))
    said = {
        ARCHIVE: later("All files here but the database, with readme, licence and how to cite"),
        WORKBOOK: later("The tables of moderate size as one workbook"),
        database.FILE: later("All tables as one DuckDB file"),
        package.FILE: later("Every column typed and described (Data Package 2.0)"),
        "CITATION.cff": later("How to cite, Citation File Format"),
        "LICENCE.txt": later("Licences of the parts"),
        "README.txt": later("What is here, licences, how to cite"),
        "dictionary.csv": later("Every table and column with unit and meaning"),
        "settings.json": later("All settings of this edition, defaults filled in"),
        "citation.bib": later("How to cite, BibTeX"),
    }
    return [{**_file(folder, name, ""), "what": what} for name, what in said.items()]


def _dictionary(folder: Folder, tables: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = []
    for table in tables:
        schema = pq.read_schema(folder.root / table["files"][0]["name"])
        for entry in dictionary.entries(table["name"], schema):
            files = "; ".join(file["name"] for file in table["files"])
            rows.append([table["name"], files, entry.column, entry.type, entry.unit, entry.meaning])
    columns = ("table", "files", "column", "type", "unit", "meaning")
    return pa.table(
        {name: pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate(columns)}
    )


def _readme(release: Release, tables: list[dict[str, Any]]) -> str:
    build = release.build
    named = {key: build[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}
    said = [release.title, "=" * len(release.title), ""]
    if release.simulated:
        said += ["SIMULATED: every figure here is invented. Do not quote it as fact.", ""]
    said += [
        f"Edition {build['edition']}: {credits.vintage(release.settings)}.",
        f"Settings {build['settings_hash']}, build {build['build']}.",
        "",
        "CSV: UTF-8, comma, header row; text cells that begin with = + - @ have a leading apostrophe.",
        "In a simulated edition the first line begins with # and says so (pandas: comment='#').",
        "Parquet holds the raw text, and edition, build, credits and the mark 'simulated' in its metadata.",
        "",
        "Files",
        *(
            f"  {file['name']}: {table['rows']:,} rows. {table['grain']}"
            for table in tables
            for file in table["files"]
        ),
        "",
        "Sources and licences",
        *(f"  {c.what}: {c.source} ({c.licence})" for c in credits.credits(release.settings)),
        "",
        "How to cite",
        f"  {credits.citation(**named)}",
    ]
    return "\n".join(said) + "\n"
