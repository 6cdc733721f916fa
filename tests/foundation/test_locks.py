"""One process at a time holds a lock; a dead one holds nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from foundation.errors import Busy
from foundation.locks import hold

HOLD = """
import sys, time
from pathlib import Path
from foundation.locks import hold
with hold(Path(sys.argv[1]), "edition demo"):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def held(tmp_path: Path):
    path = tmp_path / "locks" / "demo.lock"
    other = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline().strip() == "held"
    yield path, other
    other.kill()
    other.wait()


def test_who_waits_says_for_whom_and_gives_up_with_a_name(held) -> None:
    path, other = held
    said: list[str] = []
    with (
        pytest.raises(Busy, match=rf"waits for process {other.pid} \(edition demo\)"),
        hold(path, "edition demo again", said.append, wait_seconds=0.2),
    ):
        pass
    assert said == [f"edition demo again waits: process {other.pid} (edition demo) is at work"]


def test_a_killed_holder_holds_nothing(held) -> None:
    path, other = held
    other.kill()
    other.wait()
    with hold(path, "the next one", wait_seconds=0.2):
        assert "the next one" in path.read_text(encoding="utf-8")


def test_the_lock_is_free_after_the_block(tmp_path: Path) -> None:
    for doing in ("first", "second"):
        with hold(tmp_path / "a.lock", doing, wait_seconds=0.0):
            assert doing in (tmp_path / "a.lock").read_text(encoding="utf-8")
