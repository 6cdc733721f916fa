"""Misspelt names: all names of a country within two edits, through names with one letter deleted, or near among a region's.

Every name and all its one-letter deletions are hashed to 32 bits, sorted, and mapped from disk; a query does the same and
meets them there. The loops are compiled (`kernels.py`), which is imported with the first text that needs a correction.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from geocoding.arrays import array, save

if TYPE_CHECKING:
    import numpy.typing as npt

COUNTRY, MOST_LETTERS = 2, 63  # letters of the country before a key, and those of a key that are told apart
SHORTEST, LONGEST = 4, 24  # letters of a key that is worth correcting
ROMANISED = frozenset(
    ["TW", "IL", "KR", "JP", "CN", "HK", "IR", "SA", "EG", "GR", "RU", "UA", "BY", "BG", "RS", "TH"]
)  # names in Latin letters in several systems
_SOUNDS = (
    ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("kh", "k"), ("ch", "c"), ("sh", "s"), ("th", "t"), ("ph", "f"),
    ("gh", "g"), ("zh", "c"), ("hs", "s"), ("ts", "c"), ("tz", "c"), ("ck", "k"), ("ou", "u"), ("oo", "u"), ("ee", "i"),
    ("x", "s"), ("q", "k"), ("y", "i"), ("j", "c"), ("w", "v"), ("z", "s"), ("h", ""),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_PRIME, _MIX = np.uint64(1099511628211), np.uint64(0x9E3779B97F4A7C15)


def sound(name: str) -> str:
    """A key as it sounds, for names that are spelt in several systems.

    >>> sound("hsinchu") == sound("xinzhu"), sound("zikhronyaaqov") == sound("zikhronyakov")
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


def save_names(folder: Path, names: list[str], numbers: list[int]) -> None:
    """ASCII names (country + key) as bytes in the order of their numbers, how they sound, and which letters they hold.

    Names in other scripts, and sounds in countries whose names are spelt in one way, are empty.
    """
    written, heard = [b""] * len(names), [b""] * len(names)
    for name, number in zip(names, numbers, strict=True):
        if name.isascii():
            written[number] = name.encode("ascii")
            if name[:2] in ROMANISED:
                heard[number] = (name[:2] + sound(name[2:])).encode("ascii")
    for column, texts in (("key", written), ("sound", heard)):
        offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])])
        letters = np.frombuffer(b"".join(texts), dtype=np.uint8)
        from geocoding import kernels

        save(folder, f"{column}_off", offsets, "u4")
        np.save(folder / f"{column}.npy", letters, allow_pickle=False)
        save(folder, f"{column}_mask", kernels.letter_masks(offsets.astype(np.uint32), letters), "u4")


_Names = tuple[Any, Any, Any]  # offsets, bytes, masks
_Ordered = tuple[Any, Any, Any]  # numbers by length, where each length begins, their masks


class Group(NamedTuple):
    """Names that are compared together: how many, and in the order of their keys' and of their sounds' lengths."""

    size: int
    keys: _Ordered
    sounds: _Ordered


class Near:
    """Names that are near a text: the tables of `table` and `save_names`, mapped, and `name_of`, which gives a name by its number."""

    def __init__(self, folder: Path, name_of: Callable[[int], str]) -> None:
        self._hashes, self._names = array(folder, "typo_hash"), array(folder, "typo_name")
        self._keys = array(folder, "key_off"), array(folder, "key"), array(folder, "key_mask")
        self._sounds = array(folder, "sound_off"), array(folder, "sound"), array(folder, "sound_mask")
        self._name_of = name_of

    def misspelt(self, country: str, text: str, deletions: int, most: int) -> list[tuple[str, int]]:
        """(key, edits) of `country`'s names within `most` edits that share a deletion with `text`, sorted by key."""
        if not text.isascii() or not SHORTEST <= len(text) <= LONGEST:
            return []
        from geocoding import kernels

        numbers, apart = kernels.near(
            _bytes(country), _bytes(text), deletions, most, self._hashes, self._names, *self._keys[:2]
        )
        found = dict(zip(numbers.tolist(), apart.tolist(), strict=True))
        return sorted((self._name_of(number)[2:], edits) for number, edits in found.items())

    def group(self, numbers: npt.NDArray[np.uint32]) -> Group:
        """Names that are compared together, by their numbers."""
        return Group(len(numbers), self._ordered(numbers, self._keys), self._ordered(numbers, self._sounds))

    @staticmethod
    def _ordered(numbers: npt.NDArray[np.uint32], names: _Names) -> _Ordered:
        offsets, _, masks = names
        lengths = offsets[numbers + np.uint32(1)].astype(np.int64) - offsets[numbers] - COUNTRY
        kept = lengths > 0
        numbers, lengths = numbers[kept], np.minimum(lengths[kept], MOST_LETTERS)
        order = np.lexsort((numbers, lengths))
        firsts = np.searchsorted(lengths[order], np.arange(MOST_LETTERS + 2))
        return numbers[order], firsts, masks[numbers[order]]

    def similar(self, text: str, group: Group, share: float, limit: int) -> list[tuple[str, float]]:
        """(key, share of letters that agree) of the `limit` names most like `text` in a group, best first."""
        return self._similar(text, group.keys, share, self._keys)[:limit]

    def sounding(self, text: str, group: Group, share: float, limit: int) -> list[tuple[str, float]]:
        """(key, share) of names whose sound is one of the `limit` sounds most like that of `text`, best first."""
        spoken = sound(text)
        found = self._similar(spoken, group.sounds, share, self._sounds)
        heard = list(dict.fromkeys((-one, sound(name)) for name, one in found))
        kept = {spelt for _, spelt in sorted(heard)[:limit]}
        return [one for one in found if sound(one[0]) in kept]

    def holding(self, text: str, group: Group, ends: bool) -> list[str]:
        """Keys of a group that begin, or (`ends`) end, with `text` and are longer, sorted."""
        from geocoding import kernels

        found = kernels.holding(_bytes(text), *group.keys, *self._keys[:2], ends).tolist()
        return sorted(self._name_of(number)[2:] for number in found)

    def _similar(self, text: str, ordered: _Ordered, share: float, names: _Names) -> list[tuple[str, float]]:
        from geocoding import kernels

        if not 0 < len(text) <= kernels.LONGEST or not text.isascii():
            return []
        offsets = names[0]
        found, apart = kernels.similar(_bytes(text), *ordered, *names[:2], share)
        named = []
        for number, far in zip(found.tolist(), apart.tolist(), strict=True):
            own = int(offsets[number + 1]) - int(offsets[number]) - COUNTRY
            named.append((self._name_of(number)[2:], 1 - far / max(len(text), own)))
        return sorted(named, key=lambda one: (-one[1], one[0]))


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
