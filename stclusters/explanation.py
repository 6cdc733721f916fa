"""Why a place is in a cluster, or in none: a few sentences with numbers, from the tables of an edition.

Takes a name of the gazetteer, or an address that the geocoder places; counts the weight within eps_km as the clustering does (METHODOLOGY 7), and reads the
classes of points, clusters, ranks and joins that the stages wrote. It decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from clustering.sphere import DEGREE, haversine, haversine_limit, kilometres
from foundation import contracts
from foundation.errors import BadInput
from foundation.home import Home
from foundation.settings import Edition, Settings
from geocoding.normalise import key

if TYPE_CHECKING:
    import pyarrow as pa


NAMESAKES = 5  # regions named of smaller places with the same name


@dataclass(frozen=True)
class Place:
    """A place of the gazetteer, and the regions of the smaller ones that have its name."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float
    others: tuple[str, ...]


def explain_place(
    home: Home, settings: Settings, edition: str, name: str, country: str | None = None
) -> list[str]:
    """Sentences on where a place stands in an edition.

    Raises
    ------
    BadInput
        The gazetteer knows no such place.
    MissingData
        The edition has not been clustered.
    """
    place = find_place(home, name, country)
    where = ", ".join(one for one in (place.name, place.region, place.country) if one)
    said = f"{where}, lies at {place.latitude:.4f}, {place.longitude:.4f}.{_namesakes(place)}"
    return [said, *_standing(home, settings.edition(edition), edition, place.latitude, place.longitude)]


def explain_address(
    home: Home, settings: Settings, edition: str, text: str, country: str | None = None
) -> list[str]:
    """How an address is read and placed by the settings' gazetteer and registry, and where that stands in an edition.

    Decisions by hand are not asked: they belong to the addresses of the lake, whose way `--record` tells.

    Raises
    ------
    MissingData
        The edition has not been clustered.
    """
    from geocoding.explanation import explain
    from geocoding.geocoder import Geocoder
    from geocoding.stage import sources_of

    geocoder = Geocoder.open(*sources_of(home, settings, lambda _: None)[1])
    said, found = explain(geocoder, text, country), geocoder.place(text, country)
    made = contracts.read("edition_settings", home.table(edition, "edition_settings"), ["point_precisions"])
    points = made["point_precisions"][0].as_py()
    if found.latitude is None or found.longitude is None or found.precision not in points:
        why = f"{found.precision} is no point (points are {', '.join(points)}): its listing counts outside all clusters."
        return [*said, why]
    return [*said, *_standing(home, settings.edition(edition), edition, found.latitude, found.longitude)]


def _standing(home: Home, rules: Edition, edition: str, latitude: float, longitude: float) -> list[str]:
    """Sentences on a spot: the weight around it, its cluster, the nearest point, how the cluster was joined."""
    points = contracts.read("points", home.table(edition, "points"))
    placed = contracts.read("point_clusters", home.table(edition, "point_clusters"))
    names = _cluster_names(home, edition, rules)
    if not points.num_rows:
        return [f"Edition {edition} has no points."]
    hav = _hav(latitude, longitude, points)
    number, verdict = _verdict(placed, hav, names, rules)
    near = [_weight_sentence(points, hav, rules), verdict, _nearest_point(placed, hav, names)]
    return [*near, *_joined(home, edition, placed, number)]


def find_place(home: Home, name: str, country: str | None = None) -> Place:
    """The most populous place of a name, spelled with or without accents; a region may follow after a comma.

    Raises
    ------
    BadInput
        No place has the name, or none in that region or country.
    """
    columns = ["population", "name", "country", "latitude", "longitude", "region", "region_name"]
    places = contracts.read("places", home.places(), columns)
    if country is not None and country.upper() not in set(places["country"].unique().to_pylist()):
        raise BadInput(
            f"No place of the gazetteer lies in a country '{country}'.",
            "Give its ISO code of two letters, as GB.",
        )
    town, _, region = name.partition(",")
    wanted, part = key(town), key(region)
    found = [
        row
        for row in zip(*(places[one].to_pylist() for one in columns), strict=True)
        if (country is None or row[2] == country.upper())
        and (not part or part in (key(row[5]), key(row[6])))
        and row[1][:1]
        and key(row[1]) == wanted
    ]
    if not wanted or not found:
        raise BadInput(
            f"The gazetteer knows no place called '{name}'" + (f" in {country}." if country else "."),
            "Give its name in Latin letters, in its own language or in English, as Tokyo; a region may follow a comma.",
        )
    best, *rest = sorted(found, reverse=True)
    others = tuple(dict.fromkeys(", ".join(one for one in (row[6] or row[5], row[2]) if one) for row in rest))
    return Place(best[1], best[6], best[2], best[3], best[4], others)


