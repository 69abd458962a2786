"""`camtool still`: one picture, lossless, with both times in its metadata."""

from pathlib import Path
from typing import Annotated

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.store.site import camera_of

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Write the picture that a camera showed at an instant, as PNG: lossless, nothing burnt in, both times inside."
    ),
    epilog='  camtool still --camera 3 --at "hôm qua 17:03:42" -o lay-xe.png',
)
def still(
    ctx: typer.Context,
    camera: options.OneCamera,
    at: Annotated[str, typer.Option("--at", metavar="T", help=_("the instant, in true time"))],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the picture to write: .png"))],
) -> None:
    """Find the recording, decode, write."""
    from camtool.jobs.search import at as ask
    from camtool.jobs.still import still as run

    session: Session = ctx.obj
    chosen = camera_of(session.site, camera)
    found = ask(session.reader, chosen, options.settled(session, at))
    report = run(
        chosen,
        [seen.recording for seen in found.covering],
        found.clock.to_camera_us(found.true_us),
        found.clock.offset_us,
        out,
        zone=session.zone,
        keep_out_of=session.footage_folders,
    )
    if session.json:
        session.document(
            {
                "path": str(report.path),
                "sha256": report.sha256,
                "camera": chosen.number,
                "at": rfc3339(report.true_us, session.zone),
                "camera_at": rfc3339(report.camera_us, session.zone),
                "requested": rfc3339(report.requested_us, session.zone),
                "source": {"path": report.source, "sha256": report.source_sha256, "pts": report.pts},
                "size_px": [report.width_px, report.height_px],
            }
        )
        return
    session.out.print(printable(str(report.path)))
    session.out.print(_("  true time {time}").format(time=session.time(report.true_us)))
    session.out.print(_("  camera time {time}").format(time=session.time(report.camera_us)))
    session.out.print(_("  out of {file}").format(file=printable(report.source)))
    session.out.print(f"  {report.width_px}×{report.height_px} · SHA-256 {report.sha256}")
