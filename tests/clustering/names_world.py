"""The printed names and economies of the 100 clusters, held against simulated worlds of full size, as points.

`python -m tests.clustering.names_world [SEED ...]` prints how many come out exactly, as sets of cities and as economies,
from the true grouping and from end to end (clustering, merging, naming), the pairs, and every miss with its reason.
A world has the sites of the demo's generator, every site's listings with noise of a tenth, at its place's coordinates.
No override is used, only the built-in forms of names.
"""

import csv
import sys
from dataclasses import dataclass

import numpy as np

from clustering import economies as economy
from clustering.cities import Cities
from clustering.merge import Members, joins
from clustering.names import Activity, Naming, balanced, names
from clustering.neighbours import agreeing, near_pairs, pair_rows
from clustering.numbering import cluster_points
from clustering.tables import BUILT_IN_FORMS, read_forms, read_pairs
from foundation.home import seed_file

NOISE = 0.1
EPS_KM, LEAST, WITHIN_KM, CORE_KM, ECONOMY_SHARE = 15.0, 4500, 5.0, 20.0, 0.03


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


def named(points, cluster, clusters, cities):
    """Name and economies of each cluster of the points, numbers from 0."""
    inside = np.flatnonzero((cluster >= 0) & (cluster < clusters))
    activity, country = balanced(points.pct[inside], points.sci[inside]), [points.country[i] for i in inside]
    listed = Activity(cluster[inside], country, points.latitude[inside], points.longitude[inside], activity)
    rule = Naming(forms=read_forms(BUILT_IN_FORMS))
    codes = economy.economies(
        cluster[inside], country, (points.pct + points.sci)[inside], activity, clusters, ECONOMY_SHARE
    )
    return [(one.name, code) for one, code in zip(names(listed, clusters, cities, rule), codes, strict=True)]


def cities_of(name):
    """The cities of a printed name, without states."""
    return frozenset(part.split(", ")[0] for part in name.split("–"))


def scored(found):
    """Score of what stands for each printed row: (name, economies) or None."""
    exact = sets = codes = 0
    misses = []
    for (name, wanted), one in zip(printed(), found, strict=True):
        got, economies = one if one is not None else ("nothing", [])
        exact += got == name
        sets += cities_of(got) == cities_of(name)
        codes += economies == wanted
        if got != name or economies != wanted:
            misses.append(f"{name} ({'/'.join(wanted)}): {got} ({'/'.join(economies)}): {reason(name, got)}")
    return Score(exact, sets, codes, misses)


def reason(name, got):
    """Why a name differs, in words."""
    wanted, found = cities_of(name), cities_of(got)
    if got == name:
        return "economies differ"
    if wanted == found:
        return "other order of activity in this world"
    if found < wanted:
        return f"{', '.join(sorted(wanted - found))} is in another cluster or below the share of the first"
    if wanted < found:
        return f"{', '.join(sorted(found - wanted))} has enough listings too"
    return "another city leads"


def true_grouping(points, cities):
    """Names of the published groups as they are."""
    return scored(named(points, points.truth, 100, cities))


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
    return scored([_standing(points, found.cluster_no, weight, row, made) for row in range(100)]), agreeing(
        trials
    )


def _standing(points, number, weight, row, made):
    """What the cluster with most listings of a published group is called."""
    rows = np.flatnonzero((points.truth == row) & (number > 0))
    if not len(rows):
        return None
    return made[int(np.bincount(number[rows], weight[rows]).argmax()) - 1]


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
