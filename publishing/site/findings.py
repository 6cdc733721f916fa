"""The findings page: each statement of the findings mart as a sentence, a picture, its numbers and a file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa

from publishing import sentences, statements
from publishing.downloads import csvfile
from publishing.language import later, say
from publishing.printing import capital, counted, decimal, share, whole
from publishing.reading import Release, Row
from publishing.site import pictures
from publishing.site.page import Page
from publishing.site.pictures import Picture
from publishing.terms import term

#: statements in the order of the page, with the word above each
KICKERS = {
    "top_five": later("The largest"),
    "top_two_pct": later("The first two"),
    "most_intensive": later("The most intensive"),
    "clusters_per_economy": later("Where clusters are"),
    "leading_cluster": later("The first of each economy"),
    "new_entrants": later("New in the ranking"),
    "fastest_growing": later("Growing fastest"),
    "fastest_growing_middle_income_other_than_china": later("Growing fastest in middle-income economies"),
    "shrinking_high_income": later("Shrinking"),
    "half_of_top100_pct": later("Fields"),
    "electrical_engineering_share": later("Concentration"),
    "geocoding": later("How much was placed"),
}
SHOWN = 10
_COMPARED = re.compile(r"percent, (\d+) compared")


def rows(release: Release) -> dict[str, list[Row]]:
    """What the page tells: rows of the mart by statement, nothing where the mart is absent."""
    return statements.findings_rows(release)


def build(release: Release, _: Path) -> Page | None:
    """The page, or none where the mart is absent."""
    found_rows = rows(release)
    if not found_rows:
        return None
    said = statements.findings_by_statement(release)
    if "clusters_per_economy" in found_rows:
        said["clusters_per_economy"] = sentences.top_economies(release)
    if "new_entrants" in found_rows and release.has_previous:
        said["new_entrants"] = sentences.entrants(release)
    order = [name for name in KICKERS if name in said]
    order += sorted(name for name in said if name not in KICKERS)
    drawn = {name: pictures.of(release, name, found_rows[name]) for name in order}
    found = [_finding(release, name, said[name], found_rows[name], drawn[name]) for name in order]
    files = {f"findings/{name}.csv": _csv(release, found_rows[name]) for name in order}
    files |= {
        f"findings/{name}_picture.csv": picture.csv(release.simulated)
        for name, picture in drawn.items()
        if picture.figures
    }
    number = capital(counted(len(found), "finding", "findings"))
    title = say("{findings} of this edition", findings=number)
    return Page(
        "findings.html", say("Findings"), title, "findings.html", {"findings": found, "title": title}, files
    )


def _finding(release: Release, name: str, sentence: str, rows: list[Row], drawn: Picture) -> dict[str, Any]:
    lines = [
        {
            "item": _item(release, row),
            "no": printed(row) if place in drawn.printed else "",
            "printed": drawn.printed.get(place, printed(row)),
            "note": _note(release, name, row),
            "file": _file(release, row),
            "bar": drawn.lines.get(place, ""),
        }
        for place, row in enumerate(rows)
    ]
    return {
        "name": name,
        "kicker": _kicker(name),
        "sentence": sentence,
        "about": _about(rows[0]),
        "lines": lines[:SHOWN],
        "more": lines[SHOWN:],
        "unit": drawn.head or capital(_unit(str(rows[0]["unit"] or ""))),
        "column": drawn.column or "findings.value",
        "above": drawn.above,
        "legend": drawn.legend,
        "barred": bool(drawn.lines),
        "picture": f"findings/{name}_picture.csv" if drawn.figures else "",
    }


def _about(row: Row) -> str:
    """What the lines of a statement are: the heading of their names."""
    if row["key"] == "leader":
        return say("Economy")
    if row["cluster_no"] is not None:
        return say("Cluster")
    if row["economy"]:
        return say("Economy")
    return say("Field") if row["key"].startswith("field_") else say("What")


def _note(release: Release, name: str, row: Row) -> str:
    """A line's note; who enters the ranking stood at another place before, or nowhere."""
    cluster = release.by_number.get(row["cluster_no"])
    before = cluster["previous_rank"] if name == "new_entrants" and cluster is not None else None
    if before is None:
        return term(row["note"])
    earlier = say(
        "rank {rank} in edition {edition}", rank=whole(before), edition=release.edition["previous_edition"]
    )
    return ", ".join(filter(None, [term(row["note"]), earlier]))


def printed(row: Row) -> str:
    """A finding's figure as the pages print it: ranks and counts whole, shares and growth with one decimal."""
    value, unit = row["value"], str(row["unit"] or "")
    if value is None:
        return "–"
    if unit.startswith("percent") or row["key"].endswith("part"):
        return share(value) if value >= 0 else f"−{decimal(abs(value), 1)}"
    return whole(value)


def _kicker(name: str) -> str:
    """The words above a statement."""
    if name.startswith("only_in_"):
        return say("The only one")
    return say(KICKERS[name]) if name in KICKERS else capital(term(name))


def _item(release: Release, row: Row) -> str:
    """What a line is about: a cluster's name as it is, an economy's and a field's in the language spoken."""
    if row["cluster_no"] is not None and row["key"] != "leader":
        return str(row["item"])
    if row["economy"]:
        return release.economy_names.get(row["economy"], str(row["item"]))
    return term(row["item"])


def _unit(unit: str) -> str:
    if unit.startswith("of "):
        return say("of {number}", number=unit.removeprefix("of "))
    if found := _COMPARED.fullmatch(unit):
        return say("per cent, {number} compared", number=found[1])
    return term(unit)


def _file(release: Release, row: Row) -> str:
    cluster = release.by_number.get(row["cluster_no"]) if row["cluster_no"] is not None else None
    return release.brief_file(cluster) if cluster is not None else ""


def _csv(release: Release, rows: list[Row]) -> bytes:
    return csvfile.text(
        pa.Table.from_pylist(rows, release.table("findings").schema.remove_metadata()), release.simulated
    )
