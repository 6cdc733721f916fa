"""Traps of patent files, one test each; those not here stand in the tests of their format.

`TRAPS` says for each trap which test shows it, so that none is forgotten.
"""

from importlib import import_module
from pathlib import Path

import pytest

from extracts import stage
from extracts.formats import ep_xml
from extracts.publications import Publication
from foundation.errors import BadInput
from foundation.home import Home
from tests.extracts.test_patent_formats import (
    APPLICANT,
    EP,
    REGPAT,
    REGPAT_IPC,
    WORLD,
    documents,
    person,
    read,
    report,
)
from tests.extracts.test_patstat import ONE
from tests.extracts.world import TABLES, folder, patstat, rows, settings

PATSTAT = "test_patstat"
TEXT = "test_patstat_text"
FORMATS = "test_patent_formats"
HERE = "test_patent_traps"
TRAPS = {
    "PATSTAT: inventor who is applicant": (PATSTAT, "test_inventor_who_is_applicant_too_is_an_inventor_and_has_no_name"),
    "PATSTAT: one inventor under two person_ids": (HERE, "test_one_inventor_under_two_person_ids"),
    "PATSTAT: nb_inventors above, equal, below, 0, no inventor": (PATSTAT, "test_unnamed_inventors_are_listings_without_an_address"),
    "PATSTAT: missing person": (PATSTAT, "test_rows_that_point_to_missing_persons_are_counted_and_too_many_refused"),
    "PATSTAT: missing application": (PATSTAT, "test_rows_of_an_application_that_is_not_there_are_left_out_with_a_warning"),
    "PATSTAT: parts of one table in zip and plain": (TEXT, "test_parts_plain_gzip_zip_and_zstd_give_what_the_whole_gives"),
    "PATSTAT: part and whole of one table": (TEXT, "test_same_application_in_two_parts_is_a_duplicate_and_the_last_stays"),
    "PATSTAT: byte order mark": (HERE, "test_separators_and_byte_order_mark"),
    "PATSTAT: ; and |": (HERE, "test_separators_and_byte_order_mark"),
    "PATSTAT: quoted newline, doubled quotation mark, text null": (TEXT, "test_newline_quotes_and_null_inside_fields"),
    "PATSTAT: comma in every name": (HERE, "test_separators_and_byte_order_mark"),
    "PATSTAT: country NA": (PATSTAT, "test_country_code_na_is_namibia_and_a_lone_country_is_an_address"),
    "PATSTAT: country junk, old, empty": (HERE, "test_country_codes_that_are_junk_old_or_empty"),
    "PATSTAT: kinds W, A, D": (PATSTAT, "test_applications_of_other_kinds_fall_out"),
    "PATSTAT: publications A1 A2 A3 A8": (PATSTAT, "test_application_counts_once_in_the_year_of_its_first_wo_publication"),
    "PATSTAT: 9999": (PATSTAT, "test_application_without_any_year_falls_out"),
    "PATSTAT: neither appln_kind nor tls211": (PATSTAT, "test_tables_that_cannot_tell_pct_are_refused_by_default"),
    "PATSTAT: tls211 only": (PATSTAT, "test_publications_alone_tell_pct"),
    "PATSTAT: tls207 without tls206": (PATSTAT, "test_persons_without_their_table_are_refused_with_what_to_add"),
    "PATSTAT: tls230 against tls209": (PATSTAT, "test_given_fields_are_used_and_a_difference_is_told"),
    "REGPAT: one inventor in three regions": (FORMATS, "test_regpat_inventor_in_three_regions_is_one_in_the_year_of_the_number"),
    "REGPAT: empty Appln_id": (HERE, "test_regpat_with_an_empty_appln_id"),
    "REGPAT: EPO file": (FORMATS, "test_epo_part_of_regpat_is_refused_by_name"),
    "REGPAT: quoted header": (HERE, "test_regpat_with_a_quoted_header"),
    "REGPAT: 7z": (HERE, "test_regpat_as_7z"),
    "WIPO: report and both published applications": (FORMATS, "test_report_and_both_published_applications_are_read"),
    "WIPO: SOAP envelope": (FORMATS, "test_envelope_of_the_web_service_is_looked_through"),
    "WIPO: JSON": (FORMATS, "test_json_of_the_web_service_is_refused_by_name"),
    "WIPO: applicant-inventor only, both places, agents": (FORMATS, "test_inventors_stand_in_two_places_and_count_once"),
    "WIPO: several documents, truncated last one": (FORMATS, "test_several_documents_in_one_file_and_a_cut_off_last_one"),
    "WIPO: week zip with images, path ../x.xml": (FORMATS, "test_week_zip_with_page_images_and_a_path_that_leaves_it"),
    "WIPO: bare ampersand": (FORMATS, "test_bare_ampersand_is_mended_and_a_document_without_parties_is_a_reject"),
    "WIPO: DOCTYPE, entity bomb": (FORMATS, "test_doctype_is_accepted_and_entities_with_values_are_refused"),
    "WIPO: UTF-16": (FORMATS, "test_utf16_is_read_as_utf8_is"),
    "WIPO: doc-number in every form": (HERE, "test_wo_number_of_every_form_in_every_source"),
    "WIPO: IPC as text and as elements": (HERE, "test_ipc_as_text_and_as_elements"),
    "EP: WO numbers with two digits of the year": (HERE, "test_ep_wo_numbers_with_two_digits_of_the_year"),
    "EP: city with code and state": (HERE, "test_ep_city_with_code_and_state"),
    "EP: c/o in the name": (HERE, "test_ep_c_o_in_the_name"),
    "EP: B1 without applicants, three documents of one application": (FORMATS, "test_ep_documents_of_one_wo_number_count_once_and_others_are_filtered"),
    "IPC: bare split subclass, CPC, lower case, missing blanks": (PATSTAT, "test_fields_are_shares_of_symbols_and_bare_split_subclasses_take_no_part"),
    "IPC: G01N 330": (HERE, "test_g01n_330_is_not_g01n_33"),
    "IPC: new subclass": (HERE, "test_new_subclass_is_told_and_has_no_field"),
}  # fmt: skip


