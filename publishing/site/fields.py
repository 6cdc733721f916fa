"""The fields page: which cluster is strong in what, as a heat map of 35 fields, and a ranking within each field."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from publishing.language import say
from publishing.printing import decimal, share, whole
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.terms import term

#: breaks of a specialisation: below 0.8 blue, around 1 paper, from 1.25 on orange
RTA_BREAKS = (0.25, 0.5, 0.8, 1.25, 1.6, 2.2, 3.2, 5.0)
SHARE_BREAKS = (1.0, 2.0, 3.5, 5.0, 7.5, 10.0, 15.0, 25.0)
COUNT_BREAKS = (1.0, 5.0, 20.0, 50.0, 100.0, 300.0, 1000.0, 3000.0)
#: figures are printed on the map from this specialisation on, so that it stays a picture
_PRINTED_RTA = 2.2
_TOP = 10


def build(release: Release, _: Path) -> Page:
    """The page; rows are the ranked clusters, or all if none is ranked."""
    rows = release.ranked or release.ranking
    cells: dict[int, dict[int, Row]] = defaultdict(dict)
    fields: dict[int, Row] = {}
    for row in release.table("cluster_fields").to_pylist():
        if row["field_nr"] > 0:
            cells[row["cluster_no"]][row["field_nr"]] = row
            fields.setdefault(row["field_nr"], row)
    order = sorted(fields)
    known = sum(cell["rta"] is not None for row in rows for cell in cells[row["cluster_no"]].values())
    measure = "rta" if 2 * known >= len(rows) * len(order) and known else "share"
    values = {
        "measure": measure,
        "known": known,
        "fields": [{"nr": nr, "name": term(fields[nr]["field"]), "first": _first(fields, order, nr)} for nr in order],
        "sectors": [(term(sector), number) for sector, number in _sectors(fields, order)],
        "rows": [
            {**row, "file": release.brief_file(row), "cells": [_cell(cells[row["cluster_no"]].get(nr), measure) for nr in order]}
            for row in rows
        ],
        "rankings": rankings(release, cells, fields, order),
        "breaks": {"rta": RTA_BREAKS, "share": SHARE_BREAKS, "count": COUNT_BREAKS},
    }  # fmt: skip
    return Page(
        "fields.html",
        say("Fields"),
        say("What each cluster is strong in"),
        "fields.html",
        values,
        body="upright",
    )


def level(value: float | None, breaks: tuple[float, ...]) -> int | None:
    """Which of nine colours a figure has; none for an unknown one."""
    return None if value is None else sum(value >= limit for limit in breaks)


def _cell(cell: Row | None, measure: str) -> dict[str, Any]:
    """What a cell holds of each measure: its colour and its printed figure."""
    if cell is None:
        return {"rta": "", "share": "", "count": "", "shown": "", "class": "x", "strong": False}
    shown = {
        "rta": decimal(cell["rta"], 1) if cell["rta"] is not None else "",
        "share": share(cell["share"]) if cell["share"] is not None else "",
        "count": whole(cell["count"]),
    }
    levels = {
        "rta": level(cell["rta"], RTA_BREAKS),
        "share": level(cell["share"], SHARE_BREAKS),
        "count": level(cell["count"], COUNT_BREAKS),
    }
    mine = levels[measure]
    name = "x" if mine is None else f"{'h' if measure == 'rta' else 's'}{mine}"
    strong = cell[measure] is not None and cell[measure] >= (
        _PRINTED_RTA if measure == "rta" else SHARE_BREAKS[5]
    )
    return {**shown, "shown": shown[measure], "class": name, "strong": strong}


def _first(fields: dict[int, Row], order: list[int], nr: int) -> bool:
    place = order.index(nr)
    return place == 0 or fields[order[place - 1]]["sector"] != fields[nr]["sector"]


def _sectors(fields: dict[int, Row], order: list[int]) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for nr in order:
        sector = str(fields[nr]["sector"])
        if found and found[-1][0] == sector:
            found[-1] = (sector, found[-1][1] + 1)
        else:
            found.append((sector, 1))
    return found


def rankings(
    release: Release, cells: dict[int, dict[int, Row]], fields: dict[int, Row], order: list[int]
) -> list[dict[str, Any]]:
    """For each field the ten clusters with the largest part of it; shares of the world where the mart has them."""
    shares: dict[tuple[int, int], float] = {}
    if release.has("field_rankings"):
        for row in release.table("field_rankings").to_pylist():
            if row["scheme"] == "technology field" and row["share"] is not None:
                shares[(int(row["field_code"]), row["cluster_no"])] = row["share"]
    found = []
    for nr in order:
        mine = [
            (cells[row["cluster_no"]][nr], row) for row in release.ranking if nr in cells[row["cluster_no"]]
        ]
        mine = [pair for pair in mine if pair[0]["count"] > 0]
        mine.sort(key=lambda pair: (-round(pair[0]["count"], 9), pair[1]["rank"], pair[1]["name"]))
        lines = [
            {
                **row,
                "file": release.brief_file(row),
                "field_count": cell["count"],
                "field_share": cell["share"],
                "rta": cell["rta"],
                "world": shares.get((nr, row["cluster_no"])),
            }
            for cell, row in mine[:_TOP]
        ]
        found.append({"name": term(fields[nr]["field"]), "nr": nr, "rows": lines, "world": bool(shares)})
    return found
