"""Invented words: names of persons, organisations, units, titles and journals. None of them means anything.

Words that are names of places are left out, so that nothing but the place itself leads a geocoder there.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

_STARTS = [
    "b",
    "br",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "qu",
    "r",
    "s",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
_VOWELS = ["a", "e", "i", "o", "u", "ae", "ei", "ia", "io"]
_ENDS = ["n", "r", "l", "s", "m", "ld", "nt", "rn", "th", "x", "ck", "nd", "rt", "v"]
_GIVEN_ENDS = ["a", "o", "el", "in", "ia", "us", "en", "is", "or", "an"]

UNITS = (
    "Dept Phys", "Dept Chem", "Sch Med", "Dept Biol", "Inst Mat Sci", "Dept Elect Engn", "Sch Comp Sci", "Fac Engn",
    "Dept Math", "Coll Agr", "Dept Neurol", "Ctr Environm Res", "Dept Mech Engn", "Fac Pharm", "Dept Surg",
    "Inst Biochem", "Dept Civil Engn", "Sch Publ Hlth", "Dept Oncol", "Key Lab Energy", "Dept Geol", "Inst Opt",
    "Sch Life Sci", "Dept Stat", "Ctr Nanotechnol", "Dept Cardiol", "Div Genet", "Fac Sci", "Dept Food Sci", "Res Grp Robot",
    "Dept Psychol", "Inst Microbiol", "Dept Radiol", "Ctr Data Sci", "Dept Vet Med", "Sch Architecture",
    "Dept Immunol", "Inst Marine Sci", "Dept Astron", "Lab Catalysis",
)  # fmt: skip
_ADJECTIVES = [
    "adaptive",
    "thermal",
    "quantum",
    "selective",
    "porous",
    "nonlinear",
    "coastal",
    "molecular",
    "dynamic",
    "robust",
    "layered",
    "sparse",
]
_NOUNS = [
    "membranes",
    "catalysts",
    "networks",
    "alloys",
    "receptors",
    "sediments",
    "lasers",
    "polymers",
    "genomes",
    "sensors",
    "soils",
    "glasses",
]
_VERBS = [
    "Control",
    "Synthesis",
    "Modelling",
    "Measurement",
    "Dynamics",
    "Stability",
    "Imaging",
    "Degradation",
    "Growth",
    "Transport",
]


def invented(count: int, seed: int, avoid: Collection[str] = ()) -> list[str]:
    """`count` different words of two or three syllables, none of `avoid` (lower case)."""
    rng = np.random.default_rng([seed, 101])
    taken: dict[str, None] = {}
    while len(taken) < count:
        picks = rng.integers(0, 1 << 30, size=(count, 6))
        for first, second, third, fourth, fifth, sixth in picks.tolist():
            word = _STARTS[first % len(_STARTS)] + _VOWELS[second % len(_VOWELS)]
            word += _STARTS[third % len(_STARTS)] + _VOWELS[fourth % len(_VOWELS)] + _ENDS[fifth % len(_ENDS)]
            if sixth % 3 == 0:
                word += _VOWELS[sixth % len(_VOWELS)]
            if word not in avoid:
                taken.setdefault(word.capitalize())
            if len(taken) == count:
                break
    return list(taken)


def persons(count: int, seed: int) -> tuple[list[str], list[str]]:
    """Names of invented persons in full (`Kelvar, Tobin R.`) and abbreviated (`Kelvar, TR`), no two alike in full."""
    families = invented(max(50, count // 8), seed + 1)
    given = [word[:4].rstrip("aeiou") + ending for word in invented(60, seed + 2) for ending in _GIVEN_ENDS]
    rng = np.random.default_rng([seed, 102])
    full: dict[str, str] = {}
    while len(full) < count:
        for family, first, letter in rng.integers(0, 1 << 30, size=(count, 3)).tolist():
            name, middle = given[first % len(given)], chr(65 + letter % 26)
            surname = families[family % len(families)]
            full.setdefault(f"{surname}, {name} {middle}.", f"{surname}, {name[0]}{middle}")
            if len(full) == count:
                break
    return list(full), list(full.values())


def titles(count: int, seed: int) -> list[str]:
    """Invented titles, some long enough to be wrapped."""
    rng = np.random.default_rng([seed, 103])
    made = []
    for numbers in rng.integers(0, 1 << 30, size=(count, 7)).tolist():
        parts = [
            f"{_VERBS[numbers[0] % 10]} of {_ADJECTIVES[numbers[1] % 12]} {_NOUNS[numbers[2] % 12]}",
            f"in {_ADJECTIVES[numbers[3] % 12]} {_NOUNS[numbers[4] % 12]}" if numbers[3] % 3 else "",
            f": a study with {_ADJECTIVES[numbers[5] % 12]} {_NOUNS[numbers[6] % 12]}"
            if numbers[5] % 4 == 0
            else "",
        ]
        made.append(" ".join(part for part in parts if part).replace(" :", ":"))
    return made
