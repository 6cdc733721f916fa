"""Sentences agree with the printed figures, count what they list, and know none, one and many."""

from collections.abc import Callable

from publishing import sentences
from publishing.reading import Release
from publishing.site.ranking import facts
from tests.publishing.editions import Made, World, usual

Released = Callable[[World], Release]


def world(*clusters: Made, **more: object) -> World:
    return World(list(clusters), **more)  # type: ignore[arg-type]


def made(name: str, pct: float, economies: str = "JP", **more: object) -> Made:
    return Made(name, economies.split("/"), 35.0, 139.0, pct, 0.0, **more)  # type: ignore[arg-type]


def test_leader_is_named_with_both_printed_shares(opened: Release) -> None:
    assert sentences.leader(opened) == (
        "Tokyo–Yokohama (Japan) leads with 11.7\u00a0% of all PCT applications and 2.3\u00a0% of all articles."
    )


def test_nobody_leads_when_the_printed_totals_are_alike(released: Released) -> None:
    release = released(world(made("A", 78.04), made("B", 78.01), made("C", 20.0)))
    said = sentences.leader(release)
    assert said == "A (Japan) and B (Japan) have the same printed total, 7.8; A comes first unrounded."


def test_cross_border_cluster_counts_for_each_of_its_economies(released: Released) -> None:
    release = released(world(made("A", 90, "DE"), made("Basel", 80, "CH/DE/FR"), made("B", 70, "US")))
    assert sentences.top_economies(release) == (
        "Germany has the most clusters in the ranking, 2, followed by Switzerland, France and the United States with 1 each."
    )


def test_economies_that_tie_for_the_first_place_are_all_named(released: Released) -> None:
    release = released(world(made("A", 90, "DE"), made("B", 80, "US")))
    assert (
        sentences.top_economies(release)
        == "Germany and the United States have one cluster each in the ranking."
    )


def test_only_economy_is_not_said_to_have_most(released: Released) -> None:
    release = released(world(made("A", 90, "DE")))
    assert sentences.top_economies(release) == "Germany has one cluster in the ranking."


def test_entrants_are_as_many_as_are_listed(released: Released) -> None:
    new = [made(f"N{number}", 50 - number, is_new=True) for number in range(5)]
    said = sentences.entrants(released(world(made("Old", 90, previous=1), *new)))
    assert said.startswith("Five clusters enter the ranking: N0 at rank 2, ")
    assert said.count(" at rank ") == 5


def test_one_entrant_enters_and_none_is_said(released: Released) -> None:
    assert (
        sentences.entrants(released(world(made("A", 9, is_new=True))))
        == "One cluster enters the ranking: A at rank 1."
    )


def test_no_entrant_has_its_own_sentence(opened: Release) -> None:
    assert sentences.entrants(opened) == "No cluster enters the top\u00a03."


def test_without_an_earlier_edition_nothing_is_said_to_be_new(released: Released) -> None:
    said = sentences.entrants(released(world(made("A", 9), previous=None)))
    assert said == "There is no earlier edition to compare with."


def test_top_is_only_said_of_a_full_ranking(released: Released, opened: Release) -> None:
    assert sentences.group(opened) == "top\u00a03"
    assert sentences.headline(opened) == "The three largest science and technology clusters"
    few = released(world(made("A", 9), made("B", 8)))
    assert sentences.group(few) == "ranking"
    assert sentences.headline(few) == "The two science and technology clusters"


def test_risers_that_rise_alike_are_all_named(released: Released) -> None:
    release = released(world(made("A", 9, previous=2), made("B", 8, previous=3), made("C", 7, previous=1)))
    assert sentences.riser(release) == "A and B rise by one place each, more than any other."


def test_stand_ins_are_said_on_every_page(released: Released) -> None:
    release = released(World(usual().clusters, reader={"pct_date": "filing", "pct_kind_when_absent": "keep"}))
    assert len(sentences.notices(release)) == 2


def test_scope_counts_documents(opened: Release) -> None:
    assert sentences.scope(opened) == "Four clusters found among 1,000 PCT applications and 2,000 articles."


def test_an_exact_tie_at_the_top_is_shared_and_not_decided_by_rounding(released: Released) -> None:
    release = released(world(made("A", 78.0), made("B", 78.0), made("C", 20.0)))
    assert [row["rank"] for row in release.ranked] == [1, 1, 3]
    assert sentences.leader(release) == (
        "A (Japan) and B (Japan) share the first place, with a total of 7.8 each."
    )


def test_an_indicator_that_the_world_does_not_have_is_not_claimed(released: Released) -> None:
    none = Made("A", ["JP"], 35.0, 139.0, 0.0, 50.0)
    release = released(world(none, totals=(0, 2000)))
    assert sentences.leader(release) == "A (Japan) has 2.5\u00a0% of all articles."
    assert sentences.scope(release) == "One cluster found among 0 PCT applications and 2,000 articles."


