"""The tables of a built edition and of the lake beneath it, to be asked in SQL; nothing is written.

What an edition was made with is read from its own settings table: `editions.yaml` may have changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foundation.errors import MissingData
from foundation.home import Home
from foundation.settings import Settings

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]
OF_EDITION = (
    "edition_settings", "ranking", "cluster_ranks", "cluster_counts", "world_totals", "clusters", "points",
    "point_clusters", "document_points",
)  # fmt: skip
OF_YEAR = ("documents", "listings", "addresses", "geocodes")
RUN_FIRST = "Run it first: stclusters run --edition {edition}."

#: each listing of the documents in `chosen` with its address, where it was placed, its point, cluster and fraction;
#: the fractions are METHODOLOGY 4, written a second time here so that they can be held against the edition's
LISTED = """
with listed as (
    select listings.*, case when settings.fraction_split = 'person' then listings.person_no else 0 end as part_no
    from listings semi join chosen using (document_no) cross join edition_settings as settings
),
sizes as (select document_no, part_no, count(*) as listings from listed group by all),
persons as (select document_no, count(*) as persons from sizes group by all),
equal as (
    select listed.*, cast(1::double / (persons.persons * sizes.listings) as decimal(18, 15)) as part,
        min(listing_no) over (partition by document_no) as first_no
    from listed join sizes using (document_no, part_no) join persons using (document_no)
),
whole as (
    select *, case when listing_no = first_no then part + 1 - sum(part) over (partition by document_no) else part end as fraction
    from equal
),
placed as (
    select
        geocodes.*,
        case when geocodes.method = 'given' or list_contains(settings.point_precisions, geocodes.precision)
            then round(geocodes.latitude, 6) + 0.0 end as point_latitude,
        round(geocodes.longitude, 6) + 0.0 as point_longitude
    from geocodes semi join whole using (publication_year, address_id) cross join edition_settings as settings
)
select
    whole.document_no, whole.publication_year, whole.listing_no, whole.person_no, whole.address_no, whole.linked,
    whole.why_unlocated, cast(whole.fraction as decimal(18, 15)) as fraction, whole.address_id,
    concat_ws(', ', nullif(addresses.organisation, ''), nullif(addresses.text, ''), nullif(addresses.postcode, ''),
        nullif(addresses.city, ''), nullif(addresses.region, '')) as address,
    addresses.country, placed.place_name, placed.precision, placed.method, placed.score, placed.latitude,
    placed.longitude, points.point_id, clusters.cluster_no, clusters.is_core, clusters.km_to_core
from whole
left join (from addresses semi join whole using (publication_year, address_id)) as addresses
    using (publication_year, address_id)
left join placed using (publication_year, address_id)
left join points on placed.point_latitude = points.latitude and placed.point_longitude = points.longitude
left join point_clusters as clusters on points.point_id = clusters.point_id
order by whole.document_no, whole.listing_no
"""


class EditionTables:
    """Views of an edition's tables under their own names, and of the lake's by year.

    Raises
    ------
    MissingData
        The edition has not been built, or a year of its windows is not in the lake any more.
    """

    def __init__(self, home: Home, settings: Settings, edition: str) -> None:
        import duckdb

        settings.edition(edition)  # an unknown one is refused with the nearest name
        self.home, self.edition = home, edition
        self._base: duckdb.DuckDBPyConnection = duckdb.connect(
            config={
                "threads": settings.limits.processes,
                "memory_limit": f"{settings.limits.memory_gb}GB",
                "temp_directory": str(home.temporary()),
            }
        )
        for table in OF_EDITION:
            self.view(table, [home.table(edition, table)])
        self.rules = self.one("select * from edition_settings")
        years = sorted({*self.rules["pct_years"], *self.rules["sci_years"]})
        for table in OF_YEAR:
            self.view(table, [home.lake(table, year) for year in years])
        deliveries = [home.delivery_report(key, "files") for key in home.deliveries()]
        self.view("files", [path for path in deliveries if path.is_file()])

    def view(self, name: str, paths: list[Path]) -> None:
        """The rows of files under a name, for the queries that follow."""
        missing = [path for path in paths if not path.is_file()]
        if missing or not paths:
            raise MissingData(
                f"Edition {self.edition} cannot be explained: the table {name} is not there.",
                RUN_FIRST.format(edition=self.edition),
                str(missing[0] if missing else self.home.delivery_root()),
            )
        files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
        self._base.execute(
            f"create or replace view {name} as from read_parquet([{files}], hive_partitioning = true)"
        )

    def keep(self, name: str, query: str, *values: object) -> None:
        """The rows of `query` under a name, for the queries that follow."""
        self._base.execute(f"create or replace temp table {name} as {query}", list(values))

    def all(self, query: str, *values: object) -> list[Row]:
        """The rows of `query`."""
        found: list[Row] = self._base.sql(query, params=list(values)).to_arrow_table().to_pylist()
        return found

    def one(self, query: str, *values: object) -> Row:
        """The first row of `query`."""
        return self.all(query, *values)[0]

    def batches(self, query: str) -> Iterator[Row]:
        """The rows of `query` one after the other, however many there are."""
        for batch in self._base.sql(query).to_arrow_reader(50_000):
            yield from batch.to_pylist()

    def listed(self) -> list[Row]:
        """LISTED for the documents in `chosen`."""
        return self.all(LISTED)
