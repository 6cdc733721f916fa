"""Briefs as tagged PDF, one A4 page a cluster, by `typst`: an optional extra (`pip install 'stclusters[pdf]'`).

All type is the packaged one, so that a PDF is the same on every machine; the edition's texts and figures are those of
the pages. Names in scripts that the packaged type lacks are set in the compiler's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from foundation.errors import MissingData
from publishing import credits, sentences
from publishing.briefs import wording
from publishing.briefs.build import per_year
from publishing.briefs.gather import KINDS, Gathered
from publishing.briefs.place import HEIGHT, WIDTH, Drawn, Places
from publishing.language import current, say
from publishing.map import coast
from publishing.map.picture import LIGHT
from publishing.printing import decimal, people, plain, share, whole
from publishing.reading import Release, Row
from publishing.terms import term

_TEMPLATE = Path(__file__).resolve().parent / "brief.typ"
_DASH = "–"


def build(release: Release) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each brief as PDF/UA, in the order of the ranking.

    Raises
    ------
    MissingData
        `typst` or the packaged type is not installed.
    """
    compiler = _compiler()
    template = _TEMPLATE.read_text(encoding="utf-8")
    gathered, places = Gathered(release), Places(release, coast.read())
    for row in release.ranking:
        text = json.dumps(content(gathered, row, places.around(row)), ensure_ascii=False)
        held = text.replace("\\", "\\\\").replace('"', '\\"')
        source = f'#let b = json(bytes("{held}"))\n{template}'
        done = compiler.compile(input=source.encode(), format="pdf", pdf_standards=["ua-1"])
        yield release.brief_file(row).removesuffix(".html") + ".pdf", done


def _compiler() -> Any:
    try:
        import typst
    except ImportError:
        raise MissingData(
            "Briefs as PDF need the package typst.", "Install it: pip install 'stclusters[pdf]'."
        ) from None
    try:
        import font_source_sans_pro as packaged
    except ImportError:
        raise MissingData("The type of the PDFs is not installed.", "Install stclusters again.") from None
    folder = Path(packaged.font_files_ttf["SourceSansPro"]).parent
    if not Path(packaged.font_files_ttf["SourceSansPro"]).is_file():
        raise MissingData("The type of the PDFs is not there.", "Install stclusters again.", str(folder))
    return typst.Compiler(font_paths=[str(folder)], ignore_system_fonts=True)


def content(gathered: Gathered, row: Row, drawn: Drawn) -> dict[str, Any]:
    """All texts and printed figures of a brief, by the names of the template."""
    release, number = gathered.release, row["cluster_no"]
    kinds = [kind for kind in KINDS if kind in release.edition["indicators"]]
    fields = gathered.fields(number)
    approximate = sentences.approximate_population(row)
    build_of = release.build
    return {
        "language": current().code,
        "title": say("{name}, rank {rank}", name=row["name"], rank=row["rank"]),
        "simulated": say("Simulated: every figure is invented to show and test the program. Do not quote it as fact.") if release.simulated else "",
        "name": row["name"],
        "rank": whole(row["rank"]),
        "under": f"{release.economy(row)} · {wording.moved(release, row)}",
        "six": _six(release, row, kinds),
        "lead": wording.lead(gathered, row),
        "years": [_years(gathered, number, kind) for kind in kinds],
        "fields": [{"name": term(one["field"]), "share": share(one["share"]), "rta": _known(one["rta"])} for one in fields],
        "fields_note": _fields_note(release, fields),
        "subjects": [{"name": term(one["science_field_name"]), "share": share(one["share"])} for one in gathered.subjects(number)],
        "map": svg(drawn),
        "map_alt": say("Map around {name}: its outline, its places in orange, other clusters and places in no cluster around it", name=row["name"]),
        "map_note": say("{places} places with {listings} listings; rounded. Coastline only: Natural Earth.", places=whole(row["points"]), listings=whole(row["listings"])),
        "applicants": [_leader(one) for one in gathered.applicants(number)],
        "organisations": [_leader(one) for one in gathered.organisations(number)],
        "partner_heads": [say("PCT, %") if kind == "pct" else say("Articles, %") for kind in kinds],
        "partners": [
            {"name": one.name or say("Unnamed place"), "shares": [_share(one.shares[kind]) for kind in kinds]}
            for one in gathered.partners(number)
        ],
        "partners_note": wording.abroad(gathered, row),
        "peers": [{"name": one.row["name"], "rank": whole(one.row["rank"]), "total": share(one.row["total"])} for one in gathered.peers(number)],
        "notes": " ".join(filter(None, [
            wording.coverage(gathered, row), wording.rules(release), approximate, credits.vintage(release.settings) + ".",
            credits.citation(**{key: build_of[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}),
            credits.as_text(release.settings) + ".",
        ])),
        "words": _words(),
    }  # fmt: skip


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


def _leader(row: Row) -> dict[str, str]:
    return {"name": row["name"], "number": whole(row["count"]), "share": share(row["share"])}


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
        "notes": say("Data notes"),
    }


def svg(drawn: Drawn) -> str:
    """The small map with its colours inside, for where no style sheet is."""
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
    looks = (f'stroke="{LIGHT.paper}" stroke-width="3.5" fill="none"', f'fill="{LIGHT.ink}"')
    parts += [
        f'<text x="{label.x}" y="{label.y}" text-anchor="{label.anchor}" font-family="Source Sans Pro" '
        f'font-size="14" font-weight="600" {look}>{escape(label.text)}</text>'
        for label in drawn.labels
        for look in looks
    ]
    parts.append(f'<path stroke="{LIGHT.ink}" stroke-width="1.5" d="M14 284h{drawn.scale_width}"/>')
    parts.append(
        f'<text x="14" y="277" font-family="Source Sans Pro" font-size="12" fill="{LIGHT.ink}">{drawn.scale_km} km</text>'
    )
    body = Markup("").join(Markup(part) for part in parts)  # noqa: S704 (texts are escaped above)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{body}</svg>'
