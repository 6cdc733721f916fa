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
    """The largest cluster, or those that share the place because their totals are equal or print alike."""
    if not release.ranked:
        return "No cluster is ranked."
    first = release.ranked[0]
    equal = [row for row in release.ranked if row["rank"] == first["rank"]]
    if len(equal) > 1:
        return f"{listed([named(release, row) for row in equal])} share the first place, with a total of {share(first['total'])} each."
    alike = [row for row in release.ranked if share(row["total"]) == share(first["total"])]
    if len(alike) == 1:
        return f"{named(release, first)} leads with {parts(release, first)}."
    if len(alike) <= _FEW:
        names = listed([named(release, row) for row in alike])
        return f"{names} have the same printed total, {share(first['total'])}; {first['name']} comes first unrounded."
    return f"{named(release, first)} comes first; {len(alike) - 1} more print the same total, {share(first['total'])}."


def parts(release: Release, row: Row) -> str:
    """A cluster's shares in words: `10.7 % of all PCT applications and 2.3 % of all articles`.

    An indicator that the world has no document of has no shares to speak of.
    """
    kinds = {"pct": "PCT applications", "sci": "articles"}
    held = {row["kind"] for row in release.table("world_totals").to_pylist() if row["total"] > 0}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"] and kind in held]
    return listed([f"{share(row[f'{kind}_share'])}{NBSP}% of all {kinds[kind]}" for kind in used])


def top_economies(release: Release) -> str:
    """Which economies have most ranked clusters; all that tie for it are named, at later places up to five."""
    rows = [row for row in release.economies if row["clusters_ranked"] > 0]
    if not rows:
        return "No economy has a ranked cluster."
    levels = sorted({row["clusters_ranked"] for row in rows}, reverse=True)
    said = [
        _level(release, [row for row in rows if row["clusters_ranked"] == level], level == levels[0])
        for level in levels[:3]
    ]
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


def _level(release: Release, rows: list[Row], first: bool) -> tuple[str, int, str]:
    names = [economy_name(release, row["iso2"]) for row in rows]
    all_named = first or len(names) <= _FEW
    said = listed(names) if all_named else counted(len(names), "economy", "economies")
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
    highest = [name for name, row in zip(names, rows, strict=True) if row["rank"] == rows[0]["rank"]]
    return f"{number} {enters}, {listed(highest)} highest."


def riser(release: Release) -> str:
    """Who rises by most places, against the earlier edition counted by this edition's rules."""
    rows = [row for row in release.ranked if (row["rank_change"] or 0) > 0]
    if not rows:
        return "No ranked cluster rises." if release.has_previous else entrants(release)
    most = max(row["rank_change"] for row in rows)
    first = [row for row in rows if row["rank_change"] == most]
    names = listed([row["name"] for row in first])
    verb = "rises" if len(first) == 1 else "rise"
    each = "" if len(first) == 1 else " each"
    return f"{names} {verb} by {counted(most, 'place', 'places')}{each}, more than any other."


def densest(release: Release) -> str:
    """Who comes first in proportion to population."""
    rows = [row for row in release.ranking if row["intensity_rank"] == 1]
    if not release.ranking:
        return "Intensity is not shown: there is no cluster."
    if not rows:
        return "Intensity is not shown: no population is known inside the outlines."
    come = "comes" if len(rows) == 1 else "come"
    return f"In proportion to population, {listed([named(release, row) for row in rows])} {come} first."


def scope(release: Release) -> str:
    """How many clusters there are, out of which documents."""
    totals = {row["kind"]: row for row in release.table("world_totals").to_pylist()}
    kinds = {"pct": ("PCT application", "PCT applications"), "sci": ("article", "articles")}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"] and kind in totals]
    numbers = {kind: totals[kind]["documents"] for kind in used}
    documents = listed([f"{whole(numbers[kind])} {kinds[kind][numbers[kind] != 1]}" for kind in used])
    found = counted(len(release.ranking), "cluster", "clusters")
    return f"{capital(found)} found among {documents}."


