"""Editions to publish: the usual one once for all tests that only read it, others made when asked for."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from foundation.home import Home
from foundation.settings import Settings
from publishing import stage
from publishing.map import projection
from publishing.reading import Release
from tests.publishing.editions import EDITION, World, usual, write_edition, write_places


def smaller(frame: projection.Frame) -> projection.Frame:
    """The same window in a fifth of the size: pictures cost a second each."""
    return dataclasses.replace(
        frame, km_per_unit=5 * frame.km_per_unit, width=frame.width // 5, height=frame.height // 5
    )


@pytest.fixture(scope="session", autouse=True)
def _small_pictures() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publishing.site.mapped.world", lambda: smaller(projection.world()))
        patch.setattr("publishing.site.mapped.regions", lambda: [smaller(f) for f in projection.regions()])
        yield


@pytest.fixture(scope="session")
def published(_small_pictures: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Settings]:
    """A home in which the usual edition is released, with downloads and pages. Tests leave it as it is."""
    home = Home(tmp_path_factory.mktemp("published"))
    settings = write_edition(home, usual())
    write_places(home)
    stage.release(home, settings, EDITION)
    stage.downloads(home, settings, EDITION)
    stage.site(home, settings, EDITION)
    return home, settings


@pytest.fixture(scope="session")
def opened(published: tuple[Home, Settings]) -> Release:
    """The usual edition's release."""
    return Release(published[0].release(EDITION).resolve())


@pytest.fixture
def released(tmp_path: Path) -> Callable[[World], Release]:
    """Makes the release of a world in a fresh home."""

    def make(world: World) -> Release:
        home = Home(tmp_path / "home")
        settings = write_edition(home, world)
        stage.release(home, settings, EDITION)
        return Release(home.release(EDITION).resolve())

    return make


@pytest.fixture
def site(tmp_path: Path) -> Callable[[World], dict[str, str]]:
    """Makes the pages of a world and checks the ranking's figures; texts by file name."""

    def make(world: World) -> dict[str, str]:
        home = Home(tmp_path / "home")
        settings = write_edition(home, world)
        stage.release(home, settings, EDITION)
        stage.site(home, settings, EDITION)
        assert stage.check_site(home, settings, EDITION) == []
        return {page.name: page.read_text("utf-8") for page in sorted(home.site(EDITION).glob("*.html"))}

    return make
