"""A reel: the events of a camera, or of several, as one short video to watch.

A derivative, never evidence: it says so in every picture, and names the recording that each picture is from. Pictures
are decoded here, drawn into planes with the clocks of their own instants, and encoded by ffmpeg: H.264, 4:2:0, index in
front, as every player and phone takes it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import ffmpeg

from camtool.core.activity import Box
from camtool.core.model import US_PER_S
from camtool.errors import NoKeyframe, NothingToShow, UnfitName, Unplayable
from camtool.media.film import film_command
from camtool.media.program import Feed, feeding
from camtool.media.reel_canvas import HEIGHT, WIDTH, Canvas, Words
from camtool.media.reel_read import Shown, pictures, rate_of
from camtool.media.sheet import NOTICE
from camtool.media.whole import whole

# Still stretches of a lapse run so much faster: with a keyframe every 4 s that is still five pictures a second.
LAPSE_SPEED = 20
# Raw sound beside the pictures: recorders' microphones have 8 to 16 kHz, one channel.
SOUND_HZ = 16_000
# How long a note stands in the place of what cannot be seen.
NOTE_US = 2 * US_PER_S
# A recording that shows nothing new for so long after its last picture ends there, whatever it claims.
_ENDED_US = 2 * US_PER_S
# Of keyframes alone, the last may stand until the next would be due: twice as long as any before it, and where only one
# was seen, a minute; no recorder is known to write them further apart (smart codecs: up to 20 s or so).
_KEYFRAMES_APART, _ONE_KEYFRAME_US = 2, 60 * US_PER_S
# Events at once: so many numbers fit beside a camera's name.
_MOST_NUMBERS = 3
# The box was seen at the peak: it shows fully around it, and weakly for the rest, where it only says "look here".
_PEAK_US, _STRONG, _WEAK = US_PER_S, 0.9, 0.5


@dataclass(frozen=True, slots=True)
class Mark:
    """One event of a part: its number, what it looks like in words, its box; times in camera time, µs."""

    number: str
    words: str
    start_us: int
    end_us: int
    peak_us: int
    box: Box


@dataclass(frozen=True, slots=True)
class ReelPart:
    """A stretch of a recording. start and end are places in µs from its first picture.

    camera_us is the camera time of start; pace the µs of camera time that pass in one µs of the file's timeline; true
    time is camera time plus offset_us. marks are the events in it; without any it is a still stretch. path None: there
    is nothing to see, and note says why; note is also shown where the file turns out to be unreadable.
    """

    path: Path | None
    start: Fraction
    end: Fraction
    camera: str
    camera_us: int
    pace: Fraction
    offset_us: int
    marks: tuple[Mark, ...] = ()
    source: str = ""
    note: str = ""

    @property
    def length_us(self) -> Fraction:
        """How long the part is in camera time."""
        return (self.end - self.start) * self.pace


@dataclass(frozen=True, slots=True)
class Unseen:
    """A part of which nothing, or not all, could be shown: its place among the parts, and why (None: it ends early)."""

    part: int
    error: Unplayable | NoKeyframe | OSError | None


@dataclass(frozen=True, slots=True)
class Made:
    """A reel that was written: pictures in all, pictures a second, and what could not be shown."""

    frames: int
    rate: int
    unseen: tuple[Unseen, ...]

    @property
    def length_us(self) -> int:
        """How long the reel runs."""
        return self.frames * US_PER_S // self.rate


@dataclass(frozen=True, slots=True)
class Clocks:
    """How instants are written, µs to text: true time and camera time."""

    true_time: Callable[[int], str]
    camera_time: Callable[[int], str]


def write_reel(
    parts: Sequence[ReelPart],
    out: Path,
    *,
    clocks: Clocks,
    lapse: bool = False,
    speed: int = LAPSE_SPEED,
    title: str = "",
    progress: Callable[[int], None] | None = None,
) -> Made:
    """Write the parts, in the order given, as one MP4; all or nothing.

    Parts with events run as fast as life, by the camera's clock. Still parts are left out, or with lapse run `speed`
    times as fast, from keyframes alone. Each picture carries its own times. progress is told whole percents. Raises
    UnfitName, NothingToShow, NoGlyph, ProgramMissing, ProgramFailed, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    if out.suffix.lower() != ".mp4":
        raise UnfitName(suffix=out.suffix, known=".mp4")
    chosen = [(place, part) for place, part in enumerate(parts) if lapse or part.marks]
    if not any(part.path for _, part in chosen):
        raise NothingToShow
    rate = max(rate_of(path) for path in {part.path for _, part in chosen} if path)
    total_us = sum((_shown_us(part, speed) for _, part in chosen), Fraction(0))
    film = _Film(rate, clocks, max(1, math.ceil(total_us * rate / US_PER_S)), progress or _silent)
    with whole(out) as (draft,):
        command = encoder(draft.absolute(), rate, title)
        with feeding(command, out) as feed:
            for place, part in chosen:
                film.show(feed, place, part, 1 if part.marks else speed)
    return Made(film.frames, rate, tuple(film.unseen))


