"""Draws of sites that keep every site's expected part: leads by their share, co-inventors and co-authors around them.

A co-author is at the lead's own site, in its group, in its country, or anywhere, more often where a country is open.
Each of these steps leaves the distribution over sites as it is, so every listing's site has the world's shares as its
expectation, whatever the size of the team.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation import tables
from simulation.world import World

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Closeness:
    """Chances that a co-author is in the lead's group, in its country, abroad; the rest is at the lead's own site."""

    group: float
    country: float
    abroad: float


class SiteDraw:
    """Draws of sites for one kind and year."""

    def __init__(self, world: World, kind: str, year: int) -> None:
        shares = world.site_shares(kind, year)
        openness = np.array([tables.economies()[code].openness for code in world.countries.tolist()])
        self._group, self._country = world.site_group, world.site_country
        self._open = openness[self._country]
        self._all = _cumulated(shares)
        self._group_start = np.searchsorted(self._group, np.arange(len(world.group_cluster) + 1))
        self._by_country = np.argsort(self._country, kind="stable")
        self._within_country = _cumulated(shares[self._by_country])
        self._country_start = np.searchsorted(
            self._country[self._by_country], np.arange(len(world.countries) + 1)
        )
        self._abroad = _cumulated(shares * self._open)

    def leads(self, rng: np.random.Generator, count: int) -> Rows:
        """`count` sites by their shares."""
        return _inverse(self._all, rng.random(count), 0, len(self._group))

    def around(self, rng: np.random.Generator, leads: Rows, closeness: Closeness) -> Rows:
        """A co-author's site for each lead."""
        step, draw = rng.random(len(leads)), rng.random(len(leads))
        sites = leads.copy()
        first, second = closeness.group, closeness.group + closeness.country
        third = second + closeness.abroad * self._open[leads]
        near = step < first
        group = self._group[leads[near]]
        sites[near] = _inverse(self._all, draw[near], self._group_start[group], self._group_start[group + 1])
        home = (step >= first) & (step < second)
        country = self._country[leads[home]]
        found = _inverse(
            self._within_country, draw[home], self._country_start[country], self._country_start[country + 1]
        )
        sites[home] = self._by_country[found]
        away = (step >= second) & (step < third)
        sites[away] = _inverse(self._abroad, draw[away], 0, len(self._group))
        return sites


def _cumulated(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([[0.0], np.cumsum(shares)])


def _inverse(
    cumulated: NDArray[np.float64], draw: NDArray[np.float64], start: Rows | int, end: Rows | int
) -> Rows:
    """Index in [start, end) at the part `draw` of the mass between `start` and `end`."""
    low, high = cumulated[start], cumulated[end]
    found = np.searchsorted(cumulated, low + draw * (high - low), side="right") - 1
    return np.clip(found, start, np.asarray(end) - 1).astype(np.int64)


def offsets(counts: Rows) -> Rows:
    """Start of each run of `counts`, and the end of the last one."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def position_in_run(counts: Rows) -> Rows:
    """0, 1, 2, … within each run."""
    return np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(offsets(counts)[:-1], counts)


def mixed(values: Rows, salt: int) -> Rows:
    """Non-negative 62-bit numbers that look random and depend on the values and the salt alone (splitmix64)."""
    with np.errstate(over="ignore"):
        state = values.astype(np.uint64) + np.uint64((salt * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(2)).astype(np.int64)


_WORD = 0xFFFFFFFFFFFFFFFF


def mixed_one(value: int, salt: int) -> int:
    """What `mixed` gives for one value."""
    state = (value + salt * 0x9E3779B97F4A7C15) & _WORD
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _WORD
    return (state ^ (state >> 31)) >> 2
