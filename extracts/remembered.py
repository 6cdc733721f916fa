"""Readings of single files, kept so that only changed files are read again and a killed run continues.

They lie in the home's cache, one folder each, named by what decides the result: the file's content, the reader's
version and the reader settings. Deleting the cache costs time and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from extracts.detect import Payload
from extracts.tables import FileCounts, Reading, empty_tables
from foundation.atomic import new_folder
from foundation.errors import StclustersError
from foundation.parquet import read_table, to_bytes

_NOTE = "reading.json"  # written last within its folder


def key_of(payload: Payload, version: str, settings_hash: str) -> str:
    """Name of a payload's reading."""
    text = json.dumps([payload.sha256, payload.chain, payload.format, version, settings_hash])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def recall(folder: Path) -> Reading | None:
    """The reading kept in `folder`; None when there is none, or not a whole one."""
    note = folder / _NOTE
    if not note.is_file():
        return None
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        tables = empty_tables()
        tables |= {name: read_table(folder / f"{name}.parquet") for name in kept["tables"]}
        rejects = read_table(folder / "rejects.parquet")
        deleted = read_table(folder / "deleted.parquet")["document_no"].to_numpy()
    except (StclustersError, ValueError, KeyError):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    counts = FileCounts(**{**kept["file"], "filtered": Counter(kept["file"]["filtered"])})
    return Reading(tables, rejects, [counts], Counter(kept["counts"]), kept["notes"], deleted)


def remember(folder: Path, reading: Reading) -> None:
    """Keep a reading of one file in `folder`, whole or not at all."""
    with new_folder(folder) as part:
        filled = {name: table for name, table in reading.tables.items() if table.num_rows}
        others = {"rejects": reading.rejects, "deleted": pa.table({"document_no": reading.deleted})}
        for name, table in {**filled, **others}.items():
            (part / f"{name}.parquet").write_bytes(to_bytes(table))
        note = {
            "tables": sorted(filled),
            "file": vars(reading.files[0]),
            "counts": reading.counts,
            "notes": reading.notes,
        }
        (part / _NOTE).write_text(json.dumps(note, sort_keys=True), encoding="utf-8")


def forget(root: Path, keep: Iterable[str]) -> None:
    """Remove readings below `root` that are not named in `keep`."""
    wanted = set(keep)
    if root.is_dir():
        for entry in root.iterdir():
            if entry.name not in wanted:
                shutil.rmtree(entry, ignore_errors=True)
