import os

from hypothesis import settings

from tests.browser import browser

__all__ = ["browser"]  # a fixture for every test

settings.register_profile("fuzz", max_examples=5000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
