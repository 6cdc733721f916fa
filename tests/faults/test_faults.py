"""Faults of machines and people, each a real one: what the user reads, and that the next run ends as if nothing had been."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import psutil
import pytest

from extracts import intake, stage
from foundation.errors import Busy, StclustersError
from foundation.home import Home
from foundation.settings import parse
from orchestration.definitions import build_definitions
from orchestration.locked_database import wait_for_database
from orchestration.schedules import schedules
from tests.faults.chain import tree
from tests.faults.small import EDITION, Small, write_editions

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

    def start(self, **limits: float) -> subprocess.Popen[str]:
        """`stclusters run` in a process group of its own, with other limits where given."""
        editions = self.editions
        if limits:
            editions = write_editions(editions.with_name("limits.yaml"), limits={"processes": 1, **limits})
        return subprocess.Popen(
            [PROGRAM, "run", "--home", str(self.home.root), "--edition", EDITION, "--editions", str(editions)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def to_build(self) -> None:
        """The edition's tables and pages must be made anew: its points and its ranking are gone."""
        self.home.table(EDITION, "points").unlink()
        self.home.table(EDITION, "ranking").unlink()


def ended(process: subprocess.Popen[str], code: int = 0) -> str:
    """What a process told on standard error, after it ended with `code`."""
    told, said = process.communicate(timeout=900)
    assert process.returncode == code, f"exit {process.returncode}\n{told[-2000:]}\n{said[-3000:]}"
    assert "Traceback" not in said, said[-3000:]
    return said


def same_bytes(world: World) -> bool:
    """Whether every file of the undisturbed world is there with its bytes."""
    now = tree(world.home)
    return {path: now.get(path) for path in world.bytes} == world.bytes


@pytest.fixture(scope="module")
def world(small: Small) -> World:
    return World(small.home, small.editions, tree(small.home))


def wait_for_words(process: subprocess.Popen[str], words: str) -> str:
    """Read standard error up to a line that holds `words`; what was read."""
    assert process.stderr is not None
    read = []
    for line in process.stderr:
        read.append(line)
        if words in line:
            return "".join(read)
    raise AssertionError(f"ended without {words!r}: {''.join(read)}")


@pytest.mark.slow
@pytest.mark.faults
def test_a_run_that_is_ended_at_work_is_continued_by_the_same_command(world: World) -> None:
    """Ended by SIGKILL, SIGTERM and SIGINT one after the other, in different stages; then let through."""
    world.to_build()
    killed = world.start()
    wait_for_words(killed, "clustering")  # dbt's points are made
    os.killpg(killed.pid, signal.SIGKILL)
    killed.communicate()
    for by in (signal.SIGTERM, signal.SIGINT):
        asked = world.start()
        said = wait_for_words(asked, f"edition {EDITION}")
        if by == signal.SIGTERM:
            assert re.search(
                r"Run [0-9a-f-]{36} had ended without saying so; it is marked as failed", said
            ), said
        time.sleep(5)  # dbt is at work
        asked.send_signal(by)
        assert "Interrupted; run the same command again to continue." in ended(asked, 130)
    ended(world.start())
    assert same_bytes(world)
    assert orphans(world.home) == []


def orphans(home: Home) -> list[int]:
    """dbt processes of the home."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(part.endswith("dbt") for part in process.info["cmdline"] or []):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                if process.environ().get("STCLUSTERS_WAREHOUSE", "").startswith(f"{home.root}/"):
                    found.append(process.pid)
    return found


@pytest.mark.slow
@pytest.mark.faults
def test_two_runs_take_turns_wait_for_a_held_database_and_need_half_the_memory(world: World) -> None:
    """The first waits for a program that looks at the database, the second for the first; the first is given 0.5 GB."""
    world.to_build()
    database = str(world.home.database(EDITION))
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        first = world.start(memory_gb=0.5)
        wait_for_words(first, f"(process {holder.pid}), which holds the edition's database")
        second = world.start()
        wait_for_words(second, f"edition {EDITION} waits: process {first.pid} (edition {EDITION}) is at work")
        holder.kill()
    ended(first)
    ended(second)
    assert same_bytes(world)


@pytest.mark.slow
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


ARTICLE = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Doe, J\nTI A\nDT Article\n"
    "C1 [Doe, J] Univ Lisbon, Lisbon, Portugal.\nPY 2021\nUT WOS:000000000000001\nER\n\nEF\n"
)


def longer(file: Path) -> None:
    file.write_text(ARTICLE.replace("TI A", "TI A longer one"), encoding="utf-8")


def shorter(file: Path) -> None:
    os.truncate(file, 60)


@pytest.mark.parametrize("disturb", [longer, shorter, Path.unlink], ids=["changed", "shrunk", "vanished"])
def test_a_raw_file_that_is_touched_while_it_is_read_is_named_and_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, disturb: Callable[[Path], None]
) -> None:
    """The file is disturbed between the look at it and the end of its reading; read again, it counts as it is then."""
    home = Home(tmp_path / "home")
    settings = parse({"editions": {"any": {"pct_years": [2021], "sci_years": [2021]}}}, "test")
    file = home.raw_kind("sci") / "one" / "a.txt"
    file.parent.mkdir(parents=True)
    file.write_text(ARTICLE, encoding="utf-8")
    read = intake.read_articles

    def disturbed(*given: Any) -> Any:
        found = read(*given)
        disturb(file)
        return found

    with monkeypatch.context() as patched:
        patched.setattr(intake, "read_articles", disturbed)
        with pytest.raises(StclustersError, match=r"a\.txt"):
            stage.read_delivery(home, settings, "sci.one")
    assert not home.delivery("sci.one").exists()
    file.write_text(ARTICLE, encoding="utf-8")
    assert stage.read_delivery(home, settings, "sci.one").counts["kept"] == 1


def test_a_database_that_stays_held_is_refused_with_the_program_named(tmp_path: Path) -> None:
    database = tmp_path / "workshop.duckdb"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(database)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    holder.stdout.readline()
    said: list[str] = []
    with pytest.raises(Busy, match=rf"held open by .*python.* \(process {holder.pid}\)"):
        wait_for_database(database, said.append, seconds=3.0)
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
    (schedule,) = schedules(settings, Home(tmp_path))
    repository = build_definitions(settings, Home(tmp_path)).get_repository_def()
    keys = set()
    for _ in ("the clock's own tick", "the same tick after the clock went back"):
        at = datetime(2026, 9, 1, 6, tzinfo=UTC)
        with (
            dg.instance_for_test() as instance,
            dg.build_schedule_context(
                instance=instance, scheduled_execution_time=at, repository_def=repository
            ) as context,
        ):
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


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_a_home_on_a_disk_that_is_read_only_is_one_sentence(tmp_path: Path) -> None:
    """Root may write everywhere but here: so this one also holds where no other user can run the installation."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        for home in (disk, disk / "home"):
            told = subprocess.run(
                [PROGRAM, "run", "--home", str(home), "--edition", "demo"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert told.returncode == 2, told.stderr[-2000:]
            assert "No permission" in told.stderr
            assert "Choose a folder that you may read and write" in told.stderr
            assert "Traceback" not in told.stderr
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


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
