"""The stage of the simulated world: raw files of an edition's world, and the truth beside them.

One world serves all editions that name it (same seed, same scale): its years are the union of their windows, its files
are written once. A stamp in the truth folder makes a second call cheap.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.atomic import new_folder, sweep, write_text
from foundation.errors import BadSettings, disk_error
from foundation.home import Home
from foundation.measure import StageReport, Stopwatch
from foundation.settings import Settings
from simulation import tables

if TYPE_CHECKING:
    from simulation.truth import Ledger
    from simulation.world import World

GENERATOR = "3"  # raise it when the same settings give other files
DELIVERIES = {"pct": "pct.simulated", "sci": "sci.simulated"}
NAMES = 30_000
TITLES = 4_000


def simulate(
    home: Home, settings: Settings, edition: str, emit: Callable[[str], None] | None = None
) -> StageReport:
    """Raw files of the edition's world in `pct.simulated` and `sci.simulated`, and its truth (METHODOLOGY 7, 23).

    Returns
    -------
    StageReport
        `rows` are records written; a second call with the same world rewrites nothing and reports `rewritten: false`.

    Raises
    ------
    BadSettings
        The edition is not a simulated one.
    BadInput
        The home holds real deliveries.
    """
    watch = Stopwatch("simulate", edition)
    chosen = settings.edition(edition)
    if not chosen.simulated or chosen.world is None:
        raise BadSettings(
            f"The edition '{edition}' is no simulated one.",
            "Give it simulated: true and world: {seed: ..., scale: ...}.",
            settings.source,
        )
    family = _family(settings, edition)
    stamp = _stamp(settings, family)
    home.claim(simulated=True)
    found = _written(home, family, stamp)
    if found is not None:
        return watch.report(int(found["records"]), {**found["counts"], "rewritten": False})
    try:
        counts = _write(home, settings, family, stamp, emit or (lambda _: None))
    except OSError as fault:
        raise disk_error(fault, "writing the simulated world") from fault
    return watch.report(
        int(counts["applications"] + counts["article_records"]), {**counts, "rewritten": True}
    )


def world_editions(settings: Settings, edition: str) -> list[str]:
    """Editions that share the world of `edition`: those with its seed and scale, and all they are compared with."""
    return _family(settings, edition)


def _family(settings: Settings, edition: str) -> list[str]:
    wanted = settings.edition(edition).world
    names = {
        member
        for name, other in settings.editions.items()
        if other.world == wanted and other.simulated
        for member in settings.chain(name)
    }
    return sorted(names)


def _years(settings: Settings, family: list[str], kind: str) -> list[int]:
    return sorted({year for name in family for year in settings.edition(name).years(kind)})


def _stamp(settings: Settings, family: list[str]) -> str:
    world = settings.edition(family[0]).world
    assert world is not None
    parts = {
        "generator": GENERATOR,
        "tables": tables.table_digest(),
        "world": world.model_dump(mode="json"),
        "editions": {
            name: [settings.edition(name).pct_years, settings.edition(name).sci_years] for name in family
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def _files(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir())} if folder.is_dir() else {}


def _written(home: Home, family: list[str], stamp: str) -> dict[str, Any] | None:
    """What a former call wrote, when its stamp and all its files are still there."""
    loaded: dict[str, Any] = {}
    for name in family:
        path = home.truth(name) / "stamp.json"
        if not path.is_file():
            return None
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded.get("stamp") != stamp:
            return None
    for kind, delivery in DELIVERIES.items():
        if _files(home.raw(delivery)) != loaded["files"][kind]:
            return None
    return loaded


def _write(
    home: Home, settings: Settings, family: list[str], stamp: str, emit: Callable[[str], None]
) -> dict[str, Any]:
    from simulation.truth import Ledger
    from simulation.world import build_world

    world_settings = settings.edition(family[0]).world
    assert world_settings is not None
    years = {kind: _years(settings, family, kind) for kind in DELIVERIES}
    emit("simulated world: placing clusters")
    world = build_world(world_settings.seed)
    maker = _Maker(world, world_settings.scale, years, Ledger(world))
    for kind, delivery in DELIVERIES.items():
        sweep(home.raw_kind(kind))
        emit(f"simulated world: writing {delivery}, {years[kind][0]} to {years[kind][-1]}")
        with new_folder(home.raw(delivery)) as folder:
            maker.write(kind, folder)
    addresses = maker.ledger.addresses()
    counts = {**maker.counts, "address_texts": addresses.num_rows, "clusters": len(world.clusters) - 1}
    stamped = {
        "stamp": stamp,
        "records": counts["applications"] + counts["article_records"],
        "counts": counts,
        "files": {kind: _files(home.raw(delivery)) for kind, delivery in DELIVERIES.items()},
    }
    emit("simulated world: writing its truth")
    sweep(home.truth(family[0]).parent)
    for name in family:
        edition = settings.edition(name)
        with new_folder(home.truth(name)) as folder:
            maker.ledger.write(folder, edition.pct_years, edition.sci_years, addresses)
            write_text(folder / "about.json", _about(world_settings.model_dump(mode="json")))
            write_text(folder / "stamp.json", json.dumps(stamped, indent=2, sort_keys=True) + "\n")
    return counts


def _about(world: dict[str, Any]) -> str:
    from simulation.truth import assumptions

    return (
        json.dumps({"simulated": True, "world": world, **assumptions()}, indent=2, ensure_ascii=False) + "\n"
    )


class _Maker:
    """Draws and writes one kind after the other; counts what it wrote."""

    def __init__(self, world: World, scale: float, years: dict[str, list[int]], ledger: Ledger) -> None:
        from simulation.addresses import AddressBook, Pools
        from simulation.words import persons

        self.world, self.scale, self.years, self.ledger = world, scale, years, ledger
        self.names = persons(NAMES, world.seed)
        self.book = AddressBook(world.places, world.seed)
        self.pools = Pools.for_listings(self._expected("sci"), self._expected("pct"))
        self.counts: dict[str, Any] = {}

    def _expected(self, kind: str) -> Any:
        """Listings expected at each place over six years."""
        import numpy as np

        from simulation import volumes

        base = volumes.BASE_YEAR[kind]
        documents = 6 * volumes.documents(kind, base, self.scale) * volumes.LISTINGS_PER_DOCUMENT[kind]
        return documents * np.bincount(
            self.world.site_place,
            weights=self.world.site_shares(kind, base),
            minlength=len(self.world.places.place_id),
        )

    def write(self, kind: str, folder: Path) -> None:
        """All files of a kind."""
        if kind == "pct":
            self._applications(folder)
        else:
            self._articles(folder)

    def _yearly(self, kind: str) -> list[tuple[int, int, bool]]:
        """Year, number of documents, whether it is one of the world's years; a few documents lie a year outside."""
        from simulation import volumes
        from simulation.rates import OUTSIDE_YEARS

        years = self.years[kind]
        inside = [(year, volumes.documents(kind, year, self.scale), True) for year in years]
        few = max(1, round(OUTSIDE_YEARS * inside[0][1]))
        return [(years[0] - 1, few, False), *inside, (years[-1] + 1, few, False)]

    def _applications(self, folder: Path) -> None:
        from simulation.addresses import PERSONS_MOST
        from simulation.applications import Slips, draw_applications
        from simulation.subjects import Technology
        from simulation.writers.patstat import Tables

        technology = Technology(len(self.world.clusters), self.world.seed)
        written = Tables(self.world, self.book, self.names[0])
        listed: dict[int, int] = {}
        total = 0
        for year, count, _ in self._yearly("pct"):
            drawn = draw_applications(self.world, year, count, self.pools, technology)
            written.add_year(drawn)
            located = Slips.of(drawn.person).located
            self.ledger.add("pct", year, count, drawn.site[located], drawn.fraction[located])
            for person in drawn.person[located].tolist():
                listed[person] = listed.get(person, 0) + 1
            total += count
        for person, (text, code) in written.texts.items():
            self.ledger.add_address("pct", text, code, person // PERSONS_MOST, listed.get(person, 0))
        written.write(folder)
        self.counts["applications"] = total

    def _articles(self, folder: Path) -> None:
        import numpy as np

        from simulation.addresses import article_place
        from simulation.articles import FATES, draw_articles
        from simulation.subjects import Journals
        from simulation.words import titles
        from simulation.writers.wos_tagged import Texts, write_year

        journals = Journals(len(self.world.clusters), self.world.seed)
        texts = Texts(*self.names, titles(TITLES, self.world.seed), journals.all, self.book)
        fates = np.zeros(len(FATES), dtype=np.int64)
        repeated = 0
        per_address: dict[int, int] = {}
        for year, count, inside in self._yearly("sci"):
            drawn = draw_articles(self.world, year, count, self.pools, journals, NAMES, inside)
            repeated += write_year(folder, drawn, texts)
            fates += np.bincount(drawn.fate, minlength=len(FATES))
            listings = drawn.listings
            self.ledger.add("sci", year, count, drawn.address_site[listings.address], listings.fraction)
            codes, position = np.unique(drawn.address_code, return_inverse=True)
            number = np.bincount(position[listings.address], minlength=len(codes))
            for code, value in zip(codes.tolist(), number.tolist(), strict=True):
                per_address[code] = per_address.get(code, 0) + value
        codes = np.array(sorted(per_address), dtype=np.int64)
        places = article_place(codes).tolist()
        for text, code, place in zip(self.book.article_texts(codes), codes.tolist(), places, strict=True):
            self.ledger.add_address("sci", text, "", place, per_address[code])
        self.counts["articles"] = {name: int(value) for name, value in zip(FATES, fates, strict=True)}
        self.counts["articles"]["duplicates"] = repeated
        self.counts["article_records"] = int(fates.sum()) + repeated
