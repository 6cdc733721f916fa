"""A release as its readers see it: the only source of pages, sentences and downloads."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.errors import ContractBroken
from foundation.parquet import read_table
from publishing import terms
from publishing.language import current

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]
_FILE_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")

#: columns that pages cannot do without
NEEDED = {
    "ranking": (
        "cluster_no cluster_id name economies economy_label latitude longitude rank previous_rank rank_change is_new "
        "pct_count sci_count pct_share sci_share total ranked points listings area_km2 population "
        "population_approximate population_source intensity intensity_rank"
    ),
    "cluster_years": "cluster_no kind publication_year count share",
    "economies": "iso2 wipo_name clusters_ranked clusters_all best_rank best_cluster",
    "points": "latitude longitude class cluster_no rank points",
    "reconciliation": "scope kind position step unit amount",
    "geocoding_quality": "country kind precision reason listings fraction expected_errors listings_in_clusters",
    "outlines": "cluster_no geometry",
}


@dataclass(frozen=True)
class Release:
    """The tables of one build, with its settings and names.

    Parameters
    ----------
    folder : Path
        A folder that `publishing.release.write` made.
    """

    folder: Path
    build: Row = field(init=False)
    settings: Row = field(init=False)

    def __post_init__(self) -> None:
        for name in ("build", "settings"):
            loaded = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
            object.__setattr__(self, name, loaded)

    def table(self, name: str) -> pa.Table:
        """A table of the release; columns that pages need are demanded by name."""
        found = read_table(self.folder / f"{name}.parquet")
        missing = [column for column in NEEDED.get(name, "").split() if column not in found.column_names]
        if missing:
            raise ContractBroken(
                f"The table {name} of this release lacks the columns {missing}.",
                "Run the stage that writes it again, then the release.",
                str(self.folder),
            )
        return found

    def has(self, name: str) -> bool:
        """Whether the release holds the table `name`."""
        return name in self.build["rows"]

    @property
    def edition(self) -> Row:
        """The settings of the edition itself."""
        return dict(self.settings["settings"])

    @property
    def title(self) -> str:
        """Title of the edition."""
        return str(self.build["title"])

    @property
    def simulated(self) -> bool:
        """Whether everything here is simulated."""
        return bool(self.build["simulated"])

    @cached_property
    def ranking(self) -> list[Row]:
        """All clusters in the order shown: by rank, then PCT share, then name (METHODOLOGY 12)."""
        rows: list[Row] = self.table("ranking").to_pylist()
        return sorted(rows, key=lambda row: (row["rank"], -row["pct_share"], row["name"], row["cluster_no"]))

    @cached_property
    def by_number(self) -> dict[int, Row]:
        """All clusters by their number."""
        return {row["cluster_no"]: row for row in self.ranking}

    @cached_property
    def ranked(self) -> list[Row]:
        """The clusters that count as ranked."""
        return [row for row in self.ranking if row["ranked"]]

    @cached_property
    def has_previous(self) -> bool:
        """Whether there is an edition to compare with."""
        return self.edition["previous_edition"] is not None

    @cached_property
    def has_population(self) -> bool:
        """Whether any cluster has an intensity rank."""
        return any(row["intensity_rank"] is not None for row in self.ranking)

    @property
    def economy_names(self) -> dict[str, str]:
        """Names by code: as the source prints them (the economies' mart goes before the seed), or in the language spoken."""
        spoken = current()
        if spoken.code not in self._names:
            named = {row["economy"]: row["wipo_name"] for row in self.table("economy_names").to_pylist()}
            named |= {row["iso2"]: row["wipo_name"] for row in self.economies if row["wipo_name"]}
            self._names[spoken.code] = {code: _in_words(code, name) for code, name in named.items()}
        return self._names[spoken.code]

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """Names of economies by language, made when asked for."""
        return {}

    @cached_property
    def regions(self) -> dict[str, str]:
        """Region of the Global Innovation Index by economy."""
        return {row["economy"]: row["gii_region"] for row in self.table("economy_names").to_pylist()}

    @cached_property
    def economies(self) -> list[Row]:
        """Economies, most ranked clusters first, ties by best rank, then code (METHODOLOGY 19)."""
        rows: list[Row] = self.table("economies").to_pylist()
        last = 1 << 31
        return sorted(
            rows,
            key=lambda row: (-row["clusters_ranked"], row["best_rank"] or last, row["iso2"]),
        )

    @cached_property
    def yearly(self) -> dict[int, dict[str, dict[int, float]]]:
        """Share of the world by cluster, kind and publication year."""
        found: dict[int, dict[str, dict[int, float]]] = {}
        for row in self.table("cluster_years").to_pylist():
            if row["share"] is not None:
                kinds = found.setdefault(row["cluster_no"], {})
                kinds.setdefault(row["kind"], {})[row["publication_year"]] = float(row["share"])
        return found

    @staticmethod
    def brief_file(row: Row) -> str:
        """Name of a cluster's brief, relative to the folder of pages; an id that makes no file name gives way to the number."""
        name = str(row["cluster_id"])
        return f"briefs/{name if _FILE_NAME.match(name) else row['cluster_no']}.html"

    def economy(self, row: Row) -> str:
        """Printed names of a cluster's economies, joined by a slash (METHODOLOGY 11)."""
        return " / ".join(self.economy_names.get(code, code) for code in row["economies"])


def _in_words(code: str, name: str) -> str:
    """An economy's name in the language spoken: the catalogue's for forms that WIPO writes its own way, else the locale's."""
    if name in terms.shown():
        return terms.term(name)
    return current().economies.get(code, name)
