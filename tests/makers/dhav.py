"""A writer of Dahua's DHAV files (.dav).

One frame after another, each: `DHAV`, type (FD key, FC delta, F0 sound, F1 other), subtype, channel, sub-number, frame
number u32, length u32 (header to trailer), date u32 (year-2000:6 month:4 day:5 hour:5 minute:6 second:6 bits),
milliseconds u16 (a counter that wraps), length of extensions u8, sum of the bytes before u8, extensions, data, then
`dhav` and the length again. Numbers are little-endian. Source: what FFmpeg's libavformat/dhav.c reads.
"""

import datetime as dt
import struct
from collections.abc import Sequence
from pathlib import Path

from tests.makers.video import EncodedPacket, annexb_packets

KEY, DELTA, SOUND, OTHER = 0xFD, 0xFC, 0xF0, 0xF1
CODECS = {"h264": 0x04, "hevc": 0x0C}
PCM_ALAW, RATE_8000 = 0x0E, 0x00
SOUND_BYTES = 320  # 40 ms of G.711 at 8000/s


def pack_date(when: dt.datetime) -> int:
    """Pack a local time, to the second, as DHAV does."""
    low = when.hour << 12 | when.minute << 6 | when.second
    return (when.year - 2000) << 26 | when.month << 22 | when.day << 17 | low


def frame(
    kind: int, number: int, when: dt.datetime, counter_ms: int, extensions: bytes, data: bytes, channel: int = 0
) -> bytes:
    """Build one whole DHAV frame."""
    length = 24 + len(extensions) + len(data) + 8
    head = struct.pack("<4sBBBBIII", b"DHAV", kind, 0, channel, 0, number, length, pack_date(when))
    head += struct.pack("<HB", counter_ms & 0xFFFF, len(extensions))
    return head + bytes([sum(head) & 0xFF]) + extensions + data + struct.pack("<4sI", b"dhav", length)


def write_dav(
    path: Path,
    source: Path | Sequence[EncodedPacket],
    start_local: dt.datetime,
    *,
    fps: int = 10,
    size: tuple[int, int] = (320, 192),
    codec: str = "h264",
    channel: int = 0,
    sound: bool = False,
    preamble: bool = False,
) -> Path:
    """Write a .dav whose first picture was taken at start_local (naive, the camera's clock).

    source is a file of H.264 or HEVC without B-frames, or its packets. sound adds 40 ms of silence in G.711 A-law after
    each picture; preamble puts the 1 KiB `DAHUA` block in front that some exports have.
    """
    packets = annexb_packets(source) if isinstance(source, Path) else source
    video = struct.pack("<BBBBHH", 0x82, 0, 0, 0, *size) + struct.pack("<BBBB", 0x81, 0, CODECS[codec], fps)
    heard = struct.pack("<BBBB", 0x83, 1, PCM_ALAW, RATE_8000)
    parts = [b"DAHUA".ljust(1024, b"\0")] if preamble else []
    for number, packet in enumerate(packets):
        when = start_local + dt.timedelta(microseconds=packet.pts_us)
        counter_ms = packet.pts_us // 1000
        kind = KEY if packet.key else DELTA
        parts.append(frame(kind, number, when, counter_ms, video, packet.data, channel))
        if sound:
            parts.append(frame(SOUND, number, when, counter_ms, heard, b"\xd5" * SOUND_BYTES, channel))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(parts))
    return path
