"""Articles of a publication year: records, authors, addresses, links between them, and which listings they make.

Everything is drawn by arrays; texts come later. `Listings` holds what METHODOLOGY 3 makes of the records that count, so
that the truth needs no reader.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation import rates
from simulation.addresses import Pools, article_code
from simulation.draws import Closeness, Rows, SiteDraw, offsets, position_in_run
from simulation.subjects import Journals
from simulation.world import World

KEPT = "kept"
FATES = (KEPT, *rates.OTHER_RECORDS)
CLOSENESS = Closeness(group=0.13, country=0.25, abroad=0.36)
AUTHORS = (2.2, 4.2)  # shape and mean of the authors beyond the first: negative binomial
ADDRESSES = (1.5, 2.3)  # likewise of addresses beyond the first, before there may not be more than authors
LARGE_TEAMS = 0.003  # part of articles with a team of another size: Pareto from 40 on
LARGEST_TEAM = 1500
NAME_STRIDE = 7919  # a prime: names come round only after the whole pool


_NOBODY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Listings:
    """Listings with an address of the articles that count: record, address (position in `Articles`), fraction."""

    record: Rows
    address: Rows
    fraction: NDArray[np.float64]


@dataclass(frozen=True)
class Articles:
    """Records of a year. Runs: authors and addresses by record, links by address; `*_start` has one entry more."""

    year: int
    fate: Rows
    document_type: list[str]
    index: list[str]
    issue_year: Rows
    early_year: Rows
    early_month: Rows
    journal: Rows
    author_start: Rows
    author_name: Rows
    address_start: Rows
    address_site: Rows
    address_code: Rows
    link_start: Rows
    link_author: Rows
    repeated: Rows
    listings: Listings


def draw_articles(
    world: World, year: int, count: int, pools: Pools, journals: Journals, names: int, everything: bool = True
) -> Articles:
    """`count` articles that count and, unless `everything` is false, the records that come with them.

    Parameters
    ----------
    names : int
        Size of the pool of persons' names.
    """
    rng = np.random.default_rng([world.seed, 2, year])
    fate = _fates(rng, count, everything)
    authors, addresses = _team_sizes(rng, len(fate))
    addresses[_chosen(rng, len(fate), rates.RECORD_WITHOUT_ADDRESS)] = 0
    sites = SiteDraw(world, "sci", year)
    leads = sites.leads(rng, len(fate))
    record_of_address = np.repeat(np.arange(len(fate)), addresses)
    position = position_in_run(addresses)
    site = leads[record_of_address]
    others = position > 0
    site[others] = sites.around(rng, site[others], CLOSENESS)
    codes = _codes(rng, world.site_place[site], pools)
    link_author, link_address, listings = _links(rng, fate, authors, addresses)
    return Articles(
        year,
        fate,
        *_types(rng, fate),
        *_dates(rng, fate, year),
        journals.draw(rng, world.site_cluster[leads]),
        offsets(authors),
        _names(rng, authors, names),
        offsets(addresses),
        site,
        codes,
        np.searchsorted(link_address, np.arange(len(codes) + 1)),
        link_author,
        _chosen(rng, (len(fate) + 1) // 2, 2 * rates.DUPLICATE_RECORDS) if everything else _NOBODY,
        listings,
    )


def _codes(rng: np.random.Generator, place: Rows, pools: Pools) -> Rows:
    """Organisation, unit and way of writing of each address: large organisations more often than small ones."""
    organisation = (pools.organisations[place] * rng.random(len(place)) ** 2).astype(np.int64)
    unit = (pools.units[place] * rng.random(len(place))).astype(np.int64)
    variant = np.searchsorted([0.7, 0.9], rng.random(len(place))).astype(np.int64)
    return article_code(place, organisation, unit, variant)


def _names(rng: np.random.Generator, authors: Rows, names: int) -> Rows:
    """Number of each author's name; nobody shares it within a record, so that links are never in doubt."""
    first = np.repeat(rng.integers(0, names, len(authors)), authors)
    return (first + position_in_run(authors) * NAME_STRIDE) % names


def _chosen(rng: np.random.Generator, count: int, rate: float) -> Rows:
    """At least one of `count` rows, `rate` of them, sorted."""
    return np.sort(rng.choice(count, size=min(count, max(1, round(rate * count))), replace=False))


def _fates(rng: np.random.Generator, count: int, everything: bool) -> Rows:
    records = count / (1 - sum(rates.OTHER_RECORDS.values()))
    numbers = [count]
    if everything:
        numbers += [max(1, round(rate * records)) for rate in rates.OTHER_RECORDS.values()]
    fates: Rows = rng.permutation(np.repeat(np.arange(len(numbers)), numbers))
    return fates


def _team_sizes(rng: np.random.Generator, count: int) -> tuple[Rows, Rows]:
    shape, mean = AUTHORS
    authors = 1 + rng.negative_binomial(shape, shape / (shape + mean), count)
    large = rng.random(count) < LARGE_TEAMS
    authors[large] = np.minimum(LARGEST_TEAM, (40 * (1 + rng.pareto(1.4, int(large.sum()))))).astype(np.int64)
    shape, mean = ADDRESSES
    addresses = 1 + rng.negative_binomial(shape, shape / (shape + mean), count)
    addresses[large] = np.round(authors[large] ** 0.75)
    alone = (authors == 1) & (rng.random(count) < 0.15)
    return authors, np.minimum(addresses, authors + alone)