def encoder(
    out: Path,
    rate: int,
    title: str,
    size_px: tuple[int, int] = (WIDTH, HEIGHT),
    sound: Path | None = None,
) -> list[str]:
    """Return the command that turns raw pictures on standard input into a film; sound is a file of raw samples."""
    raw = ffmpeg.input(
        "pipe:0",
        format="rawvideo",
        pixel_format="yuv420p",
        video_size=size_px,
        framerate=rate,
        color_range="tv",
        colorspace="bt709",
    )
    streams = [raw]
    heard: dict[str, object] = {}
    if sound is not None:
        streams.append(ffmpeg.input(f"file:{sound}", format="s16le", ar=SOUND_HZ, ac=1))
        heard = {"acodec": "aac", "b:a": "64k"}
    # CRF 23 is x264's own choice; a keyframe every 2 s, so that a player's slider lands where it is put.
    return film_command(streams, str(out), crf=23, keyframe_every=2 * rate, title=title, comment=NOTICE, **heard)


def _silent(percent: int) -> None:
    """Tell nobody."""


def _shown_us(part: ReelPart, speed: int) -> Fraction:
    if part.path is None:
        return Fraction(NOTE_US)
    return part.length_us / (1 if part.marks else speed)


@dataclass(slots=True)
class _Film:
    """What has been shown so far. reached is where the next part begins, in pictures of the film, exact."""

    rate: int
    clocks: Clocks
    total: int
    progress: Callable[[int], None]
    frames: int = 0
    percent: int = -1
    reached: Fraction = Fraction(0)
    unseen: list[Unseen] = field(default_factory=list)
    canvas: Canvas = field(default_factory=Canvas)

    def show(self, feed: Feed, place: int, part: ReelPart, speed: int) -> None:
        """Show one part, or its note where there is nothing to be seen."""
        if part.path is None:
            self._note(feed, part)
            return
        before = self.frames
        try:
            coming = pictures(part.path, part.start, keyframes_only=not part.marks)
            whole_part = self._run(feed, part, speed, coming)
        except (Unplayable, NoKeyframe, FileNotFoundError, PermissionError) as error:
            self.unseen.append(Unseen(place, error))
        else:
            if whole_part:
                return
            self.unseen.append(Unseen(place, None))
        if self.frames == before and part.marks:
            self._note(feed, part)

    def _run(self, feed: Feed, part: ReelPart, speed: int, coming: Iterator[Shown]) -> bool:
        """Show a part's pictures, each from its time to the next one's; return whether they reach to its end."""
        end = self.reached + part.length_us * self.rate / US_PER_S / speed
        # What of the file's timeline passes in one picture of the film.
        step = Fraction(US_PER_S * speed, self.rate) / part.pace
        current, after = next(coming, None), next(coming, None)
        drawn: Shown | None = None
        apart_us = Fraction(0)
        while self.frames < end:
            # The middle of the picture's time, so that a time stamp rounded to the millisecond changes nothing.
            place = part.start + (self.frames + Fraction(1, 2) - self.reached) * step
            while after is not None and after.place_us <= place:
                if current is not None:
                    apart_us = max(apart_us, after.place_us - current.place_us)
                current, after = after, next(coming, None)
            if current is None or (after is None and place - current.place_us > _ended_us(part, apart_us)):
                self.reached = Fraction(self.frames)
                return False
            if drawn is not current:
                self._draw(part, current, speed)
                drawn = current
            self._write(feed)
        self.reached = end
        return True

    def _draw(self, part: ReelPart, shown: Shown, speed: int) -> None:
        # Up, as core.place does: asked for the time that is written here, `still` finds this picture.
        camera_us = part.camera_us + math.ceil((shown.place_us - part.start) * part.pace)
        active = [mark for mark in part.marks if mark.start_us <= camera_us < mark.end_us]
        boxes = [(each.box, _STRONG if abs(camera_us - each.peak_us) <= _PEAK_US else _WEAK) for each in active]
        self.canvas.draw(shown.frame, shown.pixel_aspect, boxes, self._words(part, camera_us, active, speed))

    def _words(self, part: ReelPart, camera_us: int, active: Sequence[Mark], speed: int) -> Words:
        near = sorted(part.marks, key=lambda each: max(each.start_us - camera_us, camera_us - each.end_us))[:1]
        told = list(active[:_MOST_NUMBERS]) or near
        return Words(
            badge=" ".join(each.number for each in told) if part.marks else f"{speed}×",
            camera=part.camera,
            details=told[0].words if told else "",
            true_time=self.clocks.true_time(camera_us + part.offset_us),
            camera_time=self.clocks.camera_time(camera_us),
            small=f"{NOTICE}  ·  {part.source}" if part.source else NOTICE,
        )

    def _note(self, feed: Feed, part: ReelPart) -> None:
        self.canvas.draw_note(part.note, self._words(part, part.camera_us, (), 1))
        self.reached = max(self.reached, Fraction(self.frames)) + Fraction(NOTE_US * self.rate, US_PER_S)
        while self.frames < self.reached:
            self._write(feed)

    def _write(self, feed: Feed) -> None:
        feed.write(self.canvas.planes)
        self.frames += 1
        percent = min(100, self.frames * 100 // self.total)
        if percent != self.percent:
            self.percent = percent
            self.progress(percent)


def _ended_us(part: ReelPart, apart_us: Fraction) -> Fraction:
    """Return how long the last picture of a file may stand; apart_us is the longest that another one stood."""
    if part.marks:
        return Fraction(_ENDED_US)
    return max(Fraction(_ENDED_US), apart_us * _KEYFRAMES_APART) if apart_us else Fraction(_ONE_KEYFRAME_US)
