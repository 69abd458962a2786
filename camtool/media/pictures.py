"""What a recording holds, whoever reads its index: its streams, and its groups of pictures.

Two readers fill these in: camtool.media.packets asks libav and reads every container; camtool.media.plain_read reads
the sample tables of a plain MP4 and loads no video library. Both give the same numbers (held equal by tests).
"""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from camtool.errors import mark
from camtool.media.framing import Framing

NO_PICTURE = mark("no picture was found in it")
# H.264 and HEVC shift a picture by at most 16 places (max_dec_frame_buffering), so one of the first 17 is shown first.
REORDER_MOST = 16


@dataclass(frozen=True, slots=True)
class Video:
    """A recording's picture stream. time_base is in seconds; frame_ticks is a picture's length by the stated rate."""

    index: int
    codec: str
    width_px: int
    height_px: int
    time_base: Fraction
    frame_ticks: int
    framing: Framing
    extradata: bytes
    sets: frozenset[bytes]

    @property
    def words(self) -> str:
        """Codec and size, for people."""
        return f"{self.codec} {self.width_px}x{self.height_px}"


@dataclass(frozen=True, slots=True)
class Audio:
    """A recording's sound stream. adts: its packets carry ADTS headers, which .mp4 and .mkv have no use for."""

    index: int
    codec: str
    rate: int
    channels: int
    time_base: Fraction
    extradata: bytes

    @property
    def adts(self) -> bool:
        """AAC without an AudioSpecificConfig has it in front of each packet (ISO/IEC 13818-7, ADTS)."""
        return self.codec == "aac" and not self.extradata


@dataclass(frozen=True, slots=True)
class Source:
    """One recording's file. indexed: its packets can be reached and numbered without reading what is before them.

    origin_pts is the time of the picture that is shown first, in ticks of the video's time base: place 0 of the file.
    """

    path: Path
    size_bytes: int
    mtime_ns: int
    container: str
    indexed: bool
    origin_pts: int
    video: Video
    audio: Audio | None

    def place_us(self, pts: int) -> Fraction:
        """Return the place of a video time (ticks) in µs from the first picture."""
        return (pts - self.origin_pts) * self.video.time_base * 1_000_000

    def pts_at(self, place_us: Fraction) -> int:
        """Return the last tick at or before a place in µs from the first picture."""
        return self.origin_pts + math.floor(place_us / (self.video.time_base * 1_000_000))


@dataclass(frozen=True, slots=True)
class Group:
    """Pictures from one keyframe to before the next, in the order of the file; times in ticks of the video.

    first is the number of its first packet, counted from the start of the file. low_pts is the earliest picture: before
    key_pts where pictures that lead the keyframe are stored behind it (open groups). reorder is the most pictures that
    any of them is stored behind although it is shown before them. key is False for pictures at the start of a file that
    has no keyframe yet. whole is False where the file breaks off in the group.
    """

    first: int
    packets: int
    key: bool
    key_pts: int
    first_dts: int
    low_pts: int
    end_pts: int
    reorder: int
    whole: bool


class Gathering:
    """The group that is being read: its numbers, and the two latest pictures, whose distance is a picture's length."""

    __slots__ = ("count", "dts", "duration", "first", "high", "key", "key_pts", "low", "recent", "reorder", "second")

    def __init__(self, first: int, key: bool, pts: int, dts: int) -> None:
        self.first, self.count, self.key, self.key_pts, self.dts = first, 0, key, pts, dts
        self.low = self.high = self.second = pts
        self.duration = self.reorder = 0
        self.recent: deque[int] = deque(maxlen=REORDER_MOST)

    def add(self, pts: int, duration: int) -> None:
        """Take in the next picture; duration is what the container states, 0: nothing."""
        self.count += 1
        self.low = min(self.low, pts)
        if pts >= self.high:
            self.second, self.high, self.duration = self.high, pts, duration
        else:
            if pts > self.second or self.second == self.high:
                self.second = pts
            self.reorder = max(self.reorder, sum(pts < before for before in self.recent))
        self.recent.append(pts)

    def done(self, whole: bool, frame_ticks: int) -> Group:
        """Return the group as it is now."""
        # DHAV states one tick for every picture (libavformat/dhav.c), so one tick is no length.
        length = self.duration if self.duration > 1 else self.high - self.second or frame_ticks
        end_pts = self.high + length
        return Group(self.first, self.count, self.key, self.key_pts, self.dts, self.low, end_pts, self.reorder, whole)


class Reader(Protocol):
    """What plans a clip: a way to read recordings."""

    def read(self, path: Path) -> Source:
        """Open a recording and say what it is. Raises Unplayable, or OSError where the file is not to be had."""

    def groups(self, source: Source, near_pts: int) -> Iterator[Group]:
        """Yield the groups from the one shown at near_pts on. Raises Unplayable, OSError."""

    def digests(self, source: Source, first: int, count: int) -> Iterator[bytes]:
        """Yield SHA-256 of `count` pictures from number `first` on."""
