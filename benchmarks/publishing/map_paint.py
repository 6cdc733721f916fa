"""How soon the browser's map is painted, with simulated places: `python benchmarks/publishing/map_paint.py [points]`.

Prints bytes of the data script, milliseconds from navigation to paint (median of three, and once at a fourth of the
speed). Needs Chromium, playwright and the bundle that `make setup` builds.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from foundation.home import Home
from foundation.parquet import write_table
from publishing import stage
from tests.browser.worlds import many
from tests.publishing import editions


def world(home: Home, number: int) -> object:
    """An edition of 130 clusters and `number` places, half of them around clusters."""
    made = many()
    settings = editions.write_edition(home, made)
    random = np.random.default_rng(1)
    ranked = editions.ranked_rows(made)
    of = random.integers(0, len(ranked), number // 2)
    latitude = np.array([row["latitude"] for row in ranked])[of] + random.normal(0, 0.35, len(of))
    longitude = np.array([row["longitude"] for row in ranked])[of] + random.normal(0, 0.45, len(of))
    lonely = number - len(of)
    latitude = np.concatenate([latitude, random.uniform(-40, 65, lonely)])
    longitude = np.concatenate([longitude, random.uniform(-170, 170, lonely)])
    rank = np.array([row["rank"] for row in ranked])[of]
    size = made.ranked_size
    kinds = [*("ranked" if place <= size else "below" for place in rank), *["noise"] * lonely]
    schema = pa.schema(list(editions.MARTS["point_classes"].items()))
    columns = {
        "point_id": np.arange(number), "latitude": np.round(latitude, 6), "longitude": np.round(longitude, 6), "class": kinds,
        "cluster_no": [*(of + 1), *[-1] * lonely], "rank": [*rank, *[None] * lonely], "km_to_core": [None] * number,
        "pct_listings": [9] * number, "sci_listings": [9] * number,
    }  # fmt: skip
    table = pa.table({name: pa.array(columns[name], schema.field(name).type) for name in schema.names})
    write_table(table, home.table(editions.EDITION, "point_classes"))
    return settings


def painted(page_file: Path, slower: float = 1) -> float:
    """Milliseconds from navigation to two frames after the first drawing."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-webgl",
                "--disable-webgl2",
                "--disable-3d-apis",
            ],
        )
        page = browser.new_context(offline=True, viewport={"width": 1280, "height": 900}).new_page()
        if slower > 1:
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(page_file.as_uri())
        page.wait_for_selector("#canvas[data-painted]")
        found = float(page.get_attribute("#canvas", "data-painted") or "nan")
        browser.close()
    return found


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        settings = world(home, number)
        stage.release(home, settings, editions.EDITION)  # type: ignore[arg-type]
        stage.downloads(home, settings, editions.EDITION)  # type: ignore[arg-type]
        start = time.perf_counter()
        report = stage.site(home, settings, editions.EDITION)  # type: ignore[arg-type]
        seconds = time.perf_counter() - start
        site = home.site(editions.EDITION).resolve()
        data = sum(
            (site / name).stat().st_size for name in ("map.html", "map-data.js", "map.js", "style.css")
        )
        print(f"{number:,} points: {report.counts['pages']} pages in {seconds:.1f} s")
        print(
            f"map page with data: {data / 1e6:.2f} MB; one file: {(site / 'stclusters.html').stat().st_size / 1e6:.2f} MB"
        )
        times = [painted(site / "map.html") for _ in range(3)]
        print(
            f"painted after {statistics.median(times):.0f} ms; at a fourth of the speed {painted(site / 'map.html', 4):.0f} ms"
        )


if __name__ == "__main__":
    main()
