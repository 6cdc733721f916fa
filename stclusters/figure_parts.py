"""How a figure of a cluster arises: mart, publication years, raw files, documents, listings; the parts sum to it exactly.

Sums are in decimals, as the marts make them. Parts that do not sum to the figure are an error and are never printed:
then the lake is no longer the one that the edition was made of. No person is named: listings hold numbers of persons.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from extracts.detect import format_of, is_known
from foundation.atomic import new_file
from foundation.errors import BadInput, ContractBroken
from foundation.home import Home
from foundation.settings import Settings
from geocoding.normalise import key
from publishing.downloads.csvfile import SIMULATED_LINE, safe
from stclusters.edition_tables import LISTED, EditionTables, Row

COUNTED = {"pct_count": "pct", "sci_count": "sci"}
#: figures that are made of other figures, and how
MADE_OF = {
    "pct_share": ("pct_count",),
    "sci_share": ("sci_count",),
    "total": ("pct_share", "sci_share"),
    "rank": ("total",),
    "pct_per_million": ("pct_count",),
    "sci_per_million": ("sci_count",),
    "intensity": ("total",),
    "listings": (),
    "points": (),
}
FIGURES = (*COUNTED, *MADE_OF)
#: raw files, listings of a document and points of a cluster that are shown; what is left is summed in a line
SHOWN = 12
_WHAT = {"pct": "applications", "sci": "articles"}
_PARTS = (
    "document_id", "publication_year", "delivery", "file", "position_kind", "position", "listing_no", "person_no",
    "address_no", "address_id", "address", "country", "place_name", "precision", "method", "point_id", "fraction",
)  # fmt: skip


def find_cluster(tables: EditionTables, wanted: str) -> Row:
    """The row of the ranking by name, by one of its cities, by cluster_id or cluster_no; the best ranked of several.

    Raises
    ------
    BadInput
        No cluster is called so; the nearest names are told.
    """
    rows = tables.all(
        "select ranking.*, clusters.cities from ranking join clusters using (cluster_no) order by rank, cluster_no"
    )
    folded = key(wanted)
    tests: tuple[Callable[[Row], bool], ...] = (
        lambda row: wanted.upper() == row["cluster_id"] or wanted == str(row["cluster_no"]),
        lambda row: folded == key(row["name"]),
        lambda row: folded in map(key, row["cities"]),
        lambda row: folded in (key(part.split(",")[0]) for part in row["name"].split("–")),
    )
    for test in tests:
        found = [row for row in rows if test(row)]
        if found:
            return {**found[0], "others": [row["cluster_id"] for row in found[1:]]}
    names = {key(row["name"]): row["name"] for row in reversed(rows)}
    near = [names[one] for one in difflib.get_close_matches(folded, names, 3, 0.5)]
    raise BadInput(
        f"Edition {tables.edition} has no cluster called '{wanted}'.",
        f"The nearest names are {', '.join(near)}." if near else "The ranking page lists all names.",
    )


def check_figure(figure: str, to_listings: bool = False) -> None:
    """Raise BadInput for a figure that cannot be taken apart, or not to listings; the nearest names are told."""
    if figure not in FIGURES:
        near = difflib.get_close_matches(figure.lower(), FIGURES, 1)
        raise BadInput(
            f"'{figure}' is not a figure that can be taken apart."
            + (f" Did you mean {near[0]}?" if near else ""),
            f"Known are {', '.join(FIGURES)}.",
        )
    if to_listings and figure not in COUNTED:
        raise BadInput(
            f"{figure} is made of {' and '.join(MADE_OF[figure]) or 'points'} and has no listings of its own.",
            f"Write those of {' or '.join(COUNTED)}.",
        )


def explain_figure(
    home: Home,
    settings: Settings,
    edition: str,
    cluster: str,
    figure: str,
    limit: int = 5,
    out: Path | None = None,
) -> Iterator[str]:
    """Lines on how a figure of a cluster arises; `out` takes every listing of it as CSV.

    Parameters
    ----------
    cluster : str
        Name, city, cluster_id or cluster_no.
    figure : str
        One of FIGURES.
    limit : int
        Documents that are shown with their listings, the largest parts first.

    Raises
    ------
    BadInput
        No such cluster or figure.
    MissingData
        The edition has not been built.
    ContractBroken
        The parts do not sum to the figure: the lake has changed since the edition was built.
    """
    check_figure(figure, out is not None)
    tables = EditionTables(home, settings, edition)
    row = find_cluster(tables, cluster)
    yield from _heading(tables, row, figure)
    if figure in COUNTED:
        yield from _count(tables, row, figure, limit, out)
    else:
        yield from _made_of(tables, row, figure)
        more = [one for one in MADE_OF[figure] if one in COUNTED or one in MADE_OF]
        yield from (
            f"Next: stclusters explain --cluster {row['cluster_id']} --figure {one} --edition {edition}"
            for one in more
        )


def _heading(tables: EditionTables, row: Row, figure: str) -> Iterator[str]:
    rules = tables.rules
    simulated = " (SIMULATED)" if rules["simulated"] else ""
    yield (
        f"{row['name']} ({row['cluster_id']}, rank {row['rank']}), edition {tables.edition}{simulated}, "
        f"settings {rules['settings_hash']}"
    )
    if row["others"]:
        yield f"Others of this name: {', '.join(row['others'])}; give such an id to explain one of them."
    yield f"{figure} = {_said(row[figure])}"


def _said(value: Any) -> str:
    return "unknown" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _count(tables: EditionTables, row: Row, figure: str, limit: int, out: Path | None) -> Iterator[str]:
    kind, number = COUNTED[figure], row["cluster_no"]
    exact = tables.one(f"select {figure} as count from cluster_ranks where cluster_no = ?", number)["count"]
    part = "1" if tables.rules["counting"] == "full" else "sum(fraction)"
    tables.keep(
        "parts",
        f"select document_no, publication_year, cast({part} as decimal(18, 15)) as part, sum(listings) as listings "
        "from document_points semi join (from point_clusters where cluster_no = ?) using (point_id) "
        "where kind = ? group by all",
        number, kind,
    )  # fmt: skip
    tables.keep(
        "sources",
        "select parts.*, documents.document_id, documents.delivery, documents.file_id, documents.position, files.path, "
        "files.format from parts join documents using (document_no) join files using (delivery, file_id)",
    )
    made = _sum(tables, "sources", "part")
    if made != exact or float(exact) != row[figure]:
        raise ContractBroken(
            f"The parts of {figure} sum to {made}, the figure is {exact}: the lake has changed since edition "
            f"{tables.edition} was built.",
            f"Build it again: stclusters run --edition {tables.edition}.",
        )
    rule = (
        "1 wherever one of its listings is"
        if part == "1"
        else f"1, divided by {tables.rules['fraction_split']}"
    )
    yield f"Each of the {_WHAT[kind]} counts {rule} (METHODOLOGY 4); the parts:"
    yield from _years(tables, number, kind, exact)
    yield from _files(tables, kind, exact)
    yield from _documents(tables, row, kind, exact, limit)
    if out is not None:
        rows = _write(tables, number, out, exact)
        yield f"All {rows:,} listings, one a line: {out}"


def _sum(tables: EditionTables, table: str, column: str) -> Decimal:
    found = tables.one(f"select cast(coalesce(sum({column}), 0) as decimal(38, 15)) as made from {table}")[
        "made"
    ]
    assert isinstance(found, Decimal)
    return found


def _years(tables: EditionTables, number: int, kind: str, exact: Decimal) -> Iterator[str]:
    yield f"By publication year (cluster_counts), {_WHAT[kind]}:"
    rows = tables.all(
        "select publication_year, count, documents, listings from cluster_counts where cluster_no = ? and kind = ? "
        "order by publication_year",
        number, kind,
    )  # fmt: skip
    mine = tables.all("select publication_year, sum(part) as part from sources group by all order by all")
    counted = {row["publication_year"]: row["count"] for row in rows if row["documents"]}
    if counted != {row["publication_year"]: row["part"] for row in mine}:
        raise ContractBroken(
            f"The documents of edition {tables.edition} and its counts by year differ.",
            f"Build it again: stclusters run --edition {tables.edition}.",
        )
    for row in rows:
        yield f"  {row['publication_year']}  {row['count']:>24f}  of {row['documents']:,} documents, {row['listings']:,} listings"
    yield f"  sum   {exact:>24f}"


def _files(tables: EditionTables, kind: str, exact: Decimal) -> Iterator[str]:
    rows = tables.all(
        "select delivery, path, sum(part) as part, count(*) as documents from sources group by all "
        "order by part desc, delivery, path"
    )
    yield "By raw file:"
    for row in rows[:SHOWN]:
        yield f"  {row['part']:>24f}  of {row['documents']:,} {_WHAT[kind]} in {row['delivery']}: {row['path']}"
    yield from _rest(rows[SHOWN:], "part", "files more")
    yield f"  {exact:>24f}  sum"


def _rest(rows: list[Row], column: str, what: str, indent: str = "  ") -> Iterator[str]:
    """What is not shown, in one line."""
    if rows:
        yield f"{indent}{sum((row[column] for row in rows), Decimal(0)):>24f}  {len(rows):,} {what}"


def _documents(tables: EditionTables, row: Row, kind: str, exact: Decimal, limit: int) -> Iterator[str]:
    shown = tables.all(
        "select * from sources order by part desc, publication_year desc, document_id limit ?", limit
    )
    tables.keep("chosen", "select unnest(?::bigint[]) as document_no", [one["document_no"] for one in shown])
    listed = {
        number: list(rows) for number, rows in groupby(tables.listed(), key=lambda one: one["document_no"])
    }
    number = tables.one("select count(*) as number from sources")["number"]
    yield f"By document, the largest {len(shown)} of {number:,} (--limit, or --output FILE.csv for all):"
    for one in shown:
        yield f"  {one['part']:>24f}  {one['document_id']}, {one['publication_year']}, {position(one)}"
        yield from _listings(
            listed[one["document_no"]], row["cluster_no"], tables.rules["counting"] == "full"
        )
    rest = exact - sum((one["part"] for one in shown), Decimal(0))
    if number > len(shown):
        yield f"  {rest:>24f}  {number - len(shown):,} {_WHAT[kind]} more"
    yield f"  {exact:>24f}  sum"


def position(row: Row) -> str:
    """Where a record lies: delivery, file, and its line or row."""
    return f"{row['delivery']}: {row['path']}, {position_kind(row['format'])} {row['position']:,}"


def position_kind(name: str) -> str:
    """What a position in a file of the format counts."""
    return format_of(name).position if is_known(name) else "position"


def _listings(listed: list[Row], cluster_no: int, full: bool) -> Iterator[str]:
    mine = [one for one in listed if one["cluster_no"] == cluster_no]
    for one in mine[:SHOWN]:
        part = "" if full else f"{one['fraction']:>24f}  "
        yield f"    {part}listing {one['listing_no']}, person {one['person_no']}: {placed(one)}"
    yield from _rest(mine[SHOWN:], "fraction", "listings more", "    ")


def placed(one: Row) -> str:
    """What a listing's address says and where it was put."""
    if one["address_id"] is None:
        return f"no address ({one['why_unlocated']})"
    written = f"“{one['address'] or ''}” [{one['country'] or 'no country'}]"
    if one["latitude"] is None:
        return f"{written} → not placed ({one['method']})"
    spot = f"{one['place_name'] or 'given coordinates'} ({one['precision']}, {one['method']})"
    point = "too coarse for a point" if one["point_id"] is None else f"point {one['point_id']}"
    return f"{written} → {spot}, {one['latitude']:.4f}, {one['longitude']:.4f}, {point}"


