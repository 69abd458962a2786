"""Motion and MotionEye."""

import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import wall, wall14

_SUFFIX = r"\.(?i:mp4|mkv|avi|mov|mpg|flv|swf|webm|ogg)"
# MotionEye, %Y-%m-%d/%H-%M-%S.
_DAY_FOLDER = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(rf"([0-9]{{2}})-([0-9]{{2}})-([0-9]{{2}}){_SUFFIX}")
# Motion, %v-%Y%m%d%H%M%S (event number first) and, as packaged since 4.x, %t-%v-%Y%m%d%H%M%S (number of the camera).
_EVENT = re.compile(rf"(?:([0-9]{{1,5}})-)?[0-9]{{2,6}}-([0-9]{{14}}){_SUFFIX}")


def _claim(path: str) -> Claim | None:
    folder, _, name = path.rpartition("/")
    if match := _EVENT.fullmatch(name):
        start = wall14(match[2])
        return Claim("motion", start_local=start, channel=match[1]) if start else None
    match = _TIME.fullmatch(name)
    day = _DAY_FOLDER.fullmatch(folder.rpartition("/")[2]) if match else None
    start = wall(*day.groups(), *match.groups()) if match and day else None
    return Claim("motion", start_local=start, tail=2) if start else None


LAYOUT = Layout(
    name="motion",
    title="Motion, MotionEye",
    source="motion.conf: default movie_filename %v-%Y%m%d%H%M%S (github.com/Motion-Project/motion issue 1113) and "
    "%t-%v-%Y%m%d%H%M%S as packaged; MotionEye's %Y-%m-%d/%H-%M-%S (github.com/motioneye-project/motioneyeos "
    "issue 1035)",
    claim=_claim,
    samples=(
        Sample("2026-11-24/11-30-10.mp4", "2026-11-24T11:30:10"),
        Sample("Camera1/2024-02-29/23-59-59.AVI", "2024-02-29T23:59:59"),
        Sample("01-20261124113010.mkv", "2026-11-24T11:30:10"),
        Sample("var/lib/motion/1-01-20261124113010.mp4", "2026-11-24T11:30:10", channel="1"),
    ),
    foreign=(
        "11-30-10.mp4",  # no day folder
        "2026-02-30/11-30-10.mp4",  # 30 February
        "2026-11-24/25-30-10.mp4",  # 25 o'clock
        "2026-11-24/11-30-1.mp4",
        "2026-11-24/11-30-10.jpg",
        "2026-11-24/11-30-10.mp4.thumb",  # the preview beside it
        "01-20260230113010.mkv",
        "01-2026112411301.mkv",
        "20261124113010.mkv",
        "01-20261124113010-snapshot.jpg",
        "2020-01-02T03-04-05.mp4",  # Shinobi
        "2026-11-24/11/cam/30.10.mp4",  # Frigate
    ),
)
