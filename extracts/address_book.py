"""Addresses of articles, each looked at once: country, parts, number and organisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from extracts import meaning
from extracts.countries import NOTHING_GIVEN, Given, of_parts
from extracts.ids import address_key, number_of
from extracts.records import PARTS
from extracts.tables import Ints


def coded(column: pa.Array, decide: Callable[[str], Any]) -> tuple[list[Any], Ints]:
    """`decide(value)` for each distinct value of a text column, and which of them each row has."""
    found = column.dictionary_encode()
    made = [decide(value) for value in found.dictionary.to_pylist()]
    return made, found.indices.to_numpy(zero_copy_only=False).astype(np.int64)


@dataclass(frozen=True)
class PlacedAddress:
    """An address of articles with its number, country, and the organisation that it names."""

    address_id: int
    country: str | None
    text: str
    given: Given
    region: str | None
    postcode: str | None
    name: str
    name_key: str

    @property
    def nowhere(self) -> bool:
        """Whether nothing at all is said of the place."""
        return not self.text and self.country is None and self.given[1:] == NOTHING_GIVEN[1:]


def placed(text: str, given: Given) -> PlacedAddress:
    """An address as the lake knows it: its number, country, and the organisation that it names."""
    place = of_parts(text, given.country, given.city, given.region, given.postcode)
    key = address_key(
        place.country, text, given.organisation, given.city, place.region, place.postcode, given.ror,
        given.latitude, given.longitude,
    )  # fmt: skip
    name = given.organisation or text.split(",", 1)[0].strip()
    return PlacedAddress(
        number_of(key), place.country, text, given, place.region, place.postcode, name, meaning.name_key(name)
    )


class AddressBook:
    """The addresses met so far, each with a number: its place in `places`."""

    def __init__(self) -> None:
        self.places: list[PlacedAddress] = []
        self._by_text: dict[str, int] = {}
        self._by_parts: dict[tuple[Any, ...], int] = {}
        self._ids = np.zeros(0, np.int64)
        self._somewhere = np.zeros(0, bool)

    def of(self, batch: pa.RecordBatch, texts: pa.Array, used: Ints) -> Ints:
        """Number of each used text's address, with what the source says of it apart."""
        chosen = texts if len(used) == len(texts) else texts.take(pa.array(used))
        if batch["country"].null_count == batch.num_rows:
            coded = chosen.dictionary_encode()
            found = [self._plain(text) for text in coded.dictionary.to_pylist()]
            numbers: Ints = np.array(found, np.int64)[coded.indices.to_numpy(zero_copy_only=False)]
            return numbers
        columns = [batch[name].flatten() for name in (*PARTS, "latitude", "longitude")]
        parts = (column.take(pa.array(used)).to_pylist() for column in columns)
        rows = zip(chosen.to_pylist(), *parts, strict=True)
        return np.array([self._with_parts(row) for row in rows], np.int64)

    def ids(self) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """The number of each address in the lake, and whether anything is said of its place."""
        new = self.places[len(self._ids) :]
        if new:
            self._ids = np.append(self._ids, np.array([place.address_id for place in new], np.int64))
            self._somewhere = np.append(self._somewhere, [not place.nowhere for place in new])
        return self._ids, self._somewhere

    def _plain(self, text: str) -> int:
        at = self._by_text.get(text)
        if at is None:
            at = self._by_text[text] = len(self.places)
            self.places.append(placed(text, NOTHING_GIVEN))
        return at

    def _with_parts(self, row: tuple[Any, ...]) -> int:
        at = self._by_parts.get(row)
        if at is None:
            at = self._by_parts[row] = len(self.places)
            self.places.append(placed(row[0], Given(*row[1:])))
        return at
