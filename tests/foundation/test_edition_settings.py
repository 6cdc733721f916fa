"""What of the settings reaches SQL as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation import contracts
from foundation.contracts.edition_settings import write_edition_settings
from foundation.home import Home
from foundation.settings import parse


@pytest.mark.parametrize(
    ("text", "patterns"),
    [(None, []), ("ipc_pattern,field_nr\nG01N  33,11\nb64u,32\n", ["B64U", "G01N 33"])],
)
def test_patterns_that_the_user_added_reach_sql(
    tmp_path: Path, text: str | None, patterns: list[str]
) -> None:
    home = Home(tmp_path)
    if text:
        (tmp_path / "extra.csv").write_text(text, encoding="utf-8")
    reader = {"ipc_extra": "extra.csv"} if text else {}
    edition = {"pct_years": [2020], "sci_years": [2019]}
    write_edition_settings(home, parse({"editions": {"e": edition}, "reader": reader}, "test"), "e")
    (row,) = contracts.read("edition_settings", home.table("e", "edition_settings")).to_pylist()
    assert row["ipc_extra"] == patterns