def _namesakes(place: Place) -> str:
    if not place.others:
        return ""
    many = len(place.others)
    listed = "; ".join(place.others[:NAMESAKES]) + ("; …" if many > NAMESAKES else "")
    have = "A smaller place has" if many == 1 else "Smaller places have"
    return f" {have} this name in {listed}: a region after a comma, or --country, chooses one."


def _hav(latitude: float, longitude: float, points: pa.Table) -> Any:
    there = [points[name].to_numpy() * DEGREE for name in ("latitude", "longitude")]
    return haversine(latitude * DEGREE, longitude * DEGREE, *there)


def _weight_sentence(points: pa.Table, hav: Any, rules: Edition) -> str:
    within = int(points["weight"].to_numpy()[hav <= haversine_limit(rules.eps_km)].sum())
    needed = rules.effective_min_samples
    unit = "listings" if rules.point_weighting == "listings" else "units of weight"
    if within >= needed:
        return (
            f"Within {rules.eps_km:g} km of it lie {within:,} {unit}; {needed:,} make a core point, "
            "so a point there is one."
        )
    return f"Within {rules.eps_km:g} km of it lie {within:,} of the {needed:,} {unit} that make a core point."


def _verdict(placed: pa.Table, hav: Any, names: dict[int, str], rules: Edition) -> tuple[int, str]:
    """The cluster that the place itself lies in (-1 for none), by its nearest core point, and the sentence that says so."""
    cores = np.flatnonzero(placed["is_core"].to_numpy(zero_copy_only=False))
    if not len(cores):
        return -1, "It is in no cluster: the edition has no core point at all."
    core = int(cores[np.argmin(hav[cores])])
    away, number = float(kilometres(hav[core])), placed["cluster_no"][core].as_py()
    owner = names.get(number, "a cluster without name")
    if hav[core] > haversine_limit(rules.eps_km):
        return -1, (
            f"It is in no cluster: the nearest core point is {away:.1f} km away, more than {rules.eps_km:g}, and belongs "
            f"to {owner}."
        )
    return number, f"It is in {owner}: the nearest core point is {away:.1f} km away."


def _nearest_point(placed: pa.Table, hav: Any, names: dict[int, str]) -> str:
    row = int(np.argmin(hav))
    number = placed["cluster_no"][row].as_py()
    if number < 0:
        what = "is in no cluster"
    elif placed["is_core"][row].as_py():
        what = f"is a core point of {names[number]}"
    else:
        away = placed["km_to_core"][row].as_py()
        what = f"is in {names[number]}: it is no core point itself, but one lies {away:.1f} km from it"
    return f"The nearest point with listings, {float(kilometres(hav[row])):.1f} km away, {what}."


def _cluster_names(home: Home, edition: str, rules: Edition) -> dict[int, str]:
    """What each cluster is called in a sentence: its name and rank, or that it is below the ranked."""
    clusters = contracts.read("clusters", home.table(edition, "clusters"), ["cluster_no", "name"])
    path, ranks = home.table(edition, "cluster_ranks"), {}
    if path.is_file():
        table = contracts.read("cluster_ranks", path, ["cluster_no", "rank"])
        ranks = dict(zip(table["cluster_no"].to_pylist(), table["rank"].to_pylist(), strict=True))

    def said(number: int, name: str) -> str:
        rank = ranks.get(number)
        if rank is None:
            return name
        below = "" if rank <= rules.ranked_size else f", below the {rules.ranked_size} ranked"
        return f"{name} (rank {rank}{below})"

    rows = zip(clusters["cluster_no"].to_pylist(), clusters["name"].to_pylist(), strict=True)
    return {number: said(number, name) for number, name in rows}


def _joined(home: Home, edition: str, placed: pa.Table, number: int) -> list[str]:
    """How a cluster was merged, if it was."""
    path = home.table(edition, "cluster_neighbours")
    if number < 0 or not path.is_file():
        return []
    mine = placed.filter(np.equal(placed["cluster_no"].to_numpy(), number))
    parts = set(mine["dbscan_no"].to_pylist())
    pairs = [one for one in contracts.read("cluster_neighbours", path).to_pylist() if one["joined"]]
    pairs = [one for one in pairs if one["dbscan_no_a"] in parts]
    return [
        f"Clusters {one['dbscan_no_a']} and {one['dbscan_no_b']} before merging became one: their nearest points are "
        f"{one['points_km']:.1f} km apart, their nearest core points {one['core_km']:.1f} km."
        for one in pairs
    ]
