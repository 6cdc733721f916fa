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
        tables |= {name: _read(folder / f"{name}.arrow") for name in kept["tables"]}
        rejects = _read(folder / "rejects.arrow")
        deleted = _read(folder / "deleted.arrow")["document_no"].to_numpy()
    except (OSError, pa.ArrowInvalid, ValueError, KeyError):
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
            _write(table, part / f"{name}.arrow")
        note = {
            "tables": sorted(filled),
            "file": vars(reading.files[0]),
            "counts": reading.counts,
            "notes": reading.notes,
        }
        (part / _NOTE).write_text(json.dumps(note, sort_keys=True), encoding="utf-8")


def _write(table: pa.Table, file: Path) -> None:
    """Arrow's own form, lightly packed: written in a fifth of Parquet's time, and read only by us."""
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.OSFile(str(file), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)


def _read(file: Path) -> pa.Table:
    with pa.OSFile(str(file), "rb") as source:
        return pa.ipc.open_file(source).read_all()


def forget(root: Path, keep: Iterable[str]) -> None:
    """Remove readings below `root` that are not named in `keep`."""
    wanted = set(keep)
    if root.is_dir():
        for entry in root.iterdir():
            if entry.name not in wanted:
                shutil.rmtree(entry, ignore_errors=True)
