"""Frigate: its recordings folder, version 0.12 and later."""

import re
from datetime import UTC

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import channel_text, wall

# recordings/2026-11-24/11/cam/30.10.mp4: day and hour in UTC, the camera's name, minute and second of the start.
_NAME = re.compile(r"([0-9]{2})\.([0-9]{2})\.(?i:mp4)")
_DAY_FOLDER = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_HOUR_FOLDER = re.compile(r"[0-9]{2}")
_TAIL = 4


def _claim(path: str) -> Claim | None:
    match = _NAME.fullmatch(path.rpartition("/")[2])
    if not match:
        return None
    parts = path.split("/")[-_TAIL:]
    if len(parts) < _TAIL or not parts[2] or not _HOUR_FOLDER.fullmatch(parts[1]):
        return None
    day = _DAY_FOLDER.fullmatch(parts[0])
    start = wall(day[1], day[2], day[3], parts[1], match[1], match[2]) if day else None
    if not start:
        return None
    return Claim("frigate", start_utc=start.replace(tzinfo=UTC), channel=channel_text(parts[2]), tail=_TAIL)


LAYOUT = Layout(
    name="frigate",
    title="Frigate",
    source="Frigate's documentation, Recording: YYYY-MM-DD/HH/<camera_name>/MM.SS.mp4 in UTC "
    "(github.com/blakeblackshear/frigate pull request 9248)",
    claim=_claim,
    samples=(
        Sample("recordings/2026-11-24/11/cam/30.10.mp4", "2026-11-24T11:30:10+00:00", channel="cam"),
        Sample("2026-11-23/17/cam4/55.00.mp4", "2026-11-23T17:55:00+00:00", channel="cam4"),
        Sample("media/recordings/2024-02-29/00/Cổng chào/00.00.MP4", "2024-02-29T00:00:00+00:00", channel="Cổng chào"),
    ),
    foreign=(
        "2026-02-30/11/cam/30.10.mp4",  # 30 February
        "2026-11-24/25/cam/30.10.mp4",  # 25 o'clock
        "2026-11-24/11/cam/60.10.mp4",
        "2026-11-24/11/30.10.mp4",  # no camera
        "2026-11-24/11/cam/30.1.mp4",
        "2026-11-24/11/cam/30.10.jpg",
        "2021-08/01/11/cam/30.10.mp4",  # before 0.12: the container's own zone, which the name does not say
        "2026-11-24/11-30-10.mp4",  # MotionEye
    ),
)
