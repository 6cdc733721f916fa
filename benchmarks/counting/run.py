"""Seconds of each model and peak memory of counting a synthetic edition, beside the same core sums in Polars.

    python benchmarks/counting/run.py [--scale 0.1] [--memory 12GB] [--threads 2] [--folder DIR] [--peers-only]

Scale 1 is a full edition. Time per listing should not grow with the scale; a ratio to Polars of 1 or more means that
DuckDB is as fast or faster in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.counting import lake as lakes
from foundation.home import dbt_project_folder

SHOWN_MODELS = 20


def dbt(lake: lakes.Lake, tag: str, memory: str, threads: int) -> list[tuple[float, str]]:
    """Seconds and name of what dbt built under a tag; the call's own seconds come last."""
    warehouse = lake.home.warehouse(lakes.EDITION)
    project, target = str(dbt_project_folder()), warehouse / "target"
    environment = {
        **os.environ, "STCLUSTERS_LAKE": str(lake.home.lake_root()), "STCLUSTERS_WAREHOUSE": str(warehouse),
        "STCLUSTERS_TEMP": str(lake.home.temporary()), "STCLUSTERS_MEMORY": memory, "STCLUSTERS_THREADS": str(threads),
        "DBT_LOG_PATH": str(warehouse / "logs"),
    }  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "dbt"), "--quiet", "build", "--select", f"tag:{tag}", "--exclude-resource-type", "unit_test",
        "--project-dir", project, "--profiles-dir", project, "--target-path", str(target),
    ]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stdout[-4000:] + done.stderr[-2000:])
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    return [
        *((row["execution_time"], row["unique_id"]) for row in results),
        (seconds, f"dbt build tag:{tag}"),
    ]


def peer(engine: str, lake: lakes.Lake, threads: int) -> dict[str, float]:
    """Seconds of the three core sums in a process of its own."""
    environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
    command = [
        sys.executable,
        str(Path(__file__).with_name("peers.py")),
        engine,
        str(lake.home.root),
        str(threads),
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def report(built: list[tuple[float, str]], listings: int) -> None:
    calls = [row for row in built if row[1].startswith("dbt build")]
    total = sum(seconds for seconds, _ in calls)
    for seconds, name in sorted((row for row in built if row not in calls), reverse=True)[:SHOWN_MODELS]:
        print(
            f"{seconds:8.2f} s  {name.removeprefix('model.stclusters.').removeprefix('test.stclusters.')[:80]}"
        )
    tests = sum(seconds for seconds, name in built if name.startswith("test."))
    print(f"{tests:8.2f} s  all data tests together")
    for seconds, name in calls:
        print(f"{seconds:8.2f} s  {name}")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = used.ru_utime + used.ru_stime
    print(
        f"{total:8.2f} s  in all, of the processors {processor:.1f} s; peak {used.ru_maxrss * 1024 / 1e9:.2f} GB"
    )
    print(
        f"{1e6 * total / listings:8.2f} s  per million listings, of the processors {1e6 * processor / listings:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scale", type=float, default=0.1)
    parser.add_argument("--memory", default="12GB")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("bench-counting"))
    parser.add_argument("--peers-only", action="store_true")
    parser.add_argument("--lake-only", action="store_true")
    chosen = parser.parse_args()
    start = time.perf_counter()
    lake = lakes.make(chosen.folder / f"{chosen.scale:g}", chosen.scale)
    listings = int(sum(number * mean for number, mean in lakes.FULL.values()) * chosen.scale)
    print(f"lake of {listings:,} listings ready after {time.perf_counter() - start:.0f} s")
    if chosen.lake_only:
        return
    if not chosen.peers_only:
        built = dbt(lake, "points", chosen.memory, chosen.threads)
        lakes.cluster(lake)
        built += dbt(lake, "counting", chosen.memory, chosen.threads)
        built += dbt(lake, "marts", chosen.memory, chosen.threads)
        report(built, listings)
    ours, theirs = peer("duckdb", lake, chosen.threads), peer("polars", lake, chosen.threads)
    for name, seconds in ours.items():
        print(
            f"{name:40} DuckDB {seconds:6.2f} s  Polars {theirs[name]:6.2f} s  ratio {theirs[name] / seconds:.2f}"
        )


if __name__ == "__main__":
    main()
