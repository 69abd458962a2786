"""Blue Iris: clips, with the camera's short name before or after the time."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import channel_text, wall14

_SUFFIX = r"\.(?i:mp4|avi|bvr|mkv|wmv|asf)"
# &CAM.%Y%m%d_%H%M%S, or the time first; milliseconds may follow the seconds.
_CAMERA_FIRST = re.compile(rf"([^/]+)\.([0-9]{{8}})_([0-9]{{6}})([0-9]{{3}})?{_SUFFIX}")
_CAMERA_LAST = re.compile(rf"([0-9]{{8}})_([0-9]{{6}})([0-9]{{3}})?\.([^/]+){_SUFFIX}")


def _claim(path: str) -> Claim | None:
    name = path.rpartition("/")[2]
    if match := _CAMERA_FIRST.fullmatch(name):
        camera, day, time, ms = match.groups()
    elif match := _CAMERA_LAST.fullmatch(name):
        day, time, ms, camera = match.groups()
    else:
        return None
    start = wall14(day + time)
    if not start:
        return None
    return Claim("blueiris", start_local=start.replace(microsecond=int(ms or 0) * 1000), channel=channel_text(camera))


LAYOUT = Layout(
    name="blueiris",
    title="Blue Iris",
    source="Blue Iris help, Recording and Clips: &CAM.%Y%m%d_%H%M%S, the camera's name first or last "
    "(camlocus.com/docs/recording-and-clips)",
    claim=_claim,
    samples=(
        Sample("Cam1.20210131_120000.mp4", "2021-01-31T12:00:00", channel="Cam1"),
        Sample("New/Cam1/Cam1.20240229_235959.BVR", "2024-02-29T23:59:59", channel="Cam1"),
        Sample("DRIVEWAY.20200827_131840312.avi", "2020-08-27T13:18:40.312", channel="DRIVEWAY"),
        Sample("20210131_120000.Cổng.1.mp4", "2021-01-31T12:00:00", channel="Cổng.1"),
    ),
    foreign=(
        "Cam1.20210230_120000.mp4",  # 30 February
        "Cam1.20210131_250000.mp4",  # 25 o'clock
        "Cam1.20210131_12000.mp4",  # a digit short
        "Cam1.20210131_1200001.mp4",
        "Cam1_20210131_120000.mp4",
        "20210131_120000.mp4",  # no camera
        "Cam1.20210131_120000.jpg",
        "20231010_002359_tp00001.mp4",  # Tapo
    ),
)
