"""A stage killed at any step leaves every file old or new, and running it again ends with the same bytes.

`make test-slow` tries two steps of each stage, by SIGKILL, SIGTERM and SIGINT in turn; `make test-faults` tries twelve, and
with `N=1000` all of them (STCLUSTERS_KILL_POINTS), each by SIGKILL and by SIGTERM, and every third by SIGINT too. The table of points and outcomes is printed at the end (`pytest -s`) and written to the
file that STCLUSTERS_FAULTS_TABLE names.
"""

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from foundation.atomic import sweep_below
from foundation.home import Home, project_root
from foundation.settings import Settings, load
from tests.e2e.raw_files import unpacked
from tests.faults.chain import Stage, copy_home, run, stages, tree
from tests.faults.killed import PRELOADED, disturbed
from tests.faults.small import Small

pytestmark = pytest.mark.slow
POINTS = int(os.environ.get("STCLUSTERS_KILL_POINTS", "2"))
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
FORKED = multiprocessing.get_context("forkserver")


@dataclass
class Chain:
    """The home before each stage and after the last, the stages, and the settings they ran by."""

    homes: list[Home]
    stages: list[Stage]
    settings: Settings
    editions: Path


def _changed_raw(home: Home) -> None:
    """The delivery is another one: of each kind its largest file lacks its last fifth."""
    for delivery in home.deliveries():
        names = "tls207*" if delivery.startswith("pct") else "*"  # persons that nobody points to do no harm
        files = [file for file in home.raw(delivery).rglob(names) if file.is_file()]
        largest = max(files, key=lambda file: (file.stat().st_size, file.name))
        content = unpacked(largest)
        end = content.rfind(b"\nPT ", 0, len(content) * 4 // 5)
        cut = (
            content[:end] + b"\nEF\n"
            if end > 0
            else content[: content.rfind(b"\n", 0, len(content) * 4 // 5) + 1]
        )
        largest.unlink()  # the copy may share it
        largest.with_suffix("").write_bytes(cut)


@pytest.fixture(scope="module")
def chain(small: Small, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = tmp_path_factory.mktemp("kill")
    FORKED.set_forkserver_preload(PRELOADED)
    settings = load(small.editions)
    homes = [copy_home(small.untouched.root, folder / "0")]
    _changed_raw(homes[0])
    todo = stages(settings, homes[0].deliveries())
    for number, stage in enumerate(todo, 1):
        homes.append(copy_home(homes[-1].root, folder / str(number)))
        run(stage, homes[-1], settings)
    return Chain(homes, todo, settings, small.editions)


def call(home: Home, chain: Chain, stage: Stage, step: int, number: signal.Signals) -> int:
    """Steps of a stage that was let end (step 0), or minus the signal that it ended by."""
    counted = home.root.parent / f"{home.root.name}.steps"
    process = FORKED.Process(
        target=disturbed, args=(str(home.root), str(chain.editions), stage, step, int(number), str(counted))
    )
    process.start()
    process.join(300)
    assert process.exitcode is not None, f"{stage.name} did not end"
    return int(counted.read_text("utf-8")) if process.exitcode == 0 else process.exitcode


def spread(number: int) -> list[int]:
    """At most POINTS of the steps 1 … number, the first and the last among them."""
    if number <= POINTS:
        return list(range(1, number + 1))
    return sorted({1 + round(i * (number - 1) / (POINTS - 1)) for i in range(POINTS)})


def signals(step: int) -> list[signal.Signals]:
    """By what a stage is ended at a step: in a short test by one, in turn; else by both that a machine sends."""
    if POINTS <= 2:
        return [SIGNALS[step % len(SIGNALS)]]
    return [signal.SIGKILL, signal.SIGTERM, *([signal.SIGINT] if step % 3 == 0 else [])]


def outcome(home: Home, old: dict[str, str], new: dict[str, str]) -> dict[str, int]:
    """How many files are old, new, the same in both; a file that is neither fails."""
    counts = {"old": 0, "new": 0}
    now = tree(home)
    for path, content in now.items():
        assert content in (old.get(path), new.get(path)), f"{path} is neither old nor new"
        if old.get(path) != new.get(path):
            counts["old" if content == old.get(path) else "new"] += 1
    for path in old.keys() & new.keys():
        assert path in now, f"{path} is in both states and was missing in between"
    return counts


def finish(home: Home, chain: Chain, stage: Stage, new: dict[str, str]) -> None:
    """Run the stage again, undisturbed: the same bytes as if nothing had happened, and no leftovers."""
    sweep_below(home.root)
    assert call(home, chain, stage, 0, signal.SIGKILL) >= 0
    ended = tree(home)
    assert {path for path in ended.keys() | new.keys() if ended.get(path) != new.get(path)} == set()
    assert list(home.root.rglob("*.part")) == []


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    lines: list[str] = []
    yield lines
    text = "\n".join(["stage                steps  killed at      by       old  new  then", *lines, ""])
    sys.stdout.write(f"\n{text}")
    if name := os.environ.get("STCLUSTERS_FAULTS_TABLE"):
        Path(name).write_text(text, encoding="utf-8")


PYTHON_STAGES = ("read", "find copies", "merge", "compare", "geocode", "settings", "cluster", "describe", "previous",
                 "match", "release", "downloads", "site")  # fmt: skip


@pytest.mark.parametrize("name", PYTHON_STAGES)
def test_a_stage_killed_at_any_step_can_be_run_again(
    chain: Chain, name: str, tmp_path: Path, table: list[str]
) -> None:
    number, stage = next((n, s) for n, s in enumerate(chain.stages) if s.name.startswith(name))
    old, new = tree(chain.homes[number]), tree(chain.homes[number + 1])
    counted = copy_home(chain.homes[number].root, tmp_path / "counted")
    steps = call(counted, chain, stage, 0, signal.SIGKILL)
    assert tree(counted) == new
    shutil.rmtree(counted.root)
    for step, by in [(at, by) for at in spread(steps) for by in signals(at)]:
        home = copy_home(chain.homes[number].root, tmp_path / f"at-{step}")
        # Python turns SIGINT into an exception: the stage cleans up and its process ends with 1
        assert call(home, chain, stage, step, by) == (1 if by == signal.SIGINT else -by)
        counts = outcome(home, old, new)
        finish(home, chain, stage, new)
        table.append(
            f"{stage.name:<20}{steps:>6}{step:>11}      {by.name:<8}{counts['old']:>4}{counts['new']:>5}  same bytes"
        )
        shutil.rmtree(home.root)


def started(home: Home, chain: Chain, stage: Stage) -> subprocess.Popen[bytes]:
    """A stage at work in a process group of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.faults.killed",
        str(home.root),
        str(chain.editions),
        json.dumps(asdict(stage)),
    ]
    return subprocess.Popen(command, cwd=project_root(), start_new_session=True)


@pytest.mark.faults
@pytest.mark.parametrize("name", ["dbt points", "dbt counting", "dbt marts"])
def test_dbt_killed_at_work_can_be_run_again(
    chain: Chain, name: str, tmp_path: Path, table: list[str]
) -> None:
    """dbt writes from a process of its own: it is killed when its first table is new, and half way through its time."""
    number, stage = next((n, s) for n, s in enumerate(chain.stages) if s.name == name)
    old, new = tree(chain.homes[number]), tree(chain.homes[number + 1])
    for when in ("first table", "some tables"):
        home = copy_home(chain.homes[number].root, tmp_path / when.replace(" ", "-"))
        process = started(home, chain, stage)
        wanted = 1 if when == "first table" else 3
        deadline = time.monotonic() + 300
        while process.poll() is None and time.monotonic() < deadline:
            now = tree(home)
            if sum(now.get(path) == new[path] != old.get(path) for path in new) >= wanted:
                break
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        counts = outcome(home, old, new)
        finish(home, chain, stage, new)
        table.append(
            f"{stage.name:<20}{'':>6}{when:>14}   SIGKILL {counts['old']:>4}{counts['new']:>5}  same bytes"
        )
        shutil.rmtree(home.root)
