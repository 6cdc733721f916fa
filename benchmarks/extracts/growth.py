"""Memory of reading processes against the file's size, two processes against one, and the rate on a large file.

    python -m benchmarks.extracts.growth [--small MB] [--large MB] [--world MB] [FORMAT … | patstat | processes | world]

Each file is read in a process of its own, whose peak is what the system says of it. `world` reads tagged text of
`--world` MB and says what 7.5 million articles of its mean length would take: an extrapolation, and said to be one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.extracts import corpus, patents
from benchmarks.extracts.readers import ours

READERS = {"tagged": "wos_tagged", "tab": "wos_tab", "xml": "wos_xml", "openalex": "openalex"}
MOST_MB, MOST_GROWTH, LEAST_GAIN, WORLD, WORLD_SECONDS = 300, 1.1, 1.6, 7_500_000, 300


def _turn(module: str, path: Path, results: Any) -> None:
    import pyarrow as pa

    pa.set_cpu_count(1)
    start = time.process_time()
    rows = ours(module)(path)
    results.put((time.process_time() - start, rows, patents.peak_mb()))


def read_alone(module: str, path: Path) -> tuple[float, int, float]:
    """CPU seconds, listings and peak MB of reading a file in a process of its own."""
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    process = context.Process(target=_turn, args=(module, path, results))
    process.start()
    found: tuple[float, int, float] = results.get()
    process.join()
    return found


def _judged(what: str, small: float, large: float, most: float | None) -> bool:
    good = large <= MOST_GROWTH * small and (most is None or large <= most)
    print(
        f"{what:10} {small:6.0f} MB, {large:6.0f} MB: {large / small:.2f} times{'' if good else '   over the limit'}",
        flush=True,
    )
    return good


def memory(name: str, folder: Path, small: int, large: int) -> bool:
    """Peaks of reading a small and a large file of a format."""
    peaks = []
    for size in (small, large):
        path = folder / f"{name}-{size}"
        getattr(corpus, name)(path, size * 1_000_000)
        peaks.append(read_alone(READERS[name], path)[2])
        path.unlink()
    return _judged(name, peaks[0], peaks[1], MOST_MB)


def patstat(folder: Path) -> bool:
    """Peaks of reading 300 MB and 1,200 MB of PATSTAT."""
    peaks = []
    for size in (300, 1200):
        place = folder / f"patstat-{size}"
        place.mkdir()
        patents.corpus(place, size, 4.0)
        peaks.append(patents.measured(patents.ours, place)[2])
        for file in place.iterdir():
            file.unlink()
    return _judged("patstat", peaks[0], peaks[1], None)


def processes(folder: Path, size: int) -> bool:
    """Wall time of a delivery of four files with one process and with two."""
    from extracts.stage import read_delivery, register_delivery
    from foundation.home import Home
    from foundation.settings import Edition, Limits, Settings

    raw = folder / "raw"
    raw.mkdir()
    records = 0  # other ids in each file: a file like another is read once
    for number in range(4):
        records += corpus.tagged(raw / f"part{number}.txt", size * 1_000_000, records)
    seconds = []
    for count in (1, 2):
        limits = Limits(processes=count)
        settings = Settings(editions={"any": Edition(pct_years=[2020], sci_years=[2020])}, limits=limits)
        home = Home(folder / f"home{count}")
        key = register_delivery(home, "sci", raw)
        start = time.perf_counter()
        read_delivery(home, settings, key, lambda _: None)
        seconds.append(time.perf_counter() - start)
    gain = seconds[0] / seconds[1]
    good = gain >= LEAST_GAIN
    print(
        f"processes  one {seconds[0]:.1f} s, two {seconds[1]:.1f} s: {gain:.2f} times{'' if good else '   below its floor'}"
    )
    return good


def world(folder: Path, size: int) -> bool:
    """Seconds of the bare reader on a large file of tagged text, and for the world's articles."""
    path = folder / "world.txt"
    records = corpus.tagged(path, size * 1_000_000)
    seconds, rows, peak = read_alone("wos_tagged", path)
    whole = seconds * WORLD / records
    print(
        f"world      {path.stat().st_size / 1e6:,.0f} MB, {records:,} records, {rows:,} listings: {seconds:.1f} s, {peak:.0f} MB"
    )
    good = whole <= WORLD_SECONDS
    print(f"world      {WORLD:,} articles: {whole:.0f} s, extrapolated{'' if good else '   over the limit'}")
    path.unlink()
    return good


def main() -> int:
    """1 when anything is over its limit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", nargs="*", default=[*READERS, "patstat", "processes", "world"])
    parser.add_argument("--small", type=int, default=150)
    parser.add_argument("--large", type=int, default=1200)
    parser.add_argument("--world", type=int, default=2000)
    parser.add_argument("--scratch", help="Folder for the files.")
    given = parser.parse_args()
    good = True
    for what in given.what:
        with tempfile.TemporaryDirectory(dir=given.scratch) as scratch:
            folder = Path(scratch)
            if what == "patstat":
                good &= patstat(folder)
            elif what == "processes":
                good &= processes(folder, 2 * given.small)
            elif what == "world":
                good &= world(folder, given.world)
            else:
                good &= memory(what, folder, given.small, given.large)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
