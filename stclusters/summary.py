"""What a run prints at its end: reconciliation, first ten clusters, seconds, where things lie."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from foundation.home import Home
from foundation.parquet import read_table
from foundation.settings import Settings


def _rows(home: Home, edition: str, table: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_table(home.table(edition, table)).to_pylist()
    return rows


def _number(value: Decimal | float, unit: str) -> str:
    return f"{value:,.0f}" if unit in ("records", "documents") else f"{value:,.3f}"


def _reconciliation(home: Home, edition: str) -> Iterable[str]:
    rows = sorted(
        _rows(home, edition, "reconciliation"), key=lambda r: (r["scope"], r["kind"], r["position"])
    )
    heading = None
    for row in rows:
        if (row["scope"], row["kind"]) != heading:
            heading = (row["scope"], row["kind"])
            kind = "PCT applications" if row["kind"] == "pct" else "articles"
            yield f"Reconciliation, {row['scope']}, {kind}"
        yield f"  {row['step']:<44}{_number(row['amount'], row['unit']):>16}  {row['unit']}"


def _first_ten(home: Home, edition: str) -> Iterable[str]:
    rows = sorted(_rows(home, edition, "ranking"), key=lambda r: (r["rank"], -r["pct_share"], r["name"]))
    if not rows:
        yield "No cluster was found: no place has min_samples listings within eps_km."
        return
    yield f"First {min(10, len(rows))} of {len(rows)} clusters"
    yield f"  {'rank':>4} {'was':>4}  {'cluster':<38}{'economy':<10}{'PCT':>10}{'articles':>11}{'total %':>9}"
    for row in rows[:10]:
        was = "–" if row["previous_rank"] is None else str(row["previous_rank"])
        yield (
            f"  {row['rank']:>4} {was:>4}  {row['name'][:37]:<38}{row['economy_label'][:9]:<10}"
            f"{row['pct_count']:>10,.0f}{row['sci_count']:>11,.0f}{row['total']:>9.2f}"
        )


def _seconds(seconds: dict[str, float], skipped: list[str], wall: float) -> Iterable[str]:
    yield "Seconds per stage: " + ", ".join(f"{stage} {value:.1f}" for stage, value in seconds.items())
    if skipped:
        yield f"Already up to date: {', '.join(skipped)}"
    yield f"Total: {wall:.1f} s"


def _places(home: Home, settings: Settings, edition: str) -> Iterable[str]:
    yield f"Settings: {settings.source}, hash {settings.hash(edition)}"
    yield f"Page:     {home.site(edition) / 'index.html'}"
    yield f"Files:    {home.release(edition)} and {home.site(edition) / 'downloads'}"


def summary(
    home: Home, settings: Settings, edition: str, seconds: dict[str, float], skipped: list[str], wall: float
) -> str:
    """The closing text of a run."""
    blocks = [
        _reconciliation(home, edition),
        _first_ten(home, edition),
        _seconds(seconds, skipped, wall),
        _places(home, settings, edition),
    ]
    first = (
        ["SIMULATED: every figure below comes from an invented world."]
        if settings.edition(edition).simulated
        else []
    )
    return "\n\n".join(
        "\n".join(block) for block in ([first] if first else []) + [list(block) for block in blocks]
    )
