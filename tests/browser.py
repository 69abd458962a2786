"""A real Chromium for the tests that open pages: the system's, through Playwright.

    from tests.browser import browser  # a fixture; __all__ keeps it

CAMTOOL_TEST_CHROMIUM names the program; else it is looked for on PATH. Nothing is downloaded: Playwright's own browsers
have no H.264, which is what recorders write.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

__all__ = ["browser"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once; skips where there is none."""
    program = os.environ.get("CAMTOOL_TEST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip("no Chromium on PATH, and CAMTOOL_TEST_CHROMIUM names none")
    with sync_playwright() as playwright:
        # --no-sandbox: containers run tests as root, for whom Chromium's sandbox does not start.
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield started
        started.close()
