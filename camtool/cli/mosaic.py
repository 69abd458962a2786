"""`camtool mosaic`: cameras side by side in one video."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.events import between_words
from camtool.cli.i18n import _, filled
from camtool.cli.session import Session, problems_json
from camtool.cli.sheet import recorded
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Show 2 to 9 cameras side by side in one video, all at the same true time, each with its name and both clocks; "
        "black where nothing was recorded. For looking through, not evidence by itself."
    ),
    epilog='  camtool mosaic --camera 3,5,6 --from "hôm qua 17h03" --to "hôm qua 17h05" -o ba-camera.mp4',
)
def mosaic(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the video to write: .mp4"))],
    camera: options.Cameras = None,
    audio: Annotated[int | None, typer.Option("--audio", metavar="N", help=_("the camera that is heard"))] = None,
) -> None:
    """Find the recordings, show them."""
    from camtool.cli.progress import Bar
    from camtool.jobs.mosaic import mosaic as run

    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    window = options.window(session, from_, to).span
    with Bar(session, _("drawing"), 100) as bar:
        report = run(
            recorded(session, cameras, window),
            window,
            out,
            zone=session.zone,
            title=f"{session.site.name} · {between_words(session, window)}",
            audio=audio,
            say=filled,
            keep_out_of=session.footage_folders,
            command=("camtool", *sys.argv[1:]),
            progress=bar.reach,
        )
    if session.json:
        session.problems += len(report.problems)
        told: dict[str, Any] = {"path": str(report.path), "sha256": report.sha256, "record": str(report.record)}
        told |= {"length_s": report.length_us / 1e6, "size_px": [report.width_px, report.height_px]}
        session.document(told | {"sound": report.sound, "problems": problems_json(report.problems)})
    else:
        session.out.print(printable(str(report.path)))
        length = duration_text(report.length_us // 1000 * 1000)
        session.out.print(_("  {cameras} cameras, {length}").format(cameras=len(cameras), length=length))
        session.out.print(f"  {report.width_px}×{report.height_px} · SHA-256 {report.sha256}")
        session.out.print(_("  record: {record}").format(record=printable(str(report.record))))
        for problem in report.problems:
            session.problem(problem)
    session.finish()
