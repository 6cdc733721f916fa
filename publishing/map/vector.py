"""The map for print as SVG: coast, dots, names and key as shapes, with the mark of a simulated edition inside it.

Dots stand on a grid of half a unit, each once: a million places are no larger than what print can show.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

from publishing.language import say
from publishing.map.coast import Coast
from publishing.map.labels import placed, short
from publishing.map.picture import LIGHT, Points
from publishing.map.projection import Floats, Frame

_HEAD, _FOOT, _SIDE = 66, 52, 22
_LABELS = 40
_GRID = 2
#: diameter of a dot, units
_SIZES = {"noise": 0.9, "below": 1.4, "ranked": 1.8}


def drawing(
    frame: Frame,
    points: Points,
    shore: Coast | None,
    spots: list[tuple[str, float, float]],
    words: dict[str, str],
    simulated: bool,
) -> bytes:
    """`frame` as SVG with title, key and credits; arguments as of `poster`."""
    parts = [_land(frame, shore), *(_class(frame, points, kind) for kind in _SIZES)]
    names = Markup()
    for label in placed(
        [(short(name), x, y) for name, x, y in spots], 11, frame.width, frame.height, _LABELS
    ):
        names += Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(
            label.x, label.y, label.anchor, label.text
        )
    height = frame.height + _HEAD + _FOOT
    mark = ""
    if simulated:
        mark = Markup(
            '<text x="{}" y="40" text-anchor="end" font-size="19" font-weight="600" fill="#a94a06">{}</text>'
        ).format(frame.width - _SIDE, say("SIMULATED – do not quote"))
    body = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {height}" width="{frame.width}" height="{height}" '
        f'role="img" font-family="Source Sans Pro, Noto Sans, Arial, sans-serif"><title>{escape(words["title"])}</title>'
        f'<rect width="{frame.width}" height="{height}" fill="{LIGHT.paper}"/>'
        f'<text x="{_SIDE}" y="40" font-size="25" font-weight="600" fill="{LIGHT.ink}">{escape(words["title"])}</text>{mark}'
        f'<svg y="{_HEAD}" width="{frame.width}" height="{frame.height}">{"".join(parts)}'
        f'<g font-size="11" font-weight="600" fill="{LIGHT.ink}" stroke="{LIGHT.paper}" stroke-width="2.5" paint-order="stroke">{names}</g></svg>'
        f"{_key(frame, words)}</svg>\n"
    )
    return body.encode()


def _key(frame: Frame, words: dict[str, str]) -> str:
    said, x = "", float(_SIDE)
    y = frame.height + _HEAD + 14
    for name, colour in (("ranked", LIGHT.ranked), ("below_class", LIGHT.below), ("noise", LIGHT.noise)):
        said += f'<circle cx="{x + 4.5:.1f}" cy="{y - 4.5}" r="4.5" fill="{colour}"/>'
        said += (
            f'<text x="{x + 14:.1f}" y="{y}" font-size="13" fill="{LIGHT.ink}">{escape(words[name])}</text>'
        )
        x += 14 + 6.6 * len(words[name]) + 24
    below = escape(words["below"])
    return said + f'<text x="{_SIDE}" y="{y + 26}" font-size="11" fill="{LIGHT.muted}">{below}</text>'


def _land(frame: Frame, shore: Coast | None) -> str:
    if shore is None:
        return ""
    import shapely

    drawn = []
    for ring in shore.far:
        x, y = frame.place(ring[:, 1], ring[:, 0])
        flat = shapely.get_coordinates(shapely.simplify(shapely.linestrings(np.stack([x, y], axis=1)), 0.25))
        if len(flat) > 3:
            drawn.append("M" + " ".join(f"{a:.1f},{b:.1f}" for a, b in flat) + "Z")
    return f'<path fill="{LIGHT.land}" fill-rule="evenodd" d="{"".join(drawn)}"/>'


def _class(frame: Frame, points: Points, kind: str) -> str:
    mine = points.kind == kind
    spots = _cells(frame, points.latitude[mine], points.longitude[mine])
    path = "".join(f"M{x} {y}h0" for x, y in spots.tolist())
    size = _SIZES[kind] * _GRID
    return (
        f'<path transform="scale({1 / _GRID:g})" fill="none" stroke="{getattr(LIGHT, kind)}" stroke-width="{size:g}" '
        f'stroke-linecap="round" d="{path}"/>'
    )


def _cells(frame: Frame, latitude: Floats, longitude: Floats) -> npt.NDArray[np.int64]:
    """Cells of the grid that hold a place, each once, sorted; those outside the frame left out."""
    x, y = frame.place(latitude, longitude)
    inside = (x >= 0) & (x <= frame.width) & (y >= 0) & (y <= frame.height)
    column = np.round(x[inside] * _GRID).astype(np.int64)
    row = np.round(y[inside] * _GRID).astype(np.int64)
    wide = frame.width * _GRID + 1
    cells = np.unique(row * wide + column)
    return np.stack([cells % wide, cells // wide], axis=1)
