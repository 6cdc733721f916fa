"""Who is listed where, and which articles count."""

import io
from collections import Counter
from typing import Any

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from extracts.article_rules import Rules
from extracts.articles import Listed, articles, list_authors
from extracts.formats import wos_tagged
from extracts.records import ARTICLES
from extracts.tables import Reading
from foundation.settings import Reader
from tests.extracts.tagged import export, record


def read(*records: str, **reader: Any) -> Reading:
    return articles(wos_tagged.read(io.BytesIO(export(*records))), Rules(Reader(**reader)))


def triples(reading: Reading) -> list[tuple[int, int, bool]]:
    table = reading.tables["listings"].select(["person_no", "address_no", "linked"])
    return [tuple(row.values()) for row in table.to_pylist()]  # type: ignore[misc]


TWO = ["Roe, Jane", "Poe, Max"]


def test_author_with_two_linked_addresses_makes_two_listings() -> None:
    made = read(
        record(
            "WOS:1", AF=TWO, C1=["[Roe, Jane; Poe, Max] A, Lagos, Nigeria.", "[Roe, Jane] B, Kyoto, Japan."]
        )
    )
    assert triples(made) == [(1, 1, True), (1, 2, True), (2, 1, True)]


def test_unlinked_author_takes_the_addresses_that_nobody_is_linked_to() -> None:
    made = read(record("WOS:1", AF=TWO, C1=["[Roe, Jane] A, Lagos, Nigeria.", "B, Kyoto, Japan."]))
    assert triples(made) == [(1, 1, True), (2, 2, False)]


def test_unlinked_author_takes_all_addresses_when_each_is_somebodys() -> None:
    made = read(
        record("WOS:1", AF=TWO, C1=["[Roe, Jane] A, Lagos, Nigeria.", "[Roe, Jane] B, Kyoto, Japan."])
    )
    assert triples(made) == [(1, 1, True), (1, 2, True), (2, 1, False), (2, 2, False)]


def test_address_left_over_when_every_author_is_linked_makes_no_listing() -> None:
    made = read(record("WOS:1", C1=["[Roe, Jane] A, Lagos, Nigeria.", "B, Kyoto, Japan."]))
    assert triples(made) == [(1, 1, True)]
    assert made.counts["addresses_left_over"] == 1
    assert made.tables["addresses"]["text"].to_pylist() == ["A, Lagos, Nigeria"]


def test_unlinked_authors_can_be_left_without_a_place() -> None:
    one = record("WOS:1", AF=TWO, C1=["[Roe, Jane] A, Lagos, Nigeria.", "B, Kyoto, Japan."])
    made = read(one, unlinked_authors="unlocated")
    assert triples(made) == [(1, 1, True), (2, 0, False)]
    assert made.tables["listings"]["why_unlocated"].to_pylist() == [None, "no_address"]


def test_article_without_address_lists_its_authors_unlocated() -> None:
    made = read(record("WOS:1", AF=TWO))
    assert triples(made) == [(1, 0, False), (2, 0, False)]


def test_author_named_twice_has_his_addresses_twice() -> None:
    made = read(record("WOS:1", AF=["Roe, Jane", "Roe, Jane"], C1="[Roe, Jane] A, Lagos, Nigeria."))
    assert triples(made) == [(1, 1, True), (2, 1, True)]


def test_same_address_text_twice_stays_two_addresses_of_one_id() -> None:
    made = read(
        record("WOS:1", AF=TWO, C1=["[Roe, Jane] A, Lagos, Nigeria.", "[Poe, Max] A, Lagos, Nigeria."])
    )
    assert triples(made) == [(1, 1, True), (2, 2, True)]
    assert len(set(made.tables["listings"]["address_id"].to_pylist())) == 1
    assert made.tables["addresses"]["listings"].to_pylist() == [2]


def test_records_fall_out_in_the_order_database_index_type_retracted_year() -> None:
    ssci = "Social Sciences Citation Index (SSCI)"
    made = read(
        record("MEDLINE:1", DT="Review", PY=""),
        record("WOS:2", WE=ssci, DT="Review", PY=""),
        record("WOS:3", DT="Review", PY=""),
        record("WOS:4", DT="Article; Retracted Publication", PY=""),
        record("WOS:5", PY="", EA="APR"),
        record("WOS:6", PY="", EA="MAR 2023", WE="Science Citation Index Expanded (SCI-EXPANDED); " + ssci),
    )
    file = made.files[0]
    assert file.filtered == {"database": 1, "index": 1, "type": 1, "retracted": 1, "year": 1}
    assert (file.records, file.kept) == (6, 1)
    row = made.tables["documents"].to_pylist()[0]
    assert (row["document_id"], row["publication_year"], row["year_basis"], row["index_name"]) == (
        "WOS:6", 2023, "early_access", "SCIE",
    )  # fmt: skip


