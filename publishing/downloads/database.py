"""All tables as one DuckDB file, to be asked in SQL without reading anything in first; comments say what each holds.

Its bytes are not the same twice; its content is, and a file that holds this build is left alone.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from publishing import dictionary
from publishing.downloads.about import about_release
from publishing.folder import Folder
from publishing.reading import Release

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE = "stclusters.duckdb"


def put(release: Release, folder: Folder, names: list[str]) -> None:
    """The database of the tables `names` in `folder`, with a table `about` of what it is."""
    about = about_release(release)
    path = folder.root / FILE
    if path.is_file() and _about(path) == about:
        folder.adopt(FILE)
        return
    with tempfile.TemporaryDirectory() as place:
        made = Path(place) / FILE
        _make(release, made, names, about)
        folder.put(FILE, made.read_bytes())


def _make(release: Release, file: Path, names: list[str], about: dict[str, str]) -> None:
    import duckdb

    with duckdb.connect(str(file), config={"threads": 1}) as base:
        base.execute("create table about (key varchar, value varchar)")
        base.executemany("insert into about values (?, ?)", sorted(about.items()))
        _comment(base, "table about", "What this file is: one row per fact about the edition and its build.")
        _comment(base, "column about.key", "What is told")
        _comment(base, "column about.value", "As text")
        for name in sorted(names):
            base.execute(
                f'create table "{name}" as select * from read_parquet(?)',
                [str(release.folder / f"{name}.parquet")],
            )
            _comment(base, f'table "{name}"', dictionary.grain(name))
            for entry in dictionary.entries(name, release.table(name).schema):
                said = entry.meaning + (f" ({entry.unit})" if entry.unit else "")
                _comment(base, f'column "{name}"."{entry.column}"', said)


def _comment(base: DuckDBPyConnection, what: str, said: str) -> None:
    """Put a text beside a table or column; `comment on` takes no parameters."""
    text = said.replace("'", "''")
    base.execute(f"comment on {what} is '{text}'")


def _about(file: Path) -> dict[str, str] | None:
    import duckdb

    try:
        with duckdb.connect(str(file), read_only=True) as base:
            return dict(base.execute("select key, value from about").fetchall())
    except duckdb.Error:
        return None  # damaged or another version's: written again
