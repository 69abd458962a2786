"""A hundred requests of one minute each, over a day of nine cameras, against the bare `ffmpeg -c copy` calls for them.

The day is 2,592 files of five minutes, as a recorder's sub-stream has them, hard links to four: each is hashed all the
same. Each request is a case of its own. `ffmpeg` writes the same minutes, proves nothing and syncs nothing.
"""

import csv
import json
import os
from pathlib import Path

from camtool.core.model import Camera
from camtool.evidence.keys import create_key
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import five_minutes
from tests.benchmark.measure import CAMTOOL, ffmpeg, run
from tests.benchmark.table import Line

REQUESTS, CAMERAS, FILES = 100, 9, 288
PASSPHRASE = "a passphrase for the benchmark"


def rows(folder: Path) -> list[Line]:
    """Measure both, one after the other, on the same disk."""
    site, sources = folder / "site", five_minutes(folder / "source")
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    for camera in range(1, CAMERAS + 1):
        footage = folder / f"cam{camera}"
        footage.mkdir()
        for each in range(FILES):
            os.link(sources[camera % len(sources)], footage / _name(camera, each))
        add_camera(site, Camera(camera, f"camera {camera}", "", str(footage), "dahua"))
    assert run([*CAMTOOL, "--site", str(site), "index"]).code == 0
    create_key(site / "keys", PASSPHRASE, now_us=1_700_000_000_000_000, valid_days=3650)
    asked = [(1 + n % CAMERAS, n * 37 % FILES, 1 + n % 3) for n in range(REQUESTS)]
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
    return f"NVR_ch{camera}_main_{_clock(at * 5)}_{_clock(at * 5 + 5)}.mp4"


def _clock(minute: int) -> str:
    day, rest = divmod(minute, 1440)
    return f"202611{23 + day}{rest // 60:02d}{rest % 60:02d}00"


def _list(path: Path, asked: list[tuple[int, int, int]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "camera", "from", "to", "reason", "officer"])
        for number, (camera, at, minute) in enumerate(asked):
            starts = (at * 5 + minute, at * 5 + minute + 1)
            times = [f"23/11/2026 {each // 60:02d}:{each % 60:02d}:00" for each in starts]
            writer.writerow([f"request {number}", camera, *times, "benchmark", "bench"])
