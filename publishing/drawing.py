"""Small charts as SVG: plain attributes and classes, no style, so that a strict Content-Security-Policy holds.

Classes are our own words; text that comes from data is escaped by `Markup.format`; coordinates have one decimal, so equal figures give equal bytes.
"""

from __future__ import annotations

from markupsafe import Markup

from publishing.printing import whole

BAR_WIDTH = 96
SPARK_WIDTH, SPARK_HEIGHT = 72, 20
#: a spark shows at least this part of its mean from bottom to top, so that noise does not look like change
_SPARK_SPAN = 0.3


def _coordinate(value: float) -> str:
    return f"{value:.1f}"


def stacked_bar(parts: list[tuple[str, float]], largest: float, full: int = BAR_WIDTH) -> Markup:
    """A bar of several parts, `largest` being the `full` width; each part is (class, value)."""
    scale = full / largest if largest > 0 else 0.0
    pieces, start = Markup(), 0.0
    for name, value in parts:
        width = value * scale
        pieces += Markup('<rect class="{}" x="{}" width="{}" height="10"/>').format(
            name, _coordinate(start), _coordinate(width)
        )
        start += width
    return Markup(
        '<svg class="stack" width="{0}" height="10" viewBox="0 0 {0} 10" preserveAspectRatio="none" aria-hidden="true">{1}</svg>'
    ).format(full, pieces)


def spark(values: list[float]) -> Markup:
    """A line of values at equal steps with its last point marked; empty for fewer than two values."""
    if len(values) < 2:
        return Markup()
    mean = sum(values) / len(values)
    span = max(max(values) - min(values), _SPARK_SPAN * mean, 1e-12)
    middle = (max(values) + min(values)) / 2
    step = (SPARK_WIDTH - 6) / (len(values) - 1)
    height = SPARK_HEIGHT - 6
    spots = [
        (3 + step * place, SPARK_HEIGHT / 2 - (value - middle) / span * height)
        for place, value in enumerate(values)
    ]
    line = " ".join(f"{_coordinate(x)},{_coordinate(y)}" for x, y in spots)
    return Markup(
        '<svg class="spark" width="{0}" height="{1}" viewBox="0 0 {0} {1}" aria-hidden="true">'
        '<polyline points="{2}"/><circle cx="{3}" cy="{4}" r="2.3"/></svg>'
    ).format(SPARK_WIDTH, SPARK_HEIGHT, line, _coordinate(spots[-1][0]), _coordinate(spots[-1][1]))


def meter(value: float, largest: float, name: str, width: int = 150) -> Markup:
    """One bar from zero; a negative value is drawn by its size."""
    drawn = abs(value) / largest * width if largest > 0 else 0.0
    return Markup(  # noqa: S704 (numbers and our own class)
        f'<svg class="meter" width="{width}" height="10" viewBox="0 0 {width} 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="{name}" width="{drawn:.1f}" height="10"/></svg>'
    )


COLUMNS_WIDTH, COLUMNS_HEIGHT = 320, 104


def columns(values: list[tuple[str, float]], name: str, what: str) -> Markup:
    """Columns from zero with their figures on top and their names below; `what` begins the description."""
    if not values:
        return Markup()
    largest = max(value for _, value in values)
    step = COLUMNS_WIDTH / len(values)
    wide = min(step * 0.76, 62.0)
    pieces, said = Markup(), []
    for place, (label, value) in enumerate(values):
        high = value / largest * 70 if largest > 0 else 0.0
        middle = step * (place + 0.5)
        printed = whole(value)
        said.append(f"{label}: {printed}")
        pieces += Markup(
            '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text x="{}" y="{}">{}</text><text x="{}" y="101">{}</text>'
        ).format(
            name, _coordinate(middle - wide / 2), _coordinate(86 - high), _coordinate(wide), _coordinate(high),
            _coordinate(middle), _coordinate(81 - high), printed, _coordinate(middle), label,
        )  # fmt: skip
    return Markup('<svg class="columns" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}</svg>').format(
        COLUMNS_WIDTH, COLUMNS_HEIGHT, what, "; ".join(said), pieces
    )


DOT_WIDTH = 84
DOT_MOST = 5.0


def dot(value: float) -> Markup:
    """A specialisation as a dot on a line from 0 to 5, the world's 1.0 marked; larger ones stand at the end."""
    inner = DOT_WIDTH - 10
    spot = 5 + min(value, DOT_MOST) / DOT_MOST * inner
    one = _coordinate(5 + inner / DOT_MOST)
    return Markup(  # noqa: S704 (numbers only)
        f'<svg class="dot" width="{DOT_WIDTH}" height="12" viewBox="0 0 {DOT_WIDTH} 12" aria-hidden="true">'
        f'<line x1="5" x2="{DOT_WIDTH - 5}" y1="6" y2="6"/><line class="one" x1="{one}" x2="{one}" y1="0" y2="12"/>'
        f'<circle cx="{spot:.1f}" cy="6" r="4"/></svg>'
    )


