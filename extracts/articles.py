"""Articles as read become canonical tables: what counts, under which year, and who is listed where (METHODOLOGY 2, 3).

Works on whole batches: columns of short text are decided once per distinct value, links and shares are array
arithmetic. Order of the tests: database, index, type, retracted, year; then copies inside the file, of which the last stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from extracts import meaning
from extracts.address_book import AddressBook, coded
from extracts.article_rules import NO_YEAR, REASONS, Mask, Rules, Years, filtered_by, years_of
from extracts.ids import numbers_of
from extracts.records import ARTICLES, DELETED, REJECTS
from extracts.tables import FileCounts, Ints, Reading, empty_tables, ints, ranges, reading_schema, running


class ArticleTables:
    """Collects the articles of one file and makes its tables."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.file = FileCounts()
        self.counts: Counter[str] = Counter()
        self._documents: list[pa.Table] = []
        self._listings: list[pa.Table] = []
        self._organisations: list[pa.Table] = []  # their names as numbers of the address book
        self._subjects: list[pa.Table] = []
        self._rejects: list[pa.RecordBatch] = []
        self._book = AddressBook()
        self._deleted: list[int] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """A batch of articles or of rejects, as a reader yields it."""
        if batch.schema.names == REJECTS.names:
            whole = pc.sum(batch["whole"]).as_py() or 0
            self.file.rejected += whole
            self.file.records += whole
            self._rejects.append(batch)
            return
        if batch.schema.names == DELETED.names:
            self._deleted += _numbers(batch).tolist()
            return
        assert batch.schema.names == ARTICLES.names
        self.file.records += batch.num_rows
        reasons = filtered_by(batch, self.rules, self.counts)
        years, early = years_of(batch, self.rules.reader)
        reasons = np.where((reasons == 0) & (years == NO_YEAR), np.int8(REASONS.index("year")), reasons)
        for number, count in enumerate(np.bincount(reasons, minlength=len(REASONS)).tolist()):
            if number and count:
                self.file.filtered[REASONS[number]] += count
        keep = reasons == 0
        if keep.all() and len(keep):
            self._kept(batch, years, early)
        elif keep.any():
            self._kept(batch.filter(pa.array(keep)), years[keep], early[keep])

    def _kept(self, batch: pa.RecordBatch, years: Years, early: Mask) -> None:
        numbers = _numbers(batch)
        position = ints(batch["position"])
        wanted = self.rules.reader.sci_indexes

        def index_name(text: str) -> str | None:
            found = meaning.index_names(text)
            return next((name for name in wanted if name in found), None)

        def is_retracted(text: str) -> bool:
            return "Retracted Publication" in meaning.type_tokens(text)

        self.counts["like_scie"] += pc.sum(pc.starts_with(batch["record_id"], "openalex:")).as_py() or 0
        self.counts["early_access"] += int(early.sum())
        columns = {
            "document_no": numbers,
            "document_id": batch["record_id"],
            "kind": _constant("sci", batch.num_rows),
            "year_basis": pc.if_else(pa.array(early), "early_access", "issue"),
            "publication_date": batch["publication_date"],
            "document_type": batch["doc_type"],
            "index_name": _taken(*coded(batch["indexes"], index_name), pa.string()),
            "retracted": _taken(*coded(batch["doc_type"], is_retracted), pa.bool_()),
            "persons": batch["authors"],
        }
        self._documents.append(_table("documents", columns, years, position))
        subjects, which = coded(batch["categories"], lambda text: sorted(meaning.subjects(text)))
        lengths = np.array([len(names) for names in subjects], np.int64)
        of = np.repeat(np.arange(batch.num_rows), lengths[which])
        flat = pa.array([name for names in subjects for name in names], pa.string())
        at = ranges((lengths.cumsum() - lengths)[which], lengths[which])
        named = {"document_no": numbers[of], "subject": flat.take(pa.array(at))}
        self._subjects.append(_table("subjects", named, years[of], position[of]))
        self._list(batch, numbers, years, position)

    def _list(self, batch: pa.RecordBatch, numbers: Ints, years: Years, position: Ints) -> None:
        listed = list_authors(batch, share=self.rules.reader.unlinked_authors == "share")
        self.counts["unlinked_authors"] += listed.unlinked
        texts = batch["addresses"].flatten()
        starts = ints(batch["addresses"].value_lengths()).cumsum() - ints(batch["addresses"].value_lengths())
        has = listed.address > 0
        flat = starts[listed.record[has]] + listed.address[has] - 1
        is_used = np.zeros(len(texts), bool)
        is_used[flat] = True
        used = np.flatnonzero(is_used)
        self.counts["addresses_left_over"] += len(texts) - len(used)
        which = self._book.of(batch, texts, used)
        number, somewhere = self._book.ids()
        at = which[(np.cumsum(is_used) - 1)[flat]]
        ids = np.zeros(len(listed.record), np.int64)
        ids[has] = number[at]
        has[has] = somewhere[at]
        rows = {
            "document_no": numbers[listed.record],
            "listing_no": running(listed.record).astype(np.int32),
            "kind": _constant("sci", len(ids)),
            "person_no": (listed.person + 1).astype(np.int32),
            "address_no": np.where(has, listed.address, 0).astype(np.int32),
            "address_id": pa.array(ids, mask=~has),
            "linked": listed.linked,
            "why_unlocated": None if has.all() else pc.if_else(pa.array(has), None, "no_address"),
        }
        self._listings.append(_table("listings", rows, years[listed.record], position[listed.record]))
        used, which = used[somewhere[which]], which[somewhere[which]]
        record = np.searchsorted(starts, used, side="right") - 1
        named = {
            "document_no": numbers[record],
            "organisation_no": (used - starts[record] + 1).astype(np.int32),
            "address_id": number[which],
        }
        self._organisations.append(
            _table("organisations", named, years[record], position[record]).append_column(
                "place", pa.array(which)
            )
        )

    def reading(self) -> Reading:
        """The tables of the file, copies of a record dropped except the last."""
        tables = empty_tables()
        for name, parts in (
            ("documents", self._documents),
            ("listings", self._listings),
            ("organisations", self._organisations),
            ("subjects", self._subjects),
        ):
            if parts:
                tables[name] = pa.concat_tables(parts)
        self._name(tables)
        self.file.duplicates = _drop_copies(tables)
        self.file.kept = tables["documents"].num_rows
        self.file.listings = tables["listings"].num_rows
        self._count(tables)
        tables["addresses"] = self._address_table(tables["listings"])
        rejects = pa.Table.from_batches(self._rejects, REJECTS).append_column(
            "file_no", pa.array(np.zeros(sum(part.num_rows for part in self._rejects), np.int32))
        )
        deleted = np.array(sorted(set(self._deleted)), np.int64)
        if len(deleted):
            self.counts["deletions"] = len(deleted)
        return Reading(tables, rejects, [self.file], self.counts, {}, deleted)

    def _name(self, tables: dict[str, pa.Table]) -> None:
        """The organisations' names in place of their numbers in the address book."""
        if not self._organisations:
            return
        table = tables["organisations"]
        places = table["place"].combine_chunks()
        for name in ("name", "name_key"):
            texts = pa.array([getattr(place, name) for place in self._book.places], pa.string())
            at = table.schema.get_field_index(name)
            table = table.set_column(at, table.schema.field(at), texts.take(places))
        tables["organisations"] = table.drop_columns(["place"])

    def _count(self, tables: dict[str, pa.Table]) -> None:
        listings = tables["listings"]
        located = listings["address_id"].is_valid()
        self.counts["listings_with_address"] += pc.sum(located).as_py() or 0
        self.counts["linked_listings"] += pc.sum(listings["linked"]).as_py() or 0
        self.counts["documents_without_persons"] += (
            pc.sum(pc.equal(tables["documents"]["persons"], 0)).as_py() or 0
        )
        self.counts["documents_without_address"] += (
            tables["documents"].num_rows - pc.count_distinct(listings["document_no"].filter(located)).as_py()
        )

    def _address_table(self, listings: pa.Table) -> pa.Table:
        counted = listings.group_by(["publication_year", "address_id"]).aggregate([([], "count_all")])
        counted = counted.filter(counted["address_id"].is_valid())
        known = {place.address_id: place for place in self._book.places}
        rows = [known[number] for number in counted["address_id"].to_pylist()]
        columns = {
            "address_id": counted["address_id"],
            "country": [row.country for row in rows],
            "text": [row.text for row in rows],
            "organisation": [row.given.organisation for row in rows],
            "city": [row.given.city for row in rows],
            "region": [row.region for row in rows],
            "postcode": [row.postcode for row in rows],
            "ror": [row.given.ror for row in rows],
            "latitude": [row.given.latitude for row in rows],
            "longitude": [row.given.longitude for row in rows],
            "listings": counted["count_all"],
        }
        return _table("addresses", columns, counted["publication_year"], None)


