"""Traps of article files that other readers fall into, one test each; those not here stand in the tests of their format.

`TRAPS` says for each trap which test shows it, so that none is forgotten.
"""

import csv
import gzip
import io
from importlib import import_module
from pathlib import Path

import pytest

from extracts import stage
from extracts.article_rules import Rules
from extracts.articles import articles
from extracts.formats import openalex, wos_tab, wos_tagged
from extracts.records import REJECTS
from foundation.home import Home
from foundation.settings import Reader
from tests.extracts.tagged import export, read, record
from tests.extracts.test_article_formats import HEAD, ONE, made, tab
from tests.extracts.world import folder, rows, settings

TAGGED = "test_wos_tagged"
TABLES = "test_article_formats"
HERE = "test_article_traps"
TRAPS = {
    "EF in the middle, second part without FN and VR": (HERE, "test_second_part_after_ef_without_header"),
    "nullnull glued to PT": (HERE, "test_glued_words_before_pt"),
    "no FN header and no EF": (HERE, "test_no_header_and_no_end_of_file"),
    "no EF at the end": (HERE, "test_no_end_of_file"),
    "cited references under C1": (
        TAGGED,
        "test_cited_references_under_c1_are_no_addresses_but_the_document_stays",
    ),
    "tag without space": (TAGGED, "test_tag_without_space_is_read_and_three_letter_lines_are_not"),
    "record without UT": (TAGGED, "test_record_without_ut_gets_a_made_id_that_line_ends_do_not_change"),
    "three-letter lines": (TAGGED, "test_tag_without_space_is_read_and_three_letter_lines_are_not"),
    "tab after the tag": (TAGGED, "test_tab_after_the_tag_is_read"),
    "mixed bracketed and plain C1": (TAGGED, "test_bracketed_and_plain_addresses_of_one_record_stay_apart"),
    "plain C1 only": (HERE, "test_plain_c1_only"),
    "CRLF, byte order mark": (HERE, "test_crlf_and_byte_order_mark"),
    "HTML entities in WE": (TAGGED, "test_html_entities_do_not_cut_an_index_in_three"),
    "short export": (HERE, "test_short_export"),
    "spare cell in each row": (TABLES, "test_spare_cell_at_the_end_of_each_row_shifts_nothing"),
    "CR only, UTF-16": (TABLES, "test_encodings_and_line_ends_change_nothing"),
    "quotation mark in a cell": (HERE, "test_quotation_mark_in_a_cell"),
    "UT of other databases": (HERE, "test_ut_of_other_databases"),
    "same UT twice": (HERE, "test_same_ut_twice"),
    "lines of JSON end at 0x0a only": (TABLES, "test_json_lines_end_at_newline_only"),
}


def test_every_trap_has_its_test() -> None:
    for module, test in TRAPS.values():
        assert callable(getattr(import_module(f"tests.extracts.{module}"), test))


def test_second_part_after_ef_without_header() -> None:
    whole = (
        export(record("WOS:1"), record("WOS:2"))
        + record("WOS:3").encode()
        + record("WOS:4").encode()
        + b"EF\n"
    )
    found, rejected = read(whole)
    assert ([row["record_id"] for row in found], rejected) == (["WOS:1", "WOS:2", "WOS:3", "WOS:4"], [])


def test_glued_words_before_pt() -> None:
    found, rejected = read(export(record("WOS:1"), "nullnull" + record("WOS:2"), "null" + record("WOS:3")))
    assert ([row["record_id"] for row in found], rejected) == (["WOS:1", "WOS:2", "WOS:3"], [])
    assert all(row["names"] == ["Roe, Jane"] for row in found)


def test_no_header_and_no_end_of_file() -> None:
    bare = (record("CCC:1", C1="") + record("WOS:2", C1="Univ A, Oslo, Norway.")).encode()
    assert wos_tagged.sniff(bare)
    found, rejected = read(bare)
    assert ([row["record_id"] for row in found], rejected) == (["CCC:1", "WOS:2"], [])
    assert found == [
        {**row, "position": row["position"] - 2}
        for row in read(export(record("CCC:1"), record("WOS:2", C1="Univ A, Oslo, Norway.")))[0]
    ]


def test_no_end_of_file() -> None:
    whole = export(record("WOS:1"), record("WOS:2"))
    assert read(whole.removesuffix(b"EF\n")) == read(whole)


def test_plain_c1_only() -> None:
    raw = export(
        record(
            "WOS:1", AF=["Roe, Jane", "Poe, Max"], C1=["Univ A, Oslo, Norway.", "Univ B, Bern, Switzerland."]
        )
    )
    row = read(raw)[0][0]
    assert (row["bracketed"], row["link_name"]) == ([False, False], [])
    listings = articles(wos_tagged.read(io.BytesIO(raw)), Rules(Reader())).tables["listings"].to_pylist()
    found = [(one["person_no"], one["address_no"], one["linked"]) for one in listings]
    assert found == [(1, 1, False), (1, 2, False), (2, 1, False), (2, 2, False)]


