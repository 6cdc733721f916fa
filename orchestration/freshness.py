"""What Dagster says is stale: the one answer that runs, `status` and tests ask for."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import dagster as dg
from dagster._core.definitions.assets.graph.base_asset_graph import BaseAssetGraph
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContext
from dagster._core.storage.tags import PARTITION_NAME_TAG

from foundation.contracts.edition_settings import made_with
from foundation.home import Home
from foundation.settings import Settings


class _Loading(LoadingContext):
    """Loaders for one round of questions."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self._instance = instance
        self._loaders: dict[object, object] = {}

    @property
    def instance(self) -> dg.DagsterInstance:
        return self._instance

    @property
    def loaders(self) -> dict[object, object]:  # type: ignore[override]
        return self._loaders


class Freshness:
    """Answers for the present moment; make a new one after a run."""

    def __init__(self, instance: dg.DagsterInstance, graph: object) -> None:
        self._resolver = CachingStaleStatusResolver(instance, graph, _Loading(instance))  # type: ignore[arg-type]

    def status(self, key: dg.AssetKey, partition: str | None) -> str:
        """`fresh`, `stale` or `missing`."""
        status = self._resolver.get_status(key, partition)
        return {StaleStatus.FRESH: "fresh", StaleStatus.STALE: "stale"}.get(status, "missing")

    def is_fresh(self, keys: Iterable[dg.AssetKey], partition: str | None) -> bool:
        """Whether all of `keys` are fresh in `partition`."""
        return all(self.status(key, partition) == "fresh" for key in sorted(keys))

    def causes(self, key: dg.AssetKey, partition: str | None) -> list[str]:
        """Why an asset is stale, in Dagster's words."""
        return [str(cause.reason) for cause in self._resolver.get_stale_causes(key, partition)]


def worth_asking(
    instance: dg.DagsterInstance, graph: BaseAssetGraph[Any], keys: Iterable[dg.AssetKey], edition: str
) -> set[dg.AssetKey]:
    """Which of the assets that an edition's job makes can be stale or missing: asking one costs up to 0.06 s of CPU.

    When the last run of the edition was the whole job and ended well, its tables agree with each other, and only those
    that read something from outside (years, settings, the previous edition) can have become stale. Else all.
    """
    made = set(keys)
    last = instance.get_runs(dg.RunsFilter(tags={PARTITION_NAME_TAG: edition}), limit=1)
    whole = bool(last) and last[0].job_name == "edition" and last[0].is_success
    if not whole or not made <= (last[0].asset_selection or made):
        return made
    return {
        key
        for key in made
        if any(_from_outside(graph, key, parent, made) for parent in graph.get(key).parent_keys)
    }


def _from_outside(
    graph: BaseAssetGraph[Any], key: dg.AssetKey, parent: dg.AssetKey, made: set[dg.AssetKey]
) -> bool:
    """Whether an input is of another job, or of this one's for another edition."""
    return parent not in made or isinstance(
        graph.get_partition_mapping(key, parent), dg.StaticPartitionMapping
    )


def made_files(home: Home, edition: str) -> list[Path]:
    """What a built edition has at least; Dagster does not look whether it is still there."""
    tables = [home.table(edition, "ranking"), home.database(edition)]
    return [*tables, home.release(edition), home.site(edition) / "index.html"]


def reason_to_build(
    home: Home, settings: Settings, freshness: Freshness, keys: Iterable[dg.AssetKey], edition: str
) -> str:
    """Why an edition must be built, in a few words; empty when everything it makes is there and up to date.

    `keys` are the assets of the job `edition`.
    """
    made = made_with(home, edition)
    if made not in ("", settings.hash(edition)):
        return "its settings changed"
    gone = [path for path in made_files(home, edition) if not path.exists()]
    old = [key for key in sorted(keys) if freshness.status(key, edition) != "fresh"]
    if old:
        causes = freshness.causes(old[0], edition) or ["not built since"]
        more = f", and {len(old) - 1} tables more" if len(old) > 1 else ""
        return f"{old[0].to_user_string()}: {causes[0]}{more}"
    return f"{gone[0].name} is gone" if gone else "" if made else "not built yet"
