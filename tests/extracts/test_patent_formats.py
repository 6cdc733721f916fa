"""REGPAT, WIPO and EP XML and canonical tables of applications: their traps, one test each."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from extracts import stage
from extracts.detect import recognise
from extracts.formats import ep_xml, wipo_xml
from extracts.parties import st36
from extracts.publications import Publication, Reject
from extracts.xml_slices import tree
from foundation import contracts
from foundation.errors import BadInput
from foundation.home import Home
from foundation.measure import StageReport
from tests.extracts.world import folder, gz, rows, settings

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "patents"


def read(tmp_path: Path, raw: Path, **reader: Any) -> tuple[Home, StageReport]:
    home = Home(tmp_path / "home")
    key = stage.register_delivery(home, "pct", raw, "d")
    return home, stage.read_delivery(home, settings(address_share_min=0, **reader), key)


def person(
    tag: str, name: str, address: str = "1 Main St, Boston, MA 02139", country: str = "US", more: str = ""
) -> str:
    return f"<{tag} {more}><addressbook><last-name>{name}</last-name><address><address-1>{address}</address-1><country>{country}</country></address></addressbook></{tag}>"


def report(
    number: str = "2010/105044",
    kind: str = "A1",
    date: str = "20100916",
    parties: str = "",
    root: str = "wo-international-application-status",
) -> str:
    data = "wo-bibliographic-data" if root != "wo-patent-document" else "bibliographic-data"
    return f"""<{root}><{data}><publication-reference><document-id><country>WO</country><doc-number>{number}</doc-number>
