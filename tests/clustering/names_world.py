"""The printed names and economies of the 100 clusters, held against simulated worlds of full size, as points.

`python -m tests.clustering.names_world [SEED ...]` prints how many come out exactly, as sets of cities and as economies,
from the true grouping and from end to end (clustering, merging, naming), the pairs, and every miss with its one reason.
A world has the sites of the demo's generator, every site's listings with noise of a tenth, at its place's coordinates.
No override is used, only the built-in forms of names.
"""

import csv
import sys
from dataclasses import dataclass

import numpy as np

from clustering import economies as economy
from clustering import names as naming
from clustering.cities import Cities
from clustering.merge import Members, joins
from clustering.names import Activity, Naming, balanced
from clustering.neighbours import agreeing, near_pairs, pair_rows
from clustering.numbering import cluster_points
from clustering.sphere import distance_km, mean_point
from clustering.tables import BUILT_IN_FORMS, read_forms, read_pairs
from foundation.home import seed_file

NOISE = 0.1
EPS_KM, LEAST, WITHIN_KM, CORE_KM, ECONOMY_SHARE = 15.0, 4500, 5.0, 20.0, 0.03
RULE = Naming(forms=read_forms(BUILT_IN_FORMS))


@dataclass(frozen=True)
class Points:
    """Listings at places, sorted by latitude and longitude; `truth` is the published row or a larger number."""

    latitude: np.ndarray
    longitude: np.ndarray
    country: list
    pct: np.ndarray
    sci: np.ndarray
    truth: np.ndarray


@dataclass(frozen=True)
class Score:
    """How many of the 100 come out, and what the others became, in sentences."""

    exact: int
    as_sets: int
    economies: int
    misses: list


def points_of(world, seed):
    """One draw of a world at full size."""
    from simulation import tables
    from simulation.volumes import LISTINGS_PER_DOCUMENT

    rng, totals = np.random.default_rng([seed, 13]), tables.world_totals()
    years = {"pct": 2020, "sci": 2019}
    drawn = [
        rng.poisson(
            world.site_shares(kind, years[kind])
            * totals[kind]
            * LISTINGS_PER_DOCUMENT[kind]
            * rng.lognormal(0, NOISE, len(world.site_place))
        )
        for kind in ("pct", "sci")
    ]
    place = world.site_place
    latitude, longitude = world.places.latitude[place], world.places.longitude[place]
    order = np.lexsort((world.site_cluster, longitude, latitude))
    order = order[(drawn[0] + drawn[1])[order] > 0]
    country = world.places.country[place][order].tolist()
    return Points(
        latitude[order],
        longitude[order],
        country,
        drawn[0][order],
        drawn[1][order],
        world.site_cluster[order],
    )


def gazetteer():
    """The gazetteer's cities as the stage reads them."""
    from geocoding.gazetteer import geonames_places

    rows = sorted((one for one in geonames_places() if one.place_id > 0), key=lambda one: one.place_id)
    return Cities(
        np.array([one.place_id for one in rows]),
        [one.name for one in rows],
        [one.region for one in rows],
        [one.country for one in rows],
        np.array([one.latitude for one in rows]),
        np.array([one.longitude for one in rows]),
        np.array([one.population for one in rows]),
    )


def printed():
    """Name and economies of the 100 printed clusters."""
    from foundation.home import project_root

    path = project_root() / "simulation" / "data" / "clusters_2024.csv"
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(row["cluster"], row["economies"].split("/")) for row in csv.DictReader(lines)]


@dataclass(frozen=True)
class Named:
    """Clusters from 0 with what they are called, and how each point's listings were counted.

    `nearest` and `city` are rows of the gazetteer, -1 for none: the nearest city of each point, and the one that holds it.
    """

    points: Points
    cluster: np.ndarray
    cities: Cities
    found: list  # (name, economies) of each cluster
    nearest: np.ndarray
    city: np.ndarray
    activity: np.ndarray


