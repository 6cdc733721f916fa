"""One build of the whole project on empty tables, for all tests that look at it."""

from __future__ import annotations

import pytest

from foundation.home import Home
from stclusters.commands.contracts import empty_tables
from tests.dbt_project.dbt_calls import Called, call_dbt

EDITION = "empty"


@pytest.fixture(scope="session")
def empty_build(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Called]:
    """A home with an empty table of every contract, and what `dbt build` made of it."""
    home = empty_tables(tmp_path_factory.mktemp("empty"), EDITION)
    return home, call_dbt(home, EDITION, "build")
