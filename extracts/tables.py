"""The tables that one reading makes, before they lie in a delivery, and the arithmetic on their rows.

A reading's tables have the contracts' columns without the delivery, and besides `file_no` (which of the files read
together), `publication_year` and, in an article's tables, `position`: what is needed to drop copies and to split by year.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from foundation import contracts

Ints = npt.NDArray[np.int64]

TABLES = (
    "documents",
    "listings",
    "applicants",
    "organisations",
    "ipc",
    "technology_fields",
    "subjects",
    "addresses",
)


@dataclass
class FileCounts:
    """What became of the records of one raw file."""

    records: int = 0
    kept: int = 0
    filtered: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    rejected: int = 0
    listings: int = 0
    seconds: float = 0.0


@dataclass
class Reading:
    """Tables, rejects and counts of files that were read together; `files` is in their order (`file_no` counts in it)."""

    tables: dict[str, pa.Table]
    rejects: pa.Table
    files: list[FileCounts]
    counts: Counter[str] = field(default_factory=Counter)
    notes: dict[str, Any] = field(default_factory=dict)
    deleted: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # numbers of withdrawn documents


def reading_schema(name: str) -> pa.Schema:
    """Columns of the table `name` within a reading."""
    left_out = {"delivery", "file_id", "publication_year", "position"}
    fields = [entry for entry in contracts.contract(name).schema if entry.name not in left_out]
    added = [pa.field("file_no", pa.int32()), pa.field("publication_year", pa.int16())]
    if name in ("documents", "listings", "organisations", "subjects"):
        added.append(pa.field("position", pa.int64()))
    return pa.schema(fields + added)


def empty_tables() -> dict[str, pa.Table]:
    """All tables of a reading without rows."""
    return {name: reading_schema(name).empty_table() for name in TABLES}


def running(groups: Ints) -> Ints:
    """1, 2, 3, … within each run of equal values of `groups`.

    >>> running(np.array([7, 7, 9, 9, 9])).tolist()
    [1, 2, 1, 2, 3]
    """
    if not len(groups):
        return groups
    starts = np.concatenate(([True], groups[1:] != groups[:-1]))
    firsts = np.flatnonzero(starts)
    return np.arange(len(groups)) - np.repeat(firsts, np.diff(np.append(firsts, len(groups)))) + 1


def ranges(starts: Ints, counts: Ints) -> Ints:
    """For each i the numbers starts[i] … starts[i] + counts[i] − 1, one after the other.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    total = int(counts.sum())
    before = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(total) - before + np.repeat(starts, counts)


def ints(column: Any) -> Ints:
    """An Arrow column without nulls as a NumPy array of int64."""
    return np.asarray(
        column.to_numpy(zero_copy_only=False) if isinstance(column, pa.Array) else column.to_numpy(), np.int64
    )
