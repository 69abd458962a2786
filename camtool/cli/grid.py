"""`camtool grid`: a picture with pixel rulers, to read off the box for `camtool when`."""

from pathlib import Path
from typing import Annotated

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, filled
from camtool.cli.session import Session
from camtool.cli.when import Box, Zone
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.errors import NoBox
from camtool.store.site import camera_of

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Draw a grid with numbers over what a camera showed at an instant, to read off the box for `camtool when`: "
        "x and y of its upper left corner, then width and height. A box that is given is drawn, to check it."
    ),
    epilog='  camtool grid --camera 3 --at "hôm qua 12h" -o luoi.png\n'
    '  camtool grid --camera 3 --at "hôm qua 12h" --box 400,214,60,62 -o o.png',
)
def grid(
    ctx: typer.Context,
    camera: options.OneCamera,
    at: Annotated[str, typer.Option("--at", metavar="T", help=_("the instant, in true time"))],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the picture to write: .png"))],
    box: Box = None,
    zone: Zone = None,
) -> None:
    """Find the recording, decode, draw."""
    from camtool.jobs.box import read_box, read_zone
    from camtool.jobs.grid import grid as run
    from camtool.jobs.search import at as ask

    session: Session = ctx.obj
    chosen = camera_of(session.site, camera)
    if box is not None and zone is not None:
        raise NoBox
    place = read_zone(chosen, zone) if zone is not None else read_box(chosen, box) if box is not None else None
    found = ask(session.reader, chosen, options.settled(session, at))
    report = run(
        chosen,
        [seen.recording for seen in found.covering],
        found.clock.to_camera_us(found.true_us),
        found.clock.offset_us,
        out,
        zone=session.zone,
        place=place,
        say=filled,
        keep_out_of=session.footage_folders,
    )
    if session.json:
        session.document(
            {
                "path": str(report.path),
                "camera": chosen.number,
                "at": rfc3339(report.true_us, session.zone),
                "camera_at": rfc3339(report.camera_us, session.zone),
                "source": report.source,
                "size_px": [report.width_px, report.height_px],
                "box_px": list(report.box_px) if report.box_px else None,
            }
        )
        return
    session.out.print(printable(str(report.path)))
    session.out.print(_("  true time {time}").format(time=session.time(report.true_us)))
    session.out.print(_("  camera time {time}").format(time=session.time(report.camera_us)))
    text = _("  the picture has {width} x {height} pixels; a box is x,y,width,height")
    session.out.print(text.format(width=report.width_px, height=report.height_px))
