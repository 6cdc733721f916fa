"""A synthetic lake of the size of a full edition, by the contracts of the real one.

1.3 million applications with 4.2 million inventors, 7.5 million articles with 45 million listings, half a million
points of which four fifths lie in 650 clusters; times the scale. Nothing in it is random: numbers come from hashes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from foundation import contracts
from foundation.contracts.edition_settings import edition_row
from foundation.home import Home
from foundation.settings import parse

EDITION = "bench"
CLUSTERS = 650
YEARS = {"pct": [2019, 2020, 2021, 2022, 2023], "sci": [2018, 2019, 2020, 2021, 2022]}
#: documents and mean listings per document of a full edition
FULL = {"pct": (1_300_000, 3.2), "sci": (7_500_000, 6.0)}
FULL_POINTS = 500_000
_CHANCE = "(hash({key}) >> 11) / 9007199254740992.0"


@dataclass(frozen=True)
class Lake:
    """Where the lake lies, and its size as a part of a full edition."""

    home: Home
    scale: float
    shuffled: bool = False

    @property
    def points(self) -> int:
        """Distinct coordinates."""
        return int(FULL_POINTS * self.scale)


def chance(key: str) -> str:
    """A number in [0, 1) that the text of `key` decides."""
    return _CHANCE.format(key=key)


def make(root: Path, scale: float, shuffled: bool = False) -> Lake:
    """Write the lake below `root`; one of the same scale and order that is there already is used again."""
    folder = root / f"{scale:g}{'-shuffled' if shuffled else ''}"
    lake = Lake(Home(folder), scale, shuffled)
    mark = folder / f"scale-{scale:g}"
    if not mark.exists():
        connection = duckdb.connect(
            config={"threads": 2, "memory_limit": "8GB", "temp_directory": str(folder / "spill")}
        )
        connection.execute("set preserve_insertion_order = false")
        _places(connection, lake)
        for year in sorted({year for years in YEARS.values() for year in years}):
            _year(connection, lake, year)
        _rest(lake)
        mark.touch()
    _settings(lake)
    return lake


def _places(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Point i lies in a cluster of size falling with its number, the last fifth in none."""
    connection.execute(
        f"""
        create table place as
        select
            i as address_id,
            case when i % 5 = 4 then -1 else 1 + cast(floor({CLUSTERS} * pow({chance("i, 'cluster'")}, 2.5)) as integer) end
                as cluster_no,
            round(-60 + 120 * {chance("i, 'lat'")}, 6) as latitude,
            round(-180 + 360 * {chance("i, 'lon'")}, 6) as longitude
        from range(1, {lake.points + 1}) as numbers(i)
        """
    )
    connection.execute(
        "create table country as select row_number() over () as n, iso2 from (select unnest(['US', 'CN', 'JP', 'DE', 'KR', 'FR', 'GB', 'IN', 'CH', 'SE', 'NL', 'BR']) as iso2)"
    )
    path = lake.home.warehouse(EDITION) / "truth.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    _copy(
        connection, "select latitude, longitude, min(cluster_no) as cluster_no from place group by all", path
    )


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(
        f"copy ({query}) to '{path}' (format parquet, compression zstd, row_group_size 250000)"
    )


def _table(connection: duckdb.DuckDBPyConnection, lake: Lake, name: str, year: int, query: str) -> None:
    """The columns of `query` as the contract's, others null."""
    described = connection.sql(query).columns
    columns = ", ".join(
        f"cast({column.name if column.name in described else 'null'} as {_sql(column.type)}) as {column.name}"
        for column in contracts.contract(name).columns
        if column.name != "publication_year" or name == "documents"
    )
    order = ", ".join(key for key in contracts.contract(name).key)
    if lake.shuffled:
        order = f"hash({order}, 'shuffled')"
    path = lake.home.lake(name, year)
    _copy(connection, f"select {columns} from ({query}) order by {order}", path)


