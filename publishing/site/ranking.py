"""The ranking page: who is where, who moved, and each cluster's line to find, sort and share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from publishing import sentences
from publishing.drawing import spark, stacked_bar
from publishing.language import say, say_each
from publishing.printing import alphabetic, capital, counted, share, span
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.terms import term

KINDS = ("pct", "sci")
#: with fewer clusters search and filters are more in the way than of use
_FEW = 12


@dataclass(frozen=True)
class Fact:
    """A key fact: what, the figure or name, the sentence that says it in full, and its entry in the dictionary."""

    label: str
    value: str
    sentence: str
    column: str


def build(release: Release, _: Path) -> Page:
    """The page; a row per cluster, those that are not ranked hidden until asked for."""
    rows = release.ranking
    headline = sentences.headline(release)
    values = {
        "headline": headline,
        "standfirst": sentences.standfirst(release),
        "scope": sentences.scope(release),
        "none_found": sentences.none_found(release),
        "facts": facts(release),
        "rows": [line(release, row) for row in rows],
        "columns": columns(release),
        "approximate": next(filter(None, map(sentences.approximate_population, rows)), ""),
        "defined_columns": defined_columns(release),
        "economies": economy_choices(release),
        "regions": sorted({region for row in rows for region in _regions(release, row)}),
        "ranked_size": len(release.ranked),
        "all_size": len(rows),
        "controls": len(rows) >= _FEW,
        "group": sentences.group(release),
    }
    return Page("index.html", say("Ranking"), headline, "ranking.html", values)


def columns(release: Release) -> dict[str, Any]:
    """Which columns the table has: a kind, a change or an intensity that is nowhere known has none."""
    used = [kind for kind in KINDS if kind in release.edition["indicators"]]
    years = trend_years(release)
    return {
        "pct": "pct" in used,
        "sci": "sci" in used,
        "bar": len(used) > 1,
        "change": release.has_previous,
        "intensity": release.has_population,
        "trend": span(years) if len(years) > 1 else "",
    }


def defined_columns(release: Release) -> list[tuple[str, str]]:
    """What each column of the table is called, with its entry in the dictionary."""
    shown = columns(release)
    found = [
        ("rank", say("Rank"), True),
        ("rank_change", say("Change"), shown["change"]),
        ("economy_label", say("Economy"), True),
        ("pct_count", say("PCT applications"), shown["pct"]),
        ("sci_count", say("Articles"), shown["sci"]),
        ("pct_share", say("PCT share, %"), shown["pct"]),
        ("sci_share", say("Article share, %"), shown["sci"]),
        ("total", say("Total"), True),
        ("intensity_rank", say("Intensity rank"), shown["intensity"]),
    ]
    trend = [("cluster_years.share", say("Trend {years}", years=shown["trend"]))] if shown["trend"] else []
    return [*((f"ranking.{name}", text) for name, text, there in found if there), *trend]


def trend_years(release: Release) -> list[int]:
    """Years that lie in the windows of all indicators, oldest first: there the shares can be summed."""
    windows = [set(release.edition[f"{kind}_years"]) for kind in release.edition["indicators"]]
    return sorted(set.intersection(*windows)) if windows else []


def trend(release: Release, row: Row) -> list[float]:
    """A cluster's total share in each of the trend's years."""
    kinds = release.yearly.get(row["cluster_no"], {})
    return [
        sum(kinds.get(kind, {}).get(year, 0.0) for kind in release.edition["indicators"])
        for year in trend_years(release)
    ]


def line(release: Release, row: Row) -> dict[str, Any]:
    """What the template needs of one cluster; figures stay unrounded, the template prints them."""
    largest = max((other["total"] for other in release.ranking), default=0.0)
    values = trend(release, row)
    economy = release.economy(row)
    parts = [(kind, row[f"{kind}_share"]) for kind in KINDS if kind in release.edition["indicators"]]
    return {
        **row,
        "economy": economy,
        "brief": release.brief_file(row),
        "search": f"{row['name']} {economy}",
        "codes": " ".join(row["economies"]),
        "region": "|".join(_regions(release, row)),
        "bar": stacked_bar(parts, largest),
        "spark": spark(values),
        "trend_sort": values[-1] / values[0] if len(values) > 1 and values[0] > 0 else None,
        "trend_text": _trend_text(release, values),
        "change": change(row),
        "why_no_intensity": term(row.get("intensity_why")),
    }


def change(row: Row) -> Markup:
    """The change of rank: an arrow carries the direction, words repeat it for those who hear the page."""
    if row["is_new"]:
        return Markup('<span class="new">{}</span>').format(say("New"))
    moved = row["rank_change"]
    if moved is None:
        reason = term(row.get("previous_rank_why")) or say("no earlier rank")
        return Markup(
            '<span class="same" title="{0}"><span aria-hidden="true">·</span><span class="vh">{0}</span></span>'
        ).format(reason)
    if moved == 0:
        return Markup(
            '<span class="same"><span aria-hidden="true">–</span><span class="vh">{}</span></span>'
        ).format(say("unchanged"))
    name, arrow, word = ("up", "▲", say("up")) if moved > 0 else ("down", "▼", say("down"))
    return Markup(
        '<span class="{0}"><span aria-hidden="true">{1}</span><span class="vh">{2} </span>{3}</span>'
    ).format(name, arrow, word, abs(moved))


def facts(release: Release) -> list[Fact]:
    """Four key facts, fewer when there is less to say."""
    if not release.ranked:
        return []
    first = release.ranked[0]
    largest = [row for row in release.ranked if row["rank"] == first["rank"]]
    found = [Fact(say("Largest cluster"), _one_or_many(largest), sentences.leader(release), "ranking.total")]
    group = sentences.group(release)
    tops = [row for row in release.economies if row["clusters_ranked"] > 0]
    if len({row["clusters_ranked"] for row in tops}) > 1:
        same = [row for row in tops if row["clusters_ranked"] == tops[0]["clusters_ranked"]]
        name = release.economy_names.get(tops[0]["iso2"], tops[0]["iso2"])
        said = name if len(same) == 1 else capital(counted(len(same), "economy", "economies"))
        value = say_each(
            len(same),
            "{names}, {number}",
            "{names}, {number} each",
            names=said,
            number=tops[0]["clusters_ranked"],
        )
        label = say("Most clusters in the {group}", group=group)
        found.append(Fact(label, value, sentences.top_economies(release), "economies.clusters_ranked"))
    known = [row for row in release.ranking if row["intensity_rank"] is not None]
    if len(known) > 1:
        dense = [row for row in known if row["intensity_rank"] == 1]
        said = sentences.densest(release)
        found.append(Fact(say("Most intensive"), _one_or_many(dense), said, "ranking.intensity_rank"))
    if release.has_previous:
        number = capital(counted(len(sentences.newcomers(release)), "cluster", "clusters"))
        label = say("New in the {group}", group=group)
        found.append(Fact(label, number, sentences.entrants(release), "ranking.is_new"))
    return found


def _one_or_many(tied: list[Row]) -> str:
    """The name of one cluster; of several that tie their number, since the sentence below names them."""
    return str(tied[0]["name"]) if len(tied) == 1 else capital(counted(len(tied), "cluster", "clusters"))


def economy_choices(release: Release) -> list[tuple[str, str]]:
    """Economies of all clusters, by name, for the filter."""
    codes = {code for row in release.ranking for code in row["economies"]}
    return sorted(
        ((code, release.economy_names.get(code, code)) for code in codes),
        key=lambda pair: (alphabetic(pair[1]), pair[0]),
    )


def _regions(release: Release, row: Row) -> list[str]:
    return sorted({term(release.regions[code]) for code in row["economies"] if release.regions.get(code)})


def _trend_text(release: Release, values: list[float]) -> str:
    years = trend_years(release)
    if len(values) < 2:
        return ""
    return say(
        "total {first} in {first_year}, {last} in {last_year}",
        first=share(values[0]), first_year=years[0], last=share(values[-1]), last_year=years[-1],
    )  # fmt: skip
