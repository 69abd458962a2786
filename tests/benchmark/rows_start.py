"""How long a typed command takes: --help against its imports, find on a million recordings against --help."""

import datetime as dt
import sys
import time
from pathlib import Path

from camtool.core.model import Camera, State
from camtool.store.catalog import Catalog, Entry
from camtool.store.site import add_camera, create_site
from tests.benchmark.measure import CAMTOOL, alternating, run
from tests.benchmark.table import Line

RECORDINGS = 1_000_000
CAMERAS = 9
LENGTH_US = 300_000_000
BATCH = 10_000
FIRST = dt.datetime(2025, 11, 1, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def rows(folder: Path) -> list[Line]:
    """Measure; the catalog is filled through the same call that the index uses."""
    site_folder = folder / "site"
    site = create_site(site_folder, "bench", "Asia/Ho_Chi_Minh", "en")
    for number in range(1, CAMERAS + 1):
        site = add_camera(site_folder, Camera(number, f"camera {number}", "", str(folder / "footage")))
    rate = _fill(Catalog.open(site))
    lines = [
        Line(f"{RECORDINGS:,} rows inserted", f"{rate:,.0f} rows/s", "-", "-", ">= 100,000 rows/s", rate >= 100_000)
    ]

    middle = FIRST + dt.timedelta(days=200)
    window = [
        "--from",
        middle.isoformat(),
        "--to",
        (middle + dt.timedelta(hours=5)).isoformat(),
    ]
    find = [*CAMTOOL, "--site", str(site_folder), "find", "--camera", "3", *window]
    bare, shown, found = alternating([[sys.executable, "-c", "import typer, rich"], [*CAMTOOL, "--help"], find], 25)
    lines.append(
        Line(
            "camtool --help",
            f"{shown * 1e3:.0f} ms",
            f"import typer, rich: {bare * 1e3:.0f} ms",
            f"{shown / bare:.2f}",
            "<= 2",
            shown <= 2 * bare,
        )
    )
    lines.append(
        Line(
            f"find, 5 h of {RECORDINGS:,} recordings",
            f"{found * 1e3:.0f} ms",
            f"camtool --help: {shown * 1e3:.0f} ms",
            f"{found / shown:.2f}",
            "<= 1.5",
            found <= 1.5 * shown,
        )
    )
    small, large = (
        run(find),
        run(
            [
                *CAMTOOL,
                "--json",
                "--site",
                str(site_folder),
                "find",
                "--all",
                "--from",
                "2025-01-01",
                "--to",
                "2027-12-31",
            ]
        ),
    )
    assert small.code == large.code == 0
    assert large.out.count('"sha256"') == RECORDINGS
    lines.append(
        Line(
            "find, peak memory",
            f"{small.peak_mb:.0f} MB; all {RECORDINGS:,} as JSON: {large.peak_mb:.0f} MB",
            "-",
            "-",
            "< 200 MB, flat",
            large.peak_mb < 200,
        )
    )
    return lines


def _fill(catalog: Catalog) -> float:
    base_us = int(FIRST.timestamp()) * 1_000_000
    spent_s = 0.0
    for first in range(0, RECORDINGS, BATCH):
        batch = [_entry(number, base_us) for number in range(first, first + BATCH)]
        started = time.perf_counter()
        catalog.store(batch)
        spent_s += time.perf_counter() - started
    catalog.close()
    return RECORDINGS / spent_s


def _entry(number: int, base_us: int) -> Entry:
    camera, place = 1 + number % CAMERAS, number // CAMERAS
    start_us = base_us + place * LENGTH_US
    return Entry(
        {
            "camera": camera,
            "path": f"2026/NVR_ch{camera}_main_{place:012d}.mp4",
            "size_bytes": 70_000_000 + place,
            "mtime_ns": start_us * 1000,
            "ctime_ns": start_us * 1000,
            "state": State.OK,
            "layout": "dahua",
            "claim_start_us": start_us,
            "claim_end_us": start_us + LENGTH_US,
            "container": "mp4",
            "media_us": LENGTH_US,
            "playable_us": LENGTH_US,
            "wall_us": LENGTH_US,
            "start_us": start_us,
            "end_us": start_us + LENGTH_US,
            "video_codec": "h264",
            "width_px": 1920,
            "height_px": 1080,
            "frames": 4500,
            "rate_num": 15,
            "rate_den": 1,
            "indexed_us": base_us,
        }
    )
