"""Parquet as we write it: Zstandard, whole or absent, the same bytes for the same rows; and the hash that names them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from foundation.atomic import new_file, write_bytes
from foundation.errors import MissingData, StclustersError

if TYPE_CHECKING:
    import pyarrow as pa

ROW_GROUP = 250_000


def write_batches(
    batches: Iterable[pa.RecordBatch | pa.Table],
    schema: pa.Schema,
    path: Path,
    metadata: Mapping[str, str] | None = None,
) -> int:
    """Rows written to `path`, in the order given, with `metadata` (text to text) in the file's footer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if metadata:
        schema = schema.with_metadata(
            {**(schema.metadata or {}), **{k.encode(): v.encode() for k, v in metadata.items()}}
        )
    rows = 0
    with (
        new_file(path) as part,
        pq.ParquetWriter(part, schema, compression="zstd", write_statistics=True) as writer,
    ):
        for batch in batches:
            table = batch if isinstance(batch, pa.Table) else pa.Table.from_batches([batch])
            writer.write_table(
                table.cast(schema) if table.schema != schema else table, row_group_size=ROW_GROUP
            )
            rows += table.num_rows
    return rows


def write_table(table: pa.Table, path: Path, metadata: Mapping[str, str] | None = None) -> int:
    """Rows of `table` written to `path`."""
    return write_batches([table.combine_chunks()], table.schema, path, metadata)


def to_bytes(table: pa.Table, light: bool = False) -> bytes:
    """The bytes of the file that `table` makes: to compare before writing, or to write where nobody reads yet.

    `light`: for what is read once more and then no longer needed. LZ4, numbers without dictionaries, no statistics: twice
    the size at most, in a third of the time.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = [entry.name for entry in table.schema if pa.types.is_string(entry.type)]
    options = (
        {"compression": "lz4", "use_dictionary": texts, "write_statistics": False}
        if light
        else {"compression": "zstd", "write_statistics": True}
    )
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(sink, table.schema, **options) as writer:
        writer.write_table(table.combine_chunks(), row_group_size=ROW_GROUP)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def write_changed(table: pa.Table, path: Path) -> str:
    """Hash (as `file_hash`) of the file at `path` after `table` was written there; an equal file is left untouched."""
    content = to_bytes(table)
    made = hashlib.sha256(content).hexdigest()[:16]
    if not (path.is_file() and path.stat().st_size == len(content) and file_hash(path) == made):
        write_bytes(path, content)
    return made


def count_rows(path: Path) -> int:
    """Rows of the file at `path`, from its footer."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def read_table(path: Path, columns: list[str] | None = None) -> pa.Table:
    """The rows of `path`; a missing or damaged file is named in a sentence."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    if not path.is_file():
        # a table of parts is a folder, and a yearly one a folder of folders
        kinds = [one for one in (path.stem, *(up.name for up in path.parents)) if "=" not in one]
        table = next(one for one in kinds if not one.startswith("part-"))
        raise MissingData(
            f"The table {table} is not there yet.",
            "Run the stage that writes it first: stclusters run.",
            str(path),
        )
    try:
        # partitioning=None: the folder name publication_year=2019 is ours to read, not Arrow's
        return pq.read_table(path, columns=columns, partitioning=None)
    except (pa.ArrowInvalid, pa.ArrowException, OSError) as fault:
        raise StclustersError(
            f"The file {path.name} is damaged: {fault}.",
            "Delete it and run the stage that writes it again.",
            str(path),
        ) from fault


def file_hash(path: Path) -> str:
    """First 16 hex digits of the SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:16]
