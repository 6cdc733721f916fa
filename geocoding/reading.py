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
_KINDS_BEFORE = frozenset(
    ["city", "town", "greater", "prov", "province", "region", "ville", "kibbutz", "moshav"]
)
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


class _Word(NamedTuple):
    """A word's key and what it may be."""

    key: str
    code: bool
    organisation: bool
    street: bool
    street_first: bool
    street_end: bool
    varies: bool  # it, or what stands beside it, may be written in another way


@lru_cache(maxsize=400_000)
def _word(token: str) -> _Word:
    own = token.lower() if token.isascii() else key(token)
    return _Word(
        own,
        len(token) <= 10 and _CODE.match(token) is not None,
        own in listed("organisation"),
        own in listed("street"),
        own in listed("street_first"),
        own.endswith(_STREET_ENDS),
        own in abbreviations()
        or own in listed("suffix")
        or own in _KINDS_BEFORE
        or (len(token) == 2 and token.isupper()),
    )


def word_key(token: str) -> str:
    """The key of one word, remembered."""
    return _word(token).key


def is_street_word(token: str) -> bool:
    """Whether a word stands in names of streets."""
    return _word(token).street


_ADJECTIVE = re.compile("(?:(ск|цк)(?:ий|ая|ое|ого|ой|и|а|о|е|ата)|(ськ|цьк)(?:ий|а|е|ого|ої))$")


@lru_cache(maxsize=50_000)
def towns_of_adjective(word: str) -> tuple[str, ...]:
    """Keys of towns from which a Cyrillic adjective (a key) may be made, as organisations' names hold them.

    >>> (
    ...     "пермь" in towns_of_adjective("пермский"),
    ...     "київ" in towns_of_adjective("київський"),
    ...     towns_of_adjective("perm"),
    ... )
    (True, True, ())
    """
    found = _ADJECTIVE.search(word)
    if found is None or found.start() < 3:
        return ()
    stem = word[: found.start()]
    if found[0].startswith("цк") or found[0].startswith("цьк"):
        return (stem + "ц", stem + "цк", stem + "цьк")
    return tuple(stem + ending for ending in ("", "ь", "ль", "а", "о", "ы", "и", "ск", "ськ"))


def _codes(tokens: tuple[str, ...], known: list[_Word]) -> tuple[list[str], list[_Word], tuple[str, ...]]:
    """(name words, what is known of them, codes): neighbours with digits also joined, `412 96`, `SW7 2AZ`, `5656 AE`."""
    if not any(word.code for word in known):
        return list(tokens), known, ()
    names: list[str] = []
    kept: list[_Word] = []
    runs: list[list[str]] = [[]]
    for token, word in zip(tokens, known, strict=True):
        last = runs[-1]
        if word.code:
            last.append(token.upper())
            continue
        if last and len(token) == 2 and token.isupper() and len(last[-1]) == 4 and last[-1].isdigit():
            last.append(token)  # a Dutch code's letters, or a state
        else:
            runs.append([])
        names.append(token)
        kept.append(word)
    codes: list[str] = []
    for run in reversed(runs):
        if len(run) > 1:
            codes.append("".join(run[-2:]))
        codes += run[::-1]
    return names, kept, tuple(dict.fromkeys(code for code in codes if 3 <= len(code) <= 10))


def _is_street(known: list[_Word], numbered: bool) -> bool:
    if not known:
        return False
    if numbered or (known[0].street_first and len(known) > 1) or any(word.street_end for word in known):
        return True
    abbreviated = len(known) == 2 and known[1].key in ("pl", "ct", "dr", "no", "lot", "pr")
    return not abbreviated and any(word.street for word in known[1:])


@lru_cache(maxsize=300_000)
def read(segment: str) -> Segment:
    """The reading of one segment.

    >>> read("I-80138 Naples").words, read("I-80138 Naples").codes
    (('Naples',), ('80138',))
    >>> read("52 Fucheng Rd").street, read("Univ Napoli Federico II").organisation
    (True, True)
    """
    tokens = _tokens(segment)
    names, known, codes = _codes(tokens, [_word(token) for token in tokens])
    street_first = bool(known) and known[0].street_first  # Rue de l'Ecole names no school
    return Segment(
        tuple(names),
        "".join([word.key for word in known]),
        codes,
        not street_first and not _is_code_of_state(names) and any(word.organisation for word in known),
        _is_street(known, bool(known) and _HOUSE_NUMBER.match(tokens[0]) is not None),
        not segment.isascii() and has_no_spaces(segment),
        bool(known) and len(tokens[-1]) >= 4 and _word(tokens[-1]).code,
    )


def in_a_street(parts: list[str]) -> bool:
    """Whether an address is a street's and no organisation's."""
    street = False
    for part in parts:
        segment = read(part.strip())
        if segment.organisation:
            return False
        street = street or segment.street
    return street


def _tokens(segment: str) -> tuple[str, ...]:
    return words(_LETTERS_BEFORE_CODE.sub("", segment) if "-" in segment else segment)


def codes_in(segment: str) -> tuple[str, ...]:
    """The codes of a segment, as `read` gives them."""
    tokens = _tokens(segment)
    return _codes(tokens, [_word(token) for token in tokens])[2]


def _is_code_of_state(names: list[str]) -> bool:
    """Whether a segment is two capitals, which are no company: CO."""
    return len(names) == 1 and len(names[0]) == 2 and names[0].isupper()


def is_short_name(segment: Segment) -> bool:
    """Whether a segment of one or two letters may be a town's name: not written as a code is, in capitals."""
    return len(segment.words) == 1 and segment.words[0].istitle()


def variants(names: tuple[str, ...]) -> tuple[str, ...]:
    """Other keys for words that stand for a place: short forms written out, a word for its kind left out.

    >>> variants(("College", "Stn")), variants(("Ichihara", "shi"))
    (('collegestation',), ('ichihara',))
    """
    for name in names:
        if _word(name).varies:
            return _variants(names)
    return ()


@lru_cache(maxsize=200_000)
def _variants(names: tuple[str, ...]) -> tuple[str, ...]:
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
    if len(names) > 1 and key(names[0]) in _KINDS_BEFORE:
        found.append(key("".join(names[1:])))
    if len(names) > 1 and len(names[-1]) == 2 and names[-1].isupper():
        found.append(key("".join(names[:-1])))  # an Italian province, a Dutch code's letters
    own = key("".join(names))
    return tuple(dict.fromkeys(form for form in found if len(form) >= 3 and form != own))
