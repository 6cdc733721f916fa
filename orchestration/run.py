"""One process from raw files to pages: deliveries, gazetteer, years, the previous edition, the edition.

Runs the same jobs as the UI, in order, and leaves out what Dagster says is fresh.
"""

import contextlib
import errno
import logging
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import dagster as dg
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph
from dagster._core.errors import DagsterExecutionInterruptedError

from foundation.errors import StclustersError, disk_error, is_full_disk
from foundation.home import Home
from foundation.locks import hold
from foundation.settings import Settings
from orchestration.assets.lake import TABLES
from orchestration.definitions import build_definitions
from orchestration.freshness import Freshness, reason_to_build, worth_asking
from orchestration.instance import open_instance
from orchestration.partitions import DELIVERY
from orchestration.sweep import sweep

Say = Callable[[str], None]


@dataclass
class RunSummary:
    """Seconds by stage, in the order met, and what was fresh already."""

    seconds: dict[str, float] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)

    def add(self, stage: str, seconds: float) -> None:
        """Add `seconds` to `stage`."""
        self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds


def stage_of_each_step(graph: AssetGraph) -> dict[str, str]:
    """The group of what each step makes; a step's name is its operation's name."""
    return {
        node.assets_def.node_def.name: str(node.group_name)
        for node in sorted(graph.asset_nodes, key=lambda node: node.key)
        if node.is_executable and node.assets_def.keys
    }


class Runner:
    """Runs jobs of one home in this process."""

    def __init__(self, home: Home, settings: Settings, say: Say) -> None:
        started = time.perf_counter()
        logging.getLogger("dagster").setLevel(logging.ERROR)
        self.home, self.settings, self.say = home, settings, say
        self.definitions = build_definitions(settings, home)
        self.instance = open_instance(home, settings.limits)
        self.graph = self.definitions.resolve_asset_graph()
        self._stages = stage_of_each_step(self.graph)
        self._freshness = Freshness(self.instance, self.graph)
        self.summary = RunSummary()
        self.summary.add("definitions", time.perf_counter() - started)

    def job(self, name: str, partition: str | None = None) -> None:
        """Run a job, for one partition; a failed step raises its own error."""
        job = self.definitions.resolve_job_def(name)
        try:
            # dbt's own lines stand in its log file; stdout is for the run's result
            with Path(os.devnull).open("w") as quiet, contextlib.redirect_stdout(quiet):
                result = job.execute_in_process(
                    instance=self.instance, partition_key=partition, run_config={"loggers": {"people": {}}}
                )
        except DagsterExecutionInterruptedError:  # SIGTERM, or Ctrl-C inside a step
            raise KeyboardInterrupt from None
        except dg.Failure as failure:
            if isinstance(failure.__cause__, KeyboardInterrupt | DagsterExecutionInterruptedError):
                raise KeyboardInterrupt from None
            if isinstance(failure.__cause__, StclustersError):
                raise failure.__cause__ from None
            raise self._failed(name, partition, str(failure.description)) from failure
        except Exception as fault:
            if is_full_disk(str(fault)):  # Dagster's own database, or dbt's
                raise disk_error(OSError(errno.ENOSPC, "", str(self.home.root)), f"{name} ran") from fault
            raise
        self._add_seconds(result)
        self._freshness = Freshness(self.instance, self.graph)

    def _failed(self, name: str, partition: str | None, description: str) -> StclustersError:
        lines = [line.strip() for line in description.splitlines() if line.strip()]
        told = [line for line in lines if line.startswith(("Failure in", "Got "))] or lines[:1]
        log = self.home.warehouse(partition) / "target" / "dbt.log" if name == "edition" and partition else ""
        return StclustersError(
            f"{name} {partition or ''} failed: {'; '.join(told[:5])}.", "Its log says more.", str(log)
        )

    def job_if_stale(self, name: str, writes: Iterable[Path], partition: str | None = None) -> bool:
        """Run a job unless everything it makes is fresh and `writes` is still there; whether it ran."""
        keys = self.definitions.resolve_job_def(name).asset_layer.executable_asset_keys
        if all(path.exists() for path in writes) and self._freshness.is_fresh(keys, partition):
            self.summary.skipped.append(f"{name} {partition}" if partition else name)
            return False
        self.say(f"{name} {partition or ''}".strip())
        self.job(name, partition)
        return True

    def _add_seconds(self, result: dg.ExecuteInProcessResult) -> None:
        for event in result.all_events:
            if event.event_type == dg.DagsterEventType.STEP_SUCCESS and event.step_key is not None:
                stage = self._stage_of(event.step_key)
                self.summary.add(stage, event.step_success_data.duration_ms / 1000)

    def _stage_of(self, step: str) -> str:
        return self._stages.get(step, step)

    def deliveries(self, keys: Iterable[str]) -> None:
        """Read deliveries; files that did not change are not read again, and a lost folder's tables stay as they were read."""
        lost = self.home.lost()
        for key in sorted(keys):
            if key in lost and self.home.delivery_report(key, "report").is_file():
                self.say(
                    f"Warning: the folder of delivery {key} is gone ({lost[key]}); what was read of it before is used. "
                    f"Bring it back, or delete the link {self.home.raw(key)} to leave the delivery out."
                )
                continue
            self.instance.add_dynamic_partitions(DELIVERY.name or "delivery", [key])
            self.say(f"read_delivery {key}")
            self.job("read_delivery", key)

    def years(self, present: Iterable[int]) -> None:
        """Prepare every year that an edition of the settings uses and that the deliveries hold."""
        from extracts.readiness import damaged_tables

        used = set(self.settings.used_years())
        for year in sorted(used & set(present)):
            for table in damaged_tables(self.home, year):
                self.say(f"{table} of {year} was damaged or is missing; it is made again")
            tables = [self.home.lake(table, year) for table in (*TABLES, "geocodes")]
            writes = [self.home.year_manifest(year), *tables]
            self.job_if_stale("prepare_year", writes, str(year))

    def edition(self, name: str) -> None:
        """Build an edition after the ones it compares itself with."""
        keys = self.definitions.resolve_job_def("edition").asset_layer.executable_asset_keys
        for one in self.settings.chain(name):
            asked = worth_asking(self.instance, self.graph, keys, one)
            if reason_to_build(self.home, self.settings, self._freshness, asked, one):
                self.say(f"edition {one}")
                self.job("edition", one)
            else:
                self.summary.skipped.append(f"edition {one}")


