from __future__ import annotations

import numpy as np
import pytest

from simulation.addresses import Pools
from simulation.applications import Applications, Slips, draw_applications
from simulation.articles import FATES, Articles, draw_articles
from simulation.subjects import Journals, Technology
from simulation.world import World


@pytest.fixture(scope="module")
def pools(world: World) -> Pools:
    some = np.full(len(world.places.place_id), 50.0)
    return Pools.for_listings(some, some)


@pytest.fixture(scope="module")
def articles(world: World, pools: Pools) -> Articles:
    return draw_articles(world, 2020, 4000, pools, Journals(len(world.clusters), 7), 5000)


@pytest.fixture(scope="module")
def applications(world: World, pools: Pools) -> Applications:
    return draw_applications(world, 2020, 4000, pools, Technology(len(world.clusters), 7))


def test_fractions_of_every_article_with_an_address_sum_to_one(articles: Articles) -> None:
    sums = np.bincount(
        articles.listings.record, weights=articles.listings.fraction, minlength=len(articles.fate)
    )
    with_address = (np.diff(articles.address_start) > 0) & (articles.fate == 0)
    assert sums[with_address] == pytest.approx(1, abs=1e-9)
    assert sums[~with_address] == pytest.approx(0)


def test_teams_of_articles_look_like_those_of_the_real_samples(articles: Articles) -> None:
    authors, addresses = np.diff(articles.author_start), np.diff(articles.address_start)
    assert 4.5 < authors.mean() < 6.5
    assert authors.max() > 30
    assert 2.2 < addresses[addresses > 0].mean() < 3.2
    links = np.bincount(articles.link_author, minlength=int(authors.sum()))
    assert 0.15 < (links > 1).mean() < 0.24


def test_every_linked_author_belongs_to_the_record_of_the_address(articles: Articles) -> None:
    address = np.repeat(np.arange(len(articles.address_site)), np.diff(articles.link_start))
    of_address = np.searchsorted(articles.address_start, address, side="right") - 1
    of_author = np.searchsorted(articles.author_start, articles.link_author, side="right") - 1
    assert (of_address == of_author).all()


def test_plain_records_give_every_author_every_address(articles: Articles) -> None:
    addresses = np.diff(articles.address_start)
    links = np.add.reduceat(np.append(np.diff(articles.link_start), 0), articles.address_start[:-1])
    plain = np.flatnonzero((addresses > 1) & (links == 0) & (articles.fate == 0))
    assert len(plain)
    for row in plain:
        authors = articles.author_start[row + 1] - articles.author_start[row]
        assert (articles.listings.record == row).sum() == authors * addresses[row]


def test_all_fates_of_records_occur_and_the_kept_ones_are_as_many_as_asked(articles: Articles) -> None:
    counts = np.bincount(articles.fate, minlength=len(FATES))
    assert counts[0] == 4000
    assert (counts > 0).all()


def test_inventors_of_an_application_are_different_persons(applications: Applications) -> None:
    start = applications.inventor_start
    for row in range(len(applications.lead)):
        people = applications.person[start[row] : start[row + 1]]
        assert len(people) == len(set(people.tolist())) >= 1


def test_stated_inventors_are_never_fewer_than_listed_and_fractions_follow_them(
    applications: Applications,
) -> None:
    listed = np.diff(applications.inventor_start)
    assert (applications.stated >= listed).all()
    assert (applications.stated > listed).any()
    row = np.repeat(np.arange(len(listed)), listed)
    sums = np.bincount(row, weights=applications.fraction)
    assert sums == pytest.approx(listed / applications.stated)
    assert 2.4 < listed.mean() < 3.4


def test_a_person_has_one_slip_at_most_and_always_the_same() -> None:
    people = np.arange(200_000, dtype=np.int64) * 977
    slips = Slips.of(people)
    kinds = np.stack(list(vars(slips).values()))
    assert kinds.sum(axis=0).max() == 1
    assert kinds.sum(axis=1).min() > 0
    assert (Slips.of(people[:10]).located == slips.located[:10]).all()


def test_symbols_belong_to_the_concordance_but_for_a_few(world: World) -> None:
    technology = Technology(len(world.clusters), 7)
    rng = np.random.default_rng(1)
    fields = technology.fields(rng, np.zeros(20_000, dtype=np.int64))
    symbols = technology.symbols(rng, fields)
    whole = {pattern for group in technology._patterns for pattern in group}
    odd = sum(s[:4] not in whole and f"{s[:4]} {s[4:8].strip()}" not in whole for s in symbols)
    assert 0 < odd < 200
    assert all(len(symbol) == 4 or symbol[8] == "/" for symbol in symbols)


def test_clusters_have_different_mixtures_of_fields(world: World) -> None:
    technology = Technology(len(world.clusters), 7)
    rng = np.random.default_rng(2)
    parts = [
        np.bincount(technology.fields(rng, np.full(20_000, cluster)), minlength=35) / 20_000
        for cluster in (0, 1)
    ]
    assert np.abs(parts[0] - parts[1]).sum() > 0.2
