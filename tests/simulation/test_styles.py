from __future__ import annotations

import pytest

from simulation import tables
from simulation.addresses import AddressBook, article_code, misspelt
from simulation.styles import PlaceText, style_of
from simulation.world import World


def place(country: str, article: str, letter: str = "", **more: str) -> PlaceText:
    empty = {"region": "", "region_short": "", "parent": "", "postcode": ""}
    return PlaceText(
        article, letter or article, country, article_country=tables.article_countries()[country], **{**empty, **more}
    )  # fmt: skip


CASES = [
    (place("US", "Ann Arbor", region="Michigan", region_short="MI", postcode="48105"), "Ann Arbor, MI 48105 USA"),
    (place("US", "Saint Louis", region="Missouri", region_short="MO"), "St Louis, MO USA"),
    (place("CN", "Wuhan", region="Hubei", region_short="Hubei", postcode="430074"), "Wuhan 430074, Hubei, Peoples R China"),
    (place("HK", "Sha Tin", parent="Hong Kong"), "Sha Tin, Hong Kong, Peoples R China"),
    (place("HK", "Hong Kong"), "Hong Kong, Peoples R China"),
    (place("JP", "Suita", region="Osaka", region_short="Osaka", postcode="5650871"), "Suita, Osaka 5650871, Japan"),
    (place("JP", "Bunkyo", parent="Tokyo", postcode="1138654"), "Bunkyo Ku, Tokyo 1138654, Japan"),
    (place("KR", "Gumi-si", region="G", region_short="Gyeongsangbuk Do"), "Gumi, Gyeongsangbuk Do, South Korea"),
    (place("DE", "Munich", "München", postcode="80333"), "D-80333 Munich, Germany"),
    (place("FR", "Lyon", postcode="69007"), "F-69007 Lyon, France"),
    (place("GB", "Leeds", region="England", region_short="England", postcode="LS2 9JT"), "Leeds LS2 9JT, England"),
    (place("GB", "Cardiff", region="Wales", region_short="Wales"), "Cardiff, Wales"),
    (place("SE", "Lund", postcode="22100"), "S-22100 Lund, Sweden"),
    (place("CA", "Edmonton", region="Alberta", region_short="AB", postcode="T6G 2G6"), "Edmonton, AB T6G 2G6, Canada"),
    (place("IN", "Chennai", region="Tamil Nadu", region_short="Tamil Nadu", postcode="600036"), "Chennai 600036, Tamil Nadu, India"),
    (place("IT", "Bologna", postcode="40126"), "I-40126 Bologna, Italy"),
    (place("RU", "Kazan"), "Kazan, Russia"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), CASES, ids=[case[1] for case in CASES])
def test_article_addresses_end_as_web_of_science_writes_them(text: PlaceText, written: str) -> None:
    whole = style_of(text.country).article(text, "Univ Kelvar", "Dept Chem", 0)
    assert whole == f"Univ Kelvar, Dept Chem, {written}"


@pytest.mark.parametrize(
    ("text", "street", "written"),
    [
        (place("DE", "Munich", "München", postcode="80333"), "Bahnhofstr.", "Bahnhofstr. 14, 80333 München"),
        (place("FR", "Lyon", postcode="69007"), "rue du Moulin", "14, rue du Moulin, 69007 Lyon"),
        (
            place("CN", "Wuhan", region="Hubei", region_short="Hubei", postcode="430074"),
            "Renmin Road",
            "No. 14, Renmin Road, Wuhan, Hubei 430074",
        ),
        (
            place("US", "Ann Arbor", region="Michigan", region_short="MI", postcode="48105"),
            "Oak Drive",
            "182 Oak Drive, Ann Arbor, MI 48105",
        ),
        (
            place("JP", "Suita", region="Osaka", region_short="Osaka", postcode="5650871"),
            "Honcho",
            "6-14, Honcho 3-chome, Suita-shi, Osaka 565-0871",
        ),
    ],
)
def test_inventors_addresses_keep_the_letters_and_habits_of_the_country(
    text: PlaceText, street: str, written: str
) -> None:
    assert style_of(text.country).letter(text, street, 14) == written


def test_article_addresses_are_plain_ascii_and_each_number_has_one_text(world: World) -> None:
    import numpy as np

    book = AddressBook(world.places, 7)
    places = np.unique(world.site_place)[::40]
    codes = article_code(places, places % 5, places % 7, places % 3)
    texts = book.article_texts(codes)
    assert all(text.isascii() and "\n" not in text for text in texts)
    assert texts == AddressBook(world.places, 7).article_texts(codes)
    assert not any(", ," in text or "  " in text for text in texts)


def test_invented_words_are_no_place_names(world: World) -> None:
    book = AddressBook(world.places, 7)
    known = {name.lower() for name in world.places.ascii_name}
    assert not known & {word.lower() for word in book._words}


def test_a_misspelling_changes_one_spot_inside_the_name() -> None:
    assert misspelt("Rotterdam", 3) == "Rottredam"
    assert misspelt("Rotterdam", 4) == "Rotterdam"[:5] + "dam"
    assert misspelt("Bonn", 3) == "Bonn"
