"""What a name's key is, and how a text falls into segments and words. No place, no country is known here."""

from __future__ import annotations

import html
import re
import unicodedata

LONGEST = 1500  # characters of a text that are looked at: 300 from its start, the rest from its end


class _Folding(dict[int, str]):
    """Translation table that fills itself: Latin letters become plain a to z, other letters stay, the rest goes."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if not letter.isalnum():
            folded = ""
        elif code < 0x250 or 0x1E00 <= code < 0x1F00:
            from unidecode import unidecode

            folded = "".join(sign for sign in unidecode(letter).lower() if sign.isalnum())
        else:
            folded = letter.casefold()
        self[code] = folded
        return folded


_FOLD = _Folding()


def key(name: str) -> str:
    """The key of a name: letters and digits only, lower case, Latin letters without marks, other scripts as they are.

    Spaces, hyphens and apostrophes vanish, so that all ways to space a transliterated name agree.

    >>> key("Xi'an") == key("Xi an") == key("Xian")
    True
    >>> key("São Paulo"), key("Wilkes-Barre"), key("Москва")
    ('saopaulo', 'wilkesbarre', 'москва')
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKC", name)
    return name.translate(_FOLD)


def ascii_only_key(name: str) -> str:
    """The key with accented letters dropped instead of folded, as registers that lost them write: `WRTH` for Wörth.

    >>> ascii_only_key("Wörth")
    'wrth'
    """
    return key("".join(letter for letter in unicodedata.normalize("NFC", name) if letter.isascii()))


_ENTITY = re.compile(r"&#?\w{1,8};")
_MAIL = re.compile(r"[;,.]?\s*(?:e-?mail|electronic address)?\s*:?\s*\S+@\S+", re.I)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\u200b-\u200f\u2028-\u202e]+")
_NUMBER_SIGN = re.compile(r"#(?:N|TAB)#")
_GLUED = re.compile(r"\b(St|Ste|Ft|Mt|Sta|Sto)\.\s+", re.I)
_SPLIT = re.compile(r"[,;:|()\[\]、，；：（）]|\s[-–—]\s")
_PLAIN = re.compile(r"^[\w ,.'’&/\-]*$")


def _glued(found: re.Match[str]) -> str:
    return f"{found[1]} "


def clean(text: str) -> str:
    """The text without HTML entities, control characters and e-mail addresses, at most `LONGEST` characters."""
    if len(text) > LONGEST:
        text = text[:300] + " , " + text[300 - LONGEST :]
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    if not text.isascii() or not text.isprintable():
        text = _CONTROL.sub(" ", text)
    if "@" in text:
        text = _MAIL.sub(" ", text)
    if "#" in text:
        text = _NUMBER_SIGN.sub(", ", text)
    return _GLUED.sub(_glued, text) if "." in text else text


def is_plain(text: str) -> bool:
    """Whether commas alone separate the segments, so that what stands before a comma cannot change what stands after it."""
    return len(text) <= LONGEST and " - " not in text and _PLAIN.match(text) is not None


def segments(text: str) -> list[str]:
    """The parts of a cleaned text between its separators, in order, none empty."""
    return [part for piece in _SPLIT.split(text) if (part := piece.strip(" .\t'\"-/"))]


_WORD = re.compile(r"[^\W_]+")


def words(segment: str) -> tuple[str, ...]:
    """The words of a segment; a hyphen and an apostrophe separate, a key joins them again."""
    return tuple(_WORD.findall(segment))


def has_no_spaces(text: str) -> bool:
    """Whether a text holds Chinese, Japanese or Korean letters, whose addresses run large to small and often unspaced."""
    return any(0x2E80 <= ord(letter) <= 0x9FFF or 0xAC00 <= ord(letter) <= 0xD7AF for letter in text)
