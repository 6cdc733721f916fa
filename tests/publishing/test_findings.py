"""Sentences of the findings mart: number, ties, rounding, what is missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from publishing import statements
from publishing.printing import NBSP


def said(rows: list[dict[str, Any]], ranked: int = 100, intensities: tuple[float, ...] = ()) -> list[str]:
    """The sentences of a release that holds these findings, and these intensities of the clusters 1, 2, and so on."""
    filled = [
        {"position": i, "key": "", "note": None, "unit": "", "economy": None, "cluster_no": None, **row}
        for i, row in enumerate(rows)
    ]
    release = SimpleNamespace(
        has=lambda name: name == "findings",
        table=lambda name: SimpleNamespace(to_pylist=lambda: filled),
        ranked=[{}] * ranked,
        ranking=[
            {"cluster_no": number, "intensity": value, "population": 5, "population_approximate": True}
            for number, value in enumerate(intensities or (None,), 1)
        ],
        edition={"ranked_size": 100, "half_share": 0.5, "rta_min_cluster": 100},
        economies=[{"iso2": "US"}, {"iso2": "DE"}],
        economy_names={"US": "United States", "DE": "Germany"},
    )
    return [sentence.replace(NBSP, " ") for sentence in statements.findings(release)]  # type: ignore[arg-type]


def rows(statement: str, *items: tuple[str, float], **more: Any) -> list[dict[str, Any]]:
    return [{"statement": statement, "item": item, "value": value, **more} for item, value in items]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            rows("top_five", ("A", 1), ("B", 2), note="Eastern Asia"),
            "The two largest clusters, A and B, both lie in Eastern Asia.",
        ),
        (
            rows("top_five", ("A", 1), ("B", 2), ("C", 3), note="Eastern Asia"),
            "The three largest clusters, A, B and C, all lie in Eastern Asia.",
        ),
        (rows("top_five", ("A", 1), ("B", 2)), "The two largest clusters are A and B."),
        (rows("top_five", ("A", 1), note="Eastern Asia"), "The largest cluster is A."),
        (
            rows("top_two_pct", ("A + B", 19.06)),
            "A and B together account for 19.1 % of the world’s PCT applications.",
        ),
        (
            rows("most_intensive", ("A", 1), ("B", 1), ("C", 3)),
            "In proportion to population, A and B come first, followed by C. Populations are approximate.",
        ),
        (
            rows("most_intensive", ("A", 3), ("B", 3), ("C", 5)),
            "In proportion to population, A and B come first within the top 100, followed by C. Populations are approximate.",
        ),
        (
            rows("most_intensive", ("A", 1)),
            "In proportion to population, A comes first. Populations are approximate.",
        ),
        (
            rows("leading_cluster", ("Germany", 22), note="Munich", economy="DE"),
            "Munich in Germany is the leading cluster of its economy.",
        ),
        (
            rows("only_in_africa", ("Cairo", 1), note="Africa"),
            "Cairo is the only cluster of the top 100 in Africa.",
        ),
        (
            rows("fastest_growing", ("A", 22.71), ("B", 22.69), ("C", 1.0)),
            "Of the top 100, A and B grow fastest, by 22.7 % each, followed by C (1.0 %).",
        ),
        (
            rows("fastest_growing_middle_income_other_than_china", ("Cairo", 10.9)),
            "Among clusters of middle-income economies other than China, Cairo grows fastest, by 10.9 %.",
        ),
        (
            rows("shrinking_high_income", ("x", 37), unit="of 63"),
            "Output falls in 37 of the 63 high-income clusters that are compared.",
        ),
        (
            rows("shrinking_high_income", ("x", 1), unit="of 2"),
            "Output falls in one of the two high-income clusters that are compared.",
        ),
        (
            rows("shrinking_high_income", ("x", 0), unit="of 63"),
            "Output falls in none of the 63 high-income clusters that are compared.",
        ),
        (
            rows("shrinking_high_income", ("x", 0), unit="of 1"),
            "Output does not fall in the one high-income cluster that is compared.",
        ),
        (
            rows("half_of_top100_pct", ("Optics", 51.0), key="field_1")
            + rows("half_of_top100_pct", ("top ten clusters", 65.0), key="top10_clusters_part"),
            "One technology field makes up at least half of the PCT applications of the top 100: Optics (51.0 %); "
            "the first ten clusters hold 65.0 % of the applications in it.",
        ),
        (
            rows("electrical_engineering_share", ("A", 72.0), ("B", 71.0))
            + rows("electrical_engineering_share", ("C", 70.0), note="highest volume"),
            "Among ranked clusters with at least 100 applications, electrical engineering weighs most in A (72.0 %), B (71.0 %) and C (70.0 %); C has the highest volume.",
        ),
        (
            rows(
                "electrical_engineering_share", *[(name, 70.0) for name in "ABC"], ("D", 50.04), ("E", 49.96)
            )
            + rows("electrical_engineering_share", ("F", 49.94), note="highest volume")
            + rows("electrical_engineering_share", ("G", 9.0), note="highest volume"),
            "Among ranked clusters with at least 100 applications, electrical engineering weighs most in A (70.0 %), B (70.0 %), C (70.0 %), D (50.0 %) and E (50.0 %); "
            "F and G have the highest volume.",
        ),
        (
            rows("leading_cluster", ("Germany", 22), note="Munich", economy="DE")
            + rows("leading_cluster", ("United States", 3), note="San Jose", economy="US"),
            "Munich in Germany and San Jose in the United States are the leading clusters of their economies.",
        ),
        (
            rows("shrinking_high_income", ("x", 63), unit="of 63"),
            "Output falls in all of the 63 high-income clusters that are compared.",
        ),
        (
            rows("shrinking_high_income", ("x", 1), unit="of 1"),
            "Output falls in the one high-income cluster that is compared.",
        ),
        (
            rows("fastest_growing", ("A", 0.05), ("B", 0.04)),
            "Of the top 100, A grows fastest, by 0.1 %.",
        ),
        (
            rows("shrinking_high_income", ("x", 2), unit="of 2"),
            "Output falls in both of the two high-income clusters that are compared.",
        ),
        (
            rows("top_two_pct", ("A + B + C", 19.06)),
            "A, B and C together account for 19.1 % of the world’s PCT applications.",
        ),
        (
            rows("leading_cluster", ("Germany", 22), note="Munich", economy="DE")
            + rows("leading_cluster", ("Germany", 22), note="Berlin", economy="DE"),
            "Munich and Berlin in Germany lead their economy together.",
        ),
        (
            rows("leading_cluster", ("Germany", 22), note="Munich", economy="DE")
            + rows("leading_cluster", ("Germany", 22), note="Berlin", economy="DE")
            + rows("leading_cluster", ("United States", 3), note="San Jose", economy="US"),
            "Munich and Berlin in Germany and San Jose in the United States are the leading clusters of their economies.",
        ),
        (
            rows("fastest_growing", ("A", 3.01), ("B", 2.99), ("C", 3.0), unit="percent, 3 compared"),
            "Of the top 100, A, B and C can be compared and grow alike, by 3.0 %.",
        ),
        (
            rows("fastest_growing", ("A", 3.0), unit="percent, 1 compared"),
            "Of the top 100, only A can be compared and grows by 3.0 %.",
        ),
        (
            rows("fastest_growing", ("A", 3.0), unit="percent, 2 compared"),
            "Of the top 100, A grows fastest, by 3.0 %.",
        ),
        (
            rows("electrical_engineering_share", ("A", 72.0), note="highest volume"),
            "Electrical engineering makes 72.0 % of the PCT applications of A.",
        ),
    ],
)
def test_a_statement_is_said_in_one_sentence(given: list[dict[str, Any]], expected: str) -> None:
    assert said(given) == [expected]


def test_intensities_that_print_alike_share_a_place() -> None:
    four = [
        {**row, "cluster_no": i}
        for i, row in enumerate(rows("most_intensive", *zip("ABCD", (1, 2, 3, 4), strict=True)), 1)
    ]
    end = " Populations are approximate."
    first = "In proportion to population, A and B come first, followed by C and D."
    assert said(four, intensities=(9.004, 8.996, 8.0, 7.0)) == [first + end]
    second = "In proportion to population, A comes first, followed by B and C (alike) and D."
    assert said(four, intensities=(9.0, 8.004, 8.001, 7.0)) == [second + end]
    apart = "In proportion to population, A comes first, followed by B, C and D."
    assert said(four, intensities=(9.0, 8.01, 8.0, 7.99)) == [apart + end]
    assert said(four, intensities=(9.001, 9.002, 9.003, 9.004)) == [
        "In proportion to population, A, B, C and D come first." + end
    ]


def test_growth_inside_rounding_is_not_claimed() -> None:
    assert said(rows("fastest_growing", ("A", 0.04))) == []


def test_a_release_without_findings_says_nothing() -> None:
    assert said([]) == []


def test_ten_clusters_or_fewer_are_not_said_to_hold_a_part() -> None:
    half = rows("half_of_top100_pct", ("Optics", 30.0), key="field_1")
    half += rows("half_of_top100_pct", ("Audio-visual", 25.0), key="field_2")
    half += rows("half_of_top100_pct", ("top ten clusters", 100.0), key="top10_clusters_part")
    assert said(half, ranked=10) == [
        "Two technology fields make up at least half of the PCT applications of the ranking: Optics (30.0 %) and Audio-visual (25.0 %)."
    ]
    assert said(half, ranked=11)[0].endswith(
        "; the first ten clusters hold 100.0 % of the applications in them."
    )


def test_leaders_of_other_than_the_first_economies_are_no_sentence() -> None:
    assert said(rows("leading_cluster", ("Egypt", 95), note="Cairo", economy="EG")) == []
