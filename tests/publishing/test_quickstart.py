"""The commands of docs/quickstart.md, tried on a release's database as anybody would."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from foundation.home import Home, dbt_project_folder
from foundation.settings import Settings
from tests.publishing.editions import EDITION

TEXT = (dbt_project_folder().parent / "docs" / "quickstart.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


@pytest.fixture(scope="module")
def base(published: tuple[Home, Settings]) -> Path:
    return published[0].site(EDITION) / "downloads" / "stclusters.duckdb"


@pytest.mark.parametrize("query", blocks("sql"), ids=lambda query: query.split("\n")[0][:60])
def test_query_of_the_quickstart_runs_and_finds_something(base: Path, query: str) -> None:
    with duckdb.connect(str(base), read_only=True) as connection:
        assert connection.execute(query).fetchall()


def test_python_of_the_quickstart_prints_the_ranking(base: Path) -> None:
    (code,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=base.parent, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(base), read_only=True) as connection:
        (first,) = connection.execute("select name from ranking order by rank limit 1").fetchall()
    assert first[0] in done.stdout


def test_a_reader_cannot_change_the_release(base: Path) -> None:
    with (
        duckdb.connect(str(base), read_only=True) as connection,
        pytest.raises(duckdb.Error, match="read-only"),
    ):
        connection.execute("delete from ranking")
