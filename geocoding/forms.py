"""Other forms under which a place's name may be written, made once when the index is built."""

from __future__ import annotations

import re

from geocoding.normalise import ascii_only_key, key, words
from geocoding.vocabulary import words as listed

MAIN, ALTERNATE, OTHER_WORD, STRIPPED, SHORT, LOST = (
    100,
    90,
    85,
    78,
    80,
    55,
)  # weights of a name, in hundredths
SHORTEST_DOUBLED = 6  # letters of the first of two names
SHORTEST_REST = 6  # letters of a name that has lost its first word
_SAINTS = {
    "saint": "st",
    "sankt": "st",
    "st": "saint",
    "sainte": "ste",
    "ste": "sainte",
    "santa": "sta",
    "santo": "sto",
}
_KINDS = {
    "qu": "district",
    "xian": "county",
    "hsien": "county",
    "shi": "city",
    "zhen": "town",
    "ku": "ward",
    "gu": "district",
}
_SAINT = re.compile(r"\b(saint|sankt|sainte|st|ste|santa|santo)\b", re.I)


def usable_alternate(name: str) -> bool:
    """Whether an alternate name is worth a key: no code of two or three letters, no machine transliteration."""
    if not name or "a" <= name[0] <= "z":
        return False  # lower case marks GeoNames' own transliterations of other scripts
    if len(name) > 60:
        return False
    return len(key(name)) >= (4 if name[0] < "\u0590" else 2)


def is_short_name(name: str) -> bool:
    """Whether an alternate name of three letters is a name and not a code.

    >>> is_short_name("Fez"), is_short_name("FEZ"), is_short_name("Fés")
    (True, False, True)
    """
    return len(name) == 3 and len(key(name)) == 3 and name.istitle()


def before_hyphen(name: str) -> str | None:
    """The key of the first of two names joined by a hyphen, None where that is short or a word like Bad.

    >>> before_hyphen("Clausthal-Zellerfeld"), before_hyphen("Baden-Baden"), before_hyphen("Ulm")
    ('clausthal', None, None)
    """
    first, hyphen, rest = name.partition("-")
    if not hyphen or not rest[:1].isupper() or " " in name or len(key(first)) < SHORTEST_DOUBLED:
        return None
    return None if key(first) in listed("first") else key(first)


def stripped(name: str) -> str | None:
    """The key without a word for its kind at the end: "Ichihara-shi" -> ichihara; None when nothing can go.

    >>> stripped("Suzhou Shi"), stripped("Xian"), stripped("Busan")
    ('suzhou', None, None)
    """
    tokens = words(name)
    if len(tokens) < 2 or key(tokens[-1]) not in listed("suffix"):
        return None
    rest = key("".join(tokens[:-1]))
    return rest if len(rest) >= 3 else None


def translated_kind(name: str) -> str | None:
    """The key with the word for its kind in English: "Futian Qu" -> futiandistrict; None when there is none.

    >>> translated_kind("Futian Qu"), translated_kind("Futian")
    ('futiandistrict', None)
    """
    tokens = words(name)
    kind = _KINDS.get(key(tokens[-1])) if len(tokens) > 1 else None
    return None if kind is None else key("".join(tokens[:-1])) + kind


def before_binder(name: str) -> str | None:
    """The key of what stands before am, an der, sur, upon ...: "Frankfurt am Main" -> frankfurt.

    >>> before_binder("Frankfurt am Main"), before_binder("Main")
    ('frankfurt', None)
    """
    tokens = words(name)
    for position in range(1, len(tokens) - 1):
        if key(tokens[position]) in listed("binder"):
            rest = key("".join(tokens[:position]))
            return rest if len(rest) >= 4 else None
    return None


def without_first_word(name: str) -> str | None:
    """The key without an article, a saint or "Bad" in front, as registers lose them: "Bad Mergentheim" -> mergentheim.

    >>> (
    ...     without_first_word("Bad Mergentheim"),
    ...     without_first_word("Le Sappey-en-Chartreuse"),
    ...     without_first_word("Bad Ems"),
    ... )
    ('mergentheim', 'sappeyenchartreuse', None)
    """
    tokens = words(name)
    if len(tokens) < 2 or key(tokens[0]) not in listed("first"):
        return None
    rest = key("".join(tokens[1:]))
    return rest if len(rest) >= SHORTEST_REST else None


def _bracketless(name: str) -> str:
    return name.partition("(")[0] if "(" in name else name


def main_forms(name: str) -> list[tuple[str, int]]:
    """(key, weight) of a place's main name and of the forms made from it; the first is the name itself."""
    found = [(key(name), MAIN)]
    plain = _bracketless(name)
    if plain is not name and len(key(plain)) >= 3:
        found.append((key(plain), ALTERNATE))
    if len(words(plain)) > 1:
        found += _forms_of_several_words(plain)
    if not name.isascii() and len(lost := ascii_only_key(name)) >= 3:
        found.append((lost, LOST))
    return found


def _forms_of_several_words(name: str) -> list[tuple[str, int]]:
    found = []
    if (rest := stripped(name)) is not None:
        found.append((rest, STRIPPED))
    if (rest := before_binder(name)) is not None:
        found.append((rest, SHORT))
    if (rest := translated_kind(name)) is not None:
        found.append((rest, OTHER_WORD))
    if (rest := without_first_word(name)) is not None:
        found.append((rest, LOST))
    if _SAINT.search(name):
        found.append((key(_SAINT.sub(lambda hit: _SAINTS.get(hit[0].lower(), hit[0]), name)), OTHER_WORD))
    return found


def alternate_forms(name: str) -> list[tuple[str, int]]:
    """(key, weight) of an alternate name and of its stripped form; empty when the name is not worth a key."""
    if not usable_alternate(name):
        return []
    found = [(key(name), ALTERNATE)]
    if ("-" in name or " " in name) and (rest := stripped(name)) is not None and len(rest) >= 4:
        found.append((rest, STRIPPED))
        if (translated := translated_kind(name)) is not None:
            found.append((translated, OTHER_WORD))
    return found


_CJK_KINDS = (
    "특별시",
    "광역시",
    "특별자치시",
    "시",
    "군",
    "구",
    "읍",
    "市",
    "县",
    "縣",
    "区",
    "區",
    "镇",
    "町",
    "村",
)


def cjk_stripped(name: str) -> str | None:
    """A Chinese, Japanese or Korean name without the sign for its kind: 市原市 -> 市原."""
    if not name or name[0] < "\u2e80":
        return None
    for kind in _CJK_KINDS:
        if name.endswith(kind) and len(rest := key(name.removesuffix(kind))) >= 2:
            return rest
    return None
