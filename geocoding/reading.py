"""What a segment of an address says by its words alone: name words, postal codes, organisation or street.

No gazetteer is asked here, so a segment's reading is remembered whatever the address around it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from geocoding.normalise import has_no_spaces, key, words
from geocoding.vocabulary import abbreviations
from geocoding.vocabulary import words as listed

_LETTERS_BEFORE_CODE = re.compile(r"\b[A-Z]{1,3}-(?=\d)")
_CODE = re.compile(r"^[A-Za-z]{0,2}\d[\dA-Za-z]*$")
_HOUSE_NUMBER = re.compile(r"^\d{1,3}(bis|ter|[A-Za-z])?$", re.I)
_STREET_ENDS = ("strasse", "straße", "straat", "gasse", "allee", "vagen", "gatan")


class Segment(NamedTuple):
    """A part of an address: its words without codes, the key of these, the codes, and what kind of part it is.

    `code_last` says whether a code ends it ("12 Rue X 75008").
    """

    words: tuple[str, ...]
    key: str
    codes: tuple[str, ...]
    organisation: bool
    street: bool
    unspaced: bool
    code_last: bool = False


def _codes(tokens: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """(name words, codes): neighbours with digits also joined, `412 96`, `SW7 2AZ`, `5656 AE`."""
    names: list[str] = []
    runs: list[list[str]] = [[]]
    for token in tokens:
        if _CODE.match(token) and len(token) <= 10:
            runs[-1].append(token.upper())
        elif (
            runs[-1]
            and len(token) == 2
            and token.isupper()
            and len(runs[-1][-1]) == 4
            and runs[-1][-1].isdigit()
        ):
            runs[-1].append(token)
            names.append(token)  # a Dutch code's letters, or a state
        else:
            names.append(token)
            runs.append([])
    codes: list[str] = []
    for run in reversed(runs):
        if len(run) > 1:
            codes.append("".join(run[-2:]))
        codes += run[::-1]
    return names, tuple(dict.fromkeys(code for code in codes if 3 <= len(code) <= 10))


def _is_street(tokens: list[str], numbered: bool) -> bool:
    keys = [key(token) for token in tokens]
    if not keys:
        return False
    if keys[0] in listed("street_first") and len(keys) > 1:
        return True
    if any(word in listed("street") for word in keys[1:]) and not _only_abbreviated(keys):
        return True
    return numbered or any(word.endswith(_STREET_ENDS) for word in keys)


def _only_abbreviated(keys: list[str]) -> bool:
    return len(keys) == 2 and keys[1] in ("pl", "ct", "dr", "no", "lot", "pr")


@lru_cache(maxsize=300_000)
def read(segment: str) -> Segment:
    """The reading of one segment.

    >>> read("I-80138 Naples").words, read("I-80138 Naples").codes
    (('Naples',), ('80138',))
    >>> read("52 Fucheng Rd").street, read("Univ Napoli Federico II").organisation
    (True, True)
    """
    plain = _LETTERS_BEFORE_CODE.sub("", segment)
    tokens = words(plain)
    names, codes = _codes(tokens)
    numbered = bool(tokens) and _HOUSE_NUMBER.match(tokens[0]) is not None and len(names) > 0
    street_first = bool(names) and key(names[0]) in listed("street_first")  # Rue de l'Ecole names no school
    organisation = not street_first and any(key(token) in listed("organisation") for token in names)
    return Segment(
        tuple(names),
        key("".join(names)),
        codes,
        organisation,
        _is_street(names, numbered),
        has_no_spaces(segment),
        bool(tokens) and bool(names) and len(tokens[-1]) >= 4 and _CODE.match(tokens[-1]) is not None,
    )


def is_short_name(segment: Segment) -> bool:
    """Whether a segment of one or two letters may be a town's name: not written as a code is, in capitals."""
    return len(segment.words) == 1 and segment.words[0].istitle()


@lru_cache(maxsize=200_000)
def variants(names: tuple[str, ...]) -> tuple[str, ...]:
    """Other keys for words that stand for a place: short forms written out, a word for its kind left out.

    >>> variants(("College", "Stn")), variants(("Ichihara", "shi"))
    (('collegestation',), ('ichihara',))
    """
    found: list[str] = []
    for position, word in enumerate(names):
        before, after = names[:position], names[position + 1 :]
        found += [key("".join((*before, long, *after))) for long in abbreviations().get(key(word), ())]
    expanded = "".join((abbreviations().get(key(word)) or (key(word),))[0] for word in names)
    found.append(expanded)
    if len(names) > 1 and len(names[0]) == 2 and names[0].isupper():
        found.append(key("".join(names[1:])))  # a Dutch code's letters before the town
    if len(names) > 1 and key(names[-1]) in listed("suffix"):
        found.append(key("".join(names[:-1])))
    if len(names) > 1 and key(names[0]) in (
        "city",
        "town",
        "greater",
        "prov",
        "province",
        "region",
        "ville",
        "kibbutz",
        "moshav",
    ):
        found.append(key("".join(names[1:])))
    if len(names) > 1 and len(names[-1]) == 2 and names[-1].isupper():
        found.append(key("".join(names[:-1])))  # an Italian province, a Dutch code's letters
    own = key("".join(names))
    return tuple(dict.fromkeys(form for form in found if len(form) >= 3 and form != own))