def _links(
    rng: np.random.Generator, fate: Rows, authors: Rows, addresses: Rows
) -> tuple[Rows, Rows, Listings]:
    """Author and address of each link, sorted by address, and the listings of the records that count."""
    author_start, address_start = offsets(authors), offsets(addresses)
    record = np.repeat(np.arange(len(authors)), authors)
    position = position_in_run(authors)
    choices = addresses[record]
    first = np.where(
        position < choices, position, (choices * rng.random(len(record)) ** 1.6).astype(np.int64)
    )
    several = choices > 1
    second = several & (rng.random(len(record)) < rates.SECOND_ADDRESS / max(several.mean(), 0.2))
    second |= several & (authors[record] == 1)  # the only author of two addresses has both
    other = (
        first + 1 + (np.maximum(choices - 1, 1) * rng.random(len(record))).astype(np.int64)
    ) % np.maximum(choices, 1)
    located = choices > 0
    author = np.concatenate([np.flatnonzero(located), np.flatnonzero(second)])
    address = np.concatenate(
        [(address_start[record] + first)[located], (address_start[record] + other)[second]]
    )
    order = np.lexsort((author, address))
    author, address = author[order], address[order]
    plain, mixed_records = _unlinked_records(rng, authors, addresses)
    linked = ~plain[record[author]]
    last = address_start[1:][record[author]] - 1
    linked &= ~(mixed_records[record[author]] & (address == last))
    listings = _listings(
        fate, record, author_start, address_start, (author[linked], address[linked]), plain, mixed_records
    )
    return author[linked], address[linked], listings


def _unlinked_records(
    rng: np.random.Generator, authors: Rows, addresses: Rows
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Records none of whose addresses names an author, and records whose last address names none."""
    plain, mixed_records = np.zeros(len(authors), dtype=bool), np.zeros(len(authors), dtype=bool)
    plain[_chosen(rng, len(authors), rates.RECORD_ALL_PLAIN)] = True
    several = np.flatnonzero((addresses > 1) & (authors > 1) & ~plain)
    if len(several):
        mixed_records[
            several[_chosen(rng, len(several), rates.RECORD_MIXED * len(authors) / len(several))]
        ] = True
    return plain & (addresses > 0), mixed_records


def _listings(
    fate: Rows,
    record: Rows,
    author_start: Rows,
    address_start: Rows,
    links: tuple[Rows, Rows],
    plain: NDArray[np.bool_],
    mixed_records: NDArray[np.bool_],
) -> Listings:
    author, address = links
    records, listed = [record[author]], [address]
    linked = np.zeros(len(record), dtype=bool)
    linked[author] = True
    left = np.flatnonzero(~linked & mixed_records[record])  # authors left over take the plain address
    records.append(record[left])
    listed.append(address_start[1:][record[left]] - 1)
    for row in np.flatnonzero(plain).tolist():  # nobody is linked: every author takes every address
        of_record = np.arange(address_start[row], address_start[row + 1])
        people = int(author_start[row + 1] - author_start[row])
        listed.append(np.repeat(of_record, people))
        records.append(np.full(len(of_record) * people, row))
    rows, places = np.concatenate(records), np.concatenate(listed)
    counts = fate[rows] == 0
    rows, places = rows[counts], places[counts]
    order = np.lexsort((places, rows))
    rows, places = rows[order], places[order]
    size = np.bincount(rows, minlength=len(fate))
    return Listings(rows, places, 1 / np.maximum(size[rows], 1))


def _weighted(rng: np.random.Generator, weights: dict[str, int], count: int) -> list[str]:
    values = list(weights)
    parts = np.cumsum(list(weights.values())) / sum(weights.values())
    picked = np.searchsorted(parts, rng.random(count), side="right")
    return [values[min(pick, len(values) - 1)] for pick in picked.tolist()]


def _types(rng: np.random.Generator, fate: Rows) -> tuple[list[str], list[str]]:
    """Document type and index of each record, according to its fate."""
    names = [FATES[number] for number in fate.tolist()]
    articles = _weighted(rng, rates.ARTICLE_TYPES, len(fate))
    others = _weighted(rng, rates.OTHER_TYPES, len(fate))
    inside = _weighted(rng, rates.ARTICLE_INDEXES, len(fate))
    outside = _weighted(rng, rates.OTHER_INDEXES, len(fate))
    kinds = [
        other if name == "type" else "Article; Retracted Publication" if name == "retracted" else article
        for name, article, other in zip(names, articles, others, strict=True)
    ]
    indexes = [
        there if name == "index" else here for name, here, there in zip(names, inside, outside, strict=True)
    ]
    return kinds, indexes


def _dates(rng: np.random.Generator, fate: Rows, year: int) -> tuple[Rows, Rows, Rows]:
    """Year of the issue (0: none), year and month of early access (0: none; a month without a year occurs)."""
    count = len(fate)
    month = 1 + (12 * rng.random(count)).astype(np.int64)
    early = rng.random(count) < rates.EARLY_ACCESS
    before = rng.random(count) < rates.EARLY_ACCESS_YEAR_BEFORE
    early_year = np.where(early, np.where(before, year - 1, year), 0)
    issue_year = np.full(count, year)
    only = _chosen(rng, count, rates.EARLY_ACCESS_ONLY)
    issue_year[only], early_year[only], early[only] = 0, year, True
    without = fate == FATES.index("no_year")
    issue_year[without], early_year[without], early[without] = 0, 0, True
    return issue_year, early_year, np.where(early, month, 0)
