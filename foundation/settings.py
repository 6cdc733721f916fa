"""Settings: one file (`editions.yaml`), one model. Names, defaults and forbidden combinations are METHODOLOGY 22.

No other file holds a threshold. Environment variables hold places and secrets only.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from foundation import yaml_text
from foundation.cron import is_cron
from foundation.errors import BadSettings
from foundation.setting_faults import first_fault, unknown_key
from foundation.strict import Strict

Kind = Literal["pct", "sci"]
#: an edition is a partition key and a folder: no blank, comma, slash or leading dot
EDITION_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")
Model = TypeVar("Model", bound=BaseModel)


class World(Strict):
    """A simulated world: its seed and its size as a part of the real one."""

    seed: int = Field(7, ge=0, description="Seed of every random draw")
    scale: float = Field(0.02, gt=0, le=1, description="Part of the world's documents that is made")


class Edition(Strict):
    """One ranking: windows, rules, previous edition. Every field has its METHODOLOGY section in `section`."""

    title: str = Field("", description="Title on every page")
    pct_years: list[int] = Field(description="Publication years of applications, METHODOLOGY 1")
    sci_years: list[int] = Field(description="Publication years of articles, METHODOLOGY 1")
    indicators: list[Kind] = Field(["pct", "sci"], description="Kinds summed into the total, METHODOLOGY 1")
    previous_edition: str | None = Field(
        None, description="Edition that ranks are compared with, METHODOLOGY 13"
    )
    schedule: str | None = Field(None, description="Cron line, UTC")
    simulated: bool = Field(False, description="Everything derived says that it is simulated")
    world: World | None = Field(None, description="The simulated world")

    sci_indexes: list[str] | None = Field(None, description="Narrower than the reader's, METHODOLOGY 2")
    sci_doc_types: list[str] | None = Field(None, description="Narrower than the reader's, METHODOLOGY 2")

    fraction_split: Literal["listing", "person"] = Field("listing", description="METHODOLOGY 4")
    counting: Literal["fractional", "full"] = Field("fractional", description="METHODOLOGY 4")
    world_total: Literal["documents", "located", "given"] = Field("documents", description="METHODOLOGY 12")
    world_totals: dict[Kind, float] | None = Field(None, description="Given world totals, METHODOLOGY 12")

    point_precision_min: Literal["locality", "organisation", "postcode", "street"] = Field(
        "locality", description="Coarsest precision that is a point, METHODOLOGY 5"
    )
    point_weighting: Literal["listings", "balanced"] = Field("listings", description="METHODOLOGY 6")
    balance_scale: int = Field(1000, gt=0, description="METHODOLOGY 6")

    eps_km: float = Field(15.0, ge=0.0001, le=10007.5, description="Radius, km, METHODOLOGY 7")
    min_samples: int = Field(4500, ge=1, description="Listings within the radius, METHODOLOGY 7")
    merge_within_km: float = Field(5.0, ge=0, description="Nearest points, km; 0 switches off, METHODOLOGY 8")
    merge_core_km: float | None = Field(20.0, gt=0, description="Nearest core points, km, METHODOLOGY 8")
    merge_points: Literal["all", "core"] = Field("all", description="METHODOLOGY 8")
    merge_rule: Literal["distance", "distance_and_partner"] = Field("distance", description="METHODOLOGY 8")
    merge_partner_requires: Literal["any", "both"] = Field("any", description="METHODOLOGY 8")

    outline_method: Literal["concave_hull", "discs"] = Field("concave_hull", description="METHODOLOGY 9")
    outline_ratio: float = Field(0.3, ge=0, le=1, description="METHODOLOGY 9")
    disc_km: float = Field(5.0, gt=0, description="km, METHODOLOGY 9")
    population_raster: str | None = Field(None, description="Relative to the home, METHODOLOGY 9")
    population_year: int | None = Field(None, description="METHODOLOGY 9")

    name_max_cities: int = Field(3, ge=1, description="METHODOLOGY 10")
    name_min_population: int = Field(100_000, ge=0, description="Inhabitants, METHODOLOGY 10")
    name_city_km: float = Field(20.0, gt=0, description="km, METHODOLOGY 10")
    name_min_share_of_first: float = Field(0.35, ge=0, le=1, description="METHODOLOGY 10")
    name_min_distance_km: float = Field(15.0, ge=0, description="km, METHODOLOGY 10")
    name_forms: str | None = Field(
        None, description="File of English forms; null is the built-in one, METHODOLOGY 10"
    )
    name_overrides: str | None = Field(None, description="File of whole clusters' names, METHODOLOGY 10")
    economy_min_share: float = Field(0.03, ge=0, le=1, description="METHODOLOGY 11")

    ranked_size: int = Field(100, ge=1, description="Clusters shown as ranked, METHODOLOGY 12")
    previous_rank_mode: Literal["recomputed", "published"] = Field("recomputed", description="METHODOLOGY 13")
    lineage_min_share: float = Field(0.2, gt=0, le=1, description="METHODOLOGY 13")
    growth_basis: Literal["window", "last_year"] = Field(
        "window",
        description="Whole windows of two editions, or the last year of each window against the year before, METHODOLOGY 14",
    )
    growth_measure: Literal["volume_index", "share"] = Field(
        "volume_index",
        description="Both outputs by the world totals before, or each by its own, METHODOLOGY 14",
    )
    growth_area: Literal["own", "present"] = Field(
        "own",
        description="Against the predecessor as it lay then, or against all within eps_km of the present core points; "
        "a year against a year is always of the present area, METHODOLOGY 14",
    )
    growth_min_output: float = Field(
        0.05,
        ge=0,
        description="Smallest output before that growth is shown for, percentage points, METHODOLOGY 14",
    )
    intensity_scope: Literal["ranked", "all"] = Field("ranked", description="METHODOLOGY 15")
    field_split: Literal["equal_fields", "by_symbol", "full"] = Field(
        "equal_fields", description="METHODOLOGY 16"
    )
    rta_min_cluster: float = Field(100.0, ge=0, description="METHODOLOGY 16")
    rta_min_expected: float = Field(5.0, ge=0, description="METHODOLOGY 16")
    half_share: float = Field(0.5, gt=0, le=1, description="METHODOLOGY 16")
    income_group_year: Literal["fy24", "fy25"] = Field("fy24", description="METHODOLOGY 19")
    map_round_decimals: int = Field(2, ge=0, le=6, description="METHODOLOGY 18")
    map_min_records: int = Field(5, ge=1, description="METHODOLOGY 18")

    @field_validator("indicators")
    @classmethod
    def _kinds(cls, kinds: list[Kind]) -> list[Kind]:
        if not kinds or len(set(kinds)) < len(kinds):
            raise ValueError("name pct, sci or both, each once")
        return kinds

    @field_validator("schedule")
    @classmethod
    def _cron(cls, line: str | None) -> str | None:
        if line is not None and not is_cron(line):
            raise ValueError(
                "a schedule is a cron line, as '0 6 1 * *' for six o'clock UTC on the first of a month"
            )
        return line

    @field_validator("pct_years", "sci_years")
    @classmethod
    def _window(cls, years: list[int]) -> list[int]:
        if not years:
            raise ValueError("a window needs at least one year (METHODOLOGY 22)")
        if any(not 1800 <= year <= 2200 for year in years):
            raise ValueError("years lie between 1800 and 2200")
        return sorted(set(years))

    @model_validator(mode="after")
    def _no_contradictions(self) -> Self:
        if self.merge_rule == "distance_and_partner" and self.merge_within_km == 0:
            raise ValueError(
                "merge_rule: distance_and_partner contradicts merge_within_km: 0 (nothing would merge)"
            )
        if self.previous_rank_mode == "published":
            raise ValueError(
                "previous_rank_mode: published needs a reference table of printed ranks; none can be given yet"
            )
        if self.world_total == "given" and not self.world_totals:
            raise ValueError("world_total: given needs world_totals: {pct: ..., sci: ...}")
        if self.world_total == "given":
            for kind in self.indicators:
                if kind not in (self.world_totals or {}):
                    raise ValueError(f"world_total: given lacks the total of {kind} in world_totals")
        if self.world_totals and any(total <= 0 for total in self.world_totals.values()):
            raise ValueError("world_totals must be greater than 0")
        if self.simulated and self.world is None:
            raise ValueError("simulated: true needs world: {seed: ..., scale: ...}")
        return self

    def years(self, kind: str) -> list[int]:
        """Publication years of `kind` in this edition."""
        return self.pct_years if kind == "pct" else self.sci_years

    @property
    def all_years(self) -> list[int]:
        """Union of the windows, sorted."""
        return sorted(set(self.pct_years) | set(self.sci_years))

    @property
    def effective_min_samples(self) -> int:
        """`min_samples` in units of the points' weights (METHODOLOGY 6)."""
        return self.min_samples * (self.balance_scale if self.point_weighting == "balanced" else 1)


