"""Deliberate errors in the clustering, each of which the exactness cases must see.

`python -m tests.clustering.mutants NAME` puts a changed text of one module in its place, runs small cases without the
compiler (NUMBA_DISABLE_JIT, or each mutant would compile for half a minute) and prints the case that saw it.
"""

import importlib.util
import os
import sys
from pathlib import Path

#: name -> (module, text, text of the mutant), which must occur once
MUTANTS = {
    "none": None,
    "less, not at most, in counting": (
        "kernels",
        "between(points, at, other) <= rule.hav",
        "between(points, at, other) < rule.hav",
    ),
    "less, not at most, in joining": (
        "kernels",
        "if between(points, a, b) <= rule.hav",
        "if between(points, a, b) < rule.hav",
    ),
    "less, not at most, at the border": (
        "kernels",
        "return haversine(place.lat, place.lon, lat, lon) <= rule.hav",
        "return haversine(place.lat, place.lon, lat, lon) < rule.hav",
    ),
    "reach of one band": (
        "kernels",
        "range(max(0, own - 2), min(len(cells.bands), own + 3))",
        "range(max(0, own - 1), min(len(cells.bands), own + 2))",
    ),
    "no rule at the poles": (
        "kernels",
        "return math.cos(furthest) if furthest < 0.5 * math.pi else 0.0",
        "return math.cos(min(abs(south), abs(north)))",
    ),
    "no split at 180": ("kernels", "for turn in range(3):", "for turn in range(1):"),
    "180 is not -180": ("kernels", "        if column >= columns:\n            column = 0\n", ""),
    "chords alone": (
        "kernels",
        "if limit - margin < square <= limit + margin and",
        "if limit < square < limit and",
    ),
    "ties by row": ("kernels", "for axis in range(2):", "for axis in range(0):"),
    "best of the point before": (
        "kernels",
        "best = as_seen_from(place, best.at, points, rule)",
        "best = best",
    ),
    "cells of 1.01 eps": ("engine", "rest = hav - ", "rest = 1.0201 * hav - "),
    "rim a column short": (
        "kernels",
        "math.floor((east + outer - left) * per) + 1",
        "math.floor((east + outer - left) * per)",
    ),
    "own weight left out": (
        "kernels",
        "if heap == 0 or least > outer",
        "if heap == 0 or most < 1e-3 or least > outer",
    ),
}


def load(name):
    """Put the mutant's module where `import` looks first."""
    if MUTANTS[name] is None:
        return
    module, text, mutant = MUTANTS[name]
    path = Path(__file__).resolve().parents[2] / "clustering" / f"{module}.py"
    source = path.read_text(encoding="utf-8")
    assert source.count(text) == 1, f"{text!r} occurs {source.count(text)} times"
    import clustering

    spec = importlib.util.spec_from_file_location(f"clustering.{module}", path)
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    setattr(clustering, module, loaded)
    exec(compile(source.replace(text, mutant), str(path), "exec"), loaded.__dict__)  # our own text


def first_fault(cases):
    """The first case that sees something wrong, or None."""
    from tests.clustering.exactness import case, corners, disagreements

    for seed in range(cases):
        for one in (corners(seed), case(seed, sizes=(2, 3, 8, 15, 30, 60), large_share=0.0)):
            try:
                faults = disagreements(one)
            except (ValueError, IndexError, OverflowError) as fault:
                faults = [f"raised {fault!r}"]
            if faults:
                return f"{one}: {', '.join(faults)}"
    return None


def main():
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1", "set NUMBA_DISABLE_JIT=1"
    name, cases = sys.argv[1], int(sys.argv[2])
    load(name)
    sys.stdout.write(f"{first_fault(cases) or 'not seen'}\n")


if __name__ == "__main__":
    main()
