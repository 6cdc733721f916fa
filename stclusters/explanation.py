"""Why a place is in a cluster, or in none: a few sentences with numbers, from the tables of an edition.

Takes a name of the gazetteer; counts the weight within eps_km as the clustering does (METHODOLOGY 7), and reads the
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


@dataclass(frozen=True)
class Place:
    """A place of the gazetteer, and how many others have its name."""

    name: str
    country: str
    latitude: float
    longitude: float
    others: int


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
    rules, place = settings.edition(edition), find_place(home, name, country)
    points = contracts.read("points", home.table(edition, "points"))
    placed = contracts.read("point_clusters", home.table(edition, "point_clusters"))
    names = _cluster_names(home, edition, rules)
    said = [f"{place.name}, {place.country}, lies at {place.latitude:.4f}, {place.longitude:.4f}."]
    if place.others:
        more = "1 smaller place has" if place.others == 1 else f"{place.others:,} smaller places have"
        said[0] += f" {more} this name; a country narrows it."
    if not points.num_rows:
        return [*said, f"Edition {edition} has no points."]
    hav = _hav(place, points)
    said += [_weight_sentence(points, hav, rules)]
    return said + _point_sentences(points, placed, hav, names, rules) + _joined(home, edition, placed, hav)


def find_place(home: Home, name: str, country: str | None = None) -> Place:
    """The most populous place of a name, spelled with or without accents."""
    places = contracts.read(
        "places", home.places(), ["name", "country", "latitude", "longitude", "population"]
    )
    wanted = key(name)
    columns = [places[one].to_pylist() for one in ("population", "name", "country", "latitude", "longitude")]
    found = [
        row
        for row in zip(*columns, strict=True)
        if (country is None or row[2] == country.upper()) and row[1][:1] and key(row[1]) == wanted
    ]
    if not found:
        raise BadInput(
            f"The gazetteer knows no place called '{name}'" + (f" in {country}." if country else "."),
            "Give the name as in its own language or in English.",
        )
    best = max(found)
    return Place(best[1], best[2], best[3], best[4], len(found) - 1)


def _hav(place: Place, points: pa.Table) -> Any:
    latitude, longitude = (points[name].to_numpy() * DEGREE for name in ("latitude", "longitude"))
    return haversine(place.latitude * DEGREE, place.longitude * DEGREE, latitude, longitude)


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


def _point_sentences(
    points: pa.Table, placed: pa.Table, hav: Any, names: dict[int, str], rules: Edition
) -> list[str]:
    """The nearest point's class, and the core point that decides it."""
    row = int(np.argmin(hav))
    away = float(kilometres(hav[row]))
    point = {name: placed[name][row].as_py() for name in placed.column_names}
    where = f"The nearest point with listings, {away:.1f} km away,"
    if point["core_point_id"] is None:
        return [f"{where} is in no cluster; the edition has no core point at all."]
    core = int(np.searchsorted(points["point_id"].to_numpy(), point["core_point_id"]))
    owner = names.get(placed["cluster_no"][core].as_py(), "a cluster without name")
    if point["cluster_no"] < 0:
        return [
            f"{where} is in no cluster: its nearest core point is {point['km_to_core']:.1f} km away, more than "
            f"{rules.eps_km:g}, and belongs to {owner}."
        ]
    if point["is_core"]:
        return [f"{where} is a core point of {names[point['cluster_no']]}."]
    return [
        f"{where} is in {names[point['cluster_no']]}: it is no core point itself, but one lies "
        f"{point['km_to_core']:.1f} km away."
    ]


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


def _joined(home: Home, edition: str, placed: pa.Table, hav: Any) -> list[str]:
    """How the cluster of the nearest point was merged, if it was."""
    path = home.table(edition, "cluster_neighbours")
    row = int(np.argmin(hav))
    number = placed["cluster_no"][row].as_py()
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
