"""`camtool at`: what each camera was doing at one instant of true time."""

from typing import Annotated, Any

import typer
from rich.text import Text

from camtool.cli import options, words
from camtool.cli.app import Command, command_app
from camtool.cli.find import between, sighting_json
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text, rfc3339
from camtool.jobs.search import Instant, Sighting
from camtool.jobs.search import at as ask

app = command_app()


@app.command(cls=Command, help=_("Show what each camera was recording at one instant, or what is nearest to it."))
def at(
    ctx: typer.Context,
    instant: Annotated[str, typer.Argument(metavar="T", help=_("the instant, in true time"))],
    camera: options.Cameras = None,
) -> None:
    """Ask every camera, or those that are named."""
    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    reading = options.instant(session, instant)
    options.explain(session, reading)
    instants = sorted({reading.start_us, reading.end_us})
    answers = [ask(session.reader, each, us) for us in instants for each in cameras]
    if session.json:
        session.document(
            {"at": rfc3339(reading.start_us, session.zone), "cameras": [_json(session, each) for each in answers]}
        )
        return
    for us in instants:
        session.out.print(Text(session.time(us), style="bold"))
        for answer in answers:
            if answer.true_us == us:
                _show(session, answer)


def _json(session: Session, answer: Instant) -> dict[str, Any]:
    def near(seen: Sighting | None) -> dict[str, Any] | None:
        return None if seen is None else sighting_json(session, seen)

    return {
        "camera": answer.camera.number,
        "name": answer.camera.name,
        "at": rfc3339(answer.true_us, session.zone),
        "camera_at": rfc3339(answer.clock.to_camera_us(answer.true_us), session.zone),
        "clock_observed": answer.clock.observed,
        "recordings": [sighting_json(session, seen) for seen in answer.covering],
        "before": near(answer.before),
        "after": near(answer.after),
    }


def _show(session: Session, answer: Instant) -> None:
    clock = session.time(answer.clock.to_camera_us(answer.true_us))
    shown = _("its clock shows {time}").format(time=clock) if answer.clock.observed else words.clock(answer.clock)
    session.out.print(f"{answer.camera.number} · {answer.camera.name}: {shown}")
    for seen in answer.covering:
        into = duration_text(answer.true_us - seen.true_span.start_us)
        line = _("{file}, {into} after its start").format(file=printable(seen.recording.path), into=into)
        session.out.print(f"    {line} ({words.state(seen.recording.state)})")
    if answer.covering:
        return
    session.out.print(Text("    " + _("no recording"), style="red"))
    for title, near in ((_("before"), answer.before), (_("after"), answer.after)):
        if near is not None:
            session.out.print(f"    {title}: {between(session, near.true_span)} · {printable(near.recording.path)}")
