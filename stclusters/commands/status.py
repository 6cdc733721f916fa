"""`stclusters status`: what a home holds, what is fresh, missing or running, what runs took, and what to do next."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from foundation.home import Home
from foundation.settings import Settings
from stclusters.options import editions_option, find_home, find_settings, home_option

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.history import RunFigures


FAILED, INTERRUPTED = "could not be read", "was interrupted while it was read"


def edition_state(home: Home, settings: Settings, edition: str, prepared: set[int]) -> dict[str, Any]:
    """One edition: years it lacks, whether its pages exist."""
    lacking = [year for year in settings.edition(edition).all_years if year not in prepared]
    page = home.site(edition) / "index.html"
    return {"edition": edition, "years_missing": lacking, "built": page.is_file(), "page": str(page)}


def not_read(home: Home) -> dict[str, str]:
    """Why each delivery or entry of `raw/` that has no tables in the lake has none, as the end of a sentence."""
    from extracts.stage import look_at_deliveries

    marks, waiting = look_at_deliveries(home, 0.0, time.time())
    unread = [key for key in marks if not home.delivery_report(key, "report").is_file()]
    return waiting | dict.fromkeys(unread, "is not read yet")


def state(home: Home, settings: Settings) -> dict[str, Any]:
    """Deliveries, prepared years and editions of a home."""
    prepared = {year for year in settings.partition_years() if home.year_manifest(year).is_file()}
    return {
        "home": str(home.root),
        "simulated": home.state().get("simulated"),
        "deliveries": home.deliveries(),
        "deliveries_lost": {key: str(folder) for key, folder in home.lost().items()},
        "not_read": not_read(home),
        "years_prepared": sorted(prepared),
        "years_stale": [],
        "editions": [edition_state(home, settings, name, prepared) for name in sorted(settings.editions)],
        "running": [],
    }


def _ask_dagster(found: dict[str, Any], home: Home, settings: Settings, instance: dg.DagsterInstance) -> None:
    """Add what the instance knows: stale years and editions, with the reason, and runs at work."""
    from orchestration.history import running
    from orchestration.run import stale_reasons

    years, editions = stale_reasons(home, settings, instance, found["years_prepared"])
    found["years_stale"] = years
    for row in found["editions"]:
        changed = [year for year in settings.edition(row["edition"]).all_years if year in years]
        row["stale"] = editions.get(row["edition"]) or (f"{_listed(changed)} changed" if changed else "")
    found["running"] = [f"{run.job} {run.partition}".strip() for run in running(instance)]
    found["not_read"] |= _failed_deliveries(found["deliveries"], home, instance)


def _failed_deliveries(keys: list[str], home: Home, instance: dg.DagsterInstance) -> dict[str, str]:
    """Why the last reading of a delivery failed; what was read of it before, if anything, is still in use."""
    from orchestration.history import last_of

    why = {}
    for key in keys:
        run = last_of(instance, key)
        if run is None or run.state != "failure":
            continue
        before = (
            "; what was read of it before is used" if home.delivery_report(key, "report").is_file() else ""
        )
        if run.interrupted:
            why[key] = f"{INTERRUPTED}{before}"
            continue
        said = [f"{step.sentence} ({step.where})" if step.where else step.sentence for step in run.steps]
        told = next(filter(None, said), "its run ended without saying why")
        why[key] = f"{FAILED}{before}: {told} See stclusters status --run {run.run_id[:8]}"
    return why


def _listed(years: list[int]) -> str:
    return ", ".join(map(str, years))


def _edition_line(row: dict[str, Any]) -> str:
    if row["years_missing"]:
        return f"lacks years {_listed(row['years_missing'])}"
    if not row["built"]:
        return "ready to be built"
    return f"stale: {row['stale']}" if row.get("stale") else "pages built, up to date"


def next_step(found: dict[str, Any]) -> str:
    """The one thing to do next."""
    if found["running"]:
        return "Wait for the runs at work, or watch them: stclusters ui"
    if not found["deliveries"]:
        return "Give raw files: stclusters run --edition NAME --pct DIR --sci DIR"
    failed = [key for key, why in found["not_read"].items() if why.startswith(FAILED)]
    if failed:
        return f"Mend {', '.join(failed)}, or take it out of raw/; then: stclusters run --edition NAME"
    open_ones = [row for row in found["editions"] if not row["years_missing"]]
    waits = any(why.startswith(INTERRUPTED) for why in found["not_read"].values())
    for row in open_ones:
        if waits or not row["built"] or row.get("stale"):
            return f"stclusters run --home {found['home']} --edition {row['edition']}"
    built = [row for row in open_ones if row["built"]]
    if built:
        return f"Nothing; read it: stclusters open --home {found['home']} --edition {built[0]['edition']}"
    if found["not_read"]:
        return "Mend what is not read, or wait until it is; then: stclusters run --edition NAME"
    return "Add deliveries of the missing years, or name an edition of the years that are there."


def _lines(found: dict[str, Any]) -> Iterator[str]:
    yield f"Home {found['home']}" + (" (simulated)" if found["simulated"] else "")
    yield f"Deliveries: {', '.join(found['deliveries']) or 'none'}"
    for name, why in found["not_read"].items():
        yield f"Not read: {name} {why}"
    for key, folder in found["deliveries_lost"].items():
        yield f"Folder gone: {key} was {folder}"
    yield f"Years prepared: {_listed(found['years_prepared']) or 'none'}"
    if found["years_stale"]:
        yield f"Years stale: {_listed(found['years_stale'])} (what they are made of changed)"
    for row in found["editions"]:
        yield f"Edition {row['edition']}: {_edition_line(row)}"
    for run in found["running"]:
        yield f"Running: {run}"
    yield f"Next: {next_step(found)}"


def _run_lines(runs: list[RunFigures]) -> Iterator[str]:
    from orchestration.reports import duration, moment

    yield f"{'run':<9}{'begun':<21}{'job':<28}{'partition':<16}{'state':<10}{'took':>12}{'rows':>14}{'peak MB':>9}"
    for run in runs:
        yield (
            f"{run.run_id[:8]:<9}{moment(run.started):<21}{run.job[:27]:<28}{run.partition[:15]:<16}"
            f"{run.state:<10}{duration(run.seconds):>12}{run.rows:>14,}{run.peak_mb:>9,.0f}"
        )


def _say_run(instance: dg.DagsterInstance, run_id: str) -> None:
    from orchestration.history import find
    from orchestration.reports import text

    run = find(instance, run_id)
    if run is None:
        raise click.UsageError(
            f"This home has no run {run_id}; `stclusters status --runs 20` lists the last ones."
        )
    click.echo(text(run), nl=False)


@click.command("status")
@home_option
@editions_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--runs", type=click.IntRange(1), help="List the last N runs: what each took, rows, memory.", metavar="N"
)
@click.option(
    "--run", "run_id", help="The report of one run, by its id or the beginning of it.", metavar="ID"
)
def command(
    home: str | None, editions: str | None, as_json: bool, runs: int | None, run_id: str | None
) -> None:
    """What a home holds, what is stale or missing, and what to do next.

    \b
    stclusters status --home demo
    stclusters status --home demo --runs 10
    stclusters status --home demo --run 1f3c22ab
    """
    place = find_home(home)
    if runs is None and run_id is None:
        _overview(place, find_settings(editions), as_json)
        return
    if not place.dagster().is_dir():
        raise click.UsageError(f"No run was made yet in {place.root}.")
    from orchestration.history import latest
    from orchestration.instance import open_instance

    with open_instance(place) as instance:
        if run_id is not None:
            _say_run(instance, run_id)
        else:
            click.echo("\n".join(_run_lines(latest(instance, runs or 10))))


def _overview(home: Home, settings: Settings, as_json: bool) -> None:
    found = state(home, settings)
    if home.dagster().is_dir():
        from orchestration.instance import open_instance

        with open_instance(home) as instance:
            _ask_dagster(found, home, settings, instance)
    click.echo(json.dumps(found, sort_keys=True) if as_json else "\n".join(_lines(found)))
