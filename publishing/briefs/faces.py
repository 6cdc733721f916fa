"""The type of the PDFs: packaged faces for Latin, Arabic and East Asian names, and what stands where none has a sign.

A name that cannot be set is not dropped and not guessed: its script is said in brackets, and the page shows it whole.
"""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from foundation.errors import MissingData
from publishing.language import ENGLISH, current, say

_INSTALL = "Install it: pip install 'stclusters[pdf]'."


@dataclass(frozen=True)
class Face:
    """A family of type, the package that holds its files, and their folder in it."""

    family: str
    package: str
    folder: str = ""


#: in the order in which a sign is looked up; the compiler's own faces come last
FACES = (
    Face("Source Sans Pro", "font_source_sans_pro", "files"),
    Face("Noto Sans Arabic", "fontpkg_noto_sans_arabic", "files"),
    Face("Noto Sans CJK TC", "cvttf_NotoSansCJK_Regular"),
)
#: scripts that the faces have: of these a single sign may be missing, never all
_HELD = (
    "LATIN",
    "GREEK",
    "CYRILLIC",
    "ARABIC",
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "HANGUL",
    "BOPOMOFO",
    "COMBINING",
)
_REFUSED = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)


def folders() -> list[str]:
    """Folders of all faces.

    Raises
    ------
    MissingData
        A face is not installed, or its files are gone.
    """
    found = []
    for face in FACES:
        spec = importlib.util.find_spec(face.package)
        if spec is None or not spec.submodule_search_locations:
            raise MissingData(f"The type {face.family} of the PDFs is not installed.", _INSTALL)
        folder = Path(spec.submodule_search_locations[0]) / face.folder
        if not any(folder.glob("*.[ot]tf")):
            raise MissingData(f"The files of the type {face.family} are not there.", _INSTALL, str(folder))
        found.append(str(folder))
    return found


@dataclass
class Lacking:
    """Scripts and signs that no face has, learnt from what the compiler refuses."""

    scripts: set[str] = field(default_factory=set)
    signs: set[str] = field(default_factory=set)

    def learn(self, refusal: str) -> bool:
        """Whether a refusal of the compiler named a sign that was not known to be missing."""
        said = _REFUSED.search(refusal)
        if said is None:
            return False
        before = len(self.scripts) + len(self.signs)
        for sign in _unescaped(said[1]):
            word = _script(sign)
            if word and word not in _HELD:
                self.scripts.add(word)
            else:
                self.signs.add(sign)
        return len(self.scripts) + len(self.signs) > before

    def replaced(self, value: Any) -> Any:
        """The same texts, lists and mappings with the name of the script in brackets where no face has the signs."""
        if isinstance(value, str):
            return self._honest(value) if self.scripts or self.signs else value
        if isinstance(value, dict):
            return {key: self.replaced(held) for key, held in value.items()}
        return [self.replaced(held) for held in value] if isinstance(value, list) else value

    def add(self, other: Lacking) -> None:
        """Learns what another has learnt."""
        self.scripts |= other.scripts
        self.signs |= other.signs

    def warning(self) -> str:
        """What was replaced, in a sentence; empty when nothing was."""
        if not self.scripts and not self.signs:
            return ""
        names = ", ".join([*sorted(word.capitalize() for word in self.scripts), *sorted(self.signs)])
        return f"The type of the PDFs lacks {names}: names in it stand as their script in brackets; the pages show them whole."

    def _honest(self, text: str) -> str:
        said, open_word, spaces = [], None, ""
        for sign in text:
            word = self._missing(sign)
            if word is None and sign == " " and open_word is not None:
                spaces += sign
                continue
            if word is None:
                said.append(spaces + sign)
            elif word != open_word:
                said.append(spaces + _bracketed(word))
            open_word, spaces = word, ""
        return "".join([*said, spaces])

    def _missing(self, sign: str) -> str | None:
        if sign in self.signs:
            return ""
        word = _script(sign)
        return word if word in self.scripts else None


def _unescaped(said: str) -> str:
    plain = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda found: chr(int(found[1], 16)), said)
    return re.sub(r"\\(.)", r"\1", plain)


def _script(sign: str) -> str:
    """The first word of a letter's, mark's or figure's name, which is its script; empty for other signs."""
    if unicodedata.category(sign)[0] not in "LMN":
        return ""
    return unicodedata.name(sign, "").split(" ")[0]


def _bracketed(word: str) -> str:
    name = _names(current().code).get(word)
    if word and name:
        return say("[{script} script]", script=name)
    return say("[another script]") if word else "[?]"


@cache
def _names(code: str) -> dict[str, str]:
    """Names of scripts in a language, by their English name in capitals."""
    from babel import Locale

    spoken = Locale.parse(code).scripts
    return {
        str(name).upper(): str(spoken.get(key, name)) for key, name in Locale.parse(ENGLISH).scripts.items()
    }
