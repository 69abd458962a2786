"""`camtool find`: recordings and gaps in a window of true time."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from camtool.cli import options, words
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session
from camtool.core.model import Span, State
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text, rfc3339
from camtool.jobs.search import CameraSearch, Sighting, search

app = command_app()

# More files than a terminal of the usual 24 lines shows are told as stretches of time; -v lists them all the same.
FILES_SHOWN = 24


@app.command(
    cls=Command,
    help=_("Show what was recorded in a window of true time, and what was not."),
    epilog='  camtool find --camera 3 --from "hôm qua 12h" --to "hôm qua 17h"\n'
    '  camtool find --all --from "24/11/2026 18:30" --to "24/11/2026 19:00"',
)
def find(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    camera: options.Cameras = None,
    everyone: options.AllCameras = False,
) -> None:
    """Ask each camera and show its answer."""
    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone)
    window = options.window(session, from_, to).span
    answers = (search(session.reader, camera, window) for camera in cameras)
    if session.json:
        session.document({"window": span_json(session, window), "cameras": (_json(session, each) for each in answers)})
        return
    for answer in answers:
        _show(session, answer)


def span_json(session: Session, span: Span) -> dict[str, str]:
    """Return a span as {"from", "to"}."""
    return {"from": rfc3339(span.start_us, session.zone), "to": rfc3339(span.end_us, session.zone)}


def sighting_json(session: Session, seen: Sighting) -> dict[str, Any]:
    """Return a recording as the contract has it: both times, the state, the hash."""
    span = seen.recording.span or seen.true_span
    return {
        "path": seen.recording.path,
        "start": rfc3339(seen.true_span.start_us, session.zone),
        "end": rfc3339(seen.true_span.end_us, session.zone),
        "camera_start": rfc3339(span.start_us, session.zone),
        "camera_end": rfc3339(span.end_us, session.zone),
        "state": seen.recording.state,
        "sha256": seen.recording.sha256,
    }


def _json(session: Session, answer: CameraSearch) -> dict[str, Any]:
    return {
        "camera": answer.camera.number,
        "name": answer.camera.name,
        "clock": {"observed": answer.clock.observed, "offset_s": answer.clock.offset_us / 1e6},
        "recordings": (sighting_json(session, seen) for seen in answer.recordings()),
        "gaps": (span_json(session, gap) for gap in answer.gaps()),
        "overlaps": (span_json(session, overlap) for overlap in answer.overlaps()),
        "covered_s": answer.covered_us() / 1e6,
        "unplaced": answer.reader.unplaced(answer.camera.number),
    }


def _show(session: Session, answer: CameraSearch) -> None:
    session.out.print()
    session.out.print(Text(f"{answer.camera.number} · {answer.camera.name} · {answer.camera.place}", style="bold"))
    session.out.print(f"  {words.clock(answer.clock)}")
    first = list(islice(answer.recordings(), FILES_SHOWN + 1))
    if not first:
        start, end = session.time(answer.window.start_us), session.time(answer.window.end_us)
        text = _("  No recording of camera {camera} was found between {start} and {end}.")
        session.out.print(text.format(camera=answer.camera.number, start=start, end=end))
    else:
        session.out.print(_covered(answer))
        files = session.options.verbose or len(first) <= FILES_SHOWN
        session.table(_files(session, answer) if files else _stretches(session, answer))
        if not files:
            session.say(_("  (-v lists every file)"))
    if unplaced := answer.reader.unplaced(answer.camera.number):
        text = ngettext(
            "  {count} file of this camera has no known time: camtool camera show {camera}",
            "  {count} files of this camera have no known time: camtool camera show {camera}",
            unplaced,
        )
        session.out.print(text.format(count=unplaced, camera=answer.camera.number))


def _covered(answer: CameraSearch) -> str:
    covered, whole = duration_text(answer.covered_us()), duration_text(answer.window.length_us)
    return _("  {covered} of {whole} recorded").format(covered=covered, whole=whole)


def _files(session: Session, answer: CameraSearch) -> Table:
    table = _table(_("true time"), _("camera time"), _("state"), _("file"))
    gaps: Iterator[Sighting | Span] = answer.gaps()
    files: Iterator[Sighting | Span] = answer.recordings()
    for row in merge(gaps, files, key=_start_us):
        if isinstance(row, Sighting):
            span = row.recording.span or row.true_span
            style = "" if row.recording.state is State.OK else "yellow"
            table.add_row(
                _cell(session, row.true_span, answer.window),
                _cell(session, span, answer.window),
                words.state(row.recording.state),
                printable(row.recording.path),
                style=style,
            )
        else:
            table.add_row(_cell(session, row, answer.window), "", "", _("no recording"), style="red")
    for overlap in answer.overlaps():
        table.add_row(_cell(session, overlap, answer.window), "", "", _("recorded twice"), style="cyan")
    return table


def _cell(session: Session, span: Span, window: Span) -> str:
    """Return a span for a column of the table of files: one that names a day takes two lines, not the path's room."""
    text = between(session, span, window)
    return text.replace(" – ", " –\n") if "/" in text else text


def _start_us(row: Sighting | Span) -> int:
    return row.true_span.start_us if isinstance(row, Sighting) else row.start_us


def _stretches(session: Session, answer: CameraSearch) -> Table:
    table = _table(_("true time"), _("length"), _("state"))
    covered = ((span.start_us, span, _("recorded"), "") for span in answer.stretches())
    gaps = ((gap.start_us, gap, _("no recording"), "red") for gap in answer.gaps())
    twice = ((span.start_us, span, _("recorded twice"), "cyan") for span in answer.overlaps())
    for _start, span, what, style in merge(covered, gaps, twice, key=lambda row: row[0]):
        table.add_row(between(session, span, answer.window), duration_text(span.length_us), what, style=style)
    return table


def between(session: Session, span: Span, window: Span | None = None) -> str:
    """Return a span as people read it: the day is said once, or not at all where the window asked for says it."""
    start, end = session.time(span.start_us), session.time(span.end_us)
    day = start.split(" ")[0] + " "
    if window is not None and session.time(window.start_us).startswith(day):
        start = start.removeprefix(day)
    return f"{start} – {end.removeprefix(day)}"


def _table(*headings: str) -> Table:
    """Return an empty table that is still easy to read at 80 columns: only the last, a file's path, is folded."""
    table = Table(box=None, padding=(0, 0, 0, 2), header_style="dim")
    for heading in headings[:-1]:
        table.add_column(heading, no_wrap=True)
    table.add_column(headings[-1], overflow="fold")
    return table
