"""What is to be translated: every text of code, templates and tables, and the catalogue of each language.

`python -m publishing.catalogue` writes `locale/stclusters.pot` and brings each `locale/*.po` up to date: new texts
come in empty, those no longer said go.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from publishing import marks, terms
from publishing.language import FOLDER
from publishing.site.units import units

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOM = Path(__file__).resolve().parent
TEMPLATE = FOLDER / "stclusters.pot"
_IN_CODE: dict[str, tuple[int, ...] | None] = {
    "say": None,
    "later": None,
    "say_each": (2, 3),
    "counted": (2, 3),
}
Text = str | tuple[str, str]


def texts() -> Iterator[tuple[Text, str]]:
    """Each text, or its two forms for one and many, with the file that says it."""
    for file in sorted(ROOM.rglob("*.py")):
        if "node_modules" not in file.parts:
            yield from ((text, _place(file)) for text in _in_code(file))
    for file in sorted(ROOM.glob("site/templates/*.html")):
        source = file.read_text(encoding="utf-8")
        yield from ((text, _place(file)) for text in [*units(source), *_in_expressions(source)])
    yield from ((text, "publishing/data/terms.csv") for text in terms.shown().values())
    for rule in marks.rules():
        yield rule.topic, "publishing/data/marks.csv"
        yield rule.rule, "publishing/data/marks.csv"


def _place(file: Path) -> str:
    return file.relative_to(ROOM.parent).as_posix()


def _in_code(file: Path) -> Iterator[Text]:
    from babel.messages.extract import extract

    with file.open("rb") as handle:
        for _, found, _, _ in extract("python", handle, keywords=_IN_CODE):
            yield (str(found[0]), str(found[1])) if isinstance(found, tuple) else str(found)


def _in_expressions(source: str) -> Iterator[Text]:
    """Texts that a template says inside its expressions."""
    import jinja2
    from jinja2 import nodes

    for call in jinja2.Environment().parse(source).find_all(nodes.Call):  # noqa: S701 (nothing is rendered)
        named = isinstance(call.node, nodes.Name) and call.node.name == "say"
        if named and call.args and isinstance(call.args[0], nodes.Const):
            yield str(call.args[0].value)


def template() -> Catalog:
    """All texts as an empty catalogue, in order of their files."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(
        project="stclusters", header_comment="# Texts of the pages of stclusters.", fuzzy=False
    )
    places: dict[Text, list[str]] = {}
    for text, place in texts():
        found = places.setdefault(text, [])
        if place not in found:
            found.append(place)
    for text, files in places.items():
        catalogue.add(text, locations=[(file, 0) for file in files])
        catalogue[text[0] if isinstance(text, tuple) else text].flags.clear()
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """A catalogue as its file: no dates, so that equal texts give equal bytes."""
    from babel.messages.pofile import write_po

    held = io.BytesIO()
    write_po(held, catalogue, width=110, include_lineno=False, ignore_obsolete=True, omit_header=True)
    return (
        _HEADER.format(plural=catalogue.plural_forms, language=catalogue.locale or "").encode()
        + held.getvalue()
    )


_HEADER = """# Texts of the pages of stclusters, a message each. In the msgid of a page's template <a1>…</a1> is an element and
# {{{{ … }}}} a figure or a name: keep them all, in the order that the language wants. Braces {{…}} are filled in by code.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: {language}\\n"
"Plural-Forms: {plural}\\n"

"""


def main() -> None:
    """Write the template and bring every language up to date."""
    from babel.messages.pofile import read_po

    FOLDER.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(written(template()))
    for file in sorted(FOLDER.glob("*.po")):
        with file.open("rb") as handle:
            catalogue = read_po(handle, locale=file.stem)
        catalogue.update(template(), no_fuzzy_matching=True, update_header_comment=False)
        for message in catalogue:
            message.flags.clear()  # babel guesses formats of texts; ours are checked by tests
        file.write_bytes(written(catalogue))


if __name__ == "__main__":
    main()
