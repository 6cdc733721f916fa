"""The economies page: how many clusters each has, and which; a cross-border cluster stands under each of its economies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from publishing import sentences
from publishing.language import say
from publishing.printing import capital
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.terms import term


def build(release: Release, _: Path) -> Page:
    """The page; economies with ranked clusters first, then those with smaller ones only."""
    clusters: dict[str, list[dict[str, Any]]] = {}
    for row in release.ranking:
        for code in row["economies"]:
            clusters.setdefault(code, []).append({**row, "file": release.brief_file(row)})
    rows = [_economy(release, row, clusters.get(row["iso2"], [])) for row in release.economies]
    values = {
        "headline": sentences.top_economies(release),
        "group": sentences.group(release),
        "with_ranked": [row for row in rows if row["ranked"]],
        "without": [row for row in rows if not row["ranked"]],
        "cross": sum(len(row["economies"]) > 1 for row in release.ranked),
        "groups": groups(release),
        "most": max((len(row["ranked"]) for row in rows), default=0),
    }
    return Page(
        "economies.html",
        say("Economies"),
        say("Where the clusters are, by economy"),
        "economies.html",
        values,
    )


def _economy(release: Release, row: Row, clusters: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        **row,
        "name": release.economy_names.get(row["iso2"], row["iso2"]),
        "region": term(release.regions.get(row["iso2"])),
        "ranked": [cluster for cluster in clusters if cluster["ranked"]],
        "smaller": [cluster for cluster in clusters if not cluster["ranked"]],
    }


def groups(release: Release) -> list[dict[str, Any]]:
    """Regions, income groups and continents with their clusters, as far as the mart is there."""
    if not release.has("regions"):
        return []
    rows = release.table("regions").to_pylist()
    found = []
    for scheme in sorted({row["scheme"] for row in rows}):
        mine = [row for row in rows if row["scheme"] == scheme]
        mine.sort(key=lambda row: (-row["clusters_ranked"], row["best_rank"], row["region"]))
        shown = [{**row, "region": term(row["region"])} for row in mine]
        found.append({"name": capital(term(scheme)), "rows": shown})
    return found
