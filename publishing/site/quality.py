"""The quality page: what was read and fell out where, how exactly addresses were placed, which neighbours are joined."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from markupsafe import Markup

from publishing.drawing import meter, stacked_bar
from publishing.language import later, say
from publishing.printing import decimal, whole
from publishing.reading import Release, Row
from publishing.sentences import KIND_NAMES
from publishing.site.page import Page
from publishing.terms import term

PRECISIONS = ("street", "postcode", "organisation", "locality", "region", "country", "none", "no address")
REASONS = {
    "not_found": later("no place found in the text"),
    "region_only": later("only a region in the text"),
    "country_only": later("only a country in the text"),
    "country_conflict": later("the text names another country"),
    "no_country": later("no country known"),
    "decided": later("decided by a person"),
    "no_address": later("no address"),
    "no_person": later("no inventor or author"),
    "not_listed": later("inventor not listed"),
    "person_missing": later("inventor missing in the source"),
}
#: economies beyond these are in the table but folded away
SHOWN = 25


def build(release: Release, _: Path) -> Page:
    """The page."""
    quality = release.table("geocoding_quality").to_pylist()
    fine = PRECISIONS[: PRECISIONS.index(release.edition["point_precision_min"]) + 1]
    values = {
        "reconciliations": reconciliations(release.table("reconciliation").to_pylist()),
        "totals": [_total(row) for row in release.table("world_totals").to_pylist()],
        "overall": [_placed(rows, name, fine) for name, rows in _by_kind(quality)],
        "reasons": [{"name": name, "rows": reasons(rows)} for name, rows in _by_kind(quality)],
        "economies": _economies(release, quality, fine),
        "shown": SHOWN,
        "precisions": PRECISIONS,
        "fine": fine,
        "pairs": pairs(release.table("neighbour_pairs").to_pylist()),
    }
    return Page(
        "quality.html", say("Quality"), say("What was read and what fell out"), "quality.html", values
    )


def reconciliations(rows: list[Row]) -> list[dict[str, Any]]:
    """The steps by scope and kind, in their order, with a bar against the largest amount of records, or of documents."""
    found = []
    for scope, kind in sorted({(row["scope"], row["kind"]) for row in rows}):
        mine = [row for row in rows if (row["scope"], row["kind"]) == (scope, kind)]
        mine.sort(key=lambda row: (row["position"], row["step"]))
        steps = []
        for row in mine:
            records = row["unit"] == "records"  # fractions are parts of documents and stand on their scale
            largest = max(abs(other["amount"]) for other in mine if (other["unit"] == "records") == records)
            steps.append(
                {
                    **row,
                    "step": term(row["step"]),
                    "unit": term(row["unit"]),
                    "printed": amount(row["amount"]),
                    "bar": meter(float(row["amount"]), float(largest), "pct" if kind == "pct" else "sci"),
                }
            )
        found.append({"scope": term(scope), "kind": _kind(kind), "steps": steps})
    return found


def amount(value: Decimal | float | int) -> str:
    """A count as a whole number, a sum of fractions with one decimal when it has any."""
    exact = Decimal(str(value))
    return whole(exact) if exact == exact.to_integral_value() else decimal(exact, 1)


def _kind(kind: str) -> str:
    return say(KIND_NAMES[kind])


def _total(row: Row) -> dict[str, Any]:
    return {**row, "kind": _kind(row["kind"])}


def _by_kind(rows: list[Row]) -> Iterable[tuple[str, list[Row]]]:
    for kind, name in KIND_NAMES.items():
        mine = [row for row in rows if row["kind"] == kind]
        if mine:
            yield say(name), mine


def _placed(rows: list[Row], name: str, fine: tuple[str, ...]) -> dict[str, Any]:
    sums = {precision: 0 for precision in PRECISIONS}
    for row in rows:
        sums[row["precision"]] = sums.get(row["precision"], 0) + row["listings"]
    total = sum(sums.values())
    located = sum(sums[precision] for precision in fine)
    placed = sum(row["listings"] for row in rows if not row["reason"])
    wrong = sum(row["expected_errors"] for row in rows)
    clustered = sum(row["listings_in_clusters"] for row in rows)
    return {
        "name": name,
        "listings": total,
        "located": 100 * located / total if total else None,
        "wrong": 100 * wrong / placed if placed else None,
        "clustered": 100 * clustered / total if total else None,
        "parts": {key: 100 * value / total if total else 0 for key, value in sums.items()},
        "bar": _bar(sums, total),
    }


def reasons(rows: list[Row]) -> list[dict[str, Any]]:
    """Why listings have no point, the most frequent first, with their share of all listings."""
    total = sum(row["listings"] for row in rows)
    sums: dict[str, int] = {}
    for row in rows:
        if row["reason"]:
            sums[row["reason"]] = sums.get(row["reason"], 0) + row["listings"]
    return [
        {
            "reason": _why(name),
            "listings": count,
            "share": 100 * count / total,
        }
        for name, count in sorted(sums.items(), key=lambda one: (-one[1], one[0]))
        if count
    ]


def _why(reason: str) -> str:
    known = REASONS.get(reason)
    return say(known) if known else term(reason)


def _bar(sums: dict[str, int], total: int) -> Markup:
    return stacked_bar([(f"q-{key.replace(' ', '-')}", value) for key, value in sums.items()], total)


def _economies(release: Release, rows: list[Row], fine: tuple[str, ...]) -> list[dict[str, Any]]:
    found = []
    for code in sorted({row["country"] for row in rows}):
        name = say("Economy unknown") if code == "unknown" else release.economy_names.get(code, code)
        found.append(_placed([row for row in rows if row["country"] == code], name, fine))
    return sorted(found, key=lambda row: (-row["listings"], row["name"]))


def pairs(rows: list[Row]) -> dict[str, Any]:
    """Neighbouring cities, those found in clusters first, and how many of these are as published."""
    found = [row for row in rows if row["agrees"] is not None]
    return {
        "rows": [*found, *(row for row in rows if row["agrees"] is None)],
        "found": len(found),
        "agree": sum(row["agrees"] for row in found),
    }
