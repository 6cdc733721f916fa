"""The page that sets two to five clusters side by side; figures are printed here, the script only places them."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from publishing import sentences
from publishing.language import say
from publishing.printing import decimal, people, share, signed, whole
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.terms import term

DATA = "compare-data.js"


def build(release: Release, _: Path) -> Page:
    """The page and its data script."""
    fields: dict[int, str] = {}
    cells: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in release.table("cluster_fields").to_pylist():
        if row["field_nr"] > 0:
            fields[row["field_nr"]] = row["field"]
            cells[row["cluster_no"]][row["field_nr"]] = row
    order = sorted(fields)
    data = {
        "facts": [[name, column] for name, _, column in _facts(release, release.ranking[0])]
        if release.ranking
        else [],
        "fields": [term(fields[nr]) for nr in order],
        "clusters": [
            {
                "id": row["cluster_id"],
                "name": row["name"],
                "economy": release.economy(row),
                "rank": row["rank"],
                "file": release.brief_file(row),
                "facts": [value for _, value, _ in _facts(release, row)],
                "fields": [_share(cells[row["cluster_no"]].get(nr)) for nr in order],
                "shares": [_printed(cells[row["cluster_no"]].get(nr)) for nr in order],
            }
            for row in release.ranking
        ],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    files = {DATA: f"window.STCLUSTERS_COMPARE={text};\n".encode()}
    values = {
        "choices": [(row["cluster_id"], row["rank"], row["name"]) for row in release.ranking],
        "possible": len(release.ranking) > 1,
    }
    return Page("compare.html", say("Compare"), say("Clusters side by side"), "compare.html", values, files)


def _share(cell: Row | None) -> float:
    return round(cell["share"], 2) if cell is not None and cell["share"] is not None else 0.0


def _printed(cell: Row | None) -> str:
    return share(cell["share"]) if cell is not None and cell["share"] is not None else "–"


def _facts(release: Release, row: Row) -> list[tuple[str, str, str]]:
    """Names, printed figures and columns of the ranking of the facts, in the order of the table."""

    def known(value: Any, shown: Any) -> str:
        return "–" if value is None else str(shown(value))

    found = [(say("Rank"), whole(row["rank"]), "rank")]
    if release.has_previous:
        found.append((say("Rank before"), known(row["previous_rank"], whole), "previous_rank"))
    for kind, of in (("pct", say("PCT applications, % of world")), ("sci", say("Articles, % of world"))):
        if kind in release.edition["indicators"]:
            found.append((say(sentences.KIND_NAMES[kind]), whole(row[f"{kind}_count"]), f"{kind}_count"))
            found.append((of, share(row[f"{kind}_share"]), f"{kind}_share"))
    found.append((say("Total share"), share(row["total"]), "total"))
    if release.has_previous:
        found.append((say("Output growth, %"), known(row["growth"], signed), "growth"))
    if release.has_population:
        per_million = known(row["intensity"], lambda value: decimal(value, 2))
        found += [
            (say("Intensity rank"), known(row["intensity_rank"], whole), "intensity_rank"),
            (say("Total share per million inhabitants"), per_million, "intensity"),
            (say("Population"), known(row["population"], people), "population"),
            (say("Source of population"), sentences.population(row), "population_source"),
        ]
    return [*found, (say("Area, km²"), whole(row["area_km2"]), "area_km2")]
