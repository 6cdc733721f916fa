"""The intensity page: applications and articles per million inhabitants, as a picture and as a table with its sources."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from publishing import sentences
from publishing.language import say
from publishing.map.labels import Label, placed, short
from publishing.printing import plain, whole
from publishing.reading import Release, Row
from publishing.site.page import Page

#: width and height of the picture, and of the one on a narrow screen; its width in pixels there is about 0.7 of it
WIDE, NARROW = (1180, 540), (520, 440)
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 34, 32, 46
_LABELS = {WIDE: 16, NARROW: 6}
_TYPE = {WIDE: 15.5, NARROW: 19.0}  # page type is bold and wide: room to spare
#: a decade more than this is not drawn: lonely tiny rates would press the rest into a corner
_DECADES = 4

_ROOM = 1.5


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from `low` to `high`, drawn from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def over(cls, values: list[float], start: float, end: float) -> Axis:
        """The axis that holds all positive values with some room at both ends, where circles are cut otherwise."""
        positive = [value for value in values if value > 0] or [1.0]
        high, low = max(positive) * _ROOM, min(positive) / _ROOM
        return cls(max(low, high / 10**_DECADES), max(high, low * 10), start, end)

    def place(self, value: float) -> float:
        """Where a value stands; one below the axis stands at its beginning."""
        inside = max(value, self.low)
        part = math.log10(inside / self.low) / math.log10(self.high / self.low)
        return self.start + part * (self.end - self.start)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Positions and figures at 1, 3, 10, 30 …"""
        found = []
        for power in range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1):
            for step in (1, 3):
                value = step * 10.0**power
                if self.low * 0.999 <= value <= self.high * 1.001:
                    found.append((round(self.place(value), 1), whole(value) if value >= 1 else plain(value)))
        return found


def build(release: Release, _: Path) -> Page:
    """The page; without population it says why there is nothing."""
    rows = [row for row in release.ranking if row["intensity_rank"] is not None]
    rows.sort(key=lambda row: (row["intensity_rank"], row["name"]))
    kinds = release.edition["indicators"]
    sources = {sentences.population(row) for row in rows}
    values = {
        "densest": sentences.densest(release),
        "rows": [
            {
                **row,
                "economy": release.economy(row),
                "file": release.brief_file(row),
                "source": sentences.population(row),
            }
            for row in rows
        ],
        "one_source": sources.pop() if len(sources) == 1 else "",
        "missing": [row for row in release.ranked if row["intensity_rank"] is None] if rows else [],
        "pictures": [scatter(rows, size) for size in (WIDE, NARROW)]
        if rows and {"pct", "sci"} <= set(kinds)
        else [],
        "pct": "pct" in kinds,
        "sci": "sci" in kinds,
        "approximate": next(filter(None, map(sentences.approximate_population, rows)), ""),
    }
    return Page(
        "intensity.html", say("Intensity"), say("Small places with much science"), "intensity.html", values
    )


def scatter(rows: list[Row], room: tuple[int, int] = WIDE) -> dict[str, Any]:
    """Circles, ticks and labels of the picture, in its units, and whether a figure lies off its axes."""
    width, height = room
    x = Axis.over([row["sci_per_million"] for row in rows], _LEFT, width - _RIGHT)
    y = Axis.over([row["pct_per_million"] for row in rows], height - _BOTTOM, _TOP)
    largest = max(row["total"] for row in rows)
    spots = []
    for row in rows:
        size = 3.5 + 20 * math.sqrt(max(row["total"], 0.0) / largest) if largest > 0 else 3.5
        spots.append(
            (
                round(x.place(row["sci_per_million"]), 1),
                round(y.place(row["pct_per_million"]), 1),
                round(size, 1),
                row,
            )
        )
    names: list[Label] = placed(
        [(short(row["name"]), across, down) for across, down, _, row in spots],
        _TYPE[room],
        width,
        height - _BOTTOM,
        _LABELS[room],
        kept=[(0, 0, width, _TOP - 8)],
        radii=[size for _, _, size, _ in spots],
    )
    circles = sorted(spots, key=lambda spot: (-spot[2], spot[3]["rank"]))
    return {
        "circles": [(across, down, size) for across, down, size, _ in circles],
        "labels": names,
        "x": x.ticks,
        "y": y.ticks,
        "left": _LEFT,
        "bottom": height - _BOTTOM,
        "right": width - _RIGHT,
        "top": _TOP,
        "width": width,
        "height": height,
        "off": any(row["sci_per_million"] < x.low or row["pct_per_million"] < y.low for row in rows),
    }  # fmt: skip
