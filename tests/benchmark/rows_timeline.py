"""How long a timeline's page takes to open in Chromium, until it is drawn, and how large it is."""

import statistics
import time
from pathlib import Path

from tests.benchmark.table import Line
from tests.browser import ARGUMENTS, executable
from tests.makers.pages import busy, span, write

TIMES = 5
HOURS = 24
CAMERAS = 9
# 3,000 events in all, and 3,000 a camera.
EVENTS = (3_000, 3_000 * CAMERAS)
MOST_S, MOST_MB = 2.0, 5.0
# Drawn is when a picture has been shown after the script's end: two frames later.
SHOWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def rows(folder: Path) -> list[Line]:
    """Measure each page in tabs of their own, from the address to the picture, and take the median."""
    lines = []
    for events in EVENTS:
        path = folder / f"{events}.html"
        started = time.perf_counter()
        drawn = write(busy(CAMERAS, HOURS, events), span(0, HOURS * 3600), path)
        written_s = time.perf_counter() - started
        size_mb = drawn.size_bytes / 1e6
        opened_s = _opened(path)
        what = f"timeline, {CAMERAS} cameras x {HOURS} h, {events:,} events"
        told = "no Chromium" if opened_s is None else f"open in {opened_s:.2f} s (written in {written_s:.2f} s)"
        ok = None if opened_s is None else opened_s < MOST_S
        lines.append(Line(what, told, "-", "-", f"< {MOST_S:.0f} s", ok))
        lines.append(Line("its page", f"{size_mb:.2f} MB", "-", "-", f"< {MOST_MB:.0f} MB", size_mb < MOST_MB))
    return lines


def _opened(path: Path) -> float | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        program = executable()
        if program is None and not Path(playwright.chromium.executable_path).exists():
            return None
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        taken_s = []
        for _ in range(TIMES):
            page = browser.new_page(viewport={"width": 1366, "height": 768})
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.wait_for_selector("body[data-ready]")
            page.evaluate(SHOWN)
            taken_s.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return statistics.median(taken_s)
