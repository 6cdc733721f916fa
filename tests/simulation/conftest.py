from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from foundation.home import Home
from foundation.measure import StageReport
from foundation.settings import Settings, parse
from simulation import world as world_module
from simulation.stage import simulate
from simulation.world import World, build_world

SEED = 7
SCALE = 0.0005


def settings_of(seed: int = SEED, scale: float = SCALE) -> Settings:
    """Two editions of one small world, and one of no world at all."""
    return parse(
        {
            "defaults": {"min_samples": 3},
            "editions": {
                "small": {
                    "simulated": True,
                    "world": {"seed": seed, "scale": scale},
                    "pct_years": [2019, 2020],
                    "sci_years": [2018, 2019],
                    "previous_edition": "small-before",
                },
                "small-before": {
                    "simulated": True,
                    "world": {"seed": seed, "scale": scale},
                    "pct_years": [2018, 2019],
                    "sci_years": [2017, 2018],
                },
                "real": {"pct_years": [2019], "sci_years": [2018]},
            },
            "limits": {"processes": 1},
        },
        "editions.yaml",
    )


@dataclass(frozen=True)
class Made:
    """A home with the small world in it, and what the stage said."""

    home: Home
    settings: Settings
    report: StageReport


@pytest.fixture(scope="session")
def world() -> World:
    return build_world(SEED)


@pytest.fixture(scope="session")
def made(world: World, tmp_path_factory: pytest.TempPathFactory) -> Made:
    with pytest.MonkeyPatch.context() as patch:  # places are read once for all tests
        patch.setattr(world_module, "build_world", lambda _: world)
        home, settings = Home(tmp_path_factory.mktemp("home")), settings_of()
        return Made(home, settings, simulate(home, settings, "small"))


def file_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
