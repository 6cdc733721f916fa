"""How often each kind of dirt occurs. Measured: counted in the real samples; assumed: they do not tell.

Counted in 18,932 Web of Science records, of which 9,064 of 2017 and later, and in 44,902 PATSTAT applications.
"""

from __future__ import annotations

#: what else comes with the articles that count: reason -> part of all records (measured)
OTHER_RECORDS = {
    "type": 1576 / 18932,
    "index": 373 / 18932,
    "database": 71 / 18932,
    "no_year": 7 / 18932,
    "retracted": 1 / 18932,
}
DUPLICATE_RECORDS = 73 / 18932  # measured
RECORD_WITHOUT_ADDRESS = 91 / 9064  # measured, 2017 and later
RECORD_ALL_PLAIN = 0.002  # assumed: none in 9,064 of 2017 and later, most of those before 2008
RECORD_MIXED = 30 / 8205  # measured, 2017 and later
EARLY_ACCESS = 1686 / 9064  # measured: EA beside PY
EARLY_ACCESS_YEAR_BEFORE = 387 / 1765  # measured: of those, EA lies a year before
EARLY_ACCESS_ONLY = 134 / 18932  # measured: EA and no PY
SECOND_ADDRESS = 0.193  # measured: authors with two or more addresses

#: document types of records that are no articles, and of articles, with their weights (measured)
OTHER_TYPES = {
    "Review": 746, "Proceedings Paper": 436, "Editorial Material": 210, "Book Review": 59, "Meeting Abstract": 53,
    "Letter": 44, "": 78, "Review; Early Access": 5,
}  # fmt: skip
ARTICLE_TYPES = {
    "Article": 16395, "Article; Proceedings Paper": 388, "Article; Book Chapter": 248, "Article; Data Paper": 3,
}  # fmt: skip
SCIE = "Science Citation Index Expanded (SCI-EXPANDED)"
ARTICLE_INDEXES = {
    SCIE: 7300,
    f"{SCIE}; Social Science Citation Index (SSCI)": 400,
    f"Conference Proceedings Citation Index - Science (CPCI-S); {SCIE}": 200,
}
OTHER_INDEXES = {
    "Social Science Citation Index (SSCI)": 500,
    "Emerging Sources Citation Index (ESCI)": 159,
    "Arts &amp; Humanities Citation Index (A&amp;HCI)": 26,
    "Book Citation Index - Science (BKCI-S)": 14,
}

#: applications
NATIONAL = 0.06  # assumed: national phases of the same inventors, kind A; they must not count
DUMMY = 0.005  # assumed: artificial applications, kind D
FEWER_LISTED = (
    0.02  # assumed: nb_inventors above the persons listed (in the sample co-inventors abroad were cut away)
)
NO_INVENTOR_ADDRESS = 0.01  # assumed: country only
NO_INVENTOR_COUNTRY = 124 / 59250  # measured: no code, the country stands in the text
OTHER_COUNTRY_IN_TEXT = 105 / 59250  # measured: the code contradicts the text
JUNK_COUNTRY = 0.0005  # assumed: codes such as `--`
TWICE_LISTED = 8 / 44902  # measured: one person twice in one application
PERSON_MISSING = 0.0002  # assumed: a link without its person
REPEATED_ROWS = 0.0005  # assumed: rows that stand in two parts
BARE_SUBCLASS = 16 / 257880  # measured: symbols without a group of a subclass that the concordance splits
NEW_SUBCLASS = 0.002  # assumed: symbols of subclasses younger than the concordance
INVENTORS_APPLY = 0.12  # assumed: applications whose inventors are applicants too
APPLICANT_ADDRESS = 1 - 17413 / 38534  # measured
LATER_PUBLICATION = {"A3": 0.25, "A8": 0.01, "A9": 0.005}  # assumed
SECOND_PUBLICATION_WITHOUT_REPORT = 0.3  # assumed: A2 first
OUTSIDE_YEARS = 0.004  # assumed: documents of a year before or after the windows
