"""Cutting an hour, every packet proven, against `ffmpeg -c copy` of the same file, which proves nothing."""

import json
import statistics
from pathlib import Path

from camtool.core.model import Camera
from camtool.store.site import add_camera, create_site
from tests.benchmark.footage import hour
from tests.benchmark.measure import CAMTOOL, Run, ffmpeg, run
from tests.benchmark.table import Line

TIMES = 3
WINDOW = ("--from", "2026-11-23T10:00:00+07:00", "--to", "2026-11-23T11:00:00+07:00")


def rows(folder: Path) -> list[Line]:
    """Measure in turn, take medians; both write to the same disk, ours with fsync and all hashes."""
    footage, site = folder / "footage", folder / "site"
    source = footage / "NVR_ch1_main_20261123100000_20261123110000.mp4"
    hour(footage).rename(source)
    (footage / "part.mp4").unlink()
    create_site(site, "bench", "Asia/Ho_Chi_Minh", "en")
    add_camera(site, Camera(1, "one", "", str(footage), "dahua"))
    assert run([*CAMTOOL, "--site", str(site), "index"]).code == 0
    ours, theirs = [], []
    for number in range(TIMES):
        out, copy = folder / f"clip{number}.mp4", folder / f"copy{number}.mp4"
        theirs.append(run([ffmpeg(), "-v", "error", "-y", "-i", str(source), "-c", "copy", str(copy)]))
        ours.append(run([*CAMTOOL, "--site", str(site), "--json", "cut", "--camera", "1", *WINDOW, "-o", str(out)]))
        assert ours[-1].code == 0, ours[-1].out
        assert json.loads(ours[-1].out)["packets_identical"] is True
        for made in (out, copy, out.with_name(out.name + ".proof.json")):
            made.unlink()
    ours_s, theirs_s = _median(ours), _median(theirs)
    size_mb = source.stat().st_size / 1e6
    peak_mb = max(each.peak_mb for each in ours)
    return [
        Line(
            f"cut an hour ({size_mb:,.0f} MB)",
            f"{ours_s:.2f} s",
            f"ffmpeg -c copy: {theirs_s:.2f} s",
            f"{ours_s / theirs_s:.2f}",
            "<= 2",
            ours_s <= 2 * theirs_s,
        ),
        Line("cut, peak memory", f"{peak_mb:.0f} MB", "-", "-", "< 200 MB", peak_mb < 200),
    ]


def _median(runs: list[Run]) -> float:
    return statistics.median(each.wall_s for each in runs)
