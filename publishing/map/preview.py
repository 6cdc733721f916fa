"""A small map of an edition's clusters for people who run it: no labels, no release needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from publishing.map import coast, picture
from publishing.map.projection import world

if TYPE_CHECKING:
    import pyarrow as pa

WIDTH = 1180


def preview(points: pa.Table, point_clusters: pa.Table, ranked_size: int) -> bytes:
    """PNG of all points: the `ranked_size` clusters with most listings orange, the others sand, noise blue.

    Parameters
    ----------
    points, point_clusters : tables of those contracts, sorted by point
    """
    number = point_clusters["cluster_no"].to_numpy()
    kind = np.where(number < 0, "noise", np.where(number <= ranked_size, "ranked", "below"))
    drawn = picture.Points(points["latitude"].to_numpy(), points["longitude"].to_numpy(), kind)
    layers = picture.cover(world(), drawn, picture.Land.of(None), coast.read())
    image = picture.paint(layers, picture.LIGHT)
    return picture.png(image.resize((WIDTH, round(image.height * WIDTH / image.width))))
