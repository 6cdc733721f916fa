"""Population rasters: what is asked of a file, how outlines get onto it, and sums of its cells (METHODOLOGY 9).

Outlines are taken to the raster's projection, never the raster to theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from foundation.errors import BadInput

STEP_DEGREES = 0.01  # outlines are densified to about a kilometre before they are projected
GREENWICH_SLACK = 1e-9


@dataclass(frozen=True)
class Sum:
    """Inhabitants of an outline, None where no cell in it has a value, and the part of it on cells with a value."""

    inhabitants: float | None
    coverage: float


@contextmanager
def opened(path: Path) -> Iterator[Grid]:
    """A raster that sums can be taken from; what a header can say wrong is refused before anything is read.

    Raises
    ------
    BadInput
        The file cannot be read, names no projection, is rotated or stored from south to north, or its extent cannot be
        one of its projection.
    """
    import rasterio
    from rasterio.errors import RasterioIOError

    try:
        with rasterio.open(path) as raster:
            yield _checked(raster, path)
    except RasterioIOError as fault:
        raise BadInput(
            f"The population raster cannot be read: {fault}.", "Give a GeoTIFF or ASCII grid.", str(path)
        ) from None


def check(path: Path) -> None:
    """Refuses what `opened` refuses: for a look before long work."""
    with opened(path):
        pass


def _checked(raster: Any, path: Path) -> Grid:
    from pyproj import CRS

    if raster.crs is None:
        raise BadInput(
            "The population raster names no projection.",
            "Declare it, as in: gdal_edit -a_srs EPSG:4326.",
            str(path),
        )
    across, down = raster.transform.b or raster.transform.d, raster.transform.e > 0
    if across or down:
        how = "is rotated" if across else "is stored from south to north"
        raise BadInput(
            f"The population raster {how}.", "Warp it to north up: gdalwarp IN.tif OUT.tif.", str(path)
        )
    crs = CRS.from_wkt(raster.crs.to_wkt())
    if crs.is_geographic:
        turn = math.tau / crs.axis_info[0].unit_conversion_factor
        west, south, east, north = raster.bounds
        slack = max(raster.res)
        if north > turn / 4 + slack or south < -turn / 4 - slack or east - west > turn + slack:
            raise BadInput(
                f"The population raster says that it is in degrees ({crs.name}), but reaches from {west:g} to {east:g} "
                f"and from {south:g} to {north:g}.",
                "Declare its right projection, as in: gdal_edit -a_srs ESRI:54009.",
                str(path),
            )
    return Grid(raster, crs, path)


@dataclass(frozen=True)
class Grid:
    """An open raster with its projection."""

    raster: Any
    crs: Any
    path: Path

    def shapes(self, outlines: list[Any]) -> list[Any]:
        """Outlines (degrees, longitude first) in the raster's projection, along its own range of longitudes."""
        import shapely

        dense = shapely.segmentize(np.array(outlines, dtype=object), STEP_DEGREES)
        if self.crs.is_geographic:
            return [self._along(one) for one in dense]
        moved = shapely.transform(dense, lambda xy: np.column_stack(self._project(xy[:, 0], xy[:, 1])))
        return [one if one.is_valid else shapely.make_valid(one) for one in moved]

    def within(self, shape: Any) -> float:
        """Part of a shape within the raster's rectangle."""
        import shapely

        if not (np.isfinite(shapely.get_coordinates(shape)).all() and shape.area):
            return 0.0
        return float(shape.intersection(shapely.box(*self.raster.bounds)).area / shape.area)

    def sums(self, shapes: list[Any]) -> list[Sum]:
        """The sum of each shape's cells, a cell that is cut counting by the part inside."""
        import geopandas
        from exactextract import exact_extract
        from exactextract.raster import RasterioRasterSource

        frame = geopandas.GeoDataFrame(
            {"outline": range(len(shapes))}, geometry=shapes, crs=self.raster.crs.to_wkt()
        )
        found = exact_extract(
            RasterioRasterSource(self.raster), frame, ["sum", "min", "count"], output="pandas"
        )
        if self.raster.nodata is None and (found["min"] < 0).any():
            raise BadInput(
                "The population raster holds negative cells and does not say which value stands for no data.",
                "Declare it, as in: gdal_edit -a_nodata -200.",
                str(self.path),
            )
        cell = self.raster.res[0] * self.raster.res[1]
        covered = [min(1.0, n * cell / one.area) for n, one in zip(found["count"], shapes, strict=True)]
        return [
            Sum(float(people) if n > 0 else None, float(part))
            for people, n, part in zip(found["sum"], found["count"], covered, strict=True)
        ]

    def has_value(self, longitude: Any, latitude: Any) -> Any:
        """Whether the cell at each place, or one beside it, has a value: a port's place may fall on a cell of sea."""
        from rasterio.windows import Window

        x, y = self._project(longitude, latitude)
        west, height = self.raster.bounds.left, self.raster.height
        column = np.floor((x - west) / self.raster.res[0])
        row = np.floor((self.raster.bounds.top - y) / self.raster.res[1])
        with np.errstate(invalid="ignore"):
            inside = (column >= 0) & (column < self.raster.width) & (row >= 0) & (row < height)
        found = np.zeros(len(x), bool)
        for place in np.flatnonzero(inside).tolist():
            left, top = max(int(column[place]) - 1, 0), max(int(row[place]) - 1, 0)
            wide = min(int(column[place]) + 2, self.raster.width) - left
            high = min(int(row[place]) + 2, height) - top
            cells = self.raster.read(1, window=Window(left, top, wide, high), masked=True)
            found[place] = bool(np.isfinite(np.ma.filled(cells.astype(float), np.nan)).any())
        return found

    def _project(self, longitude: Any, latitude: Any) -> tuple[Any, Any]:
        """Degrees of Greenwich in the raster's coordinates."""
        from pyproj import Transformer

        if not self.crs.is_geographic:
            x, y = Transformer.from_crs("OGC:CRS84", self.crs, always_xy=True).transform(longitude, latitude)
            return np.asarray(x), np.asarray(y)
        from_meridian = (np.asarray(longitude) - self._meridian + 180.0) % 360.0 - 180.0
        if self._is_eastward:
            from_meridian = from_meridian % 360.0
        return from_meridian / self._degrees, np.asarray(latitude) / self._degrees

    @property
    def _degrees(self) -> float:
        """Degrees in a unit of the raster's coordinates: not 1 where it counts in grads."""
        return math.degrees(self.crs.axis_info[0].unit_conversion_factor)

    @property
    def _meridian(self) -> float:
        """Degrees from Greenwich to the raster's prime meridian."""
        prime = self.crs.prime_meridian
        return float(prime.longitude * math.degrees(prime.unit_conversion_factor)) if prime else 0.0

    @property
    def _is_eastward(self) -> bool:
        """Whether longitudes run from 0 to 360."""
        return bool((self.raster.bounds.right - self.raster.res[0]) * self._degrees > 180.0)

    def _along(self, outline: Any) -> Any:
        """An outline along the raster's range of longitudes, in its unit and from its prime meridian."""
        from shapely.affinity import scale, translate

        from clustering.outlines import within_the_map

        if abs(self._meridian) > GREENWICH_SLACK:
            outline = within_the_map(translate(outline, xoff=-self._meridian))
        if self._is_eastward:
            outline = _shifted(outline)
        unit = self._degrees
        return (
            scale(outline, 1 / unit, 1 / unit, origin=(0, 0))
            if abs(unit - 1.0) > GREENWICH_SLACK
            else outline
        )


def _shifted(geometry: Any) -> Any:
    """A geometry with its western half moved to longitudes from 180 to 360."""
    import shapely
    from shapely.affinity import translate

    west = geometry.intersection(shapely.box(-180.0, -90.0, 0.0, 90.0))
    east = geometry.intersection(shapely.box(0.0, -90.0, 180.0, 90.0))
    return shapely.union_all([east, translate(west, xoff=360.0)])