def pair(values: list[tuple[str, float]], largest: float, width: int) -> Markup:
    """Dots of several figures on one line from zero to `largest`; each is (class, value)."""
    scale = (width - 10) / largest if largest > 0 else 0.0
    spots = Markup().join(
        Markup('<circle class="{}" cx="{}" cy="6" r="4.5"/>').format(name, _coordinate(5 + value * scale))
        for name, value in values
    )
    return Markup(
        '<svg class="pair" width="{0}" height="12" viewBox="0 0 {0} 12" aria-hidden="true"><line x1="0" x2="{0}" y1="6" y2="6"/>{1}</svg>'
    ).format(width, spots)


def strip(part: float, width: int) -> Markup:
    """A dot on a line, `part` of its length from the left."""
    return pair([("pct", part)], 1.0, width)


def row_of_squares(number: int, most: int, width: int) -> Markup:
    """A square for each of `number`; `most` of them fill `width` at the longest."""
    step = min(11.0, width / max(most, 1))
    side = _coordinate(step * 0.8)
    spots = Markup().join(
        Markup('<rect x="{}" width="{}" height="{}"/>').format(_coordinate(step * place), side, side)
        for place in range(number)
    )
    return Markup(
        '<svg class="squares" width="{0}" height="10" viewBox="0 0 {0} 10" aria-hidden="true">{1}</svg>'
    ).format(width, spots)


PICTURE_WIDTH = 560


def segments(values: list[float], whole_is: float, said: str, half: str = "") -> Markup:
    """Parts of a whole side by side, the rest pale; `half` names a mark in the middle."""
    scale, start, pieces = PICTURE_WIDTH / whole_is, 0.0, Markup()
    for place, value in enumerate(values):
        wide = value * scale
        pieces += Markup('<rect class="seg{}" x="{}" y="23" width="{}" height="26"/>').format(
            place % 4, _coordinate(start), _coordinate(max(0.0, wide - 1.5))
        )
        start += wide
    left = _coordinate(max(0.0, PICTURE_WIDTH - start))
    pieces += Markup('<rect class="rest" x="{}" y="23" width="{}" height="26"/>').format(
        _coordinate(start), left
    )
    if half:
        middle = PICTURE_WIDTH // 2
        pieces += Markup(
            '<line class="half" x1="{0}" x2="{0}" y1="18" y2="56"/><text x="{0}" y="14">{1}</text>'
        ).format(middle, half)
    return _picture(58, said, pieces)


def squares_of(number: int, of: int, said: str) -> Markup:
    """A square for each of `of`, the first `number` of them filled."""
    step, row = 16.0, PICTURE_WIDTH // 16
    pieces = Markup().join(
        Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>').format(
            "loss" if place < number else "rest",
            _coordinate(place % row * step), _coordinate(place // row * step), _coordinate(step - 3), _coordinate(step - 3),
        )
        for place in range(of)
    )  # fmt: skip
    return _picture(step * ((of + row - 1) // row), said, pieces)


def dots(values: list[tuple[float, bool]], said: str) -> Markup:
    """A dot for each value from 0 to 100 over an axis, equal ones on each other; those that are named stand out."""
    top = min(100, 10 * (int(max(value for value, _ in values)) // 10 + 1))
    scale, size = (PICTURE_WIDTH - 24) / top, 7.2
    piles: dict[int, list[bool]] = {}
    for value, named in sorted(values, key=lambda one: (one[1], one[0])):
        piles.setdefault(int(value * scale // size), []).append(named)
    high = max(len(pile) for pile in piles.values())
    floor, pieces = high * size + 6, Markup()
    for place, pile in sorted(piles.items()):
        for level, named in enumerate(pile):
            pieces += Markup('<circle class="{}" cx="{}" cy="{}" r="3"/>').format(
                "pct" if named else "rest",
                _coordinate(12 + place * size),
                _coordinate(floor - 5 - level * size),
            )
    pieces += Markup('<line x1="0" x2="{}" y1="{y}" y2="{y}"/>').format(PICTURE_WIDTH, y=_coordinate(floor))
    for mark in range(0, top + 1, 10 if top <= 60 else 20):
        pieces += Markup('<text x="{}" y="{}">{}</text>').format(
            _coordinate(12 + mark * scale), _coordinate(floor + 17), mark
        )
    return _picture(floor + 24, said, pieces)


def _picture(height: float, said: str, pieces: Markup) -> Markup:
    return Markup('<svg class="picture" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        PICTURE_WIDTH, _coordinate(height), said, pieces
    )
