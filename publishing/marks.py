"""The marks of METHODOLOGY: which rules WIPO published, which follow from its printed figures, which we assume.

The table is `data/marks.csv`; the method page prints it beside the settings of an edition.
"""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

from publishing.language import later


@dataclass(frozen=True)
class Mark:
    """A mark: its word, what it means, and which group it is counted in."""

    word: str
    meaning: str
    group: str


MARKS = {
    "P": Mark(later("published"), later("read in WIPO's own words or table"), "published"),
    "P2": Mark(
        later("published, second hand"),
        later("read at a national office, a university or in the press"),
        "published",
    ),
    "E": Mark(later("inferred"), later("not stated, but WIPO's printed figures decide it"), "inferred"),
    "R": Mark(
        later("remembered"), later("from WIPO's older papers, not read again: taken as assumed"), "assumed"
    ),
    "A": Mark(later("assumed"), later("nothing reachable decides it: ours, behind a setting"), "assumed"),
}


@dataclass(frozen=True)
class Rule:
    """A rule of the method: METHODOLOGY section and topic, the rule in words, its mark, the settings it speaks of."""

    section: int
    topic: str
    rule: str
    mark: str
    settings: tuple[str, ...]


@functools.cache
def rules() -> tuple[Rule, ...]:
    """All rules in the order of METHODOLOGY."""
    file = Path(__file__).resolve().parent / "data" / "marks.csv"
    with file.open(encoding="utf-8", newline="") as handle:
        return tuple(
            Rule(int(row["section"]), row["topic"], row["rule"], row["mark"], tuple(row["settings"].split()))
            for row in csv.DictReader(handle)
        )
