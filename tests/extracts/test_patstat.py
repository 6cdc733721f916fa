"""PATSTAT: what the tables say about applications, persons and fields, and every trap of their text form."""

import zipfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from extracts import applications, csv_tables, plain_csv, stage
from extracts.formats.patstat import header_of, sniff, table_of
from foundation.errors import BadInput
from foundation.home import Home
from foundation.measure import StageReport
from tests.extracts.world import TABLES, folder, gz, patstat, rows, settings

ONE = {
    "tls201": "1,W,2018,2020-03-05,2\n",
    "tls206": '7,"XU, KAIHUA","shenzhen, china",CN,\n',
    "tls207": "7,1,0,1\n",
}


def read(tmp_path: Path, raw: Path, **reader: Any) -> tuple[Home, StageReport]:
    home = Home(tmp_path / "home")
    key = stage.register_delivery(home, "pct", raw, "d")
    return home, stage.read_delivery(home, settings(**{"address_share_min": 0, **reader}), key)


def listings(home: Home) -> list[tuple[int, int, str | None]]:
    return [
        (row["person_no"], row["address_no"], row["why_unlocated"]) for row in rows(home, "pct.d", "listings")
    ]


def test_application_counts_once_in_the_year_of_its_first_wo_publication(tmp_path: Path) -> None:
    publications = "1,WO,2020/012345,A3,1,2020-09-01\n2,WO,2020/012345,A2,1,2020-01-16\n3,WO,2020/012345,A8,1,2021-02-01\n4,EP,345,A1,1,2019-01-01\n"
    home, report = read(tmp_path, patstat(tmp_path / "raw", **ONE, tls211=publications))
    row = rows(home, "pct.d", "documents")[0]
    assert (row["document_id"], row["publication_year"], row["year_basis"], row["document_type"]) == (
        "WO2020012345",
        2020,
        "publication",
        "A2",
    )
    assert str(row["publication_date"]) == "2020-01-16"
    assert (report.counts["records"], report.counts["kept"]) == (1, 1)


def test_applications_of_other_kinds_fall_out(tmp_path: Path) -> None:
    many = ONE | {
        "tls201": "1,W,2018,2020-03-05,2\n2,A,2018,2020-03-05,2\n3,D,2018,2020-03-05,0\n4,Q,9999,9999-12-31,0\n"
    }
    _, report = read(tmp_path, patstat(tmp_path / "raw", **many))
    assert report.counts["filtered"] == {"kind": 3}


def test_without_publication_table_the_earliest_publication_counts(tmp_path: Path) -> None:
    home, _ = read(tmp_path, patstat(tmp_path / "raw", **ONE))
    row = rows(home, "pct.d", "documents")[0]
    assert (row["document_id"], row["publication_year"], row["year_basis"]) == (
        "appln:1",
        2020,
        "earliest_publication",
    )


def test_application_without_any_year_falls_out(tmp_path: Path) -> None:
    many = ONE | {"tls201": "1,W,2018,2020-03-05,2\n2,W,9999,9999-12-31,2\n"}
    assert read(tmp_path, patstat(tmp_path / "raw", **many))[1].counts["filtered"] == {"year": 1}


def test_tables_that_cannot_tell_pct_are_refused_by_default(tmp_path: Path) -> None:
    raw = folder(
        tmp_path / "raw", tls201__csv="appln_id,appln_filing_year,earliest_publn_date\n1,2018,2020-01-01\n"
    )
    with pytest.raises(BadInput, match="do not tell PCT"):
        read(tmp_path, raw)
    assert not (tmp_path / "home" / "lake").exists()
    assert not Home(tmp_path / "home").state()


