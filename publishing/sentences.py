"""The sentences that pages show, made from marts and consistent with the figures printed beside them.

Each function gives one sentence; it claims no difference that is inside rounding, counts what it lists, and has its
own wording for none, one and many (METHODOLOGY 19).
"""

from __future__ import annotations

from publishing.language import ENGLISH, current, later, say, say_each
from publishing.printing import NBSP, capital, counted, decimal, listed, number_word, plain, share, whole
from publishing.reading import Release, Row
from publishing.terms import term

_FEW = 5
#: names of documents, as headings
KIND_NAMES = {"pct": later("PCT applications"), "sci": later("Articles")}


def named(release: Release, row: Row) -> str:
    """A cluster with its economy in brackets."""
    return f"{row['name']} ({release.economy(row)})"


def group(release: Release) -> str:
    """What the ranked clusters are called: `top 100`, or `ranking` when there are fewer than the edition ranks."""
    if len(release.ranked) >= release.edition["ranked_size"]:
        return say("top {number}", number=release.edition["ranked_size"]).replace(" ", NBSP)
    return say("ranking")


def headline(release: Release) -> str:
    """Title of the ranking page."""
    number = len(release.ranked)
    if number == 0:
        return say("No science and technology cluster is ranked")
    if number == 1:
        return say("The one science and technology cluster of this edition")
    if number >= release.edition["ranked_size"]:
        return say("The {number} largest science and technology clusters", number=number_word(number))
    return say("The {number} science and technology clusters", number=number_word(number))


def standfirst(release: Release) -> str:
    """What a cluster is and how it is ranked."""
    used = release.edition["indicators"]
    if "sci" not in used:
        return say("Where inventors work most densely, ranked by their share of PCT applications.")
    if "pct" not in used:
        return say(
            "Where scientific authors work most densely, ranked by their share of scientific articles."
        )
    return say(
        "Where inventors and scientific authors work most densely, ranked by their share of PCT applications and "
        "scientific articles."
    )


def leader(release: Release) -> str:
    """The largest cluster, or those that share the place because their totals are equal or print alike."""
    if not release.ranked:
        return say("No cluster is ranked.")
    first = release.ranked[0]
    equal = [row for row in release.ranked if row["rank"] == first["rank"]]
    if len(equal) > 1:
        names = listed([named(release, row) for row in equal])
        total = share(first["total"])
        return say("{names} share the first place, with a total of {total} each.", names=names, total=total)
    alike = [row for row in release.ranked if share(row["total"]) == share(first["total"])]
    if len(release.ranked) == 1:
        return say("{name} has {parts}.", name=named(release, first), parts=parts(release, first))
    if len(alike) == 1:
        return say("{name} leads with {parts}.", name=named(release, first), parts=parts(release, first))
    if len(alike) <= _FEW:
        names = listed([named(release, row) for row in alike])
        return say(
            "{names} have the same printed total, {total}; {first} comes first unrounded.",
            names=names, total=share(first["total"]), first=first["name"],
        )  # fmt: skip
    return say(
        "{name} comes first; {number} more print the same total, {total}.",
        name=named(release, first), number=len(alike) - 1, total=share(first["total"]),
    )  # fmt: skip


def parts(release: Release, row: Row) -> str:
    """A cluster's shares in words: `10.7 % of all PCT applications and 2.3 % of all articles`.

    An indicator that the world has no document of has no shares to speak of.
    """
    kinds = {"pct": say("{share} % of all PCT applications"), "sci": say("{share} % of all articles")}
    held = {row["kind"] for row in release.table("world_totals").to_pylist() if row["total"] > 0}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"] and kind in held]
    return listed(
        [kinds[kind].replace(" %", f"{NBSP}%").format(share=share(row[f"{kind}_share"])) for kind in used]
    )


