"""The listings of a real lake as plain pandas, in the form that `plain_counting` counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from foundation import contracts
from foundation.home import Home
from tests.reference.plain_counting import FINER, Rules

Spot = tuple[float, float]


@dataclass(frozen=True)
class Fields:
    """An application's name and the weight of each of its technology fields."""

    name: int
    fields: dict[int, str]


@dataclass(frozen=True)
class Lake:
    """What the plain counting reads: listings, the cluster of each place, fields of the applications."""

    table: pd.DataFrame
    clusters: dict[Spot, int]
    documents: list[Fields]


def read(home: Home, name: str, years: list[int], columns: list[str]) -> pd.DataFrame:
    """One table of the lake over some years, with the year as a column."""
    found = [
        contracts.read(name, home.lake(name, year), columns).to_pandas().assign(year=year) for year in years
    ]
    return pd.concat(found, ignore_index=True)


def listings(home: Home, edition: str, rules: Rules) -> Lake:
    """Every listing of the edition's windows with its place, as (latitude, longitude); None where it is unlocated."""
    years = sorted({year for window in rules.years.values() for year in window})
    documents = read(home, "documents", years, ["document_no", "kind"])
    inside = [year in rules.years[kind] for kind, year in zip(documents.kind, documents.year, strict=True)]
    documents = documents[inside]
    columns = ["document_no", "person_no", "address_no", "address_id", "linked"]
    listed = read(home, "listings", years, columns).assign(listed=True)
    table = documents.merge(listed, on=["document_no", "year"], how="left")
    table["listed"] = table.listed.notna()
    table["linked"] = table.linked.fillna(value=True).astype(bool)
    table[["person_no", "address_no"]] = table[["person_no", "address_no"]].fillna(0)
    codes = read(home, "geocodes", years, ["address_id", "latitude", "longitude", "precision", "method"])
    fine = codes.precision.isin(FINER[FINER.index(rules.point_precision_min) :]) | (codes.method == "given")
    table = table.merge(codes[fine], on=["address_id", "year"], how="left")
    spots = zip(table.latitude.round(6), table.longitude.round(6), strict=True)
    table["place"] = pd.Series(
        [None if pd.isna(spot[0]) else spot for spot in spots], index=table.index, dtype=object
    )
    table = table.rename(columns={"document_no": "document", "person_no": "person", "address_no": "address"})
    table["fraction"] = fractions(table, rules)
    return Lake(table, clusters(home, edition), fields(home, documents))


def fractions(table: pd.DataFrame, rules: Rules) -> Any:
    """w of METHODOLOGY 4 for each row."""
    if rules.fraction_split == "listing":
        return 1 / table.groupby("document").person.transform("size")
    addresses = table.groupby(["document", "person"]).address.transform("size")
    return 1 / (table.groupby("document").person.transform("nunique") * addresses)


def clusters(home: Home, edition: str) -> dict[Spot, int]:
    """The cluster of each point, by its place; noise left out."""
    points = contracts.read("points", home.table(edition, "points")).to_pandas()
    found = contracts.read("point_clusters", home.table(edition, "point_clusters")).to_pandas()
    both = points.merge(found[found.cluster_no > 0], on="point_id")
    return {
        (row.latitude, row.longitude): int(row.cluster_no)
        for row in both[["latitude", "longitude", "cluster_no"]].itertuples()
    }


def fields(home: Home, documents: pd.DataFrame) -> list[Fields]:
    """Technology fields of every application, none for some."""
    years = sorted(set(documents[documents.kind == "pct"].year))
    table = read(home, "technology_fields", years, ["document_no", "field_nr", "weight"])
    by_document: dict[int, dict[int, str]] = {}
    for row in table.itertuples():
        by_document.setdefault(row.document_no, {})[int(row.field_nr)] = str(row.weight)
    names = documents[documents.kind == "pct"].document_no
    return [Fields(name, by_document.get(name, {})) for name in names]
