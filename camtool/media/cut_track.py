"""A clip's streams while it is written: a column of figures for each packet, and the times packets are given."""

import math
from array import array
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappush, heappushpop
from typing import TYPE_CHECKING, Any

from camtool.core.ledger import Compared
from camtool.core.problem import Problem
from camtool.media.framing import Framing
from camtool.media.pictures import Audio

if TYPE_CHECKING:  # loads libav, which a plain MP4 has no need of
    from av.packet import Packet
    from av.stream import Stream

# How much later one track begins than another is stated in these ticks: sound stays within 12 µs of its picture.
MOVIE_TICKS = 90_000


# libav's names of the formats behind the endings a clip may have.
FORMATS = {".mp4": "mp4", ".mkv": "matroska"}


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How a clip is written: the ending of its name, the sound it has (None: none), and what is to be said of that.

    heard says for each piece whether its sound is kept.
    """

    suffix: str
    sound: Audio | None
    heard: tuple[bool, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Run:
    """Packets that keep their distances: clip time = (pts + shift_ticks) * time_base, from one start for the clip."""

    source: int
    first_row: int
    first_packet: int
    shift_ticks: int
    time_base: Fraction


@dataclass(slots=True)
class Track:
    """One stream of the clip as it was written; each column has one entry for each packet, in the clip's order.

    pos is -1 where the packet does not lie in its source in one piece. common is the SHA-256 of what it has in common
    with the clip's (see core.ledger), made from the source's. shown is the time it was given, in ticks of the run's
    time base. retimed counts the packets whose time had to be moved because the source's own repeat.
    """

    kind: str
    codec: str
    framing: Framing
    compared: Compared
    runs: list[Run] = field(default_factory=list)
    pos: "array[int]" = field(default_factory=lambda: array("q"))
    size: "array[int]" = field(default_factory=lambda: array("q"))
    pts: "array[int]" = field(default_factory=lambda: array("q"))
    shown: "array[int]" = field(default_factory=lambda: array("q"))
    key: bytearray = field(default_factory=bytearray)
    common: list[bytes] = field(default_factory=list)
    retimed: int = 0

    def __len__(self) -> int:
        return len(self.pos)


class Lane:
    """One stream of the clip while it is written."""

    def __init__(self, stream: "Stream", track: Track) -> None:
        self.stream, self.track = stream, track
        self.shift = self.decode_shift = 0
        self.last_dts: int | None = None

    def start(self, source: int, first_packet: int, shift: int, decode_shift: int, time_base: Fraction) -> None:
        """Begin a run. The last decoding time is carried over into the ticks of its time base."""
        runs = self.track.runs
        if self.last_dts is not None and runs[-1].time_base != time_base:
            self.last_dts = math.ceil(self.last_dts * runs[-1].time_base / time_base)
        self.shift, self.decode_shift = shift, decode_shift
        runs.append(Run(source, len(self.track), first_packet, shift, time_base))

    def stamp(self, packet: "Packet[Any]", pts: int, dts: int) -> int:
        """Give a packet its times in the clip; return when it is shown. Decoding times always grow."""
        shown, decoded = pts + self.shift, dts + self.decode_shift
        if self.last_dts is not None and decoded <= self.last_dts:
            decoded = self.last_dts + 1
        if shown < decoded:
            shown = decoded
            self.track.retimed += 1
        self.last_dts = decoded
        packet.pts, packet.dts = shown, decoded
        return shown


class DecodingOrder:
    """Decoding times for pictures that are stored in decoding order and state only when they are shown.

    A decoder that holds back `reorder` pictures shows each time the earliest it holds; decoding happens at these times,
    moved up by that many pictures.
    """

    def __init__(self, reorder: int, low_pts: int, frame_ticks: int) -> None:
        self.first_dts = low_pts - reorder * frame_ticks
        self._early = [self.first_dts + place * frame_ticks for place in range(reorder)][::-1]
        self._held: list[int] = []

    def dts(self, pts: int) -> int:
        """Return the decoding time of the next picture, never later than it is shown."""
        if self._early:
            heappush(self._held, pts)
            return self._early.pop()
        return heappushpop(self._held, pts)
