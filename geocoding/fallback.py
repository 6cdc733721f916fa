"""Other geocoders for what stays unplaced: off by default, one request at a time, every answer kept on disk.

An adapter over geopy (Nominatim, Photon, ArcGIS, Google). Only addresses that our own rules could not place are asked about;
an answer, also "not found", is written before the next question, so that an interrupted run asks nothing twice. METHODOLOGY 5.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from foundation.errors import BadSettings, MissingData, Transient
from geocoding.answers import Answer
from geocoding.countries import resolve_code, same_country

EVERY_SECONDS = 1.0  # the public Nominatim allows one request a second
TRIES, FIRST_WAIT_SECONDS = 4, 2.0
PROVIDERS = ("nominatim", "photon", "arcgis", "google")
SCORE = 0.5  # nobody has measured these providers on our labels
_OPTIONS: dict[str, Callable[[str], dict[str, Any]]] = {  # of a request about a country
    "nominatim": lambda code: {"country_codes": code.lower(), "addressdetails": True},
    "photon": lambda _: {},
    "arcgis": lambda _: {"out_fields": "Country,Type"},
    "google": lambda code: {"components": {"country": code}},
}
#: kinds of answers, as the providers call them, that are no towns
_WIDE = frozenset((
    "continent", "country", "territory", "archipelago", "state", "region", "province", "state_district", "county",
    "state or province", "subregion", "administrative_area_level_1", "administrative_area_level_2",
))  # fmt: skip


class Service(Protocol):
    """What geopy's geocoders have in common."""

    def geocode(self, query: str, **options: Any) -> Any:  # a foreign library's answer
        """The first place for `query`, or None."""


def service(
    provider: str, key: str | None = None, domain: str | None = None, scheme: str = "https"
) -> Service:
    """geopy's geocoder of that name.

    Raises
    ------
    MissingData
        geopy is not installed.
    BadSettings
        The provider is unknown, or needs a key.
    """
    if provider not in PROVIDERS:
        raise BadSettings(
            f"There is no fallback '{provider}'.", f"Known: {', '.join(PROVIDERS)}.", "geocoding.fallback"
        )
    try:
        from geopy import geocoders  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        raise MissingData(
            "The package geopy is not installed.", "Run: pip install geopy.", "geocoding.fallback"
        ) from None
    options: dict[str, Any] = {"timeout": 20}
    if provider in ("nominatim", "photon"):
        options |= {"user_agent": "stclusters", "scheme": scheme} | ({"domain": domain} if domain else {})
    if provider == "google":
        key = key or os.environ.get("STCLUSTERS_FALLBACK_KEY")
        if not key:
            raise BadSettings(
                "The fallback google needs a key.", "Set STCLUSTERS_FALLBACK_KEY.", "geocoding.fallback"
            )
        options["api_key"] = key
    made: Service = {
        "nominatim": geocoders.Nominatim, "photon": geocoders.Photon,
        "arcgis": geocoders.ArcGIS, "google": geocoders.GoogleV3,
    }[provider](**options)  # fmt: skip
    return made


class Fallback:
    """Asks a service about addresses, at most one a second, with a cache on disk that other runs share.

    Parameters
    ----------
    provider : str
        Name of the service; part of an answer's method and of the cache's key.
    asked : Service
        What `service` gives.
    cache : Path
        SQLite file, made when absent.
    pause : callable
        Waits so many seconds; replaced in tests.
    """

    def __init__(
        self, provider: str, asked: Service, cache: Path, every_seconds: float = EVERY_SECONDS,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._provider, self._asked, self._every, self._pause = provider, asked, every_seconds, pause
        cache.parent.mkdir(parents=True, exist_ok=True)
        self._store = sqlite3.connect(cache, isolation_level=None)
        self._store.execute(
            "create table if not exists answers (provider text, country text, text text, answer text,"
            " primary key (provider, country, text))"
        )
        self._last = float("-inf")
        self.requests = 0

    def place(self, text: str, country: str) -> Answer | None:
        """The service's answer for an address of a country with a valid code; None when it knows none in that country."""
        codes = resolve_code(country)
        if len(codes) != 1 or not text.strip():
            return None
        found = self._known(text, codes[0])
        if found is None:
            found = self._ask(text, codes[0])
            row = (self._provider, codes[0], text, json.dumps(found))
            self._store.execute("insert or replace into answers values (?, ?, ?, ?)", row)
        if not found:
            return None
        point = round(found["latitude"], 6), round(found["longitude"], 6)
        return Answer(
            *point,
            "locality",
            None,
            found["name"],
            "",
            codes[0],
            f"fallback_{self._provider}",
            SCORE,
            None,
            None,
        )

    def _known(self, text: str, country: str) -> dict[str, Any] | None:
        wanted = (self._provider, country, text)
        row = self._store.execute(
            "select answer from answers where provider = ? and country = ? and text = ?", wanted
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def _ask(self, text: str, country: str) -> dict[str, Any]:
        """Point and name, empty when there is none; waits between requests and tries again when the service is busy."""
        from geopy.exc import GeopyError  # type: ignore[import-untyped, unused-ignore]

        options = _OPTIONS[self._provider](country)
        fault: Exception | None = None
        for attempt in range(TRIES):
            self._pause(max(0.0, self._last + self._every - time.monotonic()))
            if attempt:
                self._pause(FIRST_WAIT_SECONDS * 2 ** (attempt - 1))
            self._last, self.requests = time.monotonic(), self.requests + 1
            try:
                return self._read(self._asked.geocode(text, **options), country)
            except GeopyError as problem:
                fault = problem
        raise Transient(
            f"The fallback {self._provider} does not answer: {fault}.",
            "Run the same command again later.",
            text[:60],
        )

    def _read(self, place: Any, country: str) -> dict[str, Any]:  # a foreign library's answer
        """Point and name of an answer that says it is a town or finer and lies in the country; else nothing."""
        if place is None:
            return {}
        named, kinds = _said(self._provider, place.raw or {})
        codes = resolve_code(named)
        if len(codes) != 1 or not same_country(codes[0], (country,)) or not _WIDE.isdisjoint(kinds):
            return {}
        name = str(place.address).partition(",")[0]
        return {"latitude": float(place.latitude), "longitude": float(place.longitude), "name": name}


def _said(provider: str, raw: dict[str, Any]) -> tuple[str, frozenset[str]]:
    """Country and kinds of a provider's answer, each in the provider's own words."""
    if provider == "google":
        parts = raw.get("address_components") or []
        country = next((one["short_name"] for one in parts if "country" in one["types"]), "")
        return country, frozenset(raw.get("types") or [])
    if provider == "nominatim":
        kind, country = raw.get("addresstype"), (raw.get("address") or {}).get("country_code")
    elif provider == "photon":
        said = raw.get("properties") or {}
        kind, country = said.get("type"), said.get("countrycode")
    else:
        said = raw.get("attributes") or {}
        kind, country = said.get("Type"), said.get("Country")
    return str(country or "").upper(), frozenset([str(kind or "").lower()])
