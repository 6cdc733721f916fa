"""The method page: every rule with its mark (published, inferred, assumed) and this edition's setting beside it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from publishing.language import say
from publishing.marks import MARKS, Mark, Rule, rules
from publishing.reading import Release
from publishing.site.page import Page


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
    }
    return Page("method.html", say("Method"), say("How the ranking is made"), "method.html", values)


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
