"""Pictures of the Dagster UI for the documentation, taken in a real browser over a home: `make pictures`.

Called with a home that holds a built edition `demo`: `python -m tests.e2e.ui_pictures HOME`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from foundation.home import Home, project_root
from tests.browser.conftest import CHROMIUM
from tests.e2e.dagster_dev import DagsterDev

FOLDER = project_root() / "docs" / "pictures"
LOCATION = "locations/__repository__@orchestration.definitions"
#: file name → (address, what must be seen before the picture is taken)
PAGES = {
    "lineage": ("asset-groups", "publishing"),  # stages are drawn closed: groups, no tables
    "asset-year-coverage": ("assets/year_coverage", "judgement"),
    "asset-checks": ("assets/ranking?view=checks", "Checks"),
    "runs": ("runs", "Success"),
    "automation": ("automation", "deliveries"),
}


def take(page: Page, address: str, name: str) -> Path:
    """Open one page of the UI, wait until it shows what it is for, and save the picture."""
    path, words = PAGES[name]
    page.goto(f"{address}/{path}")
    page.get_by_text(words).or_(page.get_by_alt_text(words)).first.wait_for(timeout=60_000)
    page.wait_for_timeout(5_000)  # the graph is laid out and drawn after its data came
    file = FOLDER / f"ui-{name}.png"
    page.screenshot(path=file)
    return file


def main() -> None:
    """Take all pictures."""
    home = Home(Path(sys.argv[1]).absolute())
    with tempfile.TemporaryDirectory() as folder:
        dev = DagsterDev(home, project_root() / "editions.yaml", Path(folder) / "log")
        try:
            dev.ready()
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                page = browser.new_page(viewport={"width": 1680, "height": 1000})
                for name in PAGES:
                    sys.stdout.write(f"{take(page, f'http://127.0.0.1:{dev.port}', name)}\n")
                browser.close()
        finally:
            dev.stop()


if __name__ == "__main__":
    main()
