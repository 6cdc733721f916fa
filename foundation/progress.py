"""Progress: done, total, rate, remaining. A bar on a terminal, a line every ten seconds otherwise.

Libraries report through a `Progress`; where it goes (terminal, Dagster's log, nowhere) is the caller's choice.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY_SECONDS = 10.0
BAR_EVERY_SECONDS = 0.2


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


class Progress:
    """Counts work that is done and says how fast it goes and how long it will take.

    Parameters
    ----------
    what : str
        What is counted, as in "reading pct.demo".
    total : int or None
        Units in all; None when unknown (then no remaining time is given).
    unit : str
        Name of a unit, as in "bytes" or "addresses".
    emit : callable or None
        Takes a line of text. None means standard error.
    """

    def __init__(
        self,
        what: str,
        total: int | None = None,
        unit: str = "",
        emit: Callable[[str], None] | None = None,
        stream: TextIO | None = None,
    ) -> None:
        self.what, self.total, self.unit, self.done = what, total, unit, 0
        self._emit = emit
        self._stream = stream or sys.stderr
        self._bar = emit is None and self._stream.isatty()
        self._start = self._last = time.monotonic()
        self._drawn = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def add(self, amount: int = 1) -> None:
        """`amount` more units are done; a line appears when one is due."""
        self.done += amount
        now = time.monotonic()
        if now - self._last >= (BAR_EVERY_SECONDS if self._bar else EVERY_SECONDS):
            self._last = now
            self._show(self.line())

    def line(self) -> str:
        """The present state as one line."""
        seconds = max(time.monotonic() - self._start, 1e-9)
        rate = self.done / seconds
        text = f"{self.what}: {self.done:,}"
        if self.total:
            text += f" of {self.total:,} ({100 * self.done / self.total:.0f} %)"
        text += f" {self.unit}, {rate:,.0f}/s" if self.unit else f", {rate:,.0f}/s"
        if self.total and rate > 0:
            text += f", {_clock(max(self.total - self.done, 0) / rate)} left"
        return text

    def _show(self, text: str) -> None:
        if self._emit is not None:
            self._emit(text)
        elif self._bar:
            self._drawn = True
            self._stream.write("\r\x1b[K" + text[:110])
            self._stream.flush()
        else:
            self._stream.write(text + "\n")
            self._stream.flush()
