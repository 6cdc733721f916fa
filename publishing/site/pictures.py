"""What is drawn beside a statement of the findings: figures of the ranking and of the sectors, and their own small table."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from publishing.downloads.csvfile import SIMULATED_LINE, safe
from publishing.drawing import dots, meter, pair, row_of_squares, segments, squares_of, stacked_bar, strip
from publishing.language import say
from publishing.printing import plain, share, whole
from publishing.reading import Release, Row
from publishing.sentences import KIND_NAMES, intensity
from publishing.terms import term

_WIDE = 220
_KINDS = ("pct", "sci")
_ELECTRICAL = "Electrical engineering"
#: below so many dots a table says as much
_FEW = 10
#: item, what the figure is, its value, its unit
Figure = tuple[str, str, float | None, str]


@dataclass(frozen=True)
class Picture:
    """A drawing above the table, one in each of its lines, what the classes mean, and the figures that are drawn.

    `printed` and `column` replace the last cell and its definition where the drawing shows another figure than the
    statement's, which then stands before the name.
    """

    lines: dict[int, Markup] = field(default_factory=dict)
    above: Markup = field(default_factory=Markup)
    legend: tuple[tuple[str, str], ...] = ()
    figures: list[Figure] = field(default_factory=list)
    printed: dict[int, str] = field(default_factory=dict)
    column: str = ""
    head: str = ""

    def csv(self, simulated: bool) -> bytes:
        """The figures as a file; unrounded."""
        held = io.StringIO()
        if simulated:
            held.write(SIMULATED_LINE)
        writer = csv.writer(held, lineterminator="\n")
        writer.writerow(["item", "figure", "value", "unit"])
        for item, what, value, unit in self.figures:
            writer.writerow([safe(item), what, "" if value is None else value, unit])
        return held.getvalue().encode()


def of(release: Release, name: str, rows: list[Row]) -> Picture:
    """The picture of a statement: its own if it has one, else bars of its values."""
    return _DRAWN.get(name, _bars)(release, rows)


def _bars(_: Release, rows: list[Row]) -> Picture:
    drawn = {
        place: row
        for place, row in enumerate(rows)
        if row["value"] is not None
        and row["unit"] not in ("rank", "cluster")
        and not row["key"].endswith("part")
    }
    if len(drawn) < 2:
        return Picture()
    largest = max(abs(row["value"]) for row in drawn.values())
    return Picture({place: meter(row["value"], largest, "pct", _WIDE) for place, row in drawn.items()})


def _clusters(release: Release, rows: list[Row]) -> dict[int, Row]:
    """The ranking's row of each line that is about a cluster."""
    found = {place: release.by_number.get(row["cluster_no"]) for place, row in enumerate(rows)}
    return {place: row for place, row in found.items() if row is not None}


def _used(release: Release) -> list[str]:
    return [kind for kind in _KINDS if kind in release.edition["indicators"]]


def _legend(release: Release) -> tuple[tuple[str, str], ...]:
    return tuple((kind, say(KIND_NAMES[kind])) for kind in _used(release))


def _totals(release: Release, rows: list[Row]) -> Picture:
    mine, kinds = _clusters(release, rows), _used(release)
    largest = max((row["total"] for row in mine.values()), default=0.0)
    return Picture(
        {
            place: stacked_bar([(kind, row[f"{kind}_share"]) for kind in kinds], largest, _WIDE)
            for place, row in mine.items()
        },
        legend=_legend(release),
        figures=[
            (row["name"], f"{kind}_share", row[f"{kind}_share"], "per cent of world")
            for row in mine.values()
            for kind in kinds
        ],
        printed={place: share(row["total"]) for place, row in mine.items()},
        column="ranking.total",
        head=say("Total share"),
    )


def _two(release: Release, rows: list[Row]) -> Picture:
    names = str(rows[0]["item"]).split(" + ")
    parts = [
        (row["name"], row["pct_share"]) for name in names for row in release.ranked if row["name"] == name
    ]
    if len(parts) != len(names):
        return Picture()
    said = "; ".join(f"{name}: {share(value)}" for name, value in parts)
    legend = tuple((f"seg{place}", f"{name} {share(value)}") for place, (name, value) in enumerate(parts))
    return Picture(
        above=segments([value for _, value in parts], 100.0, said),
        legend=(*legend, ("rest", say("all others"))),
        figures=[(name, "pct_share", value, "per cent of world") for name, value in parts],
    )


