"""Land of a TopoJSON file as rings cut at the antimeridian.

The polygons of `world-atlas` are stitched across ±180°: drawn flat, Chukotka, Fiji and Antarctica smear over the whole
map. So longitudes are unwrapped, Antarctica is closed over the pole, and everything is cut to −180…180.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ring = npt.NDArray[np.float64]
#: a ring that does not close after unwrapping has gone around a pole
_AROUND = 180.0


def rings(topology: dict[str, Any], name: str = "land") -> list[tuple[Ring, list[Ring]]]:
    """Polygons as (outer ring, holes), degrees, longitude first, as the file stitches them."""
    arcs = [_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    found = []
    for shape in topology["objects"][name]["geometries"]:
        parts = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        for part in parts:
            outer, *holes = [_stitched(ring, arcs) for ring in part]
            found.append((outer, holes))
    return found


def cut(polygons: list[tuple[Ring, list[Ring]]], tolerance: float, smallest: float) -> list[Ring]:
    """Outer and inner rings between −180° and 180°, simplified.

    Parameters
    ----------
    tolerance : float
        Degrees by which a line may move.
    smallest : float
        Rings of a smaller area are dropped, square degrees.
    """
    import shapely

    found = []
    for outer, holes in polygons:
        shape = shapely.Polygon(_unwrapped(outer), [_unwrapped(hole) for hole in holes])
        for piece in _within(shapely.make_valid(shape)):
            for part in shapely.get_parts(shapely.simplify(piece, tolerance)):
                if part.geom_type == "Polygon" and part.area >= smallest:
                    kept = [hole for hole in part.interiors if shapely.Polygon(hole).area >= smallest]
                    found += [shapely.get_coordinates(line) for line in (part.exterior, *kept)]
    return sorted(found, key=lambda ring: (-len(ring), float(ring[0, 0]), float(ring[0, 1])))


def _within(shape: Any) -> list[Any]:
    """The shape's pieces between −180° and 180°, each turned back there; most shapes are whole already."""
    import shapely

    west, _, east, _ = shapely.bounds(shape)
    found = []
    for turn in (-360, 0, 360):
        if west >= turn + 180 or east <= turn - 180:
            continue
        inside = shape if west >= turn - 180 and east <= turn + 180 else None
        if inside is None:
            inside = shapely.intersection(shape, shapely.box(turn - 180, -90, turn + 180, 90))
        moved = shapely.transform(inside, lambda spots, turn=turn: spots - [turn, 0]) if turn else inside
        found += [piece for piece in shapely.get_parts(moved) if not piece.is_empty]
    return found


def _arc(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    scale, move = np.array(transform["scale"]), np.array(transform["translate"])
    return np.asarray(np.cumsum(np.array(arc, dtype=np.int64), axis=0) * scale + move)


def _stitched(ring: list[int], arcs: list[Ring]) -> Ring:
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _unwrapped(ring: Ring) -> Ring:
    """The ring with longitudes that go on beyond ±180° instead of jumping; one around a pole is closed over it."""
    steps = np.diff(ring[:, 0])
    turns = np.cumsum(np.where(steps > _AROUND, -360.0, np.where(steps < -_AROUND, 360.0, 0.0)))
    longitude = ring[:, 0] + np.concatenate([[0.0], turns])
    flat = np.stack([longitude, ring[:, 1]], axis=1)
    if abs(flat[-1, 0] - flat[0, 0]) < _AROUND:
        return flat
    pole = -90.0 if ring[:, 1].mean() < 0 else 90.0
    corners = np.array([[flat[-1, 0], pole], [flat[0, 0], pole]])
    return np.concatenate([flat, corners, flat[:1]])
