"""The language in which pages speak: one gettext catalogue a language, figures by its locale.

Code and templates are written in English, which is the catalogue's key; `locale/fr.po` is French. Files to download
hold raw figures and stay in English. `python -m publishing.catalogue` writes what is to be translated.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import BadSettings

FOLDER = Path(__file__).resolve().parent / "locale"
ENGLISH = "en"


@dataclass(frozen=True, eq=False)
class Language:
    """A language: its code, its catalogue, the marks in its figures, names of economies where they are not the source's."""

    code: str
    catalogue: gettext.NullTranslations
    point: str
    group: str
    economies: Mapping[str, str]


_english = Language(ENGLISH, gettext.NullTranslations(), ".", ",", {})
_current: ContextVar[Language] = ContextVar("language", default=_english)


def codes() -> list[str]:
    """Languages that have a catalogue, English among them."""
    return sorted({ENGLISH, *(file.stem for file in FOLDER.glob("*.po"))})


@functools.cache
def language(code: str) -> Language:
    """A language by its code.

    Raises
    ------
    BadSettings
        There is no catalogue of it.
    """
    if code == ENGLISH:
        return _english
    if code not in codes():
        raise BadSettings(
            f"There are no pages in the language '{code}'.", f"Known: {', '.join(codes())}.", str(FOLDER)
        )
    from babel import Locale
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (FOLDER / f"{code}.po").open("rb") as handle:
        catalogue = read_po(handle, locale=code)
    packed = io.BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    locale = Locale.parse(code)
    marks = locale.number_symbols["latn"]
    economies = {name: str(said) for name, said in locale.territories.items()}
    return Language(code, gettext.GNUTranslations(packed), marks["decimal"], marks["group"], economies)


@contextmanager
def speaking(code: str | Language) -> Iterator[Language]:
    """Everything said inside is in this language."""
    wanted = code if isinstance(code, Language) else language(code)
    token = _current.set(wanted)
    try:
        yield wanted
    finally:
        _current.reset(token)


def current() -> Language:
    """The language that is spoken."""
    return _current.get()


def say(text: str, /, **parts: object) -> str:
    """`text` in the current language, its placeholders in braces filled with `parts`."""
    said = _current.get().catalogue.gettext(text) if text else ""
    return said.format(**parts) if parts else said


def say_each(number: int, one: str, many: str, /, **parts: object) -> str:
    """The form that goes with `number`, filled with `parts`: the language decides which numbers are singular."""
    said = _current.get().catalogue.ngettext(one, many, number)
    return said.format(**parts) if parts else said


def later(text: str) -> str:
    """A text that is said later, by `say`: marks it for the catalogue and leaves it as it is."""
    return text


def figure(english: str) -> str:
    """A figure printed the English way, with the marks of the current language."""
    spoken = _current.get()
    if spoken.point == "." and spoken.group == ",":
        return english
    return english.replace(",", "\0").replace(".", spoken.point).replace("\0", spoken.group)
