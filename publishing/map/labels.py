"""Where labels go: by rank, first place that is free, no two over each other."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foundation.errors import MissingData

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Box = tuple[float, float, float, float]
_GAP = 5.0


@dataclass(frozen=True)
class Label:
    """A text at the baseline point (x, y), starting, ending or centred there; its spot is at (spot_x, spot_y)."""

    text: str
    x: float
    y: float
    anchor: str
    spot_x: float
    spot_y: float


@functools.cache
def font(size: float, bold: bool = False) -> FreeTypeFont:
    """The packaged typeface in `size` pixels, laid out the same on every machine.

    Raises
    ------
    MissingData
        It is not installed, or its files are gone.
    """
    from PIL import ImageFont

    todo = "Install stclusters again."
    try:
        import font_source_sans_pro as packaged  # the same glyphs on every machine
    except ImportError:
        raise MissingData("The type Source Sans Pro of the pictures is not installed.", todo) from None
    file = packaged.font_files_ttf["SourceSansProSemibold" if bold else "SourceSansPro"]
    try:
        return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        raise MissingData("The type Source Sans Pro of the pictures cannot be read.", todo, file) from None


def short(name: str) -> str:
    """A cluster's name for a map: its first city, without the state.

    Examples
    --------
    >>> short("San Jose–San Francisco, CA"), short("Tokyo–Yokohama")
    ('San Jose', 'Tokyo')
    """
    first = name.split("–")[0].split(",")[0].strip()
    return first if len(first) <= 28 else first[:27].rstrip() + "…"


def placed(
    spots: Sequence[tuple[str, float, float]],
    size: float,
    width: float,
    height: float,
    limit: int,
    kept: Sequence[Box] = (),
    radii: Sequence[float] = (),
) -> list[Label]:
    """Labels for the first spots that find room.

    Parameters
    ----------
    spots : sequence of (str, float, float)
        Text and position, the most important first; those outside the picture are passed over.
    size : float
        Height of the type in the picture's units.
    limit : int
        At most so many labels.
    kept : sequence of boxes
        Left, top, right and bottom of what no label may cover.
    radii : sequence of float
        Size of each spot, beside which its label stands; none for dots.
    """
    taken: list[Box] = list(kept)
    found: list[Label] = []
    for (text, x, y), radius in zip(spots, radii or [0.0] * len(spots), strict=True):
        if len(found) == limit:
            break
        if not (0 <= x <= width and 0 <= y <= height):
            continue
        for label, box in _tries(text, x, y, size, radius):
            inside = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 2
            if inside and not any(_meet(box, other) for other in taken):
                found.append(label)
                half = max(3.0, 0.7 * radius)
                taken += [box, (x - half, y - half, x + half, y + half)]
                break
    return found


def _tries(text: str, x: float, y: float, size: float, radius: float) -> list[tuple[Label, Box]]:
    # page type is a little wider than the packaged one: 12 % of room to spare
    wide = font(100).getlength(text) / 100 * size * 1.12
    up, down = 0.75 * size, 0.28 * size
    gap = max(_GAP, radius + 2)
    found = []
    for dx, dy, anchor in (
        (gap, 0.36 * size, "start"),
        (-gap, 0.36 * size, "end"),
        (0, -gap - down, "middle"),
        (0, gap + up, "middle"),
        (gap, -0.3 * size, "start"),
        (gap, 1.05 * size, "start"),
        (-gap, -0.3 * size, "end"),
        (-gap, 1.05 * size, "end"),
    ):
        left = x + dx - {"start": 0.0, "end": wide, "middle": wide / 2}[anchor]
        base = y + dy
        label = Label(text, round(x + dx, 1), round(base, 1), anchor, round(x, 1), round(y, 1))
        found.append((label, (left, base - up, left + wide, base + down)))
    return found


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
