"""The small map of a brief: outline, places, neighbours' names and a scale, as SVG in an equal-area projection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from publishing.map.labels import Label, placed, short
from publishing.map.projection import Floats, azimuthal
from publishing.reading import Release, Row

if TYPE_CHECKING:
    import shapely

    from publishing.map.coast import Coast

WIDTH, HEIGHT = 560, 300
_SCALES = (1, 2, 5, 10, 20, 50, 100, 200)
_DEGREE_KM = 111.2


@dataclass(frozen=True)
class Drawn:
    """Paths in units of the picture; `scale_km` kilometres are `scale_width` units."""

    land: str
    outlines: str
    outline: str
    points: dict[str, str]
    labels: list[Label]
    scale_km: int
    scale_width: float


class Places:
    """Points, outlines and coast of a release, ready to be cut out around any cluster."""

    def __init__(self, release: Release, coast: Coast | None) -> None:
        import shapely

        table = release.table("points")
        self._latitude: Floats = table["latitude"].to_numpy()  # sorted by latitude in the release
        self._longitude: Floats = table["longitude"].to_numpy()
        self._kind = np.array(table["class"].to_pylist(), dtype=np.str_)
        self._number = table["cluster_no"].to_numpy()
        self._coast = coast
        outlines = release.table("outlines").to_pylist()
        self._shapes = {row["cluster_no"]: shapely.from_wkb(row["geometry"]) for row in outlines}
        self._rows = release.ranking
        self._centres = tuple(
            np.array([row[name] for row in self._rows], dtype=np.float64)
            for name in ("latitude", "longitude")
        )

    def around(self, row: Row) -> Drawn:
        """The surroundings of a cluster, wide enough that its outline takes about half the picture."""
        frame = _Frame.around(row, self._shapes.get(row["cluster_no"]))
        points = self._points(frame, row["cluster_no"])
        near = [self._rows[place] for place in frame.inside(*self._centres)]
        near.sort(key=lambda other: (other["cluster_no"] != row["cluster_no"], other["rank"]))
        spots = [
            (short(other["name"]), *frame.place_one(other["latitude"], other["longitude"])) for other in near
        ]
        others = [
            self._shapes[other["cluster_no"]] for other in near[1:] if other["cluster_no"] in self._shapes
        ]
        mine = self._shapes.get(row["cluster_no"])
        scale = max(step for step in _SCALES if step / frame.km <= WIDTH / 4)
        land = "" if self._coast is None else frame.rings(self._coast.near(*frame.box), 0.7)
        return Drawn(
            land,
            frame.outline(others),
            frame.outline([mine] if mine is not None else []),
            points,
            placed(spots, 15, WIDTH, HEIGHT, 7, [(8.0, 262.0, 22 + scale / frame.km, 292.0)]),
            scale,
            round(scale / frame.km, 1),
        )

    def _points(self, frame: _Frame, number: int) -> dict[str, str]:
        south, north, west, east = frame.box
        first, last = np.searchsorted(self._latitude, [south, north])
        part = slice(int(first), int(last))
        longitude = self._longitude[part]
        away = np.abs((longitude - (west + east) / 2 + 180) % 360 - 180)
        near = away <= (east - west) / 2
        x, y = frame.place(self._latitude[part][near], longitude[near])
        kind, mine = self._kind[part][near], self._number[part][near] == number
        inside = (x >= 0) & (x <= WIDTH) & (y >= 0) & (y <= HEIGHT)
        return {
            "noise": _dots(x, y, inside & (kind == "noise")),
            "other": _dots(x, y, inside & (kind != "noise") & ~mine),
            "mine": _dots(x, y, inside & mine),
        }


@dataclass(frozen=True)
class _Frame:
    """A window around a centre: kilometres a unit."""

    centre: tuple[float, float]
    km: float

    @classmethod
    def around(cls, row: Row, shape: shapely.Geometry | None) -> _Frame:
        import shapely

        centre = (float(row["latitude"]), float(row["longitude"]))
        reach = 12.0
        if shape is not None and not shape.is_empty:
            spots = shapely.get_coordinates(shape)
            x, y = azimuthal(spots[:, 1], spots[:, 0], centre)
            reach = max(reach, float(np.abs(x).max()) * HEIGHT / WIDTH, float(np.abs(y).max()))
        return cls(centre, reach * 1.7 * 2 / HEIGHT)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South, north, west, east in degrees, a little wider than the window."""
        up = HEIGHT / 2 * self.km / _DEGREE_KM * 1.1
        widest = min(89.0, abs(self.centre[0]) + up)
        side = min(180.0, WIDTH / 2 * self.km / _DEGREE_KM * 1.1 / float(np.cos(np.radians(widest))))
        return self.centre[0] - up, self.centre[0] + up, self.centre[1] - side, self.centre[1] + side

    def place(self, latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
        x, y = azimuthal(latitude, longitude, self.centre)
        return WIDTH / 2 + x / self.km, HEIGHT / 2 - y / self.km

    def place_one(self, latitude: float, longitude: float) -> tuple[float, float]:
        x, y = self.place(np.array([latitude]), np.array([longitude]))
        return float(x[0]), float(y[0])

    def inside(self, latitude: Floats, longitude: Floats) -> npt.NDArray[np.int64]:
        """Which of the places lie in the window."""
        south, north, _, _ = self.box
        x, y = self.place(latitude, longitude)
        away = np.abs((longitude - self.centre[1] + 180) % 360 - 180)
        there = (latitude >= south) & (latitude <= north) & (away < 90)
        return np.flatnonzero(there & (x >= 0) & (x <= WIDTH) & (y >= 0) & (y <= HEIGHT))

    def outline(self, shapes: list[shapely.Geometry]) -> str:
        import shapely

        rings = [
            shapely.get_coordinates(part.exterior) for shape in shapes for part in shapely.get_parts(shape)
        ]
        return self.rings(rings, 0.5)

    def rings(self, rings: list[Floats], tolerance: float) -> str:
        """Rings of longitude and latitude as one path, simplified."""
        import shapely

        drawn = []
        for ring in rings:
            x, y = self.place(ring[:, 1], ring[:, 0])
            flat = shapely.simplify(shapely.linestrings(np.stack([x, y], axis=1)), tolerance)
            spots = shapely.get_coordinates(flat)
            if len(spots) > 3:
                drawn.append("M" + " ".join(f"{a:.0f},{b:.0f}" for a, b in spots) + "Z")
        return "".join(drawn)


def _dots(x: Floats, y: Floats, chosen: npt.NDArray[np.bool_]) -> str:
    """Dots on a grid of one unit, each once: a path of strokes without length."""
    spots = np.unique(np.stack([np.round(x[chosen]), np.round(y[chosen])], axis=1).astype(np.int64), axis=0)
    return "".join(f"M{a} {b}h0" for a, b in spots)
