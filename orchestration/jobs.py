"""Jobs: read a delivery, prepare a publication year, build an edition, publish it."""

from typing import Any

import dagster as dg

from orchestration.assets.clustering import AS_SET
from orchestration.assets.lake import TABLES

READ = ["delivery_tables"]
REFERENCE = ["places"]
COMPLETENESS = ["completeness"]
COVERAGE = ["year_coverage"]
YEAR = [*TABLES, "geocodes"]
PUBLISHING = ["release", "downloads", "briefs", "site"]


def jobs() -> list[Any]:
    """All jobs; each has one partitions definition or none."""
    seeds = dg.AssetSelection.groups("reference") - dg.AssetSelection.assets(*REFERENCE)
    edition = dg.AssetSelection.groups("points", "clustering", "counting", "marts") | seeds
    publishing = dg.AssetSelection.groups("publishing")
    return [
        dg.define_asset_job("read_delivery", READ, description="Read one delivery of raw files."),
        dg.define_asset_job("reference", REFERENCE, description="Build the gazetteer."),
        dg.define_asset_job(
            "find_copies", COMPLETENESS, description="Find documents that came more than once."
        ),
        dg.define_asset_job(
            "compare_years",
            COVERAGE,
            description="How complete each publication year is, by source and economy.",
        ),
        dg.define_asset_job("prepare_year", YEAR, description="Merge and geocode one publication year."),
        dg.define_asset_job(
            "edition",
            edition | publishing,
            description="Points to pages of one edition. In its Launchpad other parameters can be tried: null means the "
            "edition's setting.",
            config=AS_SET,
        ),
        dg.define_asset_job(
            "publish", publishing, description="Pages and files of one edition, from its marts."
        ),
    ]
