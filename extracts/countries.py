"""Countries of both sources as ISO 3166-1 alpha-2 codes.

Names and old codes come from two sourced tables in data/. Codes of states that are gone and have several successors
(SU, YU, CS, AN, PC, NT, BX) stay as they are: the place decides. Hong Kong and Macao are told from China by the city.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


US_STATES = _words(
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR "
    "PA RI SC SD TN TX UT VT VA WA WV WI WY DC"
)
#: codes written like a state's that are economies of their own, or armed forces abroad
_US_OTHERS = {
    "PR": "PR",
    "GU": "GU",
    "VI": "VI",
    "AS": "AS",
    "MP": "MP",
    "CM": "MP",  # Northern Mariana Islands until 1991
    "CZ": "PA",  # Canal Zone
    "AA": "US",
    "AE": "US",
    "AP": "US",
}
_CANADA = _words("AB BC MB NB NL NS NT NU ON PE QC SK YT")
#: countries whose own addresses end in two letters that are also a state's (provinces, states, cantons)
_OWN_TWO_LETTERS = _words("IT BR AU IN CH MX AR CA US")

_STATE = re.compile(r"(?:^|\s)([A-Z]{2})(?:\s+(\d{5}(?:-?\d{4})?))?\s*(USA|U S A)?$")
_HONG_KONG = frozenset(
    (
        "hong kong",
        "hongkong",
        "hong kong sar",
        "kowloon",
        "shatin",
        "sha tin",
        "new territories",
        "pokfulam",
        "tuen mun",
        "tai po",
        "shek o",
    )
)
_MACAO = frozenset(("macau", "macao", "macau sar", "macao sar", "taipa"))
_POSTAL_PREFIX = re.compile(
    r"(?:^|[\s,])(CH|D|DE|F|FR|A|AT|B|BE|I|IT|NL|S|SE|DK|FI|FIN|N|NO|E|ES|L|LU|PL|CZ)-\d{3,6}\b"
)
_PREFIXES = {
    "D": "DE",
    "F": "FR",
    "A": "AT",
    "B": "BE",
    "I": "IT",
    "S": "SE",
    "FIN": "FI",
    "N": "NO",
    "E": "ES",
    "L": "LU",
}


class Place(NamedTuple):
    """What the end of an address says: country, US state, postal code."""

    country: str | None
    region: str | None = None
    postcode: str | None = None


class Given(NamedTuple):
    """What a source says of an address in columns of its own."""

    organisation: str | None = None
    city: str | None = None
    region: str | None = None
    postcode: str | None = None
    country: str | None = None
    ror: str | None = None
    latitude: float | None = None
    longitude: float | None = None


NOTHING_GIVEN = Given()


@lru_cache(maxsize=1 << 14)  # the same few hundred names stand at the end of millions of addresses
def name_form(name: str) -> str:
    """A country's name without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", name.casefold().replace("&", " and ").replace("'", ""))
    letters = "".join(sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return " ".join(letters.split())


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


@cache
def names() -> dict[str, str]:
    """ISO code by `name_form` of a country's name."""
    return {name_form(row["name"]): row["iso2"] for row in _rows("country_names.csv")}


@cache
def old_codes() -> dict[str, str | None]:
    """What becomes of a code that is no country today: its one successor, itself where there are several, or None."""
    found: dict[str, str | None] = {}
    for row in _rows("old_country_codes.csv"):
        several = "|" in row["successors"]
        found[row["old_code"]] = row["old_code"] if several else row["default_iso2"] or None
    return found


@cache
def iso_codes() -> frozenset[str]:
    """All codes that the tables know as countries of today."""
    return frozenset(code for code in names().values() if code not in old_codes() or code == "XK")


def of_code(code: str) -> str | None:
    """ISO code of a country code as a source writes it; None when it is no country."""
    code = code.strip().upper()
    if code in old_codes():
        return old_codes()[code]
    return code if code in iso_codes() else None


def _chinese(parts: list[str]) -> str:
    """CN, HK or MO by the part before the country."""
    before = name_form(re.sub(r"\d+", "", parts[-2])) if len(parts) > 1 else ""
    if before in _HONG_KONG:
        return "HK"
    return "MO" if before in _MACAO else "CN"


def _american(last: str) -> Place | None:
    """A US place from a last part as `La Jolla CA 92093 USA`, `NY 10031` or `WA`."""
    found = _STATE.search(last)
    if found is None:
        return None
    state, postcode, usa = found.groups()
    if not usa and not postcode and last != state:
        return None
    if state in US_STATES:
        return Place("US", state, postcode)
    if state in _US_OTHERS and (usa or postcode or last == state):
        return Place(_US_OTHERS[state], None, postcode)
    return None


def of_article(address: str) -> Place:
    """Country (US state, ZIP) of a Web of Science address; country None when it says nothing known."""
    parts = [part.strip() for part in address.rstrip(" .;").split(",")]
    last = parts[-1]
    country = names().get(name_form(last))
    if country == "CN":
        return Place(_chinese(parts))
    if country is not None:
        return Place(country)
    american = _american(last.upper())
    if american is not None:
        return american
    if last.upper().endswith(("USA", "U S A")):
        return Place("US")
    return Place(None)


def of_parts(
    text: str, country: str | None, city: str | None, region: str | None, postcode: str | None
) -> Place:
    """Country, region and postal code of an article's address where the source gives them apart; else from its text."""
    if country is None:
        return of_article(text)._replace(**{"region": region} if region else {})
    code = names().get(name_form(country)) or of_code(country)
    if code == "CN":
        code = _chinese([city or "", country])
    if code is None:
        code = of_article(f"{text}, {country}").country or of_article(text).country
    return Place(code, region, postcode)


def of_inventor(address: str, code: str) -> Place:
    """Country of a patent address: what its text ends in wins over the country code beside it."""
    given = of_code(code)
    text = address.strip(" .;")
    parts = [part.strip() for part in text.split(",")]
    last = parts[-1].strip("() ")
    country = names().get(name_form(last)) if text else None
    if country == "CN":
        return Place(_chinese(parts))
    if country is not None:
        return Place(country)
    if len(parts) > 1:
        state = _state(last.upper(), given)
        if state is not None:
            return state
    if given is None and text:
        prefix = _POSTAL_PREFIX.search(text)
        if prefix is not None:
            return Place(_PREFIXES.get(prefix.group(1), prefix.group(1)))
    return Place(given)


def _state(last: str, given: str | None) -> Place | None:
    """A US state or Canadian province at the end, unless the country beside it has two letters of its own there."""
    american = _american(last)
    bare = len(last) == 2
    if american is not None and not (bare and (last not in US_STATES or given in _OWN_TWO_LETTERS - {"US"})):
        return american
    if last in _CANADA and given not in _OWN_TWO_LETTERS - {"CA"}:
        return Place("CA", last)
    return None
