"""For all tests: how hypothesis draws, and how whole runs are made: by the command line, as a user would.

The gazetteer index of the installed packages is built once for all homes of the tests, outside the user's own cache.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

from foundation.home import Home
from foundation.settings import parse

os.environ["STCLUSTERS_CACHE"] = str(Path(tempfile.gettempdir()) / f"stclusters-tests-{os.getuid()}")

# the same cases every time, and no failure for a busy machine
hypothesis.settings.register_profile("project", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("project")


@pytest.fixture(scope="session")
def stclusters():
    """Calls `stclusters` with arguments; a code other than the expected one shows both outputs."""

    def call(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = str(Path(sys.executable).parent / "stclusters")
        done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, timeout=1500)
        assert done.returncode == code, (
            f"exit {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        )
        return done

    return call


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real files beside the checkout; tests that need it skip without it."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no real files at {folder}")
    return folder


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Home]:
    """Makes homes that share one gazetteer index: building it takes most of a small run's time."""
    from geocoding.stage import build_index

    once = tmp_path_factory.getbasetemp().parent / "gazetteer-home"
    once.mkdir(exist_ok=True)
    home = Home(once)
    with (once / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the test processes share the folder
        build_index(home, parse({"editions": {"any": {"pct_years": [2020], "sci_years": [2020]}}}, "any"))

    def make(root: Path) -> Home:
        made = Home(root)
        for folder in filter(Path.is_dir, (home.cache(), home.places().parent)):
            shutil.copytree(folder, made.root / folder.relative_to(home.root), copy_function=os.link)
        return made

    return make
