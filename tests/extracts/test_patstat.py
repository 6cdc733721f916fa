"""PATSTAT: what the tables say about applications, persons and fields."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from extracts import stage
from foundation.errors import BadInput
from foundation.home import Home
from foundation.measure import StageReport
from tests.extracts.world import TABLES, folder, patstat, rows, settings

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


PUBLISHED = (
    "11,WO,2020000001,A1,1,2020-03-05\n12,WO,2020000001,A8,1,2020-06-05\n13,WO,2020000001,A9,1,2020-09-03\n"
)


@pytest.mark.parametrize(
    ("rows_of_227", "countries"),
    [
        ("7,11,0,1\n8,11,0,2\n", ["CN", "FR"]),  # the corrected ones name nobody
        ("7,11,0,1\n8,12,0,1\n", ["FR"]),  # the latest correction that names persons
        ("7,11,0,1\n7,12,0,1\n8,13,0,1\n9,99,0,1\n", ["FR"]),
    ],
)
def test_persons_of_publications_stand_in_where_there_are_none_of_applications(
    rows_of_227: str, countries: list[str], tmp_path: Path
) -> None:
    both = ONE["tls206"] + '8,"ROE, JANE",paris,FR,\n9,"DOE, JANE",oslo,NO,\n'
    tables = {"tls201": ONE["tls201"], "tls206": both, "tls211": PUBLISHED, "tls227": rows_of_227}
    home, report = read(tmp_path / "a", patstat(tmp_path / "a" / "raw", **tables))
    assert sorted(row["country"] for row in rows(home, "pct.d", "addresses")) == countries
    assert report.counts["records"] == 1
    tables |= {"tls207": ONE["tls207"]}  # which has them of applications
    home, _ = read(tmp_path / "b", patstat(tmp_path / "b" / "raw", **tables))
    assert [row["country"] for row in rows(home, "pct.d", "addresses")] == ["CN"]


def test_persons_of_publications_without_the_publications_are_refused(tmp_path: Path) -> None:
    raw = patstat(tmp_path / "raw", tls201=ONE["tls201"], tls206=ONE["tls206"], tls227="7,11,0,1\n")
    with pytest.raises(BadInput, match="tls211"):
        read(tmp_path, raw)


def test_applications_of_which_there_are_none_are_no_fault_of_the_tables(tmp_path: Path) -> None:
    _, report = read(tmp_path, patstat(tmp_path / "raw", tls201=""))
    assert report.counts["records"] == 0


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
