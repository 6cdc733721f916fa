"""Compile all kernels into numba's cache, once per machine and installation: `python -m clustering.warm`.

Both widths of keys and every step of the clustering are called on small points; what is cached already is only loaded.
The cache lies beside the source, or in NUMBA_CACHE_DIR; where neither can be written nothing is kept, and it says so.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import numpy as np

from clustering import engine, kernels
from clustering.beyond import nearest_cores

WIDE, NARROW = 15.0, 0.01  # km: keys of 32 and of 64 bits


def warm() -> list[str]:
    """Names of the kernels that are still not compiled afterwards; empty if all are."""
    rng = np.random.default_rng(0)
    for eps_km in (WIDE, NARROW):
        spread = eps_km / 111.0
        clumps = rng.normal((0.0, 179.9999), (1.1 * spread, 3.0 * spread), (900, 2))
        points = np.vstack([clumps, clumps[:300] - (0.0, 2.7 * spread)])
        points[:, 1] = (points[:, 1] + 180.0) % 360.0 - 180.0
        engine.first_bad_row(points)
        found = engine.find_clusters(points, np.full(len(points), 2), eps_km, 160)
        nearest_cores(points, np.flatnonzero(found.labels < 0), np.flatnonzero(found.is_core), 1)
    return [name for name, kernel in _entries().items() if not kernel.signatures]


def _entries() -> dict[str, Any]:
    """Kernels that Python calls; the others are compiled into these."""
    return {name: getattr(kernels, name) for name in kernels.ENTRIES}


def main() -> None:
    """Compile, and say where the result lies."""
    start = time.perf_counter()
    missing = warm()
    cached = all(kernel.stats.cache_path for kernel in _entries().values())
    where = (
        "in numba's cache" if cached else "compiled, but no cache directory can be written (NUMBA_CACHE_DIR)"
    )
    print(f"clustering's kernels are {where} after {time.perf_counter() - start:.1f} s")  # noqa: T201
    if missing:
        sys.exit(f"not compiled: {', '.join(missing)}")


if __name__ == "__main__":
    main()