def test_one_document_is_one_in_words_too(released: Released) -> None:
    release = released(world(Made("A", ["JP"], 35.0, 139.0, 1.0, 1.0), totals=(1, 1)))
    assert sentences.scope(release) == "One cluster found among 1 PCT application and 1 article."
    assert sentences.headline(release) == "The one science and technology cluster of this edition"


def test_an_edition_without_clusters_says_so_everywhere(released: Released) -> None:
    release = released(world(more={"min_samples": 1}))
    assert sentences.headline(release) == "No science and technology cluster is ranked"
    assert sentences.leader(release) == "No cluster is ranked."
    assert sentences.top_economies(release) == "No economy has a ranked cluster."
    assert sentences.densest(release) == "Intensity is not shown: there is no cluster."
    assert sentences.riser(release) == "No ranked cluster rises."
    assert sentences.none_found(release).startswith(
        "Nowhere does one listing lie within 15\u00a0km of a place,"
    )
    many = released(world(more={"min_samples": 4500}))
    assert sentences.none_found(many).startswith("Nowhere do 4,500 listings lie within")


def test_ties_for_the_first_place_are_named_in_full_however_many(released: Released) -> None:
    codes = ["DE", "US", "JP", "FR", "SE", "CH"]
    tied = released(world(*[made(f"C{code}", 90 - i, code) for i, code in enumerate(codes)]))
    said = sentences.top_economies(tied)
    assert said == (
        "Germany, the United States, Japan, France, Sweden and Switzerland have one cluster each in the ranking."
    )
    more = [made(f"D{code}", 9 - i, code) for i, code in enumerate(codes)]
    china = [made(f"N{number}", 80 - number, "CN") for number in range(2)]
    behind = released(world(*china, *more))
    assert sentences.top_economies(behind) == (
        "China has the most clusters in the ranking, 2, followed by six economies with 1 each."
    )


def test_all_that_rise_by_the_most_are_named(released: Released) -> None:
    up = [made(f"U{number}", 50 - number, previous=number + 2) for number in range(6)]
    release = released(world(*up, made("Down", 9, previous=1)))
    assert sentences.riser(release) == (
        "U0, U1, U2, U3, U4 and U5 rise by one place each, more than any other."
    )
    still = released(world(made("A", 9, previous=1), made("B", 8, previous=2)))
    assert sentences.riser(still) == "No ranked cluster rises."
    one = released(world(made("A", 9, previous=3), made("B", 8, previous=1)))
    assert sentences.riser(one) == "A rises by two places, more than any other."


def test_the_highest_of_many_entrants_is_named_with_its_ties(released: Released) -> None:
    new = [made(f"N{number}", pct, is_new=True) for number, pct in enumerate((50, 50, 40, 30, 20, 10))]
    said = sentences.entrants(released(world(*new)))
    assert said == "Six clusters enter the ranking, the highest of them N0 at rank 1 and N1 at rank 1."


def test_without_any_population_nobody_is_densest(released: Released) -> None:
    release = released(world(made("A", 9, population=None)))
    assert sentences.densest(release) == "Intensity is not shown: no population is known inside the outlines."
    known = released(world(made("A", 9), made("B", 8, population=None)))
    assert sentences.densest(known) == (
        "Intensity is known of one cluster only, A (Japan). Populations are approximate."
    )


def test_nobody_is_densest_when_the_printed_intensities_are_alike(released: Released) -> None:
    alike = world(
        made("A", 90.004, population=1_000_000), made("B", 90.0, population=1_000_000), made("C", 9)
    )
    assert sentences.densest(released(alike)) == (
        "In proportion to population, A (Japan) and B (Japan) have the same printed intensity, 9.00; "
        "A comes first unrounded. Populations are approximate."
    )
    equal = world(made("A", 90, population=1_000_000), made("B", 90, population=1_000_000), made("C", 9))
    tied = released(equal)
    assert (
        sentences.densest(tied)
        == "In proportion to population, A (Japan) and B (Japan) come first. Populations are approximate."
    )
    assert [fact.value for fact in facts(tied)][:2] == ["Two clusters", "Two clusters"]
    many = [made(f"N{number}", 90 - number / 1000, population=1_000_000) for number in range(6)]
    assert sentences.densest(released(world(*many))) == (
        "In proportion to population, N0 (Japan) comes first; 5 more print the same intensity. Populations are approximate."
    )


def test_given_world_totals_are_said_with_what_they_are_of(released: Released) -> None:
    both = {"world_total": "given", "world_totals": {"pct": 1000.0, "sci": 2000.0}}
    (said,) = sentences.notices(released(World(usual().clusters, more=both)))
    assert said == "World totals are given by the user, not counted."
    one = {"world_total": "given", "world_totals": {"pct": 1000.0}, "indicators": ["pct"]}
    (said,) = sentences.notices(released(World(usual().clusters, more=one)))
    assert said == "The world total of PCT applications is given by the user, not counted."
