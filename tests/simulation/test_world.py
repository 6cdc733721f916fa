from __future__ import annotations

import numpy as np
import pytest

from simulation import tables, volumes
from simulation.articles import CLOSENESS
from simulation.draws import SiteDraw, mixed, mixed_one
from simulation.volumes import LISTINGS_PER_DOCUMENT, PUBLISHED_MIN_SAMPLES
from simulation.world import OUTSIDE_LARGEST, World


@pytest.mark.parametrize("kind", ["pct", "sci"])
def test_shares_of_all_sites_sum_to_one_in_every_year(world: World, kind: str) -> None:
    for year in (2017, 2020, 2023):
        assert world.site_shares(kind, year).sum() == pytest.approx(1, abs=1e-9)


def test_every_city_that_a_published_name_holds_is_a_site_of_its_cluster(world: World) -> None:
    sites = set(zip(world.site_cluster.tolist(), world.site_place.tolist(), strict=True))
    for number, cluster in enumerate(tables.published_clusters()):
        for place_id in cluster.place_ids:
            assert (number, world.places.row(place_id)) in sites, cluster.name


def test_a_cluster_is_spread_over_many_places_and_big_cities_over_their_districts(world: World) -> None:
    tokyo = world.site_cluster == 0
    assert tokyo.sum() > 50
    assert (world.places.parent[world.site_place[tokyo]] >= 0).sum() >= 10
    assert world.site_sci[tokyo].max() < 0.5


def test_foreign_towns_belong_to_clusters_that_cross_a_border(world: World) -> None:
    numbers = {volume.name: number for number, volume in enumerate(world.clusters)}
    for name, economies in (("Basel", {"CH", "DE", "FR"}), ("Singapore", {"SG", "MY"})):
        sites = world.site_cluster == numbers[name]
        countries = world.places.country[world.site_place[sites]]
        assert set(countries.tolist()) >= economies
        for economy in economies:
            assert world.site_sci[sites][countries == economy].sum() >= 0.03


def test_a_tenth_of_either_kind_lies_outside_and_no_town_there_can_be_a_cluster(world: World) -> None:
    outside = world.group_cluster == len(world.clusters) - 1
    assert world.group_pct[outside].sum() == pytest.approx(1 - volumes.CLUSTERED)
    assert world.group_sci[outside].sum() == pytest.approx(1 - volumes.CLUSTERED)
    totals = tables.world_totals()
    listings = sum(
        getattr(world, f"group_{kind}")[outside] * totals[kind] * LISTINGS_PER_DOCUMENT[kind]
        for kind in totals
    )
    assert listings.max() < 1.5 * OUTSIDE_LARGEST * PUBLISHED_MIN_SAMPLES < PUBLISHED_MIN_SAMPLES


def test_co_authors_leave_the_shares_of_places_as_they_are(world: World) -> None:
    rng = np.random.default_rng(3)
    draw = SiteDraw(world, "sci", 2020)
    leads = draw.leads(rng, 400_000)
    others = draw.around(rng, leads, CLOSENESS)
    wanted = np.bincount(world.site_cluster, weights=world.site_shares("sci", 2020))
    for sites in (leads, others):
        found = np.bincount(world.site_cluster[sites], minlength=len(wanted)) / len(sites)
        assert np.abs(found - wanted).max() < 5 * np.sqrt(wanted.max() / len(sites))
    assert 0.2 < (world.site_country[leads] != world.site_country[others]).mean() * 2 < 0.8
    assert (world.site_cluster[leads] != world.site_cluster[others]).mean() > 0.3


def test_the_seed_changes_growth_but_not_the_places(world: World) -> None:
    first, second = volumes.growth("CN", 7, 3), volumes.growth("CN", 8, 3)
    assert first != second
    assert first == volumes.growth("CN", 7, 3)
    assert world.group_growth[2] == volumes.growth("CN", 7, 2)


def test_mixed_numbers_are_the_same_one_by_one() -> None:
    values = np.array([0, 1, 77, 10**12, 2**40 + 3])
    assert mixed(values, 9).tolist() == [mixed_one(value, 9) for value in values.tolist()]
    assert len(set(mixed(np.arange(1000), 1).tolist())) == 1000
