"""Editions as the stages before publishing leave them, made by hand: hand-over tables by contract, marts by their types."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pyarrow as pa
import shapely

from foundation import contracts
from foundation.home import Home
from foundation.parquet import write_table
from foundation.settings import Settings, parse

EDITION = "demo"
DECIMAL = pa.decimal128(38, 15)
TEXT, WHOLE, LONG, REAL, YES = pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_()

MARTS: dict[str, dict[str, pa.DataType]] = {
    "ranking": {
        "cluster_no": WHOLE, "cluster_id": TEXT, "name": TEXT, "economies": pa.list_(TEXT), "economy_label": TEXT,
        "latitude": REAL, "longitude": REAL, "rank": WHOLE, "previous_rank": WHOLE, "rank_change": WHOLE,
        "previous_rank_why": TEXT, "is_new": YES, "first_time": YES, "pct_count": REAL, "sci_count": REAL, "pct_share": REAL,
        "sci_share": REAL, "total": REAL, "ranked": YES, "points": WHOLE, "listings": LONG, "area_km2": REAL,
        "population": LONG, "population_approximate": YES, "population_source": TEXT, "intensity": REAL,
        "intensity_rank": WHOLE, "intensity_why": TEXT, "pct_per_million": REAL, "sci_per_million": REAL,
        "growth": REAL, "growth_why": TEXT,
    },
    "cluster_years": {
        "cluster_no": WHOLE, "kind": TEXT, "publication_year": pa.int16(), "count": REAL, "share": REAL,
        "share_why": TEXT, "documents": LONG, "listings": LONG,
    },
    "cluster_fields": {
        "cluster_no": WHOLE, "field_nr": pa.int16(), "field": TEXT, "sector": TEXT, "count": REAL, "share": REAL,
        "world_count": REAL, "rta": REAL, "rta_why": TEXT,
    },
    "economies": {
        "iso2": TEXT, "wipo_name": TEXT, "clusters_ranked": WHOLE, "clusters_all": WHOLE, "best_rank": WHOLE,
        "best_cluster": TEXT,
    },
    "point_classes": {
        "point_id": WHOLE, "latitude": REAL, "longitude": REAL, "class": TEXT, "cluster_no": WHOLE, "rank": WHOLE,
        "km_to_core": REAL, "pct_listings": LONG, "sci_listings": LONG,
    },
    "reconciliation": {
        "scope": TEXT, "kind": TEXT, "position": WHOLE, "step": TEXT, "unit": TEXT, "amount": DECIMAL,
    },
    "geocoding_quality": {"country": TEXT, "kind": TEXT, "precision": TEXT, "reason": TEXT, "listings": LONG, "fraction": REAL,
                          "expected_errors": REAL, "listings_in_clusters": LONG},
    "findings": {
        "statement": TEXT, "position": WHOLE, "key": TEXT, "item": TEXT, "value": REAL, "unit": TEXT, "note": TEXT,
        "cluster_no": WHOLE, "economy": TEXT,
    },
    "neighbour_pairs": {
        "published": TEXT, "city_a": TEXT, "city_b": TEXT, "km_between_centres": REAL, "cluster_a": TEXT,
        "cluster_b": TEXT, "cluster_no_a": WHOLE, "cluster_no_b": WHOLE, "ours": TEXT, "ours_before_merging": TEXT,
        "agrees": YES,
    },
}  # fmt: skip
ECONOMIES = {
    "CH": "Switzerland",
    "CN": "China",
    "DE": "Germany",
    "FR": "France",
    "JP": "Japan",
    "NL": "Netherlands (Kingdom of the)",
    "SE": "Sweden",
    "US": "United States",
}


@dataclass
class Made:
    """A cluster of a made edition; shares follow from the counts and the world's totals."""

    name: str
    economies: list[str]
    latitude: float
    longitude: float
    pct: float
    sci: float
    previous: int | None = None
    is_new: bool = False
    population: int | None = 1_000_000


@dataclass
class World:
    """What an edition is made of."""

    clusters: list[Made]
    simulated: bool = True
    previous: str | None = "before"
    ranked_size: int = 100
    noise: list[tuple[float, float, int]] = field(
        default_factory=lambda: [(0.004, 0.004, 4), (48.001, 2.001, 9)]
    )
    totals: tuple[int, int] = (1000, 2000)
    reader: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    #: whether the findings mart lies with the others; it does not where a test makes its own
    findings: bool = False


