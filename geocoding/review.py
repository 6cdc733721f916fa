"""Addresses of an edition for people's eyes: the least sure ones to decide, and a sample to check.

Both read the lake's addresses and geocodes and write CSV files that stay with the user: inventors' addresses are homes, so
nothing here goes into a release. METHODOLOGY 5.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from foundation.atomic import new_file
from foundation.errors import BadInput, MissingData
from foundation.home import Home
from foundation.measure import StageReport, Stopwatch
from foundation.settings import Settings
from geocoding.answers import Answer
from geocoding.decisions import Doubtful, write_review

if TYPE_CHECKING:
    import duckdb

LOCATED, UNLOCATED = 200, 50  # addresses in the samples
MOST = 200  # addresses in a list to decide
SAMPLE = (
    "address",
    "country",
    "listings",
    "stands_for",
    "latitude",
    "longitude",
    "precision",
    "place",
    "region",
    "method",
    "score",
)
TO_FILL = ("right", "checked_by", "checked_on", "note")
# one row per address of the windows, however many years name it, with the answer of the last of them
_ADDRESSES = """
    with placed as ({years})
    select address_id, any_value(country) as country, any_value(text) as text, any_value(address) as address,
        greatest(sum(listings), 1)::bigint as listings, unnest(arg_max(answer, year))
    from placed group by address_id
"""
_YEAR = """
    select {year} as year, addresses.address_id, coalesce(addresses.country, '') as country, addresses.text,
        concat_ws(', ', nullif(addresses.text, ''), addresses.city, addresses.region, addresses.postcode) as address,
        addresses.listings, struct_pack(
            latitude := geocodes.latitude, longitude := geocodes.longitude, precision := geocodes.precision,
            place := coalesce(geocodes.place_name, ''), region := coalesce(geocodes.region, ''),
            method := geocodes.method, score := geocodes.score) as answer
    from read_parquet(?) as addresses inner join read_parquet(?) as geocodes using (address_id)
"""
# the rest of a sample: every so many listings one, along an order that a hash of the text decides
_BY_LOT = "order by md5(country || chr(10) || address), country, address_id"
_EVERY = f"""
    with ordered as (
        select *, sum(listings) over ({_BY_LOT} rows unbounded preceding)::bigint as upto
        from answered where {{which}} and address_id not in (select unnest(?)))
    select {{columns}} from ordered
    where (2 * upto * ? + ?) // (2 * ?) > (2 * (upto - listings) * ? + ?) // (2 * ?) {_BY_LOT}
