"""Every trap of tagged text, one test each."""

from pathlib import Path
from typing import Any

import pytest

from extracts.formats import wos_tagged
from extracts.meaning import index_names
from tests.extracts.tagged import export, read, record

TRAPS = (Path(__file__).parent / "data" / "wos_tagged" / "traps.txt").read_bytes()


@pytest.fixture(scope="module")
def traps() -> dict[str, dict[str, Any]]:
    return {row["record_id"]: row for row in read(TRAPS)[0]}


def test_all_records_are_read_and_the_cut_off_ones_set_aside(traps: dict[str, Any]) -> None:
    assert [row["position"] for row in traps.values()] == [3, 30, 40, 49, 62]
    rejected = [(row["position"], row["record_id"], row["reason"], row["whole"]) for row in read(TRAPS)[1]]
    assert rejected == [
        (49, "WOS:A1979000000001", "addresses_are_references", False),
        (59, "WOS:000000000000002", "truncated", True),
        (72, None, "truncated", True),
    ]


def test_end_of_file_in_the_middle_and_glued_words_before_pt_lose_nothing(traps: dict[str, Any]) -> None:
    assert any(row["names"] == ["Gilles, Henri", "Moreau, Claire"] for row in traps.values())


def test_record_without_ut_gets_a_made_id_that_line_ends_do_not_change(traps: dict[str, Any]) -> None:
    made = [name for name in traps if name.startswith("wos-made:")]
    assert len(made) == 1
    assert len(made[0]) == len("wos-made:") + 16
    for other in (TRAPS.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + TRAPS, TRAPS.decode().encode("utf-16")):
        assert [row["record_id"] for row in read(other)[0]] == list(traps)


def test_tag_without_space_is_read_and_three_letter_lines_are_not() -> None:
    articles, _ = read(export(record("WOS:1", AF="", AU="x").replace("AU x", "AUGilles, H\nRID A-1282-2008")))
    assert articles[0]["names"] == ["Gilles, H"]


def test_tab_after_the_tag_is_read(traps: dict[str, Any]) -> None:
    row = traps["CCC:000316775500004"]
    assert (row["names"], row["issue_year"], row["addresses"]) == (
        ["Silva, Ana"],
        "2013",
        ["Univ Porto, P-4200 Porto, Portugal"],
    )


def test_bracketed_and_plain_addresses_of_one_record_stay_apart(traps: dict[str, Any]) -> None:
    row = traps["WOS:000000000000001"]
    assert row["addresses"] == [
        "Univ Lagos, Dept Phys, Lagos, Nigeria",
        "Kyoto Univ, Kyoto 6068501, Japan",
        "Uppsala Univ, S-75105 Uppsala, Sweden",
    ]
    assert row["bracketed"] == [True, True, False]
    assert list(zip(row["link_address"], row["link_name"], strict=True)) == [(0, 0), (0, 2), (1, 0)]


def test_wrapped_fields_are_joined_by_a_blank(traps: dict[str, Any]) -> None:
    row = traps["WOS:000000000000001"]
    assert row["doc_type"] == "Article; Proceedings Paper"
    assert row["categories"] == "Physics, Applied; Materials Science, Multidisciplinary"


def test_html_entities_do_not_cut_an_index_in_three(traps: dict[str, Any]) -> None:
    assert index_names(traps["WOS:000000000000001"]["indexes"]) == ("SCIE", "AHCI")


def test_cited_references_under_c1_are_no_addresses_but_the_document_stays(traps: dict[str, Any]) -> None:
    assert traps["WOS:A1979000000001"]["addresses"] == []


def test_an_author_named_twice_is_marked(traps: dict[str, Any]) -> None:
    assert traps["WOS:000000000000003"]["repeated"] == [1, 0]


def test_group_authors_beside_an_address_are_no_authors() -> None:
    row = read(export(record("WOS:1", C1="[Roe, Jane; GOLEM Team] Univ X, Bergen, Norway.")))[0][0]
    assert (row["authors"], row["names"], row["link_name"]) == (1, ["Roe, Jane", "GOLEM Team"], [0, 1])


def test_semicolon_inside_an_address_does_not_split_it() -> None:
    row = read(export(record("WOS:1", C1="Univ Napoli Federico II, I-80138; Naples, Italy.")))[0][0]
    assert row["addresses"] == ["Univ Napoli Federico II, I-80138; Naples, Italy"]


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_block_size_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read(TRAPS)
    monkeypatch.setattr(wos_tagged, "BLOCK", size)
    assert read(TRAPS) == whole


def test_last_record_needs_no_newline_after_its_end() -> None:
    raw = export(record("WOS:1"), record("WOS:2")).replace(b"\n\nEF\n", b"")
    assert raw.endswith(b"ER")
    assert read(raw) == read(raw + b"\n")
    assert len(read(raw)[0]) == 2


def test_bytes_that_are_no_utf8_are_read_as_windows_1252() -> None:
    raw = export(record("WOS:1", C1="Univ Málaga, Málaga, Spain.")).decode().encode("cp1252")
    assert read(raw)[0][0]["addresses"] == ["Univ Málaga, Málaga, Spain"]


def test_header_or_first_record_make_tagged_text() -> None:
    assert wos_tagged.sniff(TRAPS)
    assert wos_tagged.sniff(b"PT J\nAU X\n")
    assert wos_tagged.sniff(b"nullnullPT J\n")
    for other in (b"PT\tAU\tTI\tUT\n", b"TY  - JOUR\n", b"appln_id,appln_kind\n", b"", b"%PDF-1.4"):
        assert not wos_tagged.sniff(other)
