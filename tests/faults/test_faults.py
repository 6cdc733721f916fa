"""Faults of machines and people, each a real one: what the user reads, and that the next run ends as if nothing had been."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from foundation.errors import Busy
from foundation.home import Home
from foundation.settings import parse
from orchestration.definitions import build_definitions
from orchestration.locked_database import wait_for_database
from orchestration.schedules import schedules
from tests.e2e.test_simulated_world import EDITIONS
from tests.faults.chain import tree

PROGRAM = str(Path(sys.executable).parent / "stclusters")
HOLD = """
import duckdb, sys, time
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
time.sleep(600)
"""


@dataclass
class World:
    """A built small world, its settings file, and its bytes."""

    home: Home
    editions: Path
    bytes: dict[str, str]

    def start(self, editions: Path | None = None, **environment: str) -> subprocess.Popen[str]:
        """`stclusters run` in a process group of its own."""
        command = [PROGRAM, "run", "--home", str(self.home.root), "--edition", "small"]
        return subprocess.Popen(
            [*command, "--editions", str(editions or self.editions)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True, env={**os.environ, **environment},
        )  # fmt: skip

    def changed(self, name: str, **rules: Any) -> Path:
        """A settings file with other rules, so that the edition is built anew."""
        raw = {**EDITIONS, "defaults": {**EDITIONS["defaults"], **rules}}
        path = self.editions.with_name(f"{name}.yaml")
        path.write_text(yaml.safe_dump(raw), encoding="utf-8")
        return path


def ended(process: subprocess.Popen[str], code: int | None = 0) -> str:
    """What a process told on standard error, after it ended with `code`."""
    told, said = process.communicate(timeout=900)
    assert code is None or process.returncode == code, (
        f"exit {process.returncode}\n{told[-2000:]}\n{said[-3000:]}"
    )
    assert "Traceback" not in said, said[-3000:]
    return said


def same_bytes(world: World) -> bool:
    """Whether every file of the undisturbed world is there with its bytes; builds of other settings may lie beside."""
    now = tree(world.home)
    return {path: now.get(path) for path in world.bytes} == world.bytes


@pytest.fixture(scope="module")
def world(stclusters: Any, new_home: Any, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("faults")
    editions = folder / "editions.yaml"
    editions.write_text(yaml.safe_dump(EDITIONS), encoding="utf-8")
    home = new_home(folder / "home")
    stclusters("run", "--home", home.root, "--edition", "small", "--editions", editions)
    return World(home, editions, tree(home))


def wait_for_words(process: subprocess.Popen[str], words: str) -> None:
    """Read standard error up to a line that holds `words`."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return
    raise AssertionError(f"ended without {words!r}")


@pytest.mark.slow
@pytest.mark.faults
def test_a_run_that_was_killed_is_continued_by_the_same_command(world: World) -> None:
    editions = world.changed("killed", min_samples=10)
    first = world.start(editions)
    wait_for_words(first, "clustering")
    time.sleep(2)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    said = ended(world.start(editions))
    assert re.search(r"Run [0-9a-f-]{36} had ended without saying so; it is marked as failed", said)
    ended(world.start())
    assert same_bytes(world)


@pytest.mark.slow
@pytest.mark.faults
@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_asked_to_end_says_so(world: World, by: signal.Signals) -> None:
    editions = world.changed(f"asked-{by.name}", min_samples=11)
    process = world.start(editions)
    wait_for_words(process, "edition small")
    time.sleep(3)
    process.send_signal(by)
    said = ended(process, 130)
    assert "Interrupted; run the same command again to continue." in said
    ended(world.start())
    assert same_bytes(world)


@pytest.mark.slow
@pytest.mark.faults
def test_two_runs_at_once_take_turns(world: World) -> None:
    first = world.start(world.changed("first", min_samples=12))
    wait_for_words(first, "read_delivery")
    second = world.start()
    said = ended(second)
    ended(first)
    assert re.search(rf"edition small waits: process {first.pid} \(edition small\) is at work", said), said
    assert same_bytes(world)


