"""All files as one zip whose bytes depend on nothing but theirs: sorted names, one date, one mode."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

#: files that are packed already
_STORED = (".parquet", ".geoparquet", ".xlsx", ".zip", ".png")
_LEVEL = 6


def packed(root: Path, names: list[str], top: str) -> bytes:
    """The files `names` of `root` in a folder `top`."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in sorted(names):
            entry = zipfile.ZipInfo(f"{top}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_STORED) else zipfile.ZIP_DEFLATED
            archive.writestr(entry, (root / name).read_bytes(), compresslevel=_LEVEL)
    return held.getvalue()
