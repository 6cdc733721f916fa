"""The coastline: made once at set-up from the npm package `world-atlas` (Natural Earth, public domain), read by all maps.

`python -m publishing.map.coast` writes it beside the bundle. Coastline only: nobody's frontier is drawn.
"""

from __future__ import annotations

import base64
import functools
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.atomic import write_text
from publishing.map import topojson
from publishing.map.deltas import bytes_to_rings, rings_to_bytes
from publishing.map.topojson import Ring

WEB = Path(__file__).resolve().parent.parent / "web"
BUILT = WEB / "built"
FILE = "coast.json"
STEPS = 100
#: tolerance in degrees and smallest ring in square degrees; the first is for the world, the second for close views
_LEVELS = {"far": ("land-50m.json", 0.03, 0.02), "near": ("land-10m.json", 0.02, 0.001)}


@dataclass(frozen=True)
class Coast:
    """Rings of land, far for the world and near for close views; degrees, longitude first, between −180 and 180."""

    far: list[Ring]
    near_rings: list[Ring]
    #: the same as written: corners of each ring, and base64 of their bytes
    written: dict[str, dict[str, Any]]

    def near(self, south: float, north: float, west: float, east: float) -> list[Ring]:
        """Rings that meet a window, moved by whole turns so that they lie around it."""
        box = np.array([west, south, east, north])
        found: list[Ring] = []
        for turn in (-360.0, 0.0, 360.0):
            low, high, left, right = self._boxes
            meets = (high >= south) & (low <= north) & (left + turn <= east) & (right + turn >= west)
            for place in np.flatnonzero(meets):
                found += _clipped(self._shapes[place], turn, box)
        return found

    @functools.cached_property
    def _shapes(self) -> list[Any]:
        import shapely

        shapes = [shapely.Polygon(ring) for ring in self.near_rings]
        shapely.prepare(shapes)
        return shapes

    @functools.cached_property
    def _boxes(self) -> npt.NDArray[np.float64]:
        """Lowest and highest latitude, then longitude, of each ring: four rows."""
        return np.array(
            [
                [ring[:, 1].min(), ring[:, 1].max(), ring[:, 0].min(), ring[:, 0].max()]
                for ring in self.near_rings
            ]
        ).T.reshape(4, -1)


def _clipped(shape: Any, turn: float, box: npt.NDArray[np.float64]) -> list[Ring]:
    """The shape's part in a window somewhat larger than `box`: continents have ten thousand corners."""
    import shapely

    wide, high = (box[2] - box[0]) / 4, (box[3] - box[1]) / 4
    window = (box[0] - wide - turn, max(-90.0, box[1] - high), box[2] + wide - turn, min(90.0, box[3] + high))
    inside = shapely.clip_by_rect(shape, *window)
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "Polygon"]
    move = np.array([turn, 0.0])
    return [shapely.get_coordinates(part.exterior) + move for part in parts]


def read(folder: Path = BUILT) -> Coast | None:
    """The coastline, or nothing where set-up had no Node to fetch it."""
    file = folder / FILE
    return _read(file, file.stat().st_mtime_ns) if file.is_file() else None


@functools.lru_cache(maxsize=2)
def _read(file: Path, _: int) -> Coast:
    written = json.loads(file.read_text(encoding="utf-8"))
    far, near = (
        bytes_to_rings(written[level]["rings"], base64.b64decode(written[level]["data"]), STEPS)
        for level in _LEVELS
    )
    return Coast(far, near, written)


def make(atlas: Path, folder: Path = BUILT) -> int:
    """Bytes of the coastline made from the package in `atlas` and written to `folder`."""
    found: dict[str, Any] = {}
    for level, (name, tolerance, smallest) in _LEVELS.items():
        topology = json.loads((atlas / name).read_text(encoding="utf-8"))
        cut = topojson.cut(topojson.rings(topology), tolerance, smallest)
        rings, data = rings_to_bytes(cut, STEPS)
        found[level] = {"rings": rings, "data": base64.b64encode(data).decode()}
    text = json.dumps(found, sort_keys=True, separators=(",", ":")) + "\n"
    write_text(folder / FILE, text)
    return len(text)


if __name__ == "__main__":
    np.seterr(all="raise")
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else WEB / "node_modules" / "world-atlas")
