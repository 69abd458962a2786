"""Dahua, also sold as KBVision and Amcrest: SD card, FTP and recorder disk; exports."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import clock_end, wall, wall14

# 19.57.17-20.00.00[M][0@0][0].dav in a folder of its day: start and end as times of day, then why it was recorded
# (R schedule, M motion, A alarm). An underscore after the suffix: still being written.
_CARD = re.compile(
    r"([0-9]{2})\.([0-9]{2})\.([0-9]{2})-([0-9]{2})\.([0-9]{2})\.([0-9]{2})"
    r"\[[A-Za-z]+\]\[[0-9]+@[0-9]+\]\[[0-9]+\]\.(?i:dav|mp4|avi|asf)_?"
)
_DAY_FOLDER = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CHANNEL_FOLDER = re.compile(r"(?:ch)?[0-9]{1,3}")
# A card has DAY/001/dav/HOUR/NAME; a recorder's disk DAY/0/dav/HOUR/1/0/627506/NAME.
_MOST_FOLDERS = 8
# NVR_ch1_main_START_END.dav from a recorder of any name; a camera's own export has IPC for the channel and may have no
# end. Other streams than main are the same scene again, smaller.
_EXPORT = re.compile(
    r"[^/]+_(?:ch([0-9]{1,3})|IPC)_(main|sub[0-9]*|extra[0-9]*)_([0-9]{14})(?:_([0-9]{14}))?\.(?i:dav|mp4|avi|asf)"
)


def _claim(path: str) -> Claim | None:
    name = path.rpartition("/")[2]
    if match := _CARD.fullmatch(name):
        return _card(match, path.split("/"))
    if match := _EXPORT.fullmatch(name):
        return _export(match)
    return None


def _card(match: re.Match[str], parts: list[str]) -> Claim | None:
    days = (_DAY_FOLDER.fullmatch(part) for part in parts[-2 : -2 - _MOST_FOLDERS : -1])
    tail, day = next(((tail, day) for tail, day in enumerate(days, start=2) if day), (0, None))
    start = wall(day[1], day[2], day[3], match[1], match[2], match[3]) if day else None
    end = clock_end(start, match[4], match[5], match[6]) if start else None
    if not start or not end:
        return None
    below = parts[1 - tail : -1]
    numbered = len(below) > 1 and below[1] == "dav" and _CHANNEL_FOLDER.fullmatch(below[0])
    return Claim(
        "dahua",
        start_local=start,
        end_local=end,
        channel=below[0] if numbered else None,
        tail=tail,
        end_clock_only=True,
    )


def _export(match: re.Match[str]) -> Claim | None:
    channel, stream, start_digits, end_digits = match.groups()
    start, end = wall14(start_digits), wall14(end_digits) if end_digits else None
    if not start or (end_digits and not end):
        return None
    if stream != "main":
        channel = f"{channel}-{stream}" if channel else stream
    return Claim("dahua", start_local=start, end_local=end, channel=channel)


LAYOUT = Layout(
    name="dahua",
    title="Dahua, KBVision, Amcrest (card, FTP, export)",
    source="the file paths in Dahua's HTTP API documentation (mediaFileFind, RPC_Loadfile: "
    "/mnt/sd/2012-07-13/001/dav/09/09.30.37-09.30.47[R][0@0][0].dav) and names of cards and exports in public "
    "repositories; github.com/rroller/dahua issue 97",
    claim=_claim,
    samples=(
        Sample(
            "2026-05-27/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav",
            "2026-05-27T19:57:17",
            "2026-05-27T20:00:00",
            "001",
        ),
        Sample(
            "mnt/sd/2012-07-13/001/dav/09/09.30.37-09.30.47[R][0@0][0].MP4",
            "2012-07-13T09:30:37",
            "2012-07-13T09:30:47",
            "001",
        ),
        Sample(
            "2026-12-31/001/dav/23/23.59.00-00.01.00[R][0@0][0].dav",
            "2026-12-31T23:59:00",
            "2027-01-01T00:01:00",
            "001",
        ),
        Sample(
            "mnt/dvr/2026-05-02/0/dav/01/1/0/627506/01.30.00-02.00.00[R][0@0][0].dav",
            "2026-05-02T01:30:00",
            "2026-05-02T02:00:00",
            "0",
        ),
        Sample("2020-10-04/mp4_g/17.46.01-18.32.08[A][0@0][0].mp4", "2020-10-04T17:46:01", "2020-10-04T18:32:08"),
        Sample(
            "2026-03-28/001/dav/13/13.52.27-13.52.27[R][0@0][0].mp4_",
            "2026-03-28T13:52:27",
            "2026-03-28T13:52:27",
            "001",
        ),
        Sample(
            "NVR_ch1_main_20230131000000_20230131010000.dav", "2023-01-31T00:00:00", "2023-01-31T01:00:00", channel="1"
        ),
        Sample(
            "Cổng chào thôn 3_ch12_main_20261123235500_20261124000000.avi",
            "2026-11-23T23:55:00",
            "2026-11-24T00:00:00",
            channel="12",
        ),
        Sample(
            "NVR_ch2_extra1_20230131000000_20230131010000.asf",
            "2023-01-31T00:00:00",
            "2023-01-31T01:00:00",
            channel="2-extra1",
        ),
        Sample("192.168.1.108_IPC_main_20190612191049.dav", "2019-06-12T19:10:49"),
    ),
    foreign=(
        "19.57.17-20.00.00[M][0@0][0].dav",  # no day folder
        "2026-02-30/001/dav/19/19.57.17-20.00.00[M][0@0][0].dav",
        "2026-05-27/001/dav/25/25.57.17-26.00.00[M][0@0][0].dav",
        "2026-05-27/001/dav/19/19.57.17-20.60.00[M][0@0][0].dav",
        "2026-05-27/001/dav/19/19.57.17-20.00.00[M][0@0][0].idx",  # the index beside it
        "2026-05-27/001/jpg/19/57/17[M][0@0][0].jpg",  # the picture beside it
        "2026-05-27/001/dav/19/19.57-20.00[M][0@0][0].dav",
        "NVR_ch1_main_20230230000000_20230230010000.dav",
        "NVR_ch1_main_20230131000000_20230131240000.dav",
        "NVR_ch1_main_2023013100000_20230131010000.dav",
        "ch1_main_20230131000000_20230131010000.dav",  # no device
        "ch01_20211114061218.mp4",  # Hikvision
        "00_20250101000000_20250101010000.mp4",  # Xiaomi
    ),
)
