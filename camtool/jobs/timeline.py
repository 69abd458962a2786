"""`timeline`: what each camera recorded, missed and saw in a window, as one self-contained HTML page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.clock import ClockModel
from camtool.core.events import Numbered
from camtool.core.model import Camera, Span, State
from camtool.core.problem import Problem
from camtool.errors import OutputExists, UnfitName
from camtool.evidence.page import page
from camtool.jobs.keep_out import keep_out
from camtool.jobs.search import Sighting, search
from camtool.jobs.seen import settings_now, unskimmed
from camtool.jobs.timeline_data import SCRIPTS, STYLE, TEMPLATE, Lead, Tongue, document
from camtool.jobs.timeline_words import NOSCRIPT
from camtool.media.whole import whole
from camtool.store.reader import Reader

SUFFIXES = (".html", ".htm")


@dataclass(frozen=True, slots=True)
class Row:
    """One camera's line: all spans are true time inside the window, the events' own times are camera time.

    damaged holds every recording that is not whole and well named; unskimmed what is recorded and nobody has skimmed;
    unplaced is how many files of the camera have no known time.
    """

    camera: Camera
    clock: ClockModel
    covered: tuple[Span, ...]
    gaps: tuple[Span, ...]
    unskimmed: tuple[Span, ...]
    damaged: tuple[Sighting, ...]
    events: tuple[Numbered, ...]
    unplaced: int


@dataclass(frozen=True, slots=True)
class Highlight:
    """What `follow` marks on the page: the event it begins with (true time), and the windows in their order."""

    event: int
    camera: int
    span: Span
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page that was written: how large, how many events are on it, how many of them with a picture."""

    path: Path
    size_bytes: int
    events: int
    pictures: int
    problems: tuple[Problem, ...] = field(default=())


def row_of(reader: Reader, camera: Camera, window: Span, every_cause: bool) -> Row:
    """Return one camera's line of a window of true time."""
    found = search(reader, camera, window)
    events = reader.events(camera.number, found.clock.span_to_camera(window), settings_now(camera))
    return Row(
        camera=camera,
        clock=found.clock,
        covered=tuple(found.stretches()),
        gaps=tuple(found.gaps()),
        unskimmed=tuple(unskimmed(found)),
        damaged=tuple(seen for seen in found.recordings() if seen.recording.state is not State.OK),
        events=tuple((number, event) for number, event in events if event.listed or every_cause),
        unplaced=reader.unplaced(camera.number),
    )


def check_target(out: Path, keep_out_of: Sequence[Path]) -> Path:
    """Return where the page goes, before any work is done for it.

    keep_out_of are the cameras' footage folders. Raises UnfitName, InsideFootage, OutputExists.
    """
    target = out.absolute()
    if target.suffix.lower() not in SUFFIXES:
        raise UnfitName(suffix=target.suffix, known=", ".join(SUFFIXES))
    keep_out(target, keep_out_of)
    if target.exists():
        raise OutputExists(path=target)
    return target


def draw(
    rows: Sequence[Row],
    window: Span,
    target: Path,
    *,
    title: str,
    made: str,
    command: str,
    zone: ZoneInfo,
    tongue: Tongue,
    every_cause: bool = False,
    highlight: Highlight | None = None,
    pictures: Mapping[int, bytes] | None = None,
    problems: tuple[Problem, ...] = (),
) -> Drawn:
    """Write the page, all or nothing.

    command is how a command of camtool begins, with the site where that has to be named. pictures are JPEGs by the
    numbers of their events. Raises OutputExists, NoSuchFolder, DiskFull, NotAllowed.
    """
    data = document(
        rows,
        window,
        title=title,
        made=made,
        command=command,
        zone=zone,
        tongue=tongue,
        every_cause=every_cause,
        highlight=highlight,
        pictures=pictures or {},
    )
    text = page(
        TEMPLATE, STYLE, SCRIPTS, data, title=title, language=tongue.language, noscript=tongue.say(NOSCRIPT)
    ).encode()
    with whole(target) as (draft,):
        draft.write_bytes(text)
    events = sum(len(row.events) for row in rows)
    return Drawn(target, len(text), events, len(pictures or {}), problems)


def thumbnails(
    reader: Reader, rows: Sequence[Row], progress: Callable[[int, int], None] | None = None
) -> tuple[dict[int, bytes], tuple[Problem, ...]]:
    """Return small JPEGs of the events' peaks by their numbers, and what stood in the way of others."""
    from camtool.jobs.peak import peak_picture
    from camtool.jobs.watched import Watched, recording_at, without_repeats
    from camtool.media.thumbnail import thumbnail

    total = sum(len(row.events) for row in rows)
    kept: dict[int, bytes] = {}
    problems: list[Problem] = []
    done = 0
    for row in rows:
        first = min((event.start_us for _, event in row.events), default=0)
        last = max((event.end_us for _, event in row.events), default=1)
        recordings = list(reader.overlapping(row.camera.number, Span(first, last)))
        watched = Watched(row.camera, recordings, row.clock.offset_us, row.events)
        for number, event in row.events:
            seen = peak_picture(watched, number, event, recording_at(recordings, event.peak_us))
            if isinstance(seen, Problem):
                problems.append(seen)
            else:
                kept[number] = thumbnail(seen.image, event.box, seen.pixel_aspect)
            done += 1
            if progress is not None:
                progress(done, total)
    return kept, without_repeats(problems)
