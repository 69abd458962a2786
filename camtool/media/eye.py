"""Looking at a box through a camera's recordings: the keyframe near an instant, or every picture of a stretch.

Each keyframe is decoded once. What cannot be read is left out with a Problem, and what is nearest is shown instead.
All instants are camera time; a place in a file is found by proportion (core.place).
"""

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from pathlib import Path

from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from camtool.core.change import Glance, Shares
from camtool.core.model import Recording, Span
from camtool.core.place import camera_us, place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.errors import CamtoolError, Unplayable
from camtool.media import look as looks
from camtool.media.crop import Array, BoxPx
from camtool.media.look import Look, look_at, patch_size
from camtool.media.luma import is_grey
from camtool.media.packets import NO_PICTURE, REFUSALS, opened, picture_stream, reason, time_of
from camtool.media.thing import beyond, where

# Two workers: the office's PC has two cores, and decoding a keyframe is one core's work.
WORKERS = 2
# A short stretch that is decoded whole is looked at so often.
FILL_US = 250_000
# Looks kept, 60 kB each; a search within the budget of a day makes 60.
KEPT = 400
# H.264 and HEVC shift a picture by at most 16 places (as in media.packets), so one of the first 17 is shown first.
EARLY = 17
# Keyframes tried in a file before it is given up: a damaged stretch is passed over, a file of zeros is not walked.
TRIES = 4


@dataclass(frozen=True, slots=True)
class Footage:
    """One recording and where it lies."""

    recording: Recording
    path: Path

    @property
    def span(self) -> Span:
        """Its camera time."""
        if self.recording.span is None:
            raise ValueError(f"the recording {self.path} has no time")
        return self.recording.span


@dataclass(frozen=True, slots=True)
class Area:
    """The box, in fractions of the picture, so that it is the same in a picture of another size; size of its patch.

    corners is a zone's outline in fractions of the picture, or empty: cells outside it do not count.
    """

    left: Fraction
    top: Fraction
    width: Fraction
    height: Fraction
    patch: tuple[int, int]
    corners: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(cls, box_px: BoxPx, size_px: tuple[int, int], corners: tuple[tuple[float, float], ...] = ()) -> "Area":
        """Make it from a box in pixels of a picture of a size."""
        x, y, w, h = box_px
        wide, tall = size_px
        return cls(
            Fraction(x, wide), Fraction(y, tall), Fraction(w, wide), Fraction(h, tall), patch_size(box_px), corners
        )

    def in_px(self, width: int, height: int) -> BoxPx:
        """Return the box in pixels of a picture."""
        x, y = min(width - 1, round(self.left * width)), min(height - 1, round(self.top * height))
        return (
            x,
            y,
            max(1, min(width - x, round(self.width * width))),
            max(1, min(height - y, round(self.height * height))),
        )


def size_of(path: Path) -> tuple[int, int]:
    """Return the width and height of a recording's picture. Raises Unplayable, or OSError where it is not to be had."""
    with opened(path) as container:
        stream = picture_stream(container)
        if stream is None or not stream.codec_context.width:
            raise Unplayable(path=path, detail=NO_PICTURE)
        return stream.codec_context.width, stream.codec_context.height


