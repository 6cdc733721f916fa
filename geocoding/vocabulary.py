"""Lists of words that the rules use, each in a data file with its source. No rule stands here."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from geocoding.normalise import key

FOLDER = Path(__file__).resolve().parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    """Rows of the data file `name`; lines that start with # name its source."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


USED_LATER = frozenset(
    {"reliability.csv", "organisation_words.csv", "pins.csv"}
)  # not in the gazetteer's index


def data_files() -> list[Path]:
    """Data files that the index depends on, sorted; their bytes are part of its version."""
    return sorted(path for path in FOLDER.glob("*.csv") if path.name not in USED_LATER)


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    kinds: dict[str, set[str]] = {}
    for row in rows("words"):
        kinds.setdefault(row["kind"], set()).add(key(row["word"]))
    return {kind: frozenset(found) for kind, found in kinds.items()}


def words(kind: str) -> frozenset[str]:
    """Keys of the words of a kind: `organisation`, `street`, `street_first`, `suffix`, `stop`, `generic`, `binder`."""
    return _words()[kind]


@lru_cache(maxsize=1)
def abbreviations() -> dict[str, tuple[str, ...]]:
    """Key of a short form -> keys of the words it stands for, sorted."""
    found: dict[str, list[str]] = {}
    for row in rows("abbreviations"):
        found.setdefault(row["word"], []).append(row["long"])
    return {word: tuple(sorted(long)) for word, long in found.items()}
