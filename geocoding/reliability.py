"""How often an answer of a kind is right: strengths become probabilities by a table that was fitted on labelled addresses.

The table is `data/reliability.csv`; `benchmarks/geocoding/calibrate.py` fits and writes it, prints the reliability and the
expected calibration error. METHODOLOGY 5.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from geocoding.vocabulary import FOLDER, rows

STYLES = ("bare_", "anywhere_")


@lru_cache(maxsize=1)
def _curves() -> dict[str, tuple[list[float], list[float]]]:
    curves: dict[str, tuple[list[float], list[float]]] = {}
    if (FOLDER / "reliability.csv").is_file():
        for row in rows("reliability"):
            strengths, shares = curves.setdefault(row["rule"], ([], []))
            strengths.append(float(row["strength"]))
            shares.append(float(row["probability"]))
    return curves


@lru_cache(maxsize=50_000)
def probability(rule: str, strength: float) -> float:
    """Probability in [0, 1] that an answer of `rule` with that strength lies within 25 km of the truth.

    A rule in a style that the table lacks is read as the plain rule; an unknown rule as log-odds.
    """
    curves = _curves()
    curve = curves.get(rule)
    for style in STYLES:
        if curve is None and rule.startswith(style):
            curve = curves.get(rule.removeprefix(style))
    if curve is None:
        return 1 / (1 + math.exp(-strength))
    return float(np.interp(strength, *curve))