class BoxEye:
    """Looks at one box. decoded counts keyframes, frames what was decoded to see every picture of a stretch.

    footage is sorted by start. problems is filled as they come; expected_px is the size of the picture
    that the box is given in.
    """

    def __init__(self, footage: Sequence[Footage], area: Area, expected_px: tuple[int, int]) -> None:
        self.footage = list(footage)
        self.area, self.expected_px = area, expected_px
        self.decoded = self.frames = 0
        self.problems: list[Problem] = []
        self._bad: set[int] = set()
        self._resized: set[tuple[int, int]] = set()
        self._kept: OrderedDict[tuple[int, int], Glance[Look]] = OrderedDict()
        self._starts = [each.span.start_us for each in self.footage]
        self._lock = threading.Lock()
        self._weight: Array | None = None
        self._filled: list[Glance[Look]] = []

    def fill(self, after_us: int, before_us: int) -> None:
        """Decode a short stretch once and look at it several times a second: its keyframes may be too far apart."""
        for glance in self.every(after_us, before_us - 1):
            if not self._filled or glance.at_us >= self._filled[-1].at_us + FILL_US:
                self._filled.append(glance)

    # ---- core.change.Eye ---------------------------------------------------------------------------------------

    def near(self, at_us: int) -> Glance[Look] | None:
        """Return the box at the keyframe at or before an instant, or at the nearest that can be read."""
        if self._filled:
            place = bisect_right(self._filled, at_us, key=lambda glance: glance.at_us)
            return self._filled[max(0, place - 1)]
        while True:
            at = self._nearest(at_us)
            if at is None:
                return None
            each = self.footage[at]
            wanted_us = min(max(at_us, each.span.start_us), each.span.end_us - 1)
            try:
                return self._keyframe(at, wanted_us)
            except (*REFUSALS, CamtoolError) as error:
                self._give_up(at, error)

    def ahead(self, at_us: Sequence[int]) -> None:
        """Look at several instants at once."""
        with ThreadPoolExecutor(WORKERS) as workers:
            list(workers.map(self.near, at_us[: KEPT // 2]))

    def every(self, after_us: int, before_us: int) -> Iterator[Glance[Look]]:
        """Yield the box in every picture of [after_us, before_us]; what cannot be decoded is passed over."""
        reached_us = after_us - 1
        for at, each in enumerate(self.footage):
            if at in self._bad or each.span.end_us <= after_us or each.span.start_us > before_us:
                continue
            try:
                for glance in self._pictures(each, max(after_us, each.span.start_us)):
                    if glance.at_us > before_us:
                        break
                    if glance.at_us > reached_us:
                        reached_us = glance.at_us
                        yield glance
            except (*REFUSALS, CamtoolError) as error:
                self._give_up(at, error)

    def at(self, at_us: int) -> Glance[Look] | None:
        """Return the box in the very picture that is shown at an instant; None where nothing can be read."""
        if self._filled:
            return self.near(at_us)
        at = self._nearest(at_us)
        found: Glance[Look] | None = None
        if at is None:
            return None
        try:
            with closing(self._pictures(self.footage[at], at_us, lead=True)) as pictures:
                for glance in pictures:
                    if glance.at_us > at_us and found is not None:
                        break
                    found = glance
        except (*REFUSALS, CamtoolError) as error:
            self._give_up(at, error)
        return found

    def likeness(self, one: Look, other: Look) -> float:
        """Return how much two looks are alike, 0 to 1."""
        return looks.likeness(one, other)

    def shares(self, look: Look, first: Sequence[Look], last: Sequence[Look]) -> Shares:
        """Return how much is seen of first and of last."""
        return looks.shares(look, first, last)

    def series(self, pictures: Sequence[Look], first: Look, last: Look) -> list[Shares]:
        """Return the same for consecutive pictures, with what each lost and won."""
        return looks.series(pictures, first, last)

    def calm(self, pictures: Sequence[Look], stood: Look, gone: Look) -> list[float | None]:
        """Return how alike what is seen of the thing is to how it stood, of each picture; None where it is hidden."""
        return looks.calm(pictures, stood, gone)

    def substance(self, look: Look) -> float:
        """Return how much there is to recognise, 0 to 1."""
        return looks.substance(look)

    def where(self, one: Look, other: Look) -> float:
        """Say in which of two looks a thing stands."""
        return where(one.scene, other.scene)

    def beyond(self, one: Look, other: Look) -> float:
        """Return along how much of a side of the box the change goes on well beyond it."""
        return beyond(one.scene, other.scene)

    # ---- files -------------------------------------------------------------------------------------------------

    def _nearest(self, at_us: int) -> int | None:
        """Return the recording that covers an instant, or else is nearest to it in time; None: nothing can be read."""
        place = bisect_right(self._starts, at_us)
        best: tuple[int, int] | None = None
        for step in (range(place - 1, -1, -1), range(place, len(self.footage))):
            for at in step:
                if at in self._bad:
                    continue
                span = self.footage[at].span
                away_us = max(span.start_us - at_us, at_us - (span.end_us - 1), 0)
                if best is None or away_us < best[0]:
                    best = away_us, at
                # Where recordings overlap, one that starts earlier may reach further: one more is looked at.
                if away_us == 0 or at <= place - 2 or at > place:
                    break
        return None if best is None else best[1]

    def _give_up(self, at: int, error: BaseException) -> None:
        each = self.footage[at].recording
        with self._lock:
            if at in self._bad:
                return
            self._bad.add(at)
            kind = ProblemKind.MISSING if isinstance(error, FileNotFoundError) else ProblemKind.UNREADABLE
            detail = str(error.facts.get("detail", error)) if isinstance(error, CamtoolError) else reason(error)
            facts: dict[str, str | int] = {} if kind is ProblemKind.MISSING else {"detail": detail}
            self.problems.append(Problem(kind, each.path, each.camera, facts))

    def _keyframe(self, at: int, at_us: int) -> Glance[Look]:
        each = self.footage[at]
        with ExitStack() as stack:
            container = stack.enter_context(opened(each.path))
            stream, origin = _ready(container, each.path)
            wanted = origin + int(place_us(each.recording, at_us) / 1_000_000 / _base(stream))
            damaged = 0
            for packet in _keyframes(container, stream, wanted):
                key = at, time_of(packet) or 0
                if (kept := self._kept.get(key)) is not None:
                    return kept
                frame = _decoded(stream, packet)
                self.decoded += 1
                if frame is None or frame.is_corrupt:
                    damaged += 1
                    if damaged >= TRIES:
                        break
                    continue
                if damaged:
                    self._damaged(each)
                glance = self._glance(each, frame, time_of(packet) or 0, origin, _base(stream))
                with self._lock:
                    self._kept[key] = glance
                    if len(self._kept) > KEPT:
                        self._kept.popitem(last=False)
                return glance
        raise Unplayable(path=each.path, detail=NO_PICTURE)

    def _pictures(self, each: Footage, from_us: int, *, lead: bool = False) -> Generator[Glance[Look]]:
        """Yield every picture from an instant on; lead: from the keyframe before it."""
        with opened(each.path) as container:
            stream, origin = _ready(container, each.path)
            stream.codec_context.skip_frame = "DEFAULT"
            stream.thread_type = "AUTO"
            base = _base(stream)
            wanted = origin + int(place_us(each.recording, from_us) / 1_000_000 / base)
            _seek(container, stream, wanted)
            for frame in _frames(container, stream):
                self.frames += 1
                if frame.pts is None or (frame.pts < wanted and not lead):
                    continue
                yield self._glance(each, frame, frame.pts, origin, base)

    def _damaged(self, each: Footage) -> None:
        problem = Problem(ProblemKind.PICTURE_DAMAGED, each.recording.path, each.recording.camera)
        with self._lock:
            if problem not in self.problems:
                self.problems.append(problem)

    def _glance(self, each: Footage, frame: VideoFrame, pts: int, origin: int, base: Fraction) -> Glance[Look]:
        size = frame.width, frame.height
        if size != self.expected_px and size not in self._resized:
            with self._lock:
                self._resized.add(size)
                facts: dict[str, str | int] = {
                    "found": f"{size[0]}x{size[1]}",
                    "expected": f"{self.expected_px[0]}x{self.expected_px[1]}",
                }
                where_found = each.recording.path, each.recording.camera
                self.problems.append(Problem(ProblemKind.BOX_SCALED, *where_found, facts))
        box_px = self.area.in_px(*size)
        look = look_at(frame, box_px, self.area.patch, self._weights())
        shown_us = camera_us(each.recording, (pts - origin) * base * 1_000_000)
        return Glance(shown_us, is_grey(frame), look)

    def _weights(self) -> Array | None:
        if self.area.corners and self._weight is None:
            area = self.area
            box = float(area.left), float(area.top), float(area.width), float(area.height)
            self._weight = looks.outline_weight(area.corners, box, area.patch)
        return self._weight


def _ready(container: InputContainer, path: Path) -> tuple[VideoStream, int]:
    """Return the picture stream, set to decode in one thread, and the time of the picture that is shown first."""
    stream = picture_stream(container)
    if stream is None or not stream.codec_context.width:
        raise Unplayable(path=path, detail=NO_PICTURE)
    stream.thread_count = WORKERS
    stream.thread_type = "NONE"
    early = islice((packet for packet in container.demux(stream) if packet.size), EARLY)
    times = [time for packet in early if (time := time_of(packet)) is not None]
    if not times:
        raise Unplayable(path=path, detail=NO_PICTURE)
    return stream, min(times)


def _base(stream: VideoStream) -> Fraction:
    return stream.time_base or Fraction(1, 1000)


def _seek(container: InputContainer, stream: VideoStream, wanted: int) -> None:
    try:
        container.seek(max(wanted, stream.start_time or 0), stream=stream, backward=True)
    except REFUSALS:  # it cannot seek
        container.seek(0)


def _keyframes(container: InputContainer, stream: VideoStream, wanted: int) -> Iterator["Packet[VideoStream]"]:
    """Yield the last keyframe at or before a time, then those after it; the first one where none is before it."""
    indexed = container.format.name.startswith("mov")
    _seek(container, stream, wanted)
    held: Packet[VideoStream] | None = None
    for packet in container.demux(stream):
        if not packet.size:
            continue
        time = time_of(packet)
        if held is not None and (indexed or time is None or time > wanted):
            yield held
            held = None
        if packet.is_keyframe and not packet.is_corrupt:
            held = packet
            if time is not None and time > wanted:
                yield packet
                held = None
    if held is not None:
        yield held


def _decoded(stream: VideoStream, packet: "Packet[VideoStream]") -> VideoFrame | None:
    """Decode one keyframe by itself; None where no picture comes of it."""
    context = stream.codec_context
    context.flush_buffers()
    try:
        frames = list(context.decode(packet)) or list(context.decode(None))
    except REFUSALS:
        frames = []
    context.flush_buffers()
    return frames[0] if frames else None


def _frames(container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
    """Yield pictures as they are shown; damaged packets are passed over."""
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except EOFError:
            return
        except REFUSALS:
            if not packet.size:
                return
