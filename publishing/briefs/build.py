"""The briefs' pages and their small CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from publishing import sentences
from publishing.briefs import wording
from publishing.briefs.gather import KINDS, Gathered, Partner
from publishing.briefs.place import Places
from publishing.downloads.csvfile import SIMULATED_LINE, safe
from publishing.drawing import columns, dot
from publishing.language import say
from publishing.map import coast
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.terms import term


def build(release: Release, printed: bool = False) -> Iterator[Page]:
    """A page per cluster in the order of the ranking, each with its CSV; `printed` ones lead to their PDF."""
    gathered = Gathered(release)
    places = Places(release, coast.read())
    for place, row in enumerate(release.ranking):
        file = release.brief_file(row)
        table = file.removesuffix(".html") + ".csv"
        values = {
            **_values(gathered, row),
            "drawn": places.around(row),
            "before": _near(release, place - 1),
            "after": _near(release, place + 1),
            "table": table.split("/")[-1],
            "pdf": table.split("/")[-1].removesuffix(".csv") + ".pdf" if printed else "",
        }
        title = say("{name}, rank {rank}", name=row["name"], rank=row["rank"])
        yield Page(
            file,
            say("Brief"),
            title,
            "brief.html",
            values,
            {table: _csv(gathered, row)},
            body="brief",
        )


def _near(release: Release, place: int) -> dict[str, Any] | None:
    rows = release.ranking
    if not 0 <= place < len(rows):
        return None
    row = rows[place]
    return {"name": row["name"], "rank": row["rank"], "file": release.brief_file(row).split("/")[-1]}


def _values(gathered: Gathered, row: Row) -> dict[str, Any]:
    release, number = gathered.release, row["cluster_no"]
    kinds = [kind for kind in KINDS if kind in release.edition["indicators"]]
    fields, subjects = gathered.fields(number), gathered.subjects(number)
    return {
        "row": row,
        "economy": release.economy(row),
        "region": " / ".join(
            dict.fromkeys(term(release.regions[code]) for code in row["economies"] if release.regions.get(code))
        ),
        "moved": wording.moved(release, row),
        "lead": wording.lead(gathered, row),
        "coverage": wording.coverage(gathered, row),
        "rules": wording.rules(release),
        "growth": wording.growth_basis(row),
        "population_source": sentences.population(row),
        "approximate": sentences.approximate_population(row),
        "kinds": kinds,
        "headings": {kind: per_year(kind) for kind in kinds},
        "years": {kind: _columns(gathered, row, kind) for kind in kinds},
        "fields": [_field(field) for field in fields],
        "fields_largest": max((field["share"] for field in fields), default=0.0),
        "subjects": [_subject(subject) for subject in subjects],
        "subject_rta": any(subject.get("rta") is not None for subject in subjects),
        "subjects_largest": max((subject["share"] for subject in subjects), default=0.0),
        "rta_why": next((wording.no_advantage(release, field["rta_why"]) for field in fields if field["rta"] is None), None),
        "applicants": gathered.applicants(number),
        "organisations": gathered.organisations(number),
        "peers": [{**peer.row, "field": term(peer.field), "file": release.brief_file(peer.row).split("/")[-1]} for peer in gathered.peers(number)],
        "partners": [_partner(release, partner) for partner in gathered.partners(number)],
        "abroad": wording.abroad(gathered, row),
        "has_previous": release.has_previous,
        "of_all": len(release.ranking),
        "of_ranked": sum(other["intensity_rank"] is not None for other in release.ranking),
    }  # fmt: skip


def per_year(kind: str) -> str:
    """Heading of a kind's counts by year."""
    return say("PCT applications per year") if kind == "pct" else say("Articles per year")


def _columns(gathered: Gathered, row: Row, kind: str) -> Any:
    years = gathered.years(row["cluster_no"], kind)
    return columns([(str(year), value) for year, value in years], kind, per_year(kind))


def _field(field: Row) -> Row:
    return {
        **field,
        "field": term(field["field"]),
        "dot": dot(field["rta"]) if field["rta"] is not None else None,
    }


def _subject(subject: Row) -> Row:
    """A science field; specialisation where the mart has it."""
    rta = subject.get("rta")
    return {
        **subject,
        "science_field_name": term(subject["science_field_name"]),
        "rta": rta,
        "dot": dot(rta) if rta is not None else None,
    }


def _partner(release: Release, partner: Partner) -> Row:
    """A partner with its brief, if it is a cluster."""
    row = release.by_number.get(partner.number)
    file = release.brief_file(row).split("/")[-1] if row is not None else ""
    return {"name": partner.name, "file": file, **partner.shares}


def _csv(gathered: Gathered, row: Row) -> bytes:
    """All figures of a brief: section, item, value, unit; unrounded."""
    release = gathered.release
    held = io.StringIO()
    if release.simulated:
        held.write(SIMULATED_LINE)
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(["section", "item", "value", "unit"])
    for line in _lines(gathered, row):
        writer.writerow(
            [safe(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in line]
        )
    return held.getvalue().encode()


def _lines(gathered: Gathered, row: Row) -> Iterator[tuple[Any, ...]]:
    number = row["cluster_no"]
    for name, unit in (
        ("name", ""), ("cluster_id", ""), ("economy_label", ""), ("rank", ""), ("previous_rank", ""), ("rank_change", "places"),
        ("pct_count", "applications"), ("sci_count", "articles"), ("pct_share", "per cent of world"),
        ("sci_share", "per cent of world"), ("total", "sum of shares"), ("growth", "per cent"), ("intensity", "share per million inhabitants"),
        ("intensity_rank", ""), ("population", "inhabitants"), ("population_source", ""), ("area_km2", "km2"),
        ("latitude", "degrees"), ("longitude", "degrees"),
    ):  # fmt: skip
        yield "facts", name, row.get(name), unit
    for kind in KINDS:
        if kind in gathered.release.edition["indicators"]:
            for year, value in gathered.years(number, kind):
                yield f"{kind} per year", str(year), value, "count"
    yield from _parts(gathered, number)


def _parts(gathered: Gathered, number: int) -> Iterator[tuple[Any, ...]]:
    for field in gathered.fields(number):
        yield "technology field", field["field"], field["share"], "per cent of cluster"
        yield "technology field, RTA", field["field"], field["rta"], "times world"
    for subject in gathered.subjects(number):
        yield "science field", subject["science_field_name"], subject["share"], "per cent of cluster"
        if subject.get("rta") is not None:
            yield "science field, RTA", subject["science_field_name"], subject["rta"], "times world"
    for leader in gathered.applicants(number):
        yield "applicant", leader["name"], leader["share"], "per cent of cluster"
    for leader in gathered.organisations(number):
        yield "organisation", leader["name"], leader["share"], "per cent of cluster"
    for partner in gathered.partners(number):
        for kind, part in partner.shares.items():
            yield f"partner, {kind}", partner.name, part, "per cent of cluster's documents"
    for place, peer in enumerate(gathered.peers(number), 1):
        yield "peer by field mix", peer.row["name"], place, "order"