class Reader(Strict):
    """What enters the lake, and under which year; the same for all editions of a home (METHODOLOGY 2 and 3)."""

    pct_kinds: list[str] = Field(["A1", "A2", "A3", "A4", "A8", "A9"])
    pct_date: Literal["publication", "filing"] = "publication"
    pct_kind_when_absent: Literal["keep", "refuse"] = "refuse"
    sci_indexes: list[str] = Field(["SCIE"])
    sci_doc_types: list[str] = Field(["Article"])
    sci_include_retracted: bool = False
    sci_year: Literal["issue", "early_access"] = "issue"
    index_when_absent: Literal["keep", "drop", "by_journal"] = "keep"
    index_journals: str | None = None
    unlinked_authors: Literal["share", "unlocated"] = "share"
    ipc_extra: str | None = None
    reject_share_max: float = Field(0.01, ge=0, le=1)
    address_share_min: float = Field(0.8, ge=0, le=1)
    dangling_share_max: float = Field(0.01, ge=0, le=1)

    @model_validator(mode="after")
    def _journals(self) -> Self:
        if self.index_when_absent == "by_journal" and not self.index_journals:
            raise ValueError("index_when_absent: by_journal needs index_journals: a file of ISSNs")
        return self

    @property
    def hash(self) -> str:
        """First 12 hex digits of the SHA-256 of the resolved reader settings."""
        return _hash(self.model_dump(mode="json"))


