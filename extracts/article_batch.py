"""Articles collected one by one into a batch of records.ARTICLES; for readers that meet them as objects or lines."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from extracts.countries import NOTHING_GIVEN, Given
from extracts.records import ARTICLES, PARTS, rejects

FULL = 2000  # records in a batch

Text = str | bytes
_TEXTS = ("record_id", "doc_type", "issue_year", "early_access", "indexes", "categories", "issns")
_ENDS = ("names", "repeated", "addresses", "links")  # of a record, in the columns that are lists
_RECORD = (*_TEXTS, "position", "date", "authors", *_ENDS)


@dataclass(slots=True)
class Address:
    """An address of an article: its text, the names it is linked to, and what the source says of it apart."""

    text: Text
    names: list[Text] = field(default_factory=list)
    bracketed: bool = False
    parts: Given | None = None


@dataclass(slots=True)
class Article:
    """An article as a reader finds it. `links` in addresses are names; a name that is no author's is added after them."""

    position: int
    record_id: Text
    doc_type: Text = ""
    issue_year: Text = ""
    early_access: Text = ""
    indexes: Text = ""
    categories: Text = ""
    issns: Text = ""
    names: list[Text] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    publication_date: Any = None


def text_array(values: list[Any]) -> pa.Array:
    """Strings from str or UTF-8 bytes; what cannot be UTF-8 is replaced."""
    try:
        return pa.array(values, pa.binary()).cast(pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        whole = [
            None
            if value is None
            else (value.encode("utf-8", "replace") if isinstance(value, str) else value)
            .decode("utf-8", "replace")
            .encode()
            for value in values
        ]
        return pa.array(whole, pa.binary()).cast(pa.string())


class ArticleBatch:
    """Columns filled record by record. `positions`: links are positions in `names`, not names."""

    def __init__(self, position_kind: str) -> None:
        self.position_kind = position_kind
        self.records: list[tuple[Any, ...]] = []  # in the order of _RECORD
        self.names: list[Text] = []
        self.repeated: list[int] = []
        self.addresses: list[Text] = []
        self.bracketed: list[bool] = []
        self.parts: list[Given | None] = []
        self.link_address: list[int] = []
        self.link_name: list[int] = []
        self.rejected: list[tuple[int, str, str | None, str, bytes, bool]] = []

    def __len__(self) -> int:
        return len(self.records)

    def reject(
        self, position: int, record_id: str | None, reason: str, raw: bytes, whole: bool = True
    ) -> None:
        """A record, or a part of one, that could not be read."""
        self.rejected.append((position, self.position_kind, record_id, reason, raw[:800], whole))

    def add(self, article: Article, by_position: list[list[int]] | None = None) -> None:
        """One article; `by_position`: for each address the positions of its names, where the source links by number."""
        names = list(article.names)
        authors = len(names)
        where = self._places(names)
        for number, address in enumerate(article.addresses):
            for name in address.names:
                at = where.get(name)
                if at is None:
                    at = where[name] = len(names)
                    names.append(name)
                self.link_address.append(number)
                self.link_name.append(at)
            for at in by_position[number] if by_position else ():
                self.link_address.append(number)
                self.link_name.append(at)
            self.addresses.append(address.text)
            self.bracketed.append(address.bracketed)
            self.parts.append(address.parts)
        self._end(article, names, authors)

    def _end(self, one: Article, names: list[Text], authors: int) -> None:
        self.names += names
        self.records.append((
            one.record_id, one.doc_type, one.issue_year, one.early_access, one.indexes, one.categories, one.issns,
            one.position, one.publication_date, authors,
            len(self.names), len(self.repeated), len(self.addresses), len(self.link_name),
        ))  # fmt: skip

    def end_linked(
        self, texts: tuple[Text, ...], position: int, date: datetime.date | None, names: Sequence[Text]
    ) -> None:
        """One article whose addresses, all of them somebody's, and links were put into the lists already.

        `texts` are in the order of the columns. No `Article` is made, since that takes as long as all the rest.
        """
        if len(names) > 1 and len(set(names)) < len(names):
            self._places(names)
        self.names += names
        self.bracketed += [True] * (len(self.addresses) - len(self.bracketed))
        self.records.append((
            *texts, position, date, len(names),
            len(self.names), len(self.repeated), len(self.addresses), len(self.link_name),
        ))  # fmt: skip

    def _places(self, names: Sequence[Text]) -> dict[Text, int]:
        where: dict[Text, int] = {}
        for number, name in enumerate(names):
            if where.setdefault(name, number) != number:
                self.repeated += (number, where[name])
        return where

    def finish(self) -> Iterator[pa.RecordBatch]:
        """The batch of articles and the batch of rejects, each where there is one; nothing is left."""
        if self.records:
            yield self._articles()
        if self.rejected:
            yield rejects(self.rejected)
        self.__init__(self.position_kind)  # type: ignore[misc]

    def _articles(self) -> pa.RecordBatch:
        def lists(ends: list[int], values: pa.Array) -> pa.Array:
            return pa.ListArray.from_arrays(pa.array([0, *ends], pa.int32()), values)

        found = dict(zip(_RECORD, map(list, zip(*self.records, strict=True)), strict=True))
        names, repeated, addresses, links = (found[name] for name in _ENDS)
        columns = {name: text_array(found[name]) for name in _TEXTS} | {
            "position": pa.array(found["position"], pa.int64()),
            "publication_date": pa.array(found["date"], pa.date32()),
            "authors": pa.array(found["authors"], pa.int32()),
            "names": lists(names, text_array(self.names)),
            "repeated": lists(repeated, pa.array(self.repeated, pa.int32())),
            "addresses": lists(addresses, text_array(self.addresses)),
            "bracketed": lists(addresses, pa.array(self.bracketed, pa.bool_())),
            "link_address": lists(links, pa.array(self.link_address, pa.int32())),
            "link_name": lists(links, pa.array(self.link_name, pa.int32())),
        }
        if any(self.parts):
            filled = [parts or NOTHING_GIVEN for parts in self.parts]
            for name, values in zip(Given._fields, zip(*filled, strict=True), strict=True):
                kind = pa.string() if name in PARTS else pa.float64()
                if values.count(None) == len(values):
                    made = pa.nulls(len(values), kind)
                else:
                    made = text_array(list(values)) if name in PARTS else pa.array(values, kind)
                columns[name] = lists(addresses, made)
        return article_batch(columns, len(self))


def article_batch(columns: dict[str, Any], rows: int) -> pa.RecordBatch:
    """A batch of records.ARTICLES; columns that the source does not have are null."""
    arrays = [
        columns[entry.name] if entry.name in columns else pa.nulls(rows, entry.type) for entry in ARTICLES
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=ARTICLES)