def _sql(kind: object) -> str:
    from stclusters.commands.contracts import sql_type

    return sql_type(kind)  # type: ignore[arg-type]


def _year(connection: duckdb.DuckDBPyConnection, lake: Lake, year: int) -> None:
    parts = [
        f"select cast(hash(i, '{kind}') >> 1 as bigint) as document_no, '{kind}' as kind, {mean} as mean, {year} as publication_year "
        f"from range({int(number * lake.scale)}) as numbers(i) where i % 5 = {YEARS[kind].index(year)}"
        for kind, (number, mean) in FULL.items()
        if year in YEARS[kind]
    ]
    connection.execute(f"create or replace table document as {' union all '.join(parts)}")
    connection.execute(
        f"""
        create or replace table listing as
        select
            document_no, kind, person_no,
            case when person_no = 1 or {chance("document_no, person_no, 'same'")} < 0.5
                then 1 + hash(document_no, 'home') % {lake.points} else 1 + hash(document_no, person_no, 'place') % {lake.points}
            end as address_id
        from (select document_no, kind, unnest(range(1, 2 + cast(2 * (mean - 1) * {chance("document_no, 'size'")} as integer))) as person_no
              from document)
        """
    )
    _documents(connection, lake, year)
    _attributes(connection, lake, year)


def _documents(connection: duckdb.DuckDBPyConnection, lake: Lake, year: int) -> None:
    fields = (
        "document_no, 'D' || document_no as document_id, kind, publication_year, 'issue' as year_basis, 'Article' as document_type, "
        "'SCIE' as index_name, false as retracted, 1 as persons, kind || '.bench' as delivery, 1 as file_id, 0 as position"
    )
    _table(connection, lake, "documents", year, f"select {fields} from document")
    for kind in FULL:
        path = lake.home.delivery_table(f"{kind}.bench", "documents", year)
        _copy(connection, f"select {fields} from document where kind = '{kind}' order by document_no", path)
    _table(
        connection, lake, "listings", year,
        "select document_no, person_no as listing_no, kind, person_no, person_no as address_no, address_id, true as linked from listing",
    )  # fmt: skip
    _table(
        connection, lake, "geocodes", year,
        "select address_id, latitude, longitude, 'locality' as precision, address_id as place_id, '' as place_name, '' as region, "
        "iso2 as country, 'bench' as method, 1.0 as score, 'bench' as gazetteer_version from place "
        "join country on n = 1 + abs(hash(coalesce(nullif(cluster_no, -1), place.address_id))) % 12",
    )  # fmt: skip


def _attributes(connection: duckdb.DuckDBPyConnection, lake: Lake, year: int) -> None:
    pct, names = "from document, range(1, 4) as n(i) where kind = 'pct'", max(1000, int(300_000 * lake.scale))
    _table(
        connection, lake, "technology_fields", year,
        f"select distinct document_no, 1 + hash(document_no, i) % 35 as field_nr, 0.5 as weight, 'computed' as basis {pct} and {chance('document_no, i')} < 0.53",
    )  # fmt: skip
    _table(
        connection, lake, "ipc", year,
        f"select distinct document_no, ['H04L', 'G06F', 'A61B', 'H10K', 'C07D'][cast(1 + hash(document_no, i) % 5 as bigint)] || ' ' || (1 + hash(i, document_no) % 30) || '/00' as ipc {pct}",
    )  # fmt: skip
    _table(
        connection, lake, "applicants", year,
        f"select document_no, i as applicant_no, false as is_person, 'APPLICANT ' || hash(document_no, i) % {names} || ' CO., LTD.' as name, "
        f"'APPLICANT ' || hash(document_no, i) % {names} as name_key {pct} and i <= 1 + hash(document_no) % 2",
    )  # fmt: skip
    _table(
        connection, lake, "organisations", year,
        f"select document_no, row_number() over (partition by document_no order by address_id) as organisation_no, "
        f"'Univ ' || hash(address_id) % {names} as name, 'UNIV ' || hash(address_id) % {names} as name_key, address_id "
        "from (select distinct document_no, address_id from listing where kind = 'sci')",
    )  # fmt: skip
    connection.execute(
        f"create or replace temp table category as select row_number() over () as n, wos_category from read_csv('{_seed()}')"
    )
    _table(
        connection, lake, "subjects", year,
        "select distinct document_no, wos_category as subject from document, range(1, 3) as n(i) "
        f"join category on category.n = 1 + hash(document_no, i) % 254 where kind = 'sci' and (i = 1 or {chance('document_no, i')} < 0.5)",
    )  # fmt: skip


