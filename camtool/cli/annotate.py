"""`camtool annotate`: a copy of a clip or of a still with notes drawn in."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, filled, ngettext
from camtool.cli.session import Session, problems_json
from camtool.core.pathtext import printable
from camtool.errors import NoSite

app = command_app()

EXAMPLE = """notes:
    - kind: box
      from: 2
      to: 7.5
      at: {2: [400, 214, 60, 62], 7.5: [520, 260, 60, 62]}
      colour: vàng
      label: Xe máy bị mất"""


@app.command(
    cls=Command,
    help=_(
        "Draw notes into a copy of a clip, or of a picture: box, ellipse, arrow, polygon, text, spotlight, blur, "
        "magnifier. The copy says in a margin below the picture that it is one, and what it was made of; a record of "
        "both lies beside it. For explaining, not evidence by itself; blur hides nothing in the original."
    ),
    epilog="  camtool annotate lay-xe.mp4 --notes notes.yaml -o lay-xe-chu-thich.mp4\n\n  # notes.yaml\n  " + EXAMPLE,
)
def annotate(
    ctx: typer.Context,
    parent: Annotated[Path, typer.Argument(metavar="F", help=_("the clip or the picture"))],
    notes: Annotated[Path, typer.Option("--notes", metavar="NOTES", help=_("the notes, a YAML file"))],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the copy to write: .mp4, or .png"))],
    still: Annotated[bool, typer.Option("--still", help=_("one picture as .png"))] = False,
    at: Annotated[
        float | None, typer.Option("--at", metavar="S", min=0, help=_("which picture: seconds from the clip's start"))
    ] = None,
    preview: Annotated[
        bool, typer.Option("--preview", help=_("only the first picture that shows a note, as .png, to look at"))
    ] = False,
) -> None:
    """Read the notes, draw them."""
    from camtool.cli.progress import Bar
    from camtool.jobs.annotate import annotate as run

    session: Session = ctx.obj
    try:
        site = session.site
    except NoSite:  # a clip may be annotated anywhere; only the margin's clocks need to know the place
        site = None
    with Bar(session, _("drawing"), 100) as bar:
        report = run(
            parent,
            notes,
            out,
            zone=session.zone if site is not None else None,
            still=still,
            preview=preview,
            at_us=None if at is None else round(at * 1_000_000),
            cameras=() if site is None else site.cameras,
            command=("camtool", *sys.argv[1:]),
            say=filled,
            progress=bar.reach,
        )
    if session.json:
        session.problems += len(report.problems)
        session.document(
            {
                "path": str(report.path),
                "sha256": report.sha256,
                "record": None if report.record is None else str(report.record),
                "parent": {"path": str(report.parent), "sha256": report.parent_sha256},
                "frames": report.frames,
                "size_px": [report.width_px, report.height_px],
                "notes": report.notes,
                "problems": problems_json(report.problems),
            }
        )
    else:
        session.out.print(printable(str(report.path)))
        text = ngettext(
            "  {notes} note drawn into a copy of {file}", "  {notes} notes drawn into a copy of {file}", report.notes
        )
        session.out.print(text.format(notes=report.notes, file=printable(str(report.parent))))
        session.out.print(_("  parent: SHA-256 {sha256}").format(sha256=report.parent_sha256))
        session.out.print(f"  {report.width_px}×{report.height_px} · SHA-256 {report.sha256}")
        if report.record is not None:
            session.out.print(_("  record: {record}").format(record=printable(str(report.record))))
        for problem in report.problems:
            session.problem(problem)
    session.finish()
