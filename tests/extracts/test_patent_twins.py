"""The same applications in every form that is read give the same documents, listings, symbols and fields."""

import io
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extracts import stage
from foundation.home import Home
from tests.extracts.world import folder, patstat, rows, settings

#: WO number, date of publication, IPC symbol, and name, street, city and country of the inventors
APPLICATIONS = (
    ("WO2020000001", "2020-01-16", "H04W 4/00", (("Doe, Jane", "1 Main St", "Oslo", "NO"), ("Roe, Max", "2 Rue B", "Bern", "CH"))),
    ("WO2020000002", "2020-02-20", "A61K 8/04", (("Poe, Ann", "1 Main St", "Oslo", "NO"),)),
)  # fmt: skip


def _patstat(path: Path) -> Path:
    tables: dict[str, str] = dict.fromkeys(("tls201", "tls206", "tls207", "tls209", "tls211"), "")
    person = 0
    for appln, (number, date, symbol, inventors) in enumerate(APPLICATIONS, 1):
        tables["tls201"] += f"{appln},W,2018,{date},{len(inventors)}\n"
        tables["tls211"] += f"{appln},WO,{number[2:]},A1,{appln},{date}\n"
        tables["tls209"] += f"{appln},{symbol[:4]}{symbol[5:].split('/')[0]:>4}/{symbol.split('/')[1]}\n"
        for place, (name, street, city, country) in enumerate(inventors, 1):
            person += 1
            tables["tls206"] += f'{person},"{name}","{street}, {city}",{country},\n'
            tables["tls207"] += f"{person},{appln},0,{place}\n"
    return patstat(path, **tables)


def _regpat(path: Path) -> Path:
    head = "PCT_Nbr|PCT_App|Appln_id|Inv_name|Address|Reg_code|Ctry_code|Reg_share|Inv_share\n"
    persons, symbols = head, "pct_nbr|prio_year|app_year|IPC\n"
    for number, _, symbol, inventors in APPLICATIONS:
        symbols += f"{number}|2017|2018|{symbol}\n"
        for name, street, city, country in inventors:
            persons += f"{number}|x||{name}|{street}, {city}|R1|{country}|1|{1 / len(inventors)}\n"
    return folder(path, inv__txt=persons, ipc__txt=symbols)


def _wipo(path: Path, root: str) -> Path:
    data = "bibliographic-data" if root == "wo-patent-document" else "wo-bibliographic-data"
    text = ""
    for number, date, symbol, inventors in APPLICATIONS:
        group, subgroup = symbol[5:].split("/")
        people = "".join(
            f"<inventor><addressbook><name>{name}</name><address><address-1>{street}, {city}</address-1><country>{country}</country></address></addressbook></inventor>"
            for name, street, city, country in inventors
        )
        text += (
            f"<{root}><{data}><publication-reference><document-id><country>WO</country><doc-number>{number[2:]}</doc-number><kind>A1</kind>"
            f"<date>{date.replace('-', '')}</date></document-id></publication-reference>"
            "<application-reference><document-id><country>NO</country><date>20180301</date></document-id></application-reference>"
            f"<classifications-ipcr><classification-ipcr><section>{symbol[0]}</section><class>{symbol[1:3]}</class><subclass>{symbol[3]}</subclass>"
            f"<main-group>{group}</main-group><subgroup>{subgroup}</subgroup></classification-ipcr></classifications-ipcr>"
            f"<parties><inventors>{people}</inventors></parties></{data}></{root}>\n"
        )
    return folder(path, week__xml=text)


def _ep(path: Path) -> Path:
    files = {}
    for place, (number, date, symbol, inventors) in enumerate(APPLICATIONS):
        people = "".join(
            f"<B721><snm>{name}</snm><adr><str>{street}</str><city>{city}</city><ctry>{country}</ctry></adr></B721>"
            for name, street, city, country in inventors
        )
        files[f"e{place}__xml"] = (
            f'<?xml version="1.0"?><ep-patent-document kind="A1"><SDOBI lang="en"><B100><B110>{place}</B110><B130>A1</B130></B100>'
            f"<B200><B220><date>20180301</date></B220></B200><B510EP><classification-ipcr><text>{symbol}</text></classification-ipcr></B510EP>"
            f"<B700><B720>{people}</B720></B700><B800><B870><B871><dnum><pnum>{number}</pnum></dnum><date>{date.replace('-', '')}</date></B871></B870></B800>"
            "</SDOBI></ep-patent-document>"
        )
    return folder(path, **files)


