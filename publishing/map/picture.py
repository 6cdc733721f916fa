"""The raster of a map: inhabited land in grey, noise blue, smaller clusters sand, ranked clusters orange.

Drawn with NumPy at two pixels a unit; the same points give the same bytes.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from publishing.map.projection import Floats, Frame
from publishing.points import LAND_PER_DEGREE

if TYPE_CHECKING:
    import pyarrow as pa
    from PIL.Image import Image

PIXELS = 2
CLASSES = ("noise", "below", "ranked")
Pixels = npt.NDArray[np.float32]
#: how far a place of the gazetteer spreads as land, km
_LAND_KM = 26.0


@dataclass(frozen=True)
class Colours:
    """Colours of a scheme, as the style sheet has them."""

    paper: str
    ink: str
    muted: str
    land: str
    noise: str
    below: str
    ranked: str


LIGHT = Colours("#fdfcfa", "#1d1f22", "#69655e", "#e3ded3", "#4f86bd", "#c39a70", "#e06f1a")
DARK = Colours("#14161a", "#ece8e0", "#9c978d", "#2b2f35", "#5f97cc", "#8d6f52", "#f28a3c")


@dataclass(frozen=True)
class Points:
    """Places to draw: degrees, and the class of each."""

    latitude: Floats
    longitude: Floats
    kind: npt.NDArray[np.str_]

    @classmethod
    def of(cls, table: pa.Table) -> Points:
        """The points of a release's table `points`."""
        kind = np.array(table["class"].to_pylist(), dtype=np.str_)
        return cls(table["latitude"].to_numpy(), table["longitude"].to_numpy(), kind)


@dataclass(frozen=True)
class Land:
    """Cells where the gazetteer knows a place, degrees."""

    latitude: Floats
    longitude: Floats

    @classmethod
    def of(cls, table: pa.Table | None) -> Land:
        """The cells of a release's table `land`; None is no land."""
        if table is None:
            return cls(np.zeros(0), np.zeros(0))
        tenths = (table[name].to_numpy() for name in ("latitude_tenths", "longitude_tenths"))
        latitude, longitude = (values.astype(np.float64) / LAND_PER_DEGREE for values in tenths)
        return cls(latitude, longitude)


def raster(frame: Frame, points: Points, land: Land, colours: Colours) -> Image:
    """The picture of `frame`, `PIXELS` pixels a unit."""
    from PIL import Image

    canvas = np.empty((frame.height * PIXELS, frame.width * PIXELS, 3), dtype=np.float32)
    canvas[:] = _rgb(colours.paper)
    _draw_land(canvas, frame, land, colours)
    radius = 1.6 if frame.centre is None else 2.4
    sizes = {"noise": radius * 0.72, "below": radius, "ranked": radius * 1.15}
    for kind in CLASSES:
        mine = points.kind == kind
        x, y = frame.place(points.latitude[mine], points.longitude[mine])
        _stamp(canvas, x * PIXELS, y * PIXELS, sizes[kind], _rgb(getattr(colours, kind)))
    return Image.fromarray(np.round(canvas).astype(np.uint8), "RGB")


def png(image: Image) -> bytes:
    """The picture as PNG with at most 128 colours, no text and no time inside."""
    held = io.BytesIO()
    image.quantize(128, dither=0).save(held, "PNG", optimize=True)
    return held.getvalue()


def _rgb(colour: str) -> npt.NDArray[np.float32]:
    return np.array([int(colour[place : place + 2], 16) for place in (1, 3, 5)], dtype=np.float32)


def _draw_land(canvas: Pixels, frame: Frame, land: Land, colours: Colours) -> None:
    from PIL import Image, ImageFilter

    height, width = canvas.shape[:2]
    x, y = frame.place(land.latitude, land.longitude)
    inside = (x >= -40) & (x < frame.width + 40) & (y >= -40) & (y < frame.height + 40)
    margin = 40 * PIXELS
    seeds = np.zeros((height + 2 * margin, width + 2 * margin), dtype=np.uint8)
    rows = (y[inside] * PIXELS).astype(np.int64) + margin
    columns = (x[inside] * PIXELS).astype(np.int64) + margin
    fits = (rows < seeds.shape[0]) & (columns < seeds.shape[1]) & (rows >= 0) & (columns >= 0)
    seeds[rows[fits], columns[fits]] = 255
    reach = _LAND_KM / frame.km_per_unit * PIXELS
    grown = Image.fromarray(seeds).filter(ImageFilter.MaxFilter(2 * max(1, round(reach * 0.8)) + 1))
    soft = np.asarray(grown.filter(ImageFilter.GaussianBlur(reach * 0.6)), dtype=np.float32)
    cut = soft[margin : margin + height, margin : margin + width] / 255
    amount = np.clip((cut - 0.35) / 0.3, 0, 1)[:, :, None]
    canvas += amount * (_rgb(colours.land) - canvas)


def _stamp(canvas: Pixels, x: Floats, y: Floats, radius: float, colour: npt.NDArray[np.float32]) -> None:
    """Discs with a soft rim at all positions; a pixel takes its strongest cover, so order does not matter."""
    height, width = canvas.shape[:2]
    cover = np.zeros((height, width), dtype=np.float32)
    base_x, base_y = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    reach = int(np.ceil(radius + 0.5))
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            column, row = base_x + dx, base_y + dy
            fits = (column >= 0) & (column < width) & (row >= 0) & (row < height)
            away = np.hypot(column[fits] + 0.5 - x[fits], row[fits] + 0.5 - y[fits])
            amount = np.clip(radius + 0.5 - away, 0, 1).astype(np.float32)
            np.maximum.at(cover, (row[fits], column[fits]), amount)
    canvas += cover[:, :, None] * (colour - canvas)
