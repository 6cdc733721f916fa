"""Which years run by themselves after their raw data changed, and in how many runs: on two small tables, one of the other."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg
import pytest
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData

from orchestration.assets.lake import WHEN_A_DEPENDENCY_CHANGED

YEARS = dg.StaticPartitionsDefinition(["2019", "2020"])
Asked = set[tuple[str, str]]


def made_in_run(job: str, event: dg.AssetMaterialization) -> DagsterEvent:
    """What a run says of a table that it made."""
    return DagsterEvent(
        event_type_value=DagsterEventType.ASSET_MATERIALIZATION.value,
        job_name=job,
        event_specific_data=StepMaterializationData(event),
    )


class World:
    """An instance with `intake`, `addresses` made of it and `geocodes` made of them; the daemon's ticks by hand."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance, self.content = instance, {"addresses": "1", "geocodes": "1"}
        self.intake = self.observable()
        self.tables = [self.table("addresses", "intake"), self.table("geocodes", "addresses")]
        self.cursor: dg.AssetDaemonCursor | None = None

    def observable(self) -> Any:
        """As the real one: conditions do not see observations of a plain specification."""

        @dg.multi_observable_source_asset(specs=[dg.AssetSpec("intake")], partitions_def=YEARS)  # type: ignore[untyped-decorator]
        def intake() -> Any:
            yield dg.ObserveResult(asset_key="intake", data_version=dg.DataVersion("1"))

        return intake

    def table(self, name: str, parent: str) -> dg.AssetsDefinition:
        """A table whose content is told by its data version."""

        @dg.asset(
            name=name, deps=[parent], partitions_def=YEARS, automation_condition=WHEN_A_DEPENDENCY_CHANGED
        )
        def made() -> dg.MaterializeResult[None]:
            return dg.MaterializeResult(data_version=dg.DataVersion(self.content[name]))

        return made

    def observe(self, year: str, version: str) -> None:
        """What a delivery says of a year."""
        tags = {"dagster/data_version": version}
        self.instance.report_runless_asset_event(
            dg.AssetObservation(asset_key="intake", partition=year, tags=tags)
        )

    def run(self, year: str, *names: str) -> None:
        """One run that makes tables of a year."""
        keys = frozenset(dg.AssetKey(name) for name in names)
        job = dg.Definitions(assets=[self.intake, *self.tables]).resolve_implicit_global_asset_job_def()
        run = self.instance.create_run_for_job(
            job, tags={"dagster/partition": year}, asset_selection=keys, status=dg.DagsterRunStatus.STARTED
        )
        for key in sorted(keys):
            tags = {"dagster/data_version": self.content[key.to_user_string()]}
            event = dg.AssetMaterialization(key, partition=year, tags=tags)
            self.instance.report_dagster_event(made_in_run(job.name, event), run.run_id)

    def tick(self) -> Asked:
        """What the daemon would start."""
        defs = dg.Definitions(assets=[self.intake, *self.tables])
        found = dg.evaluate_automation_conditions(defs, self.instance, cursor=self.cursor)
        self.cursor = found.cursor
        return {
            (result.key.to_user_string(), year)
            for result in found.results
            for year in result.true_subset.expensively_compute_partition_keys()
        }


@pytest.fixture
def world() -> Iterator[World]:
    with dg.DagsterInstance.ephemeral() as instance:
        made = World(instance)
        for year in YEARS.get_partition_keys():
            made.observe(year, "1")
            made.run(year, "addresses", "geocodes")
        made.tick()
        assert made.tick() == set()
        yield made


def changed(world: World, content: Callable[[], None]) -> None:
    """A delivery changes 2019, and the one run that is asked for makes both tables."""
    world.observe("2019", "2")
    assert world.tick() == {("addresses", "2019"), ("geocodes", "2019")}
    content()
    world.run("2019", "addresses", "geocodes")


def test_a_changed_year_is_merged_and_geocoded_by_one_run(world: World) -> None:
    changed(world, lambda: world.content.update(addresses="2", geocodes="2"))
    assert world.tick() == set()
    assert world.tick() == set()


def test_the_same_content_again_starts_nothing(world: World) -> None:
    world.observe("2019", "1")
    assert world.tick() == set()


def test_a_table_made_by_hand_with_another_content_starts_its_reader(world: World) -> None:
    world.content["addresses"] = "3"
    world.run("2020", "addresses")
    assert world.tick() == {("geocodes", "2020")}
    world.run("2020", "geocodes")
    assert world.tick() == set()
