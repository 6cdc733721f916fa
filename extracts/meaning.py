"""The rules on single values (METHODOLOGY 2 and 3): which article counts, under which year, and one form for numbers.

Pure functions, no tables: articles.py and applications.py apply them to whole columns.
"""

from __future__ import annotations

import html
import re
from functools import cache

LIKE_SCIE = "SCIE-like"  # what the reader of OpenAlex says of a work in a journal of the core set
_SHORT = {"SCI-EXPANDED": "SCIE", "A&HCI": "AHCI"}
_IN_BRACKETS = re.compile(r"\(([A-Z][A-Z&-]*)\)")
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?!\d)")
_DATE = re.compile(r"^(\d{4})-?(\d{2})-?(\d{2})")
_IPC = re.compile(r"^([A-H]\d{2}[A-Z])(?:\s*(\d{1,4})(?:\s*/\s*(\d{2,6}))?)?(?![A-Z0-9/])")
_CPC_ONLY = 2000  # main groups from here on are CPC's own


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: legal forms at the end of a name, left out of its key
_LEGAL = _words(
    "AB AG APS AS ASA BV CO COMPANY CORP CORPORATION GMBH GROUP HOLDING HOLDINGS INC INCORPORATED KG KK LIMITED LLC LLP LP "
    "LTD LTDA NV OY OYJ PLC PTE PTY PVT SA SARL SAS SE SL SNC SPA SRL"
)


@cache
def index_names(text: str) -> tuple[str, ...]:
    """Short names of the indexes in a WE field, in its order: SCIE, SSCI, AHCI, ESCI, CPCI-S, …; empty when it names none."""
    if text == LIKE_SCIE:
        return (LIKE_SCIE,)
    found = _IN_BRACKETS.findall(html.unescape(text))
    if not found:
        found = [word for word in re.split(r"[;,\s]+", html.unescape(text).upper()) if word]
    return tuple(dict.fromkeys(_SHORT.get(name, name) for name in found))


@cache
def type_tokens(text: str) -> tuple[str, ...]:
    """Tokens of a document type, split at `;`; the first one decides."""
    return tuple(token for part in html.unescape(text).split(";") if (token := part.strip()))


@cache
def subjects(text: str) -> tuple[str, ...]:
    """Distinct Web of Science categories of a WC field, in its order."""
    names = (" ".join(part.split()) for part in html.unescape(text).split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


@cache
def year_in(text: str) -> int | None:
    """The year in a text as `2021`, `2021.0` or `MAR 2023`; None without one (`EA APR`)."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


#: beginnings of the ids of records of the Web of Science Core Collection, and of what stands for it
CORE = ("WOS:", "ISI:", "wos-made:", "openalex:", "given:")


def issns(text: str) -> tuple[str, ...]:
    """ISSNs in a text, as 1234-567X."""
    found = re.findall(r"\b(\d{4})-?(\d{3}[\dXx])\b", text)
    return tuple(f"{first}-{second.upper()}" for first, second in found)


def wo_number(text: str) -> str | None:
    """`WO` + year + six digits from any form of a WO publication number; None when it has none of the known lengths.

    >>> wo_number("WO/2025/078629"), wo_number("02020444"), wo_number("9916636"), wo_number("17")
    ('WO2025078629', 'WO2002020444', 'WO1999016636', None)
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) == 10:
        return f"WO{digits}" if 1978 <= int(digits[:4]) <= 2100 else None
    if len(digits) in (7, 8):
        short = int(digits[:2])
        return f"WO{1900 + short if short >= 78 else 2000 + short}{digits[2:].zfill(6)}"
    return None


def date_of(text: str | None) -> str | None:
    """A date as YYYY-MM-DD from YYYY-MM-DD or YYYYMMDD; None for empty and for the stand-ins 0 and 9999."""
    found = _DATE.match((text or "").strip())
    if found is None or not 1800 <= int(found.group(1)) <= 2200:
        return None
    year, month, day = found.groups()
    return f"{year}-{month}-{day}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None


def ipc_symbol(text: str) -> str | None:
    """An IPC symbol in one form (`H04L 9/08`, `H04N` where only the subclass stands); None when it is none.

    >>> ipc_symbol("H04B   1/711"), ipc_symbol("g01n33/48"), ipc_symbol("H04N"), ipc_symbol("Y02E 10/50")
    ('H04B 1/711', 'G01N 33/48', 'H04N', None)
    """
    found = _IPC.match(text.strip().upper())
    if found is None:
        return None
    subclass, group, subgroup = found.groups()
    if group is None:
        return subclass
    if int(group) >= _CPC_ONLY:
        return None
    return f"{subclass} {int(group)}" + (f"/{subgroup}" if subgroup else "")


def name_key(name: str) -> str:
    """A name without case, accents, punctuation and legal form, so that spellings of one organisation meet.

    >>> name_key("Siemens A.G."), name_key("TOYOTA MOTOR CO., LTD.")
    ('SIEMENS', 'TOYOTA MOTOR')
    """
    from unidecode import unidecode

    plain = unidecode(name).upper().replace(".", "").replace("'", "").replace("&", " AND ")
    words = re.sub(r"[^0-9A-Z]+", " ", plain).split()
    kept = list(words)
    while len(kept) > 1 and kept[-1] in _LEGAL:
        kept.pop()
    return " ".join(kept)
