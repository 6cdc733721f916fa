"""Answers: hand-checked addresses, traps, and what must hold for any text."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.errors import StclustersError
from geocoding import Geocoder, countries
from geocoding.evidence import kilometres
from geocoding.fast import _Walk
from geocoding.index import Candidate, Index

TOWNS = [
    ("shenzhen, china", "CN", 22.54, 114.06),
    ("beijing, china", "CN", 39.90, 116.40),
    ("shanghai, china", "CN", 31.23, 121.47),
    ("Univ Napoli Federico II, Dept Chem Sci, I-80138 Naples, Italy", "IT", 40.85, 14.27),
    ("Univ Leeds, Inst Psychol Sci, Leeds LS2 9JT, W Yorkshire, England", "GB", 53.80, -1.55),
    ("S China Sea Fisheries Res Inst, Guangzhou 510300, Guangdong, Peoples R China", "CN", 23.12, 113.25),
    ("Harvard Univ, Dept Phys, Cambridge, MA 02138 USA", "US", 42.37, -71.11),
    ("Univ Cambridge, Cavendish Lab, Cambridge CB3 0HE, England", "GB", 52.21, 0.12),
    ("Univ Georgia, Dept Plant Biol, Athens, GA 30602 USA", "US", 33.96, -83.38),
    ("Natl Tech Univ Athens, Athens, Greece", "GR", 37.98, 23.73),
    ("Univ Western Ontario, London, ON N6A 5B7, Canada", "CA", 42.98, -81.25),
    ("Univ Politecn Valencia, Valencia, Spain", "ES", 39.47, -0.38),
    ("Univ Carabobo, Valencia, Venezuela", "VE", 10.16, -68.00),
    ("Humboldt Univ, D-12489 Berlin, Germany", "DE", 52.52, 13.41),
    ("Texas A&M Univ, College Stn, TX 77843 USA", "US", 30.63, -96.33),
    ("Ichihara-shi, Chiba 290-8566", "JP", 35.50, 140.12),
    ("Hosei Univ, Fac Econ, Machida, Tokyo, Japan", "JP", 35.54, 139.45),
    ("14, rue Royale,75008 Paris", "FR", 48.87, 2.32),
    ("VI LENIN STATE UNIV,MINSK,BELORUSSIA,USSR", "SU", 53.90, 27.57),
    ("Tech Univ Dresden, Dresden, Ger Dem Rep", "DD", 51.05, 13.74),
    ("M&#xfc;nchen", "DE", 48.14, 11.58),
    ("北京市海淀区中关村", "CN", 39.93, 116.39),
    ("Россия, Новосибирск", "RU", 55.03, 82.92),
    ("Korea Adv Inst Sci & Technol, Taejon, South Korea", "KR", 36.35, 127.38),
    ("Munchenn", "DE", 48.14, 11.58),
]


@pytest.mark.parametrize(("text", "country", "latitude", "longitude"), TOWNS)
def test_known_addresses_lie_within_25_km(geocoder, text, country, latitude, longitude):
    answer = geocoder.place(text, country)
    assert answer.latitude is not None, answer
    assert kilometres((answer.latitude, answer.longitude), (latitude, longitude)) <= 25, answer


def test_a_street_takes_its_postal_codes_point_and_says_so(geocoder):
    street = geocoder.place("12 Main Street, Cambridge, MA 02139", "US")
    assert (street.precision, street.latitude) == ("postcode", 42.3647)
    university = geocoder.place("MIT, Dept Phys, Cambridge, MA 02139 USA", "US")
    assert university.precision == "locality"


def test_a_postal_code_alone_is_enough(geocoder):
    answer = geocoder.place("114 Middle Road, VT 05488", "US")
    assert (answer.precision, answer.method, answer.place_name) == ("postcode", "postcode", "Swanton")


def test_the_code_says_which_town_of_a_prefecture_is_meant(geocoder):
    answer = geocoder.place("Hirosaki Univ, Fac Agr & Life Sci, Aomori 0368561, Japan", "JP")
    assert kilometres((answer.latitude, answer.longitude), (40.59, 140.47)) < 5


def test_hong_kong_and_macau_under_china_are_their_own_economies(geocoder):
    hong_kong = geocoder.place("Univ Hong Kong, Dept Phys, Hong Kong, Peoples R China", "CN")
    macau = geocoder.place("Univ Macau, Fac Sci, Macau, Peoples R China", "CN")
    assert (hong_kong.country, macau.country) == ("HK", "MO")
    shenzhen = geocoder.place("Hong Kong Univ Shenzhen Hosp, Shenzhen, Peoples R China", "CN")
    assert (shenzhen.country, shenzhen.place_name) == ("CN", "Shenzhen")


@pytest.mark.parametrize("text", ["eindhoven, netherlands", "taipei, taiwan", "Univ Tokyo, Tokyo, Japan"])
def test_a_text_that_contradicts_the_country_gets_no_point(geocoder, text):
    answer = geocoder.place(text, "CN")
    assert answer.latitude is None
    assert (answer.method, answer.country) == ("country_conflict", "CN")


@pytest.mark.parametrize(
    ("text", "country", "precision"),
    [
        ("", "FR", "country"),
        ("France", "FR", "country"),
        ("Gyunggi-do", "KR", "region"),
        ("Bavaria, Germany", "DE", "region"),
        ("", None, "none"),
        ("???", "XX", "none"),
        ("qqqqzzzz", "DE", "country"),
    ],
)
def test_without_a_town_there_is_a_precision_but_no_point(geocoder, text, country, precision):
    answer = geocoder.place(text, country)
    assert (answer.precision, answer.latitude, answer.place_id) == (precision, None, None)


def test_a_city_state_is_its_own_town(geocoder):
    for country in ("SG", "MC", "HK"):
        answer = geocoder.place("Some unknown street", country)
        assert (answer.precision, answer.country) == ("locality", country)


def test_a_state_is_obeyed(geocoder):
    assert geocoder.place("Springfield, IL", "US").region == "IL"
    assert geocoder.place("Springfield, MO", "US").region == "MO"
    assert geocoder.place("Portland, ME 04101 USA", "US").region == "ME"


def test_without_a_country_the_text_decides(geocoder):
    assert geocoder.place("Univ Vienna, A-1090 Vienna, Austria").country == "AT"
    assert geocoder.place("Paris, TX").region == "TX"


COUNTRIES = st.sampled_from([*sorted(countries.valid_codes()), "SU", "YU", "CS", "DD", "AN", "XX", "", None])
WORDS = st.lists(
    st.sampled_from(
        [
            "Univ",
            "Paris",
            "London",
            "Berlin",
            "Tokyo",
            "Rome",
            "Cambridge",
            "MA",
            "CA",
            "02139",
            "D-80333",
            "SW7",
            "2AZ",
            "China",
            "Georgia",
            "Kowloon",
            "Macau",
            "St",
            "Saint",
            "Louis",
            ",",
            ",",
            ",",
            ";",
            "-",
            "Dept",
            "New",
            "York",
            "Springfield",
            "Rue",
            "Puerto",
            "Rico",
            "Taiwan",
            "北京市",
            "서울",
            "Москва",
            "Valencia",
            "Jersey",
            "HK",
            "Guadeloupe",
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=200), WORDS), country=st.one_of(COUNTRIES, st.text(max_size=3)))
def test_any_text_gets_an_answer_in_the_given_country(geocoder, text, country):
    answer = geocoder.place(text, country)
    assert (answer.latitude is None) == (answer.longitude is None)
    assert (answer.latitude is None) == (answer.precision in ("region", "country", "none"))
    assert 0 <= answer.score <= 1
    allowed = countries.resolve_code(country)
    if allowed and answer.latitude is not None:
        territories = {one for code in allowed for one in countries.territories().get(code, ())}
        assert answer.country in {*allowed, *territories}


def test_long_and_broken_texts_get_an_answer(geocoder):
    for text in (
        "x" * 10_000,
        "Paris, " * 3_000,
        "\x00\x01\ud800",
        "&#99999999999;&#x;",
        ",;:|()" * 50,
        None,
    ):
        assert geocoder.place(text, "FR").country == "FR"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WORDS, min_size=1, max_size=25), seed=st.integers(0, 1000))
def test_the_order_of_addresses_changes_nothing(geocoder, texts, seed):
    pairs = [(text, country) for text in texts for country in ("US", "GB", "CN", "FR")]
    shuffled = random.Random(seed).sample(pairs, len(pairs))
    one, two = Geocoder(geocoder.index), Geocoder(geocoder.index)
    first = dict(zip(pairs, one.place_many(pairs), strict=True))
    second = dict(zip(shuffled, two.place_many(shuffled), strict=True))
    assert first == second


def test_a_remembered_tail_never_answers_for_another_text(geocoder):
    texts = [(town, country) for town, country, _, _ in TOWNS]
    texts += [(f"Rue X, {town}", country) for town, country in texts]
    texts += [(f"12 High Street, {town.rpartition(',')[2]}", country) for town, country in texts]
    together = Geocoder(geocoder.index).place_many(texts)
    alone = [Geocoder(geocoder.index).place(*one) for one in texts]
    assert together == alone


def test_a_missing_index_is_a_sentence(tmp_path):
    with pytest.raises(StclustersError, match="missing or damaged"):
        Geocoder.open(tmp_path / "nowhere")


def test_a_district_before_its_city_is_placed_itself_whatever_was_asked_before(shared_home):
    texts = [
        ("Univ Leeds, New York, NY USA", 40.7143), ("Univ Leeds, Brooklyn, New York, NY USA", 40.6501),
        ("Univ Leeds, Brooklyn, New York, NY 10001 USA", 40.6501), ("Univ Leeds, Springfield, Chicago, IL USA", 41.85),
    ]  # fmt: skip
    forward, backward = Geocoder.ready(shared_home), Geocoder.ready(shared_home)
    wanted = [latitude for _, latitude in texts]
    assert [forward.place(text, "US").latitude for text, _ in texts] == pytest.approx(wanted, abs=0.01)
    assert [backward.place(text, "US").latitude for text, _ in texts[::-1]] == pytest.approx(
        wanted[::-1], abs=0.01
    )


def test_what_was_asked_before_changes_no_answer(shared_home):
    texts = [
        ("Dept Phys, Shenzhen, Peoples R China", "CN"), ("Dept Phys, Shenzhen 518055, Peoples R China", "CN"),
        ("Univ Hong Kong, Hong Kong, Shenzhen, Peoples R China", "CN"), ("Shenzhen, Peoples R China", "CN"),
        ("12 Main St, Cambridge, MA 02139 USA", "US"), ("12 Main St, Cambridge, MA 94305 USA", "US"),
        ("MIT, Cambridge, MA 02139 USA", "US"), ("MIT, Cambridge, MA USA", "US"), ("Cambridge", "US"),
        ("Hong Kong, Shenzhen, China", None), ("Shenzhen, China", None), ("solon, oh", "DE"), ("oh", "DE"),
    ]  # fmt: skip
    alone = [Geocoder.ready(shared_home).place(*one) for one in texts]
    assert Geocoder.ready(shared_home).place_many(texts) == alone
    assert Geocoder.ready(shared_home).place_many(texts[::-1]) == alone[::-1]


@pytest.mark.parametrize(
    ("text", "country", "latitude"),
    [
        ("Пермский государственный медицинский университет", "RU", 58.01),
        ("Брянский государственный университет", "RU", 53.25),
        ("Київський інститут", "UA", 50.45),
        ("Пловдивски университет", "BG", 42.15),
    ],
)
def test_a_cyrillic_adjective_names_its_town(geocoder, text, country, latitude):
    assert geocoder.place(text, country).latitude == pytest.approx(latitude, abs=0.1)


def test_what_was_asked_before_does_not_change_an_answer(geocoder):
    text, country = "Univ Quebec Montreal, Montréal, Québec, Canada", "CA"
    alone = Geocoder(Index(geocoder.index.folder)).place(text, country)
    shared = Geocoder(Index(geocoder.index.folder))
    for other in ("Univ Québec Sch, Trois Rivieres, Canada", "Inst Québec", "Hop Québec, Québec"):
        shared.place(other, country)
    assert shared.place(text, country) == alone


@pytest.mark.parametrize(
    ("text", "country", "place"),
    [
        ("STAMFORD FAIRFIELD, CT", "US", "Stamford"),  # the county stands behind its town
        ("GOETTINGEN", "DE", "Göttingen"),
        ("OHTSU", "JP", "Ōtsu"),
        ("YANG MEI", "TW", "Yangmei"),
        ("SHIN TIEN", "TW", "Xindian"),
        ("HUNTINGTON BEECH, CA", "US", "Huntington Beach"),
        ("Denver Inst, Aurora, CO", "US", "Aurora"),
    ],
)
def test_names_are_found_in_other_spellings_and_beside_their_county(geocoder, text, country, place):
    assert geocoder.place(text, country).place_name == place


@pytest.mark.parametrize(
    ("text", "country", "place"),
    [
        ("Atlanta, Georgia", "US", "Atlanta"),
        ("Tbilisi, Georgia", "GE", "Tbilisi"),
        ("Beirut, Lebanon", "LB", "Beirut"),
    ],
)
def test_a_country_named_without_such_a_town_may_be_a_region_elsewhere(geocoder, text, country, place):
    answer = geocoder.place(text)
    assert (answer.country, answer.place_name) == (country, place)
    assert geocoder.place("Atlanta, Georgia", "GE").latitude is None


@pytest.mark.parametrize(
    ("text", "country", "town"),
    [
        ("Hokkaido Univ Hosp, Hokkaido, Japan", "JP", "Sapporo"),
        ("University of Utah", "US", "Salt Lake City"),
        ("Hokkaido, Japan", "JP", ""),
        ("MARINE ON THE SAINT CROIX, MN", "US", ""),
        ("Ritsumeikan Univ, California, USA", "US", ""),
    ],
)
def test_an_organisation_that_names_its_region_alone_sits_where_most_of_it_lives(
    geocoder, text, country, town
):
    answer = geocoder.place(text, country)
    assert answer.place_name == town
    assert answer.method == ("region_seat" if town else "region_only")
    assert (answer.latitude is None) == (not town)


@pytest.mark.parametrize(
    ("text", "country", "region"),
    [
        ("Yokohama City Univ Med Ctr, Yokohama, Minami-ku, Japan", "JP", "19"),
        ("Guangzhou, Tianhe District, China", "CN", "30"),
        ("Georgetown Univ, Washington, N.W., USA", "US", "DC"),
        ("Univ Washington, Seattle, Washington, USA", "US", "WA"),
        ("Minami-ku, Yokohama, Japan", "JP", "19"),
    ],
)
def test_a_ward_or_quarter_behind_its_city_is_that_citys(geocoder, text, country, region):
    assert geocoder.place(text, country).region == region


def test_a_postal_code_is_believed_before_a_town_far_away_with_a_name_like_the_one_written(geocoder):
    assert geocoder.place("Sunnyvalle, CA 94305 USA", "US").place_name == "Sunnyvale"
    assert geocoder.place("Fresnno, CA 94305 USA", "US").precision == "postcode"


@pytest.mark.parametrize(
    ("text", "country", "town"),
    [
        ("ASHVILLE, NC", "US", "Asheville"),  # and not Nashville, NC, which ends with it
        ("OSSING, NY", "US", "Ossining"),
        ("MEQUAN, WI", "US", "Mequon"),
    ],
)
def test_a_correction_changes_as_few_letters_as_it_can(geocoder, text, country, town):
    assert geocoder.place(text, country).place_name == town


@pytest.mark.parametrize(
    ("text", "region", "town"),
    [
        ("Univ X, Kottyam, Kerla", "13", "Kottayam"),  # both misspelt
        ("Univ X, Zzyzx, Kerla", "13", ""),
        ("Kerla", "38", "Kedia"),  # nothing before it: a town is meant
    ],
)
def test_a_region_with_one_slip_is_that_region_behind_other_parts(geocoder, text, region, town):
    answer = geocoder.place(text, "IN")
    assert (answer.region, answer.place_name) == (region, town)


def test_a_city_elsewhere_is_better_known_than_another_name_of_a_village_in_the_stated_region(geocoder):
    city = Candidate(1, 1.0, 2_000_000, 28.68, 115.85, "03", 0)
    village, town = (Candidate(2, weight, 0, 31.56, 120.3, "04", 0) for weight in (0.78, 1.0))
    for found, decided in (((city, village), None), ((city, town), 2), ((village,), 2)):
        walk = _Walk(geocoder.index, "CN")
        walk._regions, walk.found, walk.used = frozenset(["04"]), found, 2
        choice = walk.by_names()
        assert (choice and choice.candidate.place) == decided


@pytest.mark.parametrize(
    ("text", "country", "town"),
    [
        ("Zhejiang Univ, Zhejiang, Peoples R China", "CN", "Hangzhou"),
        ("Coll Mech Engn, Zhejiang, Peoples R China", "CN", ""),  # not called after it: less sure
        ("Univ Michigan, Michigan, USA", "US", ""),  # where states are obeyed seldom in the biggest town
    ],
)
def test_an_organisation_called_after_its_region_sits_in_its_biggest_town(geocoder, text, country, town):
    answer = geocoder.place(text, country)
    assert (answer.place_name, answer.method) == (town, "called_seat" if town else "region_only")


def test_an_island_that_its_own_code_or_its_mother_country_names_has_its_main_town(geocoder):
    for country in ("AW", "NL"):
        answer = geocoder.place("Dept Agr Husb & Fisheries, Aruba, Netherlands", country)
        assert (answer.place_name, answer.country, answer.method) == ("Oranjestad", "AW", "city_state")


@pytest.mark.parametrize(("text", "region"), [("FUTIAN DISTRICT SHENZHEN", "30"), ("Shenzhen Futian", "30")])
def test_a_district_written_with_its_city_in_one_part_is_that_citys(geocoder, text, region):
    answer = geocoder.place(text, "CN")
    assert (answer.region, answer.latitude) == (region, pytest.approx(22.5, abs=0.2))


def test_a_state_before_another_state_is_the_beginning_of_a_town(geocoder):
    assert geocoder.place("MARYLAND, MO", "US").place_name == "Maryland Heights"
    assert geocoder.place("Univ Maryland, Maryland, USA", "US").region == "MD"
