"""Briefs as tagged PDF, one A4 page a cluster, by `typst`: an optional extra (`pip install 'stclusters[pdf]'`).

All type is packaged (`faces.py`), so that a PDF is the same on every machine; texts and figures are those of the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

from foundation.errors import MissingData, StclustersError
from foundation.measure import usable_cores
from publishing import credits, sentences
from publishing.briefs import faces, wording
from publishing.briefs.build import per_year
from publishing.briefs.faces import Lacking
from publishing.briefs.gather import KINDS, Gathered
from publishing.briefs.place import HEIGHT, WIDTH, Drawn, Places
from publishing.drawing import DOT_MOST
from publishing.language import current, say
from publishing.map import coast
from publishing.map.picture import LIGHT
from publishing.printing import NBSP, capital, decimal, people, plain, share, signed, whole
from publishing.reading import Release, Row
from publishing.terms import term

_TEMPLATE = Path(__file__).resolve().parent / "brief.typ"
_DASH = "–"
_LONG_NAME = 44
#: compilers at work side by side, and pages made between two looks at the marts
_LANES, _BATCH = 4, 32
_SCALES = (1.0, 0.93, 0.86, 0.79, 0.72)
_PAGE = re.compile(rb"/Type\s*/Page\b")


def build(release: Release, lacking: Lacking | None = None) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each brief as PDF/UA, in the order of the ranking.

    `lacking` learns which scripts of names no face has; they are said in brackets.

    Raises
    ------
    MissingData
        `typst` or a packaged face is not installed.
    """
    lanes = [ready() for _ in range(min(usable_cores(), _LANES))]
    gathered, places = Gathered(release), Places(release, coast.read())
    with ThreadPoolExecutor(len(lanes)) as pool:
        for start in range(0, len(release.ranking), _BATCH):
            rows = release.ranking[start : start + _BATCH]
            values = [content(gathered, row, places.around(row)) for row in rows]
            # each lane has its compiler and speaks this thread's language; a page depends on its own texts alone
            told = [copy_context() for _ in lanes]
            parts = [values[place :: len(lanes)] for place in range(len(lanes))]
            done = list(
                pool.map(lambda one: one[0].run(_lane, one[1], one[2]), zip(told, lanes, parts, strict=True))
            )
            for place, row in enumerate(rows):
                page, missing = done[place % len(lanes)][place // len(lanes)]
                if lacking is not None:
                    lacking.add(missing)
                yield release.brief_file(row).removesuffix(".html") + ".pdf", page


def _lane(compiler: Any, values: list[dict[str, Any]]) -> list[tuple[bytes, Lacking]]:
    """Pages one after another, each with what it found missing."""
    found = []
    for one in values:
        missing = Lacking()
        found.append((_compiled(compiler, one, missing), missing))
    return found


def ready() -> Any:
    """The compiler with all faces.

    Raises
    ------
    MissingData
        `typst` or a packaged face is not installed.
    """
    try:
        import typst
    except ImportError:
        raise MissingData(
            "Briefs as PDF need the package typst.", "Install it: pip install 'stclusters[pdf]'."
        ) from None
    return typst.Compiler(font_paths=faces.folders(), ignore_system_fonts=True)


def _compiled(compiler: Any, values: dict[str, Any], lacking: Lacking) -> bytes:
    """The page, its type made smaller until it is one page; what no face has is said in brackets."""
    for scale in _SCALES:
        done = _set(compiler, {**values, "scale": scale}, lacking)
        if len(_PAGE.findall(done)) == 1:
            break
    return done


def _set(compiler: Any, values: dict[str, Any], lacking: Lacking) -> bytes:
    import typst

    while True:
        honest = lacking.replaced(values)
        if honest != values:
            honest["notes"][0]["text"] += f" {_in_brackets()}"
        text = json.dumps(honest, ensure_ascii=False)
        held = text.replace("\\", "\\\\").replace('"', '\\"')
        source = f'#let b = json(bytes("{held}"))\n{_TEMPLATE.read_text(encoding="utf-8")}'
        try:
            return bytes(compiler.compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"]))
        except typst.TypstError as fault:
            if not lacking.learn(str(fault)):
                what = f"The brief of {values['name']} could not be made as PDF: {fault}."
                raise StclustersError(what, "Make the pages without --pdf.") from fault


def _in_brackets() -> str:
    return say("Scripts in brackets are not in this document’s type; the web page shows them.")


def content(gathered: Gathered, row: Row, drawn: Drawn) -> dict[str, Any]:
    """All texts and printed figures of a brief, by the names of the template."""
    release, number = gathered.release, row["cluster_no"]
    kinds = [kind for kind in KINDS if kind in release.edition["indicators"]]
    fields, subjects = gathered.fields(number), gathered.subjects(number)
    build_of = release.build
    return {
        "language": current().code,
        "faces": [face.family for face in faces.FACES],
        "edition": say("Edition {edition}", edition=build_of["edition"]),
        "title": say("{name}, rank {rank}", name=row["name"], rank=row["rank"]),
        "simulated": say("Simulated: every figure is invented to show and test the program. Do not quote it as fact.") if release.simulated else "",
        "name": breakable(row["name"]),
        "long": len(row["name"]) > _LONG_NAME,
        "rank": whole(row["rank"]),
        "under": f"{release.economy(row)} · {wording.moved(release, row)}",
        "six": _six(release, row, kinds),
        "lead": breakable(wording.lead(gathered, row)),
        "years": [_years(gathered, number, kind) for kind in kinds],
        "ranks": _ranks(release, row),
        "growth": wording.growth_basis(row),
        "fields": _fields(fields, "field"),
        "fields_note": _fields_note(release, fields),
        "subjects": _fields(subjects, "science_field_name"),
        "subjects_note": say("Specialisation as for technology, counted in articles.") if any(one.get("rta") is not None for one in subjects) else "",
        "map": _map(drawn, row),
        "map_note": say("{places} places with {listings} listings; rounded. Coastline only: Natural Earth.", places=whole(row["points"]), listings=whole(row["listings"])),
        "applicants": [_leader(one) for one in gathered.applicants(number)],
        "organisations": [_leader(one) for one in gathered.organisations(number)],
        "partner_heads": [say("PCT, %") if kind == "pct" else say("Articles, %") for kind in kinds],
        "partners": [
            {"name": breakable(one.name) or say("Unnamed place"), "shares": [_share(one.shares[kind]) for kind in kinds]}
            for one in gathered.partners(number)
        ],
        "partners_note": wording.abroad(gathered, row),
        "peers": [{"name": breakable(one.row["name"]), "field": term(one.field), "rank": whole(one.row["rank"]), "total": share(one.row["total"])} for one in gathered.peers(number)],
        "notes": _notes(gathered, row),
        "words": _words(),
    }  # fmt: skip


def breakable(text: str) -> str:
    """The same text with places where a word of more than thirty signs may break; the setter breaks no other.

    Examples
    --------
    >>> breakable("Llanfair PG"), breakable("x" * 31).count("\u200b")
    ('Llanfair PG', 1)
    """
    return re.sub(r"\S{31,}", lambda word: re.sub(r"(\S{18})(?=\S{6})", "\\1\u200b", word[0]), text)


def _six(release: Release, row: Row, kinds: list[str]) -> list[dict[str, str]]:
    found = []
    for kind in kinds:
        under = say("{share} % of world", share=share(row[f"{kind}_share"]))
        found.append((say(sentences.KIND_NAMES[kind]), whole(row[f"{kind}_count"]), under))
    of = say("rank {rank} of {number}", rank=whole(row["rank"]), number=whole(len(release.ranking)))
    found.append((say("Total share"), share(row["total"]), of))
    if row["intensity_rank"] is not None:
        per_million = say("{figure} per million", figure=decimal(row["intensity"], 2))
        found.append((say("Intensity rank"), whole(row["intensity_rank"]), per_million))
    else:
        found.append((say("Intensity rank"), _DASH, term(row.get("intensity_why") or "not known")))
    inhabitants = people(row["population"]) if row["population"] is not None else _DASH
    found.append((say("Population"), inhabitants, sentences.population(row)))
    found.append((say("Area"), f"{whole(row['area_km2'])} km²", say("inside the outline")))
    return [{"name": name, "value": value, "under": under} for name, value, under in found]


def _years(gathered: Gathered, number: int, kind: str) -> dict[str, Any]:
    years = gathered.years(number, kind)
    largest = max((value for _, value in years), default=0.0) or 1.0
    shown = [
        {"year": str(year), "printed": whole(value), "part": round(value / largest, 4)}
        for year, value in years
    ]
    return {"kind": kind, "title": per_year(kind), "years": shown}


def _fields_note(release: Release, fields: list[Row]) -> str:
    why = next((wording.no_advantage(release, one["rta_why"]) for one in fields if one["rta"] is None), None)
    if why is not None:
        return say("No specialisation: {why}.", why=why)
    return say("RTA: its share in the field against the world’s, which is {one}.", one=plain(1.0))


def _fields(rows: list[Row], name: str) -> list[dict[str, Any]]:
    """Fields with their share as a part of the largest and their specialisation as a part of the line from 0 to 5."""
    largest = max((one["share"] for one in rows), default=0.0) or 1.0
    return [
        {
            "name": term(one[name]),
            "share": share(one["share"]),
            "part": round(one["share"] / largest, 4),
            "rta": _known(one.get("rta")),
            "spot": None if one.get("rta") is None else round(min(one["rta"], DOT_MOST) / DOT_MOST, 4),
        }
        for one in rows
    ]


def _ranks(release: Release, row: Row) -> list[dict[str, str]]:
    """Rank in the earlier edition and in this one, and growth, as the page shows them."""
    edition, found = say("Edition {edition}"), []
    if release.has_previous:
        before = _DASH if row["previous_rank"] is None else whole(row["previous_rank"])
        found.append((edition.format(edition=release.edition["previous_edition"]), before))
    found.append((edition.format(edition=release.build["edition"]), whole(row["rank"])))
    growth = _DASH if row["growth"] is None else f"{signed(row['growth'])}{NBSP}%"
    found.append((say("Output growth"), growth))
    return [{"name": name, "value": value} for name, value in found]


def _map(drawn: Drawn, row: Row) -> dict[str, Any]:
    """The picture without its names, the names with their places, and what it shows in words."""
    names = [
        {"text": one.text, "x": one.x, "y": one.y, "anchor": one.anchor, "size": 15, "bold": True}
        for one in drawn.labels
    ]
    scale = {"text": f"{drawn.scale_km} km", "x": 14, "y": 277, "anchor": "start", "size": 13, "bold": False}
    alt = say(
        "Map around {name}: its outline, its places in orange, other clusters and places in no cluster around it",
        name=row["name"],
    )
    return {"svg": svg(drawn), "width": WIDTH, "height": HEIGHT, "labels": [*names, scale], "alt": alt}


def _notes(gathered: Gathered, row: Row) -> list[dict[str, str]]:
    release = gathered.release
    build = {key: release.build[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}
    read = (
        wording.coverage(gathered, row),
        wording.rules(release),
        sentences.approximate_population(row),
        f"{capital(credits.vintage(release.settings))}.",
    )
    return [
        {"title": say("Data notes"), "text": " ".join(filter(None, read))},
        {"title": say("How to cite"), "text": credits.citation(**build)},
        {"title": say("Sources and licences"), "text": credits.as_text(release.settings) + "."},
    ]


def _leader(row: Row) -> dict[str, str]:
    return {"name": breakable(row["name"]), "number": whole(row["count"]), "share": share(row["share"])}


def _known(value: float | None) -> str:
    return _DASH if value is None else decimal(value, 1)


def _share(value: float | None) -> str:
    return _DASH if value is None else share(value)


def _words() -> dict[str, str]:
    return {
        "fields": say("Technology fields, and specialisation against the world"),
        "field": say("Field"),
        "share": say("Share, %"),
        "rta": say("RTA"),
        "subjects": say("Science fields"),
        "map": say("Outline and places"),
        "applicants": say("Leading applicants"),
        "applicant": say("Applicant"),
        "applications": say("Applications"),
        "organisations": say("Leading organisations"),
        "organisation": say("Organisation"),
        "articles": say("Articles"),
        "partners": say("Where its partners are"),
        "place": say("Cluster or place"),
        "peers": say("Peers with the most similar mix of technology fields"),
        "cluster": say("Cluster"),
        "rank": say("Rank"),
        "total": say("Total"),
        "ranks": say("Rank by this edition’s rules"),
        "special": say("Specialisation"),
        "both": say("Large in both"),
    }


def svg(drawn: Drawn) -> str:
    """The small map with its colours inside, for where no style sheet is; without any text."""
    dots = (("noise", LIGHT.noise, 2.6), ("other", LIGHT.below, 2.6), ("mine", LIGHT.ranked, 3.0))
    parts = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT.paper}"/>']
    if drawn.land:
        parts.append(f'<path fill="{LIGHT.land}" fill-rule="evenodd" d="{drawn.land}"/>')
    line = 'stroke="#a94a06" fill="none"'
    if drawn.outlines:
        parts.append(f'<path {line} stroke-width="0.8" stroke-dasharray="3 2" d="{drawn.outlines}"/>')
    if drawn.outline:
        parts.append(f'<path {line} stroke-width="1.4" d="{drawn.outline}"/>')
    for name, colour, wide in dots:
        if drawn.points[name]:
            parts.append(
                f'<path fill="none" stroke="{colour}" stroke-width="{wide}" stroke-linecap="round" d="{drawn.points[name]}"/>'
            )
    parts.append(f'<path stroke="{LIGHT.ink}" stroke-width="1.5" d="M14 284h{drawn.scale_width}"/>')
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'
