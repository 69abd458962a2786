"""`sheet`: one picture per event at its peak, on pages to print."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from camtool.core.activity import Event
from camtool.core.place import camera_us as camera_time_of
from camtool.core.problem import Problem
from camtool.errors import OutputExists
from camtool.jobs.keep_out import keep_out
from camtool.jobs.peak import peak_picture
from camtool.jobs.watched import (
    Say,
    Watched,
    Wording,
    plainly,
    recording_at,
    without_repeats,
)
from camtool.media.letters import spelt
from camtool.media.sheet import Cell, write_sheet


@dataclass(frozen=True, slots=True)
class SheetReport:
    """A sheet that was written: its pages in order, how many cells are on it, and how many of them without picture."""

    paths: tuple[Path, ...]
    cells: int
    empty: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    watched: Watched
    number: int
    event: Event


def sheet(
    footage: Sequence[Watched],
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
    """Write a contact sheet of the cameras' events, in the order of their peaks' true time.

    say puts the words into the reader's language. progress is told how many of how many events are drawn. An event
    whose picture cannot be had keeps its cell, which says why, and is a Problem.
    Raises UnfitName, InsideFootage, NothingToShow, NoGlyph, OutputExists, DiskFull, NotAllowed, NoSuchFolder.
    """
    target = out.absolute()
    keep_out(target, keep_out_of)
    if target.exists():
        raise OutputExists(path=target)
    asked = sorted(
        (_Asked(watched, number, event) for watched in footage for number, event in watched.events),
        key=lambda each: (each.event.peak_us + each.watched.offset_us, each.watched.camera.number, each.number),
    )
    wording = Wording(zone, say)
    problems: list[Problem] = []

    def cells() -> Iterator[Cell]:
        for done, each in enumerate(asked, 1):
            cell, problem = _cell(each, wording)
            if problem is not None:
                problems.append(problem)
            yield cell
            if progress is not None:
                progress(done, len(asked))

    paths = write_sheet(cells(), target, columns=columns, title=title, subtitle=subtitle, total=len(asked))
    return SheetReport(paths, len(asked), len(problems), without_repeats(problems))


def _cell(asked: _Asked, wording: Wording) -> tuple[Cell, Problem | None]:
    """Return an event's cell: the times are the picture's own, or the peak's where there is no picture."""
    watched, event = asked.watched, asked.event
    recording = recording_at(watched.recordings, event.peak_us)
    seen = peak_picture(watched, asked.number, event, recording)
    cell = Cell(
        image=None,
        number=str(asked.number),
        camera=f"{watched.camera.number} {watched.camera.name}",
        lines=_lines(asked, event.peak_us, wording),
        source="" if recording is None else spelt(recording.path),
        box=event.box,
    )
    if isinstance(seen, Problem):
        return replace(cell, note=spelt(wording.problem(seen))), seen
    shown_us = event.peak_us if recording is None else camera_time_of(recording, seen.place_us)
    lines = _lines(asked, shown_us, wording)
    return replace(cell, image=seen.image, lines=lines, pixel_aspect=seen.pixel_aspect), None


def _lines(asked: _Asked, camera_us: int, wording: Wording) -> tuple[str, ...]:
    return (
        wording.true_time(camera_us + asked.watched.offset_us),
        wording.camera_time(camera_us),
        wording.cause(asked.event),
        f"{wording.score(asked.event)} · {wording.length(asked.event)}",
    )