def _dense(release: Release, rows: list[Row]) -> Picture:
    kinds = _used(release)
    mine = {
        place: row
        for place, row in _clusters(release, rows).items()
        if all(row.get(f"{kind}_per_million") is not None for kind in kinds)
    }
    largest = max((row[f"{kind}_per_million"] for row in mine.values() for kind in kinds), default=0.0)
    per = say("{kind} per million inhabitants, line from 0 to {most}", kind="{kind}", most=whole(largest))
    return Picture(
        {
            place: pair([(kind, row[f"{kind}_per_million"]) for kind in kinds], largest, _WIDE)
            for place, row in mine.items()
        },
        legend=tuple((kind, per.format(kind=say(KIND_NAMES[kind])) if kind == kinds[-1] else say(KIND_NAMES[kind])) for kind in kinds) if mine else (),
        figures=[
            (row["name"], f"{kind}_per_million", row[f"{kind}_per_million"], "per million inhabitants")
            for row in mine.values()
            for kind in kinds
        ],
        printed={place: intensity(row) for place, row in mine.items()},
        column="ranking.intensity",
        head=say("Share per million"),
    )  # fmt: skip


def _economies(_: Release, rows: list[Row]) -> Picture:
    most = max((int(row["value"]) for row in rows), default=0)
    return Picture({place: row_of_squares(int(row["value"]), most, 300) for place, row in enumerate(rows)})


def _places(release: Release, rows: list[Row]) -> Picture:
    most = max([len(release.ranked), *(int(row["value"]) for row in rows)])
    if most < 2:
        return Picture()
    return Picture(
        {place: strip((row["value"] - 1) / (most - 1), _WIDE) for place, row in enumerate(rows)},
        legend=(("line", say("from rank 1 on the left to rank {last}", last=whole(most))),),
    )


def _shrinking(_: Release, rows: list[Row]) -> Picture:
    number, of_all = int(rows[0]["value"]), int(str(rows[0]["unit"]).removeprefix("of "))
    said = say("{number} of {clusters}", number=whole(number), clusters=whole(of_all))
    return Picture(
        above=squares_of(number, of_all, said),
        legend=(("loss", say("output falls")), ("rest", say("output does not fall"))),
    )


def _half(_: Release, rows: list[Row]) -> Picture:
    fields = [(place, row) for place, row in enumerate(rows) if row["key"].startswith("field_")]
    largest = max((row["value"] for _, row in fields), default=0.0)
    said = "; ".join(f"{term(row['item'])}: {share(row['value'])}" for _, row in fields)
    return Picture(
        {place: meter(row["value"], largest, "pct", _WIDE) for place, row in fields},
        above=segments([row["value"] for _, row in fields], 100.0, said, half=say("half")),
        legend=(("seg0", say("these fields, largest first")), ("rest", say("all other fields"))),
    )


def _electrical(release: Release, rows: list[Row]) -> Picture:
    bars = _bars(release, rows).lines
    if not release.has("cluster_profiles"):
        return Picture(bars)
    held = {
        row["cluster_no"]: row["electrical_share"]
        for row in release.table("cluster_profiles").to_pylist()
        if row["hhi_why"] is None and row["electrical_share"]
    }
    mine = [
        (row["name"], row["cluster_no"], held[row["cluster_no"]])
        for row in release.ranked
        if row["cluster_no"] in held
    ]
    if len(mine) < _FEW:
        return Picture(bars)
    named = {row["cluster_no"] for row in rows}
    said = say("{sector}, per cent of the applications of each ranked cluster", sector=term(_ELECTRICAL))
    others = say(
        "every other ranked cluster with at least {number} applications of a known field, by its share in per cent",
        number=plain(release.edition["rta_min_cluster"]),
    )
    return Picture(
        bars,
        above=dots([(value, number in named) for _, number, value in mine], said),
        legend=(("pct", say("named here")), ("rest", others)),
        figures=[(name, _ELECTRICAL, value, "per cent of cluster") for name, _, value in mine],
    )


_DRAWN: dict[str, Callable[[Release, list[Row]], Picture]] = {
    "top_five": _totals,
    "top_two_pct": _two,
    "most_intensive": _dense,
    "clusters_per_economy": _economies,
    "leading_cluster": _places,
    "shrinking_high_income": _shrinking,
    "half_of_top100_pct": _half,
    "electrical_engineering_share": _electrical,
}