def _seed() -> Path:
    from foundation.home import seed_file

    return seed_file("science_fields")


def _rest(lake: Lake) -> None:
    home = lake.home
    for kind, (number, _) in FULL.items():
        records = int(number * lake.scale)
        file = {
            "delivery": f"{kind}.bench", "file_id": 1, "path": "a", "bytes": 1, "sha256": "", "format": "bench", "reader_version": "1",
            "settings_hash": "", "records": records, "kept": records, "filtered": 0, "duplicates": 0, "rejected": 0, "listings": 0,
            "seconds": 0.0,
        }  # fmt: skip
        table = pa.Table.from_pylist([file], schema=contracts.contract("files").schema)
        contracts.write("files", table, home.delivery_report(f"{kind}.bench", "files"))
        empty = contracts.contract("filtered").empty()
        contracts.write("filtered", empty, home.delivery_report(f"{kind}.bench", "filtered"))
    contracts.write("completeness", contracts.contract("completeness").empty(), home.completeness())
    contracts.write("places", contracts.contract("places").empty(), home.places())


def _settings(lake: Lake) -> None:
    """What hangs on the edition and not on the lake: its rules, and that nothing came before it."""
    edition = {"pct_years": YEARS["pct"], "sci_years": YEARS["sci"]}
    row = edition_row(parse({"editions": {EDITION: edition}}, "benchmark"), EDITION)
    contracts.write("edition_settings", row, lake.home.table(EDITION, "edition_settings"))
    for name in ("lineage", "previous_clusters", "predecessors", "previous_areas", "outlines"):
        contracts.write(name, contracts.contract(name).empty(), lake.home.table(EDITION, name))


def cluster(lake: Lake) -> None:
    """What clustering would write, from the clusters that the places were made with."""
    warehouse = lake.home.warehouse(EDITION)
    points, truth = warehouse / "points.parquet", warehouse / "truth.parquet"
    connection = duckdb.connect()
    connection.execute(
        f"create table placed as select point_id, latitude, longitude, pct_listings + sci_listings as listings, cluster_no "
        f"from read_parquet('{points}') as points join read_parquet('{truth}') as truth using (latitude, longitude)"
    )
    found = connection.sql(
        "select point_id, cast(cluster_no as integer) as cluster_no, cast(cluster_no as integer) as dbscan_no, cluster_no > 0 as is_core, "
        "point_id as core_point_id, 0.0::double as km_to_core from placed order by point_id"
    ).to_arrow_table()
    contracts.write("point_clusters", found, lake.home.table(EDITION, "point_clusters"))
    described = connection.sql(
        "select cast(cluster_no as integer) as cluster_no, 'XX-' || cluster_no as cluster_id, 'Cluster ' || cluster_no as name, ['City'] as cities, "
        "['US'] as economies, 'US' as economy_label, cast(count(*) as integer) as points, cast(sum(listings) as bigint) as listings, "
        "round(avg(latitude), 6) as latitude, round(avg(longitude), 6) as longitude, 1.0::double as area_km2, 1000000::bigint as population, 'bench' as population_source, "
        "2020::smallint as population_year, false as population_approximate, 1.0::double as population_coverage, [cast(cluster_no as smallint)] as merged_from "
        "from placed where cluster_no > 0 group by cluster_no order by cluster_no"
    ).to_arrow_table()
    contracts.write("clusters", described, lake.home.table(EDITION, "clusters"))
