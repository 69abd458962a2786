"""`camtool still`: one picture, lossless, with both times in its metadata."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.casework import CaseOption, Officer, Why, case_json, doer, number, show_exhibit
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.errors import MissingValue
from camtool.store.site import camera_of

if TYPE_CHECKING:
    from camtool.jobs.case_cut import Exhibit

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
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="F", help=_("the picture to write: .png; not needed with --case")),
    ] = None,
    case: CaseOption = None,
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Find the recording, decode, write."""
    from camtool.jobs.search import at as ask
    from camtool.jobs.still import still as run

    session: Session = ctx.obj
    if out is None and case is None:
        raise MissingValue(command="camtool still", parameter="--output")
    by = doer(session, officer, why) if case is not None else None
    chosen = camera_of(session.site, camera)
    found = ask(session.reader, chosen, options.settled(session, at))
    recordings = [seen.recording for seen in found.covering]
    camera_us = found.clock.to_camera_us(found.true_us)
    exhibit: Exhibit | None = None
    if case is not None and by is not None:
        from camtool.jobs.case_cut import still_into_case

        report, exhibit = still_into_case(
            session.site, number(case), chosen, recordings, camera_us, found.clock, by, zone=session.zone, out=out
        )
    elif out is not None:
        folders = session.footage_folders
        offset_us = found.clock.offset_us
        report = run(chosen, recordings, camera_us, offset_us, out, zone=session.zone, keep_out_of=folders)
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
            | case_json(exhibit)
        )
        return
    session.out.print(printable(str(report.path)))
    session.out.print(_("  true time {time}").format(time=session.time(report.true_us)))
    session.out.print(_("  camera time {time}").format(time=session.time(report.camera_us)))
    session.out.print(_("  out of {file}").format(file=printable(report.source)))
    session.out.print(f"  {report.width_px}×{report.height_px} · SHA-256 {report.sha256}")
    show_exhibit(session, exhibit)
