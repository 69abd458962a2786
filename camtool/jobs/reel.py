"""`reel`: all events of one or several cameras as one short video, or a whole window, fast where it is still."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.activity import Event
from camtool.core.model import US_PER_S, Recording, Span
from camtool.core.place import pace, place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.timeline import clipped, joined, within
from camtool.errors import mark
from camtool.jobs.keep_out import keep_out
from camtool.jobs.watched import (
    Numbered,
    Say,
    Watched,
    Wording,
    file_of,
    pieces,
    plainly,
    recording_at,
    refused,
    unplayable,
    without_repeats,
)
from camtool.media.letters import spelt
from camtool.media.reel import LAPSE_SPEED, Clocks, Mark, ReelPart, write_reel

# What goes before and after each event, so that one sees it come and go; stretches that then touch are one.
PAD_US = 2 * US_PER_S
UNSEEN = mark("this recording cannot be shown")


@dataclass(frozen=True, slots=True)
class ReelReport:
    """A reel that was written: its length, how many events it was asked to show, and what could not be shown."""

    path: Path
    length_us: int
    frames: int
    rate: int
    events: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Planned:
    """A part of the reel. begins_us is the true time at which its stretch begins, for the order of the parts."""

    begins_us: int
    watched: Watched
    recording: Recording | None
    part: ReelPart
    problem: Problem | None = None


def reel(
    footage: Sequence[Watched],
    out: Path,
    *,
    zone: ZoneInfo,
    window: Span | None = None,
    lapse: bool = False,
    speed: int = LAPSE_SPEED,
    pad_us: int = PAD_US,
    title: str = "",
    say: Say = plainly,
    keep_out_of: Sequence[Path] = (),
    progress: Callable[[int], None] | None = None,
) -> ReelReport:
    """Write a reel of the cameras' events, in the order of their true time.

    window is in true time: nothing outside of it is shown. With lapse the whole of it is shown, camera after camera,
    `speed` times as fast where nothing moves; without a window, from the first event to the last. An event that cannot
    be shown is a Problem, and a note stands in its place. Raises UnfitName, InsideFootage, NothingToShow, NoGlyph,
    ProgramMissing, ProgramFailed, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    target = out.absolute()
    keep_out(target, keep_out_of)
    wording = Wording(zone, say)
    planned: list[_Planned] = []
    for watched in footage:
        if lapse:
            planned += sorted(_lapse(watched, window, pad_us, wording), key=lambda each: each.part.camera_us)
        else:
            planned += _events(watched, window, pad_us, wording)
    if not lapse:
        planned.sort(key=lambda each: (each.begins_us, each.watched.camera.number))
    made = write_reel(
        [each.part for each in planned],
        target,
        clocks=Clocks(wording.true_time, wording.camera_time),
        lapse=lapse,
        speed=speed,
        title=title,
        progress=progress,
    )
    problems = [each.problem for each in planned if each.problem is not None]
    for unseen in made.unseen:
        each = planned[unseen.part]
        if each.recording is not None:
            problems.append(_problem(each, each.recording, unseen.error))
    events = sum(len(watched.events) for watched in footage)
    return ReelReport(target, made.length_us, made.frames, made.rate, events, without_repeats(problems))


def _problem(planned: _Planned, recording: Recording, error: Exception | None) -> Problem:
    if error is not None:
        return refused(error, recording, planned.watched.camera)
    camera, marks = planned.watched.camera, planned.part.marks
    if not marks:
        return Problem(ProblemKind.PICTURE_DAMAGED, recording.path, camera.number)
    return Problem(ProblemKind.PEAK_LOST, recording.path, camera.number, {"event": int(marks[0].number)})


def _padded(watched: Watched, window: Span | None, pad_us: int) -> list[Span]:
    """Return the stretches with events, in camera time: padded, joined, inside the window."""
    spans = sorted(Span(event.start_us - pad_us, event.end_us + pad_us) for _, event in watched.events)
    if window is not None:
        spans = list(within(spans, window.shifted(-watched.offset_us)))
    return list(joined(spans, touch_us=0))


