"""All definitions, from settings and a home. Nothing but `editions.yaml` and dbt's manifest is read here."""

import os
import warnings

import dagster as dg

from foundation.home import Home, project_root
from foundation.settings import Settings, load
from orchestration.partitions import Partitions


def build_definitions(settings: Settings, home: Home) -> dg.Definitions:
    """Dagster definitions of one settings file over one home."""
    from orchestration.assets import (
        clustering,
        counting,
        extracts,
        geocoding,
        lake,
        marts,
        points,
        publishing,
        reference,
    )
    from orchestration.checks import checks
    from orchestration.jobs import jobs
    from orchestration.people_log import people_log
    from orchestration.resources import dbt_resource
    from orchestration.schedules import schedules
    from orchestration.sensors import sensors

    partitions = Partitions.of(settings)
    stages = (extracts, lake, geocoding, points, clustering, counting, marts, publishing)
    with warnings.catch_warnings():
        # partitions_def of asset checks is in preview; multi_observable_source_asset and code references are beta
        warnings.filterwarnings("ignore", category=dg.PreviewWarning)
        warnings.filterwarnings("ignore", category=dg.BetaWarning)
        assets = [*reference.assets(), *(asset for stage in stages for asset in stage.assets(partitions))]
        found = dg.Definitions(
            assets=dg.with_source_code_references(assets),  # the file and line of each, in the interface
            asset_checks=checks(partitions),
            jobs=jobs(),
            schedules=schedules(settings, home),
            sensors=sensors(),
            resources={"home": home, "settings": settings, "dbt": dbt_resource()},
            loggers={"people": people_log, "console": dg.colored_console_logger},
            executor=dg.in_process_executor,
        )
        return found.map_asset_specs(func=_owned)


def _owned(spec: dg.AssetSpec) -> dg.AssetSpec:
    """Who to ask about a table: the people of its stage, whose room and tests bear the same name."""
    return spec.replace_attributes(owners=[f"team:{spec.group_name}"])


@dg.definitions
def defs() -> dg.Definitions:
    """The code location: definitions of the settings file and the home that the environment names."""
    file = os.environ.get("STCLUSTERS_EDITIONS") or project_root() / "editions.yaml"
    return build_definitions(load(file), Home.find())
