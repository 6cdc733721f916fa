"""Lists of records that are no longer: Web of Science's daily `.del` files, and the merged ids of OpenAlex's snapshot.

A deletion takes away the copies that came before it: in earlier deliveries, and in files before it by path. Positions
are line numbers from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow as pa

from extracts.encoding import line_blocks
from extracts.records import DELETED, rejects

VERSION = "1"
_LINE = re.compile(rb"^\"?([A-Z]{2,10})\"?,\"?([A-Z0-9]{10,20})\"?,\"?Y\"?\s*$")
_MERGED = b"merge_date,id,merge_into_id"
_WORK = re.compile(rb"^[^,]*,(?:https://openalex\.org/)?(W\d+),")


def sniff(head: bytes) -> bool:
    """Whether a payload (its first bytes, as UTF-8 with LF) is such a list."""
    first = head.split(b"\n", 1)[0]
    return first.strip().lower() == _MERGED or _LINE.match(first) is not None


def _id(line: bytes) -> str | None:
    found = _LINE.match(line)
    if found is not None:
        return f"{found.group(1).decode()}:{found.group(2).decode()}"
    work = _WORK.match(line)
    return f"openalex:{work.group(1).decode()}" if work is not None else None


def read(stream: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Deletions (records.DELETED) and rejects (records.REJECTS) of one payload."""
    number = 0
    for block in line_blocks(stream):
        positions: list[int] = []
        ids: list[str] = []
        bad: list[tuple[int, str, str | None, str, bytes, bool]] = []
        for line in block.split(b"\n")[:-1]:
            number += 1
            record_id = _id(line)
            if record_id is not None:
                positions.append(number)
                ids.append(record_id)
            elif line.strip() and line.strip().lower() != _MERGED:
                bad.append((number, "line", None, "no_id", line, True))
        yield pa.RecordBatch.from_arrays(
            [pa.array(positions, pa.int64()), pa.array(ids, pa.string())], schema=DELETED
        )
        if bad:
            yield rejects(bad)
