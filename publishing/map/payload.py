"""What the browser's map needs, as two classic scripts: points, outlines, coast, clusters and cities in one packed string.

A folder opened by double-click can fetch nothing, so data are scripts. Places are rounded to 0.01 degrees, ordered by
cluster and Morton code, written as differences, deflated and written in base64: about 1.2 bytes a place.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from publishing.language import later, say
from publishing.map.deltas import Whole, morton, rings_to_bytes, varints
from publishing.map.labels import short
from publishing.printing import share, whole
from publishing.reading import Release, Row

if TYPE_CHECKING:
    from publishing.map.coast import Coast

STEPS = 100
_OUTLINE_STEPS = 500
_OUTLINE_KM = 0.25
_LEVEL = 9
#: dense regions at one scale, 520 km wide: name, latitude, longitude of the middle
INSETS = (
    (later("Pearl River Delta"), 22.9, 113.8),
    (later("Kantō to Kansai"), 35.2, 137.6),
    (later("Yangtze Delta"), 31.2, 120.3),
    (later("Rhine and Benelux"), 50.9, 6.2),
    (later("Boston to Washington"), 40.6, -74.2),
    (later("California"), 36.1, -120.2),
)
#: an inset is shown if a cluster lies so near to its middle, degrees
_NEAR = (2.0, 2.6)


def data_script(
    release: Release, shore: Coast | None, coast_file: str, words: dict[str, str], briefs: bool = True
) -> str:
    """The script that sets `window.STCLUSTERS_MAP`; without `briefs` no cluster leads to one."""
    rows = sorted(release.ranking, key=lambda row: not row["ranked"])
    runs, points = _points(release, rows)
    rings, of, outlines = _outlines(release, rows)
    far = shore.written["far"] if shore is not None else None
    coast = base64.b64decode(far["data"]) if far else b""
    head = {
        "points": {"steps": STEPS, "runs": runs, "bytes": len(points)},
        "coast": {"steps": STEPS, "corners": far["rings"], "bytes": len(coast)} if far else None,
        "outlines": {"steps": _OUTLINE_STEPS, "corners": rings, "of": of, "bytes": len(outlines)},
        "clusters": [_cluster(release, row, briefs) for row in rows],
        "cities": _cities(release) if briefs else [],
        "insets": [list(inset) for inset in insets(release)],
        "words": words,
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    packed = zlib.compress(len(text).to_bytes(4, "little") + text + points + coast + outlines, _LEVEL)
    given = {
        "data": base64.b64encode(packed).decode(),
        "coast": coast_file if far else "",
        "simulated": release.simulated,
    }
    return f"window.STCLUSTERS_MAP={json.dumps(given, sort_keys=True)};\n"


def coast_script(shore: Coast) -> str:
    """The script that sets `window.STCLUSTERS_COAST`, the coastline of close views."""
    near = shore.written["near"]
    data = base64.b64decode(near["data"])
    rings = {"steps": STEPS, "corners": near["rings"], "bytes": len(data)}
    given = {"rings": rings, "data": base64.b64encode(zlib.compress(data, _LEVEL)).decode()}
    return f"window.STCLUSTERS_COAST={json.dumps(given, sort_keys=True, separators=(',', ':'))};\n"


def insets(release: Release) -> list[tuple[str, float, float]]:
    """The dense regions in which the edition has a ranked cluster."""
    shown = release.ranked or release.ranking
    return [
        (say(inset[0]), inset[1], inset[2])
        for inset in INSETS
        if any(
            abs(row["latitude"] - inset[1]) < _NEAR[0] and abs(row["longitude"] - inset[2]) < _NEAR[1]
            for row in shown
        )
    ]


def _points(release: Release, rows: list[Row]) -> tuple[list[int], bytes]:
    """Places of each cluster in the order of `rows`, then those of noise; and their bytes, each run starting again."""
    table = release.table("points")
    latitude = np.round((table["latitude"].to_numpy() + 90) * STEPS).astype(np.int64)
    longitude = np.round((table["longitude"].to_numpy() + 180) * STEPS).astype(np.int64) % (360 * STEPS)
    code = morton(latitude, longitude).astype(np.int64)
    number = table["cluster_no"].to_numpy().astype(np.int64)
    order = {row["cluster_no"]: place for place, row in enumerate(rows)}
    largest = max([0, *order, *(int(found) for found in np.unique(number))])
    places = np.full(largest + 2, len(rows), dtype=np.int64)
    for cluster, place in order.items():
        places[cluster] = place
    run = places[number]  # -1, noise, is the last entry
    unique = np.unique((run << 33) | code)
    run, code = unique >> 33, unique & ((1 << 33) - 1)
    counts = np.bincount(run, minlength=len(rows) + 1)
    first = np.diff(run, prepend=-1) != 0
    steps: Whole = np.where(first, code, np.diff(code, prepend=0))
    return [int(count) for count in counts], varints(steps.astype(np.uint64))


def _outlines(release: Release, rows: list[Row]) -> tuple[list[int], list[int], bytes]:
    """Corners of each ring, the place of its cluster in `rows`, and the rings' bytes."""
    import shapely

    shapes = {row["cluster_no"]: row["geometry"] for row in release.table("outlines").to_pylist()}
    rings, of, kept = [], [], []
    for place, row in enumerate(rows):
        if row["cluster_no"] not in shapes:
            continue
        flat = shapely.simplify(shapely.from_wkb(shapes[row["cluster_no"]]), _OUTLINE_KM / 111.2)
        for part in shapely.get_parts(flat):
            corners, _ = rings_to_bytes([shapely.get_coordinates(part.exterior)], _OUTLINE_STEPS)
            if corners:
                rings.append(shapely.get_coordinates(part.exterior))
                kept += corners
                of.append(place)
    return kept, of, rings_to_bytes(rings, _OUTLINE_STEPS)[1]


def _cluster(release: Release, row: Row, briefs: bool) -> dict[str, Any]:
    used = release.edition["indicators"]
    return {
        "id": row["cluster_id"],
        "name": row["name"],
        "short": short(row["name"]),
        "economy": release.economy(row),
        "rank": row["rank"],
        "pct": whole(row["pct_count"]) if "pct" in used else "",
        "sci": whole(row["sci_count"]) if "sci" in used else "",
        "total": share(row["total"]),
        "lat": round(row["latitude"], 4),
        "lon": round(row["longitude"], 4),
        "file": release.brief_file(row) if briefs else "",
        "ranked": bool(row["ranked"]),
    }


def _cities(release: Release) -> list[list[Any]]:
    if not release.has("cities"):
        return []
    return [
        [row["name"], release.economy_names.get(row["economy"], row["economy"]), round(row["latitude"], 2), round(row["longitude"], 2)]
        for row in release.table("cities").to_pylist()
    ]  # fmt: skip
