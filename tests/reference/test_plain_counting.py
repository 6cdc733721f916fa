"""The models against plain pandas, on random worlds, for every combination of the counting settings."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pandas as pd
import pytest

from foundation.home import Home
from tests.reference import plain_counting as plain
from tests.reference.model_runner import ModelRunner
from tests.reference.small_world import Document, Listed, Place, World

PRECISIONS = ["locality", "locality", "street", "organisation", "region", "country"]
YEARS = {"pct": [2019, 2020], "sci": [2018, 2019]}
#: categories as articles write them, with the science field that `science_fields.csv` gives; "0" for an unknown one
CATEGORIES = {
    "Acoustics": "1.3",
    "ACOUSTICS": "1.3",
    "Physics, Applied": "1.3",
    "Agricultural Engineering": "4.1",
    "Oncology": "3.2",
    "Phrenology": "0",
    "Astrology": "0",
}
#: rta_min_cluster and rta_min_expected that some clusters and fields of the random worlds miss
SOME_MISS = {"fractional": (2, 0.5), "full": (9, 2)}
COMBINATIONS = list(
    itertools.product(
        ("listing", "person"),
        ("fractional", "full"),
        ("documents", "located"),
        ("equal_fields", "by_symbol", "full"),
    )
)


def random_document(chance: random.Random, number: int, places: list[str]) -> Document:
    kind = chance.choice(["pct", "sci"])
    listed: list[Listed] = []
    for person in range(1, chance.choice([0, 1, 1, 2, 3, 7]) + 1):
        linked = kind == "pct" or chance.random() < 0.7
        addresses = sorted(chance.sample(range(1, 5), 1 if kind == "pct" else chance.randint(1, 3)))
        listed += [Listed(person, address, chance.choice([*places, None]), linked) for address in addresses]
    if chance.random() < 0.2:
        listed.append(Listed(len(listed) + 1, 0, None))
    fields = {
        nr: str(chance.choice([0.25, 0.5, 0.75])) for nr in chance.sample(range(1, 36), chance.randint(0, 4))
    }
    subjects = chance.sample(sorted(CATEGORIES), chance.randint(0, 4))
    return Document(
        f"{kind}{number}",
        kind,
        chance.choice([2017, 2018, 2019, 2020]),
        listed,
        fields if kind == "pct" else {},
        subjects if kind == "sci" else [],
    )


def random_world(folder: Path, seed: int, documents: int = 150) -> World:
    chance = random.Random(seed)
    places = {
        f"P{i}": Place(
            round(chance.uniform(-60, 60), 4),
            round(chance.uniform(-170, 170), 4),
            chance.choice(["AA", "BB"]),
            precision,
        )
        for i, precision in enumerate(PRECISIONS * 2)
    }
    made = World(Home(folder), places, [random_document(chance, i, sorted(places)) for i in range(documents)])
    made.write()
    return made


def some_clusters(world: World) -> dict[str, int]:
    fine = [name for name, place in sorted(world.places.items()) if place.precision in plain.FINER]
    return {name: 1 + i % 3 for i, name in enumerate(fine[:-1])}


SEEDS = (1, 20_231)


@pytest.fixture(scope="module", params=SEEDS)
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> World:
    return random_world(tmp_path_factory.mktemp("random"), request.param)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> list[World]:
    return [random_world(tmp_path_factory.mktemp("combined"), seed) for seed in SEEDS]


@pytest.mark.parametrize(("number", "combination"), list(enumerate(COMBINATIONS)))
def test_models_agree_with_plain_pandas(
    worlds: list[World], number: int, combination: tuple[str, str, str, str]
) -> None:
    """Every combination of the settings; the worlds take turns, so that each setting is tried on both."""
    split, counting, total, field_split = combination
    world = worlds[number // 2 % len(worlds)]
    rules = plain.Rules(YEARS, split, counting, total, field_split)
    runner = world.runner(
        some_clusters(world), pct_years=YEARS["pct"], sci_years=YEARS["sci"], fraction_split=split, counting=counting,
        world_total=total, field_split=field_split,
    )  # fmt: skip
    table = plain.listings(world, rules)
    clusters = some_clusters(world)
    agrees_on_ranks(runner, plain.ranking(table, clusters, rules))
    agrees_on_counts(runner, plain.parts(table, clusters, rules))
    agrees_on_fields(runner, plain.fields(world.documents, table, clusters, rules))


def agrees_on_fields(runner: ModelRunner, expected: dict[tuple[int, int], float]) -> None:
    found = runner.table("cluster_fields")
    by_cluster = {(row.cluster_no, row.field_nr): row["count"] for _, row in found.iterrows() if row["count"]}
    assert by_cluster == pytest.approx({key: value for key, value in expected.items() if key[0]}, abs=1e-9)
    of_world = {
        (0, row.field_nr): row.world_count
        for _, row in found[found.cluster_no == 1].iterrows()
        if row.world_count
    }
    assert of_world == pytest.approx({key: value for key, value in expected.items() if not key[0]}, abs=1e-9)


@pytest.mark.parametrize("with_floors", [False, True])
@pytest.mark.parametrize("counting", ["fractional", "full"])
@pytest.mark.parametrize("split", ["listing", "person"])
def test_science_fields_agree_with_plain_pandas(
    worlds: list[World], split: str, counting: str, with_floors: bool
) -> None:
    floors = SOME_MISS[counting] if with_floors else (0, 0)
    whys: set[str | None] = set()
    for world in worlds:
        rules = plain.Rules(YEARS, split, counting)
        clusters = some_clusters(world)
        runner = world.runner(
            clusters, pct_years=YEARS["pct"], sci_years=YEARS["sci"], fraction_split=split, counting=counting,
            rta_min_cluster=floors[0], rta_min_expected=floors[1],
        )  # fmt: skip
        table = plain.listings(world, rules)
        expected = plain.science(world.documents, table, clusters, rules, CATEGORIES, floors)
        runner.make("cluster_subjects")
        query = (
            "select cluster_no, science_field, count, share, world_count, rta, rta_why from cluster_subjects"
        )
        found = {
            (cluster, field): plain.Science(*figures)
            for cluster, field, *figures in runner.connection.sql(query).fetchall()
        }
        assert found.keys() == expected.keys()
        for key, ours in found.items():
            assert ours.why == expected[key].why, key
            for name in ("count", "share", "world_count", "rta"):
                assert getattr(ours, name) == pytest.approx(getattr(expected[key], name), abs=1e-9), (
                    key,
                    name,
                )
        whys |= {one.why for one in expected.values()}
    low = {"cluster below rta_min_cluster", "expected count below rta_min_expected"}
    assert whys == ({None, "unknown field", *low} if with_floors else {None, "unknown field"})


def agrees_on_ranks(runner: ModelRunner, expected: pd.DataFrame) -> None:
    found = runner.table("cluster_ranks").set_index("cluster_no")
    assert found["rank"].to_dict() == expected["rank"].to_dict()
    for column in ("pct_count", "sci_count", "pct_share", "sci_share", "total"):
        assert found[column].astype(float).to_dict() == pytest.approx(expected[column].to_dict(), abs=1e-9)


def agrees_on_counts(runner: ModelRunner, expected: pd.DataFrame) -> None:
    found = runner.table("cluster_counts").set_index(["cluster_no", "kind", "publication_year"])
    by_cluster = expected.groupby(["cluster", "kind", "year"])
    assert found["count"].astype(float).to_dict() == pytest.approx(by_cluster.part.sum().to_dict(), abs=1e-9)
    assert found.documents.to_dict() == by_cluster.size().to_dict()
    assert found.listings.to_dict() == by_cluster.listings.sum().to_dict()


@pytest.mark.parametrize("precision", plain.FINER)
def test_points_agree_with_plain_pandas(world: World, precision: str) -> None:
    rules = plain.Rules(YEARS, point_precision_min=precision)
    runner = world.runner(pct_years=YEARS["pct"], sci_years=YEARS["sci"], point_precision_min=precision)
    points = runner.table("points")
    by_coordinate = {(place.latitude, place.longitude): name for name, place in world.places.items()}
    found = {by_coordinate[row.latitude, row.longitude]: row.weight for row in points.itertuples()}
    assert found == plain.weights(plain.listings(world, rules))
    assert points.point_id.tolist() == list(range(1, len(points) + 1))
    assert list(zip(points.latitude, points.longitude, strict=True)) == sorted(
        zip(points.latitude, points.longitude, strict=True)
    )


@pytest.mark.parametrize("split", ["listing", "person"])
def test_fractions_of_each_document_sum_to_exactly_1(world: World, split: str) -> None:
    runner = world.runner(fraction_split=split)
    runner.make("document_points")
    sums = runner.connection.sql("select sum(fraction) from document_points group by document_no").fetchall()
    assert len(sums) == len(world.documents)
    assert {total for (total,) in sums} == {1}


def test_records_and_fractions_close(world: World) -> None:
    runner = world.runner(some_clusters(world), pct_years=YEARS["pct"], sci_years=YEARS["sci"])
    runner.make("reconciliation")
    records = runner.connection.sql(
        "select sum(case when step = 'read' then amount else -amount end) from reconciliation where unit = 'records' group by scope, kind"
    ).fetchall()
    fractions = runner.connection.sql(
        "select sum(case when step = 'documents' then amount else -amount end) from reconciliation where unit <> 'records' group by kind"
    ).fetchall()
    assert [gap for (gap,) in records] == [0] * 4
    assert [gap for (gap,) in fractions] == [0] * 2


def test_balanced_weights_give_inventors_and_authors_the_same_mass(world: World) -> None:
    runner = world.runner(point_weighting="balanced", balance_scale=1_000_000)
    runner.make("points")
    by_kind = runner.table("int_listings_located")
    weighing = by_kind[by_kind.weighs].groupby("kind").size()
    total = int(runner.table("points").weight.sum())
    assert total == pytest.approx(1_000_000 * int(weighing.sum()), rel=1e-6)


def test_partners_and_reach_agree_with_plain_python(world: World) -> None:
    rules = plain.Rules(YEARS)
    clusters = some_clusters(world)
    runner = world.runner(clusters, pct_years=YEARS["pct"], sci_years=YEARS["sci"])
    counts, shared = plain.reach(world, plain.listings(world, rules), clusters)
    found = runner.table("cluster_reach")
    assert {
        (r.cluster_no, r.kind): (r.documents, r.elsewhere_documents, r.international_documents)
        for r in found.itertuples()
    } == counts
    partners = runner.table("cluster_partners")
    others = partners[partners.partner_kind == "cluster"]
    assert {(r.cluster_no, r.kind, r.partner_no): r.documents for r in others.itertuples()} == shared
    assert sum(counts[key][2] for key in counts) > 0


def test_marts_do_not_depend_on_threads_or_on_the_order_of_rows(world: World) -> None:
    written = []
    for threads, order in ((1, "document_no"), (2, "hash(document_no)")):
        runner = world.runner(some_clusters(world))
        runner.connection.execute(f"set threads = {threads}; set preserve_insertion_order = false")
        for name in ("int_listings_located", "int_documents_by_field", "int_documents_by_subject"):
            rows = runner.make(name)
            runner.connection.execute(
                f"create or replace table {rows} as select * from {rows} order by {order}"
            )
        tables = [
            "document_points",
            "ranking",
            "cluster_fields",
            "cluster_partners",
            "cluster_reach",
            "findings",
        ]
        written.append([runner.table(name) for name in tables])
    for one, other in zip(*written, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
