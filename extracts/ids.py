"""Numbers that name documents and addresses: 64 bits of BLAKE2b over their text, as a signed integer.

The same text has the same number in every delivery and year. Two texts with one number are found where tables are
written (merge.py), and fail the write.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt


def number_of(text: str) -> int:
    """64 bits of BLAKE2b over `text` as a signed integer."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def numbers_of(texts: Iterable[bytes]) -> npt.NDArray[np.int64]:
    """`number_of` each text, given as its UTF-8 bytes."""
    blake2b = hashlib.blake2b
    digests = b"".join([blake2b(text, digest_size=8).digest() for text in texts])
    return np.frombuffer(digests, ">i8").astype(np.int64)


def address_key(
    country: str | None,
    text: str,
    organisation: str | None = None,
    city: str | None = None,
    region: str | None = None,
    postcode: str | None = None,
    ror: str | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> str:
    """All text columns of an address in their order, as one text; an absent one is empty."""
    columns = (country, text, organisation, city, region, postcode, ror, latitude, longitude)
    return "\x1f".join("" if value is None else str(value) for value in columns)
