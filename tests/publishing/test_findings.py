"""Sentences of the findings mart: number, ties, rounding, what is missing."""

from types import SimpleNamespace
from typing import Any

import pytest

from publishing import sentences
from publishing.printing import NBSP


def said(rows: list[dict[str, Any]], ranked: int = 100) -> list[str]:
    """The sentences of a release that holds these findings."""
    filled = [
        {"position": i, "key": "", "note": None, "unit": "", "economy": None, **row}
        for i, row in enumerate(rows)
    ]
    release = SimpleNamespace(
        has=lambda name: name == "findings",
        table=lambda name: SimpleNamespace(to_pylist=lambda: filled),
        ranked=[{}] * ranked,
        edition={"ranked_size": 100, "half_share": 0.5},
        economies=[{"iso2": "US"}, {"iso2": "DE"}],
        economy_names={"US": "United States", "DE": "Germany"},
    )
    return [sentence.replace(NBSP, " ") for sentence in sentences.findings(release)]  # type: ignore[arg-type]


def rows(statement: str, *items: tuple[str, float], **more: Any) -> list[dict[str, Any]]:
    return [{"statement": statement, "item": item, "value": value, **more} for item, value in items]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            rows("top_five", ("A", 1), ("B", 2), note="Eastern Asia"),
            "The two largest clusters, A and B, all lie in Eastern Asia.",
        ),
        (rows("top_five", ("A", 1), ("B", 2)), "The two largest clusters are A and B."),
        (rows("top_five", ("A", 1), note="Eastern Asia"), "The largest cluster is A."),
        (
            rows("top_two_pct", ("A + B", 19.06)),
            "A and B together account for 19.1 % of the world's PCT applications.",
        ),
        (
            rows("most_intensive", ("A", 1), ("B", 1), ("C", 3)),
            "In proportion to population, A and B come first, followed by C.",
        ),
        (rows("most_intensive", ("A", 1)), "In proportion to population, A comes first."),
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
            "Output falls in one of the 2 high-income clusters that are compared.",
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
            "One technology field makes half of the PCT applications of the top 100: Optics (51.0 %); "
            "the ten first clusters hold 65.0 % of it.",
        ),
        (
            rows("electrical_engineering_share", ("A", 72.0), ("B", 71.0))
            + rows("electrical_engineering_share", ("C", 70.0), note="highest volume"),
            "Electrical engineering weighs most in A (72.0 %), B (71.0 %) and C (70.0 %); C has the highest volume.",
        ),
    ],
)
def test_a_statement_is_said_in_one_sentence(given: list[dict[str, Any]], expected: str) -> None:
    assert said(given) == [expected]


def test_growth_inside_rounding_is_not_claimed() -> None:
    assert said(rows("fastest_growing", ("A", 0.04))) == []


def test_a_release_without_findings_says_nothing() -> None:
    assert said([]) == []