def test_crlf_and_byte_order_mark() -> None:
    raw = export(
        record("WOS:1", C1=["[Roe, Jane] Univ A, Oslo, Norway.", "Univ B, Bern, Switzerland."]),
        record("WOS:2"),
    )
    for other in (
        raw.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + raw,
        b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n"),
    ):
        assert wos_tagged.sniff(other.removeprefix(b"\xef\xbb\xbf"))
        assert read(other) == read(raw)


def test_short_export(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    raw = folder(tmp_path / "raw", a__txt=export(record("WOS:1", DT=""), record("WOS:2", DT="")))
    report = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", raw))
    assert (report.counts["records"], report.counts["kept"], report.counts["filtered"]) == (2, 0, {"type": 2})
    assert any("2 records have no document type (short exports)" in text for text in report.warnings)
    full = folder(
        tmp_path / "full", a__txt=export(record("WOS:3"), record("WOS:4", C1="Univ A, Oslo, Norway."))
    )
    report = stage.read_delivery(home, settings(), stage.register_delivery(home, "sci", full, "full"))
    assert any("1 articles have no address" in text for text in report.warnings)
    assert [row["why_unlocated"] for row in rows(home, "sci.full", "listings")].count("no_address") == 1


def test_quotation_mark_in_a_cell() -> None:
    names = ['Roe, "J', "Poe, Max"]
    row = list(ONE)
    row[HEAD.index("AF")] = "; ".join(names)
    row[HEAD.index("C1")] = f'[{names[0]}] "Univ A, Oslo, Norway'
    found, rejected = made(wos_tab, tab(row, ONE).encode())
    assert rejected == []
    assert [one["names"] for one in found] == [names, ["Roe, Jane", "Poe, Max"]]
    assert found[0]["addresses"] == ['"Univ A, Oslo, Norway']


def test_ut_of_other_databases() -> None:
    raw = export(*(record(f"{name}:1") for name in ("WOS", "CSCD", "CCC", "MEDLINE", "KJD")))
    reading = articles(wos_tagged.read(io.BytesIO(raw)), Rules(Reader()))
    assert (reading.files[0].kept, reading.files[0].filtered) == (1, {"database": 4})


def test_same_ut_twice() -> None:
    raw = export(record("WOS:1", PY="", EA="MAR 2021"), record("WOS:2"), record("WOS:1", PY="2022"))
    reading = articles(wos_tagged.read(io.BytesIO(raw)), Rules(Reader()))
    assert (reading.files[0].kept, reading.files[0].duplicates) == (2, 1)
    assert sorted(reading.tables["documents"]["publication_year"].to_pylist()) == [2020, 2022]


WORKS = """file,works,authors,strings,with_string,with_institution,without_authors
works_1.jsonl,50,163,118,108,96,1
works_2.jsonl,50,109,79,71,57,4
works_3.jsonl,50,85,46,41,32,2
works_4.jsonl,25,36,31,31,27,4
works_2025_walden.jsonl,200,536,411,302,258,4
snapshot_part_2023,29,48,33,33,33,8
api_page.json,2,11,16,11,11,0
researchhub_works.json,13,68,75,65,53,0
"""
#: strings and authors that the count has and the reader leaves out: empty strings, and one that stands twice beside an author
EMPTY = {"works_2025_walden.jsonl": (10 + 1, 7)}
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "openalex"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/openalex is not beside this checkout")
@pytest.mark.parametrize("expected", list(csv.DictReader(io.StringIO(WORKS))), ids=lambda row: row["file"])
def test_works_are_those_of_an_independent_count(expected: dict[str, str]) -> None:
    raw = gzip.decompress((SHARED / f"{expected['file']}.gz").read_bytes())
    batches = list(openalex.read(io.BytesIO(raw)))
    assert not any(batch.schema.names == REJECTS.names for batch in batches)
    found = [row for batch in batches for row in batch.to_pylist()]
    strings, with_string = EMPTY.get(expected["file"], (0, 0))
    counted = {
        "works": len(found),
        "authors": sum(row["authors"] for row in found),
        "strings": sum(len(row["link_name"]) for row in found) + strings,
        "with_string": sum(len(set(row["link_name"])) for row in found) + with_string,
        "with_institution": sum(
            len(
                {
                    name
                    for name, at in zip(row["link_name"], row["link_address"], strict=True)
                    if row["organisation"][at]
                }
            )
            for row in found
            if row["organisation"]
        ),
        "without_authors": sum(row["authors"] == 0 for row in found),
    }
    assert {name: str(value) for name, value in counted.items()} == {name: expected[name] for name in counted}
