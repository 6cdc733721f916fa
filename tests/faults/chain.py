"""The stages of a small edition, one after the other, each from the home that the one before left.

A stage's inputs differ from those its present outputs were made of: so a killed stage has an old state to keep and a
new one to reach, and every byte in the home can be told to be of the one or of the other.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from foundation.atomic import PART
from foundation.home import Home
from foundation.settings import Settings
from tests.faults.small import EDITION

#: what is made again at will, or belongs to no stage
IGNORED = ("dagster", "cache", "locks", "logs", "target")


@dataclass(frozen=True)
class Stage:
    """A stage function of a library, or a call of dbt, with its partition."""

    name: str
    module: str
    function: str
    partition: str | int | None = None


def stages(settings: Settings, deliveries: list[str]) -> list[Stage]:
    """All stages of the edition, in order."""
    years = settings.edition(EDITION).all_years
    return [
        *(Stage(f"read {key}", "extracts.stage", "read_delivery", key) for key in deliveries),
        Stage("find copies", "extracts.stage", "completeness"),
        *(Stage(f"merge {year}", "extracts.stage", "merge_year", year) for year in years),
        Stage("compare years", "extracts.stage", "year_coverage"),
        *(Stage(f"geocode {year}", "geocoding.stage", "geocode_year", year) for year in years),
        Stage("settings", "foundation.contracts.edition_settings", "write_edition_settings", EDITION),
        Stage("dbt points", "tests.faults.chain", "dbt_points", EDITION),
        Stage("cluster", "clustering.stage", "cluster", EDITION),
        Stage("dbt counting", "tests.faults.chain", "dbt_counting", EDITION),
        Stage("describe", "clustering.stage", "describe", EDITION),
        Stage("previous", "clustering.stage", "previous", EDITION),
        Stage("match", "clustering.stage", "match", EDITION),
        Stage("dbt marts", "tests.faults.chain", "dbt_marts", EDITION),
        Stage("release", "publishing.stage", "release", EDITION),
        Stage("downloads", "publishing.stage", "downloads", EDITION),
        Stage("site", "publishing.stage", "site", EDITION),
    ]


def _dbt(home: Home, edition: str, tag: str) -> None:
    from tests.dbt_project.dbt_calls import call_dbt

    called = call_dbt(
        home, edition, "build", "--select", f"tag:{tag}", "--exclude-resource-type", "unit_test"
    )
    if called.returncode != 0:
        raise RuntimeError(called.output[-3000:])


def dbt_points(home: Home, settings: Settings, edition: str) -> None:
    """dbt's part of the stage points."""
    _dbt(home, edition, "points")


def dbt_counting(home: Home, settings: Settings, edition: str) -> None:
    """dbt's part of the stage counting."""
    _dbt(home, edition, "counting")


def dbt_marts(home: Home, settings: Settings, edition: str) -> None:
    """The marts."""
    _dbt(home, edition, "marts")


def run(stage: Stage, home: Home, settings: Settings) -> None:
    """Run one stage in this process."""
    import importlib

    function: Callable[..., object] = getattr(importlib.import_module(stage.module), stage.function)
    arguments = (home, settings) if stage.partition is None else (home, settings, stage.partition)
    function(*arguments)


def copy_home(old: Path, new: Path) -> Home:
    """A copy that shares files that are only ever replaced whole; those that are written in place are copied."""

    def copy(source: str, target: str) -> None:
        if source.endswith((".duckdb", ".wal", ".db", ".lock", ".json")):
            shutil.copy2(source, target)
        else:
            os.link(source, target)

    ignore = shutil.ignore_patterns("dagster", "duckdb")
    shutil.copytree(old, new, symlinks=True, copy_function=copy, ignore=ignore)
    return Home(new)


def _is_ours(relative: Path) -> bool:
    return not any(part in IGNORED for part in relative.parts) and relative.suffix not in (".duckdb", ".wal")


def is_leftover(relative: Path) -> bool:
    """Whether a name is that of a killed writer's own file, which no reader takes."""
    return any(
        part.endswith(PART) or (part.startswith("tmp_") and part.endswith(".parquet"))
        for part in relative.parts
    )


def tree(home: Home) -> dict[str, str]:
    """Hash of each file and target of each link that a stage writes, by path; leftovers are left out."""
    found = {}
    for folder, folders, files in os.walk(home.root):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in [*files, *(entry for entry in folders if (Path(folder) / entry).is_symlink())]:
            path = Path(folder) / name
            relative = path.relative_to(home.root)
            if not _is_ours(relative) or is_leftover(relative) or relative.parts[0] == "raw":
                continue
            found[str(relative)] = (
                f"-> {path.readlink()}"
                if path.is_symlink()
                else hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            )
    return dict(sorted(found.items()))
