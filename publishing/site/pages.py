"""The pages of the site in the order of the navigation, and how they become a folder."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path

from publishing.folder import Folder
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
DOWNLOADS = "downloads"
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


def write(release: Release, folder: Folder, more: Iterable[Page] = ()) -> int:
    """Number of pages put into `folder`, `more` among them, with style, script and pictures.

    The downloads lie there already.
    """
    built = (build(release, folder.root / DOWNLOADS) for build in PAGES)
    pages = [page for page in built if page is not None]
    number = 0
    for page in itertools.chain(pages, more):
        folder.put(page.file, html(page, release, pages))
        for name, content in sorted(page.files.items()):
            folder.put(name, content)
        number += 1
    for name in ASSETS:
        folder.put(name, asset(name))
    folder.put(onefile.FILE, _one_file(release, pages))
    folder.keep(DOWNLOADS)
    return number


def _one_file(release: Release, pages: list[Page]) -> bytes:
    """Ranking and map for mail; the map's data without briefs, which do not travel with it."""
    by_file = {page.file: page for page in pages}
    shown = by_file["map.html"]
    scripts = [asset("ranking.js")] if release.ranking else []
    live = mapped.alone(release)
    if live is not None:
        scripts += live
    map_page = html(shown, release, pages) if live is not None else None
    return onefile.page(html(by_file[INDEX], release, pages), map_page, asset("style.css"), scripts)
