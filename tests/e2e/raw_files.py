"""Raw files as tests change them: unpacked first."""

import gzip
from pathlib import Path

import zstandard


def unpacked(file: Path) -> bytes:
    """The content of a plain, gzip or zstd file."""
    raw = file.read_bytes()
    if file.suffix == ".gz":
        return gzip.decompress(raw)
    return zstandard.ZstdDecompressor().stream_reader(raw).read() if file.suffix == ".zst" else raw
