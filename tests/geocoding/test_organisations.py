"""Organisations: the registry's two layouts, names in short forms, campuses, and what a town in the text does."""

import gzip
import json
import zipfile

import pytest

from foundation.errors import BadInput
from geocoding import Geocoder, organisation_names, registry
from geocoding.normalise import segments
from geocoding.reading import read

TABLE = """id,name,aliases,acronyms,country,city,geonames_id,latitude,longitude,types,status
a1,Massachusetts Institute of Technology,,MIT,US,Cambridge,4931972,42.3751,-71.1056,education,active
a2,University of California System,University of California,UC,US,Oakland,5378538,37.8044,-122.2708,education,active
a3,"University of California, San Diego",,UCSD,US,San Diego,5391811,32.7157,-117.1647,education,active
a4,Technische Universität Berlin,Berlin Institute of Technology,TUB,DE,Berlin,2950159,52.5244,13.4105,education,active
a5,RIKEN,,,JP,Wako,6822095,35.7894,139.6233,facility,active
a6,北京大学,Peking University,PKU,CN,Beijing,1816670,39.9075,116.3972,education,active
a8,University of Zimbabwe,,UZ,ZW,Harare,890299,-17.8277,31.0534,education,active
a9,Goethe University Frankfurt,,,DE,Frankfurt am Main,2925533,50.1155,8.6842,education,active
b1,Washington University in St. Louis,Washington University,WUSTL,US,St Louis,4407066,38.6273,-90.1979,education,active
b2,University of Washington,,UW,US,Seattle,5809844,47.6062,-122.3321,education,active
b0,University of Washington School of Medicine,,,US,Seattle,5809844,47.6062,-122.3321,education,active
b3,Institut für Humangenetik,Institute of Human Genetics,,DE,Munich,2867714,48.1374,11.5755,facility,active
b4,University of Bonn,,,DE,Bonn,2946447,50.7344,7.0955,education,active
b5,Colorado School of Public Health,,,US,Aurora,5412347,39.7294,-104.8319,education,active
b6,Islamic Azad University Tabriz,,,IR,Tabriz,113646,38.08,46.2919,education,active
b7,Islamic Azad University Shiraz,,,IR,Shiraz,115019,29.6036,52.5388,education,active
b8,Islamic Azad University Isfahan,,,IR,Isfahan,418863,32.6572,51.6776,education,active
b9,Islamic Azad University Mashhad,,,IR,Mashhad,124665,36.2981,59.6057,education,active
c2,Eli Lilly (United States),Eli Lilly,,US,Indianapolis,4259418,39.7684,-86.158,company,active
c3,Marion General Hospital,,,US,Marion,4922462,40.5584,-85.6591,healthcare,active
d1,Nanjing University,,,CN,Nanjing,1799962,32.0617,118.7778,education,active
d2,Suzhou University,,,CN,Suzhou,1797264,33.6361,116.979,education,active
d3,Indian Institute of Technology Hyderabad,,,IN,Hyderabad,1269843,17.5949,78.1234,education,active
d4,Kyushu Institute of Technology,,,JP,Kitakyushu,1859307,33.8518,130.8503,education,active
c1,Islamic Azad University Ahvaz,,,IR,Ahvaz,144448,31.3203,48.6693,education,active
a7,Nowhere College,,,XX,,,1.0,2.0,education,active
"""


@pytest.fixture(scope="module")
def registry_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("registry") / "organisations.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def named(shared_home, registry_file):
    return Geocoder.ready(shared_home, registry=registry_file)


def test_a_table_is_read_and_unusable_rows_are_left_out(registry_file, tmp_path):
    found = list(registry.read(registry_file))
    assert [one.id for one in found][:7] == ["a1", "a2", "a3", "a4", "a5", "a6", "a8"]
    assert "a7" not in {one.id for one in found}
    zipped = tmp_path / "table.csv.gz"
    zipped.write_bytes(gzip.compress(TABLE.encode()))
    assert list(registry.read(zipped)) == found


def test_the_dump_of_version_2_is_read_zipped_or_not(tmp_path):
    record = {
        "id": "https://ror.org/042nb2s44",
        "status": "active",
        "types": ["education"],
        "names": [
            {"value": "Massachusetts Institute of Technology", "types": ["label", "ror_display"]},
            {"value": "MIT", "types": ["acronym"]},
        ],
        "locations": [
            {
                "geonames_id": 4931972,
                "geonames_details": {
                    "lat": 42.3751,
                    "lng": -71.1056,
                    "name": "Cambridge",
                    "country_code": "US",
                },
            }
        ],
        "relationships": [],
    }
    text = json.dumps([record, record])
    plain, zipped = tmp_path / "dump.json", tmp_path / "dump.zip"
    plain.write_text(text, encoding="utf-8")
    with zipfile.ZipFile(zipped, "w") as folder:
        folder.writestr("v1.59-ror-data_schema_v2.json", text)
        folder.writestr("v1.59-ror-data.json", "[{}]")
    for path in (plain, zipped):
        first, _ = registry.read(path)
        assert (first.id, first.acronyms, first.city, first.latitude) == (
            "042nb2s44",
            ("MIT",),
            "Cambridge",
            42.3751,
        )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"id,name\n1,x\n", "no column 'country'"),
        ("b.json", b'[{"id": "1", "name": "x"}]', "version 2"),
        ("c.json", b'[{"id": ', "cannot be read"),
        ("d.zip", b"PK\x03\x04broken", "cannot be read"),
        ("e.csv", b"id,name,country,latitude,longitude\n", "holds no organisation"),
    ],
)
def test_an_unusable_registry_is_a_sentence(tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput, match=sentence):
        list(registry.read(path))