def test_every_trap_has_its_test() -> None:
    for module, test in TRAPS.values():
        assert callable(getattr(import_module(f"tests.extracts.{module}"), test))


def test_one_inventor_under_two_person_ids(tmp_path: Path) -> None:
    """PATSTAT gives spellings of one person ids of their own: within an application they stay two, as its own count has them."""
    raw = patstat(
        tmp_path / "raw",
        tls201="1,W,2018,2020-03-05,2\n",
        tls206='7,"XU, KAIHUA","shenzhen, china",CN,\n8,"Xu, Kaihua","shenzhen 518057, china",CN,\n',
        tls207="7,1,0,1\n8,1,0,2\n",
    )
    home, made = read(tmp_path, raw)
    assert made.counts["listings"] == 2
    assert [row["persons"] for row in rows(home, "pct.d", "documents")] == [2]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
def test_separators_and_byte_order_mark(separator: str, mark: str, tmp_path: Path) -> None:
    header = TABLES["tls206"].replace(",", separator)
    people = separator.join(("7", '"XU, KAIHUA; or | ""X"""', '"1 Road; shenzhen, china"', "CN", '"COMPANY"'))
    raw = patstat(tmp_path / "raw", tls201=ONE["tls201"], tls207="7,1,1,1\n")
    (raw / "people.txt").write_text(mark + header + people + "\n", encoding="utf-8")
    home, made = read(tmp_path, raw)
    assert (made.counts["listings_with_address"], made.counts["rejected"]) == (1, 0)
    assert [row["text"] for row in rows(home, "pct.d", "addresses")] == ["1 Road; shenzhen, china"]


