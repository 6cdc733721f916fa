"""The pages of the site in the order of the navigation, and how they become a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from publishing.folder import SUMS, Folder, checksums, is_whole
from publishing.language import current, later, say
from publishing.reading import Release
from publishing.site import (
    compare,
    data,
    economies,
    fields,
    findings,
    intensity,
    mapped,
    method,
    onefile,
    quality,
    ranking,
)
from publishing.site.page import Page
from publishing.site.render import ASSETS, asset, html

INDEX = "index.html"
DATA = "data.html"
DOWNLOADS = "downloads"
BRIEFS = "briefs"
_MARK = f"{BRIEFS}/briefs.json"
#: each takes the release and the folder of downloads; one without anything to say gives none
PAGES: tuple[Callable[[Release, Path], Page | None], ...] = (
    ranking.build,
    mapped.build,
    intensity.build,
    fields.build,
    economies.build,
    findings.build,
    compare.build,
    data.build,
    quality.build,
    method.build,
)
_NAMES = {
    INDEX: later("Ranking"),
    "map.html": later("Map"),
    "intensity.html": later("Intensity"),
    "fields.html": later("Fields"),
    "economies.html": later("Economies"),
    "findings.html": later("Findings"),
    "compare.html": later("Compare"),
    DATA: later("Data"),
    "quality.html": later("Quality"),
    "method.html": later("Method"),
}


def navigation(release: Release) -> list[tuple[str, str]]:
    """Files and names of the pages that every page leads to."""
    return [
        (file, say(name))
        for file, name in _NAMES.items()
        if file != "findings.html" or findings.rows(release)
    ]


def write(release: Release, folder: Folder) -> int:
    """Number of pages put into `folder`, with style, scripts and pictures; downloads and briefs lie there already."""
    built = (build(release, folder.root / DOWNLOADS) for build in PAGES)
    pages = [page for page in built if page is not None]
    links = navigation(release)
    one_file = _one_file(release, pages, links)
    beside = {onefile.FILE: len(one_file)}
    for page in pages:
        beside |= {name: len(content) for name, content in page.files.items()}
    for page in pages:
        _put(folder, data.weighed(page, beside) if page.file == DATA else page, release, links)
    for name in ASSETS:
        folder.put(name, asset(name))
    folder.put(onefile.FILE, one_file)
    folder.keep(DOWNLOADS)
    folder.keep(BRIEFS)
    return len(pages)


def write_briefs(
    release: Release, folder: Folder, briefs: Iterable[Page], printed: Iterable[tuple[str, bytes]] | None
) -> int:
    """Number of briefs put into `folder`, with their CSV, and as PDF if given; those of clusters that are gone go."""
    links, number = navigation(release), 0
    for name, content in printed or ():
        folder.put(name, content)
    for page in briefs:
        _put(folder, page, release, links)
        number += 1
    folder.put(
        _MARK,
        json.dumps({**_told(release, printed is not None, folder.bom), "pages": number}, sort_keys=True)
        + "\n",
    )
    folder.tidy(BRIEFS)
    folder.put(f"{BRIEFS}/{SUMS}", checksums(folder.root / BRIEFS))
    return number


def whole_briefs(release: Release, folder: Folder, printed: bool) -> int:
    """How many briefs of this build and language lie whole in `folder`; 0 if they have to be written."""
    mark = folder.root / _MARK
    if not mark.is_file() or not is_whole(folder.root / BRIEFS):
        return 0
    found = json.loads(mark.read_text(encoding="utf-8"))
    number = int(found.pop("pages"))
    return number if found == _told(release, printed, folder.bom) else 0


def _told(release: Release, printed: bool, bom: bool) -> dict[str, Any]:
    build = str(release.build["build"])
    return {"build": build, "language": current().code, "pdf": printed, "bom": bom}


def _put(folder: Folder, page: Page, release: Release, links: list[tuple[str, str]]) -> None:
    folder.put(page.file, html(page, release, links))
    for name, content in sorted(page.files.items()):
        folder.put(name, content)


def _one_file(release: Release, pages: list[Page], links: list[tuple[str, str]]) -> bytes:
    """Ranking and map for mail; the map's data without briefs, which do not travel with it."""
    by_file = {page.file: page for page in pages}
    shown = by_file["map.html"]
    scripts = [asset("ranking.js")] if release.ranking else []
    live = mapped.alone(release)
    if live is not None:
        scripts += live
    map_page = html(shown, release, links) if live is not None else None
    return onefile.page(
        html(by_file[INDEX], release, links),
        map_page,
        asset("style.css") + b"@media print{\n" + asset("print.css") + b"}\n",
        scripts,
    )
