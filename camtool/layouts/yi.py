"""Yi (Xiaoyi): the record folder of an SD card."""

import datetime as dt
import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import wall

# 2016Y10M24D15H/E123M45S67.mp4: the folder is day and hour; then E and a digit for what set it off (newer cameras only;
# its values are not documented), minute, second, and the length in seconds, which is no time of day: 67 is possible.
# Cameras that record without events write 52M00S.mp4, with no length.
_NAME = re.compile(r"(?:E[0-9])?([0-9]{2})M([0-9]{2})S([0-9]{2})?\.(?i:mp4)")
_HOUR_FOLDER = re.compile(r"([0-9]{4})Y([0-9]{2})M([0-9]{2})D([0-9]{2})H")


def _claim(path: str) -> Claim | None:
    folder, _, name = path.rpartition("/")
    match = _NAME.fullmatch(name)
    hour = _HOUR_FOLDER.fullmatch(folder.rpartition("/")[2]) if match else None
    if not match or not hour:
        return None
    start = wall(hour[1], hour[2], hour[3], hour[4], match[1], match[2])
    if not start:
        return None
    end = start + dt.timedelta(seconds=int(match[3])) if match[3] else None
    return Claim("yi", start_local=start, end_local=end, tail=2)


LAYOUT = Layout(
    name="yi",
    title="Yi, Xiaoyi (card)",
    source="github.com/roleoroleo/yi-hack-Allwinner-v2 issues 826 (what each part is), 895 and 473; folders may be in "
    "UTC, by firmware: issue 924",
    claim=_claim,
    samples=(
        Sample("record/2016Y10M24D15H/E123M45S67.mp4", "2016-10-24T15:23:45", "2016-10-24T15:24:52"),
        Sample("2022Y08M18D15H/01M00S60.mp4", "2022-08-18T15:01:00", "2022-08-18T15:02:00"),
        Sample("2024Y06M01D14H/E022M37S23.MP4", "2024-06-01T14:22:37", "2024-06-01T14:23:00"),
        Sample("tmp/sd/record/2019Y12M31D23H/59M00S60.mp4", "2019-12-31T23:59:00", "2020-01-01T00:00:00"),
        Sample("2016Y10M24D15H/52M00S.mp4", "2016-10-24T15:52:00"),
    ),
    foreign=(
        "E123M45S67.mp4",  # uploaded without its folder: no day
        "2016Y02M30D15H/E123M45S67.mp4",  # 30 February
        "2016Y10M24D25H/E123M45S67.mp4",  # 25 o'clock
        "2016Y10M24D15H/E163M45S67.mp4",  # minute 63
        "2016Y10M24D15H/E123M60S07.mp4",  # second 60
        "2016Y10M24D15H/E123M45S6.mp4",  # a digit short
        "2016Y10M24D15H/E23M45S67.mp4",
        "2016Y10M24D15H/E123M45S67.jpg",
        "2016102415/E123M45S67.mp4",
        "2025051223/52M00S_1747065120.mp4",  # Xiaomi
    ),
)
