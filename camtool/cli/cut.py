"""`camtool cut`: a clip out of the recordings, every packet untouched and proven."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.casework import CaseOption, Officer, Why, case_json, doer, number, show_exhibit
from camtool.cli.find import span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problems_json
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text, rfc3339
from camtool.errors import MissingValue
from camtool.store.site import camera_of

if TYPE_CHECKING:
    from camtool.jobs.case_cut import Exhibit

app = command_app()


@app.command(
    cls=Command,
    help=_(
        "Cut a clip out of one camera's recordings. The packets are copied as they are, from the last keyframe at or "
        "before the start to the end of the last group of pictures, and compared with the recordings one by one. The "
        "proof is written beside the clip. Nothing is re-encoded."
    ),
    epilog='  camtool cut --camera 3 --from "hôm qua 17h03" --to "hôm qua 17h05" -o lay-xe.mp4',
)
def cut(
    ctx: typer.Context,
    camera: options.OneCamera,
    from_: options.From,
    to: options.To,
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="F", help=_("the clip to write: .mp4 or .mkv; not needed with --case")),
    ] = None,
    case: CaseOption = None,
    officer: Officer = None,
    why: Why = "",
) -> None:
    """Find the recordings, cut, tell."""
    from camtool.cli.progress import Bar
    from camtool.jobs.clip import cut as run
    from camtool.jobs.search import search

    session: Session = ctx.obj
    if out is None and case is None:
        raise MissingValue(command="camtool cut", parameter="--output")
    by = doer(session, officer, why) if case is not None else None
    chosen = camera_of(session.site, camera)
    window = options.window(session, from_, to).span
    found = search(session.reader, chosen, window)
    recordings = [seen.recording for seen in found.recordings()]
    exhibit: Exhibit | None = None
    with Bar(session, _("cutting"), 100) as bar:
        wanted = found.clock.span_to_camera(window)
        if case is not None and by is not None:
            from camtool.jobs.case_cut import cut_into_case

            report, exhibit = cut_into_case(
                session.site,
                number(case),
                chosen,
                recordings,
                wanted,
                found.clock,
                by,
                zone=session.zone,
                out=out,
                progress=bar.reach,
            )
        elif out is not None:
            report = run(
                chosen,
                recordings,
                wanted,
                found.clock.offset_us,
                out,
                zone=session.zone,
                keep_out_of=session.footage_folders,
                progress=bar.reach,
            )
    if session.json:
        session.problems += len(report.problems)
        session.document(_json(session, report, chosen.number) | case_json(exhibit))
    else:
        _show(session, report)
        show_exhibit(session, exhibit)
        for problem in report.problems:
            session.problem(problem)
    session.finish()


def _json(session: Session, report: Any, camera: int) -> dict[str, Any]:
    return {
        "path": str(report.path),
        "sha256": report.sha256,
        "camera": camera,
        "start": rfc3339(report.true_span.start_us, session.zone),
        "end": rfc3339(report.true_span.end_us, session.zone),
        "camera_start": rfc3339(report.camera_span.start_us, session.zone),
        "camera_end": rfc3339(report.camera_span.end_us, session.zone),
        "requested": span_json(session, report.requested),
        "sources": [
            {
                "path": source.path,
                "sha256": source.sha256,
                "first_packet": source.first_packet,
                "packets": source.packets,
            }
            for source in report.sources
        ],
        "packets_identical": report.packets_identical,
        "compared": report.compared,
        "proof": str(report.proof),
        "problems": problems_json(report.problems),
    }


def _show(session: Session, report: Any) -> None:
    out = session.out
    out.print(printable(str(report.path)))
    start, end = session.time(report.true_span.start_us), session.time(report.true_span.end_us)
    out.print(_("  true time {start} to {end}").format(start=start, end=end))
    start, end = session.time(report.camera_span.start_us), session.time(report.camera_span.end_us)
    out.print(_("  camera time {start} to {end}").format(start=start, end=end))
    lead_us = report.requested.start_us - report.true_span.start_us
    if lead_us > 0:
        text = _("  begins {lead} before the time asked for, at the last keyframe before it; the lead-in is shown")
        out.print(text.format(lead=duration_text(lead_us)))
    packets = sum(source.packets for source in report.sources)
    text = ngettext(
        "  {packets} packets out of {files} file, each compared with its recording: identical",
        "  {packets} packets out of {files} files, each compared with its recording: identical",
        len(report.sources),
    )
    out.print(text.format(packets=packets, files=len(report.sources)))
    out.print(f"  SHA-256 {report.sha256}")
    out.print(_("  proof: {proof}").format(proof=printable(str(report.proof))))
