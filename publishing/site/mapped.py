"""The map page: all places as points in an equal-area projection, dense regions at one scale, the clusters as a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from publishing import credits, sentences
from publishing.language import say, say_each
from publishing.map import bundle, coast, payload
from publishing.map.labels import Label, placed, short
from publishing.map.picture import DARK, LIGHT, Land, Points, cover, paint, png
from publishing.map.poster import LABELS, poster
from publishing.map.projection import Frame, regions, world
from publishing.map.vector import drawing
from publishing.printing import plain, whole
from publishing.reading import Release, Row
from publishing.site.page import Page
from publishing.site.render import asset

POSTER, DRAWING = "map.png", "map.svg"
COAST_FILE, EARLY = "map-coast.js", "map-early.js"
_WIDE, _NARROW = 13.5, 38.0
_NARROW_LABELS, _REGION_LABELS = 6, 14


@dataclass(frozen=True)
class View:
    """A frame with its pictures, labels for wide and narrow screens, and outlines as a path."""

    frame: Frame
    labels: list[Label]
    narrow: list[Label]
    outlines: str


def build(release: Release, _: Path) -> Page:
    """The page and its pictures; a region without a cluster is left out."""
    table = release.table("points")
    points = Points.of(table)
    land = Land.of(release.table("land") if release.has("land") else None)
    shown = release.ranked or release.ranking
    shore = coast.read()
    frames = [world(), *(frame for frame in regions() if any(_inside(frame, row) for row in shown))]
    covers = {frame.name: cover(frame, points, land, shore) for frame in frames}
    files = {
        f"map-{name}-{scheme}.png": png(paint(layers, colours))
        for name, layers in covers.items()
        for scheme, colours in (("light", LIGHT), ("dark", DARK))
    }
    key = _key(release, points)
    spots = _spots(frames[0], shown)
    words = _words(release, key)
    files[DRAWING] = drawing(frames[0], points, shore, spots, words, release.simulated)
    files[POSTER] = png(poster(frames[0], covers["world"], spots, words, release.simulated))
    script = bundle.read("map.js")
    if script is not None:
        files["map.js"] = script
        files[EARLY] = asset("early.js")
        files["map-data.js"] = payload.data_script(release, shore, COAST_FILE, _said(release)).encode()
        if shore is not None:
            files[COAST_FILE] = payload.coast_script(shore).encode()
    values: dict[str, Any] = {
        "live": script is not None,
        "insets": payload.insets(release),
        "views": [_view(release, frame, shown) for frame in frames],
        "key": key,
        "rows": [{**row, "economy": release.economy(row), "brief": release.brief_file(row)} for row in shown],
        "has_coast": shore is not None,
        "has_land": len(land.latitude) > 0,
        "alt": _alt(release, key),
        "rounding": _rounding(release),
    }
    return Page("map.html", say("Map"), say("Where clusters and places are"), "map.html", values, files)


def _spots(frame: Frame, rows: list[Row]) -> list[tuple[str, float, float]]:
    latitude = np.array([row["latitude"] for row in rows], dtype=np.float64)
    longitude = np.array([row["longitude"] for row in rows], dtype=np.float64)
    x, y = frame.place(latitude, longitude)
    return [(row["name"], float(a), float(b)) for row, a, b in zip(rows, x, y, strict=True)]


def _inside(frame: Frame, row: Row) -> bool:
    (_, x, y) = _spots(frame, [row])[0]
    return 0 <= x <= frame.width and 0 <= y <= frame.height


def _view(release: Release, frame: Frame, rows: list[Row]) -> View:
    spots = [(short(name), x, y) for name, x, y in _spots(frame, rows)]
    limit = LABELS if frame.centre is None else _REGION_LABELS
    factor = 1.0 if frame.centre is None else frame.width / world().width
    return View(
        frame,
        placed(spots, _WIDE, frame.width, frame.height, limit),
        placed(spots, _NARROW * factor, frame.width, frame.height, _NARROW_LABELS),
        "" if frame.centre is None else _outlines(release, frame, rows),
    )


def _outlines(release: Release, frame: Frame, rows: list[Row]) -> str:
    import shapely

    numbers = {row["cluster_no"] for row in rows if _inside(frame, row)}
    drawn = []
    for row in release.table("outlines").to_pylist():
        if row["cluster_no"] not in numbers:
            continue
        for ring in _rings(shapely.from_wkb(row["geometry"])):
            x, y = frame.place(ring[:, 1], ring[:, 0])
            flat = shapely.simplify(shapely.linestrings(np.stack([x, y], axis=1)), 0.4)
            drawn.append(_path(shapely.get_coordinates(flat)))
    return "".join(drawn)


def _path(spots: Any) -> str:
    """A closed path of its first corner and the steps to the next ones, which are shorter than places."""
    tenths = np.rint(10 * spots).astype(np.int64)
    steps = " ".join(f"{a / 10:g},{b / 10:g}" for a, b in np.diff(tenths, axis=0)[:-1])
    return f"M{tenths[0, 0] / 10:g},{tenths[0, 1] / 10:g}l{steps}z"


def _rings(shape: Any) -> list[Any]:
    import shapely

    return [shapely.get_coordinates(part.exterior) for part in shapely.get_parts(shape)]


def _key(release: Release, points: Points) -> dict[str, dict[str, str]]:
    ranked = say("In a cluster of the {group}", group=sentences.group(release))
    said = {"ranked": ranked, "below": say("In a smaller cluster"), "noise": say("In no cluster")}
    numbers = {name: int((points.kind == name).sum()) for name in said}
    return {
        name: {"text": text, "number": whole(numbers[name])}
        for name, text in said.items()
        if numbers[name] or name != "below"
    }


def _words(release: Release, key: dict[str, dict[str, str]]) -> dict[str, str]:
    said = {
        name: say("{class_name}: {number} places", class_name=entry["text"], number=entry["number"])
        for name, entry in key.items()
    }
    build = release.build
    return {
        "title": say("{title} – places and clusters", title=release.title),
        "ranked": said["ranked"],
        "below_class": said.get("below", say("In a smaller cluster: none")),
        "noise": said["noise"],
        "below": say(
            "Equal Earth projection. {vintage}. Places: GeoNames, CC BY 4.0. Edition {edition}, settings {settings}, "
            "build {build}.",
            vintage=credits.vintage(release.settings),
            edition=build["edition"],
            settings=build["settings_hash"],
            build=build["build"],
        ),
    }


def _alt(release: Release, key: dict[str, dict[str, str]]) -> str:
    parts = "; ".join(
        say("{class_name}: {number} places", class_name=entry["text"], number=entry["number"])
        for entry in key.values()
    )
    return say(
        "World map in an equal-area projection. {parts}. {leader}",
        parts=parts,
        leader=sentences.leader(release),
    )


def _rounding(release: Release) -> str:
    hidden = release.build["points"]
    decimals, floor = release.edition["map_round_decimals"], release.edition["map_min_records"]
    if not hidden["places_hidden"]:
        return say(
            "Places are rounded to {decimals} decimals of a degree; every place in no cluster has at least {floor} "
            "listings, so none is left out.",
            decimals=decimals, floor=floor,
        )  # fmt: skip
    return say_each(
        hidden["places_hidden"],
        "Places are rounded to {decimals} decimals of a degree; one place in no cluster with fewer than {floor} listings "
        "({listings} in all) is not drawn.",
        "Places are rounded to {decimals} decimals of a degree; {places} places in no cluster with fewer than {floor} "
        "listings ({listings} in all) are not drawn.",
        decimals=decimals, floor=floor, places=whole(hidden["places_hidden"]), listings=whole(hidden["listings_hidden"]),
    )  # fmt: skip


def alone(release: Release) -> list[bytes] | None:
    """The map's scripts for a page that has no folder around it; nothing without browser code."""
    script = bundle.read("map.js")
    if script is None:
        return None
    data = payload.data_script(release, coast.read(), "", _said(release), briefs=False)
    return [data.encode(), script]


def _said(release: Release) -> dict[str, str]:
    """Words of the browser's map."""
    return {
        "rank": say("Rank"),
        "pct": say("PCT applications"),
        "sci": say("Articles"),
        "total": say("Total share"),
        "brief": say("Open the brief"),
        "noise": say(
            "In no cluster: fewer than {number} listings within {km} km",
            number=whole(release.edition["min_samples"]), km=plain(release.edition["eps_km"]),
        ),
        "simulated": say("Simulated: do not quote"),
        "one": say("{number} cluster"),
        "many": say("{number} clusters"),
    }  # fmt: skip
