"""`camtool events`: what moved, as a list; and how every answer about events is shown."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.find import between, span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session
from camtool.core.activity import Event, watched_us
from camtool.core.clock import ClockModel
from camtool.core.events import settings_of, zones_named
from camtool.core.model import US_PER_S, Camera, Span
from camtool.core.timetext import duration_text, rfc3339
from camtool.jobs.watched import CAUSE_WORDS

app = command_app()

Everything = Annotated[bool, typer.Option("--all", help=_("also what looks like light, weather or a shaking camera"))]


Zone = Annotated[str | None, typer.Option("--zone", metavar="NAME", help=_("only in this zone of the picture"))]


@dataclass(frozen=True, slots=True)
class Shown:
    """One event of an answer: its number, its camera and clock; the event's own times are camera time."""

    number: int
    camera: Camera
    clock: ClockModel
    event: Event

    @property
    def true_span(self) -> Span:
        """When it was, in true time."""
        return self.clock.span_to_true(self.event.span)

    @property
    def peak_true_us(self) -> int:
        """Its clearest picture, in true time."""
        return self.clock.to_true_us(self.event.peak_us)


@app.command(
    cls=Command,
    help=_("List the events that `camtool skim` found in a window of true time."),
    epilog='  camtool events --camera 3 --from "hôm qua 12h" --to "hôm qua 17h"',
)
def events(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    camera: options.Cameras = None,
    every_cause: Everything = False,
    zone: Zone = None,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("write CSV to stdout"))] = False,
) -> None:
    """Read the catalog and show."""
    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    window = options.window(session, from_, to, quiet=as_csv).span
    found = list(events_of(session, cameras, window, every_cause, zone))
    if as_csv:
        write_csv(session, found)
    elif session.json:
        session.document({"window": span_json(session, window), "events": [event_json(session, one) for one in found]})
    else:
        show(session, found, window)
        left_to_watch(session, found)


def events_of(
    session: Session,
    cameras: Iterable[Camera],
    window: Span,
    every_cause: bool,
    zone: str | None,
    minutes: bool = False,
) -> Iterator[Shown]:
    """Yield what was found in a window of true time, camera by camera, in order of time.

    zone is the one that was skimmed alone, None the whole picture with all its zones. minutes: also the minutes that
    packets alone rank, which are no events.
    """
    from camtool.jobs.search import clock_of

    for camera in cameras:
        clock = clock_of(session.reader, camera)
        settings = settings_of(zones_named(camera, zone), camera.masks)
        camera_window = clock.span_to_camera(window)
        for number, event in session.reader.events(camera.number, camera_window, settings, minutes):
            if event.listed or every_cause:
                yield Shown(number, camera, clock, event)


def event_json(session: Session, one: Shown) -> dict[str, Any]:
    """Return an event as the contract has it, and what else it carries."""
    event, span = one.event, one.true_span
    return {
        "id": one.number,
        "camera": one.camera.number,
        "start": rfc3339(span.start_us, session.zone),
        "end": rfc3339(span.end_us, session.zone),
        "peak": rfc3339(one.peak_true_us, session.zone),
        "camera_start": rfc3339(event.start_us, session.zone),
        "camera_end": rfc3339(event.end_us, session.zone),
        "score": round(event.score, 3),
        "box_px": list(event.box_px),
        "box": [round(value, 4) for value in (event.box.x, event.box.y, event.box.w, event.box.h)],
        "cause": event.cause,
        "found_by": event.found_by,
    }


def write_csv(session: Session, found: Iterable[Shown]) -> None:
    """Write a table for a spreadsheet: one line an event, both clocks."""
    writer = csv.writer(session.out.file, lineterminator="\n")
    writer.writerow(
        ["id", "camera", "name", "start", "end", "peak", "camera_start", "camera_end", "score", "cause", "found_by",
         "x_px", "y_px", "w_px", "h_px"]
    )  # fmt: skip
    for one in found:
        told = event_json(session, one)
        head = [told["id"], told["camera"], one.camera.name, told["start"], told["end"], told["peak"]]
        tail = [told["camera_start"], told["camera_end"], told["score"], told["cause"], told["found_by"]]
        writer.writerow([*head, *tail, *told["box_px"]])


def show(session: Session, found: Iterable[Shown], window: Span) -> None:
    """Show events as a table a camera, both clocks, to the whole second."""
    for camera, group in groupby(found, key=lambda one: one.camera):
        session.out.print()
        session.out.print(Text(f"{camera.number} · {camera.name} · {camera.place}", style="bold"))
        show_lines(session, group, window)


def show_lines(session: Session, found: Iterable[Shown], window: Span) -> None:
    """Show events of one camera as a table."""
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    for heading in (_("No."), _("true time"), _("length"), _("camera time"), _("score"), _("looks like")):
        table.add_column(heading, overflow="fold")
    for one in found:
        true, own = _whole_seconds(one.true_span), _whole_seconds(one.event.span)
        table.add_row(
            str(one.number),
            between(session, true, window),
            duration_text(true.length_us),
            between(session, own, window),
            f"{one.event.score:.1f}",
            _(CAUSE_WORDS[one.event.cause]),
            style="" if one.event.listed else "dim",
        )
    session.table(table)


def _whole_seconds(span: Span) -> Span:
    """Return the span with its ends moved outwards to whole seconds, as a person would seek to them."""
    return Span(span.start_us // US_PER_S * US_PER_S, -(-span.end_us // US_PER_S) * US_PER_S)


def between_words(session: Session, window: Span) -> str:
    """Return a window as it is said on a sheet or a reel."""
    start, end = session.time(window.start_us), session.time(window.end_us)
    return _("{start} to {end}").format(start=start, end=end)


def left_to_watch(session: Session, found: list[Shown]) -> None:
    """End an answer with how many events there are and how long they take to watch."""
    watch_us = sum(watched_us(one.event for one in found if one.camera is camera) for camera in _cameras(found))
    text = ngettext("{count} event, {length} to watch", "{count} events, {length} to watch", len(found))
    session.out.print(text.format(count=len(found), length=duration_text(watch_us // 1_000_000 * 1_000_000)))


def _cameras(found: list[Shown]) -> list[Camera]:
    return list({one.camera.number: one.camera for one in found}.values())
