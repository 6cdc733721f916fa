"""The compiled parts of spelling correction: which names are near a text, among a region's names or through deletions.

Names lie on disk as bytes in one array (country's two letters, then the key), so that no text is made of a name that is
not near. Every function that Python calls takes arrays and fills arrays; what a hit is worth belongs in `correction.py`.
"""

# mypy: disable-error-code="no-any-return, arg-type, operator"
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numba
import numpy as np

_Function = TypeVar("_Function", bound=Callable[..., Any])
COUNTRY = 2  # bytes of the country before a key
LONGEST = 64  # letters of a text: bits of a word
PRIME, MIX = np.uint64(1099511628211), np.uint64(0x9E3779B97F4A7C15)


def _compiled(function: _Function) -> _Function:
    """The function compiled; cached on disk where a place for it can be written."""
    options: Any = {"nogil": True, "error_model": "numpy"}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:  # numba finds no writable directory: it then compiles once per process
        return numba.njit(**options)(function)


@_compiled
def pattern(text: Any) -> Any:
    """Bits of the positions of each letter in a text of at most `LONGEST` ASCII letters."""
    bits = np.zeros(128, np.uint64)
    for position in range(len(text)):
        bits[text[position]] |= np.uint64(1) << np.uint64(position)
    return bits


@_compiled
def letters_of(text: Any, start: int, end: int) -> Any:
    """Which letters text[start:end] holds, one bit each; digits share the last six."""
    found = np.uint32(0)
    for position in range(start, end):
        letter = text[position]
        bit = letter - 97 if letter >= 97 else 26 + letter % 6
        found |= np.uint32(1) << np.uint32(bit & 31)
    return found


@_compiled
def letter_masks(offsets: Any, texts: Any) -> Any:
    """`letters_of` for the key of every name."""
    masks = np.zeros(len(offsets) - 1, np.uint32)
    for number in range(len(offsets) - 1):
        masks[number] = letters_of(texts, np.int64(offsets[number]) + COUNTRY, np.int64(offsets[number + 1]))
    return masks


@_compiled
def _count(bits: Any) -> int:
    """Number of bits set in 32."""
    bits = bits - ((bits >> np.uint32(1)) & np.uint32(0x55555555))
    bits = (bits & np.uint32(0x33333333)) + ((bits >> np.uint32(2)) & np.uint32(0x33333333))
    return (
        ((bits + (bits >> np.uint32(4))) & np.uint32(0x0F0F0F0F)) * np.uint32(0x01010101)
        & np.uint32(0xFFFFFFFF)
    ) >> np.uint32(24)


@_compiled
def distance(bits: Any, length: int, texts: Any, start: int, end: int, most: int) -> int:
    """Optimal string alignment distance of a text (by its `pattern`) and texts[start:end], after Hyyro (2003).

    More than `most` as soon as the letters that are left cannot bring it below.
    """
    one = np.uint64(1)
    last = one << np.uint64(length - 1)
    above, below = ~np.uint64(0), np.uint64(0)
    same, before = np.uint64(0), np.uint64(0)
    found = length
    for position in range(start, end):
        here = bits[texts[position] & 127]
        swapped = ((~same & here) << one) & before
        same = (((here & above) + above) ^ above) | here | below | swapped
        rises = below | ~(same | above)
        falls = same & above
        if rises & last:
            found += 1
        if falls & last:
            found -= 1
        if found - (end - 1 - position) > most:
            return most + 1
        rises = (rises << one) | one
        falls = falls << one
        above = falls | ~(same | rises)
        below = rises & same
        before = here
    return found


