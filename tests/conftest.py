import os

from hypothesis import HealthCheck, settings

from tests.browser import browser

__all__ = ["browser"]  # a fixture for every test

# How long one example takes says what else the machine does, not whether the code is right.
settings.register_profile("test", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", settings.get_profile("test"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))
