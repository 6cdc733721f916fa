"""The ground floor: what a table is, where files lie, what settings exist, how errors, progress and atomic writes look.

No rule of the method belongs here. The list of modules is closed: a new one fails the import check.
"""