<kind>{kind}</kind><date>{date}</date></document-id></publication-reference><classifications-ipcr><classification-ipcr><section>H</section>
<class>04</class><subclass>W</subclass><main-group>4</main-group><subgroup>00</subgroup></classification-ipcr></classifications-ipcr>
<parties>{parties or "<inventors>" + person("inventor", "Doe") + "</inventors>"}</parties></{data}><abstract>x</abstract></{root}>"""


def documents(text: str | bytes, module: Any = wipo_xml) -> list[Publication | Reject]:
    return list(module.documents(io.BytesIO(text.encode() if isinstance(text, str) else text)))


@pytest.mark.parametrize(
    "root", ["wo-international-application-status", "wo-published-application", "wo-patent-document"]
)
def test_report_and_both_published_applications_are_read(root: str) -> None:
    found = documents(report(root=root))[0]
    assert isinstance(found, Publication)
    assert (found.number, found.kind, found.symbols) == ("WO2010105044", "A1", ["H04W 4/00"])
    assert [(one.address, one.country) for one in found.parties.inventors] == [
        ("1 Main St, Boston, MA 02139", "US")
    ]


def test_envelope_of_the_web_service_is_looked_through() -> None:
    inner = report().replace("<", "<ps:").replace("<ps:/", "</ps:")
    text = f'<s:Envelope xmlns:s="x"><getIASRResponse xmlns="http://www.wipo.org/wsdl/ps">{inner}</getIASRResponse></s:Envelope>'
    assert isinstance(documents(text)[0], Publication)


def test_json_of_the_web_service_is_refused_by_name() -> None:
    assert recognise(b'{"wo-international-application-status": {"wo-bibliographic-data": {}}}') == "wipo_json"


def test_inventors_stand_in_two_places_and_count_once() -> None:
    applicants = person(
        "applicant", "Doe", more='app-type="applicant-inventor" designation="us-only"'
    ) + person("applicant", "Acme", more='app-type="applicant"')
    agents = "<agents>" + person("agent", "Lawyer") + "</agents>"
    both = f"<applicants>{applicants}</applicants><inventors>{person('inventor', 'DOE')}{person('inventor', 'Roe')}</inventors>{agents}"
    found = documents(report(parties=both))[0]
    assert isinstance(found, Publication)
    assert [one.name for one in found.parties.inventors] == ["Doe", "Roe"]
    assert [one.name for one in found.parties.applicants] == ["Doe", "Acme"]
    only = documents(report(parties=f"<applicants>{applicants}</applicants><inventors/>"))[0]
    assert isinstance(only, Publication)
    assert [one.name for one in only.parties.inventors] == ["Doe"]


def test_several_documents_in_one_file_and_a_cut_off_last_one() -> None:
    found = documents(
        report() + '<?xml version="1.0"?>' + report("WO/2011/000002") + report("2012000003")[:200]
    )
    assert [type(one) for one in found] == [Publication, Publication, Reject]
    assert found[2].reason == "truncated"  # type: ignore[union-attr]


def test_bare_ampersand_is_mended_and_a_document_without_parties_is_a_reject() -> None:
    found = documents(
        report(parties="<inventors>" + person("inventor", "Doe", "R&D Road, Oslo", "NO") + "</inventors>")
    )[0]
    assert isinstance(found, Publication)
    assert found.parties.inventors[0].address == "R&D Road, Oslo"
    nobody = documents(report(number="", parties="<x/>"))[0]
    assert isinstance(nobody, Reject)
    assert nobody.reason == "no_parties"


def test_doctype_is_accepted_and_entities_with_values_are_refused() -> None:
    plain = documents('<!DOCTYPE x SYSTEM "x.dtd">' + report())[0]
    bomb = documents('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + report())[0]
    assert isinstance(plain, Publication)
    assert isinstance(bomb, Reject)
    assert bomb.reason == "entities"


def test_utf16_is_read_as_utf8_is() -> None:
    assert documents(report().encode("utf-16")) == documents(report())


def test_application_counts_once_with_the_parties_of_the_corrected_document(tmp_path: Path) -> None:
    first, later, corrected = (
        report(date="20100916"),
        report(kind="A3", date="20110105", parties="<inventors/>"),
        report(kind="A8", date="20110310", parties="<inventors>" + person("inventor", "Doe") + person("inventor", "Roe", "Oslo", "NO") + "</inventors>"),
    )  # fmt: skip
    home, made = read(tmp_path, folder(tmp_path / "raw", a__xml=first, b__xml=later + corrected))
    row = rows(home, "pct.d", "documents")
    assert [(one["document_id"], one["publication_year"], one["persons"]) for one in row] == [
        ("WO2010105044", 2010, 2)
    ]
    assert (made.counts["records"], made.counts["kept"], made.counts["duplicates"]) == (3, 1, 2)
    assert len(rows(home, "pct.d", "listings")) == 2
    assert [one["ipc"] for one in rows(home, "pct.d", "ipc")] == ["H04W 4/00"]


def test_week_zip_with_page_images_and_a_path_that_leaves_it(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw")
    with zipfile.ZipFile(raw / "week.zip", "w") as archive:
        archive.writestr("a/one.xml", report())
        archive.writestr("a/page.tif", b"II*\x00")
        archive.writestr("../x.xml", report("2010000002"))
    _home, made = read(tmp_path, raw)
    assert made.counts["kept"] == 1
    assert any("leaves the archive" in text for text in made.warnings)
    assert not (tmp_path / "x.xml").exists()


EP = """<?xml version="1.0"?><!DOCTYPE ep-patent-document PUBLIC "-//EPO//EP" "ep.dtd"><ep-patent-document kind="{kind}"><SDOBI lang="en">
<B100><B110>{number}</B110><B130>{kind}</B130><B140><date>20200101</date></B140></B100><B200><B220><date>20180201</date></B220></B200>
<B510EP><classification-ipcr sequence="1"><text>A01B  71/02        20060101AFI20210723BHEP        </text></classification-ipcr></B510EP>
<B700>{applicant}<B720><B721><snm>Doe, Jane c/o ACME</snm><adr><str>1 R&D Road</str><city>D-5600 Wuppertal 1</city><ctry>DE</ctry></adr></B721></B720></B700>
<B800>{world}</B800></SDOBI><description>x</description></ep-patent-document>"""
WORLD = "<B870><B871><dnum><pnum>WO02020444</pnum></dnum><date>20020314</date></B871></B870>"
APPLICANT = "<B710><B711><snm>ACME</snm><adr><str>x</str><ctry>US</ctry></adr></B711></B710>"


def test_ep_documents_of_one_wo_number_count_once_and_others_are_filtered(tmp_path: Path) -> None:
    files = {
        "a__xml": EP.format(kind="A1", number="1", applicant=APPLICANT, world=WORLD),
        "b__xml": EP.format(kind="B1", number="1", applicant="", world=WORLD),
        "c__xml": EP.format(kind="B2", number="1", applicant="", world=WORLD),
        "d__xml": EP.format(kind="A1", number="2", applicant=APPLICANT, world=""),
    }
    home, made = read(tmp_path, folder(tmp_path / "raw", **files))
    document = rows(home, "pct.d", "documents")[0]
    assert (document["document_id"], document["publication_year"]) == ("WO2002020444", 2002)
    assert (made.counts["records"], made.counts["duplicates"], made.counts["filtered"]) == (4, 2, {"kind": 1})
    assert [row["name"] for row in rows(home, "pct.d", "applicants")] == ["ACME"]
    assert [row["text"] for row in rows(home, "pct.d", "addresses") if row["country"] == "DE"] == [
        "1 R&D Road, D-5600 Wuppertal 1"
    ]


def test_ep_documents_without_a_wo_number_alone_are_filtered_not_an_error(tmp_path: Path) -> None:
    text = EP.format(kind="A1", number="2", applicant=APPLICANT, world="")
    _, made = read(tmp_path, folder(tmp_path / "raw", a__xml=text))
    assert (made.counts["kept"], made.counts["filtered"]) == (0, {"kind": 1})


def test_documents_without_any_date_are_refused_in_their_own_words(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No document gives a date of publication"):
        read(tmp_path, folder(tmp_path / "raw", a__xml=report(date="")))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/patents is not beside this checkout")
def test_all_inventors_of_the_shared_ep_and_us_documents() -> None:
    import gzip
    import re

    found = [
        one
        for file in sorted((SHARED / "ep_fulltext_xml").iterdir())
        for one in documents(gzip.decompress(file.read_bytes()), ep_xml)
    ]
    read_ = [one for one in found if isinstance(one, Publication)]
    assert (len(read_), sum(len(one.parties.inventors) for one in read_), sum(one.pct for one in read_)) == (
        19,
        42,
        13,
    )
    inventors = 0
    for file in sorted((SHARED / "uspto_xml").iterdir()):
        text = gzip.decompress(file.read_bytes())
        assert recognise(text[: 1 << 16]) == "us_grants"
        for piece in re.findall(rb"<(?:us-)?parties>.*?</(?:us-)?parties>", text, re.S):
            inventors += len(st36(tree(piece)).inventors)
    assert inventors == 297


REGPAT = """"PCT_Nbr"|"PCT_App"|"Appln_id"|"Inv_name"|"Address"|"Reg_code"|"Ctry_code"|"Reg_share"|"Inv_share"
WO2010000001|x||Doe, Jane|14, rue Royale,75008 Paris|FR101|FR|0.33|0.5
WO2010000001|x||Doe, Jane|14, rue Royale,75008 Paris|FR102|FR|0.33|0.5
WO2010000001|x||Doe, Jane|14, rue Royale,75008 Paris|FR103|FR|0.33|0.5
WO2010000001|x||Roe, Max|CH-1603 Aran|CH011|CH|1|0.5
"""
REGPAT_IPC = "pct_nbr|prio_year|app_year|IPC\nWO2010000001|2008|2009|H04W 4/00\n"


def test_regpat_inventor_in_three_regions_is_one_in_the_year_of_the_number(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", inv__txt=REGPAT.replace("\n", "\r\n"), ipc__txt=REGPAT_IPC)
    for name, year, basis in (("publication", 2010, "earliest_publication"), ("filing", 2009, "filing")):
        home, made = read(tmp_path / name, raw, pct_date=name)
        found = [
            (row["document_id"], row["publication_year"], row["year_basis"])
            for row in rows(home, "pct.d", "documents")
        ]
        assert found == [("WO2010000001", year, basis)]
        assert (made.counts["listings"], made.counts["shares_unlike"]) == (2, 0)
        assert [row["field_nr"] for row in rows(home, "pct.d", "technology_fields")] == [4]


def test_regpat_number_with_two_digits_of_the_year_says_it_too(tmp_path: Path) -> None:
    text = REGPAT.replace("WO2010000001", "WO98016636")
    home, _ = read(tmp_path, folder(tmp_path / "raw", inv__txt=text))
    assert [(row["document_id"], row["publication_year"]) for row in rows(home, "pct.d", "documents")] == [
        ("WO1998016636", 1998)
    ]


def test_filing_years_that_no_file_holds_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"filing year.*PCT_IPC"):
        read(tmp_path, folder(tmp_path / "raw", inv__txt=REGPAT), pct_date="filing")


def test_documents_without_the_filing_year_that_is_asked_for_are_told(tmp_path: Path) -> None:
    _, made = read(tmp_path, folder(tmp_path / "raw", a__xml=report()), pct_date="filing")
    assert made.counts["filtered"] == {"year": 1}
    assert any("1 applications have no filing year" in text for text in made.warnings)


def test_epo_part_of_regpat_is_refused_by_name(tmp_path: Path) -> None:
    raw = folder(tmp_path / "raw", epo__txt="App_nbr|Appln_id|Pub_nbr|Person_id|Address\n1|2|3|4|x\n")
    with pytest.raises(BadInput, match=r"EPO part.*PCT_"):
        stage.register_delivery(Home(tmp_path / "home"), "pct", raw)


def test_canonical_applications_have_given_coordinates_applicants_and_fields(tmp_path: Path) -> None:
    raw = "document_id,publication_date,person_no,address,country,city,latitude,longitude,applicant,ipc,doc_type\n" \
          "WO2020/012345,2020-01-16,1,,NO,Oslo,59.9,10.7,Acme AS; Other,H04W 4/00; A61K 8/04,A1\nmine-7,2020-02-01,1,Bern,CH,,,,,,\n"  # fmt: skip
    home, _made = read(tmp_path, folder(tmp_path / "raw", a__csv=raw))
    assert sorted(row["document_id"] for row in rows(home, "pct.d", "documents")) == [
        "WO2020012345",
        "given:mine-7",
    ]
    oslo = next(row for row in rows(home, "pct.d", "addresses") if row["city"] == "Oslo")
    assert (oslo["latitude"], oslo["longitude"], oslo["country"]) == (59.9, 10.7, "NO")
    assert [row["name"] for row in rows(home, "pct.d", "applicants")] == ["Acme AS", "Other"]
    assert len(rows(home, "pct.d", "technology_fields")) == 2


def test_canonical_applications_with_impossible_dates_or_coordinates_are_rejected(tmp_path: Path) -> None:
    raw = "document_id,publication_date,address,country,latitude,longitude\n" \
          "a,2020-01-16,Bern,CH,46.9,7.4\nb,2020-13-45,Bern,CH,,\nc,2020-01-16,Bern,CH,91,7\n"  # fmt: skip
    home, _made = read(tmp_path, folder(tmp_path / "raw", a__csv=raw), reject_share_max=1)
    assert [row["document_id"] for row in rows(home, "pct.d", "documents")] == ["given:a"]
    rejected = contracts.read("rejects", home.delivery_report("pct.d", "rejects")).to_pylist()
    assert [(row["position"], row["reason"]) for row in rejected] == [(2, "bad_date"), (3, "bad_coordinates")]


def test_damaged_member_of_a_set_is_a_reject(tmp_path: Path) -> None:
    many = "".join(
        report(f"2010{n:06d}", parties="<inventors>" + person("inventor", f"Name{n * 7919}") + "</inventors>")
        for n in range(400)
    )
    home, made = read(tmp_path, folder(tmp_path / "raw", a__gz=gz(many)[:-900]), reject_share_max=1)
    reasons = contracts.read("rejects", home.delivery_report("pct.d", "rejects"))["reason"].to_pylist()
    assert "damaged_archive" in reasons
    assert 0 < made.counts["kept"] < 400