def _write(tables: EditionTables, number: int, out: Path, exact: Decimal) -> int:
    """Every listing of the figure as CSV; their fractions must sum to it."""
    tables.keep("chosen", "select document_no from sources")
    tables.keep("listed", f"from ({LISTED}) where cluster_no = ?", number)
    made, full = _sum(tables, "listed", "fraction"), tables.rules["counting"] == "full"
    if made != exact and not full:
        raise ContractBroken(
            f"The listings sum to {made}, the figure is {exact}: the lake has changed since edition {tables.edition} was built.",
            f"Build it again: stclusters run --edition {tables.edition}.",
        )
    rows = tables.batches(
        "select listed.*, document_id, delivery, path as file, format, position from listed "
        "join sources using (document_no) order by document_id, listing_no"
    )
    with new_file(out) as part, part.open("w", encoding="utf-8", newline="") as handle:
        handle.write(SIMULATED_LINE if tables.rules["simulated"] else "")
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(_PARTS)
        for one in rows:
            one["position_kind"] = position_kind(one["format"])
            one["fraction"] = "" if full else one["fraction"]
            writer.writerow([safe(cell) if isinstance(cell := one[name], str) else cell for name in _PARTS])
    return int(tables.one("select count(*) as rows from listed")["rows"])


def _made_of(tables: EditionTables, row: Row, figure: str) -> Iterator[str]:
    if figure in ("listings", "points"):
        yield from _points(tables, row)
    elif figure == "rank":
        yield from _rank(tables, row)
    elif figure == "total":
        kinds = tables.rules["indicators"]
        parts = " + ".join(f"{kind}_share {row[f'{kind}_share']}" for kind in kinds)
        yield f"  {parts}: the shares of the edition's indicators (METHODOLOGY 12)."
    elif figure.endswith("_share"):
        kind = figure[:3]
        world = tables.one("select total from world_totals where kind = ?", kind)["total"]
        rule = tables.rules["world_total"]
        yield f"  100 × {kind}_count {row[f'{kind}_count']} / {world} {_WHAT[kind]} of the world (world_total: {rule}, METHODOLOGY 12)."
    else:
        above = MADE_OF[figure][0]
        source = f"{row['population_source']}" + (", approximate" if row["population_approximate"] else "")
        yield f"  1,000,000 × {above} {row[above]} / {_said(row['population'])} inhabitants ({source}, METHODOLOGY 15)."