def top_economies(release: Release) -> str:
    """Which economies have most ranked clusters; all that tie for it are named, at later places up to five."""
    rows = [row for row in release.economies if row["clusters_ranked"] > 0]
    if not rows:
        return say("No economy has a ranked cluster.")
    levels = sorted({row["clusters_ranked"] for row in rows}, reverse=True)
    said = [
        _level(release, [row for row in rows if row["clusters_ranked"] == level], level == levels[0])
        for level in levels[:3]
    ]
    several = sum(row["clusters_ranked"] == levels[0] for row in rows)
    first, group_said = capital(said[0][0]), group(release)
    if len(levels) == 1:
        clusters = counted(levels[0], "cluster", "clusters")
        return say_each(
            several, "{names} has {clusters} in the {group}.", "{names} have {clusters} each in the {group}.",
            names=first, clusters=clusters, group=group_said,
        )  # fmt: skip
    return say_each(
        several,
        "{names} has the most clusters in the {group}, {number}, followed by {others}.",
        "{names} have the most clusters in the {group}, {number} each, followed by {others}.",
        names=first, group=group_said, number=levels[0], others=listed([text for _, text in said[1:]]),
    )  # fmt: skip


def _level(release: Release, rows: list[Row], first: bool) -> tuple[str, str]:
    """Economies with equally many clusters, and the same with their number."""
    names = [economy_name(release, row["iso2"]) for row in rows]
    all_named = first or len(names) <= _FEW
    said = listed(names) if all_named else counted(len(names), "economy", "economies")
    number = rows[0]["clusters_ranked"]
    return said, say_each(
        len(rows), "{names} with {number}", "{names} with {number} each", names=said, number=number
    )


def economy_name(release: Release, code: str) -> str:
    """An economy's printed name, with its article where English wants one."""
    name = release.economy_names.get(code, code)
    if current().code != ENGLISH:
        return name
    return f"the {name}" if name.startswith(("United ", "Republic of ", "Russian ", "Philippines")) else name


def newcomers(release: Release) -> list[Row]:
    """Ranked clusters without a predecessor among the previous ranked ones (METHODOLOGY 13)."""
    return [row for row in release.ranked if row["is_new"]]


def entrants(release: Release) -> str:
    """Who enters; as many as are listed."""
    if not release.has_previous:
        return say("There is no earlier edition to compare with.")
    rows = newcomers(release)
    if not rows:
        return say("No cluster enters the {group}.", group=group(release))
    number = capital(counted(len(rows), "cluster", "clusters"))
    names = [say("{name} at rank {rank}", name=row["name"], rank=row["rank"]) for row in rows]
    if len(rows) <= _FEW:
        return say_each(
            len(rows), "{clusters} enters the {group}: {names}.", "{clusters} enter the {group}: {names}.",
            clusters=number, group=group(release), names=listed(names),
        )  # fmt: skip
    highest = [name for name, row in zip(names, rows, strict=True) if row["rank"] == rows[0]["rank"]]
    return say(
        "{clusters} enter the {group}, the highest of them {names}.",
        clusters=number,
        group=group(release),
        names=listed(highest),
    )


def riser(release: Release) -> str:
    """Who rises by most places, against the earlier edition counted by this edition's rules."""
    rows = [row for row in release.ranked if (row["rank_change"] or 0) > 0]
    if not rows:
        return say("No ranked cluster rises.") if release.has_previous else entrants(release)
    most = max(row["rank_change"] for row in rows)
    first = [row for row in rows if row["rank_change"] == most]
    names = listed([row["name"] for row in first])
    return say_each(
        len(first), "{names} rises by {places}, more than any other.", "{names} rise by {places} each, more than any other.",
        names=names, places=counted(most, "place", "places"),
    )  # fmt: skip


def densest(release: Release) -> str:
    """Who comes first in proportion to population, or those that share the place because they are or print alike."""
    rows = [row for row in release.ranking if row["intensity_rank"] is not None]
    rows.sort(key=lambda row: (row["intensity_rank"], row["name"]))
    if not release.ranking:
        return say("Intensity is not shown: there is no cluster.")
    if not rows:
        return say("Intensity is not shown: no population is known inside the outlines.")
    return _densest(release, rows) + rough_population(release)