def test_tables_without_publication_dates_are_refused_by_default(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", tls201__csv="appln_id,appln_kind,appln_filing_year\n1,W,2018\n")
    with pytest.raises(BadInput, match="pct_date: filing"):
        read(tmp_path, raw)


def test_filing_years_stand_in_when_declared_and_both_warnings_are_given(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", tls201__csv="appln_id,appln_filing_year\n1,2018\n")
    home, report = read(tmp_path, raw, pct_date="filing", pct_kind_when_absent="keep")
    assert rows(home, "pct.d", "documents")[0]["year_basis"] == "filing"
    text = " ".join(report.warnings)
    assert "do not tell PCT" in text
    assert "Filing years stand in" in text


def test_publications_alone_tell_pct(tmp_path: Path) -> None:
    raw = folder(
        tmp_path / "raw",
        tls201__csv="appln_id,appln_filing_year\n1,2018\n2,2018\n",
        tls211__csv=TABLES["tls211"] + "1,WO,2020012345,A1,1,2020-01-16\n2,EP,1,A1,2,2020-01-16\n",
    )
    _, report = read(tmp_path, raw)
    assert (report.counts["kept"], report.counts["filtered"]) == (1, {"kind": 1})


def test_inventor_who_is_applicant_too_is_an_inventor_and_has_no_name(tmp_path: Path) -> None:
    raw = patstat(
        tmp_path / "raw",
        tls201="1,W,2018,2020-03-05,1\n",
        tls206='7,"DOE, ANN","paris, france",FR,\n8,ACME S.A.,,FR,COMPANY\n',
        tls207="7,1,1,1\n8,1,2,0\n",
    )
    home, _ = read(tmp_path, raw)
    assert listings(home) == [(1, 1, None)]
    found = [(row["is_person"], row["name"], row["name_key"]) for row in rows(home, "pct.d", "applicants")]
    assert found == [(True, None, None), (False, "ACME S.A.", "ACME")]
    for table in ("documents", "listings", "applicants", "addresses"):
        assert "ANN" not in str(rows(home, "pct.d", table))


def test_unnamed_inventors_are_listings_without_an_address(tmp_path: Path) -> None:
    raw = patstat(
        tmp_path / "raw",
        tls201="1,W,2018,2020-03-05,3\n2,W,2018,2020-03-05,1\n3,W,2018,2020-03-05,0\n4,W,2018,2020-03-05,\n",
        tls206='7,a,"shenzhen, china",CN,\n8,b,"shenzhen, china",,\n9,c,,,\n',
        tls207="7,1,0,1\n7,2,0,1\n8,2,0,2\n9,3,0,1\n",
    )
    home, report = read(tmp_path, raw)
    by_document: dict[int, list[tuple[int, str | None]]] = {}
    for row in rows(home, "pct.d", "listings"):
        by_document.setdefault(row["document_no"], []).append((row["address_no"], row["why_unlocated"]))
    assert sorted(map(str, by_document.values())) == sorted(
        map(
            str,
            [[(1, None), (0, "not_listed"), (0, "not_listed")], [(1, None), (1, None)], [(0, "no_address")]],
        )
    )
    assert report.counts["documents_without_persons"] == 1
    located = sum(
        Fraction(sum(why is None for _, why in found), len(found)) for found in by_document.values()
    )
    assert located == Fraction(4, 3)
    persons = sorted(row["persons"] for row in rows(home, "pct.d", "documents"))
    assert persons == [0, 1, 2, 3]


def test_one_inventor_in_two_rows_is_listed_once(tmp_path: Path) -> None:
    raw = patstat(
        tmp_path / "raw", **(ONE | {"tls201": "1,W,2018,2020-03-05,1\n", "tls207": "7,1,0,1\n7,1,0,2\n"})
    )
    assert listings(read(tmp_path, raw)[0]) == [(1, 1, None)]


def test_country_code_na_is_namibia_and_a_lone_country_is_an_address(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", **(ONE | {"tls206": "7,x,,NA,\n"}))
    home, report = read(tmp_path, raw)
    assert [(row["country"], row["text"]) for row in rows(home, "pct.d", "addresses")] == [("NA", "")]
    assert report.counts["listings_country_only"] == 1


def test_country_at_the_end_of_the_text_wins_and_is_counted(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", **(ONE | {"tls206": '7,x,"taipei, taiwan",CN,\n'}))
    home, report = read(tmp_path, raw)
    assert rows(home, "pct.d", "addresses")[0]["country"] == "TW"
    assert report.counts["country_from_text"] == 1


def test_addresses_as_filed_are_preferred_and_the_fullest_row_of_a_person_counts(tmp_path: Path) -> None:
    filed = (
        "person_orig_id,person_id,source,name_freeform,address_freeform,street,city,zip_code,state,person_ctry_code\n"
        '1,7,x,"XU, K",,"1 Science\nRoad",Shenzhen,518057,,CN\n2,7,x,"XU, K",,,Shenzhen,,,CN\n'
        '3,8,x,"DOE, ANN","12 Rue X, 75008 Paris",,,,,FR\n4,9,x,"ROE, JO",,,,,,\n5,99,x,"NOBODY",Mars,,,,,\n'
    )
    raw = patstat(
        tmp_path / "raw",
        tls201="1,W,2018,2020-03-05,3\n",
        tls206='7,"XU, K",,,\n8,"DOE, ANN","paris, france",,\n9,"ROE, JO","oslo, norway",NO,\n',
        tls207="7,1,0,1\n8,1,0,2\n9,1,0,3\n",
    )
    (raw / "filed.csv").write_text(filed, encoding="utf-8")
    home, report = read(tmp_path, raw)
    found = {
        (row["text"], row["country"], row["city"], row["postcode"])
        for row in rows(home, "pct.d", "addresses")
    }
    assert found == {
        ("1 Science Road, 518057 Shenzhen", "CN", "Shenzhen", "518057"),
        ("12 Rue X, 75008 Paris", "FR", None, None),
        ("oslo, norway", "NO", None, None),
    }
    assert (report.counts["addresses_as_filed"], report.counts["rejected"]) == (2, 0)
    assert "ANN" not in str(rows(home, "pct.d", "addresses"))


def test_rows_that_point_to_missing_persons_are_counted_and_too_many_refused(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", **(ONE | {"tls207": "7,1,0,1\n99,1,0,2\n"}))
    with pytest.raises(BadInput, match=r"1 of 2 rows of tls207 .*dangling_share_max"):
        read(tmp_path, raw)
    home, report = read(tmp_path / "more", raw, dangling_share_max=0.5)
    assert listings(home) == [(1, 1, None), (2, 0, "person_missing")]
    assert any("persons that are not there" in text for text in report.warnings)


def test_persons_without_their_table_are_refused_with_what_to_add(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", tls201=ONE["tls201"], tls207=ONE["tls207"])
    with pytest.raises(BadInput, match="tls206"):
        read(tmp_path, raw)


def test_rows_of_an_application_that_is_not_there_are_left_out_with_a_warning(tmp_path: Path) -> None:
    _, report = read(tmp_path, patstat(tmp_path / "raw", **(ONE | {"tls207": "7,1,0,1\n7,55,0,1\n"})))
    assert report.counts["application_missing"] == 1
    assert any("tls201 does not hold" in text for text in report.warnings)


def test_applications_alone_are_read_and_count_as_unlocated(tmp_path: Path) -> None:
    home, report = read(tmp_path, patstat(tmp_path / "raw", tls201=ONE["tls201"]))
    assert report.counts["kept"] == 1
    assert listings(home) == [(1, 0, "not_listed"), (2, 0, "not_listed")]


def test_persons_without_applications_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="tls201"):
        read(tmp_path, patstat(tmp_path / "raw", tls206=ONE["tls206"]))


def test_parts_plain_gzip_zip_and_zstd_give_what_the_whole_gives(tmp_path: Path) -> None:
    import zstandard

    def parts(name: str) -> list[str]:
        head, body = TABLES[name], wholes[name].splitlines(keepends=True)
        return [head + line for line in body]

    wholes = {
        "tls201": "1,W,2018,2020-03-05,2\n2,W,2018,2021-03-05,1\n",
        "tls206": '7,"XU, KAIHUA","shenzhen, china",CN,\n8,"ROE","kyoto, japan",JP,\n',
        "tls207": "7,1,0,1\n8,2,0,1\n",
    }
    whole = read(tmp_path / "a", patstat(tmp_path / "a" / "raw", **wholes))[0]
    raw = folder(tmp_path / "b" / "raw")
    (raw / "no ending").write_bytes(gz(parts("tls201")[0]))
    (raw / "x.txt").write_bytes(zstandard.compress(parts("tls201")[1].encode()))
    for number, text in enumerate(parts("tls206")):
        with zipfile.ZipFile(raw / f"part{number}.bin", "w") as archive:
            archive.writestr("inner.csv", text)
    (raw / "p1.csv").write_text(parts("tls207")[0].replace("\n", "\r\n"))
    (raw / "p2.csv").write_text("\ufeff" + parts("tls207")[1].replace(",", ";"))
    split = read(tmp_path / "b", raw)[0]
    for table in ("listings", "addresses"):
        drop = "file_id"
        a, b = (
            [{k: v for k, v in row.items() if k != drop} for row in rows(h, "pct.d", table)]
            for h in (whole, split)
        )
        assert a == b


def test_columns_come_in_any_order_case_and_quoting(tmp_path: Path) -> None:
    raw = folder(
        tmp_path / "raw",
        a__csv='"NB_INVENTORS";"Appln_Id";"APPLN_KIND";"EARLIEST_PUBLN_YEAR";"appln_title"\n"1";"00012345678901";"W";"2020";"x; y"\n',
    )
    home, _ = read(tmp_path, raw)
    assert rows(home, "pct.d", "documents")[0]["document_id"] == "appln:12345678901"


def test_newline_quotes_and_null_inside_fields(tmp_path: Path) -> None:
    people = '7,"He said ""no""","12 Rue\nX, paris, france",null,\n8,"NULL","NULL","JP",\n9,ABC "X" LTD,null,JP,COMPANY\n'
    raw = patstat(
        tmp_path / "raw",
        tls201="1,W,2018,2020-03-05,2\n",
        tls206=people,
        tls207="7,1,0,1\n8,1,0,2\n9,1,1,0\n",
    )
    home, _ = read(tmp_path, raw)
    assert sorted((row["country"], row["text"]) for row in rows(home, "pct.d", "addresses")) == [
        ("FR", "12 Rue X, paris, france"),
        ("JP", "NULL"),
    ]
    assert rows(home, "pct.d", "applicants")[0]["name"] == 'ABC "X" LTD'


def test_row_with_too_few_cells_is_a_reject_with_its_position(tmp_path: Path) -> None:
    many = "1,W,2018,2020-03-05,2\n2,W,20\n3,W,2018,2020-03-05,2\n,W,2018,2020-03-05,2\n5,W"
    raw = patstat(tmp_path / "raw", **(ONE | {"tls201": many}))
    with pytest.raises(BadInput, match="3 of 5 records could not be read"):
        read(tmp_path, raw)
    home, report = read(tmp_path / "more", raw, reject_share_max=1)
    found = [(row["position"], row["reason"]) for row in rows_beside(home, "rejects")]
    assert found == [(2, "columns"), (4, "bad_id"), (5, "columns")]
    assert (report.counts["records"], report.counts["kept"], report.counts["rejected"]) == (5, 2, 3)
    assert [row["position"] for row in rows(home, "pct.d", "documents")] in ([1, 3], [3, 1])


def rows_beside(home: Home, name: str) -> list[dict[str, Any]]:
    from foundation import contracts

    found: list[dict[str, Any]] = contracts.read(name, home.delivery_report("pct.d", name)).to_pylist()
    return found


def test_gzip_that_breaks_off_is_a_reject_and_not_a_crash(tmp_path: Path) -> None:
    body = "".join(f"{n},W,2018,2020-03-05,{n % 7}\n" for n in range(1, 4000))
    raw = folder(tmp_path / "raw", a__gz=gz(TABLES["tls201"] + body)[:-3000])
    home, report = read(tmp_path, raw, reject_share_max=1)
    assert 0 < report.counts["kept"] < 3999
    assert "damaged_archive" in [row["reason"] for row in rows_beside(home, "rejects")]


def test_same_application_in_two_parts_is_a_duplicate_and_the_last_stays(tmp_path: Path) -> None:
    raw = folder(
        tmp_path / "raw",
        a__csv=TABLES["tls201"] + "1,W,2018,2020-03-05,2\n",
        b__csv=TABLES["tls201"] + "1,W,2018,2021-03-05,2\n",
    )
    home, report = read(tmp_path, raw)
    assert (report.counts["kept"], report.counts["duplicates"]) == (1, 1)
    assert [(row["publication_year"], row["file_id"]) for row in rows(home, "pct.d", "documents")] == [
        (2021, 2)
    ]


def test_fields_are_shares_of_symbols_and_bare_split_subclasses_take_no_part(tmp_path: Path) -> None:
    symbols = "1,H04B   1/711\n1,h04w4/00\n1,G01N  33/48\n1,H04N\n1,Y02E  10/50\n1,H04B   1/711\n"
    home, report = read(tmp_path, patstat(tmp_path / "raw", **ONE, tls209=symbols))
    fields = {row["field_nr"]: row["weight"] for row in rows(home, "pct.d", "technology_fields")}
    third = Decimal("0.333333333333333")
    assert fields == {3: third, 4: third, 11: third}
    assert report.counts["ipc_unreadable"] == 1
    assert sorted(row["ipc"] for row in rows(home, "pct.d", "ipc")) == [
        "G01N 33/48",
        "H04B 1/711",
        "H04N",
        "H04W 4/00",
    ]


def test_given_fields_are_used_and_a_difference_is_told(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", **ONE, tls209="1,H04B   1/711\n", tls230='1,3,"0,5"\n1,4,0.5\n')
    home, report = read(tmp_path, raw)
    assert [(r["field_nr"], r["weight"], r["basis"]) for r in rows(home, "pct.d", "technology_fields")] == [
        (3, Decimal("0.5"), "tls230"),
        (4, Decimal("0.5"), "tls230"),
    ]
    assert report.counts["fields_unlike_computed"] == 2


def test_users_may_add_patterns(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    folder(home.root, extra__csv="ipc_pattern,field_nr\nG06V,6\n")
    key = stage.register_delivery(
        home, "pct", patstat(tmp_path / "raw", **ONE, tls209="1,G06V  10/00\n"), "d"
    )
    stage.read_delivery(home, settings(ipc_extra="extra.csv", address_share_min=0), key)
    assert [row["field_nr"] for row in rows(home, "pct.d", "technology_fields")] == [6]


def test_header_decides_what_a_table_is() -> None:
    assert [table_of(header_of(text.encode())[0]) for text in TABLES.values()] == list(TABLES)
    assert not sniff(b"city,lon,lat,links,persons\nx,1,2,3,4\n")
    assert header_of(b'"a;b"|c|d\n')[1] == "|"


def test_fast_way_of_plain_files_gives_what_the_careful_one_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {
        "tls201": "1,W,2018,2020-03-05,3\n2,A,2018,2020-03-05,2\n3,w,2018,2020-03-05,1\n4,,2018,2020-03-05,1\n1,A,2018,2020-03-05,2\n",
        "tls206": '7,"XU, ""K""\nAIHUA","shenzhen, china",CN,\n8,Roe,Oslo,NO,\n9,Poe,"",DE,\n',
        "tls207": "7,1,0,1\n8,1,1,2\n9,2,0,1\n9,3,0,1\n99,3,0,2\n8,77,0,1\n",
        "tls209": "1,H04L   9/08\n2,H04W   4/00\n3,G01N  33/50\n",
    }
    found = []
    for name in ("fast", "careful"):
        if name == "careful":
            monkeypatch.setattr(csv_tables, "_fast", lambda *_: False)
        home, report = read(tmp_path / name, patstat(tmp_path / name / "raw", **many), dangling_share_max=1)
        tables = ("documents", "listings", "applicants", "ipc", "technology_fields", "addresses")
        found.append((report.counts, [rows(home, "pct.d", table) for table in tables]))
    assert found[0] == found[1]
    assert found[0][0]["filtered"] == {"kind": 3}
    assert found[0][0]["application_missing"] == 1


@pytest.mark.parametrize(
    "persons",
    [
        "7,XU,shenzhen\n8,Roe,Oslo,NO,\n",
        "7,XU,shenzhen,CN,,,\n",
        "x7,XU,shenzhen,CN,\n",
        "7,null,null,CN,\n",
        '7,"XU"x,shenzhen,CN,\n',
        "7,XU,shenzhen,CN,\r\n",
    ],
    ids=["short row", "long row", "id that is no number", "bare null", "quotation mark inside", "one CRLF"],
)
def test_file_that_is_not_as_its_header_says_goes_the_careful_way(
    persons: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for name in ("fast", "careful"):
        if name == "careful":
            monkeypatch.setattr(csv_tables, "_fast", lambda *_: False)
        raw = patstat(tmp_path / name / "raw", **ONE | {"tls206": persons})
        home, report = read(tmp_path / name, raw, dangling_share_max=1, reject_share_max=1)
        found.append((report.counts, rows(home, "pct.d", "listings"), rows(home, "pct.d", "addresses")))
    assert found[0] == found[1]


def test_documents_and_addresses_taken_in_many_parts_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {
        "tls201": "".join(f"{n},W,2018,202{n % 2}-03-05,2\n" for n in range(1, 12)),
        "tls206": "".join(f'{n},"P{n}","{n % 5} Road, oslo, norway",NO,\n' for n in range(1, 12))
        + "12,x,,,\n",
        "tls207": "".join(f"{n},{n},0,1\n12,{n},0,2\n" for n in range(1, 12)),
    }
    found = []
    for number, most in enumerate((50_000, 3)):
        monkeypatch.setattr(applications, "PART", most)
        home, report = read(tmp_path / str(number), patstat(tmp_path / str(number) / "raw", **many))
        tables = ("documents", "listings", "addresses")
        found.append((report.counts, [rows(home, "pct.d", table) for table in tables]))
    assert found[0] == found[1]
    assert [len(table) for table in found[0][1]] == [11, 22, 10]


def test_file_that_turns_unusual_after_some_rows_leaves_none_of_them_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles = "".join(f"{person},1,0,{person}\n" for person in range(1, 6))
    persons = (
        "".join(f"{person},Roe {person},Oslo {person},NO,INDIVIDUAL\n" for person in range(1, 5))
        + "5,null,Oslo 5,CN\n"
    )
    monkeypatch.setattr(plain_csv, "BLOCK", 64)
    monkeypatch.setattr(plain_csv, "PARSED", 1)
    insert = csv_tables._insert
    loaded: list[str] = []

    def counted(connection: Any, part: Any, found: Any) -> None:
        loaded.append(part.table)
        insert(connection, part, found)

    monkeypatch.setattr(csv_tables, "_insert", counted)
    raw = patstat(tmp_path / "raw", **ONE | {"tls206": persons, "tls207": roles})
    home, report = read(tmp_path, raw, dangling_share_max=1, reject_share_max=1)
    assert loaded.count("tls206") > 2  # some by the fast way, then all by the careful one
    assert len(rows(home, "pct.d", "addresses")) == 4
    assert [row["reason"] for row in rows_beside(home, "rejects")] == ["columns"]
    assert report.counts["listings"] == 5
