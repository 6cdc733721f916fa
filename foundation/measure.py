"""Seconds and peak memory of a stage, in the same words everywhere, so that reports and plots agree; usable cores."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class StageReport:
    """What a stage did: rows written, seconds, peak memory of the process (MB), counts, warnings, table hashes."""

    stage: str
    partition: str = ""
    rows: int = 0
    seconds: float = 0.0
    peak_mb: float = 0.0
    counts: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def rows_per_second(self) -> float:
        """Rows per second of the stage, 0 when nothing was timed."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0


def peak_mb() -> float:
    """Largest resident size of this process so far, in MB (10^6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def usable_cores() -> int:
    """Cores that this process may use: fewer than the machine has under `taskset` and in containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Stopwatch:
    """Started when made; `report` ends it."""

    def __init__(self, stage: str, partition: str = "") -> None:
        self.stage, self.partition = stage, partition
        self._start = time.perf_counter()

    def seconds(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._start

    def report(
        self,
        rows: int,
        counts: dict[str, Any] | None = None,
        warnings: tuple[str, ...] = (),
        versions: dict[str, str] | None = None,
    ) -> StageReport:
        """The report of the stage that ends now."""
        return StageReport(
            self.stage,
            self.partition,
            rows,
            round(self.seconds(), 3),
            round(peak_mb(), 1),
            counts or {},
            warnings,
            versions or {},
        )
