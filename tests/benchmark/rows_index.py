"""Indexing a commune's day, 2,592 five-minute files, against one ffprobe process per file."""

import datetime as dt
import os
import random
from pathlib import Path

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import five_minutes
from tests.benchmark.measure import CAMTOOL, ffprobe, run
from tests.benchmark.table import Line

CAMERAS = 9
FILES_PER_CAMERA = 288
PROBED = 100

# Peak memory that does not grow: nine times the files may cost a tenth more, as much as one run differs from the next.
FLAT = 1.1
HANOI = dt.timezone(dt.timedelta(hours=7))


def rows(folder: Path) -> list[Line]:
    """Measure; the files are links to four real recordings under three recorders' names."""
    day = _day(folder, cameras=CAMERAS, files=FILES_PER_CAMERA)
    ours = run([*CAMTOOL, "--site", str(day), "--json", "index"])
    assert ours.code == 0, ours.out[:2000]
    whole = CAMERAS * FILES_PER_CAMERA
    rate = CAMERAS * FILES_PER_CAMERA / ours.wall_s
    again = run([*CAMTOOL, "--site", str(day), "--json", "index"])
    lines = [_against_ffprobe(day, rate, ours.wall_s)]
    lines.append(
        Line(
            "index again, nothing new", f"{CAMERAS * FILES_PER_CAMERA / again.wall_s:,.0f} files/s", "-", "-", "-", None
        )
    )
    few = _day(folder / "few", cameras=1, files=FILES_PER_CAMERA)
    less = run([*CAMTOOL, "--site", str(few), "--json", "index"])
    lines.append(
        Line(
            "index, peak memory",
            f"{less.peak_mb:.0f} MB for {FILES_PER_CAMERA} files, {ours.peak_mb:.0f} MB for {whole:,}",
            "-",
            "-",
            "< 200 MB, flat",
            ours.peak_mb < 200 and ours.peak_mb <= FLAT * less.peak_mb,
        )
    )
    return lines


def _against_ffprobe(day: Path, rate: float, wall_s: float) -> Line:
    ours = f"{rate:,.0f} files/s ({CAMERAS * FILES_PER_CAMERA:,} in {wall_s:.2f} s)"
    what, target = "index a day", ">= 20"
    peer = ffprobe()
    if peer is None:
        return Line(what, ours, "no ffprobe on this machine", "-", target, None)
    files = random.Random(7).sample(sorted((day / "footage").rglob("*.mp4")), PROBED)
    spent_s = sum(
        run([peer, "-v", "error", "-show_format", "-show_streams", "-of", "json", str(file)]).wall_s for file in files
    )
    theirs = PROBED / spent_s
    return Line(
        what, ours, f"ffprobe per file: {theirs:,.0f} files/s", f"{rate / theirs:.0f}", target, rate >= 20 * theirs
    )


def _day(folder: Path, cameras: int, files: int) -> Path:
    stock = five_minutes(folder / "stock")
    create_site(folder, "bench", "Asia/Ho_Chi_Minh", "en")
    for camera in range(1, cameras + 1):
        footage = folder / "footage" / f"camera{camera}"
        for number in range(files):
            start = dt.datetime(2026, 11, 23, tzinfo=HANOI) + dt.timedelta(minutes=5 * number)
            end = start + dt.timedelta(minutes=5)
            name = (
                f"ch{camera:02d}_{start:%Y%m%d%H%M%S}.mp4",
                f"{start:%Y-%m-%d}/001/dav/{start:%H}/{start:%H.%M.%S}-{end:%H.%M.%S}[R][0@0][0].mp4",
                f"NVR_ch{camera}_main_{start:%Y%m%d%H%M%S}_{end:%Y%m%d%H%M%S}.mp4",
            )[camera % 3]
            (footage / name).parent.mkdir(parents=True, exist_ok=True)
            os.link(stock[(camera + number) % len(stock)], footage / name)
        add_camera(folder, Camera(camera, f"camera {camera}", "", str(footage)))
    return folder