def _densest(release: Release, rows: list[Row]) -> str:
    first = [row for row in rows if row["intensity_rank"] == rows[0]["intensity_rank"]]
    alike = [row for row in rows if intensity(row) == intensity(rows[0])]
    names = listed([named(release, row) for row in first])
    if len(rows) == 1:
        return say("Intensity is known of one cluster only, {name}.", name=names)
    if len(first) == 1 < len(alike) <= _FEW:
        return say(
            "In proportion to population, {names} have the same printed intensity, {intensity}; {first} comes first unrounded.",
            names=listed([named(release, row) for row in alike]), intensity=intensity(first[0]), first=first[0]["name"],
        )  # fmt: skip
    if len(first) == 1 and len(alike) > _FEW:
        return say(
            "In proportion to population, {name} comes first; {number} more print the same intensity.",
            name=names, number=len(alike) - 1,
        )  # fmt: skip
    return say_each(
        len(first),
        "In proportion to population, {names} comes first.", "In proportion to population, {names} come first.",
        names=names,
    )  # fmt: skip


def intensity(row: Row) -> str:
    """A cluster's share points per million inhabitants as the pages print them."""
    return decimal(row["intensity"], 2)


def scope(release: Release) -> str:
    """How many clusters there are, out of which documents."""
    totals = {row["kind"]: row for row in release.table("world_totals").to_pylist()}
    used = [kind for kind in ("pct", "sci") if kind in release.edition["indicators"] and kind in totals]
    documents = listed([documents_of(kind, totals[kind]["documents"]) for kind in used])
    found = counted(len(release.ranking), "cluster", "clusters")
    return say_each(
        len(release.ranking), "{clusters} found among {documents}.", "{clusters} found among {documents}.",
        clusters=capital(found), documents=documents,
    )  # fmt: skip


def documents_of(kind: str, number: int) -> str:
    """A number of documents of a kind: `153,011 articles`."""
    if kind == "pct":
        return say_each(number, "{number} PCT application", "{number} PCT applications", number=whole(number))
    return say_each(number, "{number} article", "{number} articles", number=whole(number))


def none_found(release: Release) -> str:
    """Why there is no cluster."""
    edition = release.edition
    asked = edition["min_samples"]
    return say_each(
        asked,
        "Nowhere does one listing lie within {km} km of a place, which is what this edition asks of a cluster. "
        "The map shows all places; the quality page says what was read.",
        "Nowhere do {number} listings lie within {km} km of a place, which is what this edition asks of a cluster. "
        "The map shows all places; the quality page says what was read.",
        number=whole(asked), km=plain(edition["eps_km"]),
    ).replace(" km ", f"{NBSP}km ")  # fmt: skip


def notices(release: Release) -> list[str]:
    """What must be said on every page besides that an edition is simulated (METHODOLOGY 2 and 12)."""
    reader, edition = release.settings["reader"], release.edition
    said = []
    if reader["pct_date"] == "filing":
        said.append(say("Filing years stand in for publication years of applications."))
    if reader["pct_kind_when_absent"] == "keep":
        said.append(say("Tables that do not tell PCT from national applications were kept whole."))
    if edition["world_total"] == "given":
        given = [kind for kind in ("pct", "sci") if kind in edition["world_totals"]]
        if given == ["pct"]:
            said.append(say("The world total of PCT applications is given by the user, not counted."))
        elif given == ["sci"]:
            said.append(say("The world total of articles is given by the user, not counted."))
        else:
            said.append(say("World totals are given by the user, not counted."))
    return said


def population(row: Row) -> str:
    """Where the population comes from."""
    if row["population"] is None:
        return say("not known")
    source = term(row["population_source"] or "unknown source")
    return say("{source}, approximate", source=source) if row["population_approximate"] else source


def rough_population(release: Release) -> str:
    """The short form of `approximate_population`, to follow a sentence on intensity; empty for a raster's figures."""
    if any(row["population"] is not None and row["population_approximate"] for row in release.ranking):
        return " " + say("Populations are approximate.")
    return ""


def approximate_population(row: Row) -> str:
    """Why a population is approximate and in which way; empty for one of a raster (METHODOLOGY 9)."""
    if row["population"] is None or not row["population_approximate"]:
        return ""
    return say(
        "Population is approximate: the gazetteer’s cities inside the outline, each whole, however little of it lies inside. "
        "Districts are not counted beside their city; who lives between cities is missing. A population raster would be exact."
    )