def named(points, cluster, clusters, cities):
    """Names and economies of clusters of the points, numbers from 0."""
    inside = np.flatnonzero((cluster >= 0) & (cluster < clusters))
    activity, country = balanced(points.pct[inside], points.sci[inside]), [points.country[i] for i in inside]
    listed = Activity(cluster[inside], country, points.latitude[inside], points.longitude[inside], activity)
    codes = economy.economies(
        cluster[inside], country, (points.pct + points.sci)[inside], activity, clusters, ECONOMY_SHARE
    )
    made = [one.name for one in naming.names(listed, clusters, cities, RULE)]
    every = Activity(
        cluster, points.country, points.latitude, points.longitude, balanced(points.pct, points.sci)
    )
    nearest = naming._city_of(every, cities, RULE)
    city = naming._in_their_city(nearest, cities, RULE)
    found = list(zip(made, codes, strict=True))
    return Named(points, cluster, cities, found, nearest, city, every.activity)


def cities_of(name):
    """The cities of a printed name, without states."""
    return frozenset(part.split(", ")[0] for part in name.split("–"))


def scored(world, standing):
    """Score of the clusters (numbers from 0, None for none) that stand for the printed rows."""
    exact = sets = codes = 0
    misses = []
    for (name, wanted), number in zip(printed(), standing, strict=True):
        got, economies = world.found[number] if number is not None else ("nothing", [])
        exact += got == name
        sets += cities_of(got) == cities_of(name)
        codes += economies == wanted
        if got != name or economies != wanted:
            said = [*why_name(world, number, name, got), *why_economies(wanted, economies)]
            misses.append(f"{name} ({'/'.join(wanted)}): {got} ({'/'.join(economies)}): {'; '.join(said)}")
    return Score(exact, sets, codes, misses)


def why_name(world, number, name, got):
    """Why a name differs, a clause for each city that is missing or too many."""
    wanted, found = cities_of(name), cities_of(got)
    if got == name:
        return []
    if number is None:
        return ["no core point there"]
    if wanted == found:
        return ["other order of activity in this world"]
    missing = [why_missing(world, number, city) for city in sorted(wanted - found)]
    return missing + [
        f"{city} has {part(world, number, city):.0%} of the first city's listings, enough to be named"
        for city in sorted(found - wanted)
    ]


def why_economies(wanted, found):
    """Why economies differ, in a clause."""
    if wanted == found:
        return []
    if sorted(wanted) == sorted(found):
        return ["the same economies in another order of activity"]
    extra, missing = sorted(set(found) - set(wanted)), sorted(set(wanted) - set(found))
    more = [f"{'/'.join(extra)} has {ECONOMY_SHARE:.0%} or more of the listings"] if extra else []
    return more + ([f"{'/'.join(missing)} has less than {ECONOMY_SHARE:.0%}"] if missing else [])


def row_of(world, number, city):
    """The gazetteer's place of that printed name that is nearest to a cluster, None if no place bears it."""
    called = [
        RULE.forms.get(int(one), name)
        for one, name in zip(world.cities.place_id, world.cities.name, strict=True)
    ]
    rows = np.flatnonzero(np.array(called, dtype=object) == city)
    if not len(rows):
        return None
    inside = world.cluster == number
    middle = mean_point(world.points.latitude[inside], world.points.longitude[inside], world.activity[inside])
    km = distance_km(world.cities.latitude[rows], world.cities.longitude[rows], *middle)
    return int(rows[np.argmin(km)])


def shares(world, number):
    """Listings of each city in a cluster as parts of the first one's: {row of the gazetteer: part}."""
    inside = (world.cluster == number) & (world.city >= 0)
    rows, place = np.unique(world.city[inside], return_inverse=True)
    sums = np.bincount(place, world.activity[inside])
    return dict(zip(rows.tolist(), (sums / sums.max()).tolist(), strict=True)) if len(rows) else {}


