"""Faults of a settings file as sentences: the key's path, what is wrong, the nearest known key."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from pydantic import ValidationError

from foundation.errors import BadSettings


def unknown_key(path: tuple[str, ...], known: list[str], source: str) -> BadSettings:
    """The fault of a key that no setting has, with the nearest of those `known` beside it."""
    key = path[-1]
    near = difflib.get_close_matches(key, known, 1, cutoff=0.5)
    hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(sorted(known))}."
    return BadSettings(f"Unknown setting '{'.'.join(path)}'.", hint, source)


def first_fault(
    fault: ValidationError,
    prefix: tuple[str, ...],
    source: str,
    known_keys: Callable[[tuple[str, ...]], list[str]],
) -> BadSettings:
    """The fault to tell first; `known_keys` gives the keys of the block at a path."""
    errors = fault.errors()
    # a misspelt key is also a missing one, and its name is the better hint
    error = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    path = (*prefix, *(str(part) for part in error["loc"]))
    if error["type"] == "extra_forbidden":
        return unknown_key(path, known_keys(path[:-1]), source)
    message = error["msg"].removeprefix("Value error, ")
    if error["type"] == "missing":
        return BadSettings(f"The setting '{'.'.join(path)}' is missing.", "Add it.", source)
    got = error.get("input")
    shown = "" if isinstance(got, dict) else f" (it is {got!r})"
    return BadSettings(
        f"The setting '{'.'.join(path)}' cannot be used{shown}: {message}.", "Mend it.", source
    )
