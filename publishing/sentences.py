"""The sentences that pages show, made from marts and consistent with the figures printed beside them.

Each function gives one sentence; it claims no difference that is inside rounding, counts what it lists, and has its
own wording for none, one and many (METHODOLOGY 19).
"""

from __future__ import annotations

from publishing.printing import NBSP, capital, counted, listed, share, whole
from publishing.reading import Release, Row

_FEW = 5


def named(release: Release, row: Row) -> str:
    """A cluster with its economy in brackets."""
    return f"{row['name']} ({release.economy(row)})"


def group(release: Release) -> str:
    """What the ranked clusters are called: `top 100`, or `ranking` when there are fewer than the edition ranks."""
    if len(release.ranked) >= release.edition["ranked_size"]:
        return f"top{NBSP}{release.edition['ranked_size']}"
    return "ranking"


def headline(release: Release) -> str:
    """Title of the ranking page."""
    number = len(release.ranked)
    if number == 0:
        return "No science and technology cluster is ranked"
    if number == 1:
        return "The one science and technology cluster of this edition"
    what = "largest " if number >= release.edition["ranked_size"] else ""
    size = str(number) if number > 10 else counted(number, "", "").strip()
    return f"The {size} {what}science and technology clusters"


def standfirst(release: Release) -> str:
    """What a cluster is and how it is ranked."""
    kinds = {"pct": "PCT applications", "sci": "scientific articles"}
    people = {"pct": "inventors", "sci": "scientific authors"}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"]]
    who, what = listed([people[kind] for kind in used]), listed([kinds[kind] for kind in used])
    return f"Where {who} work most densely, ranked by their share of {what}."


def leader(release: Release) -> str:
    """The largest cluster, or those that share the place when their totals print alike."""
    if not release.ranked:
        return "No cluster is ranked."
    first = release.ranked[0]
    alike = [row for row in release.ranked if share(row["total"]) == share(first["total"])]
    if len(alike) == 1:
        return f"{named(release, first)} leads with {parts(release, first)}."
    if len(alike) <= _FEW:
        names = listed([named(release, row) for row in alike])
        return f"{names} have the same printed total, {share(first['total'])}; {first['name']} comes first unrounded."
    return f"{named(release, first)} comes first; {len(alike) - 1} more print the same total, {share(first['total'])}."


def parts(release: Release, row: Row) -> str:
    """A cluster's shares in words: `10.7 % of all PCT applications and 2.3 % of all articles`."""
    kinds = {"pct": "PCT applications", "sci": "articles"}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"]]
    return listed([f"{share(row[f'{kind}_share'])}{NBSP}% of all {kinds[kind]}" for kind in used])


def top_economies(release: Release) -> str:
    """Which economies have most ranked clusters; ties are all named, up to five."""
    rows = [row for row in release.economies if row["clusters_ranked"] > 0]
    if not rows:
        return "No economy has a ranked cluster."
    levels = sorted({row["clusters_ranked"] for row in rows}, reverse=True)
    said = [_level(release, [row for row in rows if row["clusters_ranked"] == level]) for level in levels[:3]]
    where = f"in the {group(release)}"
    if len(levels) == 1:
        clusters = counted(levels[0], "cluster", "clusters")
        have = "has" if len(rows) == 1 else "have"
        return f"{capital(said[0][0])} {have} {clusters}{said[0][2]} {where}."
    have = "has" if not said[0][2] else "have"
    start = f"{capital(said[0][0])} {have} the most clusters {where}, {levels[0]}{said[0][2]}"
    return (
        f"{start}, followed by {listed([f'{names} with {level}{each}' for names, level, each in said[1:]])}."
    )


def _level(release: Release, rows: list[Row]) -> tuple[str, int, str]:
    names = [economy_name(release, row["iso2"]) for row in rows]
    said = listed(names) if len(names) <= _FEW else counted(len(names), "economy", "economies")
    return said, rows[0]["clusters_ranked"], " each" if len(rows) > 1 else ""


def economy_name(release: Release, code: str) -> str:
    """An economy's printed name, with its article where English wants one."""
    name = release.economy_names.get(code, code)
    return f"the {name}" if name.startswith(("United ", "Republic of ", "Russian ", "Philippines")) else name


def newcomers(release: Release) -> list[Row]:
    """Ranked clusters without a predecessor among the previous ranked ones (METHODOLOGY 13)."""
    return [row for row in release.ranked if row["is_new"]]


def entrants(release: Release) -> str:
    """Who enters; as many as are listed."""
    if not release.has_previous:
        return "There is no earlier edition to compare with."
    rows = newcomers(release)
    enters = f"enter{'s' if len(rows) == 1 else ''} the {group(release)}"
    if not rows:
        return f"No cluster enters the {group(release)}."
    number = capital(counted(len(rows), "cluster", "clusters"))
    names = [f"{row['name']} at rank {row['rank']}" for row in rows]
    if len(rows) <= _FEW:
        return f"{number} {enters}: {listed(names)}."
    return f"{number} {enters}, {names[0]} highest."


def riser(release: Release) -> str:
    """Who rises by most places, against the earlier edition counted by this edition's rules."""
    rows = [row for row in release.ranked if (row["rank_change"] or 0) > 0]
    if not rows:
        return "No ranked cluster rises." if release.has_previous else entrants(release)
    most = max(row["rank_change"] for row in rows)
    first = [row for row in rows if row["rank_change"] == most]
    names = listed([row["name"] for row in first[:_FEW]])
    verb = "rises" if len(first) == 1 else "rise"
    each = "" if len(first) == 1 else " each"
    more = f" and {len(first) - _FEW} more" if len(first) > _FEW else ""
    return f"{names}{more} {verb} by {counted(most, 'place', 'places')}{each}, more than any other."


def densest(release: Release) -> str:
    """Who comes first in proportion to population."""
    rows = [row for row in release.ranking if row["intensity_rank"] == 1]
    if not rows:
        return "Intensity is not shown: no population is known inside the outlines."
    come = "comes" if len(rows) == 1 else "come"
    return f"In proportion to population, {listed([named(release, row) for row in rows])} {come} first."


def scope(release: Release) -> str:
    """How many clusters there are, out of which documents."""
    totals = {row["kind"]: row for row in release.table("world_totals").to_pylist()}
    kinds = {"pct": "PCT applications", "sci": "articles"}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"] and kind in totals]
    documents = listed([f"{whole(totals[kind]['documents'])} {kinds[kind]}" for kind in used])
    found = counted(len(release.ranking), "cluster", "clusters")
    return f"{capital(found)} found among {documents}."


def none_found(release: Release) -> str:
    """Why there is no cluster."""
    edition = release.edition
    return (
        f"Nowhere do {whole(edition['min_samples'])} listings lie within {edition['eps_km']:g}{NBSP}km of a place, "
        "which is what this edition asks of a cluster. The map shows all places; the quality page says what was read."
    )


def notices(release: Release) -> list[str]:
    """What must be said on every page besides that an edition is simulated (METHODOLOGY 2 and 12)."""
    reader, edition = release.settings["reader"], release.edition
    said = []
    if reader["pct_date"] == "filing":
        said.append("Filing years stand in for publication years of applications.")
    if reader["pct_kind_when_absent"] == "keep":
        said.append("Tables that do not tell PCT from national applications were kept whole.")
    if edition["world_total"] == "given":
        said.append("World totals are given by the user, not counted.")
    return said
