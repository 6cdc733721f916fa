"""Addresses placed per second, the time to open the index, memory, and what a second process brings.

    python benchmarks/geocoding/speed.py [--labels FOLDER] [--sample FOLDER] [--world 0.1] [--registry FILE] [--rounds 3]

Distinct (text, country) pairs of up to three corpora: the labelled sets, a folder of article exports and the addresses of a
simulated world (1: all of a full edition's documents), and of all together. Each is placed whole by a fresh process, in the
order in which the platform does it and with everything on (spelling; the registry if given), then by two. Rates of one process
are by the seconds of the processor, the gain of two by the clock, beside what two that know nothing of each other gain when each places
all (the most that the machine gives); memory is what placing adds to the list of texts. The peer
is the last token of a text that is a city's name (`peers.py`).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from accuracy import SETS, read_set
from peers import peers

from foundation.home import Home
from geocoding import organisation_names
from geocoding.geocoder import Geocoder
from geocoding.index import ensure
from geocoding.workers import Sources, by_tail, place_all

SEED, YEARS = 7, range(2018, 2023)
PEER, PEER_ROWS = "last city token", 20_000


def labelled(folder: Path) -> pa.Table:
    """Texts of all labelled sets."""
    rows = [row for name in SETS for row in read_set(folder, name, sys.maxsize)]
    return pa.table(
        {"text": [row["text"] for row in rows], "country": [row["country"] or None for row in rows]}
    )


def exported(folder: Path) -> pa.Table:
    """Addresses of a folder of article exports."""
    from extracts import read_sci

    table = pa.Table.from_batches(list(read_sci(folder)))
    return pa.table({"text": table["address"], "country": table["country"]})


def simulated(scale: float) -> pa.Table:
    """Addresses of the articles and applications of five years of a simulated world; a scale of 1 is the real one's size."""
    from simulation import volumes
    from simulation.addresses import PERSONS_MOST, AddressBook, Pools, article_place
    from simulation.applications import draw_applications
    from simulation.articles import draw_articles
    from simulation.stage import NAMES
    from simulation.subjects import Journals, Technology
    from simulation.world import build_world

    world = build_world(SEED)
    book = AddressBook(world.places, SEED)
    expected = [
        5 * volumes.documents(kind, year, scale) * volumes.LISTINGS_PER_DOCUMENT[kind]
        * np.bincount(world.site_place, world.site_shares(kind, year), len(world.places.place_id))
        for kind, year in volumes.BASE_YEAR.items()
    ]  # fmt: skip
    pools = Pools.for_listings(
        *(dict(zip(volumes.BASE_YEAR, expected, strict=True))[one] for one in ("sci", "pct"))
    )
    journals, technology = Journals(len(world.clusters), SEED), Technology(len(world.clusters), SEED)
    codes, persons = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for year in YEARS:
        articles = draw_articles(
            world, year, volumes.documents("sci", year, scale), pools, journals, NAMES, False
        )
        codes = np.union1d(codes, articles.address_code)
        drawn = draw_applications(world, year, volumes.documents("pct", year, scale), pools, technology)
        persons = np.union1d(persons, drawn.person)
    texts = book.article_texts(codes)
    texts += [book.person_text(*divmod(person, PERSONS_MOST)) for person in persons.tolist()]
    places = np.concatenate([article_place(codes), persons // PERSONS_MOST])
    return pa.table({"text": texts, "country": world.places.country[places].tolist()})


def distinct(table: pa.Table) -> pa.Table:
    table = table.cast(pa.schema([("text", pa.string()), ("country", pa.string())]))
    return table.filter(pc.is_valid(table["text"])).group_by(["text", "country"]).aggregate([])


def placed(file: Path, sources: Sources, processes: int) -> dict[str, float]:
    """Place the addresses of a file: seconds to open, seconds on the clock and of the processor, megabytes at most."""
    columns = pq.read_table(file).select(["text", "country"])
    tasks = [
        (number, text, country)
        for number, (text, country) in enumerate(
            zip(columns["text"].to_pylist(), columns["country"].to_pylist(), strict=True)
        )
    ]
    tasks.sort(key=by_tail)
    gc.collect()
    before = memory()
    start = time.perf_counter()
    Geocoder.open(*sources).place("Dept Phys, Univ Vienna, Vienna, Austria", "AT")
    opened = time.perf_counter() - start
    clock, processor = time.perf_counter(), spent()
    located = sum(len(part) - part["latitude"].null_count for part in place_all(sources, tasks, processes))
    return {
        "addresses": len(tasks), "located": located, "opened": opened, "clock": time.perf_counter() - clock,
        "processor": spent() - processor, "megabytes": memory() - before,
    }  # fmt: skip


def spent() -> float:
    """Seconds of the processor that this process and its workers that ended have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory() -> float:
    """The most memory that this process has had, in MB (Linux; what its parent had does not count)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def in_process(file: Path, sources: Sources, processes: int, times: int = 1) -> dict[str, float]:
    """`placed` in a process of its own; the slowest of so many `times` at once."""
    command = [sys.executable, __file__, "--one", str(file), str(processes), *map(str, filter(None, sources))]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(times)]
    found: list[dict[str, float]] = [json.loads(one.communicate()[0]) for one in running]
    return max(found, key=lambda one: one["clock"])


def compare(name: str, file: Path, sources: Sources, geocoder: Geocoder, rounds: int) -> None:
    """One line of the table: the best of several rounds, in which the ways take turns."""
    ways = {"one": (1, 1), "two": (2, 1), "apart": (1, 2)}
    runs: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, how in ways.items():
            runs[way].append(in_process(file, sources, *how))
    one = min(runs["one"], key=lambda run: run["processor"])
    clock = {way: min(run["clock"] for run in found) for way, found in runs.items()}
    gain, most = clock["one"] / clock["two"], 2 * clock["one"] / clock["apart"]
    rows = pq.read_table(file).slice(0, PEER_ROWS)
    place = peers(geocoder)[PEER]
    start = time.process_time()
    for text, country in zip(rows["text"].to_pylist(), rows["country"].to_pylist(), strict=True):
        place(text, country or "")
    peer = len(rows) / (time.process_time() - start)
    rate = one["addresses"] / one["processor"]
    print(
        f"{name:8} {one['addresses']:>10,.0f} {one['located'] / one['addresses']:8.1%} {rate:9,.0f}/s {gain:6.2f} of {most:.2f} x"
        f" {one['opened']:6.2f} s {one['megabytes']:6.0f} MB {rate / peer:8.2f} x",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--labels", type=Path)
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--world", type=float, default=0.1, help="size of the simulated world, 0 for none")
    parser.add_argument("--registry", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="folder in which the corpora are kept and found again")
    chosen = parser.parse_args()
    home = Home.find()
    registry = None if chosen.registry is None else organisation_names.ensure(home, chosen.registry, print)
    sources = Sources(home.gazetteer(ensure(home, [], print)), registry)
    print(
        "corpus     addresses  located   one process    two (of)         opened  memory  over the last city's name"
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        files = []
        for name, make in corpora(chosen).items():
            files.append(folder / f"{name}.parquet")
            if not files[-1].is_file():
                pq.write_table(distinct(make()), files[-1])
            compare(name, files[-1], sources, Geocoder.open(*sources), chosen.rounds)
        if len(files) > 1:
            together = folder / "all.parquet"
            pq.write_table(distinct(pa.concat_tables([pq.read_table(file) for file in files])), together)
            compare("all", together, sources, Geocoder.open(*sources), chosen.rounds)


def corpora(chosen: argparse.Namespace) -> dict[str, Callable[[], pa.Table]]:
    """Name of each corpus that was asked for -> function that makes it."""
    found: dict[str, Callable[[], pa.Table]] = {}
    if chosen.labels:
        found["labels"] = lambda: labelled(chosen.labels)
    if chosen.sample:
        found["sample"] = lambda: exported(chosen.sample)
    if chosen.world:
        found["world"] = lambda: simulated(chosen.world)
    return found


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(placed(Path(sys.argv[2]), Sources(*map(Path, sys.argv[4:])), int(sys.argv[3]))))
    else:
        main()
