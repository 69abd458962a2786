"""Xiaomi (Mijia): SD card and NAS folders, of older and newer cameras."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import epoch, wall, wall14

# 2025051223/52M00S_1747065120.mp4: the folder is the hour on the camera's clock, the name minute and second, and the
# start again as UTC epoch seconds.
_OLD = re.compile(r"([0-9]{2})M([0-9]{2})S_([0-9]{10})\.(?i:mp4)")
_HOUR_FOLDER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})")
# 00_START_END.mp4: the number in front tells the pictures of one camera apart (merge tools group by it).
_NEW = re.compile(r"([0-9]{2})_([0-9]{14})_([0-9]{14})\.(?i:mp4)")


def _claim(path: str) -> Claim | None:
    folder, _, name = path.rpartition("/")
    if match := _NEW.fullmatch(name):
        start, end = wall14(match[2]), wall14(match[3])
        return Claim("xiaomi", start_local=start, end_local=end, channel=match[1]) if start and end else None
    match = _OLD.fullmatch(name)
    hour = _HOUR_FOLDER.fullmatch(folder.rpartition("/")[2]) if match else None
    if not match or not hour:
        return None
    start = wall(hour[1], hour[2], hour[3], hour[4], match[1], match[2])
    return Claim("xiaomi", start_local=start, start_utc=epoch(match[3]), tail=2) if start else None


LAYOUT = Layout(
    name="xiaomi",
    title="Xiaomi, Mijia (card, NAS)",
    source="card listing in github.com/tasy5kg/MiCameraVideoExporter issue 1 (old); "
    "github.com/realSunyz/xiaomi-camera-tools and github.com/Mrhs121/xiaomi-camera-merge-tool issues 1 and 9 (new)",
    claim=_claim,
    samples=(
        Sample("2025051223/52M00S_1747065120.mp4", "2025-05-12T23:52:00"),
        Sample("MIJIA_RECORD_VIDEO/2021072308/42M03S_1627051323.MP4", "2021-07-23T08:42:03"),
        Sample("00_20250101000000_20250101010000.mp4", "2025-01-01T00:00:00", "2025-01-01T01:00:00", channel="00"),
        Sample(
            "xiaomi_camera_videos/AABBCC001122/10_20260504235500_20260505001000.mp4",
            "2026-05-04T23:55:00",
            "2026-05-05T00:10:00",
            channel="10",
        ),
    ),
    foreign=(
        "52M00S_1747065120.mp4",  # no hour folder
        "2025023023/52M00S_1747065120.mp4",  # 30 February
        "2025051225/52M00S_1747065120.mp4",  # 25 o'clock
        "2025051223/61M00S_1747065120.mp4",
        "2025051223/52M00S_174706512.mp4",  # a digit short
        "2025051223/52M00S_1747065120.jpeg",  # the preview beside it
        "2025051223/52M00S60.mp4",  # Yi
        "00_20250101000000_20250132010000.mp4",
        "00_20250101000000_2025010101000.mp4",
        "00_20250101000000.mp4",
        "NVR_ch1_main_20250101000000_20250101010000.mp4",  # Dahua
    ),
)
