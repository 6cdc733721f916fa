"""Languages: every visible text stands in the catalogue, the French one is complete, figures follow the locale."""

from __future__ import annotations

import ast
import csv
import gettext
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from foundation.errors import BadSettings
from foundation.home import Home, seed_file
from foundation.settings import Settings, parse
from publishing import catalogue, printing, sentences, stage, terms
from publishing.briefs import build as briefs
from publishing.language import FOLDER, Language, codes, language, speaking
from publishing.reading import Release
from publishing.site import pages, proof, render
from publishing.site.units import translate, units
from tests.publishing.editions import EDITION, World, usual

TEMPLATES = sorted((Path(render.__file__).parent / "templates").glob("*.html"))
WORD = re.compile(r"[^\W\d_]{2,}")
VISIBLE = ("aria-label", "alt", "placeholder", "title", "label")
VOID = {"meta", "link", "input", "image", "br", "rect", "polyline", "circle", "path", "line"}
#: names of formats and of the program's own parts are the same in every language
SAME = {"CSV", "Parquet", "GeoParquet", "GeoJSON", "GeoPackage"}


class Marked(gettext.NullTranslations):
    """A language in which every text of the catalogue stands between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


class Outside(HTMLParser):
    """Words that a page shows outside of brackets; names in `bdi`, code and what is marked as English left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in VISIBLE:
            if WORD.search(re.sub("⟦.*⟧", "", given.get(name) or "")):
                self.found.append(str(given[name]))
        if tag not in VOID:
            silent = given.get("lang") == "en" or tag in ("bdi", "code", "script", "style")
            self._open.append((tag, silent))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        bare = ""
        for letter in data:
            self._depth += (letter == "⟦") - (letter == "⟧")
            bare += letter if self._depth == 0 and letter != "⟧" else ""
        if not any(silent for _, silent in self._open) and WORD.search(bare):
            self.found.append(bare.strip())


def _names(release: Release) -> set[str]:
    """Words of the data: clusters, their cities, economies, neighbouring cities."""
    found = {row["name"] for row in release.ranking} | set(release.economy_names.values())
    pairs = release.table("neighbour_pairs").to_pylist()
    found |= {row[side] for row in pairs for side in ("city_a", "city_b")} | {release.title, EDITION}
    return found | {word for name in found for word in re.findall(r"[^\W\d_]+", name)} | SAME


def test_no_visible_text_stands_outside_the_catalogue(
    published: tuple[Home, Settings], opened: Release
) -> None:
    known = _names(opened)
    faults: list[str] = []
    with speaking(Language("xx", Marked(), ".", ",", {})):
        downloads = published[0].site(EDITION) / pages.DOWNLOADS
        built = [page for build in pages.PAGES if (page := build(opened, downloads)) is not None]
        for page in itertools.chain(built, briefs.build(opened)):
            reader = Outside()
            reader.feed(render.html(page, opened, pages.navigation(opened)))
            strange = [text for text in reader.found if not set(WORD.findall(text)) <= known]
            faults += [f"{page.file}: {text}" for text in strange]
    assert faults == []


def test_the_template_of_the_catalogue_is_up_to_date() -> None:
    assert catalogue.TEMPLATE.read_bytes() == catalogue.written(catalogue.template()), (
        "run: python -m publishing.catalogue"
    )


def _marks(text: str) -> set[str]:
    """What a translation must keep: filled-in braces, expressions of templates, numbered elements."""
    spoken = re.sub(r'"[^"]*"', "", text)
    return set(re.findall(r"(?<!\{)\{\w+\}(?!\})|\{\{.*?\}\}|</?[a-z]+\d*>", spoken))


@pytest.mark.parametrize("code", [code for code in codes() if code != "en"])
def test_every_catalogue_is_complete_and_keeps_what_is_filled_in(code: str) -> None:
    with (FOLDER / f"{code}.po").open("rb") as handle:
        found = {message.id: message for message in read_po(handle, locale=code) if message.id}
    for text in dict.fromkeys(text for text, _ in catalogue.texts()):
        message = found[text]
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        sources = text if isinstance(text, tuple) else (text,)
        allowed = set().union(*(_marks(source) for source in sources)) | {"{intense}", "{rank}"}
        for form in forms:
            assert form, f"not translated: {text}"
            assert _marks(form) <= allowed, f"{text} -> {form}"
        if isinstance(text, str) and "{%" not in text:
            wanted = {mark for mark in _marks(text) if "ordinal" not in mark}
            assert wanted <= _marks(str(message.string)), f"{text} -> {message.string}"
    assert len(found) == len({text for text, _ in catalogue.texts()})


@pytest.mark.parametrize("file", TEMPLATES, ids=[file.name for file in TEMPLATES])
def test_a_template_in_its_own_words_is_itself(file: Path) -> None:
    source = file.read_text("utf-8")
    assert translate(source, lambda text: text).split() == source.split()
    assert units(source)


def test_units_keep_conditions_inside_and_leave_shells_outside() -> None:
    source = '<p class="note"><a href="{{ x }}">All</a> {% if y %}of <b>{{ y }}</b>{% endif %} lie here.</p><td>{{ z }}</td>'
    assert units(source) == ["<a1>All</a1> {% if y %}of <b>{{ y }}</b>{% endif %} lie here."]
    turned = translate(source, lambda _: "Ici {% if y %}<b>{{ y }}</b>{% endif %} : <a1>tous</a1>.")
    assert turned == (
        '<p class="note">Ici {% if y %}<b>{{ y }}</b>{% endif %} : <a href="{{ x }}">tous</a>.</p><td>{{ z }}</td>'
    )
    assert units(
        '<li>{% if a %}<a href="b">One</a>{% endif %}</li><p title="Two words"><code>three</code></p>'
    ) == [
        "One",
        "Two words",
    ]


