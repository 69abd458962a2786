"""UniFi Protect: the console's own files, and what they are named when unpacked."""

import datetime as dt
import re

from camtool.core.claim import Claim, Layout, Sample
from camtool.layouts.parts import epoch, wall

# FCECDA000001_0_rotating_1597425468956.ubv: the camera's MAC, stream (0 full, others smaller), start in UTC epoch
# milliseconds (thirteen digits beginning with 1: 2001 to 2033). A bare number, or start and end, is read as well.
_EPOCH = re.compile(
    r"(?:([0-9A-Fa-f]{12})_(?:([0-9]+)_rotating_)?)?(1[0-9]{12})(?:[-_](1[0-9]{12}))?\.(?i:ubv|mp4|mkv|ts)"
)
# FCECDA000002_0_rotating_2022-04-02T12.34.58-07.00.mp4: the same after unifi-protect-remux, with the offset from UTC.
_ISO = re.compile(
    r"([0-9A-Fa-f]{12})_([0-9]+)_rotating_([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})\.([0-9]{2})\.([0-9]{2})"
    r"(?:Z|([+-])([0-9]{2})\.([0-9]{2}))\.(?i:mp4|mkv)"
)


def _claim(path: str) -> Claim | None:
    name = path.rpartition("/")[2]
    if match := _EPOCH.fullmatch(name):
        end = epoch(match[4], 1000) if match[4] else None
        return Claim("unifi", start_utc=epoch(match[3], 1000), end_utc=end, channel=_channel(match[1], match[2]))
    if match := _ISO.fullmatch(name):
        return _iso(match)
    return None


def _iso(match: re.Match[str]) -> Claim | None:
    mac, stream, *time, sign, hours, minutes = match.groups()
    start = wall(*time)
    ahead = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    if not start or ahead >= dt.timedelta(days=1):
        return None
    zone = dt.timezone(-ahead if sign == "-" else ahead)
    try:
        start_utc = start.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        return None
    return Claim("unifi", start_utc=start_utc, channel=_channel(mac, stream))


def _channel(mac: str | None, stream: str | None) -> str | None:
    """Return the MAC alone for the full stream; the smaller ones show the same scene and are not to be mixed in."""
    return f"{mac}-{stream}" if mac and stream and stream != "0" else mac


LAYOUT = Layout(
    name="unifi",
    title="UniFi Protect",
    source="github.com/petergeneric/unifi-protect-remux: test names, its README, and issues 10 and 40 on the streams; "
    "the number is the start of the file",
    claim=_claim,
    samples=(
        Sample(
            "video/2020/08/14/FCECDA000001_0_rotating_1597425468956.ubv",
            "2020-08-14T17:17:48.956+00:00",
            channel="FCECDA000001",
        ),
        Sample("FCECDA000001_2_rotating_1597425468956.ubv", "2020-08-14T17:17:48.956+00:00", channel="FCECDA000001-2"),
        Sample(
            "FCECDA000002_0_rotating_2022-04-02T12.34.58-07.00.mp4",
            "2022-04-02T19:34:58+00:00",
            channel="FCECDA000002",
        ),
        Sample("FCECDA000002_0_rotating_2026-02-20T01.57.33Z.MP4", "2026-02-20T01:57:33+00:00", channel="FCECDA000002"),
        Sample("1597425468956.mp4", "2020-08-14T17:17:48.956+00:00"),
        Sample("1597425468956-1597425768956.mp4", "2020-08-14T17:17:48.956+00:00", "2020-08-14T17:22:48.956+00:00"),
    ),
    foreign=(
        "FCECDA000001_0_timelapse_1597425468956.ubv",  # its pictures are minutes apart
        "FCECDA000001_0_rotating_159742546895.ubv",  # a digit short
        "FCECDA00000_0_rotating_1597425468956.ubv",
        "FCECDA000001_0_rotating_1597425468956.jpg",
        "9597425468956.mp4",  # the year 2274
        "FCECDA000002_0_rotating_2022-02-30T12.34.58-07.00.mp4",
        "FCECDA000002_0_rotating_2022-04-02T25.34.58-07.00.mp4",
        "FCECDA000002_0_rotating_2022-04-02T12.34.58.mp4",  # no offset: whose clock is not said
        "FCECDA000002_0_rotating_2022-04-02T12.34.58-27.00.mp4",
        "1706108297-1706108310.mp4",  # seconds: Tapo
    ),
)
