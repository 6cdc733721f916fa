"""Whether a text is a cron line: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAMES = {name: number for number, name in enumerate(_MONTHS, 1)}, dict(zip(_DAYS, range(7), strict=True))
#: least and greatest number of each field, and its names
_FIELDS: tuple[tuple[int, int, dict[str, int]], ...] = (
    (0, 59, {}), (0, 23, {}), (1, 31, {}), (1, 12, _NAMES[0]), (0, 7, _NAMES[1]),
)  # fmt: skip
_PART = re.compile(r"(?:\*|([a-z]{3}|\d{1,2})(?:-([a-z]{3}|\d{1,2}))?)(?:/(\d{1,2}))?")
_SHORT = frozenset({"@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually"})


def is_cron(text: str) -> bool:
    """Whether `text` is five fields of numbers, names, `*`, `-`, `,` and `/`, or a short form as `@daily`.

    >>> is_cron("0 6 * * mon-fri"), is_cron("whenever"), is_cron("0 24 * * *")
    (True, False, False)
    """
    fields = text.lower().split()
    if len(fields) == 1:
        return fields[0] in _SHORT
    return len(fields) == len(_FIELDS) and all(
        _is_part(part, *bounds)
        for field, bounds in zip(fields, _FIELDS, strict=True)
        for part in field.split(",")
    )


def _is_part(part: str, least: int, greatest: int, names: dict[str, int]) -> bool:
    found = _PART.fullmatch(part)
    if found is None:
        return False
    first, last, step = found.groups()
    numbers = [names.get(one, int(one) if one.isdigit() else -1) for one in (first, last) if one]
    inside = all(least <= number <= greatest for number in numbers)
    # a step without a range or star says nothing: 5/10
    stepped = step is None or (int(step) > 0 and (first is None or last is not None))
    return inside and numbers == sorted(numbers) and stepped