def test_figures_follow_the_locale() -> None:
    with speaking("fr"):
        assert printing.whole(137706) == "137\u202f706"
        assert printing.share(10.25) == "10,3"
        assert printing.share(0.01) == "<0,1"
        assert printing.signed(-0.8) == "−0,8"
        assert printing.people(1_500_000) == "1,5\u00a0million"
        assert printing.people(30_400_000) == "30,4\u00a0millions"
        assert printing.listed(["A", "B", "C"]) == "A, B et C"
        assert printing.counted(0, "cluster", "clusters") == "aucun pôle"
        assert printing.counted(2, "cluster", "clusters") == "deux pôles"
    assert printing.whole(137706) == "137,706"


@pytest.fixture
def french(published: tuple[Home, Settings], tmp_path: Path) -> Path:
    home, settings = published
    stage.site(home, settings, EDITION, out=tmp_path / "fr", spoken="fr")
    return tmp_path / "fr"


def test_french_pages_are_french_in_all_their_parts(french: Path, opened: Release) -> None:
    page = (french / "index.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert "Japon" in page
    for file in sorted(french.rglob("*.html")):
        text = file.read_text("utf-8")
        assert "How to cite" not in text, file.name
        assert "Every figure on this page" not in text, file.name
    alone = (french / "stclusters.html").read_text("utf-8").split("<script>")[0]
    assert '<a href="#main">Classement</a>' in alone
    assert ">Ranking<" not in alone
    assert ">Map<" not in alone
    findings = (french / "findings.html").read_text("utf-8")
    assert re.findall(r"Japan|percent,|per cent|top ten|falling", findings) == []
    assert "pour cent, 3 comparés" in findings.lower()
    with speaking("fr"):
        assert sentences.leader(opened) in page.replace("&#39;", "'")


def test_figures_of_french_pages_are_the_marts(
    published: tuple[Home, Settings], opened: Release, tmp_path: Path
) -> None:
    home, settings = published
    spoken = settings.model_copy(update={"pages": settings.pages.model_copy(update={"language": "fr"})})
    assert spoken.hash(EDITION) == settings.hash(EDITION)
    stage.site(home, spoken, EDITION, out=tmp_path / "fr")
    page = (tmp_path / "fr" / "index.html").read_text("utf-8")
    with speaking("fr"):
        assert proof.differences(page, opened) == []
    assert len(proof.differences(page, opened)) > len(opened.ranking)


def test_an_unknown_language_is_refused_before_anything_is_written(
    published: tuple[Home, Settings], tmp_path: Path
) -> None:
    home, settings = published
    with pytest.raises(BadSettings, match="no pages in the language 'xy'"):
        stage.site(home, settings, EDITION, out=tmp_path / "none", spoken="xy")
    assert not (tmp_path / "none").exists()
    assert language("en").code == "en"


def test_the_language_stands_in_the_settings_file() -> None:
    years = {"pct_years": [2019], "sci_years": [2019]}
    raw = {"editions": {"one": years}, "pages": {"language": "fr"}}
    assert parse(raw, "editions.yaml").pages.language == "fr"


@pytest.mark.parametrize("world", [World([]), usual()], ids=["none", "usual"])
def test_editions_without_clusters_read_well_in_french(
    released: Callable[[World], Release], world: World
) -> None:
    with speaking("fr"):
        said = [
            sentences.headline(opened := released(world)),
            sentences.leader(opened),
            sentences.scope(opened),
        ]
    assert not any(re.search(r"\b(the|cluster|clusters|of)\b", text) for text in said), said


def test_every_field_region_and_group_of_the_seeds_has_its_term() -> None:
    columns = {
        "ipc_technology": ("field", "sector"),
        "science_fields": ("oecd_fos_name",),
        "economies": ("gii_region", "continent", "m49_subregion"),
    }
    for seed, names in columns.items():
        with seed_file(seed).open(encoding="utf-8", newline="") as handle:
            found = {row[name] for row in csv.DictReader(handle) for name in names}
        assert found - {""} <= set(terms.shown()), seed


def test_no_french_sign_of_two_parts_begins_a_line() -> None:
    with (FOLDER / "fr.po").open("rb") as handle:
        said = [message.string for message in read_po(handle, locale="fr") if message.id]
    texts = [text for one in said for text in (one if isinstance(one, tuple) else (one,))]
    bare = [re.sub(r"\{\{.*?\}\}|\{%.*?%\}|<code>.*?</code>", "", text) for text in texts]
    assert [text for text in bare if re.search(r" [;:?!»]|« ", text)] == []


def test_no_text_is_said_inside_a_formatted_one_where_it_would_not_be_collected() -> None:
    lost = []
    for file in sorted(Path(printing.__file__).parent.rglob("*.py")):
        for text in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(text, ast.JoinedStr):
                calls = [node for node in ast.walk(text) if isinstance(node, ast.Call)]
                lost += [
                    f"{file.name}:{call.lineno}"
                    for call in calls
                    if isinstance(call.func, ast.Name) and call.func.id in ("say", "say_each", "later")
                    and call.args and isinstance(call.args[0], ast.Constant)
                ]  # fmt: skip
    assert lost == []
