"""`when` over 24 hours of five-minute files, against decoding every keyframe of them."""

import json
import os
import time
from pathlib import Path

import av

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.benchmark.measure import CAMTOOL, run
from tests.benchmark.table import Line
from tests.makers.parked import BOX, parked, person
from tests.makers.scene import write_scene

FILES, GONE_AT, TIMES = 288, 170, 3
SIZE = (960, 540)
WINDOW = ("--from", "2026-11-23T00:00:00+07:00", "--to", "2026-11-24T00:00:00+07:00")


def rows(folder: Path) -> list[Line]:
    """Measure the search whole, process start included, and the scan by libav alone, comparing nothing."""
    footage, site, out = folder / "footage", folder / "site", folder / "out"
    footage.mkdir()
    out.mkdir()
    _day(folder, footage)
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    add_camera(site, Camera(3, "three", "", str(footage), "dahua"))
    assert run([*CAMTOOL, "--site", str(site), "index"]).code == 0
    box = ",".join(str(3 * side) for side in BOX)
    command = [*CAMTOOL, "--site", str(site), "--json", "when", "--camera", "3", "--box", box, *WINDOW, "-o", str(out)]
    runs = [run(command) for _ in range(TIMES)]
    assert runs[0].code == 0, runs[0].out
    told = json.loads(runs[0].out)
    assert told["kind"] == "vanished"
    assert told["before"] == "2026-11-23T14:13:41.400+07:00", told["before"]
    keyframes, scan_s = _scanned(footage)
    ratio = keyframes / told["frames_decoded"]
    wall_s = sorted(each.wall_s for each in runs)[TIMES // 2]
    before_end = told["keyframes_decoded"]
    return [
        Line(
            "when, 24 h, pictures decoded",
            f"{told['frames_decoded']} ({before_end} before the final second)",
            f"every keyframe: {keyframes:,}",
            f"{ratio:,.0f}",
            ">= 50",
            ratio >= 50 and before_end <= 60,
        ),
        Line(
            "when, 24 h",
            f"{wall_s:.2f} s",
            f"every keyframe: {scan_s:.0f} s",
            f"{scan_s / wall_s:,.0f}",
            "<= 3 s",
            wall_s <= 3,
        ),
    ]


def _day(folder: Path, footage: Path) -> None:
    """Write 288 files, links to four recordings: the thing there, somebody in front, leaving, gone."""
    x, y, w, h = (3 * side for side in BOX)
    there = parked(0, 999, (x, y, w, h))
    drawn = {
        "there": [there],
        "blocked": [there, person(100, 140, left=x - 20, width=80, top=y - 20)],
        "leaves": [parked(0, 221.4, (x, y, w, h))],
        "gone": [],
    }
    for name, what in drawn.items():
        write_scene(folder / f"{name}.mp4", 300, what, fps=10, gop=20, size=SIZE)
    for number in range(FILES):
        name = "leaves" if number == GONE_AT else "gone" if number > GONE_AT else ("there", "blocked")[number % 3 == 1]
        start, end = (f"20261123{at // 12:02d}{at % 12 * 5:02d}00" for at in (number, number + 1))
        if number == FILES - 1:
            end = "20261124000000"
        os.link(folder / f"{name}.mp4", footage / f"NVR_ch3_main_{start}_{end}.mp4")


def _scanned(footage: Path) -> tuple[int, float]:
    """Decode every keyframe of every file; a tenth of the files is timed and counted for all."""
    files = sorted(footage.iterdir())[::10]
    started, count = time.perf_counter(), 0
    for file in files:
        with av.open(str(file)) as container:
            stream = container.streams.video[0]
            stream.codec_context.skip_frame = "NONKEY"
            count += sum(1 for _ in container.decode(stream))
    share = FILES / len(files)
    return round(count * share), (time.perf_counter() - started) * share
