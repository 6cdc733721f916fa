"""The map in the browser: painted in the colours of its classes, moved by pointer, keys and touch, and quick enough."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Visit = Callable[..., tuple[Any, Any]]
pytestmark = pytest.mark.usefixtures("live")
ORANGE, SAND, BLUE = (224, 111, 26), (195, 154, 112), (79, 134, 189)
COUNT = """([r, g, b]) => {
  const canvas = document.getElementById('canvas');
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let found = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) found++;
  return found;
}"""


def opened(visit: Visit, file: str = "map.html", **options: Any) -> Any:
    page, _ = visit(file, **options)
    page.wait_for_selector("#canvas[data-painted]")
    return page


def settled(page: Any) -> None:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_classes_are_painted_and_toggled(visit: Visit) -> None:
    page = opened(visit)
    assert page.evaluate(COUNT, ORANGE) > 50
    assert page.evaluate(COUNT, BLUE) > 50
    assert page.evaluate(COUNT, SAND) == 0
    page.locator("#show-below").check()
    page.locator("#show-noise").uncheck()
    settled(page)
    assert page.evaluate(COUNT, SAND) > 0
    assert page.evaluate(COUNT, BLUE) == 0


def test_choosing_in_the_list_shows_card_and_outline_and_leads_to_the_brief(
    visit: Visit, shots: Path
) -> None:
    page = opened(visit)
    page.locator("#list button").nth(3).click()
    settled(page)
    card = page.locator("#card")
    assert "Basel" in card.inner_text()
    assert "Basel" in page.locator("#said").inner_text()
    assert page.url.endswith("#CH-1003")
    page.screenshot(path=shots / "map-basel.png")
    card.get_by_role("link").click()
    page.wait_for_url("**/briefs/CH-1003.html")


def test_pointer_finds_the_cluster_under_it(visit: Visit) -> None:
    page = opened(visit, "map.html#JP-1000")
    page.keyboard.press("Escape")
    settled(page)
    assert not page.locator("#card").is_visible()
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(page)
    assert "Tokyo" in page.locator("#card").inner_text()


def test_wheel_drag_and_buttons_move_the_picture(visit: Visit) -> None:
    page = opened(visit)
    before = page.locator("#canvas").screenshot()
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 500, box["y"] + 200)
    page.mouse.wheel(0, -600)
    settled(page)
    closer = page.locator("#canvas").screenshot()
    assert closer != before
    page.mouse.down()
    page.mouse.move(box["x"] + 380, box["y"] + 260, steps=4)
    page.mouse.up()
    settled(page)
    assert page.locator("#canvas").screenshot() != closer
    page.locator("#whole").click()
    page.mouse.move(5, 5)
    settled(page)
    page.wait_for_timeout(450)
    assert page.evaluate(COUNT, ORANGE) > 50


def test_keys_alone_reach_a_brief(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#canvas").focus()
    page.keyboard.press("n")
    page.keyboard.press("n")
    settled(page)
    assert "Llanfair" in page.locator("#card").inner_text()
    page.keyboard.press("Escape")
    assert not page.locator("#card").is_visible()
    page.keyboard.press("n")
    page.keyboard.press("Enter")
    page.wait_for_url("**/briefs/JP-1000.html")


def test_search_folds_accents_and_knows_clusters(visit: Visit) -> None:
    page = opened(visit)
    page.locator("#find").fill("goteborg")
    assert page.locator("#list li:visible bdi").all_inner_texts() == ["Göteborg"]
    page.keyboard.press("Enter")
    settled(page)
    assert "Göteborg" in page.locator("#card").inner_text()


def test_touch_chooses_a_cluster(visit: Visit) -> None:
    page = opened(visit, "map.html#JP-1000", width=390, has_touch=True)
    page.keyboard.press("Escape")
    settled(page)
    box = page.locator("#canvas").bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(page)
    assert "Tokyo" in page.locator("#card").inner_text()


def test_the_one_file_edition_paints_its_map(visit: Visit) -> None:
    page = opened(visit, "stclusters.html")
    assert page.evaluate(COUNT, ORANGE) > 50
    assert page.locator("#ranking tbody tr:visible").count() == 100


def test_no_name_lies_under_the_controls(visit: Visit) -> None:
    page = opened(visit, width=390, has_touch=True)
    ink = """() => {
      const canvas = document.getElementById('canvas'), here = canvas.getBoundingClientRect();
      const box = document.querySelector('.zoom').getBoundingClientRect(), k = devicePixelRatio;
      const data = canvas.getContext('2d').getImageData((box.left - here.left) * k, (box.top - here.top) * k, box.width * k, box.height * k).data;
      let dark = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] < 60 && data[i + 1] < 60 && data[i + 2] < 60) dark++;
      return dark;
    }"""
    assert page.evaluate(ink) == 0


def test_the_world_is_drawn_once_and_before_the_small_maps(visit: Visit) -> None:
    page = opened(visit)
    page.wait_for_selector("#canvas[data-whole]")
    canvas = page.locator("#canvas")
    assert int(canvas.get_attribute("data-whole")) >= int(canvas.get_attribute("data-painted"))
    inset = "() => [...document.querySelectorAll('[data-inset] canvas')].every(one => one.getContext('2d').getImageData(0, 0, 9, 9).data[3] === 255)"
    assert page.evaluate(inset)
