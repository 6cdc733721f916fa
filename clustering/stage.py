"""The stage functions of `clustering`: they alone read and write tables.

`cluster` puts points into clusters, `describe` names and outlines them, `previous` takes the clusters of the previous
edition, `match` says which follows which and what was before where a cluster lies now. Rules live in the modules
beside; settings choose among them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering import rasters, tables
from clustering.previous_rules import demand_same_rules
from clustering.tables import column, marks, words
from foundation import contracts
from foundation.errors import MissingData
from foundation.home import Home, seed_file
from foundation.measure import StageReport, Stopwatch
from foundation.parquet import file_hash
from foundation.settings import Edition, Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from clustering.areas import Cores
    from clustering.lineage import Step
    from clustering.merge import Join, Members
    from clustering.overlap import Placed
    from clustering.population import Population
    from clustering.sphere import Ints

Emit = Callable[[str], None] | None
_READ_OF_PREVIOUS = ("cluster_ranks", "world_totals", "clusters", "points", "point_years", "point_clusters")


def cluster(home: Home, settings: Settings, edition: str, emit: Emit = None) -> StageReport:
    """Write `point_clusters`, `cluster_neighbours`, `pair_trials`: DBSCAN over weights, then merging (METHODOLOGY 6 to 8).

    An edition without points gets empty tables. Counts: points, core and noise points, clusters before and after
    merging, and the joined pairs by their numbers before merging, with distances in km.
    """
    from clustering.neighbours import agreeing
    from clustering.numbering import cluster_points
    from clustering.results import cluster_counts, neighbour_tables, point_clusters

    watch, rules = Stopwatch("point_clusters", edition), settings.edition(edition)
    if rules.population_raster:  # used two steps later: what cannot be used is said before any work
        rasters.check(home.inside(rules.population_raster))
    points = contracts.read("points", home.table(edition, "points"))
    listings = column(points, "pct_listings") + column(points, "sci_listings")
    _say(emit, f"clustering {points.num_rows:,} points with {int(listings.sum()):,} listings")
    rule = _JoinRule(home, rules, edition, points)
    found = cluster_points(
        column(points, "latitude"),
        column(points, "longitude"),
        column(points, "weight"),
        listings,
        rules.eps_km,
        rules.effective_min_samples,
        rule,
        settings.limits.processes,
    )
    clustered = watch.seconds()
    made = {
        "point_clusters": point_clusters(points, found),
        **neighbour_tables(points, found, rules, rule.leading),
    }
    paths = {name: home.table(edition, name) for name in made}
    rows = {
        name: contracts.write(name, table, paths[name], marks(edition, rules.simulated))
        for name, table in made.items()
    }
    counts = cluster_counts(found) | {
        "seconds_clustering": round(clustered, 3),
        "seconds_tables": round(watch.seconds() - clustered, 3),
        "table_rows": rows,
        "pairs_as_wipo": agreeing(made["pair_trials"].to_pylist()),
    }
    _say(emit, f"{counts['clusters']:,} clusters, {len(found.joins):,} pairs joined")
    versions = {name: file_hash(path) for name, path in paths.items()}
    return watch.report(rows["point_clusters"], counts, versions=versions)


@dataclass
class _JoinRule:
    """The edition's merging rule; afterwards `leading` holds the partners it asked for."""

    home: Home
    rules: Edition
    edition: str
    points: pa.Table
    leading: list[Ints] | None = None

    def __call__(self, members: Members, clusters: int, dbscan_no: Ints) -> list[Join]:
        from clustering.merge import joins, keep_partners

        rules = self.rules
        found = joins(members, clusters, rules.merge_within_km, rules.merge_core_km, rules.merge_points)
        if found and rules.merge_rule == "distance_and_partner":
            point_id = column(self.points, "point_id")
            self.leading = _leading(self.home, rules, self.edition, point_id, dbscan_no, clusters)
            found = keep_partners(found, self.leading, rules.merge_partner_requires)
        return found


