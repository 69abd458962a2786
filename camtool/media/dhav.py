"""What a Dahua recording (.dav, DHAV) says of its time and of its end, from its first and last frames alone.

A frame: `DHAV`, type u8 (FD key, FC delta, F0 sound, F1 other), three bytes, number u32, length u32 of the whole frame,
date u32 (from the low end: second 6 bits, minute 6, hour 5, day 5, month 4, year since 2000 6), a counter of
milliseconds u16, length of extensions u8, a sum, extensions, data, `dhav`, length u32 again; all little-endian. Source:
FFmpeg's libavformat/dhav.c. The trailer repeats the length, so frames can be walked from the end, and a frame without
its trailer shows that the file breaks off. A file that ends exactly between two frames does not show it.
"""

import datetime as dt
from dataclasses import dataclass
from struct import Struct

from camtool.media.source import Source

_HEADER = Struct("<4sB3xIIIH")
_TRAILER = Struct("<4sI")
_PICTURES = (0xFD, 0xFC)
_LEAST_BYTES = 32  # a frame without data: header and trailer
_PREAMBLE_BYTES = 1024  # the block `DAHUA` of some exports, as in dhav.c
# A key frame of 8 megapixels in good light is under 2 MB; the tail searched for the last whole frame is twice that.
_TAIL_BYTES = 4_194_304
_FIRST_TAIL_BYTES = 65_536
_AHEAD_BYTES = 4_096  # headers and trailers are looked up one by one, a frame apart
# Sound and other frames between two pictures: a second of sound is 50 frames at the most.
_MOST_STEPS = 1_000
# The counter and the date come from one clock; they may differ by the second that the date cuts off, and some jitter.
_SLACK_MS = 1_500
_COUNTER = 1 << 16


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame's header; local is the camera's clock, to the second, None where it is no date."""

    kind: int
    at: int
    length_bytes: int
    local: dt.datetime | None
    counter_ms: int


@dataclass(frozen=True, slots=True)
class Dav:
    """The first picture, the last whole one, and the size the file has to have at least, where it breaks off."""

    first: Frame | None
    last: Frame | None
    expected_bytes: int | None

    @property
    def elapsed_us(self) -> int | None:
        """From the first picture to the last; None where the camera's clock does not say, or ran backwards."""
        if self.first is None or self.last is None or self.first.local is None or self.last.local is None:
            return None
        by_date_ms = (self.last.local - self.first.local) // dt.timedelta(milliseconds=1)
        counted_ms = (self.last.counter_ms - self.first.counter_ms) % _COUNTER
        exact_ms = counted_ms + round((by_date_ms - counted_ms) / _COUNTER) * _COUNTER
        length_ms = exact_ms if abs(exact_ms - by_date_ms) <= _SLACK_MS else by_date_ms
        return length_ms * 1000 if length_ms >= 0 else None


def read_dav(source: Source) -> Dav:
    """Read both ends of an open DHAV file. Raises OSError only."""
    source.ahead_bytes = _AHEAD_BYTES
    first = _first_picture(source)
    last, behind = _last_whole(source)
    expected_bytes = _broken_frame_end(source, behind)
    for _ in range(_MOST_STEPS):
        if last is None or last.kind in _PICTURES:
            break
        last = _frame_ending(source, last.at)
    return Dav(first, last, expected_bytes)


def _frame(source: Source, at: int) -> Frame | None:
    data = source.piece(at, at + _HEADER.size)
    if len(data) < _HEADER.size:
        return None
    magic, kind, _, length, date, counter_ms = _HEADER.unpack(data)
    return Frame(kind, at, length, _local(date), counter_ms) if magic == b"DHAV" and length >= _LEAST_BYTES else None


def _frame_ending(source: Source, end: int) -> Frame | None:
    """Return the whole frame that ends at byte `end`."""
    data = source.piece(end - _TRAILER.size, end) if end >= _LEAST_BYTES else b""
    if len(data) < _TRAILER.size:
        return None
    magic, length = _TRAILER.unpack(data)
    frame = _frame(source, end - length) if magic == b"dhav" else None
    return frame if frame is not None and frame.length_bytes == length else None


def _begins_at(source: Source) -> int:
    return _PREAMBLE_BYTES if source.piece(0, 5) == b"DAHUA" else 0


def _first_picture(source: Source) -> Frame | None:
    at = _begins_at(source)
    for _ in range(_MOST_STEPS):
        frame = _frame(source, at)
        if frame is None or frame.kind in _PICTURES:
            return frame
        at += frame.length_bytes
    return None


def _last_whole(source: Source) -> tuple[Frame | None, int]:
    """Return the last whole frame and the first byte behind it (the first frame's, where there is none)."""
    tail_bytes, size = _FIRST_TAIL_BYTES, source.size_bytes
    while True:
        start = max(0, size - tail_bytes)
        tail = source.piece(start, size)
        at = tail.rfind(b"dhav", 0, -_TRAILER.size + 4)
        for _ in range(_MOST_STEPS):
            if at < 0:
                break
            frame = _frame_ending(source, start + at + _TRAILER.size)
            if frame is not None:
                return frame, start + at + _TRAILER.size
            at = tail.rfind(b"dhav", 0, at)
        if start == 0 or tail_bytes >= _TAIL_BYTES:
            return None, _begins_at(source)
        tail_bytes = min(_TAIL_BYTES, tail_bytes * 8)


def _broken_frame_end(source: Source, behind: int) -> int | None:
    """Return where the frame behind the last whole one would end, if one has begun there and is not whole."""
    rest = source.piece(behind, behind + 4)
    if not rest or not b"DHAV".startswith(rest):
        return None
    frame = _frame(source, behind)
    end = behind + (frame.length_bytes if frame is not None else _LEAST_BYTES)
    return end if end > source.size_bytes else None


def _local(date: int) -> dt.datetime | None:
    try:
        return dt.datetime(  # noqa: DTZ001 (the camera's own clock has no zone)
            2000 + (date >> 26),
            date >> 22 & 0xF,
            date >> 17 & 0x1F,
            date >> 12 & 0x1F,
            date >> 6 & 0x3F,
            date & 0x3F,
        )
    except ValueError:
        return None
