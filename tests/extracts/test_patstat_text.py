"""PATSTAT: every trap of the tables' text form, and the fast way of reading them against the careful one."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from extracts import applications, csv_tables, plain_csv
from extracts.formats.patstat import header_of, sniff, table_of
from foundation.errors import BadInput
from foundation.home import Home
from tests.extracts.test_patstat import ONE, read
from tests.extracts.world import TABLES, folder, gz, patstat, rows


def rows_beside(home: Home, name: str) -> list[dict[str, Any]]:
    from foundation import contracts

    found: list[dict[str, Any]] = contracts.read(name, home.delivery_report("pct.d", name)).to_pylist()
    return found


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