@dataclass(frozen=True)
class Listed:
    """Listings of a batch, by record, person and address: positions from 0, `address` from 1 with 0 for none."""

    record: Ints
    person: Ints
    address: Ints
    linked: Mask
    unlinked: int  # authors without a linked address, in articles that have addresses


def list_authors(batch: pa.RecordBatch, share: bool) -> Listed:
    """One row per (article, author, address), as METHODOLOGY 3 says.

    Linked authors have their addresses. An author without one has the addresses that nobody is linked to, if there
    are any, else all of the article (`share`), or none. An author of an article without addresses has none.
    """
    authors = ints(batch["authors"])
    counts = ints(batch["addresses"].value_lengths())
    author_start, address_start = authors.cumsum() - authors, counts.cumsum() - counts
    record, person, address = _links(batch, authors)
    has_link = np.zeros(int(authors.sum()), bool)
    has_link[author_start[record] + person] = True
    is_linked = np.zeros(int(counts.sum()), bool)
    is_linked[address_start[record] + address] = True
    alone = np.flatnonzero(~has_link)
    alone_record = np.repeat(np.arange(len(authors)), authors)[alone]
    alone_person = alone - author_start[alone_record]
    each, taken = _shared(counts, is_linked, alone_record, share)
    bare = each == 0
    parts = (
        (record, person, address + 1, np.ones(len(record), bool)),
        (
            np.repeat(alone_record, each),
            np.repeat(alone_person, each),
            taken - np.repeat(address_start[alone_record], each) + 1,
            np.zeros(len(taken), bool),
        ),
        (
            alone_record[bare],
            alone_person[bare],
            np.zeros(int(bare.sum()), np.int64),
            np.zeros(int(bare.sum()), bool),
        ),
    )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    if not len(columns[0]):
        none = np.zeros(0, np.int64)
        return Listed(none, none, none, np.zeros(0, bool), 0)
    most_persons, most_addresses = int(columns[1].max()) + 1, int(columns[2].max()) + 1
    key = (columns[0] * most_persons + columns[1]) * most_addresses + columns[2]
    order = np.argsort(key, kind="stable")
    records, persons, addresses, linked = (column[order] for column in columns)
    return Listed(records, persons, addresses, linked, int((counts[alone_record] > 0).sum()))


