"""Tab-delimited, spreadsheet, XML, OpenAlex, deletions and canonical tables of articles: their traps, one test each."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from extracts import read_sci, stage
from extracts.article_rules import Rules
from extracts.articles import articles
from extracts.formats import canonical, deletions, openalex, wos_excel, wos_tab, wos_xml
from extracts.records import REJECTS
from foundation.home import Home
from foundation.parquet import read_table
from foundation.settings import Reader
from tests.extracts.tagged import export, record
from tests.extracts.world import folder, lake, settings

HEAD = ["PT", "AU", "AF", "C1", "DT", "PY", "WE", "TI", "UT"]
Rows = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def made(module: Any, raw: bytes) -> Rows:
    found: Rows = ([], [])
    for batch in module.read(io.BytesIO(raw)):
        found[batch.schema.names == REJECTS.names].extend(batch.to_pylist())
    return found


def tab(*rows: list[str], head: list[str] = HEAD, end: str = "\n", spare: str = "") -> str:
    lines = ["\t".join(head), *("\t".join(row) + spare for row in rows)]
    return end.join(lines) + end


ONE = ["J", "Roe, J; Poe, M", "Roe, Jane; Poe, Max", "[Roe, Jane; Poe, Max] Univ A, Oslo, Norway; Univ B, Bern, Switzerland",
       "Article", "2020", "", 'A "quoted title', "WOS:1"]  # fmt: skip
TWO = ["J", "Doe, A", "Doe, Ann", "", "Article", "2020", "", "x", "WOS:2"]


def test_semicolon_divides_addresses_outside_brackets_only() -> None:
    row = made(wos_tab, tab(ONE).encode())[0][0]
    assert row["addresses"] == ["Univ A, Oslo, Norway", "Univ B, Bern, Switzerland"]
    assert row["bracketed"] == [True, False]
    assert (row["names"], row["link_address"], row["link_name"]) == (
        ["Roe, Jane", "Poe, Max"],
        [0, 0],
        [0, 1],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_and_line_ends_change_nothing(end: str, encoding: str) -> None:
    assert made(wos_tab, tab(ONE, TWO, end=end).encode(encoding)) == made(wos_tab, tab(ONE, TWO).encode())


def test_spare_cell_at_the_end_of_each_row_shifts_nothing() -> None:
    assert made(wos_tab, tab(ONE, TWO, spare="\t").encode()) == made(wos_tab, tab(ONE, TWO).encode())


def test_spare_cell_in_some_rows_only_is_mended_and_a_short_row_is_a_reject() -> None:
    raw = tab(ONE, [*TWO, ""]) + "J\tcut off\n" + "\t".join([*TWO[:-1], "WOS:3"]) + "\n"
    rows, rejected = made(wos_tab, raw.encode())
    assert sorted((row["position"], row["record_id"]) for row in rows) == [
        (1, "WOS:1"),
        (2, "WOS:2"),
        (4, "WOS:3"),
    ]
    assert [(row["position"], row["reason"], row["whole"]) for row in rejected] == [(3, "columns", True)]


def test_columns_are_found_by_name_whatever_their_order() -> None:
    turned = tab(ONE[::-1], TWO[::-1], head=["UT", *HEAD[-2::-1]])
    assert made(wos_tab, turned.encode()) == made(wos_tab, tab(ONE, TWO).encode())


def test_tab_header_is_recognised_and_others_are_not() -> None:
    assert wos_tab.sniff(tab(ONE).encode())
    for other in (b"", b"PT J\nAU X\n", b"a\tb\n", b"appln_id\tappln_kind\n"):
        assert not wos_tab.sniff(other)


def test_cut_cell_of_a_spreadsheet_is_a_reject_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    head = [
        "Publication Type",
        "Authors",
        "Author Full Names",
        "Addresses",
        "Document Type",
        "Publication Year",
        "UT (Unique WOS ID)",
    ]
    long = "x" * wos_excel.CELL_LIMIT
    rows = [
        head,
        ["J", "a", "Roe, Jane", long, "Article", 2021.0, "WOS:1"],
        ["J", "a", "Poe, Max", "U, Oslo, Norway", "Article", 2021.0, "WOS:2"],
        [""] * 7,
    ]
    monkeypatch.setattr(wos_excel, "_rows_in", lambda source: [list(row) for row in rows])
    found, rejected = made(wos_excel, b"")
    assert [(row["record_id"], row["issue_year"]) for row in found] == [("WOS:2", "2021")]
    assert [(row["position"], row["record_id"], row["reason"]) for row in rejected] == [
        (1, "WOS:1", "cell_limit")
    ]


def test_file_that_is_no_spreadsheet_is_damaged_not_lost() -> None:
    assert made(wos_excel, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 not more")[1][0]["reason"] == "damaged_archive"


REC = """<REC><UID>{uid}</UID><static_data><summary><EWUID><edition value="WOS.SSCI"/><edition value="WOS.SCI"/></EWUID>
<pub_info pubyear="2022" early_access_date="DEC 2021"/><names count="2">
<name seq_no="1" role="author" addr_no="1 2"><full_name>M&uuml;ller, Jane</full_name></name>
<name
 seq_no="2" role="book_editor"><full_name>Editor, E</full_name></name></names>
