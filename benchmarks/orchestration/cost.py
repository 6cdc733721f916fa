"""What a day costs: one changed file of 50 MB to a new edition, a run without a change, a scheduled tick without a change.

    python -m benchmarks.orchestration.cost [--size 50] [--folder DIR]

A simulated world gets one more delivery: tagged articles of one year, `--size` MB, made of its own records under new ids.
Its last record is then taken away, and the same command run again. Seconds are of the clock, with the CPU's beside them;
what is beside the reading, the year and the edition is compared with 30 s.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yaml

from foundation.home import Home
from tests.e2e.raw_files import unpacked

PROGRAM = str(Path(sys.executable).parent / "stclusters")
WINDOWS = {"pct_years": [2021, 2022], "sci_years": [2021, 2022]}
DEFAULTS = {"min_samples": 9, "simulated": True, "world": {"seed": 7, "scale": 0.002}}
#: seconds beside the stages that a changed file may cost, and CPU seconds of a tick that finds nothing to do
BESIDE, TICK = 30.0, 2.0
STAGES = ("extracts", "lake", "geocoding", "points", "clustering", "counting", "marts", "publishing")


@dataclass(frozen=True)
class Run:
    """One call of `stclusters run`: seconds of the clock and of the CPU, and of its stages."""

    wall: float
    cpu: float
    stages: dict[str, float]

    @property
    def beside(self) -> float:
        """Seconds that no stage took."""
        return self.wall - sum(self.stages.get(stage, 0.0) for stage in STAGES)


def run(home: Home, editions: Path) -> Run:
    """Build the edition, as a user does."""
    command = [PROGRAM, "run", "--home", str(home.root), "--edition", "day", "--editions", str(editions)]
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"The run failed: {done.stderr[-2000:]}")
    line = next(
        one for one in (done.stdout + done.stderr).splitlines() if one.startswith("Seconds per stage")
    )
    stages = {name: float(value) for name, value in re.findall(r"(\w+) ([\d.]+)", line.split(":", 1)[1])}
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, stages)


def write_delivery(home: Home, size: int) -> Path:
    """A file of at least `size` bytes: the world's articles of 2021 again and again, each time under new ids."""
    records = []
    for file in sorted(home.raw("sci.simulated").rglob("*2021*")):
        text = unpacked(file).decode().split("\nPT J")[1:]
        records += ["PT J" + record.rsplit("\nEF", 1)[0].rstrip("\n") + "\n\n" for record in text]
    if not records:
        raise SystemExit("The simulated world has no file of 2021.")
    target = home.raw_kind("sci") / "one-large-file" / "export.txt"
    target.parent.mkdir(parents=True)
    with target.open("w", encoding="utf-8") as out:
        written, number = out.write("FN Clarivate Analytics Web of Science\nVR 1.0\n"), 0
        while written < size:
            record = re.sub(
                r"\nUT WOS:\d+",
                f"\nUT WOS:{900000000000000 + number}",
                records[number % len(records)],
                count=1,
            )
            written += out.write(record)
            number += 1
        out.write("EF\n")
    return target


def take_last_away(file: Path) -> None:
    """The file without its last record, written anew."""
    text = file.read_text(encoding="utf-8")
    new = file.with_suffix(".new")
    new.write_text(text[: text.rindex("PT J")] + "EF\n", encoding="utf-8")
    new.replace(file)


def tick(home: Home, editions: Path) -> tuple[float, str]:
    """CPU seconds of a scheduled tick, in a process that has loaded the definitions, and what it says."""
    import dagster as dg

    from foundation.settings import load
    from orchestration.definitions import build_definitions
    from orchestration.instance import open_instance
    from orchestration.schedules import schedules

    settings = load(editions)
    repository = build_definitions(settings, home).get_repository_def()
    (schedule,) = schedules(settings, home)
    at = datetime(2026, 9, 1, 6, tzinfo=UTC)
    with (
        open_instance(home) as instance,
        dg.build_schedule_context(
            instance=instance, scheduled_execution_time=at, repository_def=repository
        ) as context,
    ):
        start = time.process_time()
        found = schedule.evaluate_tick(context)
        return time.process_time() - start, str(found.skip_message)


def say(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure and judge; ends with 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=50, help="MB of the changed file")
    parser.add_argument("--folder", type=Path, help="where the home is made, and stays")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        home, editions = Home(folder / "home"), folder / "day.yaml"
        editions.parent.mkdir(parents=True, exist_ok=True)
        day = {**WINDOWS, "schedule": "0 6 1 9 *"}
        editions.write_text(
            yaml.safe_dump({"defaults": DEFAULTS, "editions": {"day": day}}), encoding="utf-8"
        )
        simulate = [
            PROGRAM,
            "simulate",
            "--home",
            str(home.root),
            "--edition",
            "day",
            "--editions",
            str(editions),
        ]
        subprocess.run(simulate, check=True, capture_output=True)
        file = write_delivery(home, given.size * 1_000_000)
        first = run(home, editions)
        say(f"{'':<34}{'seconds':>9}{'CPU':>8}{'stages':>9}{'beside':>9}")
        table = {f"first run, file of {file.stat().st_size / 1e6:.0f} MB": first}
        take_last_away(file)
        table["the file changed, run again"] = changed = run(home, editions)
        table["run again without a change"] = run(home, editions)
        for name, one in table.items():
            say(f"{name:<34}{one.wall:>9.1f}{one.cpu:>8.1f}{one.wall - one.beside:>9.1f}{one.beside:>9.1f}")
        say(
            "stages of the changed file: "
            + ", ".join(f"{name} {value:.1f}" for name, value in changed.stages.items())
        )
        took, said = tick(home, editions)
        say(f"a scheduled tick: {took:.2f} s of CPU (bar {TICK:g}); it says: {said}")
        say(f"beside reading, year and edition: {changed.beside:.1f} s (bar {BESIDE:g})")
    if changed.beside > BESIDE or took > TICK or "up to date" not in said:
        raise SystemExit("A bar was missed.")


if __name__ == "__main__":
    main()
