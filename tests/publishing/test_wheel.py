"""The built wheel carries what set-up made, so that no Node is needed where it is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from foundation.home import project_root
from publishing.map import bundle, coast

pytest.importorskip("hatchling", reason="hatchling is not installed")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names in the wheel of this checkout."""
    if not (project_root() / "pyproject.toml").is_file():
        pytest.skip("not a checkout")
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=project_root(), check=True, capture_output=True, timeout=120)
    (wheel,) = place.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_templates_catalogues_and_tables_are_in_the_wheel(inside: set[str]) -> None:
    room = Path(bundle.__file__).parents[1]
    for pattern in ("site/templates/*.html", "site/assets/*", "locale/*.po", "data/*.csv"):
        found = sorted(room.glob(pattern))
        assert found
        assert {f"publishing/{file.relative_to(room).as_posix()}" for file in found} <= inside


def test_bundle_and_coast_are_in_the_wheel_and_third_party_code_is_not(inside: set[str]) -> None:
    assert not [name for name in inside if "node_modules" in name]
    if bundle.read("map.js") is None:
        pytest.skip("the map's browser code is not built: make setup builds it where Node is at hand")
    assert {"publishing/web/built/map.js", f"publishing/web/built/{coast.FILE}"} <= inside