def _shared(counts: Ints, is_linked: Mask, alone_record: Ints, share: bool) -> tuple[Ints, Ints]:
    """How many addresses each unlinked author takes, and which, as positions among all addresses of the batch."""
    of = np.repeat(np.arange(len(counts)), counts)
    free = np.bincount(of[~is_linked], minlength=len(counts))
    offered = np.flatnonzero(~is_linked | (free[of] == 0)) if share else np.zeros(0, np.int64)
    number = np.bincount(of[offered], minlength=len(counts))
    each = number[alone_record]
    return each, offered[ranges((number.cumsum() - number)[alone_record], each)]


def _links(batch: pa.RecordBatch, authors: Ints) -> tuple[Ints, Ints, Ints]:
    """Distinct (record, author, address) of the links; names that are no authors are left out."""
    lengths = ints(batch["link_name"].value_lengths())
    record = np.repeat(np.arange(batch.num_rows), lengths)
    person = ints(batch["link_name"].flatten())
    address = ints(batch["link_address"].flatten())
    mine = person < authors[record]
    record, person, address = record[mine], person[mine], address[mine]
    pairs = batch["repeated"]
    if len(pairs.flatten()):  # an author named twice has his addresses twice
        again = _again(pairs, record, person, address)
        record, person, address = (
            np.concatenate((first, second))
            for first, second in zip((record, person, address), again, strict=True)
        )
    if not len(record):
        return record, person, address
    persons, addresses = int(person.max()) + 1, int(address.max()) + 1
    key = np.sort((record * persons + person) * addresses + address, kind="stable")
    key = key[np.append(True, key[1:] != key[:-1])]
    rest, address = np.divmod(key, addresses)
    record, person = np.divmod(rest, persons)
    return record, person, address


