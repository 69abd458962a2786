"""`when`: the moment at which a thing in a box of the picture appeared or vanished, and the two stills of it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from camtool.core import timeline
from camtool.core.change import Axis, Change, Kind, Reason, Verdict
from camtool.core.clock import ClockModel
from camtool.core.model import PLAYABLE, US_PER_S, Camera, Recording, Span
from camtool.core.place import camera_us as camera_time_of
from camtool.core.place import place_us
from camtool.core.problem import Problem, ProblemKind
from camtool.core.stays import Search
from camtool.core.timetext import for_people
from camtool.errors import CamtoolError, NothingRecorded
from camtool.jobs.box import BoxPx, Place
from camtool.jobs.keep_out import keep_out
from camtool.jobs.still import facts_of
from camtool.jobs.watched import file_of, recording_at, refused, without_repeats
from camtool.media.eye import Area, BoxEye, Footage, size_of
from camtool.media.hash import sha256_of
from camtool.media.still import picture_at
from camtool.media.stills import Named, write_pngs

# A box of fewer pixels a side shows no structure that outlives an encoder: its blocks are 4 and 8 px.
LEAST_PX = 8
# A window up to this is decoded whole, 1,500 pictures at 25 a second: its keyframes may be ten seconds apart.
SHORT_US = 60 * US_PER_S
# What of the catalog's Problems says that a recording cannot be looked at, or not wholly.
DAMAGE = (
    ProblemKind.EMPTY,
    ProblemKind.NOT_VIDEO,
    ProblemKind.TRUNCATED,
    ProblemKind.NO_INDEX,
    ProblemKind.UNREADABLE,
    ProblemKind.MISSING,
    ProblemKind.CHANGED,
)
WITH, WITHOUT, BEFORE, AFTER = "with", "without", "before", "after"


@dataclass(frozen=True, slots=True)
class StillWritten:
    """One still; shows is `with` or `without` the thing, or `before` and `after` where that cannot be told."""

    path: Path
    sha256: str
    shows: str
    camera_us: int
    true_us: int
    source: str


@dataclass(frozen=True, slots=True)
class WhenReport:
    """The answer. Times of verdict are camera time; clock brings them to true time.

    gaps are those of the window, in camera time.
    """

    camera: Camera
    clock: ClockModel
    window: Span
    box_px: BoxPx
    size_px: tuple[int, int]
    verdict: Verdict[Any]
    frames_decoded: int
    stills: tuple[StillWritten, ...]
    gaps: tuple[Span, ...]
    problems: tuple[Problem, ...]


def when(
    camera: Camera,
    recordings: Sequence[Recording],
    window: Span,
    clock: ClockModel,
    place: Place,
    folder: Path,
    *,
    zone: ZoneInfo,
    labels: Mapping[str, str],
    known: Sequence[Problem] = (),
    every_us: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    keep_out_of: Sequence[Path] = (),
) -> WhenReport:
    """Search a window of true time; write the stills of the change into a folder.

    recordings are all that overlap the window, whatever their state; known the catalog's Problems. labels are the words
    that end the stills' names, for with, without, before and after. every_us: look so often and tell every change.

    Raises NothingRecorded, BoxOutside, InsideFootage, Unplayable, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    keep_out(folder.absolute() / "_", keep_out_of)
    span = clock.span_to_camera(window)
    problems = [problem for problem in known if problem.kind in DAMAGE and _listed(problem, recordings)]
    footage = [Footage(each, file_of(camera, each)) for each in recordings if each.state in PLAYABLE and each.span]
    footage = sorted((each for each in footage if each.span.length_us > 0), key=lambda each: each.span)
    size_px, footage = _size(camera, footage, problems)
    covered = tuple(timeline.within(timeline.joined((each.span for each in footage), 0), span))
    if not covered:
        start, end = (for_people(us, zone) for us in (window.start_us, window.end_us))
        raise NothingRecorded(camera=camera.number, start=start, end=end, when=start)
    box_px = place.in_px(camera.number, size_px)
    eye = BoxEye(footage, Area.of(box_px, size_px, place.corners), size_px)
    if min(box_px[2:]) < LEAST_PX:
        verdict: Verdict[Any] = Verdict(Kind.UNCLEAR, reasons=(Reason.TINY,))
    else:
        if window.length_us <= SHORT_US:
            eye.fill(span.start_us, span.end_us)
        verdict = Search(eye, Axis.of(covered), every_us, progress=progress).run()
    stills = _stills(camera, recordings, verdict, clock, folder, zone, labels) if verdict.change else ()
    return WhenReport(
        camera,
        clock,
        window,
        box_px,
        size_px,
        verdict,
        eye.decoded + eye.frames,
        stills,
        tuple(timeline.gaps(timeline.joined(covered), span)),
        without_repeats([*problems, *eye.problems]),
    )


def _listed(problem: Problem, recordings: Sequence[Recording]) -> bool:
    return any(each.path == problem.path for each in recordings)


def _size(camera: Camera, footage: Sequence[Footage], problems: list[Problem]) -> tuple[tuple[int, int], list[Footage]]:
    """Return the size of the first picture that can be read, and the recordings without those before it that cannot."""
    for at, each in enumerate(footage):
        try:
            return size_of(each.path), list(footage[at:])
        except (CamtoolError, OSError) as error:
            problems.append(refused(error, each.recording, camera))
    return (0, 0), []


def _stills(
    camera: Camera,
    recordings: Sequence[Recording],
    verdict: Verdict[Any],
    clock: ClockModel,
    folder: Path,
    zone: ZoneInfo,
    labels: Mapping[str, str],
) -> tuple[StillWritten, ...]:
    change = verdict.change
    if change is None:
        return ()
    named: list[Named] = []
    told: list[tuple[str, int, str]] = []
    for shows, wanted_us in zip(_shown(change), (change.last_shown_us, change.first_shown_us), strict=True):
        recording = recording_at(recordings, wanted_us)
        if recording is None:
            continue
        file = file_of(camera, recording)
        picture = picture_at(file, place_us(recording, wanted_us))
        shown_us = camera_time_of(recording, picture.place_us)
        true_us = clock.to_true_us(shown_us)
        facts = facts_of(camera, recording, picture, zone, shown_us, true_us) | {"Source SHA-256": sha256_of(file)}
        path = folder / f"camera{camera.number}-{_stamp(true_us, zone)}-{labels[shows]}.png"
        named.append((path, picture.image, facts))
        told.append((shows, shown_us, recording.path))
    write_pngs(named)
    return tuple(
        StillWritten(path, sha256_of(path), shows, shown_us, clock.to_true_us(shown_us), source)
        for (path, _, _), (shows, shown_us, source) in zip(named, told, strict=True)
    )


def _shown(change: Change[Any]) -> tuple[str, str]:
    if change.kind is Kind.VANISHED:
        return WITH, WITHOUT
    return (WITHOUT, WITH) if change.kind is Kind.APPEARED else (BEFORE, AFTER)


def _stamp(true_us: int, zone: ZoneInfo) -> str:
    local = dt.datetime.fromtimestamp(true_us // US_PER_S, zone)
    return f"{local:%Y%m%d-%H%M%S}.{true_us % US_PER_S // 1000:03d}"
