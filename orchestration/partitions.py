"""The three partitions (delivery, publication year, edition) and the mappings between them.

Only built-in mappings are used: custom ones reach neither the daemon nor the UI.
"""

from dataclasses import dataclass

import dagster as dg

from foundation.settings import Settings

DELIVERY = dg.DynamicPartitionsDefinition(name="delivery")


@dataclass(frozen=True)
class Partitions:
    """Partitions and mappings of one settings file."""

    years: dg.StaticPartitionsDefinition
    editions: dg.StaticPartitionsDefinition
    year_to_edition: dg.StaticPartitionMapping
    previous_to_edition: dg.StaticPartitionMapping

    @classmethod
    def of(cls, settings: Settings) -> "Partitions":
        """Partitions for the years and editions that `settings` names."""
        by_year: dict[str, list[str]] = {}
        by_previous: dict[str, list[str]] = {}
        for name, edition in sorted(settings.editions.items()):
            for year in edition.all_years:
                by_year.setdefault(str(year), []).append(name)
            if edition.previous_edition is not None:
                by_previous.setdefault(edition.previous_edition, []).append(name)
        return cls(
            years=dg.StaticPartitionsDefinition([str(year) for year in settings.partition_years()]),
            editions=dg.StaticPartitionsDefinition(sorted(settings.editions)),
            year_to_edition=dg.StaticPartitionMapping(by_year),
            previous_to_edition=dg.StaticPartitionMapping(by_previous),
        )
