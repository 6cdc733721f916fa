"""The sentences of the findings, one for each statement of the findings mart (METHODOLOGY 19).

Growth that prints as nothing is not claimed, equal printed figures are one place, and what is listed is counted.
"""

from __future__ import annotations

from itertools import groupby

from publishing.language import say, say_each
from publishing.printing import NBSP, capital, counted, listed, number_word, share, whole
from publishing.reading import Release, Row
from publishing.sentences import economy_name, group, intensity, rough_population
from publishing.terms import term

_FEW = 5


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
        return say("The largest cluster is {name}.", name=names[0])
    number, region = number_word(len(rows)), regions.pop()
    if region is None or regions:
        return say("The {number} largest clusters are {names}.", number=number, names=listed(names))
    if len(rows) == 2:
        return say(
            "The two largest clusters, {names}, both lie in {region}.",
            names=listed(names),
            region=term(region),
        )
    return say(
        "The {number} largest clusters, {names}, all lie in {region}.",
        number=number, names=listed(names), region=term(region),
    )  # fmt: skip


def _two_leaders(release: Release, rows: list[Row]) -> str:
    del release
    names = listed(rows[0]["item"].split(" + "))
    return say(
        "{names} together account for {share} % of the world’s PCT applications.",
        names=names, share=share(rows[0]["value"]),
    ).replace(" %", f"{NBSP}%")  # fmt: skip


def _intensive(release: Release, rows: list[Row]) -> str:
    return _densest(release, rows) + rough_population(release)


def _densest(release: Release, rows: list[Row]) -> str:
    """Clusters whose intensities print alike share a place, although the mart ranks them by further digits."""
    shown = {row["cluster_no"]: intensity(row) for row in release.ranking if row["intensity"] is not None}
    best, *later_places = [
        [row["item"] for row in alike]
        for _, alike in groupby(rows, key=lambda row: shown.get(row["cluster_no"], str(row["value"])))
    ]
    others = [
        place[0] if len(place) == 1 else say("{names} (alike)", names=listed(place)) for place in later_places
    ]
    names, after = listed(best), listed(others)
    # with `intensity_scope: all` a cluster that is not ranked may come before all that are
    if rows[0]["value"] != 1:
        group_said = group(release)
        if others:
            return say_each(
                len(best),
                "In proportion to population, {names} comes first within the {group}, followed by {others}.",
                "In proportion to population, {names} come first within the {group}, followed by {others}.",
                names=names, others=after, group=group_said,
            )  # fmt: skip
        return say_each(
            len(best),
            "In proportion to population, {names} comes first within the {group}.",
            "In proportion to population, {names} come first within the {group}.",
            names=names, group=group_said,
        )  # fmt: skip
    if others:
        return say_each(
            len(best),
            "In proportion to population, {names} comes first, followed by {others}.",
            "In proportion to population, {names} come first, followed by {others}.",
            names=names, others=after,
        )  # fmt: skip
    return say_each(
        len(best),
        "In proportion to population, {names} comes first.", "In proportion to population, {names} come first.",
        names=names,
    )  # fmt: skip


def _leaders(release: Release, rows: list[Row]) -> str:
    most = [row["iso2"] for row in release.economies[:_FEW]]
    leading: dict[str, list[str]] = {}
    for row in rows:
        if row["economy"] in most:
            leading.setdefault(row["economy"], []).append(row["note"])
    if not leading:
        return ""
    names = listed(
        [
            say("{cluster} in {economy}", cluster=listed(clusters), economy=economy_name(release, code))
            for code, clusters in leading.items()
        ]
    )
    if len(leading) == 1 and any(len(clusters) > 1 for clusters in leading.values()):
        return say("{names} lead their economy together.", names=names)
    return say_each(
        len(leading),
        "{names} is the leading cluster of its economy.", "{names} are the leading clusters of their economies.",
        names=names,
    )  # fmt: skip


def _alone(release: Release, rows: list[Row]) -> str:
    return say(
        "{name} is the only cluster of the {group} in {region}.",
        name=rows[0]["item"], group=group(release), region=term(rows[0]["note"]),
    )  # fmt: skip


def _fastest(release: Release, rows: list[Row]) -> str:
    return _growing(rows, say("Of the {group}", group=group(release)))


def _fastest_middle(release: Release, rows: list[Row]) -> str:
    del release
    return _growing(rows, say("Among clusters of middle-income economies other than China"))