def usual() -> World:
    """Four clusters: a leader, one new, one fallen across a border, and one beyond a ranking of three."""
    return World(
        [
            Made("Tokyo–Yokohama", ["JP"], 35.69, 139.69, 117.25, 46.5, previous=1),
            Made("San Jose–San Francisco, CA", ["US"], 37.5, -122.1, 60.0, 30.0, previous=4),
            Made("Basel", ["CH", "DE", "FR"], 47.56, 7.59, 20.04, 31.0, previous=2),
            Made("Göteborg", ["SE"], 57.7, 11.97, 0.3, 19.0, is_new=False),
        ],
        ranked_size=3,
        findings=True,
    )


def settings_of(world: World) -> Settings:
    """Settings in which the edition is called `demo` and its earlier one, if any, `before`."""
    block: dict[str, Any] = {
        "title": "A made edition",
        "simulated": world.simulated,
        "world": {"seed": 1, "scale": 0.02} if world.simulated else None,
        "ranked_size": world.ranked_size,
        "min_samples": 90,
        **world.more,
    }
    windows = {"pct_years": [2019, 2020, 2021], "sci_years": [2018, 2019, 2020]}
    editions = {EDITION: {**block, **windows, "previous_edition": world.previous}}
    if world.previous:
        editions[world.previous] = {**block, **windows}
    return parse({"editions": editions, "reader": world.reader}, "editions.yaml")


def ranked_rows(world: World) -> list[dict[str, Any]]:
    """The mart `ranking`, row by row."""
    pct_total, sci_total = (total or 1 for total in world.totals)  # no document, no share
    shares = [(100 * made.pct / pct_total, 100 * made.sci / sci_total) for made in world.clusters]
    order = sorted(range(len(shares)), key=lambda place: -sum(shares[place]))
    totals = [round(sum(one), 9) for one in shares]
    rank = {place: 1 + sum(total > totals[place] for total in totals) for place in order}
    dense = [
        place for place in order if world.clusters[place].population and rank[place] <= world.ranked_size
    ]
    by_head = {
        place: round(1e6 * sum(shares[place]) / (world.clusters[place].population or 1), 9) for place in dense
    }
    intensity = {place: 1 + sum(other > one for other in by_head.values()) for place, one in by_head.items()}
    rows = []
    for place, made in enumerate(world.clusters):
        pct, sci = shares[place]
        people = made.population
        rows.append(
            {
                "cluster_no": place + 1, "cluster_id": f"{made.economies[0]}-{1000 + place}", "name": made.name,
                "economies": made.economies, "economy_label": "/".join(made.economies), "latitude": made.latitude,
                "longitude": made.longitude, "rank": rank[place], "previous_rank": made.previous,
                "rank_change": made.previous - rank[place] if made.previous else None,
                "previous_rank_why": None if made.previous else ("no predecessor" if world.previous else "no previous edition"),
                "is_new": made.is_new, "first_time": made.is_new, "pct_count": made.pct, "sci_count": made.sci, "pct_share": pct, "sci_share": sci,
                "total": pct + sci, "ranked": rank[place] <= world.ranked_size, "points": 3, "listings": 300,
                "area_km2": 812.4, "population": people, "population_approximate": True,
                "population_source": "gazetteer", "intensity": (pct + sci) / people * 1e6 if people else None,
                "intensity_rank": intensity.get(place), "intensity_why": None if place in intensity else ("not among the ranked" if people else "no population"),
                "pct_per_million": made.pct / people * 1e6 if people else None,
                "sci_per_million": made.sci / people * 1e6 if people else None, "growth": None, "growth_why": "no predecessor",
            }
        )  # fmt: skip
    return rows


