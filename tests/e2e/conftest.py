"""How the end-to-end tests call the command line: as a user would, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

Result = subprocess.CompletedProcess


@pytest.fixture(scope="session")
def stclusters():
    """Calls `stclusters` with arguments; a code other than the expected one shows both outputs."""

    def call(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = str(Path(sys.executable).parent / "stclusters")
        done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, timeout=540)
        assert done.returncode == code, (
            f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done

    return call


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real files at {folder}")
    return folder
