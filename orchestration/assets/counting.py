"""Stage `counting`: fractions are summed by cluster and year; shares and ranks follow (dbt, tag `counting`)."""

from typing import Any

from orchestration.dbt import dbt_stage
from orchestration.partitions import Partitions


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    return [dbt_stage("counting", partitions)]
