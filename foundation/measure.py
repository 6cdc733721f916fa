"""Seconds and peak memory of a stage, in the same words everywhere, so that reports and plots agree; usable cores."""

from __future__ import annotations

import os
import resource
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from weakref import WeakSet


@dataclass(frozen=True)
class StageReport:
    """What a stage did: rows written, seconds, peak memory of the process meanwhile (MB), counts, warnings, table hashes."""

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


#: where Linux tells a process's largest resident size, and where it can be told to measure it anew
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def peak_mb() -> float:
    """Largest resident size of this process since `forget_peak` (elsewhere than on Linux: ever), in MB (10^6 bytes)."""
    if _STATUS.is_file():
        for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def forget_peak() -> None:
    """Measure the largest size from now on: stages share a process, and each is told its own."""
    with suppress(OSError):  # not on Linux, or a container that forbids it: the peak is then the process's
        _CLEAR.write_text("5", encoding="ascii")


def usable_cores() -> int:
    """Cores that this process may use: fewer than the machine has under `taskset` and in containers."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_running: WeakSet[Stopwatch] = WeakSet()


class Stopwatch:
    """Started when made; `report` ends it."""

    def __init__(self, stage: str, partition: str = "") -> None:
        self.stage, self.partition = stage, partition
        self.peak: float = 0.0
        so_far = peak_mb()
        for other in _running:  # a stage that this one is a part of has reached it too
            other.peak = max(other.peak, so_far)
        forget_peak()
        _running.add(self)
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
        _running.discard(self)
        return StageReport(
            self.stage,
            self.partition,
            rows,
            round(self.seconds(), 3),
            round(max(self.peak, peak_mb()), 1),
            counts or {},
            warnings,
            versions or {},
        )
