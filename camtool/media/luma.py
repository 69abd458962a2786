"""Small luma pictures straight out of the decoder: no colour, one thread, no frame that is not asked for.

The loop filter is left out for keyframes only (a tenth of their cost). Without it the error of each inter picture is
handed on to the next: at a group's end the shrunk pictures were off by up to 10 levels, which is how a walker looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from camtool.core.model import US_PER_S
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import Unplayable, mark

av.logging.set_level(None)

Luma = NDArray[np.uint8]
Skip = Literal["DEFAULT", "NONREF", "NONKEY"]

# Width (or height, if it stands upright) of a shrunk picture: six sensor pixels of 1080p in each direction average
# their noise away, and a person of 45 px is still seven pixels tall.
SMALL_PX = 320
# Colour this weak (mean distance of the chroma samples from grey, in levels of 255) is an infrared picture. Encoders
# leave up to one level in grey; the greyest daylight scene measured had four.
GREY_LEVELS = 1.5
# Time stamps jitter, and pictures without their reference come late; a longer way back is a jump.
BACK_US = US_PER_S
# Pictures that lie this far apart, and twenty times as far as they do on average, are those before and after a hole: a
# part of the disk that was not written, or a clock that was set.
HOLE_US, HOLE_PICTURES = 5 * US_PER_S, 20
# Everything PyAV raises for footage it cannot make sense of.
REFUSALS = (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError)
# Pixel formats whose first plane is the luma and nothing else.
PLANAR = ("yuv4", "yuvj4", "nv", "gray")
# Damaged packets, or refusals to read on, in a row after which nothing more is expected of a file. A transport stream
# refuses once for every 64 KB without a packet: this is a hole of 16 MB.
HOPELESS = 250


@dataclass(frozen=True, slots=True)
class Picture:
    """One shrunk picture at its time in the file (µs from the first picture's time stamp)."""

    at_us: int
    luma: Luma
    key: bool
    night: bool
    new_size: bool


@dataclass(slots=True)
class Read:
    """What was read of a file so far, and what was wrong with it.

    gap_us is the longest stretch without any picture, from gap_at_us on, if it is longer than pictures lie apart here;
    longest_key_us the longest one without a keyframe.
    """

    packets: int = 0
    frames_decoded: int = 0
    damaged: int = 0
    damaged_us: int | None = None
    jumped_us: int | None = None
    gap_us: int = 0
    gap_at_us: int = 0
    longest_key_us: int = 0
    sizes: list[tuple[int, int]] = field(default_factory=list)
    last_us: int = 0
    reached_us: int = 0
    broken: str | None = None

    def problems(self) -> list[Problem]:
        """Say what was wrong, each kind once."""
        found: list[Problem] = []
        facts: dict[str, str | int]
        if self.damaged or self.broken:
            facts = {
                "count": max(1, self.damaged),
                "at_s": (self.damaged_us or self.last_us) // US_PER_S,
            }
            found.append(Problem(ProblemKind.PICTURES_DAMAGED, facts=facts))
        if self.jumped_us is not None:
            found.append(Problem(ProblemKind.TIME_JUMPS_BACK, facts={"at_s": self.jumped_us // US_PER_S}))
        if self.gap_us:
            facts = {"gap_s": self.gap_us // US_PER_S, "at_s": self.gap_at_us // US_PER_S}
            found.append(Problem(ProblemKind.TIME_GAP, facts=facts))
        if len(self.sizes) > 1:
            (w, h), (w2, h2) = self.sizes[:2]
            found.append(Problem(ProblemKind.SIZE_CHANGES, facts={"before": f"{w}x{h}", "after": f"{w2}x{h2}"}))
        return found


@dataclass(slots=True)
class _Times:
    """The last packet's time and the last keyframe's, µs, in one going through."""

    last_us: int | None = None
    key_us: int | None = None


class Film:
    """One open file. Not for more than one thread.

    Raises Unplayable where no picture can be read from it at all.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = str(path)
        self.read = Read()
        self._small: tuple[int, int] | None = None
        self.container, self.stream = _open(self.path)
        picture = self.stream.codec_context
        self.size_px = (picture.width, picture.height)
        self.time_base: Fraction = self.stream.time_base or Fraction(1, US_PER_S)
        self._tick_us = float(self.time_base * US_PER_S)
        self.origin = self.stream.start_time or 0
        self.reordered = picture.has_b_frames > 0

    def close(self) -> None:
        """Close the file."""
        self.container.close()

    @property
    def stated_us(self) -> int | None:
        """The length the container states, µs, or None."""
        if self.stream.duration:
            return round(self.stream.duration * self.time_base * US_PER_S)
        return self.container.duration or None

    def broken_off_bytes(self) -> int:
        """Return how many bytes the last packet of a transport stream lacks, 0 in every other container.

        Its packets are 188 bytes (ISO/IEC 13818-1), 192 with a time stamp in front, 204 with a checksum behind.
        """
        if self.container.format.name != "mpegts":
            return 0
        size_bytes = Path(self.path).stat().st_size
        return 0 if any(size_bytes % length == 0 for length in (188, 192, 204)) else 188 - size_bytes % 188

    @property
    def rate(self) -> Fraction | None:
        """Pictures a second, as the container has it."""
        return self.stream.average_rate

    def keyframes(self) -> Iterator[Picture]:
        """Yield every keyframe from the start, decoding nothing else."""
        yield from self._pictures("NONKEY", 0, None, 0)

    def frames(self, from_us: int, to_us: int | None, step_us: int, every: bool) -> Iterator[Picture]:
        """Yield pictures at least step_us apart from the keyframe at or before from_us on, up to to_us.

        Every frame up to to_us is decoded, unless every is False: then those that no other needs are left out.
        """
        yield from self._pictures("DEFAULT" if every or not self.reordered else "NONREF", from_us, to_us, step_us)

    def _pictures(self, skip: Skip, from_us: int, to_us: int | None, step_us: int) -> Iterator[Picture]:
        self.close()
        self.container, self.stream = _open(self.path, skip)
        if from_us > 0:
            self._seek(from_us)
        last_us: int | None = None
        due_us: int | None = None
        for frame in self._decoded(skip):
            at_us = self._time_us(frame, last_us)
            if last_us is not None and at_us <= last_us:
                if at_us < last_us - BACK_US:
                    self.read.jumped_us = last_us
                    return
                continue
            last_us = at_us
            self.read.last_us = max(self.read.last_us, at_us)
            if to_us is not None and at_us >= to_us:
                return
            if due_us is not None and at_us < due_us:
                continue
            due_us = at_us + step_us if due_us is None or at_us - due_us > step_us else due_us + step_us
            yield self._picture(frame, at_us)

    def _seek(self, from_us: int) -> None:
        target = self.origin + int(Fraction(from_us, US_PER_S) / self.time_base)
        try:
            self.container.seek(max(target, self.origin), stream=self.stream, backward=True)
        except REFUSALS:  # it cannot seek: read from the start
            self.close()
            self.container, self.stream = _open(self.path, "DEFAULT")

    def _decoded(self, skip: Skip) -> Iterator[VideoFrame]:
        only_keys, in_a_row = skip == "NONKEY", 0
        due: dict[int, None] = {}  # time stamps of packets whose picture has not come: a decoder can lose one silently
        stated = {entry.timestamp for entry in self.stream.index_entries if entry.is_keyframe} if only_keys else set()
        packets = self.container.demux(self.stream)
        codec = self.stream.codec_context
        first_pts: int | None = None
        times, refused = _Times(), 0
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                self._lost(due)
                return
            except REFUSALS as error:
                self.read.broken, refused = str(error), refused + 1
                if refused >= HOPELESS:
                    return
                packets = self.container.demux(self.stream)  # goes on behind what it could not make sense of
                continue
            refused = 0
            if packet.size:
                self.read.packets += 1
                if packet.pts is not None:
                    self._note_time(packet, times)
                    reached_us = int((packet.pts + (packet.duration or 0) - self.origin) * self._tick_us)
                    self.read.reached_us = max(self.read.reached_us, reached_us)
            if only_keys and packet.size and not packet.is_keyframe:
                if packet.dts in stated:  # the index calls it one, and its bytes are none
                    self._damage(packet.pts)
                continue
            if packet.pts is not None and packet.size:
                first_pts = packet.pts if first_pts is None else first_pts
                if (
                    packet.pts >= first_pts and skip != "NONREF"
                ):  # what leads an open group needs the one before, where nothing was read
                    due[packet.pts] = None
            try:
                frames = _alone(codec, packet) if only_keys and packet.size else packet.decode()
                in_a_row = 0
            except REFUSALS as error:
                if isinstance(error, EOFError) or not packet.size:
                    self._lost(due)
                    return
                due.pop(packet.pts or 0, None)
                in_a_row += 1
                self._damage(packet.pts)
                if in_a_row >= HOPELESS:
                    return
                continue
            for frame in frames:
                self.read.frames_decoded += 1
                if frame.pts is not None:
                    due.pop(frame.pts, None)
                if frame.is_corrupt:
                    self._damage(frame.pts)
                yield frame

    def _note_time(self, packet: "Packet[VideoStream]", times: "_Times") -> None:
        """Note how far packets and keyframes lie apart; decoding order will do."""
        at = packet.pts if packet.dts is None else packet.dts
        if at is None:
            return
        at_us = int((at - self.origin) * self._tick_us)
        rate = float(self.rate or 0)
        usual_us = HOLE_PICTURES * US_PER_S / rate if rate else 0
        if times.last_us is not None:
            gap_us = at_us - times.last_us
            if gap_us > max(HOLE_US, usual_us, self.read.gap_us):
                self.read.gap_us, self.read.gap_at_us = gap_us, max(0, times.last_us)
        times.last_us = at_us
        times.key_us = at_us if times.key_us is None else times.key_us
        self.read.longest_key_us = max(self.read.longest_key_us, at_us - times.key_us)
        if packet.is_keyframe:
            times.key_us = at_us

    def _lost(self, due: dict[int, None]) -> None:
        """Count the packets that never became a picture; where that is usual, it is how the stream is made (fields)."""
        if 0 < len(due) <= self.read.frames_decoded // 4:
            for pts in due:
                self._damage(pts)

    def _damage(self, pts: int | None) -> None:
        self.read.damaged += 1
        if self.read.damaged_us is None and pts is not None:
            self.read.damaged_us = int((pts - self.origin) * self._tick_us)

    def _time_us(self, frame: VideoFrame, last_us: int | None) -> int:
        if frame.pts is not None:
            return int((frame.pts - self.origin) * self._tick_us)
        step_us = int(US_PER_S / self.rate) if self.rate else US_PER_S // 25
        return 0 if last_us is None else last_us + step_us

    def _picture(self, frame: VideoFrame, at_us: int) -> Picture:
        size = (frame.width, frame.height)
        new_size = bool(self.read.sizes) and size != self.read.sizes[-1]
        if not self.read.sizes or new_size:
            self.read.sizes.append(size)
        if self._small is None:
            longer = max(size)
            self._small = (max(16, round(SMALL_PX * size[0] / longer)), max(16, round(SMALL_PX * size[1] / longer)))
        luma = cast(Luma, cv2.resize(luma_plane(frame), self._small, interpolation=cv2.INTER_AREA))
        return Picture(at_us, luma, bool(frame.key_frame), is_grey(frame), new_size)


def _alone(codec: VideoCodecContext, packet: "Packet[VideoStream]") -> list[VideoFrame]:
    """Decode one keyframe, and let the decoder forget it.

    Given the keyframes of open groups and nothing between, that of HEVC swaps some and drops others.
    """
    try:
        return [*codec.decode(packet), *codec.decode(None)]
    finally:
        codec.flush_buffers()


def _open(path: str, skip: Skip = "DEFAULT") -> tuple[InputContainer, VideoStream]:
    cv2.setNumThreads(1)  # a worker a core: threads of its own would only get in the others' way
    try:
        container = av.open(f"file:{path}", metadata_errors="replace")
    except REFUSALS as error:
        raise Unplayable(path=path, detail=getattr(error, "strerror", None) or str(error)) from error
    stream = next(iter(container.streams.video), None)
    if stream is None or not getattr(stream.codec_context, "width", 0):  # no codec context: a codec libav lacks
        container.close()
        raise Unplayable(path=path, detail=mark("no picture was found in it"))
    stream.thread_count = 1
    if skip == "NONKEY":
        stream.codec_context.options = {"skip_loop_filter": "all"}
    stream.codec_context.skip_frame = skip
    return container, stream


def luma_plane(frame: VideoFrame) -> Luma:
    """Return the luma plane as it lies in the decoder's buffer, without a copy where it is 8 bits deep."""
    name = frame.format.name
    if not name.startswith(PLANAR) or frame.format.components[0].bits != 8:
        frame = frame.reformat(format="gray")
    plane = frame.planes[0]
    whole = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
    return whole[:, : plane.width]


def is_grey(frame: VideoFrame) -> bool:
    """Say whether the picture has no colour, as under infrared light."""
    if len(frame.planes) < 3:
        return frame.format.name.startswith("gray")
    for plane in frame.planes[1:3]:
        if plane.line_size < plane.width or frame.format.components[0].bits != 8:
            return False
        chroma = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[
            ::16, : plane.width : 16
        ]
        if float(np.abs(chroma.astype(np.int16) - 128).mean()) > GREY_LEVELS:
            return False
    return True
