"""`camtool reel`: one short video of all events."""

from pathlib import Path
from typing import Annotated

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.events import Everything, Zone, between_words
from camtool.cli.i18n import _, filled
from camtool.cli.session import Session, problems_json
from camtool.cli.sheet import watched
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Write one short video of the events that `camtool skim` found, each labelled with both clocks running; what "
        "lies still is left out, or runs fast with --lapse. For looking through, not evidence by itself."
    ),
    epilog='  camtool reel --camera 3 --from "hôm qua 12h" --to "hôm qua 17h" -o xem-nhanh.mp4',
)
def reel(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the video to write: .mp4"))],
    camera: options.Cameras = None,
    every_cause: Everything = False,
    zone: Zone = None,
    lapse: Annotated[
        bool, typer.Option("--lapse", help=_("the whole window: fast when still, at 1 × when not"))
    ] = False,
) -> None:
    """Read the events, draw them."""
    from camtool.cli.progress import Bar
    from camtool.jobs.reel import reel as run

    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    window = options.window(session, from_, to).span
    with Bar(session, _("drawing"), 100) as bar:
        report = run(
            watched(session, cameras, window, every_cause, zone),
            out,
            zone=session.zone,
            window=window,
            lapse=lapse,
            title=f"{session.site.name} · {between_words(session, window)}",
            say=filled,
            keep_out_of=session.footage_folders,
            progress=bar.reach,
        )
    if session.json:
        session.problems += len(report.problems)
        told = {"path": str(report.path), "length_s": report.length_us / 1e6, "events": report.events}
        session.document(told | {"problems": problems_json(report.problems)})
    else:
        session.out.print(printable(str(report.path)))
        text = _("  {events} events in {length}")
        session.out.print(text.format(events=report.events, length=duration_text(report.length_us // 1000 * 1000)))
        for problem in report.problems:
            session.problem(problem)
    session.finish()