"""


class _Row(NamedTuple):
    country: str
    text: str
    address: str
    listings: int
    latitude: float | None
    longitude: float | None
    precision: str
    place: str
    region: str
    method: str
    score: float


def review(home: Home, settings: Settings, edition: str | None, target: Path, most: int = MOST) -> int:
    """The addresses of an edition (or of all its home's years) with the most listings expected to be wrong; returns rows.

    Those that people decided, whose point the source gives or that have no text of their own are left out. Filled in, the file is
    given back as `geocoding.decisions`.

    Raises
    ------
    MissingData
        No year of the edition is geocoded yet.
    BadInput
        `target` exists.
    """
    if target.exists():
        raise BadInput("The list for review exists already.", "Name another file.", str(target))
    years = settings.partition_years() if edition is None else settings.edition(edition).all_years
    with _opened(home, years, edition) as base:
        rows = _rows(
            base,
            "where method not in ('decided', 'given') and text <> ''"
            " order by listings * (1 - score) desc, country, text, address_id",
            most,
        )
    return write_review(
        target, (Doubtful(row.text, row.country, row.listings, _answer(row)) for row in rows), most
    )


def samples(
    home: Home, settings: Settings, edition: str, emit: Callable[[str], None] | None = None
) -> StageReport:
    """A sample of an edition's located and of its unlocated addresses, under the home's reports, to check by eye.

    Addresses without any text are left out: there is nothing to check. The chance of the others is proportional to their
    listings, and one with more listings than a row would stand for is in the sample for sure; `stands_for` says for how many
    listings each row speaks, so that those of the rows judged right add up to an unbiased estimate. The same edition gives
    the same sample.

    Raises
    ------
    MissingData
        No year of the edition is geocoded yet.
    """
    watch = Stopwatch("samples", edition)
    counts = {}
    with _opened(home, settings.edition(edition).all_years, edition) as base:
        regions = _region_names(base, home)
        for name, null, most in (("located", "not null", LOCATED), ("unlocated", "null", UNLOCATED)):
            rows = _drawn(base, f"address <> '' and latitude is {null}", most)
            _write(home.run_report(f"geocoding-{edition}-{name}.csv"), rows, regions)
            counts[name] = len(rows)
    if emit is not None:
        emit(f"samples: {counts['located']} located and {counts['unlocated']} unlocated addresses")
    return watch.report(sum(counts.values()), counts)


def _opened(home: Home, years: Sequence[int], edition: str | None) -> duckdb.DuckDBPyConnection:
    """A database with the view `answered`: one row per address of the years that are geocoded."""
    import duckdb

    pairs = [(year, home.lake("addresses", year), home.lake("geocodes", year)) for year in years]
    there = [(year, *paths) for year, *paths in pairs if all(path.is_file() for path in paths)]
    if not there:
        whose = "this home" if edition is None else f"the edition '{edition}'"
        raise MissingData(f"No year of {whose} is geocoded yet.", "Run: stclusters run.", str(home.root))
    base = duckdb.connect(config={"temp_directory": str(home.temporary())})
    query = " union all ".join(_YEAR.format(year=year) for year, *_ in there)
    files = [str(path) for _, *paths in there for path in paths]
    base.execute(f"create temp table answered as {_ADDRESSES.format(years=query)}", files)
    return base


def _rows(base: duckdb.DuckDBPyConnection, which: str, most: int) -> list[_Row]:
    columns = ", ".join(_Row._fields)
    return [
        _Row(*row) for row in base.execute(f"select {columns} from answered {which} limit {most}").fetchall()
    ]


def _drawn(base: duckdb.DuckDBPyConnection, which: str, most: int) -> list[tuple[_Row, float]]:
    """At most `most` addresses with chances proportional to their listings, and the listings that each stands for."""
    columns = ", ".join(_Row._fields)
    largest = base.execute(
        f"select address_id, {columns} from answered where {which} order by listings desc, address_id limit {most}"
    ).fetchall()
    left = int(
        base.execute(f"select coalesce(sum(listings), 0) from answered where {which}").fetchall()[0][0]
    )
    sure: dict[int, _Row] = {}
    for number, *cells in largest:
        row = _Row(*cells)
        if row.listings * (most - len(sure)) < left:
            break
        sure[number] = row
        left -= row.listings
    others = most - len(sure)
    found = [(row, float(row.listings)) for row in sure.values()]
    if others and left:
        query = _EVERY.format(which=which, columns=columns)
        drawn = base.execute(query, [list(sure), *(others, left, left) * 2]).fetchall()
        found += [(_Row(*cells), left / others) for cells in drawn]
    return found


def _region_names(base: duckdb.DuckDBPyConnection, home: Home) -> dict[tuple[str, str], str]:
    """Names of regions by country and code; empty where the home has no table of places."""
    if not home.places().is_file():
        return {}
    query = "select distinct country, region, region_name from read_parquet(?)"
    rows = base.execute(query, [str(home.places())]).fetchall()
    return {(country, code): name for country, code, name in rows}


def _answer(row: _Row) -> Answer:
    point = row.latitude, row.longitude
    return Answer(
        *point, row.precision, None, row.place, row.region, row.country, row.method, row.score, None, None
    )


def _write(path: Path, rows: list[tuple[_Row, float]], regions: dict[tuple[str, str], str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with new_file(path) as part, part.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow([*SAMPLE, *TO_FILL])
        for row, stands_for in rows:
            cells: dict[str, Any] = row._asdict() | {
                "score": f"{row.score:.4f}",
                "stands_for": f"{stands_for:.1f}",
                "region": regions.get((row.country, row.region), "") or row.region,
            }
            for name in ("latitude", "longitude"):
                cells[name] = "" if cells[name] is None else f"{cells[name]:.6f}"
            writer.writerow([*(cells[name] for name in SAMPLE), *[""] * len(TO_FILL)])