def _again(pairs: pa.Array, record: Ints, person: Ints, address: Ints) -> tuple[Ints, Ints, Ints]:
    """The links of a repeated author's first place, for his other places."""
    twin, first = ints(pairs.flatten()).reshape(-1, 2).T
    of = np.repeat(np.arange(len(pairs)), ints(pairs.value_lengths()) // 2)
    persons = int(max(person.max(initial=0), first.max())) + 1
    key = record * persons + person
    order = np.argsort(key, kind="stable")
    wanted = of * persons + first
    begin = np.searchsorted(key[order], wanted)
    each = np.searchsorted(key[order], wanted, side="right") - begin
    return np.repeat(of, each), np.repeat(twin, each), address[order[ranges(begin, each)]]


def _taken(values: list[Any], which: Ints, kind: pa.DataType) -> pa.Array:
    """The value of each row, by its place among the distinct ones."""
    return pa.array(values, kind).take(pa.array(which))


def _numbers(batch: pa.RecordBatch) -> Ints:
    return numbers_of(batch["record_id"].cast(pa.binary()).to_pylist())


@lru_cache(maxsize=2)
def _repeated(text: str, rows: int) -> pa.Array:
    return pa.repeat(text, rows)


def _constant(text: str, rows: int) -> pa.Array:
    """A column of one text: the beginning of one that was made once."""
    return _repeated(text, 1 << max(rows - 1, 1).bit_length())[:rows]


def _table(name: str, columns: dict[str, Any], years: Any, position: Ints | None) -> pa.Table:
    schema = reading_schema(name)
    rows = len(years)
    columns = dict(columns) | {
        "file_no": np.zeros(rows, np.int32),
        "publication_year": years,
        "position": position,
    }
    arrays = []
    for entry in schema:
        values = columns.get(entry.name)
        if values is None:
            arrays.append(pa.nulls(rows, entry.type))
        elif isinstance(values, (pa.Array, pa.ChunkedArray)):
            arrays.append(values.cast(entry.type))
        else:
            arrays.append(pa.array(values, entry.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _drop_copies(tables: dict[str, pa.Table]) -> int:
    """Copies of a record inside the file, dropped from all tables but for the last; returns how many."""
    documents = tables["documents"]
    numbers, position = ints(documents["document_no"]), ints(documents["position"])
    order = np.lexsort((position, numbers))
    last = np.append(numbers[order][1:] != numbers[order][:-1], True) if len(order) else np.zeros(0, bool)
    gone = position[order][~last]
    if len(gone):
        for name in ("documents", "listings", "organisations", "subjects"):
            stays = ~np.isin(ints(tables[name]["position"]), gone)
            tables[name] = tables[name].filter(pa.array(stays))
    return len(gone)


def articles(batches: Iterable[pa.RecordBatch], rules: Rules) -> Reading:
    """The canonical tables of one file's articles."""
    collected = ArticleTables(rules)
    for batch in batches:
        collected.add(batch)
    return collected.reading()
