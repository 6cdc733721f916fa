"""For all tests: hypothesis draws the same cases every time and does not fail a test for a busy machine."""

from hypothesis import settings

settings.register_profile("project", deadline=None, derandomize=True, database=None)
settings.load_profile("project")
