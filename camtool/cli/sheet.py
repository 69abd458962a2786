"""`camtool sheet`: one picture per event at its peak, on a page."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.events import Everything, Zone, between_words, events_of
from camtool.cli.i18n import _, filled
from camtool.cli.session import Session, problems_json
from camtool.core.lengthtext import read_length
from camtool.core.model import Camera, Span
from camtool.core.pathtext import printable
from camtool.errors import UnreadableLength

if TYPE_CHECKING:
    from collections.abc import Sequence

    from camtool.jobs.sheet import SheetReport
    from camtool.jobs.watched import Watched

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Write a contact sheet of the events that `camtool skim` found: one picture each at its clearest, its box "
        "drawn, both clocks below. With --every, a picture at each step of time instead; several cameras then stand "
        "side by side, a column each. For looking through, not evidence by itself."
    ),
    epilog='  camtool sheet --camera 3 --from "hôm qua 12h" --to "hôm qua 17h" -o to-anh.jpg\n\n'
    '  camtool sheet --camera 3,5,6 --from "hôm qua 17h" --to "hôm qua 18h" --every 10m -o ba-camera.jpg',
)
def sheet(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the sheet to write: .jpg or .png"))],
    camera: options.Cameras = None,
    every_cause: Everything = False,
    zone: Zone = None,
    columns: Annotated[int | None, typer.Option("--columns", metavar="K", help=_("pictures a row"), min=1)] = None,
    every: Annotated[
        str | None, typer.Option("--every", metavar="LENGTH", help=_("a picture every 10 (minutes), 30s, 1h"))
    ] = None,
) -> None:
    """Read the events, draw them."""
    from camtool.cli.progress import Bar
    from camtool.jobs.sheet import sheet as run

    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    if every is not None:
        by_time(session, cameras, from_, to, every, out, columns)
        return
    window = options.window(session, from_, to).span
    with Bar(session, _("drawing"), None) as bar:
        report = run(
            watched(session, cameras, window, every_cause, zone),
            out,
            zone=session.zone,
            title=session.site.name,
            subtitle=between_words(session, window),
            say=filled,
            columns=columns,
            keep_out_of=session.footage_folders,
            progress=bar.reach,
        )
    _tell(session, report, {"events": report.cells}, "")


def by_time(
    session: Session,
    cameras: "Sequence[Camera]",
    from_: str,
    to: str,
    every: str,
    out: Path,
    columns: int | None,
) -> None:
    """Draw a picture at each step of time."""
    from camtool.cli.progress import Bar
    from camtool.jobs.sheet_time import time_sheet

    every_us = read_length(every)
    if every_us is None:
        raise UnreadableLength(text=every)
    window = options.window(session, from_, to).span
    with Bar(session, _("drawing"), None) as bar:
        report = time_sheet(
            recorded(session, cameras, window),
            window,
            every_us,
            out,
            zone=session.zone,
            title=session.site.name,
            subtitle=between_words(session, window),
            say=filled,
            columns=columns,
            keep_out_of=session.footage_folders,
            progress=bar.reach,
        )
    text = (
        _("  {shown} pictures; where there is none, nothing was recorded") if report.empty else _("  {shown} pictures")
    )
    counts = {"pictures": report.cells, "empty": report.empty}
    _tell(session, report, counts, text.format(shown=report.cells - report.empty))


def _tell(session: Session, report: "SheetReport", counts: dict[str, int], text: str) -> None:
    """Say what was written, and end the command."""
    if session.json:
        session.problems += len(report.problems)
        told: dict[str, Any] = {"paths": [str(path) for path in report.paths], **counts}
        session.document(told | {"problems": problems_json(report.problems)})
    else:
        for path in report.paths:
            session.out.print(printable(str(path)))
        if text:
            session.out.print(text)
        for problem in report.problems:
            session.problem(problem)
    session.finish()


def recorded(session: Session, cameras: "Sequence[Camera]", window: Span) -> "list[Watched]":
    """Return each camera's recordings in a window of true time, without events."""
    from camtool.jobs.search import clock_of
    from camtool.jobs.watched import Watched as Found

    chosen: list[Watched] = []
    for camera in cameras:
        clock = clock_of(session.reader, camera)
        recordings = list(session.reader.overlapping(camera.number, clock.span_to_camera(window)))
        chosen.append(Found(camera, recordings, clock.offset_us, ()))
    return chosen


def watched(
    session: Session, cameras: "Sequence[Camera]", window: Span, every_cause: bool, zone: str | None
) -> "list[Watched]":
    """Return what a sheet or a reel is made from: each camera's events and recordings in a window of true time."""
    chosen: list[Watched] = []
    for one in recorded(session, cameras, window):
        found = events_of(session, [one.camera], window, every_cause, zone)
        chosen.append(replace(one, events=[(shown.number, shown.event) for shown in found]))
    return chosen