def stale_reasons(
    home: Home, settings: Settings, instance: dg.DagsterInstance, years: Iterable[int]
) -> tuple[list[int], dict[str, str]]:
    """Prepared years that are stale, and why each built edition is (one sentence), as Dagster sees it."""
    definitions = build_definitions(settings, home)
    graph = definitions.resolve_asset_graph()
    freshness = Freshness(instance, graph)
    made = definitions.resolve_job_def("prepare_year").asset_layer.executable_asset_keys
    stale = [year for year in sorted(years) if not freshness.is_fresh(made, str(year))]
    keys = definitions.resolve_job_def("edition").asset_layer.executable_asset_keys
    reasons = {}
    for name in sorted(settings.editions):
        asked = worth_asking(instance, graph, keys, name)
        if reason := reason_to_build(home, settings, freshness, asked, name):
            reasons[name] = reason
    return stale, reasons


def run_edition(home: Home, settings: Settings, edition: str, say: Say) -> RunSummary:
    """From the home's deliveries to the pages of `edition`; returns the seconds of each stage.

    One such run at a time works in a home: a second one waits and says for whom. What a crashed one left is cleared.
    """
    from extracts.readiness import require_delivered
    from extracts.stage import look_at_deliveries, read_years

    with hold(home.lock("run"), f"edition {edition}", say):
        runner = Runner(home, settings, say)
        for line in sweep(home, runner.instance).sentences():
            say(line)
        unreadable = look_at_deliveries(home, 0.0, time.time())[1]
        for name, why in unreadable.items():
            say(f"Warning: {name} {why}.")
        runner.deliveries(key for key in home.deliveries() if key not in unreadable)
        for one in settings.chain(edition):
            require_delivered(home, settings, one)
        runner.job_if_stale("reference", [home.places()])
        runner.job_if_stale("find_copies", [home.completeness()])
        runner.years(read_years(home))
        runner.job_if_stale("compare_years", [home.year_coverage()])
        runner.edition(edition)
    return runner.summary
