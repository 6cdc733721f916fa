"""Canonical tables as programs write them: columns of other types than text."""

import io

from extracts.formats import canonical, canonical_parquet
from tests.extracts.world import table


def test_canonical_parquet_takes_lists_of_texts_and_whole_numbers_with_decimals() -> None:
    raw = table(
        document_id=["a"], publication_year=[2020.0], address=["Oslo"], subject=[["Physics", "Optics"]]
    )
    (batch,) = canonical_parquet.read(io.BytesIO(raw))
    assert (batch["issue_year"].to_pylist(), batch["categories"].to_pylist()) == (
        ["2020"],
        ["Physics; Optics"],
    )


def test_canonical_parquet_with_a_column_that_is_no_text_is_damaged_not_lost() -> None:
    raw = table(document_id=["a"], publication_year=[2020], address=[{"street": "x"}])
    (batch,) = canonical_parquet.read(io.BytesIO(raw))
    assert batch["reason"].to_pylist() == ["columns"]
    assert "address" in batch["excerpt"].to_pylist()[0]


def test_canonical_year_may_be_written_with_decimals() -> None:
    (batch,) = canonical.read(io.BytesIO(b"document_id,publication_year,address\na,2020.0,Oslo\n"))
    assert batch["issue_year"].to_pylist() == ["2020"]
