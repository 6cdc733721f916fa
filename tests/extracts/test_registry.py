"""Every format that is read has its reader, its section in the documentation, and an example that it recognises."""

import re
from pathlib import Path

import pytest

from extracts.detect import FORMATS, recognise

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_format_has_a_reader_and_a_section(name: str) -> None:
    known = next(one for one in FORMATS if one.name == name)
    assert known.module.VERSION
    assert known.module.__doc__
    assert hasattr(known.module, "read_set" if known.kind == "pct" else "read")
    assert f"### {name}\n" in DOCS


@pytest.mark.parametrize(
    "name",
    ["wos_tagged", "wos_tab", "wos_xml", "openalex", "patstat", "regpat", "wipo_xml", "ep_xml", "canonical"],
)
def test_example_in_the_documentation_is_recognised(name: str) -> None:
    section = DOCS.split(f"### {name}\n")[1].split("\n##")[0]
    example = re.search(r"```\w*\n(.*?)```", section, re.S)
    assert example is not None
    assert recognise(example.group(1).encode()) == name
