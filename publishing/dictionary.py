"""What every published table and column means, taken from where it is defined: contracts, and the models' own YAML.

Tables that only a release has (rounded points, land, names of economies) are described here.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from foundation import contracts
from foundation.home import model_descriptions

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Entry:
    """A column of a published table."""

    column: str
    type: str
    unit: str
    meaning: str


_RELEASE_ONLY: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "points": (
        "Places with points of one class and cluster, rounded; noise with few records left out.",
        {
            "latitude": ("degrees", "Latitude, rounded (map_round_decimals)"),
            "longitude": ("degrees", "Longitude, rounded (map_round_decimals)"),
            "class": ("", "ranked, below or noise (METHODOLOGY 18)"),
            "cluster_no": ("", "Cluster, -1 for noise"),
            "rank": ("", "Rank of the cluster; empty for noise"),
            "points": ("", "Exact points rounded to this place"),
            "pct_listings": ("", "Listings of inventors"),
            "sci_listings": ("", "Listings of authors"),
        },
    ),
    "economy_names": (
        "An economy: its code, its name as WIPO prints it, its region.",
        {
            "economy": ("", "ISO 3166-1 alpha-2 code"),
            "wipo_name": ("", "Name as WIPO prints it"),
            "gii_region": ("", "Region of the Global Innovation Index"),
        },
    ),
    "land": (
        "A tenth of a degree that holds a place of the gazetteer: inhabited land, no coastline.",
        {
            "latitude_tenths": ("0.1 degrees", "Latitude of the cell's middle"),
            "longitude_tenths": ("0.1 degrees", "Longitude of the cell's middle"),
        },
    ),
    "cities": (
        "A city of the gazetteer that the map's search knows.",
        {
            "name": ("", "Name as the gazetteer has it"),
            "economy": ("", "ISO 3166-1 alpha-2 code"),
            "latitude": ("degrees", "Latitude"),
            "longitude": ("degrees", "Longitude"),
            "population": ("persons", "Inhabitants"),
        },
    ),
    "clusters_geo": (
        "A cluster with its outline.",
        {
            "geometry": ("OGC:CRS84", "Outline: Polygon or MultiPolygon"),
            "simulated": ("", "Whether the edition is simulated"),
        },
    ),
}


@functools.cache
def _models() -> Mapping[str, dict[str, Any]]:
    """Models by the name of their file; `mart` says whether a model lies among the marts."""
    found: dict[str, dict[str, Any]] = {}
    for path in model_descriptions():
        # the C loader took 0.04 s for 35 files, the Python one 0.37 s
        loaded = yaml.load(path.read_bytes(), yaml.CSafeLoader) or {}
        for model in loaded.get("models", []):
            name = str((model.get("config") or {}).get("alias") or model["name"])
            found[name] = {
                **model,
                "mart": path.parent.parent.name == "models" and path.parent.name == "marts",
            }
    return found


def marts() -> list[str]:
    """Names of the files of all marts that the dbt project describes, sorted."""
    return sorted(name for name, model in _models().items() if model["mart"])


def grain(table: str) -> str:
    """One sentence: what a row of `table` is; empty when nobody says."""
    if table in _RELEASE_ONLY:
        return _RELEASE_ONLY[table][0]
    if table in contracts.names():
        return contracts.contract(table).grain
    return " ".join(str(_models().get(table, {}).get("description", "")).split())


def entries(table: str, schema: pa.Schema) -> list[Entry]:
    """The columns of `schema` in order, with unit and meaning as far as `table` is described."""
    meanings = _meanings(table)
    found = []
    for field in schema:
        unit, meaning = meanings.get(field.name, ("", ""))
        found.append(Entry(field.name, str(field.type), unit, meaning))
    return found


def _meanings(table: str) -> dict[str, tuple[str, str]]:
    if table == "clusters_geo":
        return _meanings("clusters") | _meanings("ranking") | _RELEASE_ONLY[table][1]
    if table in _RELEASE_ONLY:
        return _RELEASE_ONLY[table][1]
    if table in contracts.names():
        return {
            column.name: (column.unit, column.description) for column in contracts.contract(table).columns
        }
    columns = _models().get(table, {}).get("columns", [])
    return {str(column["name"]): _from_model(column) for column in columns}


def _from_model(column: Mapping[str, Any]) -> tuple[str, str]:
    meta = column.get("meta") or (column.get("config") or {}).get("meta") or {}
    return str(meta.get("unit", "")), " ".join(str(column.get("description", "")).split())
