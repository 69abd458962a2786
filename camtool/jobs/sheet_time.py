"""`sheet --every`: pictures at fixed steps of true time; of one camera one after another, of several side by side."""

import math
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.model import PLAYABLE, US_PER_S, Recording, Span
from camtool.core.place import camera_us as camera_time_of
from camtool.core.place import place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timetext import clock_only
from camtool.engines.threaded import in_order
from camtool.errors import CamerasBeside, NoKeyframe, NothingRecorded, OutputExists, TooManyCells, Unplayable, mark
from camtool.jobs.keep_out import keep_out
from camtool.jobs.sheet import SheetReport
from camtool.jobs.watched import (
    CAMERA_TIME,
    TRUE_TIME,
    Say,
    Watched,
    Wording,
    file_of,
    plainly,
    recording_at,
    refused,
    without_repeats,
)
from camtool.media.keyframe import Keyframe, keyframe_at
from camtool.media.letters import spelt
from camtool.media.sheet import MOST_LYING, Cell, cell_width_px, columns_for, write_sheet

NO_RECORDING = mark("no recording")
# A working day of one camera, minute by minute, twice over; a hundred pages.
MOST_CELLS = 2000
# The keyframe shown is at most so much older than the instant, else the recording ends or breaks before it.
_OLDEST_US = 60 * US_PER_S
# A page upright for one camera; for more, a column each, and from five on the page lies.
_UPRIGHT_COLUMNS = 4
# Of a time as people write it, 24/11/2026 18:30:05: the day and month.
_DAY = 5
# True time and camera time.
_LINES = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    watched: Watched
    true_us: int


@dataclass(frozen=True, slots=True)
class _Found:
    """What one cell shows: the recording and its keyframe, or why there is none."""

    recording: Recording | None
    keyframe: Keyframe | Problem | None


def time_sheet(
    footage: Sequence[Watched],
    window: Span,
    every_us: int,
    out: Path,
    *,
    zone: ZoneInfo,
    title: str,
    subtitle: str = "",
    say: Say = plainly,
    columns: int | None = None,
    keep_out_of: Sequence[Path] = (),
    progress: Callable[[int, int], None] | None = None,
) -> SheetReport:
    """Write the pictures of a window of true time, one every every_us from its start.

    One camera fills the page row by row. Several have a column each and share one instant of true time in every row.
    Each cell shows the keyframe at or before its instant, under that keyframe's own times. Raises TooManyCells,
    CamerasBeside, NothingRecorded, UnfitName, InsideFootage, NoGlyph, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    target = out.absolute()
    for watched in footage:
        keep_out(target, keep_out_of, watched.camera.number)
    if target.exists():
        raise OutputExists(path=target)
    total = math.ceil(window.length_us / every_us) * len(footage)
    if total > MOST_CELLS:
        raise TooManyCells(cells=total, most=MOST_CELLS)
    if not any(recording.state in PLAYABLE for watched in footage for recording in watched.recordings):
        start, end = (Wording(zone, say).instant(us) for us in (window.start_us, window.end_us))
        raise NothingRecorded(camera=footage[0].camera.number, start=start, end=end, when=start)
    across = len(footage) > 1
    if len(footage) > MOST_LYING:
        raise CamerasBeside(count=len(footage), least=1, most=MOST_LYING)
    chosen = len(footage) if across else columns or columns_for(total, _LINES)
    lying = across and len(footage) > _UPRIGHT_COLUMNS
    width_px = cell_width_px(chosen, lying)
    wording = Wording(zone, say)
    days = {wording.instant(us)[:_DAY] for us in (window.start_us, window.end_us - 1)}
    words = _Words(wording, every_us % (60 * US_PER_S) != 0, len(days) > 1, chosen > _UPRIGHT_COLUMNS)
    problems: list[Problem] = []
    empty = 0

    def cells() -> Iterator[Cell]:
        nonlocal empty
        found = in_order(lambda each: _look(each, width_px), _asked(footage, window, every_us), os.cpu_count() or 1)
        for done, (each, seen) in enumerate(zip(_asked(footage, window, every_us), found, strict=True), 1):
            if isinstance(seen.keyframe, Problem):
                problems.append(seen.keyframe)
            empty += not isinstance(seen.keyframe, Keyframe)
            yield _cell(each, seen, words)
            if progress is not None:
                progress(done, total)

    paths = write_sheet(
        cells(), target, columns=chosen, lying=lying, lines=_LINES, title=title, subtitle=subtitle, total=total
    )
    return SheetReport(paths, total, empty, without_repeats(problems))


def _asked(footage: Sequence[Watched], window: Span, every_us: int) -> Iterator[_Asked]:
    """Yield each instant for each camera, row by row."""
    for true_us in range(window.start_us, window.end_us, every_us):
        for watched in footage:
            yield _Asked(watched, true_us)


def _look(asked: _Asked, width_px: int) -> _Found:
    """Decode the keyframe for one cell."""
    watched = asked.watched
    camera_us = asked.true_us - watched.offset_us
    recording = recording_at(watched.recordings, camera_us)
    if recording is None or recording.span is None or not recording.span.start_us <= camera_us < recording.span.end_us:
        return _Found(None, None)
    if recording.state not in PLAYABLE:
        return _Found(recording, None)
    place = place_us(recording, camera_us)
    try:
        keyframe = keyframe_at(file_of(watched.camera, recording), place, width_px)
    except (Unplayable, NoKeyframe, OSError) as error:
        return _Found(recording, refused(error, recording, watched.camera))
    if place - keyframe.place_us > _OLDEST_US:
        return _Found(recording, Problem(ProblemKind.PICTURE_DAMAGED, recording.path, watched.camera.number))
    return _Found(recording, keyframe)


@dataclass(frozen=True, slots=True)
class _Words:
    """How a cell's times are written: narrow ones without the date, which the head of the sheet states.

    days: the sheet has more than one, so each badge names its own.
    """

    wording: Wording
    seconds: bool
    days: bool
    narrow: bool

    def badge(self, true_us: int) -> str:
        clock = clock_only(true_us // US_PER_S * US_PER_S, self.wording.zone)
        clock = clock if self.seconds else clock[:5]
        return f"{self.wording.instant(true_us)[:_DAY]} {clock}" if self.days else clock

    def lines(self, camera_us: int, offset_us: int) -> tuple[str, ...]:
        if not self.narrow:
            return self.wording.true_time(camera_us + offset_us), self.wording.camera_time(camera_us)
        return tuple(
            self.wording.say(text, {"time": clock_only(us // US_PER_S * US_PER_S, self.wording.zone)})
            for text, us in ((TRUE_TIME, camera_us + offset_us), (CAMERA_TIME, camera_us))
        )


def _cell(asked: _Asked, found: _Found, words: _Words) -> Cell:
    watched, seen = asked.watched, found.keyframe
    camera_us = asked.true_us - watched.offset_us
    if isinstance(seen, Keyframe) and found.recording is not None:
        camera_us = camera_time_of(found.recording, seen.place_us)
    note = words.wording.problem(seen) if isinstance(seen, Problem) else words.wording.say(NO_RECORDING, {})
    return Cell(
        image=seen.image if isinstance(seen, Keyframe) else None,
        number=words.badge(asked.true_us),
        camera=f"{watched.camera.number} {watched.camera.name}",
        lines=words.lines(camera_us, watched.offset_us),
        source="" if found.recording is None else spelt(found.recording.path),
        pixel_aspect=seen.pixel_aspect if isinstance(seen, Keyframe) else Fraction(1),
        note=spelt(note),
    )
