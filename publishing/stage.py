"""What orchestration and the command line call: an edition's release, its downloads, its pages.

`downloads` and `site` write below one folder of a build; `site` swaps the link that readers follow. Both start from
the release, so they may run in either order.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from foundation.atomic import swap_link, sweep
from foundation.contracts.edition_settings import made_with
from foundation.errors import MissingData, disk_error
from foundation.home import Home, seed_file
from foundation.measure import StageReport, Stopwatch
from foundation.settings import Settings
from publishing import dictionary, sentences
from publishing.briefs import build as briefs
from publishing.briefs import pdf
from publishing.briefs.faces import Lacking
from publishing.downloads import files
from publishing.folder import Folder, prune
from publishing.language import language, speaking
from publishing.map import bundle
from publishing.map.labels import font
from publishing.reading import Release
from publishing.release import OPTIONAL, REQUIRED, Sources, describe, write
from publishing.site import pages, proof

Emit = Callable[[str], None]


def release(home: Home, settings: Settings, edition: str, emit: Emit | None = None) -> StageReport:
    """The edition's tables gathered into one build, which readers then see.

    Raises
    ------
    MissingData
        A table is not there, or was made with other settings than these.
    """
    watch = Stopwatch("release", edition)
    sources, warnings = _sources(home, settings, edition)
    build = describe(sources, settings.resolved(edition), settings.hash(edition))
    folder = home.release_build(edition, build["build"])
    try:
        sweep(folder.parent)
        fresh = write(folder, sources, settings.resolved(edition), build)
        _point(home.release(edition), folder, edition)
    except OSError as fault:
        raise disk_error(fault, f"writing the release of {edition}") from fault
    found = Release(folder)
    _say(emit, f"release {edition}: build {build['build']}, {'written' if fresh else 'unchanged'}")
    counts = {"build": build["build"], "tables": len(found.build["rows"]), "written": fresh}
    rows = sum(found.build["rows"].values())
    return watch.report(rows, {**counts, **found.build["points"]}, warnings, {"release": build["build"]})


def downloads(home: Home, settings: Settings, edition: str, emit: Emit | None = None) -> StageReport:
    """The release as files that open everywhere, beside the pages of the same build."""
    watch = Stopwatch("downloads", edition)
    opened = _open(home, settings, edition)
    bom = settings.pages.csv_bom
    folder = Folder(home.site_build(edition, opened.build["build"]) / pages.DOWNLOADS, bom)
    try:
        number = files.write(opened, folder)
    except OSError as fault:
        raise disk_error(fault, f"writing the downloads of {edition}") from fault
    _say(emit, f"downloads {edition}: {number} files, {folder.written} new")
    counts: dict[str, object] = {"files": number, "written": folder.written, "bytes": folder.size()}
    counts["index"] = str(home.site(edition) / pages.DATA)
    return watch.report(number, counts, versions={"downloads": opened.build["build"]})


def prepared(settings: Settings, spoken: str | None = None, printed: bool = False) -> None:
    """Asks, before anything is written, for what the pages need beside the release: language, pictures' type, PDFs' faces.

    Raises
    ------
    BadSettings
        There is no catalogue of the language.
    MissingData
        Type, or the compiler of PDFs, is not installed.
    """
    language(spoken or settings.pages.language)
    font(12)
    if printed or settings.pages.pdf:
        pdf.ready()


def site(
    home: Home,
    settings: Settings,
    edition: str,
    emit: Emit | None = None,
    out: Path | None = None,
    spoken: str | None = None,
    printed: bool = False,
) -> StageReport:
    """The pages, pictures and downloads of the edition; `out` writes them to another folder and swaps nothing.

    `spoken` is the language of the pages, else that of the settings; files to download stay English. `printed` adds
    each brief as PDF, as the setting `pages.pdf` does.
    """
    watch = Stopwatch("site", edition)
    prepared(settings, spoken, printed)
    opened, lacking = _open(home, settings, edition), Lacking()
    build = home.site_build(edition, opened.build["build"])
    root = out if out is not None else build
    try:
        bom = settings.pages.csv_bom
        if not files.complete(opened, root / pages.DOWNLOADS, bom):
            files.write(opened, Folder(root / pages.DOWNLOADS, bom))
        folder = Folder(root, bom)
        with speaking(spoken or settings.pages.language):
            number = _briefs(opened, folder, printed or settings.pages.pdf, lacking)
            number += pages.write(opened, folder)
        if out is None:
            folder.tidy()
            _point(home.site(edition), build, edition)
    except OSError as fault:
        raise disk_error(fault, f"writing the pages of {edition}") from fault
    index = (root if out is not None else home.site(edition)) / pages.INDEX
    _say(emit, f"site {edition}: {number} pages, {folder.written} files new, {index}")
    counts = {"pages": number, "written": folder.written, "bytes": folder.size(), "index": str(index)}
    absent = "" if bundle.read("map.js") else bundle.ABSENT
    warnings = tuple(filter(None, [*sentences.notices(opened), absent, lacking.warning()]))
    return watch.report(len(opened.ranking), counts, warnings, {"site": opened.build["build"]})


def write_briefs(home: Home, settings: Settings, edition: str, emit: Emit | None = None) -> StageReport:
    """The brief of each cluster, beside the pages of the same build."""
    watch = Stopwatch("briefs", edition)
    opened, lacking = _open(home, settings, edition), Lacking()
    prepared(settings)
    folder = Folder(home.site_build(edition, opened.build["build"]), settings.pages.csv_bom)
    try:
        with speaking(settings.pages.language):
            number = _briefs(opened, folder, settings.pages.pdf, lacking)
    except OSError as fault:
        raise disk_error(fault, f"writing the briefs of {edition}") from fault
    _say(emit, f"briefs {edition}: {number} briefs, {folder.written} files new")
    counts: dict[str, object] = {"pages": number, "written": folder.written}
    counts["bytes"] = Folder(folder.root / pages.BRIEFS).size()
    if opened.ranking:
        counts["index"] = str(home.site(edition) / opened.brief_file(opened.ranking[0]))
    warnings = tuple(filter(None, [lacking.warning()]))
    return watch.report(number, counts, warnings, {"briefs": opened.build["build"]})


def _briefs(opened: Release, folder: Folder, printed: bool, lacking: Lacking) -> int:
    """Number of briefs, written if they do not lie there whole."""
    whole = pages.whole_briefs(opened, folder, printed)
    if whole:
        return whole
    as_pdf = pdf.build(opened, lacking) if printed else None
    return pages.write_briefs(opened, folder, briefs.build(opened, printed), as_pdf)


def check_site(home: Home, settings: Settings, edition: str) -> list[str]:
    """Every printed figure of the ranking page that is not the mart's at printed precision; empty when all agree."""
    opened = _open(home, settings, edition)
    page = home.site(edition) / pages.INDEX
    if not page.is_file():
        raise MissingData(
            f"The pages of '{edition}' are not there yet.", "Run the stage site first.", str(page)
        )
    with speaking(settings.pages.language):
        return proof.differences(page.read_text(encoding="utf-8"), opened)


