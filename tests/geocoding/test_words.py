"""Keys, forms, readings: what can be said about a text without a gazetteer."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geocoding import countries, forms, hangul, normalise, pinyin, postcodes, reading, respelling


@pytest.mark.parametrize(
    "module", [countries, forms, hangul, normalise, pinyin, postcodes, reading, respelling]
)
def test_examples_in_docstrings_hold(module):
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


def test_spacing_and_marks_do_not_change_a_key():
    assert normalise.key("Xi’an") == normalise.key("XI AN") == "xian"
    assert normalise.key("Saint-Étienne") == "saintetienne"
    assert normalise.key("Ångström ß Łódź") == "angstromsslodz"


def test_other_scripts_stay_as_they_are():
    assert normalise.key("北京市") == "北京市"
    assert normalise.key("МОСКВА") == "москва"
    assert normalise.key("Ｔｏｋｙｏ") == "tokyo"


@given(st.text())
def test_a_key_of_a_key_is_the_key(text):
    once = normalise.key(text)
    assert normalise.key(once) == once


@given(st.text(max_size=4000))
def test_segments_are_never_empty(text):
    assert all(part.strip() for part in normalise.segments(normalise.clean(text)))
    assert len(normalise.clean(text)) <= 4 * normalise.LONGEST


def test_entities_and_mail_addresses_go():
    assert normalise.clean("M&#xfc;nchen") == "München"
    assert "@" not in normalise.clean("Dept Y, Graz; Electronic address: someone@uni.at.")


def test_codes_are_read_in_the_forms_of_many_countries():
    assert "80333" in reading.read("D-80333 Munchen").codes
    assert "41296" in reading.read("SE-412 96 Gothenburg").codes
    assert "SW72AZ" in reading.read("London SW7 2AZ").codes
    assert "M5S1A1" in reading.read("Toronto, ON M5S 1A1".partition(", ")[2]).codes
    assert reading.read("SE-412 96 Gothenburg").words == ("Gothenburg",)


def test_a_british_code_is_looked_up_by_its_first_part():
    assert postcodes.tries("GB", "SW72AZ") == ["SW72AZ", "SW7"]
    assert postcodes.tries("CN", "100084")[1:] == ["10008*", "1000*", "100*"]


def test_streets_and_organisations_are_told_from_towns():
    assert reading.read("14 Rue Royale").street
    assert reading.read("77 Massachusetts Ave").street
    assert reading.read("Univ Tokyo").organisation
    town = reading.read("St Louis")
    assert not town.street
    assert not town.organisation


def test_alternate_names_that_are_codes_or_transliterations_are_not_used():
    assert not forms.usable_alternate("PB")
    assert not forms.usable_alternate("surudeu")
    assert forms.usable_alternate("München")
    assert forms.usable_alternate("北京")


def test_korean_names_are_romanised_in_both_systems():
    assert hangul.romanised("부산") == ["busan", "pusan"]
    assert hangul.romanised("전주") == ["chonju", "jeonju"]


def test_old_codes_are_searched_in_all_successors():
    assert "BY" in countries.resolve_code("SU")
    assert countries.resolve_code("dd") == ("DE",)
    assert countries.resolve_code("WO") == ()
    assert set(countries.resolve_code("AN")) == {"CW", "SX", "BQ", "AW"}


def test_every_valid_code_has_two_letters_and_no_old_one_is_valid():
    assert all(len(code) == 2 and code.isupper() for code in countries.valid_codes())
    assert not countries.valid_codes() & (set(countries.old_codes()) - {"XK"})
    assert len(countries.valid_codes()) > 240


@given(st.text("aiueokstnhmyrwgzjdbpcf", min_size=1, max_size=12))
def test_a_japanese_key_without_long_vowels_stays_as_it_is(text):
    once = respelling.japanese(respelling.japanese(text))
    assert respelling.japanese(once) == once


def test_taiwanese_names_are_spelt_in_three_systems():
    assert pinyin.taiwanese("Taizhong") == ["taichung", "taijhong"]
    assert pinyin.taiwanese("Beitou") == ["peitou"]
    assert pinyin.taiwanese("München") == []


def test_the_code_of_colorado_is_no_company():
    assert not reading.read("CO").organisation
    assert reading.read("Siemens Co").organisation
