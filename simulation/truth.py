"""What the simulated world knows: expected and drawn parts of each cluster, and where each address lies.

It lies beside the data home's raw files, for tests and for people. No stage reads it.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from foundation.parquet import write_table
from simulation import volumes
from simulation.draws import Rows
from simulation.world import World

if TYPE_CHECKING:
    import pyarrow as pa

METADATA = {"simulated": "true", "note": "truth of a simulated world; never read by a stage"}


class Ledger:
    """Sums of fractions by kind, year and cluster, and listings by address text, while a world is written."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._drawn: dict[tuple[str, int], NDArray[np.float64]] = {}
        self._listings: dict[tuple[str, int], Rows] = {}
        self._documents: dict[tuple[str, int], int] = {}
        self._addresses: dict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)

    def add(self, kind: str, year: int, documents: int, site: Rows, fraction: NDArray[np.float64]) -> None:
        """Located listings of the documents of a kind and year that count."""
        cluster = self._world.site_cluster[site]
        size = len(self._world.clusters)
        self._drawn[kind, year] = np.bincount(cluster, weights=fraction, minlength=size).astype(np.float64)
        self._listings[kind, year] = np.bincount(cluster, minlength=size).astype(np.int64)
        self._documents[kind, year] = documents

    def add_address(self, kind: str, text: str, code: str, place: int, listings: int) -> None:
        """An address text with the country code written beside it (empty for articles) and its place."""
        places = self._addresses[kind, text, code]
        places[place] = places.get(place, 0) + listings

    def documents(self, kind: str, years: list[int]) -> int:
        """Documents that count in some years."""
        return sum(self._documents[kind, year] for year in years)

    def cluster_years(self) -> pa.Table:
        """One row per cluster, kind and year: expected and drawn; a last one, without cluster, for what has no place."""
        import pyarrow as pa

        rows: dict[str, list[object]] = defaultdict(list)
        for (kind, year), drawn in sorted(self._drawn.items()):
            groups = self._world.group_shares(kind, year)
            expected = np.bincount(self._world.group_cluster, weights=groups, minlength=len(drawn))
            unplaced = self._documents[kind, year] - float(drawn.sum())
            for number, volume in enumerate(self._world.clusters):
                rows["cluster"].append(volume.name)
                rows["cluster_number"].append(number)
                rows["basis"].append(volume.basis)
                rows["economies"].append("/".join(volume.economies))
                rows["rank_2023"].append(volume.rank_2023)
                rows["rank_2024"].append(volume.rank_2024)
                _figures(rows, kind, year, float(expected[number]), float(drawn[number]))
                rows["listings"].append(int(self._listings[kind, year][number]))
            rows["cluster"].append("(no address)")
            rows["cluster_number"].append(-1)
            rows["basis"].append("unlocated")
            rows["economies"].append("")
            rows["rank_2023"].append(None)
            rows["rank_2024"].append(None)
            _figures(rows, kind, year, 0.0, unplaced)
            rows["listings"].append(0)
        table = pa.table({name: rows[name] for name in rows})
        wanted = {"cluster_number": pa.int32(), "rank_2023": pa.int16(), "rank_2024": pa.int16(), "publication_year": pa.int16()}  # fmt: skip
        schema = pa.schema([pa.field(f.name, wanted.get(f.name, f.type)) for f in table.schema])
        return table.cast(schema)

    def windows(self, pct_years: list[int], sci_years: list[int]) -> pa.Table:
        """One row per cluster: expected and drawn documents and shares over an edition's windows, by drawn total."""
        import pyarrow as pa

        columns: dict[str, NDArray[np.float64]] = {}
        for kind, years in (("pct", pct_years), ("sci", sci_years)):
            expected, drawn = np.zeros(len(self._world.clusters)), np.zeros(len(self._world.clusters))
            for year in years:
                groups = self._world.group_shares(kind, year) * self._documents[kind, year]
                expected += np.bincount(self._world.group_cluster, weights=groups, minlength=len(expected))
                drawn += self._drawn[kind, year]
            world = self.documents(kind, years)
            columns |= {
                f"{kind}_expected": expected,
                f"{kind}_drawn": drawn,
                f"{kind}_share_expected": 100 * expected / world,
                f"{kind}_share_drawn": 100 * drawn / world,
            }
        columns["total_expected"] = columns["pct_share_expected"] + columns["sci_share_expected"]
        columns["total_drawn"] = columns["pct_share_drawn"] + columns["sci_share_drawn"]
        order = np.lexsort((np.arange(len(columns["total_drawn"])), -columns["total_drawn"]))
        clusters = [self._world.clusters[row] for row in order.tolist()]
        return pa.table(
            {
                "cluster": [volume.name for volume in clusters],
                "basis": [volume.basis for volume in clusters],
                "economies": ["/".join(volume.economies) for volume in clusters],
                "rank_2023": pa.array([volume.rank_2023 for volume in clusters], pa.int16()),
                "rank_2024": pa.array([volume.rank_2024 for volume in clusters], pa.int16()),
                **{name: values[order] for name, values in columns.items()},
            }
        )

    def addresses(self) -> pa.Table:
        """One row per kind, text and code: its place; `places` above 1 where one text was written for several."""
        import pyarrow as pa

        keys = sorted(self._addresses)
        chosen = [
            min(self._addresses[key], key=lambda place: (-self._addresses[key][place], place)) for key in keys
        ]
        places, rows = self._world.places, np.array(chosen, dtype=np.int64)
        return pa.table(
            {
                "kind": [key[0] for key in keys],
                "text": [key[1] for key in keys],
                "country_code": [key[2] for key in keys],
                "place_id": places.place_id[rows],
                "place": [places.name[row] for row in chosen],
                "country": places.country[rows].tolist(),
                "latitude": places.latitude[rows],
                "longitude": places.longitude[rows],
                "listings": np.array([sum(self._addresses[key].values()) for key in keys], dtype=np.int64),
                "places": np.array([len(self._addresses[key]) for key in keys], dtype=np.int32),
            }
        )

    def write(self, folder: Path, pct_years: list[int], sci_years: list[int], addresses: pa.Table) -> None:
        """`clusters`, `cluster_years` and `addresses` as Parquet in `folder`."""
        write_table(self.windows(pct_years, sci_years), folder / "clusters.parquet", METADATA)
        write_table(self.cluster_years(), folder / "cluster_years.parquet", METADATA)
        write_table(addresses, folder / "addresses.parquet", METADATA)


def _figures(rows: dict[str, list[object]], kind: str, year: int, expected: float, drawn: float) -> None:
    rows["kind"].append(kind)
    rows["publication_year"].append(year)
    rows["expected_share"].append(expected)
    rows["drawn_documents"].append(drawn)


def assumptions() -> dict[str, object]:
    """What is published and what is ours, for the file beside the truth."""
    intercept, slope = volumes.fitted_curve()
    return {
        "published": "applications and articles of ranks 1 to 35 of the 2023 table; names, ranks and economies of 2024",
        "extrapolated": (
            "all other names: total share in per cent = exp("
            f"{intercept:.4f}) * rank ** {slope:.4f}, fitted to ranks {volumes.FIT_FROM_RANK} to 34; split between the "
            "kinds by our assumptions on economies"
        ),
        "tail": f"smaller clusters on a steeper curve, such that clusters hold {volumes.CLUSTERED:.0%} of either kind",
        "outside": f"{1 - volumes.CLUSTERED:.0%} of either kind in single towns too small to be clusters",
    }
