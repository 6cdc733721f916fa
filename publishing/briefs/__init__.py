"""A brief for each cluster: one page to hand out, and its figures as a small CSV.

`gather.py` collects a cluster's rows from the marts, `wording.py` says them, `place.py` draws where it lies, `build.py`
makes the pages. No figure is computed here: peers are ordered by likeness of their fields, which is not printed.
"""