def tables(world: World, settings: Settings) -> dict[str, list[dict[str, Any]]]:
    """All tables of the edition as rows."""
    ranking = ranked_rows(world)
    return {
        "ranking": ranking,
        "cluster_years": [
            {"cluster_no": row["cluster_no"], "kind": kind, "publication_year": year, "count": row[f"{kind}_count"] / 3,
             "share": row[f"{kind}_share"] * (0.9 + (year - 2018) / 20), "share_why": None, "documents": 5, "listings": 9}
            for row in ranking for kind, first in (("pct", 2019), ("sci", 2018)) for year in range(first, first + 3)
        ],
        "cluster_fields": [
            {"cluster_no": row["cluster_no"], "field_nr": 6, "field": "Computer technology", "sector": "Electrical engineering",
             "count": row["pct_count"], "share": 100.0, "world_count": 500.0, "rta": None, "rta_why": "small"}
            for row in ranking
        ],
        "economies": _economies(ranking),
        "point_classes": _points(world, ranking),
        "reconciliation": _reconciliation(world, ranking),
        "geocoding_quality": [
            {"country": country, "kind": kind, "precision": precision, "reason": reason, "listings": listings,
             "fraction": listings / 3, "expected_errors": 0.0 if reason else listings / 50,
             "listings_in_clusters": 0 if reason else 3 * listings // 4}
            for country, kind, precision, reason, listings in (
                ("JP", "pct", "locality", "", 900), ("JP", "pct", "country", "not_found", 80),
                ("US", "sci", "postcode", "", 700), ("unknown", "sci", "no address", "no_address", 20),
            )
        ],
        "neighbour_pairs": [
            {"published": "apart", "city_a": "Nanjing", "city_b": "Zhenjiang", "km_between_centres": 66.04,
             "cluster_a": "Nanjing", "cluster_b": "Zhenjiang", "cluster_no_a": None, "cluster_no_b": None,
             "ours": "not found", "ours_before_merging": "not found", "agrees": None}
        ],
        "clusters": [
            {name: row[name] for name in ("cluster_no", "cluster_id", "name", "economies", "economy_label", "points", "listings",
             "latitude", "longitude", "area_km2", "population", "population_source", "population_approximate")}
            | {"cities": row["name"].split("–"), "population_year": None, "merged_from": [row["cluster_no"]]}
            for row in ranking
        ],
        "outlines": [
            {"cluster_no": row["cluster_no"], "method": "discs", "ratio": None, "area_km2": row["area_km2"],
             "geometry": shapely.to_wkb(shapely.Point(row["longitude"], row["latitude"]).buffer(0.2))}
            for row in ranking
        ],
        "world_totals": [
            {"kind": kind, "documents": documents, "located": Decimal(documents) - 1, "unlocated": Decimal(1),
             "total": Decimal(documents)}
            for kind, documents in zip(("pct", "sci"), world.totals, strict=True)
        ],
        "cluster_ranks": [
            {"cluster_no": row["cluster_no"], "pct_count": Decimal(str(round(row["pct_count"], 9))), "sci_count": Decimal(str(round(row["sci_count"], 9))),
             "pct_share": row["pct_share"], "sci_share": row["sci_share"], "total": row["total"], "rank": row["rank"]}
            for row in ranking
        ],
        "edition_settings": [_edition_settings(settings)],
        **({"findings": _findings(ranking)} if world.findings else {}),
    }  # fmt: skip


def _findings(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A statement of each kind about the first clusters: every unit, key and item in words that the mart has."""
    rows = sorted(ranking, key=lambda row: row["rank"])
    first, second, third = rows[:3]
    code = first["economies"][0]
    made: list[tuple[Any, ...]] = [
        *(("top_five", "rank", row["name"], row["rank"], "rank", "Eastern Asia", row) for row in rows[:3]),
        ("top_two_pct", "pct_share_combined", f"{first['name']} + {second['name']}", first["pct_share"] + second["pct_share"], "percent of world PCT", None, None),
        *(("most_intensive", "intensity_rank", row["name"], row["intensity_rank"], "rank", None, row) for row in (second, third)),
        ("clusters_per_economy", "clusters", ECONOMIES[code], 1, "clusters", None, None),
        ("leading_cluster", "leader", ECONOMIES[code], first["rank"], "cluster", first["name"], first),
        ("new_entrants", "rank", third["name"], third["rank"], "rank", "first_time", third),
        *(("fastest_growing", "growth", row["name"], growth, "percent, 3 compared", None, row) for row, growth in ((first, 4.25), (third, 1.5))),
        ("shrinking_high_income", "clusters", "high-income clusters with falling output", 1, "of 3", None, None),
        *(("half_of_top100_pct", f"field_{place}", name, 30 - place, "percent of the ranked clusters' PCT", None, None) for place, name in ((1, "Optics"), (2, "Control"))),
        ("half_of_top100_pct", "top10_clusters_part", "top ten clusters", 88.0, "percent", None, None),
        *(("electrical_engineering_share", "share", row["name"], 40.0, "percent of the cluster's PCT", "highest volume", row) for row in (first, second)),
        ("only_in_europe", "cluster", third["name"], 1, "clusters", "Europe", third),
    ]  # fmt: skip
    names = ("statement", "key", "item", "value", "unit", "note", "cluster")
    found = [dict(zip(names, row, strict=True)) for row in made]
    for place, row in enumerate(found):
        cluster = row.pop("cluster")
        row["position"] = 1 + sum(other["statement"] == row["statement"] for other in found[:place])
        row["cluster_no"] = cluster["cluster_no"] if cluster else None
        row["economy"] = cluster["economies"][0] if cluster else code if row["unit"] == "clusters" else None
    return found


def _economies(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for code in sorted({code for row in ranking for code in row["economies"]}):
        mine = sorted((row for row in ranking if code in row["economies"]), key=lambda row: row["rank"])
        found.append(
            {"iso2": code, "wipo_name": ECONOMIES[code], "clusters_all": len(mine),
             "clusters_ranked": sum(row["ranked"] for row in mine), "best_rank": mine[0]["rank"], "best_cluster": mine[0]["name"]}
        )  # fmt: skip
    return found


def _points(world: World, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = [
        {"latitude": row["latitude"] + step / 50, "longitude": row["longitude"] + step / 70, "rank": row["rank"],
         "class": "ranked" if row["ranked"] else "below", "cluster_no": row["cluster_no"], "pct_listings": 1, "sci_listings": 1}
        for row in ranking for step in range(3)
    ]  # fmt: skip
    found += [
        {"latitude": latitude, "longitude": longitude, "rank": None, "class": "noise", "cluster_no": -1,
         "pct_listings": listings, "sci_listings": 0}
        for latitude, longitude, listings in world.noise
    ]  # fmt: skip
    found.sort(key=lambda row: (row["latitude"], row["longitude"]))
    return [{**row, "point_id": number, "km_to_core": None} for number, row in enumerate(found, 1)]


def _reconciliation(world: World, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for kind, documents in zip(("pct", "sci"), world.totals, strict=True):
        inside = sum(Decimal(str(round(row[f"{kind}_count"], 9))) for row in ranking)
        steps = [
            (1, "read", "records", Decimal(documents + 3)), (2, "kept", "records", Decimal(documents)),
            (10, "filtered: not an article", "records", Decimal(3)), (30, "documents", "documents", Decimal(documents)),
            (31, "in clusters", "fractions", inside), (32, "outside clusters", "fractions", documents - inside - 1),
            (33, "unlocated", "fractions", Decimal(1)),
        ]  # fmt: skip
        rows += [
            {
                "scope": "window",
                "kind": kind,
                "position": position,
                "step": step,
                "unit": unit,
                "amount": amount,
            }
            for position, step, unit, amount in steps
        ]
    return rows


def _edition_settings(settings: Settings) -> dict[str, Any]:
    edition = settings.edition(EDITION)
    dump = edition.model_dump(mode="json")
    totals = edition.world_totals or {}
    return {
        **dump,
        "edition": EDITION,
        "settings_hash": settings.hash(EDITION),
        "world_total_pct": totals.get("pct"),
        "world_total_sci": totals.get("sci"),
        "ipc_extra": [],
        "point_precisions": ["street", "postcode", "organisation", "locality"],
    }


def write_edition(home: Home, world: World) -> Settings:
    """The tables of `world` in the warehouse of `home`, and its settings."""
    settings = settings_of(world)
    for name, rows in tables(world, settings).items():
        if name in MARTS:
            schema = pa.schema(list(MARTS[name].items()))
            write_table(pa.Table.from_pylist(rows, schema), home.table(EDITION, name))
        else:
            table = pa.Table.from_pylist(rows, contracts.contract(name).schema)
            contracts.write(name, table, home.table(EDITION, name))
    return settings


def write_places(home: Home) -> None:
    """A gazetteer of a handful of places."""
    rows = [
        {"place_id": number, "name": f"Place {number}", "region": "", "region_name": "", "country": "JP",
         "latitude": 30.0 + number / 3, "longitude": 130.0 + number / 2, "population": 1000, "gazetteer": "made"}
        for number in range(1, 20)
    ]  # fmt: skip
    contracts.write("places", pa.Table.from_pylist(rows, contracts.contract("places").schema), home.places())
