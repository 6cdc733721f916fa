"""The map as one picture that stands alone: labels, key, credits, and the mark of a simulated edition inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from publishing.language import say
from publishing.map.labels import font, placed, short
from publishing.map.picture import LIGHT, PIXELS, Cover, paint
from publishing.map.projection import Frame

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_HEAD, _FOOT = 66, 52
_SIDE = 22
LABELS = 15


def poster(
    frame: Frame,
    layers: dict[str, Cover],
    spots: list[tuple[str, float, float]],
    words: dict[str, str],
    simulated: bool,
) -> Image:
    """`frame` with a title, a key and a line of credits.

    Parameters
    ----------
    spots : list of (str, float, float)
        Names and positions (units of the frame) of clusters, by rank.
    words : dict
        `title`, `below` (credits), and the key's texts `ranked`, `below_class`, `noise`.
    """
    from PIL import Image, ImageDraw

    size = (frame.width * PIXELS, (frame.height + _HEAD + _FOOT) * PIXELS)
    page = Image.new("RGB", size, LIGHT.paper)
    page.paste(paint(layers, LIGHT), (0, _HEAD * PIXELS))
    draw = ImageDraw.Draw(page)
    _text(draw, _SIDE, 40, words["title"], 25, bold=True)
    for label in placed([(short(name), x, y) for name, x, y in spots], 14, frame.width, frame.height, LABELS):
        _text(draw, label.x, label.y + _HEAD, label.text, 14, bold=True, anchor=label.anchor, halo=True)
    _key(draw, frame.height + _HEAD + 14, words)
    _text(draw, _SIDE, frame.height + _HEAD + 40, words["below"], 11, colour=LIGHT.muted)
    if simulated:
        _text(
            draw, frame.width - _SIDE, 40, say("SIMULATED – do not quote"), 19, True, "end", colour="#a94a06"
        )
    return page


def _key(draw: ImageDraw, y: float, words: dict[str, str]) -> None:
    x = float(_SIDE)
    for name, colour in (("ranked", LIGHT.ranked), ("below_class", LIGHT.below), ("noise", LIGHT.noise)):
        spot = [x * PIXELS, (y - 9) * PIXELS, (x + 9) * PIXELS, y * PIXELS]
        draw.ellipse(spot, fill=colour)
        _text(draw, x + 14, y, words[name], 13)
        x += 14 + font(13 * PIXELS).getlength(words[name]) / PIXELS + 24


def _text(
    draw: ImageDraw,
    x: float,
    y: float,
    text: str,
    size: float,
    bold: bool = False,
    anchor: str = "start",
    halo: bool = False,
    colour: str = LIGHT.ink,
) -> None:
    where = {"start": "ls", "end": "rs", "middle": "ms"}[anchor]
    draw.text(
        (x * PIXELS, y * PIXELS),
        text,
        fill=colour,
        font=font(size * PIXELS, bold),
        anchor=where,
        stroke_width=4 if halo else 0,
        stroke_fill=LIGHT.paper,
    )