@_compiled
def similar(text: Any, numbers: Any, firsts: Any, masks: Any, offsets: Any, texts: Any, share: Any) -> Any:
    """(names, distances) of those among `numbers` that agree with the text in at least `share` of the longer one's letters.

    `numbers` are in the order of their keys' lengths: those of n letters from `firsts[n]` to `firsts[n + 1]`; `masks` are theirs.
    """
    bits, length = pattern(text), len(text)
    mask = letters_of(text, 0, length)
    found = np.empty(64, np.uint32)
    apart = np.empty(64, np.int64)
    count = 0
    for own in range(1, len(firsts) - 1):
        most = int((1.0 - share) * max(own, length) + 1e-9)
        if abs(own - length) > most:
            continue
        for at in range(firsts[own], firsts[own + 1]):
            other = masks[at]
            if _count(mask & ~other) > most or _count(other & ~mask) > most:
                continue
            number = numbers[at]
            start = np.int64(offsets[number]) + COUNTRY
            far = distance(bits, length, texts, start, start + own, most)
            if far <= most:
                if count == len(found):
                    found, apart = np.concatenate((found, found)), np.concatenate((apart, apart))
                found[count], apart[count] = number, far
                count += 1
    return found[:count], apart[:count]


@_compiled
def holding(text: Any, numbers: Any, firsts: Any, masks: Any, offsets: Any, texts: Any, ends: bool) -> Any:
    """Those among `numbers` (as for `similar`) whose key is longer than the text and begins, or (`ends`) ends, with it."""
    length = len(text)
    mask = letters_of(text, 0, length)
    found = np.empty(64, np.uint32)
    count = 0
    for at in range(firsts[min(length + 1, len(firsts) - 1)], len(numbers)):
        if mask & ~masks[at]:
            continue
        number = numbers[at]
        start, end = np.int64(offsets[number]) + COUNTRY, np.int64(offsets[number + 1])
        begins = True
        for position in range(length):
            if texts[start + position] != text[position]:
                begins = False
                break
        if not begins and ends:
            begins = True
            for position in range(length):
                if texts[end - length + position] != text[position]:
                    begins = False
                    break
        if begins:
            if count == len(found):
                found = np.concatenate((found, found))
            found[count] = number
            count += 1
    return found[:count]


@_compiled
def _hash(seed: Any, text: Any, first: int, second: int) -> Any:
    found = seed
    for position in range(len(text)):
        if position != first and position != second:
            found = found * PRIME + np.uint64(text[position])
    return np.uint32((found * MIX) >> np.uint64(32))


@_compiled
def _first_at(hashes: Any, wanted: Any) -> int:
    """Position of the first hash that is not smaller; hashes are spread evenly, so the search begins near its share."""
    low, high = 0, len(hashes)
    guess = int(np.float64(wanted) / 4294967296.0 * high)
    step = 512
    if guess < high and hashes[guess] < wanted:
        while guess + step < high and hashes[guess + step] < wanted:
            step *= 4
        low, high = guess, min(high, guess + step + 1)
    else:
        while guess - step > 0 and hashes[guess - step] >= wanted:
            step *= 4
        low, high = max(0, guess - step), min(high, guess + 1)
    while low < high:
        middle = (low + high) // 2
        if hashes[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@_compiled
def near(
    country: Any, text: Any, deletions: int, most: int, hashes: Any, names: Any, offsets: Any, texts: Any
) -> Any:
    """(names, distances) of `country`'s names that share a deletion with the text and lie within `most` edits, repeated ones among them.

    With one deletion the text itself and its one-letter deletions are looked up, with two all two-letter deletions.
    """
    bits, length = pattern(text), len(text)
    seed = np.uint64(country[0]) * np.uint64(256) + np.uint64(country[1]) + np.uint64(1)
    found = np.empty(4096, np.uint32)
    apart = np.empty(4096, np.int64)
    count = 0
    for first in range(-1 if deletions == 1 else 0, length):
        last = first + 2 if deletions == 1 else length
        for second in range(first + 1, last):
            wanted = _hash(seed, text, first, first if deletions == 1 else second)
            at = _first_at(hashes, wanted)
            while at < len(hashes) and hashes[at] == wanted and count < len(found):
                number = names[at]
                at += 1
                start, end = np.int64(offsets[number]), np.int64(offsets[number + 1])
                if end - start <= COUNTRY or texts[start] != country[0] or texts[start + 1] != country[1]:
                    continue
                far = distance(bits, length, texts, start + COUNTRY, end, most)
                if far <= most:
                    found[count], apart[count] = number, far
                    count += 1
    return found[:count], apart[:count]