def test_country_codes_that_are_junk_old_or_empty(tmp_path: Path) -> None:
    codes = {
        "--": None,
        ". ": None,
        "75": None,
        ":W": None,
        "0B": None,
        "DD": "DE",
        "YU": "YU",
        "WO": None,
        "cn": "CN",
    }
    people = "".join(f'{n},"P{n}",Main Street {n},"{code}",\n' for n, code in enumerate(codes, 1))
    people += '20,"P20","Taipei, taiwan","",\n21,"P21","CH-1603 Aran",,\n'
    roles = "".join(f"{n},1,0,{n}\n" for n in [*range(1, len(codes) + 1), 20, 21])
    home, made = read(
        tmp_path, patstat(tmp_path / "raw", tls201="1,W,2018,2020-03-05,2\n", tls206=people, tls207=roles)
    )
    found = {row["text"]: row["country"] for row in rows(home, "pct.d", "addresses")}
    assert found == {
        **{f"Main Street {n}": country for n, country in enumerate(codes.values(), 1)},
        "Taipei, taiwan": "TW",
        "CH-1603 Aran": "CH",
    }
    assert made.counts["listings_with_address"] == len(found)


def test_regpat_with_an_empty_appln_id(tmp_path: Path) -> None:
    filled = REGPAT.replace("|x||", "|x|4711|")
    results = []
    for name, text in (("empty", REGPAT), ("filled", filled)):
        raw = folder(tmp_path / name / "raw", inv__txt=text, ipc__txt=REGPAT_IPC)
        home, made = read(tmp_path / name, raw, pct_date="filing")
        results.append(
            (rows(home, "pct.d", "listings"), rows(home, "pct.d", "documents"), made.counts["listings"])
        )
    assert results[0] == results[1]
    assert results[0][2] == 2


def test_regpat_with_a_quoted_header(tmp_path: Path) -> None:
    head, body = REGPAT.split("\n", 1)
    assert head.startswith('"')
    results = []
    for name, text in (
        ("quoted", REGPAT),
        ("plain", head.replace('"', "") + "\n" + body),
        ("lower", head.lower() + "\n" + body),
    ):
        raw = folder(
            tmp_path / name / "raw", inv__txt=text, ipc__txt=REGPAT_IPC.replace("pct_nbr|", '"PCT_Nbr"|')
        )
        results.append(rows(read(tmp_path / name, raw, pct_date="filing")[0], "pct.d", "listings"))
    assert results[0] == results[1] == results[2]
    assert len(results[0]) == 2