def _sources(home: Home, settings: Settings, edition: str) -> tuple[Sources, tuple[str, ...]]:
    _same_settings(home, settings, edition)
    names = dict.fromkeys([*REQUIRED, *OPTIONAL, *dictionary.marts()])
    paths = {name: home.table(edition, name) for name in names}
    missing = [name for name in REQUIRED if not paths[name].is_file()]
    if missing:
        raise MissingData(
            f"The edition '{edition}' lacks the tables {', '.join(missing)}.",
            "Run the stages before publishing first.",
            str(home.warehouse(edition)),
        )
    seed = seed_file("economies")
    if not seed.is_file():
        raise MissingData("The seed of economies is not there.", "Install stclusters again.", str(seed))
    absent = [name for name in dictionary.marts() if name not in REQUIRED and not paths[name].is_file()]
    warnings = [f"The mart {name} is described but not there: not published." for name in absent]
    places = home.places() if home.places().is_file() else None
    if places is None:
        warnings.append("No gazetteer in this home: the map has no silhouette of land.")
    there = {name: path for name, path in paths.items() if path.is_file()}
    return Sources(there, places, seed), tuple(warnings)


def _same_settings(home: Home, settings: Settings, edition: str) -> None:
    wanted, made = settings.hash(edition), made_with(home, edition)
    if made != wanted:
        raise MissingData(
            f"The tables of '{edition}' were made with settings {made or '(none)'}, and these are {wanted}.",
            "Run the edition again.",
            str(home.table(edition, "edition_settings")),
        )


def _open(home: Home, settings: Settings, edition: str) -> Release:
    link = home.release(edition)
    settings.edition(edition)
    if not (link / "build.json").is_file():
        raise MissingData(
            f"The edition '{edition}' has no release yet.", "Run the stage release first.", str(link)
        )
    return Release(link.resolve())  # resolved once: a swap meanwhile does not mix two builds


def _point(link: Path, folder: Path, edition: str) -> None:
    """`link` shows `folder`; the build it showed before stays for those who still read it, older ones go."""
    before = link.resolve().name if link.is_symlink() else folder.name
    if not link.is_symlink() or link.resolve() != folder.resolve():
        swap_link(link, folder)
        prune(folder.parent, edition, {folder.name, before})


def _say(emit: Emit | None, line: str) -> None:
    if emit is not None:
        emit(line)