def _leading(
    home: Home, rules: Edition, edition: str, point_id: Ints, dbscan_no: Ints, clusters: int
) -> list[Ints]:
    """The leading partner of each cluster before merging, by kind of document."""
    import pyarrow.compute as pc

    from clustering.merge import leading_partners

    path = home.table(edition, "document_points")
    parts = contracts.read("document_points", path, ["document_no", "point_id", "kind"])
    parts = parts.filter(pc.is_valid(parts["point_id"]))
    cluster_of = dbscan_no[np.searchsorted(point_id, column(parts, "point_id"))] - 1
    kind, document = np.array(words(parts, "kind"), dtype=object), column(parts, "document_no")
    leading = []
    for one in rules.indicators:
        chosen = (kind == one) & (cluster_of >= 0)
        leading.append(leading_partners(document[chosen], cluster_of[chosen], clusters))
    return leading


def describe(home: Home, settings: Settings, edition: str, emit: Emit = None) -> StageReport:
    """Write `clusters` and `outlines`: names, economies, boundary, area and population (METHODOLOGY 9 to 11)."""
    from clustering.description import describe_clusters

    watch, rules = Stopwatch("clusters", edition), settings.edition(edition)
    points = contracts.read("points", home.table(edition, "points"))
    placed = contracts.read("point_clusters", home.table(edition, "point_clusters"))
    cities = tables.cities(contracts.read("places", home.places()))
    forms = home.inside(rules.name_forms) if rules.name_forms else tables.BUILT_IN_FORMS
    overrides = tables.read_overrides(home.inside(rules.name_overrides)) if rules.name_overrides else {}
    raster = home.inside(rules.population_raster) if rules.population_raster else None
    found = describe_clusters(points, placed, cities, rules, tables.read_forms(forms), overrides, raster)
    _say(emit, f"described {found.clusters.num_rows:,} clusters")
    said = marks(edition, rules.simulated)
    paths = {name: home.table(edition, name) for name in ("clusters", "outlines")}
    contracts.write("clusters", found.clusters, paths["clusters"], said)
    contracts.write("outlines", found.outlines, paths["outlines"], said | tables.geo_marks(found.geometries))
    counts, warnings = _description_counts(found.clusters, found.outlines, found.population)
    warnings += tables.unused(overrides, words(found.clusters, "cluster_id"))
    return watch.report(
        found.clusters.num_rows, counts, warnings, {name: file_hash(path) for name, path in paths.items()}
    )


def _description_counts(
    clusters: pa.Table, outlines: pa.Table, population: Population
) -> tuple[dict[str, Any], tuple[str, ...]]:
    from clustering.economies import clusters_by_economy, wipo_names

    printed = wipo_names(seed_file("economies"))
    codes = clusters["economies"].to_pylist()
    unknown = sorted({code for one in codes for code in one} - set(printed))
    rows = clusters.num_rows
    counts: dict[str, Any] = {
        "table_rows": {"clusters": rows, "outlines": rows},
        "clusters": rows,
        "area_km2": round(sum(clusters["area_km2"].to_pylist()), 1),
        "outlines_of_discs": words(outlines, "method").count("discs"),
        "population_source": population.source,
        "without_population": sum(one is None for one in population.inhabitants),
        "clusters_by_economy": clusters_by_economy(codes, printed),
        "largest": [
            {
                name: row[name]
                for name in ("cluster_no", "name", "economy_label", "listings", "points", "area_km2")
            }
            for row in clusters.slice(0, 25).to_pylist()
        ],
    }
    covered = [one for one in population.coverage if one is not None]
    if covered:
        counts["population_coverage"] = round(min(covered), 4)
    warnings = (f"No name in WIPO's form is known for {', '.join(unknown)}.",) if unknown else ()
    return counts, warnings


def previous(home: Home, settings: Settings, edition: str, emit: Emit = None) -> StageReport:
    """Write `previous_clusters`: clusters and ranks of the previous edition; empty when there is none (METHODOLOGY 13).

    Raises
    ------
    MissingData
        The previous edition has not been run.
    """
    watch, rules = Stopwatch("previous_clusters", edition), settings.edition(edition)
    before = rules.previous_edition
    table = contracts.contract("previous_clusters").empty()
    if before is not None:
        _demand(home, before, ("cluster_ranks", "world_totals", "clusters"))
        demand_same_rules(home.settings_json(before), settings, before)
        table = _previous_clusters(home, before, settings.hash(before))
        _say(emit, f"{table.num_rows:,} clusters of edition {before}")
    path = home.table(edition, "previous_clusters")
    rows = contracts.write("previous_clusters", table, path, marks(edition, rules.simulated))
    return watch.report(
        rows, {"previous_edition": before or ""}, versions={"previous_clusters": file_hash(path)}
    )


