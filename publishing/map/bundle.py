"""The browser code that set-up bundled from `web/src`; absent where set-up had no Node."""

from __future__ import annotations

from pathlib import Path

from publishing.map.coast import BUILT

ABSENT = (
    "The map is a picture only: its browser code is not built (make setup builds it where Node is at hand)."
)


def read(name: str, folder: Path = BUILT) -> bytes | None:
    """The bundled script `name`, or nothing."""
    file = folder / name
    return file.read_bytes() if file.is_file() else None
