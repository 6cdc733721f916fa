"""Readers against their peers, in one run on one core: seconds of CPU, MB/s and ratios, medians of several rounds.

    python -m benchmarks.extracts.readers [--size MB] [--rounds N] [FORMAT …]

The corpora are complete records of the shared samples repeated with new ids (corpus.py); nothing but ratios within one
run means anything. A ratio below its floor is printed with a mark and makes the exit code 1.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.extracts import corpus, peers

FLOORS = {"tagged": 5.0, "tab": 4.0, "xml": 1.8, "openalex": 1.8, "xls": 0.8}
FULL_WAY = 0.6

#: why a peer's rows are not ours, where they are not; any other difference is an error
UNLIKE = {
    "python-calamine alone": "it stops at the rows of the sheet",
}


def ours(module: str) -> Callable[[Path], int]:
    """Documents and listings by our reader, as Arrow columns."""

    def run(path: Path) -> int:
        from importlib import import_module

        reader = import_module(f"extracts.formats.{module}")
        with path.open("rb") as stream:
            return sum(
                _listings(batch).num_rows for batch in reader.read(stream) if "names" in batch.schema.names
            )

    return run


def _listings(batch: pa.RecordBatch) -> pa.Table:
    """One row per author and address: id, author, address."""
    from extracts.articles import list_authors

    listed = list_authors(batch, share=True)
    names, addresses = batch["names"], batch["addresses"]
    first_name = np.asarray(names.offsets)[:-1][listed.record]
    first_address = np.asarray(addresses.offsets)[:-1][listed.record]
    rows = {
        "id": pa.DictionaryArray.from_arrays(pa.array(listed.record), batch["record_id"]),
        "author": pa.DictionaryArray.from_arrays(pa.array(first_name + listed.person), names.values),
        "address": pa.DictionaryArray.from_arrays(
            pa.array(first_address + listed.address - 1, mask=listed.address == 0), addresses.values
        ),
    }
    return pa.table(rows)


def full_way(path: Path, scratch: Path) -> float:
    """Seconds of CPU of the whole way of a delivery: unpack, read, rules, checks, rejects, tables, Parquet."""
    from extracts.stage import read_delivery, register_delivery
    from foundation.home import Home
    from foundation.settings import Edition, Limits, Settings

    limits = Limits(processes=1)  # one core: a second thread for the writing would only wait for it
    settings = Settings(editions={"any": Edition(pct_years=[2020], sci_years=[2020])}, limits=limits)
    scratch.mkdir()
    raw = scratch / "raw"
    raw.mkdir()
    (raw / path.name).hardlink_to(path)
    home = Home(scratch / "home")
    key = register_delivery(home, "sci", raw)
    start = time.process_time()
    read_delivery(home, settings, key, lambda _: None)
    return time.process_time() - start


def cpu(run: Callable[[Path], int], path: Path) -> tuple[float, int]:
    start = time.process_time()
    rows = run(path)
    return time.process_time() - start, rows


def measure(name: str, path: Path, rounds: int, sides: dict[str, Callable[[Path], int]]) -> float:
    """Median seconds of each side, alternating; prints a line each and returns peer / ours."""
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    rows: dict[str, int] = {}
    for turn in range(rounds + 1):
        for side, run in sides.items():
            taken, rows[side] = cpu(run, path)
            if turn:  # the first turn loads modules and tables
                seconds[side].append(taken)
    size = path.stat().st_size / 1e6
    middle = {side: statistics.median(values) for side, values in seconds.items()}
    for side, value in middle.items():
        print(f"{name:10} {side:28} {value:8.2f} s {size / value:8.0f} MB/s {rows[side]:>12,} rows")
    (name_of_peer, theirs), (_, mine) = rows.items()
    if theirs != mine:
        why = UNLIKE[name_of_peer]
        print(f"{name:10} {theirs - mine:+,} rows of {name_of_peer}: {why}")
    peer, own = middle.values()
    return peer / own


def tagged(path: Path, size: int) -> dict[str, Callable[[Path], int]]:
    corpus.tagged(path, size)
    return {"wosfile": peers.wosfile, "ours": ours("wos_tagged")}


def tab(path: Path, size: int) -> dict[str, Callable[[Path], int]]:
    corpus.tab(path, size)
    return {"wosfile": peers.wosfile, "ours": ours("wos_tab")}


def xml(path: Path, size: int) -> dict[str, Callable[[Path], int]]:
    corpus.xml(path, size)
    return {"lxml iterparse": peers.lxml_iterparse, "ours": ours("wos_xml")}


def openalex(path: Path, size: int) -> dict[str, Callable[[Path], int]]:
    corpus.openalex(path, size)
    return {"orjson": peers.orjson_whole, "ours": ours("openalex")}


def xls(path: Path, size: int) -> dict[str, Callable[[Path], int]]:
    del size
    corpus.xls(path)
    return {"python-calamine alone": peers.calamine, "ours": ours("wos_excel")}


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("formats", nargs="*", default=list(FLOORS))
    parser.add_argument("--size", type=int, default=160, help="MB of each corpus")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    pa.set_cpu_count(1)
    low = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in given.formats:
            path = Path(scratch) / f"{name}.txt"
            sides = globals()[name](path, given.size * 1_000_000)
            ratio = measure(name, path, given.rounds, sides)
            mark = "" if ratio >= FLOORS[name] else "   below its floor"
            print(f"{name:10} ratio {ratio:.2f} (floor {FLOORS[name]}){mark}", flush=True)
            low += [name] if mark else []
            if name == "tagged":
                # side by side, so that what else runs on the machine slows both; the first turn loads modules
                turns = [
                    (cpu(ours("wos_tagged"), path)[0], full_way(path, Path(scratch) / str(turn)))
                    for turn in range(given.rounds + 1)
                ]
                share = statistics.median(bare / whole for bare, whole in turns[1:])
                mark = "" if share >= FULL_WAY else "   below its floor"
                print(
                    f"full way   {share:.2f} of the bare reader's rate (floor {FULL_WAY}){mark}", flush=True
                )
                low += ["full way"] if mark else []
            path.unlink()
    return 1 if low else 0


if __name__ == "__main__":
    sys.exit(main())