def _events(watched: Watched, window: Span | None, pad_us: int, wording: Wording) -> Iterator[_Planned]:
    for stretch in _padded(watched, window, pad_us):
        inside = _inside(watched, stretch)
        shown = list(pieces(watched.recordings, stretch))
        for recording, span in shown:
            yield _seen(watched, recording, span, stretch, inside, wording)
        yield from _missed(watched, inside, [span for _, span in shown], stretch, wording)


def _inside(watched: Watched, stretch: Span) -> list[Numbered]:
    return [(number, event) for number, event in watched.events if clipped(event.span, stretch)]


def _missed(
    watched: Watched, events: Sequence[Numbered], shown: Sequence[Span], stretch: Span, wording: Wording
) -> Iterator[_Planned]:
    """Yield a note for each event of which nothing is recorded."""
    for number, event in events:
        if not any(clipped(event.span, span) for span in shown):
            yield _unseen(watched, number, event, stretch, wording)


def _lapse(watched: Watched, window: Span | None, pad_us: int, wording: Wording) -> Iterator[_Planned]:
    """Yield the whole window: each recorded piece, divided where stretches with events begin and end."""
    active = _padded(watched, window, pad_us)
    if window is None and not active:
        return
    whole = Span(active[0].start_us, active[-1].end_us) if window is None else window.shifted(-watched.offset_us)
    shown = list(pieces(watched.recordings, whole))
    for stretch in active:
        yield from _missed(watched, _inside(watched, stretch), [span for _, span in shown], stretch, wording)
    for recording, span in shown:
        reached_us = span.start_us
        for stretch in active:
            part = clipped(stretch, span)
            if part is None:
                continue
            if part.start_us > reached_us:
                yield _seen(watched, recording, Span(reached_us, part.start_us), span, (), wording)
            yield _seen(watched, recording, part, stretch, _inside(watched, stretch), wording)
            reached_us = part.end_us
        if reached_us < span.end_us:
            yield _seen(watched, recording, Span(reached_us, span.end_us), span, (), wording)


def _seen(
    watched: Watched, recording: Recording, span: Span, stretch: Span, events: Sequence[Numbered], wording: Wording
) -> _Planned:
    part = ReelPart(
        path=file_of(watched.camera, recording),
        start=place_us(recording, span.start_us),
        end=place_us(recording, span.end_us),
        camera=_name(watched),
        camera_us=span.start_us,
        pace=pace(recording),
        offset_us=watched.offset_us,
        marks=tuple(_mark(number, event, wording) for number, event in events),
        source=spelt(recording.path),
        note=wording.say(UNSEEN, {}),
    )
    return _Planned(stretch.start_us + watched.offset_us, watched, recording, part)


def _unseen(watched: Watched, number: int, event: Event, stretch: Span, wording: Wording) -> _Planned:
    recording = recording_at(watched.recordings, event.peak_us)
    problem = unplayable(number, recording, watched.camera)
    part = ReelPart(
        path=None,
        start=Fraction(0),
        end=Fraction(0),
        camera=_name(watched),
        camera_us=event.peak_us,
        pace=Fraction(1),
        offset_us=watched.offset_us,
        marks=(_mark(number, event, wording),),
        source="" if recording is None else spelt(recording.path),
        note=spelt(wording.problem(problem)),
    )
    return _Planned(stretch.start_us + watched.offset_us, watched, recording, part, problem)


def _name(watched: Watched) -> str:
    return f"{watched.camera.number} {watched.camera.name}"


def _mark(number: int, event: Event, wording: Wording) -> Mark:
    words = f"{wording.cause(event)} · {wording.score(event)} · {wording.length(event)}"
    return Mark(str(number), words, event.start_us, event.end_us, event.peak_us, event.box)