def test_a_registry_that_is_not_there_is_a_sentence(shared_home):
    with pytest.raises(BadInput, match="not there"):
        Geocoder.ready(shared_home, registry="gone.zip")


def test_short_forms_and_languages_have_one_key():
    one = organisation_names.name_key(organisation_names.stems(["Tech", "Univ", "Berlin"]))
    two = organisation_names.name_key(organisation_names.stems(["Technische", "Universität", "Berlin"]))
    assert one == two
    assert organisation_names.stems(["M", "D", "Anderson"]) == ["md", "anderson"]


def test_the_longest_name_is_the_one_that_is_meant(named):
    parts = [read(part) for part in segments("Dept Phys, Univ California, San Diego")]
    hits = named.organisations.find("US", parts)
    assert named.organisations.title(hits[0].number) == "University of California, San Diego"


@pytest.mark.parametrize(
    ("text", "country", "city"),
    [
        ("RIKEN", "JP", "Wako"),
        ("Tech Univ Berlin, Inst Chem", "DE", "Berlin"),
        ("Center for Theoretical Physics, MIT", "US", "Cambridge"),
        ("University of California, San Diego", "US", "San Diego"),
        ("北京大学化学学院", "CN", "Beijing"),
        ("Dept Phys, University of Zimbabwe", "ZW", "Harare"),
        ("Department of Cardiac Surgery, Goethe University", "DE", "Frankfurt am Main"),
        ("Siteman Cancer Center, Washington University", "US", "St. Louis"),
        ("Genome Sciences, University of Washington", "US", "Seattle"),
        ("Institute of Human Genetics, University of Bonn", "DE", "Bonn"),
        ("Translational Neuroscience, Eli Lilly", "US", "Indianapolis"),
    ],
)
def test_an_organisation_without_a_town_is_placed_by_the_registry(named, text, country, city):
    answer = named.place(text, country)
    assert answer.latitude is not None
    assert answer.place_name.startswith(city) or answer.method == "ngram"


def test_a_town_in_the_text_beats_the_headquarters(named):
    answer = named.place("Univ Calif, Davis, CA 95616 USA", "US")
    assert (answer.place_name, answer.region) == ("Davis", "CA")


def test_common_words_of_another_organisation_place_nothing(named):
    assert (
        named.place("Center for Health Decision Science, Yale School of Public Health", "US").latitude is None
    )


def test_one_name_of_campuses_all_over_a_country_is_no_point(named):
    assert named.place("Islamic Azad University", "IR").latitude is None
    assert named.place("Islamic Azad University, Tabriz", "IR").place_name == "Tabriz"


def test_an_organisation_is_searched_in_every_country_where_none_is_given(named):
    answer = named.place("Massachusetts Institute of Technology")
    assert (answer.country, answer.precision) == ("US", "organisation")


def test_an_organisation_of_another_country_is_never_the_answer(named):
    assert named.place("RIKEN", "FR").country == "FR"
    assert named.place("RIKEN", "FR").latitude is None


def test_a_name_does_not_run_on_into_the_next_part_without_its_first_word(named):
    hits = named.organisations.find("CN", [read(part) for part in segments("Nanjing University, Suzhou")])
    assert [named.organisations.title(hit.number) for hit in hits] == ["Nanjing University"]


def test_an_organisation_in_the_stated_region_beats_a_town_of_that_name_outside_it(named):
    answer = named.place("Indian Institute of Technology Hyderabad, Kandi, Telangana, India", "IN")
    assert (answer.method, answer.region) == ("organisation", "40")
    assert named.place("Kandi, Telangana, India", "IN").place_name != "Hyderabad"


def test_a_prefecture_named_alone_is_where_its_organisation_sits(named):
    for text in ("Kyushu Inst Technol, Fukuoka, Japan", "Kyushu Inst Technol, Fac Engn, Fukuoka, Japan"):
        assert named.place(text, "JP").place_name == "Kitakyushu"
    assert named.place("Chikushi Hosp, Fukuoka, Japan", "JP").place_name == "Fukuoka"


@pytest.mark.parametrize(
    ("text", "city"),
    [
        ("Washington University School of Medicine", "St. Louis"),
        ("University of Washington School of Medicine", "Seattle"),
    ],
)
def test_a_school_is_not_that_of_the_university_whose_name_is_turned_round(named, text, city):
    assert named.place(text, "US").place_name == city