def _rank(tables: EditionTables, row: Row) -> Iterator[str]:
    above = tables.one("select count(*) as number from ranking where rank < ?", row["rank"])["number"]
    yield f"  {above:,} clusters have a greater total, compared to nine decimals (METHODOLOGY 12):"
    near = tables.all(
        "select rank, name, total from ranking where abs(rank - ?) <= 2 order by rank, total desc, name",
        row["rank"],
    )
    yield from (f"  {one['rank']:>5}  {one['total']:<22}  {one['name']}" for one in near)


def _points(tables: EditionTables, row: Row) -> Iterator[str]:
    """The cluster's points, which sum to its listings."""
    rows = tables.all(
        "select points.* from points semi join (from point_clusters where cluster_no = ?) using (point_id) "
        "order by pct_listings + sci_listings desc, point_id",
        row["cluster_no"],
    )
    listings = sum(one["pct_listings"] + one["sci_listings"] for one in rows)
    if (len(rows), listings) != (row["points"], row["listings"]):
        raise ContractBroken(
            f"The points of {row['name']} are {len(rows):,} with {listings:,} listings; the ranking says "
            f"{row['points']:,} with {row['listings']:,}.",
            f"Build the edition again: stclusters run --edition {tables.edition}.",
        )
    yield f"  {len(rows):,} points with {listings:,} listings; the largest (inventors, authors):"
    shown = rows[:SHOWN]
    for one in shown:
        yield f"  {one['pct_listings']:>9,} {one['sci_listings']:>9,}  point {one['point_id']}, {one['latitude']:.4f}, {one['longitude']:.4f}"
    rest = rows[SHOWN:]
    if rest:
        pct, sci = (sum(one[name] for one in rest) for name in ("pct_listings", "sci_listings"))
        yield f"  {pct:>9,} {sci:>9,}  {len(rest):,} points more"
