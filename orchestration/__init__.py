"""Dagster and nothing else: partitions, assets, checks, jobs, sensors, schedules.

No computation, no format, no path string. An asset gets its key, calls a stage function and hands the report on.
"""
