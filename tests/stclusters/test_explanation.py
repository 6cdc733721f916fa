from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pytest

from clustering import stage
from foundation import contracts
from foundation.contracts.edition_settings import write_edition_settings
from foundation.errors import BadInput
from foundation.home import Home
from foundation.settings import parse
from stclusters.explanation import explain_address, explain_place

#: two clusters on the equator that merge (cores 18.9 km apart, borders 4.4 km), and a lone place
SPOTS = [(-0.1, 9), (0.0, 1), (0.065, 0), (0.105, 0), (0.17, 1), (0.27, 9), (0.6, 2)]
PLACES = [(1, "Östby", "SE", -0.1), (2, "Mid", "SE", 0.065), (3, "Lone", "SE", 0.6), (4, "Mid", "NO", 9.0),
          (5, "Faraway", "SE", 0.43), (6, "Twin", "SE", 0.2, "N1", "North"), (7, "Twin", "SE", 0.3, "S2", "South")]  # fmt: skip


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("home"))
    settings = parse(
        {"editions": {"one": {"pct_years": [2019], "sci_years": [2019], "min_samples": 10}}}, "test"
    )
    rows = [
        {
            "point_id": number, "latitude": 0.0, "longitude": longitude, "country": "SE", "place_id": 1,
            "pct_listings": weight, "sci_listings": 0, "weight": weight,
        }
        for number, (longitude, weight) in enumerate(SPOTS, 1)
    ]  # fmt: skip
    write(home.table("one", "points"), "points", rows)
    rows = [
        {
            "place_id": number, "name": name, "region": region, "region_name": region_name, "country": country, "latitude": 0.0,
            "longitude": longitude, "population": 900 - number, "gazetteer": "test",
        }
        for number, name, country, longitude, region, region_name in ((*one, "", "")[:6] for one in PLACES)
    ]  # fmt: skip
    write(home.places(), "places", rows)
    stage.cluster(home, settings, "one")
    stage.describe(home, settings, "one")
    share = {
        "pct_share": 1.0,
        "sci_share": 1.0,
        "total": 2.0,
        "pct_count": Decimal(1),
        "sci_count": Decimal(1),
    }
    write(home.table("one", "cluster_ranks"), "cluster_ranks", [{"cluster_no": 1, "rank": 7, **share}])
    return home, settings


def write(path, name, rows):
    contracts.write(name, pa.Table.from_pylist(rows, schema=contracts.contract(name).schema), path)


def said(held, name, country=None):
    home, settings = held
    return " ".join(explain_place(home, settings, "one", name, country))


def test_a_place_at_a_core_point_says_so_and_how_its_cluster_was_joined(held):
    text = said(held, "ostby")
    assert "Within 15 km of it lie 10 listings; 10 make a core point, so a point there is one." in text
    assert "It is in Östby (rank 7): the nearest core point is 0.0 km away." in text
    assert "0.0 km away, is a core point of Östby (rank 7)." in text
    assert "nearest points are 4.4 km apart, their nearest core points 18.9 km" in text


def test_a_place_at_the_border_names_the_weight_and_the_core_point(held):
    text = said(held, "Mid")
    assert "A smaller place has this name in NO: a region after a comma, or --country, chooses one." in text
    assert "It is in Östby (rank 7): the nearest core point is 7.2 km away." in text
    assert "lie 2 of the 10 listings that make a core point" in text
    assert "it is no core point itself, but one lies 7.2 km from it" in text


def test_a_place_in_no_cluster_names_the_nearest_core_point(held):
    text = said(held, "Lone")
    assert "lie 2 of the 10 listings" in text
    assert (
        "It is in no cluster: the nearest core point is 36.7 km away, more than 15, and belongs to Östby"
        in text
    )


def test_a_place_far_from_a_clustered_point_is_in_no_cluster_itself(held):
    text = said(held, "Faraway")
    assert "It is in no cluster: the nearest core point is 17.8 km away, more than 15, and belongs to" in text
    assert "The nearest point with listings, 17.8 km away, is a core point of Östby (rank 7)." in text


def test_a_region_after_a_comma_chooses_among_places_of_a_name(held):
    assert said(held, "twin").startswith("Twin, North, SE, lies at 0.0000, 0.2000. A smaller place has")
    assert said(held, "Twin, South").startswith("Twin, South, SE, lies at 0.0000, 0.3000.")
    assert said(held, "Twin,S2").startswith("Twin, South, SE, lies at 0.0000, 0.3000.")
    with pytest.raises(BadInput, match="no place called 'Twin, East'"):
        said(held, "Twin, East")


@pytest.mark.parametrize(
    ("precision", "longitude", "verdict"),
    [
        ("locality", -0.1, "It is in Östby (rank 7): the nearest core point is 0.0 km away."),
        ("postcode", 0.6, "It is in no cluster: the nearest core point is 36.7 km away"),
        ("region", None, "region is no point (points are locality, organisation, postcode, street)"),
    ],
)
def test_an_address_stands_where_the_geocoder_puts_it(held, monkeypatch, precision, longitude, verdict):
    home, settings = held
    write_edition_settings(home, settings, "one")
    spot = SimpleNamespace(
        latitude=None if longitude is None else 0.0, longitude=longitude, precision=precision
    )
    monkeypatch.setattr("geocoding.stage.sources_of", lambda *_: ("", ("index",)))
    monkeypatch.setattr("geocoding.explanation.explain", lambda _, text, country: [f"text {text} {country}"])
    monkeypatch.setattr(
        "geocoding.geocoder.Geocoder.open", lambda *_: SimpleNamespace(place=lambda text, country: spot)
    )
    said = explain_address(home, settings, "one", "Storgatan 1", "SE")
    assert said[0] == "text Storgatan 1 SE"
    assert verdict in " ".join(said[1:])


def test_a_place_that_the_gazetteer_lacks_is_named(held):
    assert said(held, "Mid", "no").startswith("Mid, NO, lies at")
    with pytest.raises(BadInput, match="no place called 'Atlantis'"):
        said(held, "Atlantis")
    with pytest.raises(BadInput, match=r"country 'sweden'.* Give its ISO code"):
        said(held, "Mid", "sweden")
