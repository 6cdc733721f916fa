"""From a page's values to HTML: Jinja2 with autoescape, the same frame around every page."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2
from markupsafe import Markup

from publishing import credits, sentences
from publishing.drawing import meter
from publishing.language import Language, current, say
from publishing.printing import decimal, degrees, people, plain, share, signed, size, whole
from publishing.reading import Release
from publishing.site.page import Page
from publishing.site.units import translate
from publishing.terms import term

_ROOM = Path(__file__).resolve().parent
ASSETS = ("style.css", "print.css", "ranking.js", "fields.js", "compare.js", "data.js")


def template(name: str) -> str:
    """A page's template in the language that is spoken."""
    return translate((_ROOM / "templates" / name).read_text(encoding="utf-8"), say)


@functools.cache
def _environment(_: Language) -> jinja2.Environment:
    """Templates compiled in one language."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        whole=whole,
        share=share,
        people=people,
        size=size,
        decimal=decimal,
        signed=signed,
        plain=plain,
        term=term,
    )
    environment.globals.update(degrees=degrees, meter=meter, say=say, defined=defined, asked=asked)
    return environment


def defined(page: Page, column: str, text: str) -> Markup:
    """A heading that leads to what its figures mean: the dictionary's entry of `table.column`."""
    return Markup('<a class="def" href="{}data.html#{}">{}</a>').format(page.root, column, text)


def asked(page: Page, column: str, name: str) -> Markup:
    """A question mark beside a heading that does something else: it leads to what the figures below mean."""
    return Markup('<a class="q" href="{}data.html#{}" aria-label="{}">?</a>').format(
        page.root, column, say("What it means: {name}", name=name)
    )


def asset(name: str) -> bytes:
    """A style sheet or script as it is served."""
    return (_ROOM / "assets" / name).read_bytes()


def html(page: Page, release: Release, navigation: list[tuple[str, str]]) -> str:
    """The page in its frame: notices, navigation, footer."""
    build = release.build
    named = {key: build[key] for key in ("title", "edition", "simulated", "settings_hash", "build")}
    return (
        _environment(current())
        .get_template(page.template)
        .render(
            page=page,
            spoken=current(),
            root=page.root,
            navigation=navigation,
            build=build,
            edition=release.edition,
            notices=sentences.notices(release),
            credits=credits.credits(release.settings),
            vintage=credits.vintage(release.settings),
            citation=credits.citation(**named),
            bibtex=credits.bibtex(**named),
            **page.values,
        )
    )