def test_regpat_as_7z(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", PCT__7z=b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(64))
    with pytest.raises(BadInput, match=r"7z.*[Uu]npack"):
        stage.register_delivery(Home(tmp_path / "home"), "pct", raw)


NUMBERS = ("WO2009105044", "2009/105044", "WO/2009/105044", "2009105044", "WO09105044", "09105044")


@pytest.mark.parametrize("number", NUMBERS)
def test_wo_number_of_every_form_in_every_source(number: str, tmp_path: Path) -> None:
    world = WORLD.replace("WO02020444", number)
    sources = {
        "wipo": {"a__xml": report(number=number)},
        "ep": {"a__xml": EP.format(kind="A1", number="1", applicant=APPLICANT, world=world)},
        "patstat": {
            f"{name}__csv": TABLES[name] + text
            for name, text in (ONE | {"tls211": f"1,WO,{number},A1,1,2009-09-03\n"}).items()
        },
    }
    for name, files in sources.items():
        home, _ = read(tmp_path / name, folder(tmp_path / name / "raw", **files))
        assert [row["document_id"] for row in rows(home, "pct.d", "documents")] == ["WO2009105044"], name


@pytest.mark.parametrize(
    ("short", "number"),
    [
        ("WO02020444", "WO2002020444"),
        ("WO99016636", "WO1999016636"),
        ("9916636", "WO1999016636"),
        ("WO78000001", "WO1978000001"),
        ("WO77000001", "WO2077000001"),
    ],
)
def test_ep_wo_numbers_with_two_digits_of_the_year(short: str, number: str, tmp_path: Path) -> None:
    world = WORLD.replace("WO02020444", short)
    text = EP.format(kind="A1", number="1", applicant=APPLICANT, world=world)
    home, _ = read(tmp_path, folder(tmp_path / "raw", a__xml=text))
    assert [row["document_id"] for row in rows(home, "pct.d", "documents")] == [number]


def test_ipc_as_text_and_as_elements(tmp_path: Path) -> None:
    elements = report()
    start, end = elements.index("<classification-ipcr>"), elements.index("</classification-ipcr>")
    text = "<classification-ipcr><text>H04W   4/00        20090101AFI20100916BHWO        </text>"
    for name, given in (("elements", elements), ("text", elements[:start] + text + elements[end:])):
        home, _ = read(tmp_path / name, folder(tmp_path / name / "raw", a__xml=given))
        assert [row["ipc"] for row in rows(home, "pct.d", "ipc")] == ["H04W 4/00"], name


@pytest.mark.parametrize(
    ("city", "country", "region"),
    [
        ("Fremont, California 94538", "US", None),
        ("Ichihara-shi, Chiba 290-8566", "JP", None),
        ("D-5600 Wuppertal 1", "DE", None),
    ],
)
def test_ep_city_with_code_and_state(city: str, country: str, region: str | None) -> None:
    text = EP.format(kind="A1", number="1", applicant=APPLICANT, world=WORLD)
    text = text.replace("D-5600 Wuppertal 1", city).replace("<ctry>DE</ctry>", f"<ctry>{country}</ctry>")
    (found,) = documents(text, ep_xml)
    assert isinstance(found, Publication)
    (inventor,) = found.parties.inventors
    assert (inventor.address, inventor.country, inventor.region) == (f"1 R&D Road, {city}", country, region)


def test_ep_c_o_in_the_name(tmp_path: Path) -> None:
    text = EP.format(kind="A1", number="1", applicant=APPLICANT, world=WORLD)
    home, made = read(tmp_path, folder(tmp_path / "raw", a__xml=text))
    assert made.counts["listings"] == 1
    for table in ("documents", "listings", "addresses", "applicants"):
        assert "Doe" not in str(rows(home, "pct.d", table))
    assert [row["text"] for row in rows(home, "pct.d", "addresses") if row["listings"]] == [
        "1 R&D Road, D-5600 Wuppertal 1"
    ]


def test_g01n_330_is_not_g01n_33(tmp_path: Path) -> None:
    home, made = read(tmp_path, patstat(tmp_path / "raw", **ONE, tls209="1,G01N 330/00\n1,H04N  19/00\n"))
    fields = {row["field_nr"]: row["weight"] for row in rows(home, "pct.d", "technology_fields")}
    assert fields == {2: 1}  # the subclasses are split: 330 is in none of their groups, and 19 is not 1
    assert any("G01N" in text for text in made.warnings)


def test_new_subclass_is_told_and_has_no_field(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    raw = patstat(tmp_path / "raw", **ONE, tls209="1,G06V  10/00\n")
    made = stage.read_delivery(home, settings(), stage.register_delivery(home, "pct", raw, "d"))
    assert rows(home, "pct.d", "technology_fields") == []
    assert any("G06V" in text for text in made.warnings)


def test_agents_and_correspondents_have_addresses_that_are_nobodys() -> None:
    parties = (
        "<inventors>"
        + person("inventor", "Doe")
        + "</inventors><agents>"
        + person("agent", "Lawyer", "9 Fleet St, London", "GB")
        + "</agents>"
    )
    (found,) = documents(report(parties=parties))
    assert isinstance(found, Publication)
    assert "Fleet" not in str(found.parties)
