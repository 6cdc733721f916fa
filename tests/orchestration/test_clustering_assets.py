"""What the clustering assets show in the UI, and what the Launchpad can change."""

import base64

import dagster as dg
import pyarrow as pa
import pytest

from foundation import contracts
from foundation.errors import BadSettings
from foundation.home import Home
from foundation.settings import parse
from orchestration.assets import clustering
from orchestration.partitions import Partitions

SETTINGS = parse({"editions": {"one": {"pct_years": [2019], "sci_years": [2019], "min_samples": 10}}}, "test")


def rows(home, name, path, values):
    contracts.write(name, pa.Table.from_pylist(values, schema=contracts.contract(name).schema), path)


@pytest.fixture
def home(tmp_path):
    made = Home(tmp_path)
    spots = [(0.0, 9), (0.1, 4), (5.0, 4)]
    point = {"latitude": 10.0, "country": "JP", "place_id": 1, "sci_listings": 0}
    points = [
        {**point, "point_id": number, "longitude": longitude, "pct_listings": weight, "weight": weight}
        for number, (longitude, weight) in enumerate(spots, 1)
    ]
    rows(made, "points", made.table("one", "points"), points)
    place = {"place_id": 1, "name": "Here", "region": "", "region_name": "", "country": "JP", "population": 9}
    at = {"latitude": 10.0, "longitude": 0.0, "gazetteer": "test"}
    rows(made, "places", made.places(), [place | at])
    return made


def run(home, config=None):
    """Metadata of point_clusters and of clusters, and the run's log."""
    done = dg.materialize(
        clustering.assets(Partitions.of(SETTINGS))[:2],
        partition_key="one",
        resources={"home": home, "settings": SETTINGS},
        run_config={"ops": {"point_clusters": {"config": config or {}}}},
    )
    assert done.success
    found = {}
    for node in ("point_clusters", "describe"):
        for one in done.asset_materializations_for_node(node):
            found[one.asset_key.to_user_string()] = one.metadata
    return found


def test_the_asset_shows_a_map_its_sizes_and_its_seconds(home):
    found = run(home)
    assert found["point_clusters"]["clusters"].value == 1
    assert found["point_clusters"]["seconds_clustering"].value >= 0
    text = found["point_clusters"]["map"].value
    assert base64.b64decode(text.split("base64,")[1].rstrip(")")).startswith(b"\x89PNG")
    assert found["point_clusters"]["preview"].records[0].data["cluster_no"] == 1
    (first,) = found["clusters"]["largest"].value.records
    assert (first.data["name"], first.data["listings"]) == ("Here", 13)


def test_values_from_the_launchpad_hold_for_one_run(home):
    assert run(home, {"min_samples": 4})["point_clusters"]["clusters"].value == 2
    assert run(home)["point_clusters"]["clusters"].value == 1


def test_a_value_that_no_edition_may_have_is_refused():
    with pytest.raises(BadSettings, match="eps_km"):
        SETTINGS.tried("one", {"eps_km": -1.0})
    assert SETTINGS.tried("one", {"eps_km": 9.0}).edition("one").eps_km == 9.0
    assert SETTINGS.edition("one").eps_km == 15.0
