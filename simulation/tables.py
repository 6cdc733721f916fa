"""The tables of `data/`: read once, typed, their source line skipped. Figures stand there, not in the code."""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).resolve().parent / "data"


class Published(NamedTuple):
    """A cluster of the 2024 ranking: rank, name, economies, GeoNames ids of the cities named, their relative
    activity, and whether only merging is to join them."""

    rank: int
    name: str
    economies: tuple[str, ...]
    place_ids: tuple[int, ...]
    parts: tuple[float, ...]
    thin_between: bool


class Economy(NamedTuple):
    """Our assumption about an economy: per cent of the world's inventors and authors, growth a year, openness."""

    code: str
    pct: float
    sci: float
    growth: float
    openness: float


class Postcodes(NamedTuple):
    """Pattern of the postal codes written within `km` of a city."""

    country: str
    place_id: int
    pattern: str
    km: float


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


@cache
def published_clusters() -> tuple[Published, ...]:
    """The 100 clusters of the 2024 ranking, by rank."""
    return tuple(
        Published(
            int(row["rank"]),
            row["cluster"],
            tuple(row["economies"].split("/")),
            tuple(int(part) for part in row["place_ids"].split("|")),
            tuple(float(part) for part in row["city_parts"].split("|")),
            row["thin_between"] == "yes",
        )
        for row in _rows("clusters_2024")
    )


@cache
def published_volumes() -> dict[str, tuple[int, float, float]]:
    """Name of a cluster -> rank, applications and articles of the 2023 table (five years)."""
    return {
        row["cluster"]: (int(row["rank"]), float(row["pct_applications"]), float(row["articles"]))
        for row in _rows("volumes_2023")
    }


@cache
def world_totals() -> dict[str, float]:
    """Documents of the world in five years, by kind."""
    return {row["kind"]: float(row["documents"]) for row in _rows("world_totals")}


@cache
def economies() -> dict[str, Economy]:
    """Economies with research of note, by code."""
    return {
        row["economy"]: Economy(
            row["economy"],
            float(row["pct_percent"]),
            float(row["sci_percent"]),
            float(row["growth"]),
            float(row["openness"]),
        )
        for row in _rows("economies")
    }


@cache
def regions() -> dict[tuple[str, str], tuple[str, str]]:
    """(country, first-level code) -> name and short form, for the countries whose addresses name them."""
    return {(row["country"], row["code"]): (row["name"], row["short"]) for row in _rows("regions")}


@cache
def postcodes() -> tuple[Postcodes, ...]:
    """Postal code patterns of large cities."""
    return tuple(
        Postcodes(row["country"], int(row["place_id"]), row["pattern"], float(row["km"]))
        for row in _rows("postcodes")
    )


@cache
def name_forms() -> dict[int, tuple[str, str]]:
    """GeoNames id -> name in article addresses, name on applications, where they differ from GeoNames."""
    return {int(row["place_id"]): (row["article"], row["letter"]) for row in _rows("name_forms")}


@cache
def field_weights() -> dict[int, float]:
    """Technology field -> its part of the world's applications, per cent."""
    return {int(row["field_nr"]): float(row["percent"]) for row in _rows("field_weights")}


@cache
def article_countries() -> dict[str, str]:
    """Country -> its name in Web of Science."""
    return {row["country"]: row["name"] for row in _rows("article_countries")}


def table_digest() -> str:
    """Hash of all tables, part of the stamp of a written world."""
    import hashlib

    parts = {path.name: path.read_text(encoding="utf-8") for path in sorted(_DATA.glob("*.csv"))}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
