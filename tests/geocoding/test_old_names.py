"""Old romanisations and former names: a table with its kinds, answered by the geocoder."""

import pytest

from geocoding.evidence import kilometres
from geocoding.gazetteer import Place
from geocoding.normalise import key
from geocoding.old_names import old_names
from geocoding.vocabulary import rows


def place(number, name, population, country="KR"):
    return Place(number, name, country, "", 36.0, 127.0, population, "test")


def test_a_listed_name_means_the_largest_city_of_todays_name():
    towns = [place(1, "Busan", 5_000), place(2, "Busan", 3_000_000), place(3, "Busan", 3_000_000)]
    assert old_names(towns)["KRpusan"] == 1
    assert "KRtaegu" not in old_names(towns)


def test_each_pair_has_its_kind_and_stands_once():
    table = rows("old_names")
    assert len(table) > 200
    assert len({(row["country"], key(row["old"])) for row in table}) == len(table)
    assert not [row for row in table if not row["kind"] or key(row["name"]) == key(row["old"])]


@pytest.mark.parametrize(
    ("old", "country", "latitude", "longitude"),
    [
        ("Peking", "CN", 39.9, 116.4),
        ("Canton", "CN", 23.1, 113.3),
        ("Tsinan", "CN", 36.7, 117.0),
        ("Sian", "CN", 34.3, 108.9),
        ("Hankow", "CN", 30.6, 114.3),
        ("Hsuchow", "CN", 34.3, 117.2),
        ("Taihoku", "TW", 25.0, 121.5),
        ("Pusan", "KR", 35.1, 129.0),
        ("Taegu", "KR", 35.9, 128.6),
        ("Kwangju", "KR", 35.2, 126.9),
        ("Taejon", "KR", 36.3, 127.4),
        ("Chongju", "KR", 36.6, 127.5),
        ("Bombay", "IN", 19.1, 72.9),
        ("Waltair", "IN", 17.7, 83.3),
        ("Cawnpore", "IN", 26.5, 80.3),
        ("Sverdlovsk", "RU", 56.8, 60.6),
        ("Grodno", "BY", 53.7, 23.8),
    ],
)
def test_an_old_name_is_placed_in_its_city(geocoder, old, country, latitude, longitude):
    answer = geocoder.place(f"Inst Phys, {old}, {country}", country)
    assert answer.latitude is not None
    assert kilometres((answer.latitude, answer.longitude), (latitude, longitude)) < 25


def test_every_listed_name_is_placed_in_its_city_but_one_that_a_town_still_bears(geocoder):
    wrong = []
    for row in rows("old_names"):
        towns = geocoder.index.places_named(row["country"], key(row["name"]))
        answer = geocoder.place(row["old"], row["country"])
        if answer.latitude is None or not any(
            kilometres((answer.latitude, answer.longitude), (town.latitude, town.longitude)) < 25
            for town in towns
        ):
            wrong.append((row["country"], row["old"], answer.place_name))
    assert wrong == [("CN", "Pengpu", "Pengpu")]  # a town in Ningxia beside Bengbu's old name
