"""Whether the publication years that an edition uses are prepared: present, whole, and with documents."""

from __future__ import annotations

import json

from foundation.errors import MissingData
from foundation.home import KINDS, Home
from foundation.measure import StageReport, Stopwatch
from foundation.settings import Settings


def require_years(home: Home, settings: Settings, edition: str) -> StageReport:
    """Documents of each kind and year of `edition`.

    Raises
    ------
    MissingData
        A year of a window is not merged, its files are unlike its manifest, or it holds no document of its kind.
    """
    from foundation.parquet import read_table

    watch = Stopwatch("readiness", edition)
    rules = settings.edition(edition)
    counts: dict[str, dict[str, int]] = {kind: {} for kind in rules.indicators}
    for year in rules.all_years:
        _require_whole(home, year)
        kinds = read_table(home.lake("documents", year), ["kind"])["kind"].to_pylist()
        for kind in rules.indicators:
            if year in rules.years(kind):
                counts[kind][str(year)] = kinds.count(kind)
    present = _kinds_delivered(home)
    warnings = []
    for name, years in counts.items():
        if name not in present:
            warnings.append(f"No delivery holds documents of kind {name}: the edition ranks without them.")
            continue
        empty = [year for year, documents in years.items() if not documents]
        if empty:
            raise MissingData(
                f"Edition '{edition}' uses {name} documents of {', '.join(empty)}, and no delivery holds any.",
                f"Add a delivery of these years (--{name} DIR), or narrow {name}_years.",
                settings.source,
            )
    rows = sum(documents for years in counts.values() for documents in years.values())
    return watch.report(rows, {"documents": counts}, tuple(warnings))


def require_delivered(home: Home, settings: Settings, edition: str) -> None:
    """Raise MissingData, before hours of work, when no delivery holds documents of a year that the edition needs."""
    from extracts.merge import reports

    rules = settings.edition(edition)
    held: dict[str, set[int]] = {}
    for key, report in reports(home).items():
        held.setdefault(key.split(".", 1)[0], set()).update(int(year) for year in report["tables"])
    anything = set().union(*held.values())
    lacking = {}
    for kind in KINDS:
        # a kind that is not ranked, or of which there is no delivery, may be missing, but its years must be there
        there = held.get(kind, anything) if kind in rules.indicators else anything
        absent = [year for year in rules.years(kind) if year not in there]
        lacking[kind] = [year for year in absent if not home.year_manifest(year).is_file()]
    said = [f"{kind} documents of {', '.join(map(str, years))}" for kind, years in lacking.items() if years]
    if said:
        options = ", ".join(f"--{kind} DIR" for kind, years in lacking.items() if years)
        raise MissingData(
            f"Edition '{edition}' needs {' and '.join(said)}, and no delivery holds any.",
            f"Add a delivery of these years ({options}), or narrow the edition's years.",
            settings.source,
        )


def _kinds_delivered(home: Home) -> set[str]:
    return {key.split(".", 1)[0] for key in home.deliveries()}


def damaged_tables(home: Home, year: int) -> list[str]:
    """Tables of a prepared year that are missing or unlike its manifest, by their hash; they are moved to quarantine.

    A year without a manifest is not prepared, and none of its tables is damaged.
    """
    from foundation.parquet import file_hash

    path = home.year_manifest(year)
    if not path.is_file():
        return []
    damaged = []
    for name, entry in json.loads(path.read_text(encoding="utf-8"))["tables"].items():
        file = home.lake(name, year)
        if file.is_file() and file_hash(file) == entry["hash"]:
            continue
        damaged.append(name)
        if file.is_file():
            home.quarantine().mkdir(parents=True, exist_ok=True)
            file.replace(home.quarantined(name, year))
    return damaged


def _require_whole(home: Home, year: int) -> None:
    """The year is prepared, and its eight tables are as its manifest says."""
    path = home.year_manifest(year)
    if not path.is_file():
        raise MissingData(
            f"The publication year {year} is not prepared, or no delivery holds it.",
            f"Add a delivery with documents of {year}, or run the year's tables first.",
            str(path),
        )
    damaged = damaged_tables(home, year)
    if damaged:
        raise MissingData(
            f"The publication year {year} is half-written or damaged: {', '.join(damaged)} unlike the manifest.",
            "Run the year again.",
            str(home.quarantined(damaged[0], year)),
        )
