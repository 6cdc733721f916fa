"""The raster of a map: inhabited land in grey, noise blue, smaller clusters sand, ranked clusters orange.

What covers a pixel is computed once a frame (`cover`), then painted in the colours of a scheme (`paint`). Drawn with
NumPy at two pixels a unit; the same points give the same bytes.
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

    from publishing.map.coast import Coast

PIXELS = 2
CLASSES = ("noise", "below", "ranked")
#: how much of a pixel is covered, 0 to 255
Cover = npt.NDArray[np.uint8]
#: land reaches so far from a place (gaps up to twice that are closed), then its rim is drawn back by so much, km
_REACH_KM = {"world": (98.0, 76.0), "region": (62.0, 46.0)}
_MARGIN = 60


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


LIGHT = Colours("#fdfcfa", "#1d1f22", "#69655e", "#e8e3d9", "#4f86bd", "#c39a70", "#e06f1a")
DARK = Colours("#14161a", "#ece8e0", "#9c978d", "#262a30", "#5f97cc", "#8d6f52", "#f28a3c")


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


def cover(frame: Frame, points: Points, land: Land, coast: Coast | None = None) -> dict[str, Cover]:
    """How much of each pixel is land and each class of point, from the ground up."""
    layers = {"land": _grown(frame, land) if coast is None else _drawn(frame, coast)}
    radius = 1.6 if frame.centre is None else 2.4
    sizes = {"noise": radius * 0.72, "below": radius, "ranked": radius * 1.15}
    for kind in CLASSES:
        mine = points.kind == kind
        x, y = frame.place(points.latitude[mine], points.longitude[mine])
        layers[kind] = _discs(frame, x * PIXELS, y * PIXELS, sizes[kind])
    return layers


def paint(layers: dict[str, Cover], colours: Colours) -> Image:
    """The picture of `layers` in the colours of a scheme."""
    from PIL import Image

    height, width = layers["land"].shape
    canvas = Image.new("RGB", (width, height), colours.paper)
    for name, amount in layers.items():
        canvas.paste(getattr(colours, name), (0, 0), Image.fromarray(amount))
    return canvas


def png(image: Image) -> bytes:
    """The picture as PNG with at most 128 colours, no text and no time inside."""
    from PIL import Image

    held = io.BytesIO()
    image.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(
        held, "PNG", compress_level=6
    )
    return held.getvalue()


def _drawn(frame: Frame, coast: Coast) -> Cover:
    """Land inside the coastline; a lake is drawn over the land around it."""
    from PIL import Image, ImageDraw

    size = (frame.width * PIXELS, frame.height * PIXELS)
    picture = Image.new("L", size, 0)
    draw = ImageDraw.Draw(picture)
    for ring in coast.far:
        if frame.centre is not None and not _near(ring, frame.centre):
            continue
        x, y = frame.place(ring[:, 1], ring[:, 0])
        area = float(np.dot(ring[:-1, 0], ring[1:, 1]) - np.dot(ring[1:, 0], ring[:-1, 1]))
        spots = np.stack([x * PIXELS, y * PIXELS], axis=1)
        draw.polygon([(a, b) for a, b in spots.tolist()], fill=255 if area < 0 else 0)
    return np.asarray(picture, dtype=np.uint8)


def _near(ring: Floats, centre: tuple[float, float]) -> bool:
    """Whether a ring has a corner within a quarter of the globe, where the region's projection is one to one."""
    away = np.abs((ring[:, 0] - centre[1] + 180) % 360 - 180)
    return bool((away < 90).any())


def _grown(frame: Frame, land: Land) -> Cover:
    """Land grown from places: everything within reach, drawn back again, so that gaps close and coasts stay."""
    from scipy.ndimage import distance_transform_edt

    reach, back = _REACH_KM["world" if frame.centre is None else "region"]
    pixel_km = frame.km_per_unit  # one cell per unit, half the picture's pixels: land is soft anyway
    shape = (frame.height + 2 * _MARGIN, frame.width + 2 * _MARGIN)
    x, y = frame.place(land.latitude, land.longitude)
    row, column = np.floor(y).astype(np.int64) + _MARGIN, np.floor(x).astype(np.int64) + _MARGIN
    fits = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    empty = np.ones(shape, dtype=bool)
    empty[row[fits], column[fits]] = False
    if empty.all():
        return np.zeros((frame.height * PIXELS, frame.width * PIXELS), dtype=np.uint8)
    near = distance_transform_edt(empty) * pixel_km <= reach
    inward = distance_transform_edt(near) * pixel_km
    soft = np.clip((inward - back) / pixel_km + 0.5, 0, 1).astype(np.float32)
    soft = np.maximum(soft, ~empty)
    return _doubled(soft[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN])


def _doubled(values: npt.NDArray[np.float32]) -> Cover:
    from PIL import Image

    height, width = values.shape
    grown = Image.fromarray(values).resize((width * PIXELS, height * PIXELS), Image.Resampling.BICUBIC)
    return np.round(np.clip(np.asarray(grown, dtype=np.float32), 0, 1) * 255).astype(np.uint8)


def _discs(frame: Frame, x: Floats, y: Floats, radius: float) -> Cover:
    """Discs with a soft rim; a pixel takes its strongest cover, so the order of points does not matter."""
    height, width = frame.height * PIXELS, frame.width * PIXELS
    found = np.zeros((height, width), dtype=np.float32)
    reach = int(np.ceil(radius + 0.5))
    inside = (x > -reach) & (x < width + reach) & (y > -reach) & (y < height + reach)
    x, y = x[inside], y[inside]
    base_x, base_y = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            column, row = base_x + dx, base_y + dy
            amount = np.clip(radius + 0.5 - np.hypot(column + 0.5 - x, row + 0.5 - y), 0, 1)
            fits = (column >= 0) & (column < width) & (row >= 0) & (row < height) & (amount > 0)
            np.maximum.at(found, (row[fits], column[fits]), amount[fits].astype(np.float32))
    return np.round(found * 255).astype(np.uint8)
