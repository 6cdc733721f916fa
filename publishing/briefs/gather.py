"""What a brief tells of a cluster, collected from the marts once for all clusters."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from publishing.reading import Release, Row

if TYPE_CHECKING:
    import numpy.typing as npt

KINDS = ("pct", "sci")
FIELDS, LEADERS, PEERS, PARTNERS = 8, 4, 4, 7


@dataclass(frozen=True)
class Peer:
    """A cluster whose applications have a similar mix of fields, and the field in which both are largest together."""

    row: Row
    field: str


@dataclass(frozen=True)
class Partner:
    """A cluster or place that documents are shared with: per cent of the cluster's documents by kind, unknown ones None."""

    name: str
    number: int
    shares: dict[str, float | None]


class Gathered:
    """Rows of the marts by cluster; each mart is read once.

    Parameters
    ----------
    release : Release
        Clusters of the ranking that is shown; every figure is a mart's.
    """

    def __init__(self, release: Release) -> None:
        self.release = release

    def years(self, number: int, kind: str) -> list[tuple[int, float]]:
        """Count in each publication year of the window, oldest first; a year without any is 0."""
        mine = self._years.get((number, kind), {})
        return [(year, mine.get(year, 0.0)) for year in self.release.edition[f"{kind}_years"]]

    def fields(self, number: int) -> list[Row]:
        """The largest technology fields by share; those without a share are left out."""
        return _top(self._fields[number], "field_nr", FIELDS)

    def subjects(self, number: int) -> list[Row]:
        """The largest science fields by share."""
        return _top(self._subjects[number], "science_field", FIELDS)

    def applicants(self, number: int) -> list[Row]:
        """The leading applicants; natural persons are left out and never named."""
        return _top(self._applicants[number], "name_key", LEADERS)

    def organisations(self, number: int) -> list[Row]:
        """The leading organisations of articles."""
        return _top(self._organisations[number], "name_key", LEADERS)

    def peers(self, number: int) -> list[Peer]:
        """Ranked clusters with the most similar field mix, most similar first; none for one too small to have RTA."""
        mix, numbers, fields = self._mix
        if number not in numbers:
            return []
        here = numbers.index(number)
        rows = {row["cluster_no"]: row for row in self.release.ranking}
        likeness = mix @ mix[here]
        order = sorted(
            (place for place in range(len(numbers)) if place != here),
            key=lambda place: (-round(float(likeness[place]), 9), rows[numbers[place]]["rank"]),
        )
        return [
            Peer(rows[numbers[place]], fields[int(np.argmax(mix[place] * mix[here]))])
            for place in order[:PEERS]
        ]

    def partners(self, number: int) -> list[Partner]:
        """The partners with which most documents are shared, of both kinds together; without the mart none."""
        mine = self._partners.get(number, {})
        order = sorted(mine.items(), key=lambda pair: (-sum(value[0] for value in pair[1].values()), pair[0]))
        return [
            Partner(name, partner, {kind: found[kind][1] if kind in found else None for kind in KINDS})
            for (name, partner, _), found in order[:PARTNERS]
        ]

    def reach(self, number: int) -> dict[str, Row]:
        """How much of its documents reaches beyond it, by kind; without the mart nothing."""
        return {row["kind"]: row for row in self._reach[number] if row["documents"]}

    def located(self, economy: str) -> dict[str, float]:
        """Per cent of an economy's listings that were placed finely enough to count, by kind."""
        return self._located.get(economy, {})

    @cached_property
    def _years(self) -> dict[tuple[int, str], dict[int, float]]:
        found: dict[tuple[int, str], dict[int, float]] = defaultdict(dict)
        for row in self.release.table("cluster_years").to_pylist():
            found[(row["cluster_no"], row["kind"])][row["publication_year"]] = row["count"]
        return found

    @cached_property
    def _fields(self) -> dict[int, list[Row]]:
        return self._grouped("cluster_fields")

    @cached_property
    def _subjects(self) -> dict[int, list[Row]]:
        return self._grouped("cluster_subjects")

    @cached_property
    def _applicants(self) -> dict[int, list[Row]]:
        rows = self._grouped("cluster_applicants")
        named = {number: [row for row in mine if not row["is_person"]] for number, mine in rows.items()}
        return defaultdict(list, named)

    @cached_property
    def _organisations(self) -> dict[int, list[Row]]:
        return self._grouped("cluster_organisations")

    @cached_property
    def _partners(self) -> dict[int, dict[tuple[str, int, int], dict[str, tuple[int, float]]]]:
        """Documents and share by cluster, partner (name, cluster, place) and kind."""
        found: dict[int, dict[tuple[str, int, int], dict[str, tuple[int, float]]]] = {}
        if not self.release.has("cluster_partners"):
            return found
        table = self.release.table("cluster_partners").to_pydict()
        names = ("cluster_no", "kind", "partner", "partner_no", "place_id", "documents", "share")
        for number, kind, name, partner, place, documents, part in zip(
            *(table[key] for key in names), strict=True
        ):
            mine = found.setdefault(number, {})
            mine.setdefault((name, partner, place), {})[kind] = (documents, part)
        return found

    @cached_property
    def _reach(self) -> dict[int, list[Row]]:
        return self._grouped("cluster_reach")

    def _grouped(self, table: str) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        if self.release.has(table):
            for row in self.release.table(table).to_pylist():
                found[row["cluster_no"]].append(row)
        return found

    @cached_property
    def _mix(self) -> tuple[npt.NDArray[np.float64], list[int], list[str]]:
        """Unit vectors of field shares of ranked clusters that are large enough for an RTA; their numbers; the fields."""
        floor = self.release.edition["rta_min_cluster"]
        fields: dict[int, str] = {}
        rows: list[tuple[int, dict[int, float]]] = []
        for row in self.release.ranked:
            mine = [field for field in self._fields[row["cluster_no"]] if field["share"]]
            fields |= {field["field_nr"]: field["field"] for field in mine}
            if sum(field["count"] for field in mine) >= floor:
                rows.append((row["cluster_no"], {field["field_nr"]: field["share"] for field in mine}))
        order = sorted(fields)
        mix = np.array([[shares.get(field, 0.0) for field in order] for _, shares in rows], dtype=np.float64)
        mix = mix.reshape(len(rows), len(order))
        norm = np.linalg.norm(mix, axis=1, keepdims=True)
        return mix / np.maximum(norm, 1e-12), [number for number, _ in rows], [fields[key] for key in order]

    @cached_property
    def _located(self) -> dict[str, dict[str, float]]:
        from publishing.site.quality import PRECISIONS

        fine = PRECISIONS[: PRECISIONS.index(self.release.edition["point_precision_min"]) + 1]
        sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
        for row in self.release.table("geocoding_quality").to_pylist():
            cell = sums[(row["country"], row["kind"])]
            cell[0] += row["listings"] if row["precision"] in fine else 0
            cell[1] += row["listings"]
        found: dict[str, dict[str, float]] = defaultdict(dict)
        for (economy, kind), (fine_ones, all_ones) in sorted(sums.items()):
            if all_ones:
                found[economy][kind] = 100 * fine_ones / all_ones
        return found


def _top(rows: list[Row], key: str, number: int) -> list[Row]:
    known: list[Any] = [row for row in rows if row["share"]]
    return sorted(known, key=lambda row: (-row["share"], str(row[key])))[:number]
