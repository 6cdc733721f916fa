"""One small world for all faults: building it takes most of a test's time."""

from typing import Any

import pytest

from foundation.home import Home
from tests.faults.chain import copy_home
from tests.faults.small import EDITION, Small, write_editions


@pytest.fixture(scope="session")
def small(stclusters: Any, new_home: Any, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Built by the command line, as a user would."""
    folder = tmp_path_factory.mktemp("small")
    editions = write_editions(folder / "editions.yaml")
    home: Home = new_home(folder / "home")
    stclusters("run", "--home", home.root, "--edition", EDITION, "--editions", editions)
    return Small(home, copy_home(home.root, folder / "untouched"), editions)
