"""`stclusters status`: what a home holds, what is fresh, what is missing, and what to do next."""

from __future__ import annotations

import json
from typing import Any

import click

from foundation.home import Home
from foundation.settings import Settings
from stclusters.options import editions_option, find_home, find_settings, home_option


def edition_state(home: Home, settings: Settings, edition: str, prepared: set[int]) -> dict[str, Any]:
    """One edition: years it lacks, whether its pages exist."""
    lacking = [year for year in settings.edition(edition).all_years if year not in prepared]
    page = home.site(edition) / "index.html"
    return {"edition": edition, "years_missing": lacking, "built": page.is_file(), "page": str(page)}


def state(home: Home, settings: Settings) -> dict[str, Any]:
    """Deliveries, prepared years and editions of a home."""
    prepared = {year for year in settings.partition_years() if home.year_manifest(year).is_file()}
    return {
        "home": str(home.root),
        "simulated": home.state().get("simulated"),
        "deliveries": home.deliveries(),
        "years_prepared": sorted(prepared),
        "editions": [edition_state(home, settings, name, prepared) for name in sorted(settings.editions)],
    }


def _next_step(row: dict[str, Any]) -> str:
    if row["years_missing"]:
        return f"lacks years {', '.join(map(str, row['years_missing']))}"
    return "pages built" if row["built"] else f"ready: stclusters run --edition {row['edition']}"


@click.command("status")
@home_option
@editions_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(home: str | None, editions: str | None, as_json: bool) -> None:
    """What a home holds, and what is missing.

    \b
    stclusters status --home demo
    """
    found = state(find_home(home), find_settings(editions))
    if as_json:
        click.echo(json.dumps(found, sort_keys=True))
        return
    click.echo(f"Home {found['home']}" + (" (simulated)" if found["simulated"] else ""))
    click.echo(
        f"Deliveries: {', '.join(found['deliveries']) or 'none; give some by stclusters run --pct DIR --sci DIR'}"
    )
    click.echo(f"Years prepared: {', '.join(map(str, found['years_prepared'])) or 'none'}")
    for row in found["editions"]:
        click.echo(f"Edition {row['edition']}: {_next_step(row)}")
