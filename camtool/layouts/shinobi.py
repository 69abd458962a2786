"""Shinobi: the videos folder, one folder for each monitor."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import wall

# 2020-01-02T03-04-05.mp4: start on the server's clock.
_NAME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})-([0-9]{2})-([0-9]{2})\.(?i:mp4|webm|mkv)")


def _claim(path: str) -> Claim | None:
    match = _NAME.fullmatch(path.rpartition("/")[2])
    start = wall(*match.groups()) if match else None
    return Claim("shinobi", start_local=start) if start else None


LAYOUT = Layout(
    name="shinobi",
    title="Shinobi",
    source="Shinobi's videos folder, videos/GROUP/MONITOR/YYYY-MM-DDThh-mm-ss.mp4, as in public test data; the same "
    "names are written by others who use ffmpeg's segments with strftime",
    claim=_claim,
    samples=(
        Sample("2020-01-02T03-04-05.mp4", "2020-01-02T03:04:05"),
        Sample("videos/2Df5hBE/Cổng/2024-02-29T23-59-59.WEBM", "2024-02-29T23:59:59"),
    ),
    foreign=(
        "2020-02-30T03-04-05.mp4",  # 30 February
        "2020-01-02T25-04-05.mp4",  # 25 o'clock
        "2020-01-02T03-04-60.mp4",
        "2020-01-02T03-04.mp4",
        "2020-01-02T03-04-5.mp4",
        "2020-01-02T03-04-05.jpg",
        "2020-01-02T03:04:05.mp4",
        "2020-01-02T03-04-05Z.mp4",
        "video-2020-01-02T03-04-05.mp4",
        "2020-01-02/03-04-05.mp4",  # MotionEye
    ),
)
