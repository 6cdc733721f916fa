"""The blocks of a settings file as models: an edition, the readers, geocoding, limits (METHODOLOGY 22).

A field's default and range stand here and nowhere else; `foundation.settings` reads files by them.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from foundation.cron import is_cron
from foundation.strict import Strict

Kind = Literal["pct", "sci"]
#: a hundred times the world's articles of five years: more is a slip of the keyboard
MOST_DOCUMENTS = 1_000_000_000


def in_order(value: Any) -> Any:
    """A value whose dictionaries have their keys sorted."""
    if isinstance(value, dict):
        return {key: in_order(value[key]) for key in sorted(value)}
    return value


def hash_of(value: Any) -> str:
    """First 12 hex digits of the SHA-256 of a value as JSON with sorted keys."""
    text = json.dumps(in_order(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


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
        if self.simulated and self.world is None:
            raise ValueError("simulated: true needs world: {seed: ..., scale: ...}")
        return self

    @model_validator(mode="after")
    def _world_totals_where_they_are_used(self) -> Self:
        if self.world_total == "given" and not self.world_totals:
            raise ValueError("world_total: given needs world_totals: {pct: ..., sci: ...}")
        if self.world_total == "given":
            for kind in self.indicators:
                if kind not in (self.world_totals or {}):
                    raise ValueError(f"world_total: given lacks the total of {kind} in world_totals")
        if self.world_totals and self.world_total != "given":
            raise ValueError(
                f"world_totals are not used with world_total: {self.world_total}: say world_total: given, or leave them out"
            )
        for kind, total in (self.world_totals or {}).items():
            if not 0 < total <= MOST_DOCUMENTS:
                raise ValueError(
                    f"world_totals must be greater than 0 and at most {MOST_DOCUMENTS:,}, not {total:g} for {kind}"
                )
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
        return hash_of(self.model_dump(mode="json"))


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


class Pages(Strict):
    """How pages are shown; nothing here changes a figure."""

    language: str = Field("en", pattern="^[a-z]{2}$", description="Language of pages; files stay English")
    csv_bom: bool = Field(False, description="CSV files begin with a byte order mark, for old spreadsheets")
    pdf: bool = Field(False, description="Each brief also as tagged PDF: needs stclusters[pdf]")
