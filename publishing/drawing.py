"""Small charts as SVG: plain attributes and classes, no style, so that a strict Content-Security-Policy holds.

Text that comes from data is escaped by `Markup.format`; coordinates have one decimal, so equal figures give equal bytes.
"""

from __future__ import annotations

from markupsafe import Markup

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
    return Markup(
        '<svg class="meter" width="{0}" height="10" viewBox="0 0 {0} 10" aria-hidden="true">'
        '<rect class="{1}" width="{2}" height="10"/></svg>'
    ).format(width, name, _coordinate(drawn))
