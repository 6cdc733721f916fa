"""A gazetteer index of larger cities and a few postal codes, built once: seconds instead of a minute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from foundation.home import Home
from geocoding import gazetteer
from geocoding.geocoder import Geocoder
from geocoding.index import ensure

POSTAL = [
    ("US", "94305", "Stanford", "California", "CA", "Santa Clara", "", "", "", 37.4236, -122.1619, 4),
    ("US", "02139", "Cambridge", "Massachusetts", "MA", "Middlesex", "", "", "", 42.3647, -71.1042, 4),
    ("US", "05488", "Swanton", "Vermont", "VT", "Franklin", "", "", "", 44.9104, -73.1406, 4),
    ("CN", "100080", "Haidian", "Beijing", "22", "Beijing Shi", "", "Haidian Qu", "", 39.9075, 116.3972, 1),
    ("JP", "290-8566", "Goi", "Chiba Ken", "04", "Ichihara Shi", "", "", "", 35.5249, 140.1371, 4),
    ("JP", "036-8561", "Bunkyo", "Aomori Ken", "03", "Hirosaki Shi", "", "", "", 40.5931, 140.4725, 4),
    ("KR", "37673", "남구", "경상북도", "14", "포항시 남구", "", "", "", 36.018, 129.3217, 4),
    (
        "CN",
        "723400",
        "Foping County",
        "Shaanxi",
        "26",
        "Hanzhong Shi",
        "6107",
        "Foping Xian",
        "6107",
        33.0751,
        107.0221,
        1,
    ),
    (
        "CN",
        "723000",
        "Hanzhong",
        "Shaanxi",
        "26",
        "Hanzhong Shi",
        "6107",
        "Xyzhou Xian",
        "6107",
        33.0751,
        107.0221,
        1,
    ),
    (
        "CA",
        "V0J",
        "Omineca and Yellowhead (Smithers)",
        "British Columbia",
        "BC",
        "",
        "",
        "",
        "",
        55.9964,
        -126.8574,
        1,
    ),
    ("BR", "45995-000", "Teixeira de Freitas", "Bahia", "05", "Caravelas", "", "", "", -17.6677, -38.7562, 2),
    ("CA", "M5S", "Toronto", "Ontario", "ON", "", "", "", "", 43.6629, -79.3987, 4),
    ("FR", "75008", "Paris", "Île-de-France", "11", "Paris", "75", "", "", 48.8763, 2.3183, 4),
    ("FR", "67110", "Reichshoffen", "Grand Est", "44", "Bas-Rhin", "67", "", "", 48.9333, 7.6667, 4),
    ("GB", "SW7", "South Kensington", "England", "ENG", "Greater London", "", "", "", 51.496, -0.1763, 4),
    ("AU", "2000", "Sydney", "New South Wales", "NSW", "", "", "", "", -33.8688, 151.2093, 4),
]


@pytest.fixture(scope="package")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("geocoding")
    postal: Path = folder / "postal.tsv"
    postal.write_text("".join("\t".join(map(str, row)) + "\n" for row in POSTAL), encoding="utf-8")
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(gazetteer.PACKAGES, gazetteer.GEONAMES, "data/cities15000.json")
        patch.setitem(gazetteer.PACKAGES, gazetteer.POSTAL, str(postal))
        ensure(home, [], lambda _: None)
        yield home


@pytest.fixture(scope="package")
def geocoder(shared_home: Home) -> Geocoder:
    return Geocoder.ready(shared_home)