@pytest.mark.slow
@pytest.mark.faults
def test_a_damaged_table_of_the_lake_is_named_and_made_again(world: World) -> None:
    file = world.home.lake("listings", 2021)
    whole = file.read_bytes()
    file.unlink()
    file.write_bytes(whole[:200] + bytes([whole[200] ^ 4]) + whole[201:])
    said = ended(world.start())
    assert "listings of 2021 was damaged or is missing; it is made again" in said
    assert world.home.quarantined("listings", 2021).is_file()
    shutil.rmtree(world.home.quarantine())
    assert same_bytes(world)


@pytest.mark.slow
@pytest.mark.faults
def test_a_database_that_somebody_looks_at_is_waited_for(world: World) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(world.home.database("small"))], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    process = world.start(world.changed("held", min_samples=13))
    wait_for_words(process, f"(process {holder.pid}), which holds the edition's database")
    holder.kill()
    holder.wait()
    ended(process)
    ended(world.start())
    assert same_bytes(world)


@pytest.mark.slow
@pytest.mark.faults
def test_half_the_memory_is_enough(world: World) -> None:
    raw = yaml.safe_load(world.editions.read_text(encoding="utf-8"))
    path = world.editions.with_name("memory.yaml")
    path.write_text(yaml.safe_dump({**raw, "limits": {"memory_gb": 0.5}}), encoding="utf-8")
    world.home.table("small", "points").unlink()
    ended(world.start(path))
    assert same_bytes(world)


def test_a_database_that_stays_held_is_refused_with_the_program_named(tmp_path: Path) -> None:
    database = tmp_path / "workshop.duckdb"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    holder.stdout.readline()
    said: list[str] = []
    with pytest.raises(Busy, match=rf"held open by .*python.* \(process {holder.pid}\)"):
        wait_for_database(database, said.append, seconds=0.1)
    holder.kill()
    holder.wait()
    wait_for_database(database, said.append, seconds=0.0)
    assert len(said) == 1, "it waits aloud, once, and not at all when the database is free"
    assert said[0].startswith("waiting for python")


def test_a_clock_that_jumps_over_a_schedule_makes_no_second_run(tmp_path: Path) -> None:
    """The scheduled date is the run's key: Dagster starts one run per key, however often the tick comes."""
    settings = parse(
        {"editions": {"yearly": {"pct_years": [2020], "sci_years": [2020], "schedule": "0 6 1 9 *"}}}, "any"
    )
    (schedule,) = schedules(settings)
    repository = build_definitions(settings, Home(tmp_path)).get_repository_def()
    keys = set()
    for _ in ("the clock's own tick", "the same tick after the clock went back"):
        at = datetime(2026, 9, 1, 6, tzinfo=UTC)
        with dg.build_schedule_context(scheduled_execution_time=at, repository_def=repository) as context:
            (request,) = schedule.evaluate_tick(context).run_requests or []
        keys.add(request.run_key)
        assert request.partition_key == "yearly"
    assert keys == {"2026-09-01T06:00:00+00:00"}


def as_nobody(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line as an unprivileged user."""
    return subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, user="nobody", check=False, cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"},
    )  # fmt: skip


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user")
def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    try:
        if as_nobody("--version").returncode != 0:
            pytest.skip("another user cannot run this installation")
    except PermissionError:
        pytest.skip("another user cannot run this installation")
    folder = Path("/var/tmp") / f"stclusters-{os.getpid()}"  # pytest's own folder is closed to others
    folder.mkdir(mode=0o755)
    try:
        told = as_nobody("run", "--home", str(folder), "--edition", "demo")
        assert told.returncode == 2
        assert "No permission" in told.stderr
        assert "Choose a folder that you may read and write" in told.stderr
        assert "Traceback" not in told.stderr
        assert list(folder.iterdir()) == []
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_one_sentence_and_leaves_the_home_usable(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], check=False).returncode
        != 0
    ):
        pytest.skip("mounting is not allowed here")
    try:
        told = subprocess.run(
            [PROGRAM, "run", "--home", str(disk / "home"), "--edition", "demo"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 1, told.stderr[-2000:]
        assert "The disk is full while" in told.stderr
        assert "Free some space and run the same command again: it continues." in told.stderr
        assert "Traceback" not in told.stderr
        assert list(disk.rglob("*.part")) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
