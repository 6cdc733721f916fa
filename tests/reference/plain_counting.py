"""METHODOLOGY 2 to 6, 12 and 16 once more, slowly and in plain pandas: what the models must agree with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tests.reference.small_world import World


@dataclass(frozen=True)
class Rules:
    """The settings that counting depends on."""

    years: dict[str, list[int]]
    fraction_split: str = "listing"
    counting: str = "fractional"
    world_total: str = "documents"
    field_split: str = "equal_fields"
    point_precision_min: str = "locality"


FINER = ["locality", "organisation", "postcode", "street"]


def listings(world: World, rules: Rules) -> pd.DataFrame:
    """One row per listing of the windows: document, kind, year, fraction, place (None = unlocated), linked, person, address."""
    rows: list[dict[str, Any]] = []
    fine = FINER[FINER.index(rules.point_precision_min) :]
    for document in world.documents:
        if document.year not in rules.years[document.kind]:
            continue
        common = {"document": document.name, "kind": document.kind, "year": document.year}
        if not document.listings:
            rows.append(
                {
                    **common,
                    "person": 0,
                    "address": 0,
                    "place": None,
                    "linked": True,
                    "fraction": 1.0,
                    "listed": False,
                }
            )
        for listed in document.listings:
            placed = listed.address and listed.place and world.places[listed.place].precision in fine
            rows.append(
                {**common, "person": listed.person, "address": listed.address, "place": listed.place if placed else None,
                 "linked": listed.linked, "fraction": None, "listed": True}
            )  # fmt: skip
    table = pd.DataFrame(rows)
    by_document = table.groupby("document")
    if rules.fraction_split == "listing":
        fraction = 1 / by_document.person.transform("size")
    else:
        addresses = table.groupby(["document", "person"]).address.transform("size")
        fraction = 1 / (by_document.person.transform("nunique") * addresses)
    table["fraction"] = fraction
    return table


def weights(table: pd.DataFrame) -> dict[str, int]:
    """Listings that weigh, by place; an author without a link weighs at the first located address."""
    located = table[table.place.notna()]
    unlinked = located[~located.linked].sort_values("address").drop_duplicates(["document", "person"])
    found = pd.concat([located[located.linked], unlinked]).groupby("place").size()
    return {place: int(found.get(place, 0)) for place in located.place.unique()}


def parts(table: pd.DataFrame, clusters: Mapping[Any, int], rules: Rules) -> pd.DataFrame:
    """c(d,k): one row per document and cluster (-1 outside, -2 unlocated)."""
    numbered = table.assign(
        cluster=[-2 if place is None or pd.isna(place) else clusters.get(place, -1) for place in table.place]
    )
    summed = numbered.groupby(["document", "kind", "year", "cluster"], as_index=False).agg(
        fraction=("fraction", "sum"), listings=("listed", "sum")
    )
    return summed.assign(part=1.0 if rules.counting == "full" else summed.fraction)


def totals(table: pd.DataFrame, rules: Rules) -> dict[str, float]:
    """W by kind."""
    if rules.world_total == "located":
        table = table[table.place.notna()]
    return {kind: float(table[table.kind == kind].fraction.sum()) for kind in ("pct", "sci")}


def ranking(table: pd.DataFrame, clusters: Mapping[Any, int], rules: Rules) -> pd.DataFrame:
    """Counts, shares, total and rank by cluster."""
    counted = parts(table, clusters, rules)
    world = totals(table, rules)
    wide = counted[counted.cluster > 0].pivot_table(
        index="cluster", columns="kind", values="part", aggfunc="sum", fill_value=0.0
    )
    wide = wide.reindex(columns=["pct", "sci"], fill_value=0.0)
    shares = pd.DataFrame(
        {kind: 100 * wide[kind] / world[kind] if world[kind] else 0.0 * wide[kind] for kind in ("pct", "sci")}
    )
    total = shares.pct + shares.sci
    rank = total.round(9).rank(method="min", ascending=False).astype(int)
    return pd.DataFrame(
        {
            "pct_count": wide.pct,
            "sci_count": wide.sci,
            "pct_share": shares.pct,
            "sci_share": shares.sci,
            "total": total,
            "rank": rank,
        }
    )


def fields(
    documents: Iterable[Any], table: pd.DataFrame, clusters: Mapping[Any, int], rules: Rules
) -> dict[tuple[int, int], float]:
    """n(k,f); cluster 0 stands for the world."""
    counted = parts(table, clusters, rules)
    by_name = {document.name: document for document in documents}
    found: dict[tuple[int, int], float] = {}

    def add(cluster: int, name: str, part: float) -> None:
        symbols = {nr: float(weight) for nr, weight in by_name[name].fields.items()}
        for nr, weight in (symbols or {0: 1.0}).items():
            whole = {
                "equal_fields": len(symbols or [0]),
                "by_symbol": sum(symbols.values()) / weight if symbols else 1,
                "full": 1,
            }
            found[cluster, nr] = found.get((cluster, nr), 0.0) + part / whole[rules.field_split]

    for row in counted[(counted.kind == "pct") & (counted.cluster > 0)].itertuples():
        add(row.cluster, row.document, row.part)
    for name in sorted(set(table[table.kind == "pct"].document)):
        add(0, name, 1.0)
    return found


@dataclass(frozen=True)
class Science:
    """A cluster's articles in a science field, and what the mart says of its specialisation."""

    count: float
    share: float | None
    world_count: float
    rta: float | None
    why: str | None


