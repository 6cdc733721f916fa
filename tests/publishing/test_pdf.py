"""Briefs as PDF: one tagged page each, the same bytes twice, names as text whatever they hold."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from foundation.errors import MissingData
from foundation.home import Home
from publishing import stage
from publishing.briefs import faces, pdf
from publishing.language import speaking
from publishing.map import labels
from publishing.reading import Release
from tests.publishing.editions import EDITION, Made, World, usual, write_edition

pytest.importorskip("typst", reason="typst is not installed")


def pages(content: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", content))


def test_each_brief_is_one_tagged_page_and_the_same_twice(opened: Release) -> None:
    first, second = dict(pdf.build(opened)), dict(pdf.build(opened))
    assert sorted(first) == sorted(opened.brief_file(row).replace(".html", ".pdf") for row in opened.ranking)
    assert first == second
    for content in first.values():
        assert content.startswith(b"%PDF")
        assert pages(content) == 1
        assert b"/MarkInfo" in content
        assert b"pdfuaid" in content
    with speaking("fr"):
        assert dict(pdf.build(opened)) != first


SCRIPTS = ["القاهرة", "清华大学", "東京–横浜", "서울대학교", "Ελλάδα", "Київ", "جامعة الملك سعود"]


def test_names_in_arabic_and_east_asian_scripts_are_set_in_packaged_type(
    released: Callable[[World], Release],
) -> None:
    made = [Made(name, ["FR"], 48.0 + place, 2.0, 9.0 - place, 5.0) for place, name in enumerate(SCRIPTS)]
    lacking = faces.Lacking()
    done = dict(pdf.build(released(World(made)), lacking))
    assert [pages(content) for content in done.values()] == [1] * len(SCRIPTS)
    assert lacking.warning() == ""


def test_what_no_face_has_is_said_in_brackets(released: Callable[[World], Release]) -> None:
    names = ["กรุงเทพ มหานคร–Nonthaburi", "Berlin 😀", "Paris"]
    made = [Made(name, ["FR"], 48.0 + place, 2.0, 9.0 - place, 5.0) for place, name in enumerate(names)]
    lacking = faces.Lacking()
    assert len(dict(pdf.build(released(World(made)), lacking))) == 3
    assert [lacking.replaced(name) for name in names] == ["[Thai script]–Nonthaburi", "Berlin [?]", "Paris"]
    assert "lacks Thai, 😀" in lacking.warning()
    with speaking("fr"):
        assert "thaï" in lacking.replaced(names[0])


@pytest.mark.parametrize("face", faces.FACES)
def test_a_missing_face_is_one_sentence_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, face: faces.Face
) -> None:
    home = Home(tmp_path / "home")
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    monkeypatch.setattr(faces, "FACES", (faces.Face(face.family, "no_such_package"),))
    with pytest.raises(MissingData, match=f"The type {face.family} of the PDFs is not installed"):
        stage.site(home, settings, EDITION, out=tmp_path / "out", printed=True)
    assert not (tmp_path / "out").exists()


def test_a_missing_type_of_the_pictures_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    labels.font.cache_clear()
    monkeypatch.setitem(sys.modules, "font_source_sans_pro", None)
    with pytest.raises(MissingData, match="of the pictures is not installed"):
        stage.site(home, settings, EDITION, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_hostile_and_long_names_are_text(released: Callable[[World], Release]) -> None:
    names = ['"#panic() \\ " <script>', '#import "x.typ"', "Llanfair" * 15, "القاهرة", "$x$ *b* @a"]
    made = [Made(name, ["FR"], 48.0 + place, 2.0, 9.0 - place, 5.0) for place, name in enumerate(names)]
    done = dict(pdf.build(released(World(made))))
    assert len(done) == len(names)
    assert [pages(content) for content in done.values()] == [1] * len(names)


def test_pdfs_lie_beside_the_briefs_that_lead_to_them(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    stage.site(home, settings, EDITION, printed=True)
    folder = home.site(EDITION) / "briefs"
    assert len(list(folder.glob("*.pdf"))) == 4
    assert 'href="JP-1000.pdf"' in (folder / "JP-1000.html").read_text("utf-8")
    stage.site(home, settings, EDITION)
    assert list(folder.glob("*.pdf")) == []
    assert ".pdf" not in (folder / "JP-1000.html").read_text("utf-8")


def test_without_typst_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    settings = write_edition(home, usual())
    stage.release(home, settings, EDITION)
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(MissingData, match="need the package typst"):
        stage.site(home, settings, EDITION, printed=True)
    assert not home.site(EDITION).exists()
