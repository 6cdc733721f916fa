"""The smallest world that every stage has work in: one year, no previous edition; a build is a minute of one core."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from foundation.home import Home

EDITION = "small"
EDITIONS: dict[str, Any] = {
    "defaults": {
        "eps_km": 15,
        "merge_within_km": 5,
        "min_samples": 20,
        "simulated": True,
        "world": {"seed": 7, "scale": 0.0005},
    },
    "editions": {EDITION: {"pct_years": [2021], "sci_years": [2021]}},
    "limits": {"processes": 1},
}


@dataclass(frozen=True)
class Small:
    """A built small world, a copy of it that stays as it was built, and its settings file."""

    home: Home
    untouched: Home
    editions: Path


def write_editions(path: Path, **blocks: Any) -> Path:
    """The settings file, with other blocks (`limits`, …) where given."""
    path.write_text(yaml.safe_dump({**EDITIONS, **blocks}), encoding="utf-8")
    return path