def science(
    documents: Iterable[Any],
    table: pd.DataFrame,
    clusters: Mapping[Any, int],
    rules: Rules,
    field_of: Mapping[str, str],
    floors: tuple[float, float] = (100, 5),
) -> dict[tuple[int, str], Science]:
    """Articles by cluster and science field, "0" without a known category, with share and RTA.

    `field_of` gives the field of a category as it is written. `floors` are rta_min_cluster and rta_min_expected.
    """
    subjects = {document.name: document.subjects for document in documents}
    counted = parts(table, clusters, rules)
    mine = counted[(counted.kind == "sci") & (counted.cluster > 0)]
    rows = [(int(row.cluster), row.document, row.part) for row in mine.itertuples()]
    rows += [(0, name, 1.0) for name in sorted(set(table[table.kind == "sci"].document))]
    n: dict[tuple[int, str], float] = {}
    for cluster, name, part in rows:
        # one category under two spellings is one
        categories = {
            " ".join(re.findall("[a-z0-9]+", subject.lower())): subject for subject in subjects[name]
        }
        for subject in categories.values() or [""]:
            key = cluster, field_of.get(subject, "0")
            n[key] = n.get(key, 0.0) + part / max(1, len(categories))
    return {key: _specialised(n, *key, *floors) for key in n if key[0] > 0}


def _specialised(
    n: Mapping[tuple[int, str], float], cluster: int, field: str, min_cluster: float, min_expected: float
) -> Science:
    """RTA(k,f) = (n(k,f) / n(k)) / (n(w,f) / n(w)) over known fields, or why there is none."""
    count, world_count = n[cluster, field], n[0, field]
    if field == "0":
        return Science(count, None, world_count, None, "unknown field")
    own, world = (sum(value for (k, f), value in n.items() if k == one and f != "0") for one in (cluster, 0))
    why = None
    if own < min_cluster:
        why = "cluster below rta_min_cluster"
    elif own * world_count / world < min_expected:
        why = "expected count below rta_min_expected"
    rta = (count / own) / (world_count / world) if why is None else None
    return Science(count, 100 * count / own, world_count, rta, why)


def reach(
    world: World, table: pd.DataFrame, clusters: dict[str, int]
) -> tuple[dict[tuple[int, str], tuple[int, int, int]], dict[tuple[int, str, int], int]]:
    """Documents of each cluster and kind: all, with listings elsewhere, in another economy; and shared with each cluster."""
    located = table[table.place.notna()]
    counts: dict[tuple[int, str], list[int]] = {}
    shared: dict[tuple[int, str, int], int] = {}
    for (_, kind), rows in located.groupby(["document", "kind"]):
        where = {place: clusters.get(place, -1) for place in rows.place}
        for cluster in {number for number in where.values() if number > 0}:
            inside = {world.places[place].country for place, number in where.items() if number == cluster}
            outside = [place for place, number in where.items() if number != cluster]
            found = counts.setdefault((cluster, kind), [0, 0, 0])
            found[0] += 1
            found[1] += bool(outside)
            found[2] += any(world.places[place].country not in inside for place in outside)
            for other in {where[place] for place in outside if where[place] > 0}:
                shared[cluster, kind, other] = shared.get((cluster, kind, other), 0) + 1
    return {key: (all_, away, abroad) for key, (all_, away, abroad) in counts.items()}, shared
