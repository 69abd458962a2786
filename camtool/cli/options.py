"""Options that several commands share, and what their texts mean."""

import re
from collections.abc import Sequence
from typing import Annotated

import typer

from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.model import Camera, Span
from camtool.core.phrase import Reading, WindowReading, read_time, read_window
from camtool.errors import NoCameraGiven, UnreadableCameras
from camtool.store.site import camera_of

Cameras = Annotated[
    list[str] | None,
    typer.Option("--camera", "-c", metavar="N", help=_("a camera's number; also 3,5 or 1-4; may be repeated")),
]
# As many digits as camera_numbers reads.
MOST = 999_999
Number = Annotated[int, typer.Argument(metavar="N", help=_("the camera's number"), min=0, max=MOST)]
OneCamera = Annotated[int, typer.Option("--camera", "-c", metavar="N", help=_("the camera's number"))]
AllCameras = Annotated[bool, typer.Option("--all", help=_("every camera of the site"))]
From = Annotated[
    str,
    typer.Option("--from", metavar="T", help=_('start of the window, such as "24/11/2026 18:30" or "hôm qua 18h30"')),
]
To = Annotated[str, typer.Option("--to", metavar="T", help=_("end of the window, not included"))]

_NUMBERS = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def cameras(session: Session, texts: Sequence[str] | None, everyone: bool) -> tuple[Camera, ...]:
    """Return the cameras that were named, in the order of their numbers; raises NoCameraGiven, UnknownCamera."""
    if everyone:
        return session.site.cameras
    numbers = {number for text in texts or () for number in camera_numbers(text)}
    if not numbers:
        raise NoCameraGiven
    return tuple(camera_of(session.site, number) for number in sorted(numbers))


def camera_numbers(text: str) -> list[int]:
    """Read `3`, `3,5` or `1-4`; raises UnreadableCameras."""
    numbers: list[int] = []
    for part in text.replace(" ", "").split(","):
        found = _NUMBERS.fullmatch(part)
        if found is None:
            raise UnreadableCameras(text=text)
        first, last = int(found[1]), int(found[2] or found[1])
        if not first <= last < first + 1000:
            raise UnreadableCameras(text=text)
        numbers += range(first, last + 1)
    return numbers


def instant(session: Session, text: str) -> Reading:
    """Read one time phrase; raises UnreadableTime."""
    return read_time(text, now_us=session.now_us, zone=session.zone)


def settled(session: Session, text: str) -> int:
    """Read one time phrase as one instant, µs; where it occurs twice that night, the first, and say so."""
    return _first(session, instant(session, text))


def settled_within(session: Session, text: str, about: Span) -> int:
    """Read a phrase about something past: `18:30`, which by itself is today's, is that of the day spoken about.

    A phrase that names its day is taken at its word; one that fits no day in `about` is today's.
    """
    today = instant(session, text)
    days = (about.end_us, about.start_us) if today.dayless else ()
    for reading in (read_time(text, now_us=us, zone=session.zone) for us in days):
        if about.start_us <= reading.start_us < about.end_us:
            return _first(session, reading)
    return _first(session, today)


def _first(session: Session, reading: Reading) -> int:
    """Return the instant, µs, and say what the phrase left open."""
    if reading.year_taken is not None:
        explain(session, reading)
    if reading.repeated:
        text = _("“{phrase}” occurs twice that night (clock change): the first is taken")
        session.say(text.format(phrase=reading.phrase))
    return reading.start_us


def window(session: Session, from_text: str, to_text: str, quiet: bool = False) -> WindowReading:
    """Read a window and say back how it was understood, before anything else is said."""
    read = read_window(from_text, to_text, now_us=session.now_us, zone=session.zone)
    if not session.json and not quiet:
        start, end = session.time(read.span.start_us), session.time(read.span.end_us)
        session.out.print(_("From {start} to {end} ({zone})").format(start=start, end=end, zone=session.site.timezone))
    for reading in (read.start, read.end):
        explain(session, reading)
    return read


def explain(session: Session, reading: Reading) -> None:
    """Say what a phrase left open and how it was taken."""
    if reading.year_taken is not None:
        text = _("“{phrase}” names no year: taken as {year}")
        session.say(text.format(phrase=reading.phrase, year=reading.year_taken))
    if reading.repeated:
        text = _("“{phrase}” occurs twice that night (clock change): both are searched")
        session.say(text.format(phrase=reading.phrase))
