"""The reading room: raw patent and article files become canonical tables, and deliveries become years.

What belongs here: recognising a raw format, reading it, the rules on what counts (METHODOLOGY 2 and 3), the tables
of a delivery, the copy of a document that stays, the merge of a year. What does not: a coordinate (geocoding),
a fraction (counting), a path name (foundation.home). Persons' names stay inside the readers.
"""
