"""Reolink: SD card, hub and recorder; upload by FTP."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import channel_text, clock_end, wall14

# RecM01_20201222_075939_080140_6D28808_1A468F9.mp4: stream (M main, S sub), version of the flags (hex), DST before the
# date while the clock is on summer time, day, start, end as a time of day, then up to five fields: kind of animal,
# width and height (hubs), flags (hex), size (hex).
_CARD = re.compile(
    r"Rec([MS])[0-9A-Fa-f]{2}_(DST)?([0-9]{8})_([0-9]{6})_([0-9]{2})([0-9]{2})([0-9]{2})"
    r"(?:_[0-9A-Fa-f]+){0,5}\.(?i:mp4)"
)
_STREAMS = {"M": "main", "S": "sub"}
# RLC-520A-front_00_20260502050106.mp4: name of the camera, channel, start.
_FTP = re.compile(r"([^/]+_[0-9]{2})_([0-9]{14})\.(?i:mp4)")


def _claim(path: str) -> Claim | None:
    name = path.rpartition("/")[2]
    if match := _CARD.fullmatch(name):
        return _card(match)
    if (match := _FTP.fullmatch(name)) and (start := wall14(match[2])):
        return Claim("reolink", start_local=start, channel=channel_text(match[1]))
    return None


def _card(match: re.Match[str]) -> Claim | None:
    stream, summer, day, start_digits, *end_digits = match.groups()
    start = wall14(day + start_digits)
    end = clock_end(start, *end_digits) if start else None
    if not start or not end:
        return None
    return Claim(
        "reolink",
        start_local=start,
        end_local=end,
        dst=summer is not None,
        channel=_STREAMS[stream],
        end_clock_only=True,
    )


LAYOUT = Layout(
    name="reolink",
    title="Reolink (card, hub, FTP)",
    source="wiki page 'Figuring out the file names' of github.com/sven337/ReolinkLinux, by way of reolink_aio "
    "(typings.py, issue 72); FTP: github.com/TheScubaDiver/camera-gallery-card, issue 99 and its README",
    claim=_claim,
    samples=(
        Sample(
            "RecM01_20201222_075939_080140_6D28808_1A468F9.mp4", "2020-12-22T07:59:39", "2020-12-22T08:01:40", "main"
        ),
        Sample(
            "Mp4Record/2023-04-26/RecS02_DST20230426_145918_150032_2B14808_32F1DF.mp4",
            "2023-04-26T14:59:18",
            "2023-04-26T15:00:32",
            "sub",
        ),
        Sample(
            "RecM07_20250219_235946_000138_0_A714C0A000_21E67C.MP4",
            "2025-02-19T23:59:46",
            "2025-02-20T00:01:38",
            "main",
        ),
        Sample(
            "RecM02_DST20240827_090302_090334_0_800_800_033C820000_61B6F0.mp4",
            "2024-08-27T09:03:02",
            "2024-08-27T09:03:34",
            "main",
        ),
        Sample("RecM0A_20201221_121551_121553.mp4", "2020-12-21T12:15:51", "2020-12-21T12:15:53", "main"),
        Sample("Camera1_01_20201222075939.mp4", "2020-12-22T07:59:39", channel="Camera1_01"),
        Sample("2026/05/02/RLC-520A-front_00_20260502050106.mp4", "2026-05-02T05:01:06", channel="RLC-520A-front_00"),
        Sample("Ngã ba chợ_00_20240117063015.mp4", "2024-01-17T06:30:15", channel="Ngã ba chợ_00"),
    ),
    foreign=(
        "RecM01_20200230_075939_080140_6D28808_1A468F9.mp4",  # 30 February
        "RecM01_20201222_255939_260140_6D28808_1A468F9.mp4",  # 25 o'clock
        "RecM01_20201222_075939_080160_6D28808_1A468F9.mp4",  # second 60
        "RecM01_20201222_07593_080140_6D28808_1A468F9.mp4",  # a digit short
        "RecX01_20201222_075939_080140_6D28808_1A468F9.mp4",
        "RecM01_20201222_075939_080140_6D28808_1A468F9.jpg",
        "RecM01_20201222_075939_080140_6D28808_1A468F9_1_2_3_4.mp4",
        "Camera1_01_20200230075939.mp4",
        "Camera1_01_20201222075939.jpg",
        "Camera1_01_2020122207593.mp4",
        "ch01_20211114061218.mp4",  # Hikvision
        "192.168.0.64_01_20190319093422939_MOTION_DETECTION.mp4",  # Hikvision's FTP
    ),
)