def test_issue_year_counts_and_early_access_only_by_setting() -> None:
    both = record("WOS:1", PY="2021", EA="DEC 2020")
    assert read(both).tables["documents"]["publication_year"].to_pylist() == [2021]
    assert read(both, sci_year="early_access").tables["documents"]["publication_year"].to_pylist() == [2020]


def test_articles_without_index_are_kept_dropped_or_judged_by_journal() -> None:
    ours, other = record("WOS:1", SN="1234-567X"), record("WOS:2", SN="0000-0001")
    assert read(ours, other).files[0].kept == 2
    assert read(ours, other, index_when_absent="drop").files[0].filtered == {"index": 2}
    rules = Rules(Reader(index_when_absent="by_journal", index_journals="list.txt"), frozenset({"1234-567X"}))
    made = articles(wos_tagged.read(io.BytesIO(export(ours, other))), rules)
    assert (made.files[0].kept, made.files[0].filtered) == (1, {"journal": 1})


def test_last_copy_inside_a_file_stays_with_its_listings() -> None:
    made = read(record("WOS:1", PY="2020"), record("WOS:2"), record("WOS:1", PY="2021", AF=TWO))
    assert (made.files[0].duplicates, made.files[0].kept) == (1, 2)
    assert sorted(made.tables["documents"]["publication_year"].to_pylist()) == [2020, 2021]
    assert Counter(made.tables["listings"]["publication_year"].to_pylist()) == {2020: 1, 2021: 2}


def test_no_name_of_a_person_is_in_the_tables() -> None:
    made = read(record("WOS:1", AF=["Verysecret, Name"], C1="[Verysecret, Name] A, Lagos, Nigeria."))
    for table in made.tables.values():
        assert "Verysecret" not in str(table.to_pylist())


def test_organisation_is_the_first_part_of_a_listed_address() -> None:
    made = read(record("WOS:1", C1="[Roe, Jane] Siemens AG, Munich, Germany."))
    row = made.tables["organisations"].to_pylist()[0]
    assert (row["name"], row["name_key"]) == ("Siemens AG", "SIEMENS")


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[int, list[bool], list[tuple[int, int]]]]:
    made = []
    for _ in range(draw(st.integers(1, 4))):
        authors, addresses = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        pairs = [(address, name) for address in range(addresses) for name in range(authors + 1)]
        links = draw(st.lists(st.sampled_from(pairs), max_size=8)) if pairs else []
        made.append((authors, [True] * addresses, links))
    return made


def _batch(rows: list[tuple[int, list[bool], list[tuple[int, int]]]]) -> pa.RecordBatch:
    made = [
        {
            **dict.fromkeys(("record_id", "doc_type", "issue_year", "early_access", "indexes", "categories", "issns"), ""),
            "position": number, "authors": authors, "names": [str(n) for n in range(authors + 1)], "repeated": [],
            "addresses": ["x"] * len(addresses), "bracketed": addresses,
            "link_address": [address for address, _ in links], "link_name": [name for _, name in links],
        }
        for number, (authors, addresses, links) in enumerate(rows)
    ]  # fmt: skip
    return pa.RecordBatch.from_pylist(made, schema=ARTICLES)


def _plainly(rows: list[tuple[int, list[bool], list[tuple[int, int]]]]) -> list[tuple[int, int, int, bool]]:
    """METHODOLOGY 3 word by word."""
    found = []
    for number, (authors, addresses, links) in enumerate(rows):
        linked = {(name, address) for address, name in links if name < authors}
        free = [a for a in range(len(addresses)) if a not in {address for _, address in linked}]
        for author in range(authors):
            own = sorted(address for name, address in linked if name == author)
            shared = free or list(range(len(addresses)))
            if own:
                found += [(number, author, address + 1, True) for address in own]
            else:
                found += [(number, author, address + 1, False) for address in shared] or [
                    (number, author, 0, False)
                ]
    return found


@given(batches())
def test_listings_are_those_of_the_rule_applied_word_by_word(
    rows: list[tuple[int, list[bool], list[tuple[int, int]]]],
) -> None:
    made: Listed = list_authors(_batch(rows), share=True)
    got = zip(
        made.record.tolist(), made.person.tolist(), made.address.tolist(), made.linked.tolist(), strict=True
    )
    assert list(got) == _plainly(rows)
