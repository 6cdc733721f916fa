"""What a set of files is: the same words in the database, the data package, the citation file and the archive."""

from __future__ import annotations

from publishing import credits
from publishing.reading import Release


def about_release(release: Release) -> dict[str, str]:
    """Title, edition, build, settings, data, simulated or not, credits, how to cite."""
    build = release.build
    return {
        "title": release.title,
        "edition": str(build["edition"]),
        "simulated": "true" if release.simulated else "false",
        "settings_hash": str(build["settings_hash"]),
        "build": str(build["build"]),
        "data": credits.vintage(release.settings),
        "credits": credits.as_text(release.settings),
        "cite": cite(release),
    }


def cite(release: Release) -> str:
    """How to cite, in one line."""
    build = release.build
    return credits.citation(
        build["title"], build["edition"], build["simulated"], build["settings_hash"], build["build"]
    )


def citation_file(release: Release) -> str:
    """CITATION.cff (Citation File Format 1.2)."""
    quoted = '"' + release.title.replace("\\", "").replace('"', "'") + '"'
    note = "Simulated edition: not for citation as fact." if release.simulated else "Cite with its sources."
    return (
        "cff-version: 1.2.0\n"
        f'message: "{note}"\n'
        "type: dataset\n"
        f"title: {quoted}\n"
        f'version: "{release.build["edition"]}, build {release.build["build"]}"\n'
        'authors:\n  - name: "Made with stclusters"\n'
        f'abstract: "{credits.vintage(release.settings)}. Settings {release.build["settings_hash"]}."\n'
    )


def licence(release: Release) -> str:
    """LICENCE.txt: whose the parts are."""
    said = ["Licences of the parts of these files", ""]
    said += [
        f"{one.what}: {one.source}. {one.licence}. {one.address}".rstrip()
        for one in credits.credits(release.settings)
    ]
    return "\n".join(said) + "\n"
