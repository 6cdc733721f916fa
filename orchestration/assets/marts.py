"""Stage `marts`: the tables that people read, one grain each (dbt, tag `marts`)."""

from typing import Any

from orchestration.dbt import dbt_stage
from orchestration.partitions import Partitions


def assets(partitions: Partitions) -> list[Any]:
    """The assets of this stage."""
    return [dbt_stage("marts", partitions)]