def _demand(home: Home, before: str, names: tuple[str, ...]) -> None:
    if not all(home.table(before, name).is_file() for name in names):
        raise MissingData(f"The previous edition {before} has not been run.", f"Run edition {before} first.")


def _previous_clusters(home: Home, before: str, settings_hash: str) -> pa.Table:
    import pyarrow as pa

    ranks = contracts.read("cluster_ranks", home.table(before, "cluster_ranks"))
    named = contracts.read("clusters", home.table(before, "clusters"), ["cluster_no", "cluster_id", "name"])
    world = _world(home, before)
    kept = ranks.select(["cluster_no", "rank", "total", "pct_count", "sci_count"])
    table = kept.join(named, "cluster_no", join_type="inner")
    rows = table.num_rows
    for kind in ("pct", "sci"):
        table = table.append_column(f"{kind}_total", pa.array([world.get(kind, 0.0)] * rows, pa.float64()))
    return table.append_column("settings_hash", pa.array([settings_hash] * rows, pa.string()))


def match(home: Home, settings: Settings, edition: str, emit: Emit = None) -> StageReport:
    """Write which cluster follows from which, and what was before where it lies now (METHODOLOGY 13 and 14).

    The tables are `previous_clusters`, `lineage`, `predecessors` and `previous_areas`. All but `predecessors` are empty
    without a previous edition; there every cluster is then new.

    Raises
    ------
    MissingData
        The previous edition has not been run.
    """
    watch, rules = Stopwatch("lineage", edition), settings.edition(edition)
    if rules.previous_edition is not None:
        _demand(home, rules.previous_edition, _READ_OF_PREVIOUS)
    taken = previous(home, settings, edition, emit)
    steps = _steps(home, settings, edition)
    made = {
        "lineage": _lineage_table(steps),
        "predecessors": _predecessors(home, settings, edition, steps),
        "previous_areas": _previous_areas(home, rules, edition),
    }
    said, paths = marks(edition, rules.simulated), {name: home.table(edition, name) for name in made}
    rows = {name: contracts.write(name, table, paths[name], said) for name, table in made.items()}
    counts: dict[str, Any] = {
        kind: sum(step.kind == kind for step in steps)
        for kind in ("continued", "split", "merged", "new", "gone")
    }
    counts["table_rows"] = {"previous_clusters": taken.rows, **rows}
    _say(emit, f"lineage: {counts['continued']:,} continued, {counts['new']:,} new, {counts['gone']:,} gone")
    versions = {**taken.versions, **{name: file_hash(path) for name, path in paths.items()}}
    return watch.report(rows["lineage"], counts, versions=versions)


def _steps(home: Home, settings: Settings, edition: str) -> list[Step]:
    """Rows of `lineage`; none without a previous edition."""
    from clustering.lineage import lineage
    from clustering.overlap import overlap

    rules = settings.edition(edition)
    before = rules.previous_edition
    if before is None:
        return []
    shared = _shared_periods(rules, settings.edition(before))
    now_placed, then_placed = _placed(home, edition, shared), _placed(home, before, shared)
    now, then = _numbers(now_placed), _numbers(then_placed)
    return lineage(overlap(now_placed, then_placed, len(shared)), now, then, rules.lineage_min_share)


def _previous_areas(home: Home, rules: Edition, edition: str) -> pa.Table:
    """Rows of `previous_areas`: the previous edition's points and fractions by this edition's clusters."""
    from clustering.areas import areas, areas_table

    before = rules.previous_edition
    if before is None:
        return contracts.contract("previous_areas").empty()
    points = contracts.read("points", home.table(before, "points"), ["point_id", "latitude", "longitude"])
    years = contracts.read("point_years", home.table(before, "point_years"), ["point_id", "kind", "count"])
    cores, clusters = _cores(home, edition)
    area = areas(column(points, "latitude"), column(points, "longitude"), cores, rules.eps_km)
    return areas_table(clusters, column(points, "point_id"), area, years, _world(home, before))


