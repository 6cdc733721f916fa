"""Models spoiled by hand, one fault each: a unit test of the model must see it.

Every fault is a thing that could be written by mistake and would change a printed figure. All are applied to one copy of
the project, each to a model of its own, so that one call of dbt judges them; unit tests see no model but theirs.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from foundation.home import Home, dbt_project_folder
from tests.dbt_project.conftest import EDITION
from tests.dbt_project.dbt_calls import Called, call_dbt


class Mutant(NamedTuple):
    """A model, what is spoiled in it, or in the macro that it is made by, and by what."""

    fault: str
    model: str
    right: str
    wrong: str
    macro: str = ""


MUTANTS = (
    Mutant("the fraction dropped", "int_cluster_fractions", "sum(fraction)", "count(*)"),
    Mutant("the fraction dropped from a field", "int_cluster_fields", "counted.part * split", "split", macro="counts"),
    Mutant("unlocated parts given to the outside", "int_document_clusters", "then -2 else", "then -1 else"),
    Mutant("persons counted as listings", "int_listing_parts", "then listings.person_no else 0", "then 0 else 0"),
    Mutant("the remainder of rounding lost", "int_listings_weighted", "parts.fraction + parts.remainder", "parts.fraction"),
    Mutant("< for <=: the last ranked cluster", "point_classes", "ranks.rank <= settings", "ranks.rank < settings"),
    Mutant("<= for <: a field more than half needs", "int_findings_fields", "share_before < settings", "share_before <= settings"),
    Mutant("a year off by one", "int_cluster_growth", "max(publication_year) - 1", "max(publication_year) - 2"),
    Mutant("a year of the other kind's window", "int_edition_years", "unnest(sci_years)", "unnest(pct_years)"),
    Mutant("a wrong join key: addresses of another year", "int_listings_located",
           "listings.address_id = addresses.address_id", "listings.document_no = addresses.address_id"),
    Mutant("a wrong join key: years crossed", "cluster_years",
           "and world.publication_year = counts.publication_year", "and world.publication_year <= counts.publication_year"),
    Mutant("a previous rank taken as printed, of any cluster it came from", "ranking",
           "on predecessors.previous_cluster_no = previous.cluster_no",
           "on list_contains(predecessors.previous_cluster_nos, previous.cluster_no)"),
    Mutant("ties ranked 1, 1, 2", "cluster_ranks", "rank() over", "dense_rank() over"),
    Mutant("located fractions as the world of documents", "world_totals",
           "when 'documents' then cast(world.documents as decimal(38, 15))", "when 'documents' then world.located"),
    Mutant("cross-border clusters counted for their first economy only", "economy_clusters",
           "unnest(economies)", "unnest(economies[1:1])"),
    Mutant("unknown fields in the denominator", "int_cluster_sizes", "filter (where field_nr > 0)", ""),
    Mutant("applicants by number instead of equal parts", "cluster_applicants",
           '{{ equal_part("applicants.applicants") }}', "1"),
    Mutant("partners among places", "cluster_partners", "ranks.rank asc nulls last, pairs.partner_no", "pairs.partner_no"),
    Mutant("subclasses matched as text prefixes", "unmatched_symbols",
           "coalesce(symbols.main_group, -1) = coalesce(patterns.main_group, symbols.main_group, -1)",
           "starts_with(cast(coalesce(symbols.main_group, -1) as varchar), cast(coalesce(patterns.main_group, -1) as varchar))"),
    Mutant("abroad told by another cluster's part", "int_spread_documents",
           "and parts.cluster_no = mixed_parts.cluster_no", ""),
    Mutant("articles' partners told of applications", "cluster_reach", "and own.kind = spread.kind", ""),
    Mutant("places counted once for each point", "int_partner_places", "select distinct", "select"),
    Mutant("a field's world taken from another field", "field_rankings", "and counts.field_code = world.field_code", ""),
    Mutant("parts of other clusters given to organisations", "cluster_organisations",
           "and sized.cluster_no = parts.cluster_no", ""),
    Mutant("sectors without applications left out", "cluster_sectors", 'left join {{ ref("int_field_counts") }} as counts',
           'inner join {{ ref("int_field_counts") }} as counts'),
    Mutant("cities told apart by name only", "neighbour_pairs", "and pairs.cluster_a = found_a.cluster", ""),
    Mutant("places weighed by their greatest address", "points", "sum(listings.listings) as listings", "max(listings.listings) as listings"),
    Mutant("a region that is not known said of the first five", "int_findings_clusters", "and min(subregion) <> 'Unknown'", ""),
    Mutant("clusters without growth compared", "int_findings_growth", "and ranking.growth is not null", ""),
    Mutant("leaders of an economy by rank only", "int_findings_economies",
           "and list_contains(ranking.economies, economies.iso2)", ""),
    Mutant("names that are nothing but a legal form joined", "int_leader_names", "''), name_key, '')", "''), '')"),
)  # fmt: skip


@pytest.fixture(scope="module")
def status(empty_build: tuple[Home, Called], tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Results of the unit tests of each spoiled model."""
    home, _ = empty_build
    copy = tmp_path_factory.mktemp("mutants") / "dbt_project"
    shutil.copytree(
        dbt_project_folder(), copy, ignore=shutil.ignore_patterns("target", "logs", "__pycache__")
    )
    for mutant in MUTANTS:
        spoil(copy, mutant)
    models = [f"{mutant.model},test_type:unit" for mutant in MUTANTS]
    called = call_dbt(home, EDITION, "test", "--select", *models, project=copy, target=copy / "target")
    found: dict[str, set[str]] = {}
    for name, result in called.status().items():
        found.setdefault(name.split(".")[0], set()).add(result)
    return found


def spoil(project: Path, mutant: Mutant) -> None:
    (file,) = project.rglob(f"{mutant.macro or mutant.model}.sql")
    text = file.read_text(encoding="utf-8")
    assert text.count(mutant.right) >= 1, f"{mutant.model} no longer holds {mutant.right!r}"
    file.write_text(text.replace(mutant.right, mutant.wrong, 1), encoding="utf-8")


def test_each_fault_has_a_model_of_its_own() -> None:
    assert len({mutant.model for mutant in MUTANTS}) == len(MUTANTS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_a_unit_test_catches(mutant: Mutant, status: dict[str, set[str]]) -> None:
    assert "fail" in status[mutant.model], f"{mutant.fault}: {status[mutant.model]}"
