"""Which countries an address may lie in: codes, old codes, names in the text, territories, city states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from geocoding.normalise import key, words
from geocoding.vocabulary import rows

LONGEST_NAME = 5  # words


@lru_cache(maxsize=1)
def old_codes() -> dict[str, tuple[str, ...]]:
    """Code that is no country (any more) -> codes to search instead, in the file's order; empty where there is none."""
    return {
        row["code"]: tuple(filter(None, row["successors"].split("|"))) for row in rows("old_country_codes")
    }


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Key of a country's name -> code (old codes among them)."""
    return {key(row["name"]): row["country"] for row in rows("country_names")}


@lru_cache(maxsize=1)
def valid_codes() -> frozenset[str]:
    """Codes of today's countries: those that a name stands for, and the territories."""
    named = set(names().values()) - set(old_codes())
    listed = {row["territory"] for row in rows("territories")} | {
        row["country"] for row in rows("city_states")
    }
    return frozenset(named | listed | {"XK"})


@lru_cache(maxsize=1)
def city_states() -> frozenset[str]:
    """Economies whose main town stands for every address in them."""
    return frozenset(row["country"] for row in rows("city_states"))


@lru_cache(maxsize=1)
def _territories() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows("territories"):
        for name in row["names"].split("|"):
            found.setdefault(row["country"], {})[key(name)] = row["territory"]
    return found


@lru_cache(maxsize=1)
def territories() -> dict[str, frozenset[str]]:
    """Country -> territories that documents file under it."""
    return {country: frozenset(names.values()) for country, names in _territories().items()}


def territory(country: str, segment_key: str) -> str | None:
    """The territory of `country` that a whole segment names, as Hong Kong under CN."""
    return _territories().get(country, {}).get(segment_key)


@lru_cache(maxsize=4096)
def territory_names(given: str) -> frozenset[str]:
    """Keys of the names of all territories of a country as written."""
    return frozenset(name for code in resolve_code(given) for name in _territories().get(code, {}))


@lru_cache(maxsize=4096)
def territory_pattern(given: str) -> re.Pattern[str] | None:
    """Finds one of `territory_names` in small letters without spaces; None where there are none."""
    names = territory_names(given)
    return re.compile("|".join(map(re.escape, sorted(names)))) if names else None


@lru_cache(maxsize=4096)
def resolve_code(given: str | None) -> tuple[str, ...]:
    """Codes to search for a country as written; empty when nothing valid was given.

    >>> resolve_code("de"), resolve_code("DD"), resolve_code("XX"), resolve_code("Peoples R China")
    (('DE',), ('DE',), (), ('CN',))
    """
    code = (given or "").strip().upper()
    if code in old_codes():
        return old_codes()[code]
    if code in valid_codes():
        return (code,)
    named = names().get(key(code)) if len(code) > 2 else None
    if named is None:
        return ()
    return old_codes().get(named, (named,))


@dataclass(frozen=True)
class Tail:
    """The last words of a segment that name a country: its code and how many words they are."""

    code: str
    length: int


@lru_cache(maxsize=200_000)
def tail_country(segment: str) -> Tail | None:
    """The country that the last words of a segment name (the longest name wins), or None."""
    tokens = words(segment)
    for length in range(min(LONGEST_NAME, len(tokens)), 0, -1):
        code = names().get(key("".join(tokens[-length:])))
        if code is not None:
            return Tail(code, length)
    return None


def same_country(code: str, allowed: tuple[str, ...]) -> bool:
    """Whether a named country is one of those allowed, an old name of one, or a territory of one."""
    if code in allowed or any(successor in allowed for successor in old_codes().get(code, ())):
        return True
    if any(code in territories().get(country, frozenset()) for country in allowed):
        return True
    return any(country in territories().get(code, frozenset()) for country in allowed) or (
        code == "CN" and "TW" in allowed  # "Taiwan, Republic of China" and its short forms
    )