def part(world, number, city):
    """Listings of a city as a part of the first one's."""
    return shares(world, number).get(row_of(world, number, city), 0.0)


def why_missing(world, number, city):
    """The one reason for which a printed city is not in the name of a cluster."""
    row = row_of(world, number, city)
    own = world.nearest == row
    if row is None or not own.any():
        return f"{city} is no place's nearest city of the gazetteer"
    holder = int(world.city[own][0])
    if holder != row:
        return f"{city} is counted with {world.cities.name[holder]} as its district"
    groups, place = np.unique(world.cluster[own], return_inverse=True)
    most = int(groups[np.bincount(place, world.activity[own]).argmax()])
    if most != number:
        there = world.found[most][0] if 0 <= most < len(world.found) else "no cluster"
        return f"{city} lies in another cluster ({there})"
    share = shares(world, number).get(row, 0.0)
    if share < RULE.min_share_of_first:
        return (
            f"{city} has {share:.0%} of the first city's listings ({RULE.min_share_of_first:.0%} are asked)"
        )
    beside = [one for one in sorted(cities_of(world.found[number][0])) if not apart(world, number, row, one)]
    if beside:
        return f"{city} has {share:.0%} but lies within {RULE.min_distance_km:.0f} km of {beside[0]}"
    return f"{city} has {share:.0%} but {RULE.max_cities} cities have more"


def apart(world, number, row, named_city):
    """Whether a city is far enough from one of the cluster's name."""
    return naming._apart(row, [row_of(world, number, named_city)], world.cities, RULE.min_distance_km)


def true_grouping(points, cities):
    """Names of the published groups as they are."""
    return scored(named(points, points.truth, 100, cities), range(100))


def end_to_end(points, cities):
    """Score of clustering, merging and naming, and how many pairs come out as printed."""
    weight = (points.pct + points.sci).astype(np.int64)

    def rule(members, clusters, dbscan_no):
        return joins(members, clusters, WITHIN_KM, CORE_KM)

    found = cluster_points(points.latitude, points.longitude, weight, weight, EPS_KM, LEAST, rule)
    clusters = int(found.cluster_no.max())
    made = named(points, found.cluster_no - 1, clusters, cities)
    before = np.where(found.dbscan_no > 0, found.dbscan_no - 1, -1)
    members, count = (
        Members(points.latitude, points.longitude, before, found.is_core),
        int(found.dbscan_no.max()),
    )
    pairs = read_pairs(seed_file("gii_2024_pairs"), seed_file("gii_2024_pair_cities"))
    near = near_pairs(members, count, EPS_KM)
    trials = pair_rows(pairs, members, count, near, found.joins, EPS_KM, WITHIN_KM)
    standing = [_standing(points, found.cluster_no, weight, row) for row in range(100)]
    return scored(made, standing), agreeing(trials)


def _standing(points, number, weight, row):
    """The cluster, from 0, with most listings of a published group."""
    rows = np.flatnonzero((points.truth == row) & (number > 0))
    if not len(rows):
        return None
    return int(np.bincount(number[rows], weight[rows]).argmax()) - 1


def main():
    from simulation.world import build_world

    cities = gazetteer()
    for seed in [int(one) for one in sys.argv[1:]] or [1, 2, 3]:
        points = points_of(build_world(seed), seed)
        true = true_grouping(points, cities)
        whole, pairs = end_to_end(points, cities)
        for what, score in (("true grouping", true), ("end to end", whole)):
            sys.stdout.write(
                f"seed {seed}, {what}: {score.exact} names, {score.as_sets} as sets, {score.economies} economies\n"
            )
        sys.stdout.write(f"  pairs as printed: {pairs}\n")
        sys.stdout.write("".join(f"  true grouping: {line}\n" for line in true.misses))
        sys.stdout.write("".join(f"  end to end: {line}\n" for line in whole.misses))


if __name__ == "__main__":
    main()
