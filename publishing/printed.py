"""Rankings that WIPO printed, for editions with the same windows: ours against theirs, rank by rank.

`data/gii_2024.csv`: WIPO's ranking page of 2024 ("Source: WIPO Statistics Database, April 2024"); `data/gii_2023.csv`:
Global Innovation Index 2023, Appendix Table 3, of which the first 34 rows could be read (CC BY 4.0, DOI
10.34667/tind.48220). Rank, name and economies only.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from publishing.language import later
from publishing.reading import Release, Row

_DATA = Path(__file__).resolve().parent / "data"


@dataclass(frozen=True)
class Table:
    """A printed ranking: its file, windows, what it is."""

    file: str
    pct_years: range
    sci_years: range
    source: str


TABLES = (
    Table(
        "gii_2024.csv",
        range(2019, 2024),
        range(2018, 2023),
        later("WIPO’s ranking page of 2024 (WIPO Statistics Database, April 2024)"),
    ),
    Table(
        "gii_2023.csv",
        range(2018, 2023),
        range(2017, 2022),
        later("Global Innovation Index 2023, Appendix Table 3, rows 1 to 34 (CC BY 4.0)"),
    ),
)


@dataclass(frozen=True)
class Line:
    """A printed cluster and ours that shares a city with it, or None; `others` of ours share one too."""

    rank: int
    name: str
    ours: Row | None
    others: int

    @property
    def away(self) -> int | None:
        """Places that ours stands below the printed one; above is negative."""
        return None if self.ours is None else int(self.ours["rank"]) - self.rank


def table_of(release: Release) -> Table | None:
    """The printed ranking of the edition's windows, if there is one."""
    edition = release.edition
    years = sorted(edition["pct_years"]), sorted(edition["sci_years"])
    return next((table for table in TABLES if (list(table.pct_years), list(table.sci_years)) == years), None)


def lines(release: Release, table: Table) -> list[Line]:
    """Printed clusters by rank, each with ours: of those that share a city and an economy the best ranked."""
    mine: dict[tuple[str, str], list[Row]] = {}
    for row in release.ranking:
        for city in cities(row["name"]):
            for economy in row["economies"]:
                mine.setdefault((city, economy), []).append(row)
    found = []
    with (_DATA / table.file).open(encoding="utf-8", newline="") as handle:
        for printed in csv.DictReader(handle):
            pairs = [
                (city, economy)
                for city in cities(printed["cluster"])
                for economy in printed["economies"].split("/")
            ]
            shared = {row["cluster_no"]: row for pair in pairs for row in mine.get(pair, [])}
            best = min(shared.values(), key=lambda row: (row["rank"], row["cluster_no"]), default=None)
            found.append(Line(int(printed["rank"]), printed["cluster"], best, max(0, len(shared) - 1)))
    return found


def cities(name: str) -> list[str]:
    """The cities in a cluster's name, in small letters, states left out.

    Examples
    --------
    >>> cities("San Jose–San Francisco, CA"), cities("Washington, DC–Baltimore, MD")
    (['san jose', 'san francisco'], ['washington', 'baltimore'])
    """
    return [part.split(",")[0].strip().casefold() for part in name.replace("-", "–").split("–")]
