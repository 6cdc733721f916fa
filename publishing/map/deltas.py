"""Bytes of the map: whole numbers as differences of variable length, seven bits a byte, low bits first.

Rings go as zigzag differences of both coordinates; places as the differences of their sorted Morton codes, in which the
bits of latitude and longitude alternate, so that neighbours have near codes. The browser's code reads the same
(`web/src/bytes.ts`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint64]


def varints(values: Codes) -> bytes:
    """`values` (unsigned, below 2**35) one after another, one to five bytes each."""
    number = np.asarray(values, dtype=np.uint64)
    width = np.ones(len(number), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        width += (number >> np.uint64(bits)) > 0
    ends = np.cumsum(width)
    out = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for place in range(5):
        chosen = width > place
        part = (number[chosen] >> np.uint64(7 * place)) & np.uint64(127)
        more = np.where(width[chosen] > place + 1, np.uint64(128), np.uint64(0))
        out[ends[chosen] - width[chosen] + place] = part | more
    return out.tobytes()


def read_varints(data: bytes) -> Codes:
    """The numbers that `varints` wrote."""
    raw = np.frombuffer(data, dtype=np.uint8)
    last = np.flatnonzero(raw < 128)
    starts = np.concatenate([[0], last[:-1] + 1]) if len(last) else np.zeros(0, dtype=np.int64)
    found = np.zeros(len(last), dtype=np.uint64)
    for place in range(5):
        there = starts + place <= last
        found[there] |= (raw[starts[there] + place] & np.uint8(127)).astype(np.uint64) << np.uint64(7 * place)
    return found


def zigzag(values: Whole) -> Codes:
    """Signed numbers as unsigned ones, small ones staying small: 0, −1, 1, −2 … are 0, 1, 2, 3 …"""
    return ((values << 1) ^ (values >> 63)).astype(np.uint64)


def unzigzag(values: Codes) -> Whole:
    """The signed numbers again."""
    signed = values.astype(np.int64)
    return (signed >> 1) ^ -(signed & 1)


def rings_to_bytes(rings: list[npt.NDArray[np.float64]], steps: int) -> tuple[list[int], bytes]:
    """Number of corners of each ring, and the rings in 1/`steps` degrees; a ring starts again from (0, 0)."""
    numbers, parts = [], []
    for ring in rings:
        whole = np.round(ring * steps).astype(np.int64)
        moved = np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])
        whole = whole[moved]
        if len(whole) < 4:
            continue
        numbers.append(len(whole))
        parts.append(np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel())
    flat = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
    return numbers, varints(zigzag(flat))


def bytes_to_rings(numbers: list[int], data: bytes, steps: int) -> list[npt.NDArray[np.float64]]:
    """The rings again, degrees, longitude first."""
    flat = unzigzag(read_varints(data)).reshape(-1, 2)
    ends = np.cumsum(numbers)
    return [np.cumsum(part, axis=0) / steps for part in np.split(flat, ends[:-1])] if len(numbers) else []


def morton(latitude: Whole, longitude: Whole) -> Codes:
    """Codes of cells numbered from the south pole and from 180° W, both below 2**16: longitude has the lower bits."""
    return _spread(longitude) | (_spread(latitude) << np.uint64(1))


def _spread(values: Whole) -> Codes:
    found = values.astype(np.uint64)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        found = (found | (found << np.uint64(shift))) & np.uint64(mask)
    return found
