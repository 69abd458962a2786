"""Pictures out of recordings: a mosaic of four 1080p cameras against real time, a sheet of a hundred pictures."""

import datetime as dt
import os
import statistics
from pathlib import Path

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import full_hd
from tests.benchmark.measure import CAMTOOL, run
from tests.benchmark.table import Line

CAMERAS, MINUTES, TIMES = 4, 5, 3
CELLS = 100
FIRST = dt.datetime(2026, 11, 23, 8)
NAME = "NVR_ch{camera}_main_{start:%Y%m%d%H%M%S}_{end:%Y%m%d%H%M%S}.mp4"


def rows(folder: Path) -> list[Line]:
    """Measure both on the same recordings: 1080p, 15 pictures a second, a keyframe every 4 s, 2 Mbit/s."""
    site = folder / "site"
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    files = full_hd(folder / "made", CAMERAS, MINUTES)
    for number, file in enumerate(files, 1):
        footage = folder / f"cam{number}"
        footage.mkdir()
        for place in range(CELLS):
            start = FIRST + place * dt.timedelta(minutes=MINUTES)
            end = start + dt.timedelta(minutes=MINUTES)
            os.link(file, footage / NAME.format(camera=number, start=start, end=end))
        add_camera(site, Camera(number, f"camera {number}", "", str(footage), "dahua"))
    assert run([*CAMTOOL, "--site", str(site), "index"]).code == 0
    return [_mosaic(folder, site), _sheet(folder, site)]


def _mosaic(folder: Path, site: Path) -> Line:
    end = FIRST + dt.timedelta(minutes=MINUTES)
    out = folder / "mosaic.mp4"
    window = ("--from", f"{FIRST:%d/%m/%Y %H:%M}", "--to", f"{end:%d/%m/%Y %H:%M}")
    done = run([*CAMTOOL, "--site", str(site), "mosaic", *window, "-o", str(out)])
    assert done.code == 0
    speed = MINUTES * 60 / done.wall_s
    return Line(
        f"mosaic of {CAMERAS} cameras, 1080p, {MINUTES} min",
        f"{done.wall_s:.1f} s, {done.peak_mb:.0f} MB",
        "real time",
        f"{speed:.1f}",
        ">= 1",
        speed >= 1,
    )


def _sheet(folder: Path, site: Path) -> Line:
    end = FIRST + CELLS * dt.timedelta(minutes=MINUTES)
    window = ("--from", f"{FIRST:%d/%m/%Y %H:%M}", "--to", f"{end:%d/%m/%Y %H:%M}")
    walls = []
    for number in range(TIMES):
        out = folder / f"sheet{number}.jpg"
        command = [*CAMTOOL, "--site", str(site), "sheet", "--camera", "1", *window, "--every", f"{MINUTES}m"]
        done = run([*command, "-o", str(out)])
        assert done.code == 0
        walls.append(done.wall_s)
    wall_s = statistics.median(walls)
    return Line(f"sheet of {CELLS} pictures, 1080p", f"{wall_s:.2f} s", "-", "-", "<= 3 s", wall_s <= 3)
