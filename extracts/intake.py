"""A folder of raw files becomes a delivery: linked into the home, read file by file, checked, written.

What changed is found by content: the same files, reader and reader settings are not read twice. The result does not
depend on the order of files, on block sizes or on the number of processes.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from extracts.applications import Workbench, applications
from extracts.archives import Unpacking
from extracts.article_rules import Rules
from extracts.articles import articles
from extracts.delivery import Unit, is_whole, report_of, totals, write_delivery
from extracts.detect import (
    UNKNOWN,
    Payload,
    file_sha256,
    format_of,
    is_known,
    known_of,
    opened,
    payloads,
    whole_of,
)
from extracts.meaning import issns
from extracts.records import rejects
from extracts.remembered import forget, key_of, recall, remember
from extracts.tables import Reading
from extracts.verdict import Skipped, check, warnings_of
from foundation.errors import BadInput, StclustersError
from foundation.home import Home, seed_file
from foundation.progress import Progress
from foundation.settings import Reader, Settings

TABLES_VERSION = "2"  # of what this room unpacks, and makes of a reader's records
WORTH_A_PROCESS = 100_000_000  # bytes as delivered; starting processes costs what reading that many does

Emit = Callable[[str], None] | None


def delivery_name(folder: Path) -> str:
    """A delivery's name from its folder's: lower case, other characters to dashes.

    >>> delivery_name(Path("/data/WoS Exports (2023)"))
    'wos-exports-2023'
    """
    name = re.sub(r"[^a-z0-9._]+", "-", folder.name.lower()).strip("-._")
    name = re.sub(r"\.{2,}", ".", name)[:63]
    if not name:
        raise BadInput(
            "The folder's name holds no letter or digit that could name a delivery.",
            "Name it by NAME=DIR.",
            str(folder),
        )
    return name


def register(home: Home, given: Sequence[tuple[str, Path, str | None]]) -> list[str]:
    """Link folders (kind, folder, name) into the home as deliveries, after looking at all; refused, nothing is written."""
    links: dict[str, Path] = {}
    for kind, folder, name in given:
        key, folder = _looked_at(home, kind, folder, name)
        if links.get(key, folder) != folder:
            raise BadInput(
                f"Two folders would be the delivery '{key}': {links[key]} and {folder}.",
                f"Name one of them: --{kind} NAME={folder}.",
                str(folder),
            )
        links[key] = folder
    for key, folder in links.items():
        link = home.raw(key)
        if not link.is_symlink() and not link.exists():
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(folder, target_is_directory=True)
    return list(links)


def _looked_at(home: Home, kind: str, folder: Path, name: str | None) -> tuple[str, Path]:
    """The key and the real folder of a delivery that can be linked."""
    folder = Path(folder).expanduser().absolute()
    if folder.is_file():
        raise BadInput(
            f"--{kind} takes a folder, and this is a file.",
            "Put it into a folder of its own and give that.",
            str(folder),
        )
    known_of(payloads(folder), kind, folder)
    folder = folder.resolve()
    key = f"{kind}.{name or delivery_name(folder)}"
    link = home.raw(key)
    if (link.is_symlink() or link.exists()) and link.resolve() != folder:
        raise BadInput(
            f"The delivery '{key}' is another folder already ({link.resolve()}).",
            f"Name this one: --{kind} NAME={folder}.",
            str(folder),
        )
    return key, folder


class _Delivery:
    """The reading of one delivery."""

    def __init__(self, home: Home, settings: Settings, delivery: str, emit: Emit) -> None:
        self.home, self.settings, self.delivery, self.emit = home, settings, delivery, emit
        self.reader = settings.reader
        self.kind = delivery.split(".", 1)[0]
        self.folder = home.raw(delivery)
        self.extra = [file for file in (self.reader.ipc_extra, self.reader.index_journals) if file]

    def look(self) -> None:
        """The payloads with their hashes, and what identifies a reading of them."""
        limits = self.settings.limits
        if self.folder.is_symlink() and not self.folder.exists():
            raise BadInput(
                f"The folder of delivery {self.delivery} is gone.",
                f"Bring it back, or delete the link {self.folder} to leave the delivery out.",
                str(self.folder.resolve()),
            )
        found = payloads(self.folder, Unpacking(limits.unpack_ratio_max, limits.unpack_gb_max))
        mine = {payload.path for payload in known_of(found, self.kind, self.folder)}
        files = sorted({payload.file for payload in found})
        with ThreadPoolExecutor(
            self.settings.limits.processes
        ) as pool:  # hashing leaves Python to other threads
            hashes = dict(zip(files, pool.map(file_sha256, files), strict=True))
        self.found = [
            replace(
                payload,
                sha256=hashes[payload.file],
                format=payload.format if payload.path in mine else UNKNOWN,
            )
            for payload in found
        ]
        self.foreign = {
            payload.path: payload.format
            for payload in found
            if payload.format != UNKNOWN and payload.path not in mine
        }
        self.refused = {path: name for path, name in self.foreign.items() if not is_known(name)}
        self.foreign = {path: name for path, name in self.foreign.items() if is_known(name)}
        self.times = {file: file.stat().st_mtime_ns for file in hashes}
        formats = sorted({payload.format for payload in self.found} - {UNKNOWN})
        self.versions = {name: f"{format_of(name).module.VERSION}.{TABLES_VERSION}" for name in formats}
        content = "".join(file_sha256(self.home.inside(name)) for name in self.extra)
        self.settings_hash = hashlib.sha256((self.reader.hash + content).encode()).hexdigest()[:12]
        self.identity = {
            "delivery": self.delivery,
            "settings_hash": self.settings_hash,
            "readers": self.versions,
            "inputs": [[payload.path, payload.format, payload.sha256] for payload in self.found],
        }

    def _forget(self, file: Path) -> None:
        """What was read of a file that changed meanwhile is of neither its old nor its new content."""
        if self.kind == "sci":
            mine = [one for one in self.found if one.file == file and one.format != UNKNOWN]
            for payload in mine:
                shutil.rmtree(self.place(payload), ignore_errors=True)

    def known(self) -> dict[str, Any] | None:
        """The report of an earlier reading of the same files by the same rules, if its tables are whole."""
        report = report_of(self.home, self.delivery)
        if report is None or any(report.get(name) != value for name, value in self.identity.items()):
            return None
        return report if is_whole(self.home, self.delivery, report) else None

    def read(self) -> dict[str, Any]:
        """Read, check and write; returns the report."""
        units = self._units()
        for file, time in self.times.items():
            if not file.is_file() or file.stat().st_mtime_ns != time:
                self._forget(file)
                raise StclustersError(
                    f"The file {file.name} changed while it was read.",
                    "Wait until it is copied completely and run the same command again.",
                    str(file),
                )
        counts = totals(units)
        unknown = [payload.path for payload in self.found if payload.format == UNKNOWN]
        counts |= {"files": len(self.found) - len(unknown), "files_skipped": len(unknown)}
        check(units, counts, self.reader, str(self.folder))
        skipped = Skipped(unknown, self.foreign, self.refused)
        warnings = warnings_of(units, counts, self.reader, skipped)
        report = {**self.identity, "counts": counts, "warnings": warnings}
        threads = self.settings.limits.processes
        report = write_delivery(self.home, self.delivery, self.found, units, self.versions, report, threads)
        self.home.claim_reader(self.reader.hash, rules_text(self.reader))
        if self.kind == "sci":
            kept = [self.place(payload).name for unit in units for payload in unit.payloads]
            forget(self.home.readings(self.delivery), kept)
        return report

    def _units(self) -> list[Unit]:
        known = [
            (number, payload) for number, payload in enumerate(self.found, 1) if payload.format != UNKNOWN
        ]
        total = sum(payload.bytes for _, payload in known)
        units = []
        with Progress(f"reading {self.delivery}", total, "bytes", self.emit) as progress:
            for name in sorted(self.versions):
                mine = [(number, payload) for number, payload in known if payload.format == name]
                members = [payload for _, payload in mine]
                numbers = [number for number, _ in mine]
                if self.kind == "pct":
                    units.append(Unit(members, numbers, applications(members, self.reader, self._bench())))
                    progress.add(sum(payload.bytes for payload in members))
                else:
                    for number, payload, reading in zip(numbers, members, self._each(members), strict=True):
                        units.append(Unit([payload], [number], reading))
                        progress.add(payload.bytes)
        return units

    def _bench(self) -> Workbench:
        limits = self.settings.limits
        extra = (self.home.inside(self.reader.ipc_extra),) if self.reader.ipc_extra else ()
        return Workbench(
            memory_gb=max(limits.memory_gb / 2, 0.5),
            threads=limits.processes,
            temporary=self.home.temporary(),
            concordance=(seed_file("ipc_technology"), *extra),
        )

    def _each(self, members: list[Payload]) -> Iterator[Reading]:
        """The readings in the order of `members`, by several processes where there is enough to do."""
        rules = Rules(self.reader, self._journals())
        places = [self.place(payload) for payload in members]
        size = sum(
            payload.bytes for payload, place in zip(members, places, strict=True) if not place.is_dir()
        )
        processes = min(self.settings.limits.processes, len(members), 1 + size // WORTH_A_PROCESS)
        if processes < 2:
            for payload, place in zip(members, places, strict=True):
                yield read_or_recall(payload, rules, place)
            return
        yield from _parallel(members, rules, places, processes)

    def place(self, payload: Payload) -> Path:
        """Where the reading of a payload is kept."""
        name = key_of(payload, self.versions[payload.format], self.settings_hash)
        return self.home.readings(self.delivery) / name

    def _journals(self) -> frozenset[str]:
        if not self.reader.index_journals:
            return frozenset()
        file = self.home.inside(self.reader.index_journals)
        try:
            return frozenset(issns(file.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as fault:
            raise BadInput(
                f"The list of journals cannot be read: {fault}.", "Check reader.index_journals.", str(file)
            ) from None


class _NoPandas:
    """Finds pandas nowhere: Arrow loads it with the first NumPy array, for 0.4 seconds and 50 MB, and readers need none."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> None:  # noqa: ARG004
        if name == "pandas":
            raise ModuleNotFoundError("A process that reads files does without pandas.", name=name)


