"""A first settings file for raw files that nobody has described yet: windows from the years that are in them."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from foundation.errors import BadInput
from foundation.home import Home
from foundation.settings import EDITION_NAME, Settings, parse

WINDOW = 5  # years; both windows of the published ranking have five (METHODOLOGY 1)
#: documents of the world in the five years of the 2023 edition, from printed shares (METHODOLOGY 12)
WORLD = {"pct": 1_255_500, "sci": 7_457_000}
PUBLISHED_MIN_SAMPLES, LEAST_MIN_SAMPLES = (
    4500,
    2,
)  # METHODOLOGY 7; one listing alone would be a cluster everywhere
COMPLETE = 0.5  # a last year with less than half of the median year's documents is taken as incomplete


@dataclass
class Seen:
    """What reading found: documents by kind and year, what years are taken from, listings, warnings."""

    years: dict[str, dict[int, int]] = field(default_factory=dict)
    bases: dict[str, set[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    needs: dict[str, str] = field(default_factory=dict)


def _lenient(pct_date: str) -> Settings:
    """Reader settings that refuse nothing, so that the files can be looked at."""
    raw: dict[str, Any] = {
        "editions": {"look": {"pct_years": [2000], "sci_years": [2000]}},
        "reader": {
            "pct_date": pct_date, "pct_kind_when_absent": "keep", "address_share_min": 0.0, "reject_share_max": 1.0,
            "dangling_share_max": 1.0,
        },
    }  # fmt: skip
    return parse(raw, "(built in)")


def look_at(
    scratch: Path, folders: dict[str, list[tuple[str | None, Path]]], emit: Callable[[str], None]
) -> Seen:
    """Read all folders into a scratch home; publication dates where there are any, else filing years."""
    try:
        return _look(Home(scratch / "publication"), folders, _lenient("publication"), emit, {})
    except BadInput as fault:
        if not folders.get("pct") or "filing" not in str(fault):
            raise
        return _look(Home(scratch / "filing"), folders, _lenient("filing"), emit, {"pct_date": "filing"})


def _look(
    home: Home,
    folders: dict[str, list[tuple[str | None, Path]]],
    settings: Settings,
    emit: Callable[[str], None],
    needs: dict[str, str],
) -> Seen:
    from extracts.stage import read_delivery, register_delivery

    seen = Seen(needs=dict(needs))
    for kind, pairs in folders.items():
        for name, folder in pairs:
            key = register_delivery(home, kind, folder, name)
            report = read_delivery(home, settings, key, emit)
            seen.warnings += report.warnings
            _count_years(home, key, kind, seen)
    if any("PCT" in warning and "tell" in warning for warning in seen.warnings):
        seen.needs["pct_kind_when_absent"] = "keep"
    return seen


def _count_years(home: Home, key: str, kind: str, seen: Seen) -> None:
    from foundation.parquet import read_table

    counted = seen.years.setdefault(kind, {})
    folder = home.delivery(key) / "documents"
    for part in sorted(folder.glob("publication_year=*/part-0.parquet")):
        year = int(part.parent.name.split("=")[1])
        counted[year] = counted.get(year, 0) + read_table(part, ["document_no"]).num_rows


def window(counted: dict[int, int]) -> list[int]:
    """The last five years of `counted`, without a last year that looks incomplete."""
    if not counted:
        return []
    years = sorted(counted)
    typical = statistics.median([counted[year] for year in years[-WINDOW - 1 :]])
    while len(years) > 1 and counted[years[-1]] < COMPLETE * typical:
        years.pop()
    return list(range(max(years[0], years[-1] - WINDOW + 1), years[-1] + 1))


def scaled_min_samples(documents: int) -> int:
    """The published listings within the radius, times the part that `documents` are of the world's; at least two.

    >>> scaled_min_samples(8_712_500), scaled_min_samples(174_250), scaled_min_samples(3)
    (4500, 90, 2)
    """
    part = min(documents / sum(WORLD.values()), 1.0)
    return max(round(PUBLISHED_MIN_SAMPLES * part), LEAST_MIN_SAMPLES)


def documents_in_windows(seen: Seen) -> int:
    """Documents of the years that the first settings take."""
    return sum(counted[year] for counted in seen.years.values() for year in window(counted))


def first_settings(name: str, seen: Seen) -> str:
    """The settings file as text, with a comment on each choice."""
    if not EDITION_NAME.match(name):
        raise BadInput(
            f"'{name}' is no valid name of an edition.", "Use letters, digits, dot, dash and underscore."
        )
    windows = {kind: window(seen.years.get(kind, {})) for kind in ("pct", "sci")}
    if not any(windows.values()):
        raise BadInput(
            "The folders hold no document that is kept.", "See the warnings above for the reasons."
        )
    other = {"pct": windows["sci"], "sci": windows["pct"]}
    lines = [
        "# A first settings file, made from the years found in your files. Years and documents of each kind:"
    ]
    for kind, counted in sorted(seen.years.items()):
        lines.append(
            f"#   {kind}: " + ", ".join(f"{year} {counted[year]:,}" for year in sorted(counted)[-12:])
        )
    lines += [f"# {warning}" for warning in dict.fromkeys(seen.warnings)]
    lines += ["editions:", f'  "{name}":', f"    title: {name}"]
    for kind in ("pct", "sci"):
        note = "" if windows[kind] else "          # none of your files is of this kind"
        lines.append(f"    {kind}_years: {windows[kind] or other[kind]}{note}")
    documents, world = documents_in_windows(seen), sum(WORLD.values())
    lines += [
        "    eps_km: 15                 # published method",
        f"    # published: {PUBLISHED_MIN_SAMPLES} for the world's {world:,} documents of five years; scaled to your {documents:,}.",
        f"    # Set {PUBLISHED_MIN_SAMPLES} if they are all documents of some economies rather than a sample of the world's.",
        f"    min_samples: {scaled_min_samples(documents)}",
        "    merge_within_km: 5         # published method",
    ]
    if seen.needs:
        lines.append("reader:")
        lines += [f"  {key}: {value}" for key, value in sorted(seen.needs.items())]
    return "\n".join(lines) + "\n"
