"""Misspelt names: all names of a country within two edits, through names with one letter deleted.

Every name and all its one-letter deletions are hashed to 32 bits, sorted, and mapped from disk; a query does the same and
meets them there. On a slow path only: about 50 microseconds a query.
"""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

SHORTEST, LONGEST = 4, 24  # letters of a key that is worth correcting
_SOUNDS = (
    ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("kh", "k"), ("ch", "c"), ("sh", "s"), ("th", "t"), ("ph", "f"),
    ("gh", "g"), ("zh", "c"), ("hs", "s"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
    ("x", "s"), ("q", "k"), ("y", "i"), ("j", "c"), ("w", "v"), ("z", "s"), ("h", ""),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_PRIME, _MIX = np.uint64(1099511628211), np.uint64(0x9E3779B97F4A7C15)


def sound(name: str) -> str:
    """A key as it sounds, for names that are spelt in several systems.

    >>> sound("hsinchu") == sound("xinzhu"), sound("zikhronyaaqov") == sound("zichronyakov")
    (True, True)
    """
    for written, spoken in _SOUNDS:
        name = name.replace(written, spoken)
    return _TWICE.sub(r"\1", name)


def _hash(letters: npt.NDArray[np.uint8], seeds: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    found = seeds.copy()
    with np.errstate(over="ignore"):
        for column in range(letters.shape[1]):
            found *= _PRIME
            found += letters[:, column]
        found *= _MIX
    result: npt.NDArray[np.uint32] = (found >> np.uint64(32)).astype(np.uint32)
    return result


def _seeds(countries: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    seeds: npt.NDArray[np.uint64] = countries[:, 0].astype(np.uint64) * np.uint64(256) + countries[:, 1]
    return seeds + np.uint64(1)


def _letters(texts: list[str]) -> npt.NDArray[np.uint8]:
    width = len(texts[0])
    return np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).reshape(len(texts), width)


def table(names: list[tuple[str, int]]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]:
    """Hashes, sorted, and the name's id for each, of `names`: (country + ASCII key, id).

    One row per name and deletion: about ten times as many as names; 8 bytes each.
    """
    groups: dict[int, list[tuple[str, int]]] = {}
    for name, number in names:
        if name.isascii() and SHORTEST <= len(name) - 2 <= LONGEST:
            groups.setdefault(len(name), []).append((name, number))
    hashes, ids = [], []
    for width in sorted(groups):
        matrix = _letters([name for name, _ in groups[width]])
        numbers = np.array([number for _, number in groups[width]], dtype=np.uint32)
        seeds, letters = _seeds(matrix[:, :2]), matrix[:, 2:]
        hashes.append(_hash(letters, seeds))
        ids.append(numbers)
        for gone in range(width - 2):
            hashes.append(_hash(np.delete(letters, gone, axis=1), seeds))
            ids.append(numbers)
    if not hashes:
        return np.zeros(0, np.uint32), np.zeros(0, np.uint32)
    all_hashes, all_ids = np.concatenate(hashes), np.concatenate(ids)
    packed = (all_hashes.astype(np.uint64) << np.uint64(32)) | all_ids
    packed.sort()
    packed = packed[np.concatenate([[True], packed[1:] != packed[:-1]])]
    return (packed >> np.uint64(32)).astype(np.uint32), (packed & np.uint64(0xFFFFFFFF)).astype(np.uint32)


def near(
    country: str, name: str, hashes: npt.NDArray[np.uint32], ids: npt.NDArray[np.uint32], deletions: int = 1
) -> list[int]:
    """Ids of names of `country` that share a deletion of `name`, sorted; some are chance hits.

    With one deletion `name` itself and all its one-letter deletions are looked up, with two all two-letter deletions.
    """
    if not name.isascii() or not SHORTEST <= len(name) <= LONGEST:
        return []
    seed = _seeds(_letters([country]))
    whole = _letters([name])
    gone = np.array(list(combinations(range(len(name)), deletions)))
    kept = np.ones((len(gone), len(name)), dtype=bool)
    kept[np.arange(len(gone))[:, None], gone] = False
    cut = np.broadcast_to(whole[0], kept.shape)[kept].reshape(len(gone), len(name) - deletions)
    asked = _hash(cut, np.repeat(seed, len(gone)))
    if deletions == 1:
        asked = np.concatenate([_hash(whole, seed), asked])
    asked.sort()
    starts, ends = np.searchsorted(hashes, asked, "left"), np.searchsorted(hashes, asked, "right")
    found: set[int] = set()
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        found.update(ids[start:end].tolist())
    return sorted(found)
