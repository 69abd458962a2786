"""TP-Link Tapo: saved from the app, and synchronised by Home Assistant."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import epoch, wall14

# 20231010_002359_tp00001.mp4: start on the camera's clock, then a running number.
_APP = re.compile(r"([0-9]{8})_([0-9]{6})_tp[0-9]{5}\.(?i:mp4)")
# 1706108297-1706108310.mp4: start and end as UTC epoch seconds.
_HOME_ASSISTANT = re.compile(r"([0-9]{10})-([0-9]{10})\.(?i:mp4)")


def _claim(path: str) -> Claim | None:
    name = path.rpartition("/")[2]
    if match := _APP.fullmatch(name):
        start = wall14(match[1] + match[2])
        return Claim("tapo", start_local=start) if start else None
    if match := _HOME_ASSISTANT.fullmatch(name):
        return Claim("tapo", start_utc=epoch(match[1]), end_utc=epoch(match[2]))
    return None


LAYOUT = Layout(
    name="tapo",
    title="TP-Link Tapo (app, Home Assistant)",
    source="names of saved Tapo recordings in public repositories, such as 20231010_002359_tp00001.mp4; "
    "github.com/JurajNyiri/HomeAssistant-Tapo-Control issue 509 (epoch of start and end)",
    claim=_claim,
    samples=(
        Sample("20231010_002359_tp00001.mp4", "2023-10-10T00:23:59"),
        Sample("tapo/c310/20231125_130743_tp00017.MP4", "2023-11-25T13:07:43"),
        Sample("1706108297-1706108310.mp4", "2024-01-24T14:58:17+00:00", "2024-01-24T14:58:30+00:00"),
        Sample("media/Cổng/1706108310-1706109000.mp4", "2024-01-24T14:58:30+00:00", "2024-01-24T15:10:00+00:00"),
    ),
    foreign=(
        "20230230_002359_tp00001.mp4",  # 30 February
        "20231010_252359_tp00001.mp4",  # 25 o'clock
        "20231010_00235_tp00001.mp4",  # a digit short
        "20231010_002359.mp4",
        "20231010_002359_tp00001.jpg",
        "1706108297.mp4",
        "1706108297-170610831.mp4",
        "1706108297123-1706108310123.mp4",  # milliseconds: UniFi
    ),
)