def _cores(home: Home, edition: str) -> tuple[Cores, list[int]]:
    """The core points of an edition's clusters, and the clusters' numbers."""
    from clustering.areas import Cores

    points = contracts.read("points", home.table(edition, "points"), ["latitude", "longitude"])
    placed = contracts.read("point_clusters", home.table(edition, "point_clusters"))
    cluster = column(placed, "cluster_no").astype(np.int64)
    core = column(placed, "is_core") & (cluster > 0)
    found = Cores(column(points, "latitude")[core], column(points, "longitude")[core], cluster[core])
    return found, [int(one) for one in np.unique(cluster) if one > 0]


def _world(home: Home, before: str) -> dict[str, float]:
    """World totals of an edition by kind."""
    worlds = contracts.read("world_totals", home.table(before, "world_totals"), ["kind", "total"])
    totals = worlds["total"].to_pylist()
    return {kind: float(total) for kind, total in zip(words(worlds, "kind"), totals, strict=True)}


def _shared_periods(rules: Edition, before: Edition) -> dict[tuple[str, int], int]:
    """Number of each (kind, publication year) that lies in both editions' windows."""
    pairs = [
        (kind, year)
        for kind in ("pct", "sci")
        for year in sorted(set(rules.years(kind)) & set(before.years(kind)))
    ]
    return {pair: number for number, pair in enumerate(pairs)}


def _placed(home: Home, edition: str, shared: dict[tuple[str, int], int]) -> Placed:
    from clustering.overlap import Placed

    points = contracts.read("points", home.table(edition, "points"))
    clusters = contracts.read("point_clusters", home.table(edition, "point_clusters"))
    years = contracts.read("point_years", home.table(edition, "point_years"))
    pairs = zip(words(years, "kind"), years["publication_year"].to_pylist(), strict=True)
    period = np.array([shared.get(pair, -1) for pair in pairs], dtype=np.int64)
    chosen = period >= 0
    point_id = column(points, "point_id")
    return Placed(
        column(points, "latitude"),
        column(points, "longitude"),
        column(points, "weight"),
        column(clusters, "cluster_no").astype(np.int64),
        np.searchsorted(point_id, column(years, "point_id")[chosen]),
        period[chosen],
        column(years, "listings")[chosen],
    )


def _numbers(placed: Placed) -> list[int]:
    return [int(one) for one in np.unique(placed.cluster) if one > 0]


def _lineage_table(steps: list[Any]) -> pa.Table:
    import pyarrow as pa

    schema = contracts.contract("lineage").schema
    fields = ("now", "before", "kind", "shared", "share_of_this", "share_of_previous", "is_predecessor")
    return pa.table(
        [
            pa.array([getattr(step, field) for step in steps], schema.field(place).type)
            for place, field in enumerate(fields)
        ],
        names=schema.names,
    )


def _predecessors(home: Home, settings: Settings, edition: str, steps: list[Step]) -> pa.Table:
    """Rows of `predecessors`: one for each cluster of this edition, also where nothing is known of an earlier one."""
    import pyarrow as pa

    from clustering.lineage import origins

    rules = settings.edition(edition)
    numbers = contracts.read("point_clusters", home.table(edition, "point_clusters"), ["cluster_no"])
    now = [int(one) for one in np.unique(column(numbers, "cluster_no")) if one > 0]
    ranks = contracts.read(
        "previous_clusters", home.table(edition, "previous_clusters"), ["cluster_no", "rank"]
    )
    rank_of = dict(zip(ranks["cluster_no"].to_pylist(), ranks["rank"].to_pylist(), strict=True))
    before = rules.previous_edition
    ranked = {number for number, rank in rank_of.items() if rank <= rules.ranked_size}
    found = origins(steps, now, rank_of, ranked, ranked | _ranked_earlier(home, before))
    return pa.Table.from_pylist(
        [vars(one) for one in found], schema=contracts.contract("predecessors").schema
    )


def _ranked_earlier(home: Home, before: str | None) -> set[int]:
    """Clusters of the previous edition that follow from a ranked one of an edition before it, as far as it is held."""
    path = home.table(before, "predecessors") if before is not None else None
    if path is None or not path.is_file():
        return set()
    table = contracts.read("predecessors", path, ["cluster_no", "ranked_before"])
    rows = zip(table["cluster_no"].to_pylist(), table["ranked_before"].to_pylist(), strict=True)
    return {number for number, ranked in rows if ranked}


def _say(emit: Emit, line: str) -> None:
    if emit is not None:
        emit(line)
