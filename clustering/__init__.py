"""From points to clusters: density clustering on the sphere, merging, outlines, population, names, economies, lineage.

Here belongs what turns weighted coordinates into named areas with a boundary. No document's content, no raw format and
no path: `stage.py` alone reads and writes tables, everything else takes arrays and returns arrays or small dataclasses.
Counting and ranking are SQL (dbt_project), drawing is publishing's.

`SphericalDBSCAN` is loaded when it is asked for, so that `import clustering` stays free of heavy libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clustering.dbscan import SphericalDBSCAN

__all__ = ["SphericalDBSCAN"]


def __getattr__(name: str) -> Any:
    if name == "SphericalDBSCAN":
        from clustering.dbscan import SphericalDBSCAN

        return SphericalDBSCAN
    raise AttributeError(f"module 'clustering' has no attribute '{name}'")