def none_found(release: Release) -> str:
    """Why there is no cluster."""
    edition = release.edition
    asked = edition["min_samples"]
    listings = "does one listing" if asked == 1 else f"do {whole(asked)} listings"
    return (
        f"Nowhere {listings} lie within {edition['eps_km']:g}{NBSP}km of a place, "
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


def population(row: Row) -> str:
    """Where the population comes from."""
    if row["population"] is None:
        return "not known"
    source = str(row["population_source"] or "unknown source").replace("_", " ")
    return f"{source}, approximate" if row["population_approximate"] else source


def approximate_population(row: Row) -> str:
    """Why a population is approximate and in which way; empty for one of a raster (METHODOLOGY 9)."""
    if row["population"] is None or not row["population_approximate"]:
        return ""
    return (
        "Population is approximate: the gazetteer’s cities inside the outline, each whole, however little of it lies inside. "
        "Districts are not counted beside their city; who lives between cities is missing. A population raster would be exact."
    )


def findings(release: Release) -> list[str]:
    """What the published page would say, one sentence for each statement that the findings mart holds (METHODOLOGY 19)."""
    return list(findings_by_statement(release).values())


def findings_by_statement(release: Release) -> dict[str, str]:
    """The same sentences by the name of their statement; one that claims nothing is left out."""
    found = findings_rows(release)
    said = {
        statement: say(release, rows)
        for statement, say in _FINDINGS.items()
        if (rows := found.get(statement))
    }
    said |= {
        name: _alone(release, rows) for name, rows in sorted(found.items()) if name.startswith("only_in_")
    }
    return {statement: sentence for statement, sentence in said.items() if sentence}


def findings_rows(release: Release) -> dict[str, list[Row]]:
    """Rows of the findings mart by statement, in their order; nothing where the mart is absent."""
    found: dict[str, list[Row]] = {}
    if release.has("findings"):
        for row in sorted(release.table("findings").to_pylist(), key=lambda row: row["position"]):
            found.setdefault(row["statement"], []).append(row)
    return found


def _first_ranks(release: Release, rows: list[Row]) -> str:
    del release
    names, regions = [row["item"] for row in rows], {row["note"] for row in rows}
    if len(rows) == 1:
        return f"The largest cluster is {names[0]}."
    start = f"The {counted(len(rows), '', '').strip()} largest clusters"
    region = regions.pop()
    if region is not None and not regions:
        return f"{start}, {listed(names)}, {'both' if len(rows) == 2 else 'all'} lie in {region}."
    return f"{start} are {listed(names)}."


def _two_leaders(release: Release, rows: list[Row]) -> str:
    del release
    names = listed(rows[0]["item"].split(" + "))
    return f"{names} together account for {share(rows[0]['value'])}{NBSP}% of the world's PCT applications."


def _intensive(release: Release, rows: list[Row]) -> str:
    best = [row["item"] for row in rows if row["value"] == rows[0]["value"]]
    others = [row["item"] for row in rows[len(best) :]]
    after = f", followed by {listed(others)}" if others else ""
    # with `intensity_scope: all` a cluster that is not ranked may come before all that are
    within = "" if rows[0]["value"] == 1 else f" within the {group(release)}"
    return f"In proportion to population, {listed(best)} come{'s' if len(best) == 1 else ''} first{within}{after}."


def _leaders(release: Release, rows: list[Row]) -> str:
    most = [row["iso2"] for row in release.economies[:_FEW]]
    named_here = [
        f"{row['note']} in {economy_name(release, row['economy'])}" for row in rows if row["economy"] in most
    ]
    if not named_here:
        return ""
    verb = "is the leading cluster" if len(named_here) == 1 else "are the leading clusters"
    return f"{listed(named_here)} {verb} of {'its economy' if len(named_here) == 1 else 'their economies'}."


def _alone(release: Release, rows: list[Row]) -> str:
    return f"{rows[0]['item']} is the only cluster of the {group(release)} in {rows[0]['note']}."


def _fastest(release: Release, rows: list[Row]) -> str:
    return _growing(rows, f"Of the {group(release)}")


def _fastest_middle(release: Release, rows: list[Row]) -> str:
    del release
    return _growing(rows, "Among clusters of middle-income economies other than China")


def _growing(rows: list[Row], start: str) -> str:
    """Growth that prints as nothing is not claimed; equal printed figures are one place."""
    shown = [(row["item"], share(row["value"])) for row in rows if row["value"] >= _PRINTED]
    if not shown:
        return ""
    best = [name for name, figure in shown if figure == shown[0][1]]
    others = [f"{name} ({figure}{NBSP}%)" for name, figure in shown[len(best) :]]
    verb, each = ("grows", "") if len(best) == 1 else ("grow", " each")
    after = f", followed by {listed(others)}" if others else ""
    return f"{start}, {listed(best)} {verb} fastest, by {shown[0][1]}{NBSP}%{each}{after}."


def _shrinking(release: Release, rows: list[Row]) -> str:
    del release
    number, of = int(rows[0]["value"]), int(rows[0]["unit"].removeprefix("of "))
    if of == 1:
        return f"Output {'falls' if number else 'does not fall'} in the one high-income cluster that is compared."
    some = "none" if number == 0 else "all" if number == of else counted(number, "", "").strip()
    return f"Output falls in {some} of the {of} high-income clusters that are compared."


def _half(release: Release, rows: list[Row]) -> str:
    fields = [row for row in rows if row["key"].startswith("field_")]
    named_here = listed([f"{row['item']} ({share(row['value'])}{NBSP}%)" for row in fields])
    wanted = release.edition["half_share"]
    part = "half" if wanted == 0.5 else f"{share(100 * wanted)}{NBSP}%"
    number = capital(counted(len(fields), "technology field makes", "technology fields make"))
    top = next(row["value"] for row in rows if row["key"] == "top10_clusters_part")
    them = "it" if len(fields) == 1 else "them"
    # ten clusters or fewer hold all of it, which says nothing
    first = f"; the ten first clusters hold {share(top)}{NBSP}% of {them}" if len(release.ranked) > 10 else ""
    return f"{number} {part} of the PCT applications of the {group(release)}: {named_here}{first}."


def _electrical(release: Release, rows: list[Row]) -> str:
    del release
    fourth = rows[min(3, len(rows) - 1)]["value"]
    most = [row for row in rows if row["value"] >= fourth or share(row["value"]) == share(fourth)]
    named_here = listed([f"{row['item']} ({share(row['value'])}{NBSP}%)" for row in most])
    volume = [row["item"] for row in rows if row["note"] is not None]
    have = "has" if len(volume) == 1 else "have"
    after = f"; {listed(volume)} {have} the highest volume" if volume else ""
    return f"Electrical engineering weighs most in {named_here}{after}."


#: growth below this prints as 0.0 %
_PRINTED = 0.05
_FINDINGS = {
    "top_five": _first_ranks,
    "top_two_pct": _two_leaders,
    "most_intensive": _intensive,
    "leading_cluster": _leaders,
    "fastest_growing": _fastest,
    "fastest_growing_middle_income_other_than_china": _fastest_middle,
    "shrinking_high_income": _shrinking,
    "half_of_top100_pct": _half,
    "electrical_engineering_share": _electrical,
}
