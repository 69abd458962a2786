"""Hikvision: files exported from a recorder."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import wall14

# ch01_20211114061218.mp4: channel and start on the recorder's clock.
_NAME = re.compile(r"ch([0-9]{1,3})_([0-9]{14})\.(?i:mp4|avi|mov)")


def _claim(path: str) -> Claim | None:
    match = _NAME.fullmatch(path.rpartition("/")[2])
    if not match or not (start := wall14(match[2])):
        return None
    return Claim("hikvision", start_local=start, channel=match[1])


LAYOUT = Layout(
    name="hikvision",
    title="Hikvision (recorder export)",
    source="names of exported Hikvision recordings in public repositories, such as ch01_20211114061218.mp4",
    claim=_claim,
    samples=(
        Sample("ch01_20211114061218.mp4", "2021-11-14T06:12:18", channel="01"),
        Sample("usb/camera5/ch05_20261123235500.MP4", "2026-11-23T23:55:00", channel="05"),
        Sample("ch112_20240229000000.avi", "2024-02-29T00:00:00", channel="112"),
    ),
    foreign=(
        "ch01_20210230061218.mp4",  # 30 February
        "ch01_20211114251218.mp4",  # 25 o'clock
        "ch01_2021111406121.mp4",  # a digit short
        "ch01_00000000000000000.mp4",  # a clip number in place of a time
        "ch_20211114061218.mp4",
        "ch01_20211114061218.jpg",
        "ch01_20211114061218.mp4.part",
        "NVR_ch1_main_20230131000000_20230131010000.dav",  # Dahua
        "hiv00012.mp4",  # the card's own block files: many recordings in one, no time in the name
    ),
)
