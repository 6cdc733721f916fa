"""Applications of a publication year: inventors, applicants, fields, and which listings they make.

An inventor is a number within a place and stays the same person over all years. `located` says which listings have an
address that a geocoder can use; fractions follow METHODOLOGY 4 with `nb_inventors`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation import rates
from simulation.addresses import PERSONS_MOST, Pools
from simulation.draws import Closeness, Rows, SiteDraw, mixed, offsets, position_in_run
from simulation.subjects import Technology
from simulation.world import World

CLOSENESS = Closeness(group=0.42, country=0.09, abroad=0.06)
INVENTORS = (1.5, 1.95)  # shape and mean of the inventors beyond the first: negative binomial
MOST_INVENTORS = 40
APPLICANTS_MOST = 1 << 10


@dataclass(frozen=True)
class Applications:
    """Applications of a year. Runs of inventors and symbols by application; `*_start` has one entry more.

    `person` is place · 2²⁰ + number, `applicant` group · 2¹⁰ + number, the second applicant −1 where there is none;
    `day` is the day of the first publication within the year.
    """

    year: int
    inventor_start: Rows
    person: Rows
    site: Rows
    stated: Rows
    fraction: NDArray[np.float64]
    lead: Rows
    applicants: Rows
    inventors_apply: NDArray[np.bool_]
    symbol_start: Rows
    symbols: list[str]
    day: Rows
    twice: Rows


def draw_applications(
    world: World, year: int, count: int, pools: Pools, technology: Technology
) -> Applications:
    """`count` applications published in `year`."""
    rng = np.random.default_rng([world.seed, 1, year])
    shape, mean = INVENTORS
    size = np.minimum(MOST_INVENTORS, 1 + rng.negative_binomial(shape, shape / (shape + mean), count))
    draw = SiteDraw(world, "pct", year)
    lead = draw.leads(rng, count)
    row = np.repeat(np.arange(count), size)
    site = lead[row]
    others = position_in_run(size) > 0
    site[others] = draw.around(rng, site[others], CLOSENESS)
    place = world.site_place[site]
    person = place * PERSONS_MOST + (pools.persons[place] * rng.random(len(place)) ** 1.3).astype(np.int64)
    _, first = np.unique(row * (int(person.max()) + 1) + person, return_index=True)
    kept = np.sort(first)  # nobody twice in one application
    row, person, site = row[kept], person[kept], site[kept]
    size = np.bincount(row, minlength=count)
    stated = size.copy()
    fewer = rng.random(count) < rates.FEWER_LISTED
    fewer[rng.integers(0, count)] = True
    stated[fewer] += 1 + (2 * rng.random(int(fewer.sum()))).astype(np.int64)
    symbol_start, symbols = _symbols(rng, world.site_cluster[lead], technology)
    return Applications(
        year,
        offsets(size),
        person,
        site,
        stated,
        1 / stated[row],
        lead,
        _applicants(rng, world, draw, lead),
        rng.random(count) < rates.INVENTORS_APPLY,
        symbol_start,
        symbols,
        (360 * rng.random(count)).astype(np.int64),
        np.sort(rng.choice(count, size=min(count, max(1, round(rates.TWICE_LISTED * count))), replace=False)),
    )


def _symbols(rng: np.random.Generator, cluster: Rows, technology: Technology) -> tuple[Rows, list[str]]:
    """One to six symbols an application: most of its own field, some of a second one."""
    number = 1 + rng.binomial(5, 0.4, len(cluster))
    own, other = technology.fields(rng, cluster), technology.fields(rng, cluster)
    field = np.repeat(own, number)
    elsewhere = (position_in_run(number) > 0) & (rng.random(len(field)) < 0.25)
    field[elsewhere] = np.repeat(other, number)[elsewhere]
    return offsets(number), technology.symbols(rng, field)


def _applicants(rng: np.random.Generator, world: World, draw: SiteDraw, lead: Rows) -> Rows:
    """Two columns: the applicant of the lead's group, and for every sixth application one elsewhere, else −1."""
    columns = []
    for site in (lead, draw.around(rng, lead, CLOSENESS)):
        group = world.site_group[site]
        pool = np.clip(np.round(900 * world.group_pct[group] ** 0.55 * 4), 1, APPLICANTS_MOST - 1)
        columns.append(group * APPLICANTS_MOST + (pool * rng.random(len(lead)) ** 2.6).astype(np.int64))
    columns[1][rng.random(len(lead)) > 1 / 6] = -1
    return np.column_stack(columns)


@dataclass(frozen=True)
class Slips:
    """What is wrong with a person's address or country code; at most one of these holds for a person."""

    no_address: NDArray[np.bool_]
    no_country: NDArray[np.bool_]
    other_country: NDArray[np.bool_]
    junk_country: NDArray[np.bool_]
    missing: NDArray[np.bool_]

    @classmethod
    def of(cls, person: Rows) -> Slips:
        """The slips of persons, decided by their numbers alone, so that a person is always written alike."""
        drawn = mixed(person, 3) % 1_000_000 / 1_000_000
        limits = np.cumsum(
            [
                rates.NO_INVENTOR_ADDRESS,
                rates.NO_INVENTOR_COUNTRY,
                rates.OTHER_COUNTRY_IN_TEXT,
                rates.JUNK_COUNTRY,
                rates.PERSON_MISSING,
            ]
        )
        low = np.concatenate([[0.0], limits[:-1]])
        return cls(*((drawn >= start) & (drawn < end) for start, end in zip(low, limits, strict=True)))

    @property
    def located(self) -> NDArray[np.bool_]:
        """Whether the person has an address to be placed."""
        located: NDArray[np.bool_] = ~(self.no_address | self.missing)
        return located
