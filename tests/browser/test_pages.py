"""Every page as a reader meets it: light, dark, narrow, without scripts, on paper, by keyboard alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdf
import pytest

Visit = Callable[..., tuple[Any, Any]]
PAGES = (
    "index.html", "map.html", "intensity.html", "fields.html", "economies.html", "findings.html", "compare.html", "data.html",
    "quality.html", "method.html", "briefs/JP-1000.html", "briefs/DE-1001.html", "stclusters.html",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("file", PAGES)
def test_axe_finds_nothing_and_nothing_overflows(visit: Visit, axe: str, shots: Path, file: str) -> None:
    for name, width, options in (
        ("light", 1280, {}),
        ("dark", 1280, {"color_scheme": "dark"}),
        ("narrow", 390, {"has_touch": True}),
        ("forced", 1280, {"forced_colors": "active"}),
    ):
        page, _ = visit(file, width, **options)
        page.wait_for_timeout(150)
        page.screenshot(path=shots / f"{file.replace('/', '-').removesuffix('.html')}-{name}.png")
        page.evaluate(axe)
        faults = page.evaluate(
            "axe.run(document, {preload: false}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target).slice(0, 3)))"
        )
        assert faults == [], (file, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (file, name)


@pytest.mark.parametrize("file", PAGES)
def test_every_page_stands_without_scripts(visit: Visit, file: str) -> None:
    page, _ = visit(file, java_script_enabled=False)
    assert page.locator("h1").count() == 1
    if file == "index.html":
        assert page.locator("#ranking tbody tr:visible").count() == 100
    if file == "map.html":
        assert page.locator(".world svg").is_visible()


@pytest.mark.parametrize(
    ("file", "most"),
    [("briefs/JP-1000.html", 1), ("briefs/DE-1001.html", 1), ("index.html", 7), ("fields.html", 12)],
)
def test_printed_pages(visit: Visit, shots: Path, file: str, most: int) -> None:
    page, _ = visit(file)
    printed = page.pdf(prefer_css_page_size=True)
    (shots / f"{file.replace('/', '-').removesuffix('.html')}.pdf").write_bytes(printed)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) <= most


def test_every_printed_sheet_of_the_ranking_has_the_whole_header(visit: Visit) -> None:
    page, _ = visit("index.html")
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    with_rows = [
        text
        for text in (sheet.extract_text() for sheet in sheets)
        if re.search(r"City \d+ (China|United)", text)
    ]
    assert len(with_rows) > 1
    for text in with_rows:
        assert "Rank" in text.split("City")[0]
        assert "Articles" in text.split("City")[0]


def _sheets(page: Any) -> list[str]:
    read = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True)))
    return [sheet.extract_text() for sheet in read.pages]


@pytest.mark.parametrize(
    ("file", "last"),
    [("intensity.html", "articles per million inhabitants"), ("map.html", "Equal Earth projection")],
)
def test_the_first_printed_sheet_has_its_picture(visit: Visit, file: str, last: str) -> None:
    page, _ = visit(file)
    page.wait_for_timeout(150)
    assert last in _sheets(page)[0]


def test_the_printed_heat_map_fits_its_sheet_and_says_its_colours(visit: Visit) -> None:
    page, _ = visit("fields.html")
    sheets = _sheets(page)
    assert "none, or too few to say" in sheets[0]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 711, "height": 1039})  # A4 upright without its margins
    box = page.locator("#heat").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 711


#: words of row headings that stand on two lines, and regions that have to be scrolled sideways
BROKEN = """() => {
  const found = [];
  for (const head of document.querySelectorAll('main tbody th')) {
    if (head.querySelector('bdi, code') || !head.offsetParent) continue;
    const texts = document.createTreeWalker(head, NodeFilter.SHOW_TEXT);
    for (let text; (text = texts.nextNode());) {
      for (const word of text.data.matchAll(/[\\p{L}]+/gu)) {
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(box => box.top)).size > 1) found.push(word[0]);
      }
    }
  }
  for (const part of document.querySelectorAll('main .scroll')) if (part.scrollWidth > part.clientWidth) found.push(part.getAttribute('aria-label'));
  return found;
}"""


@pytest.mark.parametrize(
    "file",
    ["economies.html", "quality.html", "findings.html", "intensity.html", "compare.html", "method.html"],
)
def test_a_telephone_shows_whole_words_and_tables(visit: Visit, file: str) -> None:
    page, _ = visit(file, 390)
    page.wait_for_timeout(150)
    assert page.evaluate(BROKEN) == []


def test_two_clusters_are_compared_on_a_telephone(visit: Visit) -> None:
    page, _ = visit("compare.html#JP-1000,CH-1003", 390)
    for box in [one.bounding_box() for one in page.locator(".who-compared").all()]:
        assert box["x"] + box["width"] <= 390


#: columns of figures, and key facts, whose heading leads to no entry of the dictionary
UNDEFINED = """() => {
  const found = new Set();
  for (const cell of document.querySelectorAll('main td')) {
    if (!/\\d/.test(cell.textContent) || cell.closest('#heat') || !cell.offsetParent) continue;
    let at = 0, head = null;
    for (const one of cell.closest('table').tHead?.rows[0].cells ?? []) {
      if (cell.cellIndex >= at && cell.cellIndex < at + one.colSpan) head = one;
      at += one.colSpan;
    }
    const named = [head, cell.parentElement.querySelector('th'), cell.closest('section')?.querySelector('h2')];
    if (!named.some(one => one?.querySelector('a.def, a.q'))) found.add(head?.textContent ?? cell.textContent);
  }
  for (const fact of document.querySelectorAll('main dd')) {
    if (/\\d/.test(fact.textContent) && !fact.previousElementSibling.querySelector('a.def')) found.add(fact.textContent);
  }
  return [...found];
}"""


@pytest.mark.parametrize(
    "file",
    ["index.html", "intensity.html", "economies.html", "compare.html", "quality.html", "briefs/JP-1000.html"],
)
def test_every_figure_leads_to_what_it_means(visit: Visit, file: str) -> None:
    page, _ = visit(file)
    page.wait_for_timeout(150)
    assert set(page.evaluate(UNDEFINED)) <= {"Clusters, by rank"}
    places = page.eval_on_selector_all(
        "main a.def, main a.q", "all => all.map(one => one.getAttribute('href'))"
    )
    assert places
    data, _ = visit("data.html")
    for place in {place.split("#")[1] for place in places}:
        assert data.locator(f"[id='{place}']").count() == 1, place


def _names(page: Any) -> list[str]:
    return list(page.locator("#ranking tbody tr:visible th.cluster bdi").all_inner_texts())


def test_ranking_sorts_finds_filters_and_remembers(visit: Visit) -> None:
    page, _ = visit("index.html")
    assert len(_names(page)) == 100
    page.get_by_role("button", name="Articles").click()
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Articles")
    assert _names(page)[0] == "Tokyo–Yokohama"
    page.get_by_role("button", name="All 130").click()
    assert len(_names(page)) == 130
    page.get_by_label("Find a cluster or economy").fill("goteborg")
    assert _names(page) == ["Göteborg"]
    assert page.locator("#count").inner_text() == "1 of 130 clusters"
    page.reload()
    assert _names(page) == ["Göteborg"]
    page.get_by_label("Find a cluster or economy").fill("")
    page.get_by_label("Economy", exact=True).select_option("FR")
    assert sorted(_names(page)) == ["Basel", "القاهرة"]


def test_ranking_by_keyboard_alone_leads_to_a_brief(visit: Visit) -> None:
    page, _ = visit("index.html")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('th.cluster') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/briefs/JP-1000.html")


def test_heat_map_changes_measure_and_order(visit: Visit) -> None:
    page, _ = visit("fields.html")
    cell = page.locator("#heat tbody tr").first.locator("td").last
    before = cell.inner_text()
    page.get_by_role("button", name="Applications").click()
    assert cell.inner_text() != before
    page.get_by_label("Order clusters by").select_option(index=1)
    assert "Ordered by" in page.locator("#said").inner_text()
    assert "order=0" in page.url


def test_comparison_adds_removes_and_stands_in_the_address(visit: Visit) -> None:
    page, _ = visit("compare.html#JP-1000,CH-1003")
    heads = page.locator(".who-compared bdi")
    assert heads.all_inner_texts() == ["Tokyo–Yokohama", "Basel"]
    page.get_by_label("Add a cluster").select_option("SE-1004")
    assert heads.count() == 3
    page.get_by_role("button", name="Remove Basel").click()
    assert page.url.endswith("#JP-1000,SE-1004")


@pytest.mark.parametrize(
    "file", ["index.html", "findings.html", "intensity.html", "compare.html", "map.html"]
)
def test_a_name_of_120_letters_widens_no_page(visit: Visit, file: str) -> None:
    for width in (390, 1280):
        page, _ = visit(file, width)
        page.wait_for_timeout(100)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
