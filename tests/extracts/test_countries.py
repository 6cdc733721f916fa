"""Countries of both sources, address by address."""

import pytest

from extracts.countries import Place, name_form, names, of_article, of_code, of_inventor


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("Univ Calif San Diego, La Jolla, CA 92093 USA", Place("US", "CA", "92093")),
        ("Univ X, Boston, MA 02115-1234 USA", Place("US", "MA", "02115-1234")),
        ("Univ Washington, Seattle, WA 98195", Place("US", "WA", "98195")),
        ("IBM, Armonk, NY USA", Place("US", "NY")),
        ("USAF, APO, AE 09094 USA", Place("US", None, "09094")),
        ("Univ Puerto Rico, San Juan, PR 00931 USA", Place("PR", None, "00931")),
        ("UNIV HONG KONG,DEPT BOT,HONG KONG,HONG KONG", Place("HK")),
        ("Univ Hong Kong, Dept Phys, Hong Kong 999077, Peoples R China", Place("HK")),
        ("Chinese Univ Hong Kong, Shenzhen 518172, Peoples R China", Place("CN")),
        ("Univ Macau, Macau, Peoples R China", Place("MO")),
        ("Tbilisi State Univ, Tbilisi, Georgia", Place("GE")),
        ("Univ Edinburgh, Edinburgh, Scotland", Place("GB")),
        ("UNIV LONDON,LONDON,ENGLAND", Place("GB")),
        ("Bogazici Univ, Istanbul, Turkiye", Place("TR")),
        ("ACAD SCI,MOSCOW,USSR", Place("SU")),
        ("Univ Namibia, Windhoek, Namibia", Place("NA")),
        ("SMITHSONIAN TROP RES INST,BALBOA,CZ", Place("PA")),
        ("Sabanci Univ, Tuzla, Istanbul", Place(None)),
        ("", Place(None)),
    ],
)
def test_article_address_says_its_country(address: str, place: Place) -> None:
    assert of_article(address) == place


@pytest.mark.parametrize(
    ("address", "code", "country"),
    [
        ("shenzhen, china", "CN", "CN"),
        ("taipei, taiwan", "CN", "TW"),
        ("macau, gironde, france", "CN", "FR"),
        ("hong kong, china", "CN", "HK"),
        ("toronto, on", "", "CA"),
        ("poway, ca", "CN", "US"),
        ("toronto, ca", "CA", "CA"),
        ("milano, mi", "IT", "IT"),
        ("bangalore, in", "IN", "IN"),
        ("CH-1603 Aran", "", "CH"),
        ("D-5600 Wuppertal 1", "", "DE"),
        ("seoul", "", None),
        ("", "NA", "NA"),
        ("", "na", "NA"),
        ("somewhere", "SU", "SU"),
        ("somewhere", "DD", "DE"),
        ("somewhere", "WO", None),
        ("somewhere", "@@", None),
        ("somewhere", "0B", None),
    ],
)
def test_country_at_the_end_of_an_inventors_address_wins_over_the_code(
    address: str, code: str, country: str | None
) -> None:
    assert of_inventor(address, code).country == country


def test_every_code_of_the_name_table_is_two_letters_and_known_in_any_case() -> None:
    for name, code in names().items():
        assert len(code) == 2
        assert of_code(code.lower()) == of_code(code)
        assert name == name_form(name)
