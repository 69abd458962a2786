"""A hundred requests of one minute each, over a day of nine cameras, against the bare `ffmpeg -c copy` calls for them.

The day is 216 files of an hour, hard links to one recording (2 Mbit/s, 0.9 GB): what the disk has is one file, what
camtool has is nine cameras. Each request is a case of its own. `ffmpeg` writes the same minutes, seeks by its index,
proves nothing and brings nothing to the disk.
"""

import csv
import json
import os
from pathlib import Path

from camtool.core.model import Camera
from camtool.evidence.keys import create_key
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import hour
from tests.benchmark.measure import CAMTOOL, ffmpeg, run
from tests.benchmark.table import Line

REQUESTS, CAMERAS, HOURS = 100, 9, 24
PASSPHRASE = "a passphrase for the benchmark"


def rows(folder: Path) -> list[Line]:
    """Measure both, one after the other, on the same disk."""
    site, source = folder / "site", hour(folder / "source")
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    for camera in range(1, CAMERAS + 1):
        footage = folder / f"cam{camera}"
        footage.mkdir()
        for each in range(HOURS):
            os.link(source, footage / _name(camera, each))
        add_camera(site, Camera(camera, f"camera {camera}", "", str(footage), "dahua"))
    assert run([*CAMTOOL, "--site", str(site), "index"]).code == 0
    create_key(site / "keys", PASSPHRASE, now_us=1_700_000_000_000_000, valid_days=3650)
    asked = [(1 + n % CAMERAS, n * 7 % HOURS, 1 + n * 11 % 57) for n in range(REQUESTS)]
    _list(folder / "requests.csv", asked)
    copies_s = 0.0
    for number, (camera, at, minute) in enumerate(asked):
        file, copy = folder / f"cam{camera}" / _name(camera, at), folder / f"copy{number}.mp4"
        seek = ["-ss", str(minute * 60), "-t", "60", "-i", str(file)]
        copies_s += run([ffmpeg(), "-v", "error", "-y", *seek, "-c", "copy", str(copy)]).wall_s
    command = [*CAMTOOL, "--site", str(site), "--json", "batch", str(folder / "requests.csv")]
    made = run([*command, "-o", str(folder / "out")], CAMTOOL_KEY_PASSPHRASE=PASSPHRASE)
    assert made.code == 0, made.out
    assert [row["status"] for row in json.loads(made.out)["rows"]] == ["done"] * REQUESTS
    ratio = made.wall_s / copies_s
    return [
        Line(
            f"batch, {REQUESTS} requests of a minute",
            f"{made.wall_s:.1f} s",
            f"ffmpeg -c copy: {copies_s:.1f} s",
            f"{ratio:.2f}",
            "<= 3",
            ratio <= 3,
        ),
        Line("batch, peak memory", f"{made.peak_mb:.0f} MB", "-", "-", "<= 250 MB", made.peak_mb <= 250),
    ]


def _name(camera: int, at: int) -> str:
    end = f"20261123{at + 1:02d}0000" if at < HOURS - 1 else "20261124000000"
    return f"NVR_ch{camera}_main_20261123{at:02d}0000_{end}.mp4"


def _list(path: Path, asked: list[tuple[int, int, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "camera", "from", "to", "reason", "officer"])
        for number, (camera, at, minute) in enumerate(asked):
            times = [f"23/11/2026 {at:02d}:{minute + each:02d}:00" for each in (0, 1)]
            writer.writerow([f"request {number}", camera, *times, "benchmark", "bench"])
