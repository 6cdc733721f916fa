"""Where records of XML begin and end, whatever stands in or between them."""

import pytest

from extracts.formats import wipo_xml, wos_xml
from extracts.publications import Publication
from tests.extracts.test_article_formats import REC, made
from tests.extracts.test_patent_formats import documents, report


def articles(*texts: str) -> tuple[list[str], list[tuple[str, str]]]:
    rows, rejected = made(wos_xml, "\n".join(texts).encode())
    return [row["record_id"] for row in rows], [(row["record_id"], row["reason"]) for row in rejected]


def rec(number: int) -> str:
    return REC.format(uid=f"WOS:{number}")


def test_record_without_its_end_costs_not_the_one_after_it() -> None:
    for size in (300, len(rec(2)) - len("</REC>")):
        assert articles(rec(1), rec(2)[:size], rec(3)) == (["WOS:1", "WOS:3"], [("WOS:2", "truncated")])


def test_application_without_its_end_costs_not_the_one_after_it() -> None:
    first, second, third = (report(number=f"2010/00000{number}") for number in (1, 2, 3))
    cut = second[: second.index("</wo-international-application-status>")]
    found = documents("\n".join((first, cut, third)), wipo_xml)
    assert [isinstance(one, Publication) for one in found] == [True, False, True]


@pytest.mark.parametrize(
    "text", ["<!-- </REC> <REC> -->", "<![CDATA[ </REC> <REC> ]]>", "<!-- a --><!-- </REC>-->"]
)
def test_tags_in_comments_and_cdata_neither_end_nor_begin_a_record(text: str) -> None:
    hidden = rec(2).replace("<doctypes>", f"<title>{text}</title><doctypes>")
    assert articles(rec(1), hidden, "<!-- <REC> -->", rec(3))[0] == ["WOS:1", "WOS:2", "WOS:3"]


def test_element_whose_name_begins_as_a_record_does_is_none() -> None:
    odd = rec(1).replace("<doctypes>", "<RECORDED>x</RECORDED><doctypes>")
    assert articles(odd, rec(2)) == (["WOS:1", "WOS:2"], [])
