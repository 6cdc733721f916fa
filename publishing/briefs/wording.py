"""The sentences of a brief; each claims only what the figures printed beside it show (METHODOLOGY 19)."""

from __future__ import annotations

from publishing.briefs.gather import Gathered
from publishing.language import say, say_each
from publishing.printing import (
    NBSP,
    capital,
    counted,
    decimal,
    listed,
    lowered,
    ordinal,
    plain,
    rounded,
    share,
    whole,
)
from publishing.reading import Release, Row
from publishing.sentences import economy_name
from publishing.terms import term

#: a field stands out from this printed RTA on
_STANDS_OUT = 1.5
_NAMED_FIELDS = 3


def lead(gathered: Gathered, row: Row) -> str:
    """Two or three sentences: where it stands, what stands out, how concentrated its applications are."""
    parts = [standing(gathered.release, row), strengths(gathered, row), concentration(gathered, row)]
    return " ".join(part for part in parts if part)


def standing(release: Release, row: Row) -> str:
    """The cluster's ranks by size and by intensity."""
    of = counted(len(release.ranking), "cluster", "clusters")
    if len(release.ranking) == 1:
        return say("{name} is the only cluster of this edition.", name=row["name"])
    place = {"name": row["name"], "ordinal": ordinal(row["rank"]), "rank": whole(row["rank"]), "clusters": of}
    if row["intensity_rank"] is None:
        return say("{name} ranks {ordinal} of {clusters} by size.", **place)
    intense = row["intensity_rank"]
    return say(
        "{name} ranks {ordinal} of {clusters} by size and {intense_ordinal} in proportion to population.",
        **place, intense_ordinal=ordinal(intense), intense=whole(intense),
    )  # fmt: skip


def strengths(gathered: Gathered, row: Row) -> str:
    """Which of its large fields have a share well above the world's."""
    known = [field for field in gathered.fields(row["cluster_no"]) if field["rta"] is not None]
    if not known:
        return ""
    best = sorted(known, key=lambda field: (-field["rta"], field["field_nr"]))
    best = [field for field in best if rounded(field["rta"], 1) >= rounded(_STANDS_OUT, 1)][:_NAMED_FIELDS]
    if not best:
        return say("None of its large technology fields stands out against the world.")
    names = capital(listed([lowered(term(field["field"])) for field in best]))
    printed = [decimal(field["rta"], 1) for field in best]
    if len(best) > 1 and len(set(printed)) == 1:
        return say(
            "{fields} stand out: the share of each is {times} times that of the world.",
            fields=names,
            times=printed[0],
        )
    return say_each(
        len(best),
        "{fields} stands out: its share is {times} times that of the world.",
        "{fields} stand out: their shares are {times} times those of the world.",
        fields=names, times=listed(printed),
    )  # fmt: skip


def concentration(gathered: Gathered, row: Row) -> str:
    """How much of its applications its first applicant has; `half` only from 50 printed on."""
    leaders = gathered.applicants(row["cluster_no"])
    if not leaders:
        return ""
    first = leaders[0]
    printed = rounded(first["share"], 1)
    if [other for other in leaders[1:] if rounded(other["share"], 1) == printed]:
        return ""
    figures = {"name": first["name"], "share": share(first["share"])}
    if printed >= 50:
        if printed == 50:
            said = say("One applicant, {name}, accounts for half of its applications, {share} %.", **figures)
        else:
            said = say(
                "One applicant, {name}, accounts for more than half of its applications, {share} %.",
                **figures,
            )
    else:
        said = say("Its first applicant, {name}, accounts for {share} % of its applications.", **figures)
    return said.replace(" %", f"{NBSP}%")


def moved(release: Release, row: Row) -> str:
    """The change of rank with its basis."""
    if not release.has_previous:
        return say("no earlier edition to compare with")
    before, change = release.edition["previous_edition"], row["rank_change"]
    if row["is_new"]:
        return say("new in the ranking since edition {edition}", edition=before)
    if change is None:
        return say("no earlier rank")
    if change == 0:
        return say("same rank as in edition {edition}", edition=before)
    places = counted(abs(change), "place", "places")
    if change > 0:
        return say("up {places} since edition {edition}", places=places, edition=before)
    return say("down {places} since edition {edition}", places=places, edition=before)


def growth_basis(row: Row) -> str:
    """What growth is counted in, or why there is none."""
    if row["growth"] is not None:
        return say("Growth: volume in the world totals of the earlier edition.")
    return say("No growth: {why}.", why=term(row.get("growth_why") or "not known"))


def coverage(gathered: Gathered, row: Row) -> str:
    """How much of its first economy's listings could be placed."""
    release, economy = gathered.release, row["economies"][0]
    known = gathered.located(economy)
    kinds = {"pct": say("{share} % of inventors"), "sci": say("{share} % of authors")}
    said = [text.format(share=share(known[kind])) for kind, text in kinds.items() if kind in known]
    if not said:
        return ""
    return say(
        "In {economy} {parts} were placed at {precision} or finer; the rest counts in no cluster.",
        economy=economy_name(release, economy), parts=listed(said), precision=term(release.edition["point_precision_min"]),
    ).replace(" %", f"{NBSP}%")  # fmt: skip


def no_advantage(release: Release, why: str) -> str:
    """Why fields have no revealed technological advantage, without a setting's name (METHODOLOGY 16)."""
    edition = release.edition
    said = {
        "cluster below rta_min_cluster": say(
            "fewer than {number} applications with a known field", number=plain(edition["rta_min_cluster"])
        ),
        "expected count below rta_min_expected": say(
            "by the world’s share fewer than {number} applications would be expected",
            number=plain(edition["rta_min_expected"]),
        ),
    }
    return said.get(why) or term(why)


def rules(release: Release) -> str:
    """The rule of clustering and counting in one sentence."""
    edition = release.edition
    return say(
        "A cluster is where at least {number} listings lie within {km} km; documents are counted by parts over the "
        "addresses of their inventors or authors.",
        number=whole(edition["min_samples"]), km=plain(edition["eps_km"]),
    ).replace(" km", f"{NBSP}km")  # fmt: skip


def abroad(gathered: Gathered, row: Row) -> str:
    """How much of its documents has somebody in another economy."""
    kinds = {"pct": say("{share} % of applications"), "sci": say("{share} % of articles")}
    reach = gathered.reach(row["cluster_no"])
    said = [
        text.format(share=share(reach[kind]["international_share"])).replace(" %", f"{NBSP}%")
        for kind, text in kinds.items()
        if kind in reach
    ]
    return say("With somebody in another economy: {parts}.", parts=listed(said)) if said else ""
