"""A previous edition whose tables were made by other rules than its settings now say is not compared with."""

from __future__ import annotations

import json
from pathlib import Path

from foundation.errors import MissingData
from foundation.settings import RULES, Settings


def demand_same_rules(file: Path, settings: Settings, before: str) -> None:
    """Raise MissingData if edition `before` was last run by other rules than it has now (METHODOLOGY 13 and 22).

    Parameters
    ----------
    file : the `settings.json` that its run left; without it nothing is known, and nothing refused
    """
    if not file.is_file():
        return
    used = json.loads(file.read_text(encoding="utf-8"))["settings"]
    now = settings.edition(before).model_dump(mode="json")
    for rule in RULES:
        if rule in used and used[rule] != now[rule]:
            raise MissingData(
                f"The previous edition {before} was last run with {rule} {used[rule]!r}, which is {now[rule]!r} now.",
                f"Run edition {before} again first: ranks are compared by the same rules.",
                str(file),
            )
