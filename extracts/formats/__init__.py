"""One module per raw format: `sniff(head)` recognises it, `read` or `read_set` yields what it holds, by the forms of records.py.

What a record means (which documents count, under which year) does not belong here but in meaning.py.
"""
