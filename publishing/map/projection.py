"""Equal-area projections: Equal Earth for the world, azimuthal for a region.

Equal Earth: Šavrič, Patterson, Jenny, International Journal of Geographical Information Science 33 (2019).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from publishing.language import say

EARTH_KM = 6371.0088
Floats = npt.NDArray[np.float64]
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """East and north of places in km on a sphere of the mean radius; inputs in degrees, any equal shape."""
    theta = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(latitude)))
    square = theta * theta
    six = square**3
    slope = _A1 + 3 * _A2 * square + six * (7 * _A3 + 9 * _A4 * square)
    x = 2 * np.sqrt(3) * np.radians(longitude) * np.cos(theta) / (3 * slope)
    y = theta * (_A1 + _A2 * square + six * (_A3 + _A4 * square))
    return EARTH_KM * x, EARTH_KM * y


def azimuthal(latitude: Floats, longitude: Floats, centre: tuple[float, float]) -> tuple[Floats, Floats]:
    """East and north in km in Lambert's azimuthal equal-area projection around `centre` (latitude, longitude)."""
    phi, lam = np.radians(latitude), np.radians(longitude - centre[1])
    phi0 = np.radians(centre[0])
    cosine = np.sin(phi0) * np.sin(phi) + np.cos(phi0) * np.cos(phi) * np.cos(lam)
    scale = EARTH_KM * np.sqrt(2 / np.maximum(1 + cosine, 1e-9))
    x = scale * np.cos(phi) * np.sin(lam)
    y = scale * (np.cos(phi0) * np.sin(phi) - np.sin(phi0) * np.cos(phi) * np.cos(lam))
    return x, y


@dataclass(frozen=True)
class Frame:
    """A window on a projected plane: which part of it, at which scale.

    Parameters
    ----------
    name : str
        Short name, also of its files.
    title : str
        What the window shows.
    centre : (float, float) or None
        Centre of an azimuthal projection (latitude, longitude, degrees); None is Equal Earth.
    left, top : float
        Corner in km, east and north.
    km_per_unit : float
        Scale; a unit is a pixel of the page, half a pixel row of the picture.
    width, height : int
        Size in units.
    """

    name: str
    title: str
    centre: tuple[float, float] | None
    left: float
    top: float
    km_per_unit: float
    width: int
    height: int

    def place(self, latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
        """Positions in units from the upper left corner."""
        if self.centre is None:
            x, y = equal_earth(latitude, longitude)
        else:
            x, y = azimuthal(latitude, longitude, self.centre)
        return (x - self.left) / self.km_per_unit, (self.top - y) / self.km_per_unit


def world() -> Frame:
    """The inhabited world from 57° S to 78° N, 1,180 units wide."""
    zero = np.zeros(1)
    edge = float(equal_earth(zero, np.full(1, 180.0))[0][0])
    top = float(equal_earth(np.full(1, 78.0), zero)[1][0])
    bottom = float(equal_earth(np.full(1, -57.0), zero)[1][0])
    scale = 2 * edge / 1180
    return Frame("world", say("World"), None, -edge, top, scale, 1180, round((top - bottom) / scale))


def _around(name: str, title: str, latitude: float, longitude: float) -> Frame:
    width, height, scale = 580, 420, 5.2
    return Frame(
        name, title, (latitude, longitude), -width * scale / 2, height * scale / 2, scale, width, height
    )


def regions() -> list[Frame]:
    """Four dense regions at one scale, about 3,000 by 2,200 km each."""
    return [
        _around("east-asia", say("East Asia"), 32.5, 124.5),
        _around("europe", say("Europe"), 49.6, 7.5),
        _around("america-east", say("North America, east"), 38.5, -82.5),
        _around("america-west", say("North America, west"), 39.5, -113.0),
    ]