class Geocoding(Strict):
    """Where places come from besides the packaged gazetteer."""

    registry: str | None = None
    gazetteers: list[str] = Field([])
    gazetteers_replace: bool = Field(
        False,
        description="Whether a GeoNames dump or postal file among gazetteers replaces the package of its kind",
    )
    decisions: str | None = None
    fallback: Literal["none", "nominatim", "photon", "arcgis", "google"] = "none"


class Limits(Strict):
    """What a run may use of the machine."""

    memory_gb: float = Field(12.0, gt=0)
    processes: int = Field(2, ge=1)
    unpack_ratio_max: float = Field(
        200.0, gt=1, description="Times its packed size that a file may unpack to"
    )
    unpack_gb_max: float = Field(500.0, gt=0, description="GB that one packed file may unpack to")


class Settings(Strict):
    """Everything in an `editions.yaml`, defaults filled in."""

    editions: dict[str, Edition]
    reader: Reader = Reader()
    geocoding: Geocoding = Geocoding()
    limits: Limits = Limits()
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
            "settings": _sorted(dump),
            "reader": _sorted(reader),
            "geocoding": _sorted(geocoding),
        }

    def hash(self, name: str) -> str:
        """First 12 hex digits of the SHA-256 of `resolved`."""
        return _hash(self.resolved(name))

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


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return value


def _hash(value: Any) -> str:
    text = json.dumps(_sorted(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def _known_keys(path: tuple[str, ...]) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "reader": Reader,
        "geocoding": Geocoding,
        "limits": Limits,
        "defaults": Edition,
    }
    if not path:
        return ["defaults", "editions", "reader", "geocoding", "limits"]
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