def _start_worker() -> None:
    """An interruption is the parent's business; a worker that printed a traceback for it would only confuse."""
    import signal
    import sys

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _NoPandas)


def read_or_recall(payload: Payload, rules: Rules, place: Path) -> Reading:
    """The reading kept at `place`; else a new one, which is kept there."""
    reading = recall(place)
    if reading is None:
        reading = read_articles(payload, rules)
        remember(place, reading)
    return reading


def _read_and_keep(payload: Payload, rules: Rules, place: Path) -> None:
    """A reading left on disk: sending its tables from process to process takes longer than making them."""
    read_or_recall(payload, rules, place)


def _parallel(members: list[Payload], rules: Rules, places: list[Path], processes: int) -> Iterator[Reading]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    # spawn: a fork of a process with threads (DuckDB, Arrow, Dagster) may hang
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_start_worker)
    try:
        done = pool.map(_read_and_keep, members, [rules] * len(members), places)
        for payload, place, _ in zip(members, places, done, strict=True):
            yield read_or_recall(payload, rules, place)
    except BrokenProcessPool:
        raise StclustersError(
            "A process that reads files ended unexpectedly, perhaps for want of memory.",
            "Set limits.processes to 1, or free memory, and run the same command again.",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def read_articles(payload: Payload, rules: Rules) -> Reading:
    """The canonical tables of one file of articles; damage of its packing is a reject."""
    import time

    start = time.perf_counter()
    with opened(payload) as stream:
        whole = whole_of(payload, stream)

        def batches() -> Iterator[Any]:
            yield from format_of(payload.format).module.read(whole)
            if whole.damage:
                yield rejects([(0, "byte", None, "damaged_archive", whole.damage.encode(), False)])

        reading = articles(batches(), rules)
    reading.files[0].seconds = round(time.perf_counter() - start, 3)
    return reading


def rules_text(reader: Reader) -> str:
    """The reader settings that differ from the defaults, for people."""
    default = Reader().model_dump()
    changed = [f"{name} {value}" for name, value in reader.model_dump().items() if value != default[name]]
    return ", ".join(changed) or "the default ones"


def read(home: Home, settings: Settings, delivery: str, emit: Emit) -> tuple[dict[str, Any], bool]:
    """The delivery's report, and whether it was read anew."""
    if home.state().get("reader_hash"):
        home.claim_reader(settings.reader.hash, rules_text(settings.reader))
    reading = _Delivery(home, settings, delivery, emit)
    reading.look()
    known = reading.known()
    if known is not None:
        return known, False
    return reading.read(), True