<doctypes><doctype>Article</doctype><doctype>Proceedings Paper</doctype></doctypes>
<publishers><publisher><address_spec addr_no="1"><full_address>LONDON</full_address></address_spec></publisher></publishers></summary>
<fullrecord_metadata><addresses count="2"><address_name><address_spec addr_no="1"><full_address>Univ A, Kowloon, Hong Kong, Peoples R China</full_address>
<organizations><organization>Univ A</organization></organizations><city>Hong Kong</city><country>Peoples R China</country></address_spec></address_name>
<address_name><address_spec addr_no="2"><full_address>Univ B, Oslo, Norway.</full_address><country>Norway</country></address_spec></address_name></addresses>
<reprint_addresses><address_name><address_spec addr_no="1"><full_address>Nobody, Rome, Italy</full_address></address_spec></address_name></reprint_addresses>
<category_info><subjects><subject ascatype="traditional">Optics</subject><subject ascatype="extended">Optics</subject></subjects></category_info>
</fullrecord_metadata></static_data></REC>"""


def test_second_root_and_roots_around_records_cost_no_record() -> None:
    text = (
        "<records>"
        + REC.format(uid="WOS:1")
        + "</records>\n<records xmlns='x'><!-- between -->"
        + REC.format(uid="WOS:2")
        + "</records>"
    )
    rows, rejected = made(wos_xml, text.encode())
    assert ([row["record_id"] for row in rows], rejected) == (["WOS:1", "WOS:2"], [])


def test_xml_authors_links_editions_and_parts_of_addresses() -> None:
    row = made(wos_xml, REC.format(uid="WOS:1").encode())[0][0]
    assert (row["names"], row["link_address"], row["link_name"]) == (["Müller, Jane"], [0, 1], [0, 0])
    assert (row["doc_type"], row["indexes"], row["categories"]) == (
        "Article; Proceedings Paper",
        "SSCI; SCIE",
        "Optics",
    )
    assert row["addresses"] == ["Univ A, Kowloon, Hong Kong, Peoples R China", "Univ B, Oslo, Norway"]
    tables = articles(wos_xml.read(io.BytesIO(REC.format(uid="WOS:1").encode())), Rules(Reader())).tables
    assert sorted(tables["addresses"]["country"].to_pylist()) == ["HK", "NO"]


def test_broken_and_cut_off_records_of_xml_are_rejects_and_the_others_stay() -> None:
    broken = REC.format(uid="WOS:2").replace("</names>", "")
    text = REC.format(uid="WOS:1") + broken + REC.format(uid="WOS:3") + REC.format(uid="WOS:4")[:300]
    rows, rejected = made(wos_xml, text.encode())
    assert [row["record_id"] for row in rows] == ["WOS:1", "WOS:3"]
    assert [(row["record_id"], row["reason"]) for row in rejected] == [
        ("WOS:2", "not_xml"),
        ("WOS:4", "truncated"),
    ]


def test_end_tag_within_a_comment_does_not_end_the_record() -> None:
    text = REC.format(uid="WOS:1").replace("<doctypes>", "<!-- <names> <summary> --><doctypes>")
    assert made(wos_xml, text.encode())[0][0]["doc_type"] == "Article; Proceedings Paper"


def test_document_that_declares_entities_is_refused_and_a_plain_doctype_is_not(tmp_path: Path) -> None:
    secret = folder(tmp_path, secret="TOPSECRET") / "secret"
    bomb = '<!DOCTYPE records [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + REC.format(uid="WOS:1").replace(
        "Univ A,", "&b;"
    )
    outside = f'<!DOCTYPE records [<!ENTITY x SYSTEM "file://{secret}">]>' + REC.format(uid="WOS:1").replace(
        "Univ A,", "&x;,"
    )
    plain = '<!DOCTYPE records SYSTEM "http://example.org/x.dtd">' + REC.format(uid="WOS:1")
    assert [row["reason"] for row in made(wos_xml, bomb.encode())[1]] == ["entities"]
    assert "TOPSECRET" not in str(made(wos_xml, outside.encode()))
    assert made(wos_xml, plain.encode())[0][0]["record_id"] == "WOS:1"


def work(number: int, **changes: Any) -> dict[str, Any]:
    source = {"type": "journal", "is_core": True, "issn": ["1234-567X"], "issn_l": "1234-567X"}
    author = {
        "author": {"display_name": "J. Roe"}, "raw_author_name": "Jane Roe",
        "raw_affiliation_strings": ["Univ A, Oslo, Norway", ""],
        "affiliations": [{"raw_affiliation_string": "Univ A, Oslo, Norway", "institution_ids": ["https://openalex.org/I1"]}],
        "institutions": [{"id": "https://openalex.org/I1", "ror": "https://ror.org/01", "display_name": "University A", "country_code": "NO"}],
    }  # fmt: skip
    return {
        "id": f"https://openalex.org/W{number}", "type": "article", "publication_year": 2020, "publication_date": "2020-03-01",
        "title": "x\u2028y\u0085z", "primary_location": {"source": source}, "authorships": [author],
        "primary_topic": {"field": {"display_name": "Chemistry"}, "domain": {"id": "https://openalex.org/domains/3"}}, **changes,
    }  # fmt: skip


def lines(*works: dict[str, Any]) -> bytes:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in works).encode()


def test_json_lines_end_at_newline_only() -> None:
    rows, rejected = made(openalex, lines(work(1), work(2)))
    assert ([row["position"] for row in rows], rejected) == ([1, 2], [])


def test_openalex_address_has_its_institution_and_empty_strings_are_dropped() -> None:
    row = made(openalex, lines(work(1)))[0][0]
    assert (row["addresses"], row["ror"], row["country"]) == (
        ["Univ A, Oslo, Norway"],
        ["https://ror.org/01"],
        ["NO"],
    )
    assert row["publication_date"].isoformat() == "2020-03-01"


def test_older_schema_is_read_and_says_nothing_of_the_index() -> None:
    old = work(
        1, type="journal-article", primary_location=None, host_venue={"type": "journal"}, primary_topic=None
    )
    old["authorships"] = [
        {
            "author": {"display_name": "J"},
            "raw_affiliation_string": "A, Oslo, Norway; B, Bern, Switzerland",
            "institutions": [],
        }
    ]
    row = made(openalex, lines(old))[0][0]
    assert (row["doc_type"], row["indexes"], row["addresses"]) == (
        "Article",
        "",
        ["A, Oslo, Norway", "B, Bern, Switzerland"],
    )


def test_openalex_is_cut_to_journals_like_those_of_scie() -> None:
    social = {"field": {"display_name": "Law"}, "domain": {"id": "https://openalex.org/domains/2"}}
    works = [
        work(1), work(2, is_retracted=True), work(3, is_xpac=True), work(4, is_paratext=True), work(5, primary_topic=social),
        work(6, type="review"), work(7, primary_location={"source": {"type": "journal", "is_core": False}}),
        work(8, primary_location={"source": {"type": "repository"}}), work(9, publication_year=None),
    ]  # fmt: skip
    reading = articles(openalex.read(io.BytesIO(lines(*works))), Rules(Reader()))
    assert reading.files[0].filtered == {"index": 5, "type": 1, "retracted": 1, "year": 1}
    assert reading.tables["documents"]["document_id"].to_pylist() == ["openalex:W1"]
    assert reading.counts["like_scie"] == 1


def test_api_page_and_array_are_read_and_truncated_authors_rejected() -> None:
    page = json.dumps(
        {"meta": {"count": 2}, "results": [work(1), work(2, is_authors_truncated=True)]}, indent=1
    )
    rows, rejected = made(openalex, page.encode())
    assert [row["record_id"] for row in rows] == ["openalex:W1"]
    assert [(row["position"], row["reason"]) for row in rejected] == [(2, "authors_truncated")]
    assert len(made(openalex, json.dumps([work(1), work(2)]).encode())[0]) == 2


@pytest.mark.parametrize("packing", ["plain", "gzip", "zstd", "zip"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_page_of_the_api_is_read_whatever_it_is_packed_and_written_in(
    packing: str, encoding: str, tmp_path: Path
) -> None:
    page = json.dumps({"meta": {"count": 2}, "results": [work(1), work(2)]}, indent=1, ensure_ascii=False)
    raw = page.encode(encoding)
    with io.BytesIO() as made_zip, zipfile.ZipFile(made_zip, "w") as archive:
        archive.writestr("page.json", raw)
        archive.close()
        packed = {
            "plain": raw,
            "gzip": gzip.compress(raw),
            "zstd": zstandard.compress(raw),
            "zip": made_zip.getvalue(),
        }[packing]
    found = list(read_sci(folder(tmp_path / "raw", page__bin=packed)))
    assert sorted({one for batch in found for one in batch["document_id"].to_pylist()}) == [
        "openalex:W1",
        "openalex:W2",
    ]


def test_word_results_in_a_work_makes_no_page_of_its_file() -> None:
    works = [{"id": "x", "abstract_inverted_index": {"results": [1]}} | work(1), work(2)]
    assert [row["record_id"] for row in made(openalex, lines(*works))[0]] == ["openalex:W1", "openalex:W2"]


def test_pages_that_stand_on_a_line_each_are_read() -> None:
    pages = [
        {"meta": {"count": 3}, "results": [work(1), work(2)]},
        {"meta": {"count": 3}, "results": [work(3)]},
    ]
    rows, rejected = made(openalex, lines(*pages) + b'{"meta": {}, "results": [\n')
    assert [(row["position"], row["record_id"]) for row in rows] == [
        (1, "openalex:W1"), (2, "openalex:W2"), (3, "openalex:W3")
    ]  # fmt: skip
    assert [row["reason"] for row in rejected] == ["not_json"]


def test_broken_line_of_json_is_a_reject_and_the_rest_goes_on() -> None:
    rows, rejected = made(openalex, lines(work(1)) + b'{"id": "W2", \n' + lines(work(3))[:-40])
    assert len(rows) == 1
    assert [(row["position"], row["reason"]) for row in rejected] == [(2, "not_json"), (3, "not_json")]


def test_deletion_lists_are_read_and_recognised() -> None:
    assert deletions.sniff(b"WOS,000208518000001,Y\n")
    assert deletions.sniff(b"merge_date,id,merge_into_id\n")
    raw = b"WOS,000208518000001,Y\nnonsense\n"
    ids = [row.get("record_id") for batch in deletions.read(io.BytesIO(raw)) for row in batch.to_pylist()]
    assert ids == ["WOS:000208518000001", None]
    merged = b"merge_date,id,merge_into_id\n2024-01-01,W12,W3\n"
    assert next(deletions.read(io.BytesIO(merged)))["record_id"].to_pylist() == ["openalex:W12"]


def test_deletion_takes_away_earlier_copies_and_a_later_copy_stands(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    number = "000208518000001"
    deliveries = {
        "w1": {"a__txt": export(record(f"WOS:{number}"), record("WOS:000000000000009"))},
        "w2": {"x__del": f"WOS,{number},Y\n"},
    }
    for name, files in deliveries.items():
        key = stage.register_delivery(home, "sci", folder(tmp_path / name, **files))
        stage.read_delivery(home, settings(address_share_min=0), key)
    stage.completeness(home, settings())
    stage.merge_year(home, settings(), 2020)
    assert lake(home, "documents", 2020)["document_id"].to_pylist() == ["WOS:000000000000009"]
    assert lake(home, "listings", 2020).num_rows == 1
    stays = read_table(home.completeness()).to_pylist()
    assert [(row["publication_year"], row["delivery"], row["copies"]) for row in stays] == [(0, "sci.w2", 2)]
    key = stage.register_delivery(
        home, "sci", folder(tmp_path / "w3", a__txt=export(record(f"WOS:{number}")))
    )
    stage.read_delivery(home, settings(address_share_min=0), key)
    stage.completeness(home, settings())
    stage.merge_year(home, settings(), 2020)
    assert lake(home, "documents", 2020).num_rows == 2


def test_canonical_rows_of_one_document_need_not_stand_together() -> None:
    raw = "document_id,publication_year,person_no,address,country,latitude,longitude\n" \
          "A1,2020,1,x,NO,59.9,10.7\nB2,2020,1,y,Norway,,\nA1,2020,1,z,SE,,\nA1,2020,2,,,,\n,2020,1,q,NO,,\n"  # fmt: skip
    rows, rejected = made(canonical, raw.encode())
    assert [(row["record_id"], row["authors"], row["addresses"]) for row in rows] == [
        ("given:A1", 2, ["x", "z", ""]),
        ("given:B2", 1, ["y"]),
    ]
    assert rows[0]["latitude"] == [59.9, None, None]
    assert [(row["position"], row["reason"]) for row in rejected] == [(5, "no_id")]
    tables = articles(canonical.read(io.BytesIO(raw.encode())), Rules(Reader())).tables
    assert tables["listings"]["why_unlocated"].to_pylist().count("no_address") == 1
    assert sorted(tables["addresses"]["country"].to_pylist()) == ["NO", "NO", "SE"]


def test_canonical_documents_with_impossible_dates_or_coordinates_are_rejected_by_row() -> None:
    header = "document_id,publication_year,publication_date,address,country,latitude,longitude\n"
    bad = {
        "a,2020,,x,NO,91,10": "bad_coordinates", "b,2020,,x,NO,59,500": "bad_coordinates",
        "c,2020,,x,NO,x,y": "bad_coordinates", "d,2020,,x,NO,59.9,": "bad_coordinates",
        "e,2020,,x,NO,nan,10": "bad_coordinates", "f,,2020-13-45,x,NO,,": "bad_date",
        "g,20x0,,x,NO,,": "bad_date", "h,,soon,x,NO,,": "bad_date",
    }  # fmt: skip
    good = [
        "i,2020,,x,NO,59.9,10.7",
        "j,,2020-02-29,x,NO,,",
        "k,,20200229,x,NO,-90,180",
        "l,2020,2019-12-31,x,NO,,",
    ]
    text = header + "\n".join(
        [*bad, *good, "m,2020,,x,NO,,", "m,2021,,y,NO,,", "n,2020,,x,NO,,", "n,,,y,NO,,"]
    )
    made_rows, rejected = made(canonical, text.encode())
    assert [row["record_id"][-1] for row in made_rows] == ["i", "j", "k", "l", "n"]
    expected = [*enumerate(bad.values(), 1), (14, "two_years")]
    assert [(row["position"], row["reason"]) for row in rejected] == expected
    assert rejected[0]["record_id"] == "a"
