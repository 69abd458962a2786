"""A real Chromium, driven by Playwright, for tests of the pages that camtool writes; where there is none, they skip.

`browser` is a fixture of the whole session (tests/conftest.py makes it known everywhere). Playwright's own event loop
runs in this thread as long as it is open, so a test that wants `asyncio.run` has to do that in a thread of its own.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
# A container has no user namespaces for Chromium's sandbox; the pages are our own.
ARGUMENTS = ("--no-sandbox",)


def executable() -> str | None:
    """Return the Chromium that CAMTOOL_TEST_CHROMIUM names, else the system's, else None: Playwright's own."""
    if named := os.environ.get("CAMTOOL_TEST_CHROMIUM"):
        return named
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Give a running Chromium; skips with the reason where there is none."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright (camtool's dev extra)")
    program = executable()
    with sync_api.sync_playwright() as playwright:
        if program is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs a Chromium: the system's, Playwright's, or the one that CAMTOOL_TEST_CHROMIUM names")
        running = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        try:
            yield running
        finally:
            running.close()
