"""A built site in a real browser, from the folder, with the network off; skipped with a reason where there is none.

Screenshots are kept in `STCLUSTERS_SHOTS` if it is set, else in pytest's temporary folder.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from foundation.home import Home
from publishing import stage
from publishing.map import bundle
from tests.publishing.editions import EDITION, write_edition, write_places

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-webgl", "--disable-webgl2", "--disable-3d-apis"]


@dataclass
class Seen:
    """What a page asked for and said."""

    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def hear(self, text: str) -> None:
        """Keeps what the console says, but for the browser's advice on reading pixels, which only tests do."""
        if "willReadFrequently" not in text:
            self.said.append(text)

    def outside(self, folder: Path) -> list[str]:
        """Requests that leave the folder."""
        inside = (folder.resolve().as_uri(), "data:", "blob:")
        return [address for address in self.asked if not address.startswith(inside)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of an edition with 130 clusters, 100 of them ranked, fields, and places in all classes."""
    from tests.browser.worlds import many

    home = Home(tmp_path_factory.mktemp("browser"))
    settings = write_edition(home, many())
    write_places(home)
    stage.release(home, settings, EDITION)
    stage.site(home, settings, EDITION)
    return home.site(EDITION).resolve()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """The browser. Its event loop runs in this thread until it is closed: tests that start one of their own come after."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync.sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, folder: Path) -> Iterator[Callable[..., tuple[Any, Seen]]]:
    """Opens a page of the folder; at the end nothing may have left it and the console must be empty."""
    opened: list[tuple[Any, Seen]] = []

    def go(file: str, width: int = 1280, **options: Any) -> tuple[Any, Seen]:
        context = chromium.new_context(offline=True, viewport={"width": width, "height": 900}, **options)
        page, seen = context.new_page(), Seen()
        page.on("request", lambda request: seen.asked.append(request.url))
        page.on("console", lambda message: seen.hear(message.text))
        page.on("pageerror", lambda fault: seen.said.append(str(fault)))
        page.goto(f"{folder.as_uri()}/{file}")
        opened.append((context, seen))
        return page, seen

    yield go
    for context, seen in opened:
        context.close()
        assert seen.outside(folder) == []
        assert seen.said == []


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go."""
    given = os.environ.get("STCLUSTERS_SHOTS")
    place = Path(given) if given else tmp_path_factory.mktemp("shots")
    place.mkdir(parents=True, exist_ok=True)
    return place


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, an npm package of the browser code's set-up."""
    file = bundle.BUILT.parent / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.skip("axe-core is not installed: make setup installs it where Node is at hand")
    return file.read_text("utf-8")


@pytest.fixture(scope="session")
def live() -> None:
    """The browser's map is built."""
    if bundle.read("map.js") is None:
        pytest.skip("the map's browser code is not built: make setup builds it where Node is at hand")