def _growing(rows: list[Row], start: str) -> str:
    """Growth that prints as nothing is not claimed; equal printed figures are one place; nobody is faster than nobody."""
    shown = [(row["item"], share(row["value"])) for row in rows if row["value"] >= _PRINTED]
    if not shown:
        return ""
    best = [name for name, figure in shown if figure == shown[0][1]]
    others = [f"{name} ({figure}{NBSP}%)" for name, figure in shown[len(best) :]]
    if rows[0]["unit"] == f"percent, {len(best)} compared":
        said = say_each(
            len(best),
            "{start}, only {names} can be compared and grows by {figure} %.",
            "{start}, {names} can be compared and grow alike, by {figure} %.",
            start=start, names=listed(best), figure=shown[0][1],
        )  # fmt: skip
    elif others:
        said = say_each(
            len(best),
            "{start}, {names} grows fastest, by {figure} %, followed by {others}.",
            "{start}, {names} grow fastest, by {figure} % each, followed by {others}.",
            start=start, names=listed(best), figure=shown[0][1], others=listed(others),
        )  # fmt: skip
    else:
        said = say_each(
            len(best),
            "{start}, {names} grows fastest, by {figure} %.", "{start}, {names} grow fastest, by {figure} % each.",
            start=start, names=listed(best), figure=shown[0][1],
        )  # fmt: skip
    return said.replace(" %", f"{NBSP}%")


def _shrinking(release: Release, rows: list[Row]) -> str:
    del release
    number, of = int(rows[0]["value"]), int(rows[0]["unit"].removeprefix("of "))
    if of == 1:
        if number:
            return say("Output falls in the one high-income cluster that is compared.")
        return say("Output does not fall in the one high-income cluster that is compared.")
    compared = number_word(of)
    if number == 0:
        return say("Output falls in none of the {of} high-income clusters that are compared.", of=compared)
    if number == of == 2:
        return say("Output falls in both of the two high-income clusters that are compared.")
    if number == of:
        return say("Output falls in all of the {of} high-income clusters that are compared.", of=compared)
    return say(
        "Output falls in {number} of the {of} high-income clusters that are compared.",
        number=number_word(number),
        of=compared,
    )


def _half(release: Release, rows: list[Row]) -> str:
    fields = [row for row in rows if row["key"].startswith("field_")]
    named_here = listed([f"{term(row['item'])} ({share(row['value'])}{NBSP}%)" for row in fields])
    wanted = release.edition["half_share"]
    part = say("half") if wanted == 0.5 else f"{share(100 * wanted)}{NBSP}%"
    number = capital(counted(len(fields), "technology field makes up", "technology fields make up"))
    top = next(row["value"] for row in rows if row["key"] == "top10_clusters_part")
    first = ""
    # ten clusters or fewer hold all of it, which says nothing
    if len(release.ranked) > 10:
        first = say_each(
            len(fields),
            "; the first ten clusters hold {share} % of the applications in it", "; the first ten clusters hold {share} % of the applications in them",
            share=share(top),
        )  # fmt: skip
    return say(
        "{fields} at least {part} of the PCT applications of the {group}: {names}{first}.",
        fields=number, part=part, group=group(release), names=named_here, first=first.replace(" %", f"{NBSP}%"),
    )  # fmt: skip


def _electrical(release: Release, rows: list[Row]) -> str:
    if len(rows) == 1:
        return say(
            "Electrical engineering makes {share} % of the PCT applications of {name}.",
            share=share(rows[0]["value"]), name=rows[0]["item"],
        ).replace(" %", f"{NBSP}%")  # fmt: skip
    fourth = rows[min(3, len(rows) - 1)]["value"]
    most = [row for row in rows if row["value"] >= fourth or share(row["value"]) == share(fourth)]
    named_here = listed([f"{row['item']} ({share(row['value'])}{NBSP}%)" for row in most])
    volume = [row["item"] for row in rows if row["note"] is not None]
    number = whole(release.edition["rta_min_cluster"])
    if not volume:
        return say(
            "Among ranked clusters with at least {number} applications, electrical engineering weighs most in {names}.",
            names=named_here, number=number,
        )  # fmt: skip
    return say_each(
        len(volume),
        "Among ranked clusters with at least {number} applications, electrical engineering weighs most in {names}; {volume} has the highest volume.",
        "Among ranked clusters with at least {number} applications, electrical engineering weighs most in {names}; {volume} have the highest volume.",
        names=named_here, volume=listed(volume), number=number,
    )  # fmt: skip


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
