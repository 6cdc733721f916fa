"""Settings: one file (`editions.yaml`), one model. Names, defaults and forbidden combinations are METHODOLOGY 22.

No other file holds a threshold. Environment variables hold places and secrets only.
"""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from foundation import yaml_text
from foundation.errors import BadSettings
from foundation.setting_faults import first_fault, unknown_key
from foundation.setting_models import Edition, Geocoding, Limits, Pages, Reader, World, hash_of, in_order
from foundation.strict import Strict

__all__ = ["RULES", "Edition", "Geocoding", "Limits", "Pages", "Reader", "Settings", "World", "load", "parse"]

#: an edition is a partition key and a folder: no blank, comma, slash or leading dot
EDITION_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
Model = TypeVar("Model", bound=BaseModel)


class Settings(Strict):
    """Everything in an `editions.yaml`, defaults filled in."""

    editions: dict[str, Edition]
    reader: Reader = Reader()
    geocoding: Geocoding = Geocoding()
    limits: Limits = Limits()
    pages: Pages = Pages()
    source: str = "editions.yaml"

    def edition(self, name: str) -> Edition:
        """The edition called `name`; an unknown one is refused with the nearest known name."""
        if name not in self.editions:
            near = difflib.get_close_matches(name, self.editions, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise BadSettings(
                f"There is no edition '{name}'.{hint}",
                f"Known editions: {', '.join(sorted(self.editions))}.",
                self.source,
            )
        return self.editions[name]

    def tried(self, name: str, changes: dict[str, Any]) -> Settings:
        """These settings with other values for one edition, checked like those of a file."""
        block = self.edition(name).model_dump() | changes
        made = _made(Edition, block, ("editions", name), "the values given for this run")
        return self.model_copy(update={"editions": {**self.editions, name: made}})

    def resolved(self, name: str) -> dict[str, Any]:
        """All settings that decide the results of an edition, keys sorted."""
        dump = self.edition(name).model_dump(mode="json")
        reader = self.reader.model_dump(mode="json")
        geocoding = self.geocoding.model_dump(mode="json")
        return {
            "edition": name,
            "settings": in_order(dump),
            "reader": in_order(reader),
            "geocoding": in_order(geocoding),
        }

    def hash(self, name: str) -> str:
        """First 12 hex digits of the SHA-256 of `resolved`."""
        return hash_of(self.resolved(name))

    def chain(self, name: str) -> list[str]:
        """`name` and the editions before it, oldest first."""
        found: list[str] = []
        current: str | None = name
        while current is not None:
            if current in found:
                raise BadSettings(
                    f"The previous editions of '{name}' go round in a circle.",
                    "Mend previous_edition.",
                    self.source,
                )
            found.append(current)
            current = self.edition(current).previous_edition
        return found[::-1]

    def partition_years(self) -> list[int]:
        """All years any edition names, and ten either side: Dagster's static year partitions."""
        years = {year for edition in self.editions.values() for year in edition.all_years}
        return list(range(min(years) - 10, max(years) + 11))

    def used_years(self) -> list[int]:
        """Years that an edition uses, sorted."""
        return sorted({year for edition in self.editions.values() for year in edition.all_years})


#: fields that may differ between an edition and its previous one; all others are rules (METHODOLOGY 22)
_NOT_RULES = {
    "title",
    "pct_years",
    "sci_years",
    "previous_edition",
    "schedule",
    "population_raster",
    "population_year",
    "world_totals",
}

#: settings that an edition and its previous one must have alike
RULES = tuple(sorted(set(Edition.model_fields) - _NOT_RULES))


def _known_keys(path: tuple[str, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "reader": Reader,
        "geocoding": Geocoding,
        "limits": Limits,
        "pages": Pages,
        "defaults": Edition,
    }
    if not path:
        return ["defaults", "editions", "reader", "geocoding", "limits", "pages"]
    if path[0] == "editions":
        return list(World.model_fields if "world" in path[2:] else Edition.model_fields)
    return list(models[path[0]].model_fields) if path[0] in models else []


def _block(raw: Any, name: str, source: str) -> dict[str, Any]:
    value = raw.get(name) or {}
    if not isinstance(value, dict):
        raise BadSettings(
            f"'{name}' must be a block of keys and values.", "Indent its keys by two blanks.", source
        )
    return value


def parse(raw: Any, source: str) -> Settings:
    """Settings from a loaded YAML document; every fault names `source`, the key's path and the nearest known key."""
    if not isinstance(raw, dict):
        raise BadSettings("The settings file holds no keys.", "Start with 'editions:'.", source)
    for key in raw:
        if key not in _known_keys(()):
            raise unknown_key((str(key),), _known_keys(()), source)
    defaults, editions = _block(raw, "defaults", source), _block(raw, "editions", source)
    for key in defaults:
        if key not in Edition.model_fields:
            raise unknown_key(("defaults", str(key)), list(Edition.model_fields), source)
    if not editions:
        raise BadSettings("The settings file names no edition.", "Add one under 'editions:'.", source)
    made: dict[str, Edition] = {}
    for name, block in editions.items():
        if not isinstance(block, dict):
            raise BadSettings(
                f"The edition '{name}' must be a block of keys and values.", "Indent its keys.", source
            )
        made[str(name)] = _made(Edition, {**defaults, **block}, ("editions", str(name)), source)
    settings = Settings(
        editions=made,
        reader=_made(Reader, _block(raw, "reader", source), ("reader",), source),
        geocoding=_made(Geocoding, _block(raw, "geocoding", source), ("geocoding",), source),
        limits=_made(Limits, _block(raw, "limits", source), ("limits",), source),
        pages=_made(Pages, _block(raw, "pages", source), ("pages",), source),
        source=source,
    )
    for name in made:
        _check_edition(settings, name)
    return settings


def _made(model: type[Model], block: dict[str, Any], path: tuple[str, ...], source: str) -> Model:
    try:
        return model.model_validate(block)
    except ValidationError as fault:
        raise first_fault(fault, path, source, _known_keys) from None


def _check_edition(settings: Settings, name: str) -> None:
    edition = settings.editions[name]
    if not EDITION_NAME.match(name):
        raise BadSettings(
            f"'{name}' is no valid name of an edition.",
            "Use letters, digits, dot, dash, underscore.",
            settings.source,
        )
    for key in ("sci_indexes", "sci_doc_types"):
        asked, allowed = getattr(edition, key), getattr(settings.reader, key)
        if asked and not set(asked) <= set(allowed):
            raise BadSettings(
                f"editions.{name}.{key} asks for {sorted(set(asked) - set(allowed))}, which reader.{key} does not let in.",
                f"Widen reader.{key} (now {allowed}) or narrow the edition.",
                settings.source,
            )
    if edition.previous_edition is None:
        return
    settings.chain(name)
    before = settings.edition(edition.previous_edition)
    for field in RULES:
        mine, theirs = getattr(edition, field), getattr(before, field)
        if mine != theirs:
            raise BadSettings(
                f"editions.{name} and its previous edition '{edition.previous_edition}' differ in {field} ({mine!r}, {theirs!r}).",
                "Ranks are compared by the same rules: give both the same value.",
                settings.source,
            )


def load(path: str | Path) -> Settings:
    """Settings of an `editions.yaml`.

    Raises
    ------
    BadSettings
        The file is missing, is no YAML, holds a key twice, or an unknown or impossible setting.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as fault:
        raise BadSettings(
            f"The settings file cannot be read: {fault.strerror}.", "Give one by --editions FILE.", str(path)
        ) from None
    except UnicodeDecodeError:
        raise BadSettings("The settings file is not UTF-8 text.", "Save it as UTF-8.", str(path)) from None
    return parse(yaml_text.loaded(text, "The settings file", str(path)), str(path))
