"""Chinese names in Latin letters by rule: from Hanyu Pinyin to Wade-Giles and Tongyong Pinyin, as documents of Taiwan write them.

Names of places only, without marks: a key has none. A syllable is an initial and a final; no exceptions are listed.
"""

from __future__ import annotations

import re

_SYLLABLE = re.compile(
    r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(iang|iong|uang|ang|eng|ong|ian|iao|ing|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|a|e|i|o|u)"
    r"(?=$|zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]|')"
)
_WADE_INITIALS = {
    "b": "p", "p": "p", "d": "t", "t": "t", "g": "k", "k": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "ch": "ch",
    "z": "ts", "c": "ts", "r": "j",
}  # fmt: skip
_WADE = {
    "zi": "tzu", "ci": "tzu", "si": "ssu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "er": "erh",
    "ge": "ko", "ke": "ko", "he": "ho", "gui": "kuei", "kui": "kuei", "yi": "i", "ye": "yeh", "yan": "yen", "you": "yu",
    "yong": "yung", "guo": "kuo", "kuo": "kuo", "huo": "huo", "shuo": "shuo",
}  # fmt: skip
_WADE_FINALS = {"ong": "ung", "ian": "ien", "ie": "ieh", "ue": "ueh", "uo": "o", "iong": "iung"}
_TONGYONG = {
    "zhi": "jhih", "chi": "chih", "shi": "shih", "zi": "zih", "ci": "cih", "si": "sih", "ri": "rih", "feng": "fong",
    "weng": "wong",
}  # fmt: skip
_TONGYONG_INITIALS = {"zh": "jh", "q": "c", "x": "s"}
_TONGYONG_FINALS = {"iu": "iou", "ui": "uei"}


def _syllables(name: str) -> list[tuple[str, str]] | None:
    """(initial, final) of each syllable of a name in small letters; None when it is no Pinyin."""
    found, at = [], 0
    while at < len(name):
        if name[at] in "' -":
            at += 1
            continue
        hit = _SYLLABLE.match(name, at)
        if hit is None or (hit[1] and hit[2] == "er"):
            return None
        found.append((hit[1] or "", hit[2]))
        at = hit.end()
    return found or None


def taiwanese(name: str) -> list[str]:
    """Keys of a Hanyu Pinyin name in Wade-Giles and in Tongyong Pinyin; empty when it is none or both are the same.

    >>> taiwanese("Xinzhu"), taiwanese("Lukang"), taiwanese("Zhongli"), taiwanese("Berlin")
    (['hsinchu', 'sinjhu'], [], ['chungli', 'jhongli'], [])
    """
    plain = name.lower()
    syllables = _syllables(plain) if plain.isascii() else None
    if syllables is None:
        return []
    own = "".join(initial + final for initial, final in syllables)
    wade, tongyong = "", ""
    for initial, final in syllables:
        whole = initial + final
        wade += _WADE.get(whole) or _WADE_INITIALS.get(initial, initial) + _WADE_FINALS.get(final, final)
        tongyong += _TONGYONG.get(whole) or (
            _TONGYONG_INITIALS.get(initial, initial) + _TONGYONG_FINALS.get(final, final)
        )
    return [form for form in dict.fromkeys((wade, tongyong)) if form != own]
