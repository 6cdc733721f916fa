"""The method page: every rule with its mark (published, inferred, assumed) and this edition's setting beside it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from publishing import printed as printed_rankings
from publishing.downloads import csvfile
from publishing.language import say
from publishing.marks import MARKS, Mark, Rule, rules
from publishing.reading import Release
from publishing.site.page import Page

COMPARISON = "method/against_printed.csv"
#: ranks so near count as near
_NEAR = 5


def build(release: Release, _: Path) -> Page:
    """The page: rules by METHODOLOGY section, then the settings no rule speaks of."""
    settings = flat(release.settings)
    by_section: dict[str, list[dict[str, Any]]] = {}
    told: set[str] = set()
    for rule in rules():
        told |= set(rule.settings)
        chosen = [(name, settings[name]) for name in rule.settings if name in settings]
        by_section.setdefault(f"{rule.section}. {say(rule.topic)}", []).append(
            {"rule": rule, "said": say(rule.rule), "settings": chosen}
        )
    values = {
        "sections": by_section,
        "marks": {code: Mark(say(mark.word), say(mark.meaning), mark.group) for code, mark in MARKS.items()},
        "numbers": Counter(mark_class(rule) for rule in rules()),
        "other": [(name, value) for name, value in settings.items() if name not in told],
        "simulated_world": release.edition["world"],
        "printed": against_printed(release),
    }
    return Page(
        "method.html", say("Method"), say("How the ranking is made"), "method.html", values, _files(release)
    )


def against_printed(release: Release) -> dict[str, Any] | None:
    """The ranking WIPO printed for the same windows against ours, with how many agree; none for other windows."""
    table = printed_rankings.table_of(release)
    if table is None or not release.ranking:
        return None
    rows = printed_rankings.lines(release, table)
    away = [abs(row.away) for row in rows if row.away is not None]
    return {
        "source": say(table.source),
        "rows": [
            {"rank": row.rank, "name": row.name, "ours": row.ours, "others": row.others, "away": row.away,
             "file": release.brief_file(row.ours) if row.ours is not None else ""}
            for row in rows
        ],
        "number": len(rows),
        "found": len(away),
        "same": sum(value == 0 for value in away),
        "near": sum(value <= _NEAR for value in away),
        "within": _NEAR,
    }  # fmt: skip


def _files(release: Release) -> dict[str, bytes]:
    """The comparison as CSV."""
    table = printed_rankings.table_of(release)
    if table is None or not release.ranking:
        return {}
    import pyarrow as pa

    rows = printed_rankings.lines(release, table)
    columns = {
        "printed_rank": pa.array([row.rank for row in rows], pa.int32()),
        "printed_cluster": pa.array([row.name for row in rows], pa.string()),
        "rank": pa.array([row.ours["rank"] if row.ours else None for row in rows], pa.int32()),
        "name": pa.array([row.ours["name"] if row.ours else None for row in rows], pa.string()),
        "cluster_id": pa.array([row.ours["cluster_id"] if row.ours else None for row in rows], pa.string()),
        "away": pa.array([row.away for row in rows], pa.int32()),
        "others_sharing_a_city": pa.array([row.others for row in rows], pa.int32()),
    }
    return {COMPARISON: csvfile.text(pa.table(columns), release.simulated)}


def mark_class(rule: Rule) -> str:
    """Which of the three groups a rule's mark belongs to."""
    return MARKS[rule.mark].group


def flat(settings: dict[str, Any]) -> dict[str, str]:
    """All resolved settings as names and printed values; reader and geocoding ones by their own names."""
    found: dict[str, str] = {}
    for block in ("settings", "reader", "geocoding"):
        for name, value in settings[block].items():
            label = f"reader.{name}" if name in found else name
            found[label] = printed(value)
    return found


def printed(value: Any) -> str:
    """A setting's value as a YAML file would have it on one line."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return f"[{', '.join(printed(item) for item in value)}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
