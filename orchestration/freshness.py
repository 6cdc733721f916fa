"""What Dagster says is stale: the one answer that runs, `status` and tests ask for."""

from collections.abc import Iterable

import dagster as dg
from dagster._core.definitions.data_version import CachingStaleStatusResolver, StaleStatus
from dagster._core.loader import LoadingContext


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
