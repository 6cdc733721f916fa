"""A lake written by hand: documents and listings of a few places, in the layout and by the contracts of the real one."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from clustering.lineage import Step, origins
from extracts.ids import number_of
from foundation import contracts
from foundation.contracts.edition_settings import edition_row
from foundation.home import Home
from foundation.settings import parse
from tests.reference.model_runner import ModelRunner

EDITION = "small"


@dataclass(frozen=True)
class Place:
    """Where an address is put."""

    latitude: float
    longitude: float
    country: str
    precision: str = "locality"


@dataclass
class Listed:
    """One listing: person and address by their numbers in the document; no place = an address that was not placed."""

    person: int
    address: int
    place: str | None
    linked: bool = True


@dataclass
class Document:
    """One document with its listings, technology fields, categories and applicants."""

    name: str
    kind: str
    year: int
    listings: list[Listed]
    fields: dict[int, str] = field(default_factory=dict)
    subjects: list[str] = field(default_factory=list)
    applicants: list[tuple[str, bool]] = field(default_factory=list)
    document_type: str = "Article"

    @property
    def number(self) -> int:
        """document_no."""
        return number_of(self.name)


def _rows(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = contracts.contract(name).schema
    return pa.Table.from_pylist(
        [{column: row.get(column) for column in schema.names} for row in rows], schema=schema
    )


@dataclass
class World:
    """Places and documents, and the home they are written to."""

    home: Home
    places: dict[str, Place]
    documents: list[Document]

    def address_id(self, place: str | None) -> int:
        """Number of the address that stands for a place."""
        return sorted(self.places).index(place) + 1 if place else 999

    def write(self) -> None:
        """Every table of the lake and of one delivery per kind."""
        by_year = defaultdict(list)
        for document in self.documents:
            by_year[document.year].append(document)
        for year, documents in by_year.items():
            self._write_year(year, documents)
        self._write_deliveries()
        contracts.write("completeness", contracts.contract("completeness").empty(), self.home.completeness())
        contracts.write("places", contracts.contract("places").empty(), self.home.places())

    def _write_year(self, year: int, documents: list[Document]) -> None:
        listings = [
            (document, number, listed)
            for document in documents
            for number, listed in enumerate(document.listings, 1)
        ]
        tables = {
            "documents": [self._document(document) for document in documents],
            "listings": [self._listing(*row) for row in listings],
            "technology_fields": [
                {"document_no": d.number, "field_nr": nr, "weight": pa.scalar(weight).cast(pa.decimal128(18, 15)).as_py(), "basis": "computed"}
                for d in documents for nr, weight in d.fields.items()
            ],
            "subjects": [{"document_no": d.number, "subject": s} for d in documents for s in d.subjects],
            "applicants": [
                {"document_no": d.number, "applicant_no": i, "is_person": person, "name": None if person else name,
                 "name_key": None if person else name.lower()}
                for d in documents for i, (name, person) in enumerate(d.applicants, 1)
            ],
            "organisations": self._organisations(documents),
            "ipc": [],
        }  # fmt: skip
        used = Counter(listed.place for _, _, listed in listings if listed.address)
        tables["addresses"] = [
            {"address_id": self.address_id(place), "text": place or "?", "listings": count}
            for place, count in used.items()
        ]
        tables["geocodes"] = [self._geocode(place) for place in used]
        for name, rows in tables.items():
            contracts.write(name, _rows(name, rows), self.home.lake(name, year))

    def _organisations(self, documents: list[Document]) -> list[dict[str, Any]]:
        rows = []
        for document in documents:
            places = (
                sorted({listed.place for listed in document.listings if listed.place})
                if document.kind == "sci"
                else []
            )
            for number, place in enumerate(places, 1):
                name = f"University of {place}"
                rows.append(
                    {"document_no": document.number, "organisation_no": number, "name": name, "name_key": name.lower(),
                     "address_id": self.address_id(place)}
                )  # fmt: skip
        return rows

    def _document(self, document: Document) -> dict[str, Any]:
        return {
            "document_no": document.number, "document_id": document.name, "kind": document.kind,
            "publication_year": document.year, "year_basis": "issue" if document.kind == "sci" else "publication",
            "document_type": document.document_type, "retracted": False, "persons": len(document.listings),
            "delivery": f"{document.kind}.small", "file_id": 1, "position": 0,
        }  # fmt: skip

    def _listing(self, document: Document, number: int, listed: Listed) -> dict[str, Any]:
        return {
            "document_no": document.number, "listing_no": number, "kind": document.kind, "person_no": listed.person,
            "address_no": listed.address, "address_id": self.address_id(listed.place) if listed.address else None,
            "linked": listed.linked, "why_unlocated": None if listed.address else "not_listed",
        }  # fmt: skip

    def _geocode(self, place: str | None) -> dict[str, Any]:
        found = self.places[place] if place else None
        return {
            "address_id": self.address_id(place), "latitude": found.latitude if found else None,
            "longitude": found.longitude if found else None, "precision": found.precision if found else "none",
            "place_id": self.address_id(place) if found else None, "place_name": place or "", "region": "",
            "country": found.country if found else None, "method": "test", "score": 1.0, "gazetteer_version": "test",
        }  # fmt: skip

    def _write_deliveries(self) -> None:
        for kind in ("pct", "sci"):
            own = [document for document in self.documents if document.kind == kind]
            delivery = f"{kind}.small"
            file = {
                "delivery": delivery, "file_id": 1, "path": "a", "bytes": 1, "sha256": "", "format": "test", "reader_version": "1",
                "settings_hash": "", "records": len(own) + 6, "kept": len(own), "filtered": 3, "duplicates": 2, "rejected": 1,
                "listings": 0, "seconds": 0.0,
            }  # fmt: skip
            contracts.write("files", _rows("files", [file]), self.home.delivery_report(delivery, "files"))
            reasons = [
                {"delivery": delivery, "file_id": 1, "reason": reason, "records": n}
                for reason, n in (("type", 2), ("year", 1))
            ]
            contracts.write(
                "filtered", _rows("filtered", reasons), self.home.delivery_report(delivery, "filtered")
            )
            for year in {document.year for document in own}:
                rows = _rows(
                    "documents", [self._document(document) for document in own if document.year == year]
                )
                contracts.write("documents", rows, self.home.delivery_table(delivery, "documents", year))

    def settings(self, **settings: Any) -> None:
        """The edition's row of settings; windows hold all years unless given."""
        years = {kind: sorted({d.year for d in self.documents if d.kind == kind}) for kind in ("pct", "sci")}
        edition = {"pct_years": years["pct"], "sci_years": years["sci"], **settings}
        text = {"editions": {EDITION: edition}}
        if edition.get("previous_edition"):
            text["editions"][edition["previous_edition"]] = {**edition, "previous_edition": None}
        row = edition_row(parse(text, "test"), EDITION)
        contracts.write("edition_settings", row, self.home.table(EDITION, "edition_settings"))

    def cluster(
        self, clusters: dict[str, int], points: pd.DataFrame, population: dict[int, int] | None = None
    ) -> None:
        """point_clusters, clusters and an empty past: `clusters` gives the number of each place, others are noise."""
        by_coordinate = {
            (self.places[name].latitude, self.places[name].longitude): no for name, no in clusters.items()
        }
        numbers = [
            by_coordinate.get((lat, lon), -1)
            for lat, lon in zip(points.latitude, points.longitude, strict=True)
        ]
        rows = [
            {
                "point_id": point,
                "cluster_no": no,
                "dbscan_no": no,
                "is_core": no > 0,
                "core_point_id": point,
                "km_to_core": 0.0,
            }
            for point, no in zip(points.point_id, numbers, strict=True)
        ]
        contracts.write(
            "point_clusters", _rows("point_clusters", rows), self.home.table(EDITION, "point_clusters")
        )
        listings = (
            (points.pct_listings + points.sci_listings).groupby(pd.Series(numbers, index=points.index)).sum()
        )
        described = [
            self._cluster(no, clusters, int(listings.get(no, 0)), (population or {}).get(no))
            for no in sorted(set(clusters.values()))
        ]
        contracts.write("clusters", _rows("clusters", described), self.home.table(EDITION, "clusters"))
        for name in ("outlines", "previous_clusters", "lineage", "predecessors", "previous_areas"):
            contracts.write(name, contracts.contract(name).empty(), self.home.table(EDITION, name))

    def _cluster(
        self, number: int, clusters: dict[str, int], listings: int, population: int | None
    ) -> dict[str, Any]:
        names = sorted(name for name, no in clusters.items() if no == number)
        place = self.places[names[0]]
        return {
            "cluster_no": number, "cluster_id": f"{place.country}-{number}", "name": "–".join(names), "cities": names,
            "economies": sorted({self.places[name].country for name in names}), "economy_label": place.country,
            "points": len(names), "listings": listings, "latitude": place.latitude, "longitude": place.longitude, "area_km2": 1.0,
            "population": population, "population_source": "test", "population_approximate": False, "merged_from": [number],
        }  # fmt: skip

    def remember(
        self, previous: list[dict[str, Any]], lineage: list[dict[str, Any]], ranked_size: int = 100
    ) -> None:
        """previous_clusters, lineage, and predecessors as they follow from them."""
        contracts.write(
            "previous_clusters",
            _rows("previous_clusters", previous),
            self.home.table(EDITION, "previous_clusters"),
        )
        contracts.write("lineage", _rows("lineage", lineage), self.home.table(EDITION, "lineage"))
        steps = [
            Step(row.get("cluster_no"), row.get("previous_cluster_no"), row["kind"], row["shared_listings"], None, None, row["is_predecessor"])
            for row in lineage
        ]  # fmt: skip
        rank_of = {row["cluster_no"]: row["rank"] for row in previous}
        ranked = {number for number, rank in rank_of.items() if rank <= ranked_size}
        now = sorted({step.now for step in steps if step.now is not None})
        found = [vars(one) for one in origins(steps, now, rank_of, ranked, ranked)]
        contracts.write(
            "predecessors", _rows("predecessors", found), self.home.table(EDITION, "predecessors")
        )

    def runner(
        self,
        clusters: dict[str, int] | None = None,
        population: dict[int, int] | None = None,
        **settings: Any,
    ) -> ModelRunner:
        """A runner over the edition with these settings; with `clusters` the tables after clustering are there too."""
        self.settings(**settings)
        runner = ModelRunner(self.home, EDITION)
        if clusters is not None:
            self.cluster(clusters, runner.table("points"), population)
        return runner


def worked_example(folder: Path) -> World:
    """The four documents of METHODOLOGY 20."""
    places = {"X": Place(10.0, 20.0, "AA"), "Y": Place(10.0, 21.0, "BB"), "Z": Place(30.0, 40.0, "CC")}
    documents = [
        Document(
            "D1",
            "pct",
            2020,
            [Listed(1, 1, "X"), Listed(2, 2, "X"), Listed(3, 3, "Y"), Listed(4, 4, None)],
            {4: "0.5", 6: "0.5"},
        ),
        Document("D2", "pct", 2020, [Listed(1, 1, "Z"), Listed(2, 2, "Y"), Listed(3, 0, None)], {13: "1"}),
        Document("D3", "sci", 2020, [Listed(1, 1, "X"), Listed(1, 2, "Y"), Listed(2, 2, "Y")]),
        Document("D4", "sci", 2020, [Listed(1, 1, "X"), Listed(2, 2, "X", False), Listed(2, 3, "Z", False)]),
    ]
    world = World(Home(folder), places, documents)
    world.write()
    return world
