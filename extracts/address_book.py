"""Addresses of articles, each looked at once: country, parts, number and organisation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
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
    """The addresses met so far, by text and what was given beside it."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Given], PlacedAddress] = {}

    def of(self, batch: pa.RecordBatch, texts: pa.Array, used: Ints) -> tuple[list[PlacedAddress], Ints]:
        """Distinct addresses, and which of them each used text is, with what the source says of it apart."""
        chosen = pa.array(used)
        if batch["country"].null_count == batch.num_rows:
            coded = texts.take(chosen).dictionary_encode()
            places = [self._place(text) for text in coded.dictionary.to_pylist()]
            return places, coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        columns = [
            batch[name].flatten().take(chosen).to_pylist() for name in (*PARTS, "latitude", "longitude")
        ]
        given = zip(texts.take(chosen).to_pylist(), *columns, strict=True)
        numbers: dict[tuple[Any, ...], int] = {}
        codes = np.array([numbers.setdefault(one, len(numbers)) for one in given], np.int64)
        return [self._place(text, Given(*parts)) for text, *parts in numbers], codes

    def _place(self, text: str, given: Given = NOTHING_GIVEN) -> PlacedAddress:
        known = self.known.get((text, given))
        if known is None:
            known = self.known[text, given] = placed(text, given)
        return known
