"""Korean names in Latin letters by rule: Revised Romanization and McCune-Reischauer, without marks.

A Hangul syllable is 0xAC00 + 588 * initial + 28 * vowel + final. Names of places only; no exceptions are listed.
"""

from __future__ import annotations

_RR = ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "-", "j", "jj", "ch", "k", "t", "p", "h"]
_MR = ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "-", "ch", "tch", "ch", "k", "t", "p", "h"]
_RR_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
_MR_VOWELS = [
    "a",
    "ae",
    "ya",
    "yae",
    "o",
    "e",
    "yo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "u",
    "ui",
    "i",
]
_FINALS = [
    "-",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "l",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
_LINKED = {"k": "g", "p": "b", "l": "r"}  # a final before a vowel
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}  # McCune-Reischauer between voiced sounds
_SOFT = ("n", "m", "ng", "l")


def _syllables(name: str) -> list[tuple[int, int, int]] | None:
    codes = [ord(sign) - 0xAC00 for sign in name if not sign.isspace()]
    if not codes or any(not 0 <= code < 11172 for code in codes):
        return None
    return [(code // 588, code % 588 // 28, code % 28) for code in codes]


def _joined(final: str, initial: str) -> tuple[str, str]:
    if initial == "" and final in _LINKED:
        return _LINKED[final], ""
    if initial == "r":
        if final in ("n", "l"):
            return "l", "l"
        if final:
            return {"k": "ng", "p": "m", "t": "n"}.get(final, final), "n"
    if initial in ("n", "m"):
        return {"k": "ng", "p": "m", "t": "n"}.get(final, final), initial
    return final, initial


def _write(
    syllables: list[tuple[int, int, int]], initials: list[str], vowels: list[str], voiced: bool
) -> str:
    text, final = "", ""
    for number, (first, vowel, last) in enumerate(syllables):
        initial = initials[first].replace("-", "")
        if number:
            soft = final == "" or final in _SOFT
            final, initial = _joined(final, initial)
            if voiced and soft:
                initial = _VOICED.get(initial, initial) if first not in (14, 15, 16, 17) else initial
        text += final + initial + vowels[vowel]
        final = _FINALS[last].replace("-", "")
    return text + final


def romanised(name: str) -> list[str]:
    """Keys of a Hangul name in both systems, sorted; empty when it holds anything but Hangul.

    >>> romanised("대전"), romanised("강릉"), romanised("Busan")
    (['daejeon', 'taejon'], ['gangneung', 'kangnung'], [])
    """
    syllables = _syllables(name)
    if syllables is None:
        return []
    return sorted({_write(syllables, _RR, _RR_VOWELS, False), _write(syllables, _MR, _MR_VOWELS, True)})
