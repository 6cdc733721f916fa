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


def stacked_bar(parts: list[tuple[str, float]], largest: float) -> Markup:
    """A bar of several parts, `largest` being the full width; each part is (class, value)."""
    scale = BAR_WIDTH / largest if largest > 0 else 0.0
    pieces, start = Markup(), 0.0
    for name, value in parts:
        width = value * scale
        pieces += Markup('<rect class="{}" x="{}" width="{}" height="10"/>').format(
            name, _coordinate(start), _coordinate(width)
        )
        start += width
    return Markup(
        '<svg class="stack" width="{0}" height="10" viewBox="0 0 {0} 10" aria-hidden="true">{1}</svg>'
    ).format(BAR_WIDTH, pieces)


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
        f'<svg class="meter" width="{width}" height="10" viewBox="0 0 {width} 10" aria-hidden="true">'
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
