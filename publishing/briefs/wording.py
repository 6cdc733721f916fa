"""The sentences of a brief; each claims only what the figures printed beside it show (METHODOLOGY 19)."""

from __future__ import annotations

from publishing.briefs.gather import Gathered
from publishing.printing import NBSP, capital, counted, decimal, listed, lowered, ordinal, rounded, share
from publishing.reading import Release, Row
from publishing.sentences import economy_name

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
        return f"{row['name']} is the only cluster of this edition."
    said = f"{row['name']} ranks {ordinal(row['rank'])} of {of} by size"
    if row["intensity_rank"] is None:
        return f"{said}."
    return f"{said} and {ordinal(row['intensity_rank'])} in proportion to population."


def strengths(gathered: Gathered, row: Row) -> str:
    """Which of its large fields have a share well above the world's."""
    known = [field for field in gathered.fields(row["cluster_no"]) if field["rta"] is not None]
    if not known:
        return ""
    best = sorted(known, key=lambda field: (-field["rta"], field["field_nr"]))
    best = [field for field in best if rounded(field["rta"], 1) >= rounded(_STANDS_OUT, 1)][:_NAMED_FIELDS]
    if not best:
        return "None of its large technology fields stands out against the world."
    names = capital(listed([lowered(field["field"]) for field in best]))
    times = listed([decimal(field["rta"], 1) for field in best])
    if len(best) == 1:
        return f"{names} stands out: its share is {times} times that of the world."
    return f"{names} stand out: their shares are {times} times those of the world."


def concentration(gathered: Gathered, row: Row) -> str:
    """How much of its applications its first applicant has; `half` only from 50 printed on."""
    leaders = gathered.applicants(row["cluster_no"])
    if not leaders:
        return ""
    first = leaders[0]
    printed = rounded(first["share"], 1)
    if [other for other in leaders[1:] if rounded(other["share"], 1) == printed]:
        return ""
    if printed >= 50:
        more = "half" if printed == 50 else "more than half"
        return f"One applicant, {first['name']}, accounts for {more} of its applications, {share(first['share'])}{NBSP}%."
    return f"Its first applicant, {first['name']}, accounts for {share(first['share'])}{NBSP}% of its applications."


def moved(release: Release, row: Row) -> str:
    """The change of rank with its basis."""
    if not release.has_previous:
        return "no earlier edition to compare with"
    if row["is_new"]:
        return f"new in the ranking since edition {release.edition['previous_edition']}"
    change = row["rank_change"]
    if change is None:
        return "no earlier rank"
    if change == 0:
        return f"same rank as in edition {release.edition['previous_edition']}"
    places = counted(abs(change), "place", "places")
    return f"{'up' if change > 0 else 'down'} {places} since edition {release.edition['previous_edition']}"


def coverage(gathered: Gathered, row: Row) -> str:
    """How much of its first economy's listings could be placed."""
    release, economy = gathered.release, row["economies"][0]
    kinds = {"pct": "inventors", "sci": "authors"}
    known = gathered.located(economy)
    said = [f"{share(known[kind])}{NBSP}% of {name}" for kind, name in kinds.items() if kind in known]
    if not said:
        return ""
    return f"In {economy_name(release, economy)} {listed(said)} were placed at {release.edition['point_precision_min']} or finer; the rest counts in no cluster."


def no_advantage(release: Release, why: str) -> str:
    """Why fields have no revealed technological advantage, without a setting's name (METHODOLOGY 16)."""
    edition = release.edition
    said = {
        "cluster below rta_min_cluster": f"fewer than {edition['rta_min_cluster']:g} applications with a known field",
        "expected count below rta_min_expected": (
            f"by the world's share fewer than {edition['rta_min_expected']:g} applications would be expected"
        ),
    }
    return said.get(why, why.replace("_", " "))


def rules(release: Release) -> str:
    """The rule of clustering and counting in one sentence."""
    edition = release.edition
    return (
        f"A cluster is where at least {edition['min_samples']:,} listings lie within {edition['eps_km']:g}{NBSP}km; documents are "
        "counted by parts over the addresses of their inventors or authors."
    )


def abroad(gathered: Gathered, row: Row) -> str:
    """How much of its documents has somebody in another economy."""
    names = {"pct": "applications", "sci": "articles"}
    reach = gathered.reach(row["cluster_no"])
    said = [
        f"{share(reach[kind]['international_share'])}{NBSP}% of {name}"
        for kind, name in names.items()
        if kind in reach
    ]
    return f"With somebody in another economy: {listed(said)}." if said else ""
