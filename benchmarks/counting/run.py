"""Seconds of each model and peak memory of counting a synthetic edition, beside the same core sums in Polars.

    python benchmarks/counting/run.py [--scale 0.1] [--memory 12GB] [--threads 2] [--folder DIR] [--shuffled]
                                      [--peers-only] [--rounds 5] [--sums ABCD]

Scale 1 is a full edition. Time per listing should not grow with the scale. The engines take turns; medians of the
rounds are compared. A ratio to Polars of 1 or more means that DuckDB is as fast or faster in the same run. The digest over all tables must be the same for any threads, memory and
order of the lake's rows. What others took of the processors meanwhile is told: with more than a few per cent the
seconds are theirs as well.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.counting import lake as lakes
from foundation.home import dbt_project_folder

SHOWN = 20


@dataclass
class Built:
    """What one call of dbt took, and the most that it wrote beside its memory."""

    tag: str
    seconds: float
    spilled: int
    nodes: list[tuple[float, str]]


def dbt(lake: lakes.Lake, tag: str, memory: str, threads: int) -> Built:
    """Build and test what carries a tag, as an edition does."""
    warehouse = lake.home.warehouse(lakes.EDITION)
    project, target = str(dbt_project_folder()), warehouse / "target"
    lake.home.temporary().mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ, "STCLUSTERS_MEMORY": memory, "STCLUSTERS_THREADS": str(threads), "DBT_LOG_PATH": str(warehouse / "logs"),
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--select", f"tag:{tag}", "--exclude-resource-type", "unit_test",
        "--project-dir", project, "--profiles-dir", project, "--target-path", str(target),
    ]  # fmt: skip
    start, spilled = time.perf_counter(), 0
    with subprocess.Popen(
        command, env=environment, cwd=warehouse, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        while process.poll() is None:
            spilled = max(spilled, size_of(lake.home.temporary()))
            time.sleep(0.1)
        output = process.stdout.read() if process.stdout else ""
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(output[-4000:])
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = [(row["execution_time"], row["unique_id"].split(".", 2)[2]) for row in results]
    kinds = [row["unique_id"].split(".")[0] for row in results]
    nodes = [
        (took, f"{'test ' if kind == 'test' else ''}{name}")
        for (took, name), kind in zip(nodes, kinds, strict=True)
    ]
    return Built(tag, seconds, spilled, nodes)


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder, some of which may go meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def busy() -> float:
    """Seconds that all processors together have worked since the machine started."""
    ticks = [int(one) for one in Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]]
    return (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")


def digest(lake: lakes.Lake) -> str:
    """One hash over the bytes of all tables that counting wrote."""
    found = hashlib.sha256()
    for path in sorted(lake.home.warehouse(lakes.EDITION).glob("*.parquet")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()[:16]


def peer(engine: str, lake: lakes.Lake, threads: int, sums: str) -> list[tuple[str, float, float]]:
    """Name of each sum and formulation, its seconds on the clock and of the processors, in a process of its own."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    script = str(Path(__file__).with_name("peers.py"))
    command = [sys.executable, script, engine, str(lake.home.root), str(threads), *sums]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return [(name, clock, processors) for name, clock, processors, _ in rows]


def compare(lake: lakes.Lake, threads: int, rounds: int, sums: str) -> None:
    """Medians of the core sums in both engines, which take turns; Polars by its fastest formulation."""
    peer("export", lake, threads, "")
    times: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for _ in range(rounds):
        for engine in ("duckdb", "polars"):
            for name, *seconds in peer(engine, lake, threads, sums):
                what, _, how = name.partition("/")
                times.setdefault(what, {}).setdefault(how or engine, []).append((seconds[0], seconds[1]))
    print(f"{'medians of ' + str(rounds) + ' rounds':30} DuckDB, Polars on the clock; of the processors")
    for what, ways in sorted(times.items()):
        told = []
        for part in (0, 1):
            medians = {way: statistics.median(one[part] for one in runs) for way, runs in ways.items()}
            ours = medians.pop("duckdb")
            way = min(medians, key=lambda one: medians[one])
            ratio = medians[way] / ours
            told.append(f"{ours:6.2f} s {medians[way]:6.2f} s ({way}) ratio {ratio:.2f}")
        print(f"{what:30} {'; '.join(told)}")


def report(built: list[Built], listings: int, others: float) -> None:
    """Seconds of the slowest models and of all, peaks of memory and spilling."""
    nodes = [node for one in built for node in one.nodes]
    total = sum(one.seconds for one in built)
    for seconds, name in sorted(nodes, reverse=True)[:SHOWN]:
        print(f"{seconds:8.2f} s  {name[:80]}")
    tests = sum(seconds for seconds, name in nodes if name.startswith("test "))
    models = sum(seconds for seconds, _ in nodes) - tests
    print(f"{models:8.2f} s  all models and seeds together")
    print(f"{tests:8.2f} s  all data tests together")
    print(f"{total - models - tests:8.2f} s  dbt's own: start, parsing, between nodes")
    for one in built:
        spilled = f"spilled up to {one.spilled / 1e9:.2f} GB" if one.spilled else "nothing spilled"
        print(f"{one.seconds:8.2f} s  dbt build tag:{one.tag}, {spilled}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    print(
        f"{total:8.2f} s  in all, of the processors {processor:.1f} s; peak {used.ru_maxrss * 1024 / 1e9:.2f} GB"
    )
    print(
        f"{1e6 * total / listings:8.2f} s  per million listings, {1e6 * models / listings:.2f} s in models alone"
    )
    print(
        f"{others - processor:8.2f} s  of the processors went to others meanwhile ({(others - processor) / total / (os.cpu_count() or 1):.0%})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--memory", default="12GB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("bench-counting"))
    parser.add_argument("--shuffled", action="store_true", help="a lake whose rows are in no order")
    parser.add_argument("--peers-only", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sums", default="ABCD", help="first letters of the sums that are compared")
    parser.add_argument("--lake-only", action="store_true")
    chosen = parser.parse_args()
    start = time.perf_counter()
    lake = lakes.make(chosen.folder.resolve(), chosen.scale, chosen.shuffled)
    listings = int(sum(number * mean for number, mean in lakes.FULL.values()) * chosen.scale)
    print(f"lake of {listings:,} listings ready after {time.perf_counter() - start:.0f} s")
    if chosen.lake_only:
        return
    if not chosen.peers_only:
        before = busy()
        built = [dbt(lake, "points", chosen.memory, chosen.threads)]
        lakes.cluster(lake)
        built += [dbt(lake, tag, chosen.memory, chosen.threads) for tag in ("counting", "marts")]
        report(built, listings, busy() - before)
        print(f"digest of all tables: {digest(lake)}")
    compare(lake, chosen.threads, chosen.rounds, chosen.sums)


if __name__ == "__main__":
    main()
