"""How figures are printed: rounded half up, once, and only here (METHODOLOGY 12).

Ranks and comparisons use unrounded values; a sentence claims only what the printed figures show.
"""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from publishing.language import figure, later, say, say_each

NBSP = "\u00a0"
SHARE_DECIMALS = 1
_WORDS = (
    later("no"), later("one"), later("two"), later("three"), later("four"), later("five"), later("six"), later("seven"),
    later("eight"), later("nine"), later("ten"),
)  # fmt: skip
_SIZES = ((1e9, later("GB")), (1e6, later("MB")), (1e3, later("kB")))
_SIDES = (later("N"), later("S"), later("E"), later("W"))

Number = int | float | Decimal


def rounded(value: Number, decimals: int = 0) -> Decimal:
    """`value` half up to `decimals` places, taken as the shortest decimal that names the float.

    Examples
    --------
    >>> rounded(0.25, 1), rounded(2.5)
    (Decimal('0.3'), Decimal('3'))
    """
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def whole(value: Number) -> str:
    """A count without decimals, thousands with a comma: 137,706; one that is there but rounds to nothing is printed <1."""
    if 0 < value < Decimal("0.5"):
        return "<1"
    return figure(f"{rounded(value):,}")


def share(value: Number) -> str:
    """Percentage points with one decimal; a share that is there but rounds to nothing is printed <0.1."""
    if 0 < value < Decimal("0.05"):
        return figure("<0.1")
    return figure(f"{rounded(value, SHARE_DECIMALS):,}")


def decimal(value: Number, decimals: int) -> str:
    """A figure with `decimals` places."""
    return figure(f"{rounded(value, decimals):,}")


def plain(value: float) -> str:
    """A figure as it is, without zeros at its end: 15, 0.3."""
    return figure(f"{value:g}")


def counted(number: int, singular: str, plural: str) -> str:
    """A number up to ten as a word, with its noun: `one cluster`, `no clusters`, `26 clusters`."""
    return f"{number_word(number)} {say_each(number, singular, plural)}"


def number_word(number: int) -> str:
    """A number up to ten as a word, else as a figure: `seven`, `26`."""
    return say(_WORDS[number]) if 0 <= number < len(_WORDS) else whole(number)


def listed(names: list[str]) -> str:
    """Names joined by commas, `and` before the last, no comma before `and`."""
    if len(names) < 2:
        return "".join(names)
    return say("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def capital(sentence: str) -> str:
    """`sentence` with its first letter in upper case."""
    return sentence[:1].upper() + sentence[1:]


def people(value: int) -> str:
    """Inhabitants: millions with one decimal from one million on, else rounded to a thousand."""
    if value >= 1_000_000:
        number = decimal(Decimal(value) / 1_000_000, 1)
        said = say_each(value // 1_000_000, "{number} million", "{number} million", number=number)
        return said.replace(" ", NBSP)
    return whole(rounded(Decimal(value) / 1000) * 1000) if value >= 1000 else whole(value)


def size(number_of_bytes: int) -> str:
    """A file's size in kB, MB or GB (powers of 1,000)."""
    for unit, name in _SIZES:
        if number_of_bytes >= unit:
            return f"{figure(str(rounded(number_of_bytes / unit, 1)))}{NBSP}{say(name)}"
    return say_each(number_of_bytes, "{number} byte", "{number} bytes", number=number_of_bytes).replace(
        " ", NBSP
    )


def span(years: list[int]) -> str:
    """A window: `2019–2023`; years with gaps are listed."""
    if len(years) > 1 and years == list(range(years[0], years[-1] + 1)):
        return f"{years[0]}–{years[-1]}"
    return listed([str(year) for year in years])


def degrees(latitude: float, longitude: float) -> str:
    """A position with two decimals and hemispheres: 35.69° N, 139.69° E."""
    north, east = say(_SIDES[latitude < 0]), say(_SIDES[2 + (longitude < 0)])
    return f"{decimal(abs(latitude), 2)}°{NBSP}{north}, {decimal(abs(longitude), 2)}°{NBSP}{east}"


def ordinal(number: int) -> str:
    """A rank in words' stead: 1st, 2nd, 3rd, 4th, 11th, 42nd, 1,003rd.

    Examples
    --------
    >>> ordinal(1), ordinal(12), ordinal(103)
    ('1st', '12th', '103rd')
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{'th' if number % 100 in (11, 12, 13) else ending}"


def signed(value: Number, decimals: int = 1) -> str:
    """A change with its sign: +3.1, −0.8, 0.0 (a true minus, and no sign on what prints as nothing)."""
    shown = rounded(value, decimals)
    mark = "+" if shown > 0 else "−" if shown < 0 else ""
    return figure(f"{mark}{abs(shown):,}")


def lowered(name: str) -> str:
    """A name as it stands inside a sentence: its first letter small, unless it begins with an abbreviation.

    Examples
    --------
    >>> lowered("Optics"), lowered("IT methods for management")
    ('optics', 'IT methods for management')
    """
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def alphabetic(name: str) -> str:
    """A key that puts names into the order of a list: accents and capitals do not count.

    Examples
    --------
    >>> sorted(["Zambie", "États-Unis", "Espagne"], key=alphabetic)
    ['Espagne', 'États-Unis', 'Zambie']
    """
    bare = (letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))
    return "".join(bare).casefold()