def _canonical_rows() -> list[dict[str, str]]:
    return [
        {"document_id": number, "publication_date": date, "person_no": str(place), "address": f"{street}, {city}",
         "country": country, "ipc": symbol, "doc_type": "A1"}
        for number, date, symbol, inventors in APPLICATIONS
        for place, (_, street, city, country) in enumerate(inventors, 1)
    ]  # fmt: skip


def _canonical(path: Path) -> Path:
    made = _canonical_rows()
    text = (
        ",".join(made[0])
        + "\n"
        + "".join(",".join(f'"{cell}"' for cell in row.values()) + "\n" for row in made)
    )
    return folder(path, a__csv=text)


def _canonical_parquet(path: Path) -> Path:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(_canonical_rows()), sink)
    return folder(path, a__parquet=sink.getvalue())


FORMS: dict[str, Any] = {
    "patstat": _patstat,
    "wipo status reports": lambda path: _wipo(path, "wo-international-application-status"),
    "wipo published applications": lambda path: _wipo(path, "wo-published-application"),
    "wipo documents": lambda path: _wipo(path, "wo-patent-document"),
    "ep": _ep,
    "canonical": _canonical,
    "canonical parquet": _canonical_parquet,
}


def _read(tmp_path: Path, form: Any, **reader: Any) -> dict[str, list[Any]]:
    home = Home(tmp_path / "home")
    key = stage.register_delivery(home, "pct", form(tmp_path / "raw"), "d")
    stage.read_delivery(home, settings(**reader), key)
    documents = {row["document_no"]: row for row in rows(home, key, "documents")}
    addresses = {row["address_id"]: row for row in rows(home, key, "addresses")}
    ids = {number: row["document_id"] for number, row in documents.items()}

    def listed(row: dict[str, Any]) -> tuple[Any, ...]:
        place = addresses[row["address_id"]]
        return ids[row["document_no"]], row["person_no"], row["address_no"], place["text"], place["country"]

    return {
        "documents": sorted((row["document_id"], row["persons"]) for row in documents.values()),
        "dates": sorted((row["document_id"], str(row["publication_date"])) for row in documents.values()),
        "listings": sorted(map(listed, rows(home, key, "listings"))),
        "ipc": sorted((ids[row["document_no"]], row["ipc"]) for row in rows(home, key, "ipc")),
        "fields": sorted(
            (ids[row["document_no"]], row["field_nr"], row["weight"])
            for row in rows(home, key, "technology_fields")
        ),
    }


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_of_an_application_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    found = _read(tmp_path, FORMS[name])
    assert found["documents"] == [("WO2020000001", 2), ("WO2020000002", 1)]
    assert found["dates"] == [("WO2020000001", "2020-01-16"), ("WO2020000002", "2020-02-20")]
    assert found["listings"] == [
        ("WO2020000001", 1, 1, "1 Main St, Oslo", "NO"),
        ("WO2020000001", 2, 2, "2 Rue B, Bern", "CH"),
        ("WO2020000002", 1, 1, "1 Main St, Oslo", "NO"),
    ]
    assert found["ipc"] == [("WO2020000001", "H04W 4/00"), ("WO2020000002", "A61K 8/04")]
    assert [row[:2] for row in found["fields"]] == [("WO2020000001", 4), ("WO2020000002", 14)]


def test_regpat_gives_the_same_rows_under_the_filing_year(tmp_path: Path) -> None:
    found = _read(tmp_path / "regpat", _regpat, pct_date="filing")
    other = _read(tmp_path / "patstat", _patstat, pct_date="filing")
    assert found == other
