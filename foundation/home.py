"""Where everything lies: the only module that joins path names. All others ask a `Home`.

raw/<kind>/<delivery>/       files as received, or a link to a folder elsewhere; never written by us
lake/                        deliveries/<delivery>/…, <table>/publication_year=Y/part-0.parquet, years/Y.json
warehouse/<edition>/         hand-over tables, marts, settings; dbt's database
editions/<edition>, site/<edition>   links to the last complete build
reports/ cache/ dagster/ rasters/ registry/
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from foundation.atomic import write_text
from foundation.errors import BadInput

KINDS = ("pct", "sci")
DELIVERY_NAME = re.compile(r"^(pct|sci)\.[a-z0-9][a-z0-9._-]{0,62}$")
FOLDER_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
WAREHOUSE_STEM = "workshop"  # DuckDB names the catalogue after it, and dbt's manifest remembers the name


def project_root() -> Path:
    """The folder that holds the packages: the checkout, or site-packages when installed from a wheel."""
    return Path(__file__).resolve().parent.parent


def dbt_project_folder() -> Path:
    """The dbt project, in a checkout and in a wheel alike."""
    return project_root() / "dbt_project"


def seed_file(name: str) -> Path:
    """The CSV file of a seed; seeds lie in the dbt project and nowhere else."""
    return dbt_project_folder() / "seeds" / f"{name}.csv"


def shared_cache() -> Path | None:
    """What all homes of a user share, named by its content: STCLUSTERS_CACHE, else the user's cache directory.

    None when STCLUSTERS_CACHE is empty or no directory is known: each home then keeps its own.
    """
    named = os.environ.get("STCLUSTERS_CACHE")
    if named == "":
        return None
    try:
        if named is not None:
            return Path(named).expanduser()
        return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "stclusters"
    except RuntimeError:  # no home directory is known
        return None


def _checked(pattern: re.Pattern[str], name: str, what: str) -> str:
    if not pattern.match(name) or ".." in name:
        raise BadInput(
            f"'{name}' is no valid name of {what}.", "Use letters a-z, digits, dot, dash and underscore."
        )
    return name


def _seen(folder: Path) -> list[Path]:
    """The entries of a folder that are not hidden, sorted; none where it is not there."""
    return sorted(one for one in folder.iterdir() if not one.name.startswith(".")) if folder.is_dir() else []


def _shown(entry: Path) -> str:
    return entry.name if entry.name.isprintable() else ascii(entry.name)


def model_descriptions() -> list[Path]:
    """The YAML files that describe the dbt models, sorted; the data dictionary of the marts."""
    return sorted((dbt_project_folder() / "models").glob("**/*.yml"))


@dataclass(frozen=True)
class Home:
    """One home is one world: all files of its deliveries, years, editions and pages."""

    root: Path

    @classmethod
    def find(cls, given: str | os.PathLike[str] | None = None) -> Home:
        """The home that was given, else `STCLUSTERS_HOME`, else `./data`."""
        return cls(Path(given or os.environ.get("STCLUSTERS_HOME") or "data").expanduser().absolute())

    # raw deliveries
    def raw_kind(self, kind: str) -> Path:
        """Folder of all deliveries of a kind."""
        return self.root / "raw" / kind

    def raw(self, delivery: str) -> Path:
        """Folder (or link) of a delivery's raw files; `delivery` is `pct.<name>` or `sci.<name>`."""
        kind, name = _checked(DELIVERY_NAME, delivery, "a delivery").split(".", 1)
        return self.raw_kind(kind) / name

    def deliveries(self) -> list[str]:
        """Keys of all deliveries, sorted; one whose linked folder is gone is still a delivery, see `lost`."""
        found = []
        for kind in KINDS:
            folder = self.raw_kind(kind)
            if folder.is_dir():
                entries = [one for one in folder.iterdir() if one.is_dir() or one.is_symlink()]
                found += [f"{kind}.{entry.name}" for entry in entries]
        return sorted(key for key in found if DELIVERY_NAME.match(key))

    def strangers(self) -> dict[str, str]:
        """What lies where deliveries belong and is none, by path below the home, and why; hidden entries are nobody's."""
        beside = "lies beside the deliveries: move it into raw/pct or raw/sci, in a folder of its own"
        found = {
            f"raw/{_shown(entry)}": beside for entry in _seen(self.root / "raw") if entry.name not in KINDS
        }
        for kind in KINDS:
            for entry in _seen(self.raw_kind(kind)):
                if DELIVERY_NAME.match(f"{kind}.{entry.name}") and (entry.is_dir() or entry.is_symlink()):
                    continue
                found[f"raw/{kind}/{_shown(entry)}"] = (
                    "cannot name a delivery: rename it to lower-case letters, digits, dots and dashes, 63 at most"
                    if entry.is_dir()
                    else "is a file: put it into a folder of its own"
                )
        return found

    def lost(self) -> dict[str, Path]:
        """The missing folder of each delivery whose link leads nowhere; its tables may still lie in the lake."""
        return {key: self.raw(key).resolve() for key in self.deliveries() if not self.raw(key).exists()}

    # lake
    def delivery_root(self) -> Path:
        """Folder of all deliveries' tables."""
        return self.root / "lake" / "deliveries"

    def delivery(self, delivery: str) -> Path:
        """Folder of one delivery's tables."""
        return self.delivery_root() / _checked(DELIVERY_NAME, delivery, "a delivery")

    def delivery_table(self, delivery: str, table: str, year: int) -> Path:
        """A delivery's rows of one table and publication year."""
        return self.delivery(delivery) / table / f"publication_year={year}" / "part-0.parquet"

    def delivery_report(self, delivery: str, name: str) -> Path:
        """A delivery's tables without a year: `files`, `filtered`, `rejects`, and `report` (JSON)."""
        suffix = "json" if name == "report" else "parquet"
        return self.delivery(delivery) / f"{name}.{suffix}"

    def readings(self, delivery: str) -> Path:
        """Folder of the readings of a delivery's files, one each, so that unchanged files are not read again."""
        return self.cache() / "readings" / _checked(DELIVERY_NAME, delivery, "a delivery")

    def delivery_staging(self, delivery: str) -> Home:
        """A home of its own beside the lake where a delivery's tables are written before they take the old ones' place.

        It lies outside `lake/`: readers list deliveries by pattern and must never meet half of one.
        """
        return Home(self.cache() / "staging" / _checked(DELIVERY_NAME, delivery, "a delivery"))

    def lake(self, table: str, year: int) -> Path:
        """The lake's rows of one table and publication year."""
        return self.root / "lake" / table / f"publication_year={year}" / "part-0.parquet"

    def lake_root(self) -> Path:
        """Folder of the lake."""
        return self.root / "lake"

    def year_manifest(self, year: int) -> Path:
        """Sizes and hashes of a year's tables, written last."""
        return self.root / "lake" / "years" / f"{year}.json"

    def completeness(self) -> Path:
        """The copy that stays of each document that came more than once."""
        return self.root / "lake" / "completeness" / "part-0.parquet"

    def year_coverage(self) -> Path:
        """How complete each publication year is, by source and economy."""
        return self.root / "lake" / "year_coverage" / "part-0.parquet"

    def places(self) -> Path:
        """The gazetteer's places."""
        return self.root / "lake" / "places" / "part-0.parquet"

    def quarantine(self) -> Path:
        """Where damaged files are moved."""
        return self.root / "lake" / "quarantine"

    def quarantined(self, table: str, year: int) -> Path:
        """Where a damaged table of a year is moved."""
        return self.quarantine() / f"{table}-{year}.parquet"

    # locks
    def lock(self, name: str) -> Path:
        """The file that one process at a time holds for `name`: `run`, or an edition."""
        return self.root / "locks" / f"{_checked(FOLDER_NAME, name, 'a lock')}.lock"

    # editions
    def warehouse(self, edition: str) -> Path:
        """Folder of an edition's tables."""
        return self.root / "warehouse" / _checked(FOLDER_NAME, edition, "an edition")

    def database(self, edition: str) -> Path:
        """dbt's private database of an edition."""
        return self.warehouse(edition) / f"{WAREHOUSE_STEM}.duckdb"

    def table(self, edition: str, table: str) -> Path:
        """A hand-over table or mart of an edition."""
        return self.warehouse(edition) / f"{table}.parquet"

    def settings_json(self, edition: str) -> Path:
        """The resolved settings of an edition, for people."""
        return self.warehouse(edition) / "settings.json"

    def release(self, edition: str) -> Path:
        """Link to the release that readers see."""
        return self.root / "editions" / _checked(FOLDER_NAME, edition, "an edition")

    def release_build(self, edition: str, build: str) -> Path:
        """Folder of one build of a release."""
        return self.root / "editions" / ".builds" / f"{edition}-{build}"

    def sites(self) -> Path:
        """Folder that holds the pages of all editions."""
        return self.root / "site"

    def site(self, edition: str) -> Path:
        """Link to the pages of an edition."""
        return self.sites() / _checked(FOLDER_NAME, edition, "an edition")

    def site_build(self, edition: str, build: str) -> Path:
        """Folder of one build of the pages."""
        return self.root / "site" / ".builds" / f"{edition}-{build}"

    # the rest
    def reports(self) -> Path:
        """Readable reports of runs and failures."""
        return self.root / "reports"

    def run_report(self, name: str) -> Path:
        """One report."""
        return self.reports() / _checked(FOLDER_NAME, name, "a report")

    def cache(self) -> Path:
        """What can be made again: gazetteer index, temporary files of DuckDB."""
        return self.root / "cache"

    def gazetteer(self, version: str) -> Path:
        """Folder of a gazetteer index of one version: in this home if it is there, else in the cache that homes share."""
        own, shared = self.own_gazetteer(version), shared_cache()
        return own if shared is None or own.is_dir() else shared / "gazetteer" / version

    def own_gazetteer(self, version: str) -> Path:
        """Folder of a gazetteer index of one version in this home."""
        return self.cache() / "gazetteer" / version

    def fallback_answers(self) -> Path:
        """Answers of other geocoders, kept so that nothing is asked twice."""
        return self.cache() / "fallback.sqlite"

    def temporary(self) -> Path:
        """DuckDB's spill folder."""
        return self.cache() / "duckdb"

    def dagster(self) -> Path:
        """Dagster's instance, runs and logs (DAGSTER_HOME)."""
        return self.root / "dagster"

    def truth(self, edition: str) -> Path:
        """What a simulated world knows and no stage reads."""
        return self.root / "truth" / _checked(FOLDER_NAME, edition, "an edition")

    def inside(self, relative: str) -> Path:
        """A user's path relative to the home; refused when it leaves the home."""
        target = (self.root / relative).resolve()
        if not target.is_relative_to(self.root.resolve()):
            raise BadInput(
                f"The path '{relative}' leaves the home.", "Give a path below the home.", str(self.root)
            )
        return target

    # what kind of home
    def state_file(self) -> Path:
        """`home.json`: whether the home is simulated, and by which reader settings it was read."""
        return self.root / "home.json"

    def state(self) -> dict[str, object]:
        """The home's state; empty for a new home. Raises BadInput when its file is damaged."""
        if not self.state_file().is_file():
            return {}
        try:
            loaded = json.loads(self.state_file().read_text(encoding="utf-8"))
        except ValueError:  # no UTF-8, no JSON
            loaded = None
        if not isinstance(loaded, dict):
            raise BadInput(
                "The home's state is damaged: its file is no JSON object.",
                "Restore it from a copy; without one, begin another --home DIR.",
                str(self.state_file()),
            )
        return loaded

    def check_world(self, simulated: bool) -> None:
        """Raise BadInput when the home is of the other kind; nothing is written."""
        state = self.state()
        if state.get("simulated", simulated) != simulated:
            is_now, wanted = ("simulated", "real") if state["simulated"] else ("real", "simulated")
            raise BadInput(
                f"This home holds {is_now} deliveries; {wanted} ones may not join them.",
                "Use another --home DIR: one home is one world.",
                str(self.root),
            )

    def claim(self, simulated: bool) -> None:
        """Make the home of one kind; refuse it when it already is of the other kind."""
        self.check_world(simulated)
        state = self.state()
        if "simulated" not in state:
            write_text(
                self.state_file(),
                json.dumps({**state, "simulated": simulated}, indent=2, sort_keys=True) + "\n",
            )

    def claim_reader(self, reader_hash: str, settings_text: str) -> None:
        """Bind the home to reader settings; refuse others, since the lake serves all editions."""
        state = self.state()
        if state.get("reader_hash", reader_hash) != reader_hash:
            raise BadInput(
                f"This home was read by other rules ({state.get('reader', '')}).",
                "Use another --home DIR, or delete its lake folder to read everything again.",
                str(self.root),
            )
        if "reader_hash" not in state:
            state = {**state, "reader_hash": reader_hash, "reader": settings_text}
            write_text(self.state_file(), json.dumps(state, indent=2, sort_keys=True) + "\n")
