"""`camtool timeline`: a window of the cameras as one self-contained page."""

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from camtool import __version__
from camtool.cli import i18n, options, words
from camtool.cli.app import Command, command_app
from camtool.cli.events import Everything
from camtool.cli.find import span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problems_json
from camtool.core.model import US_PER_S, Camera, Span
from camtool.core.pathtext import printable
from camtool.core.problem import Problem

if TYPE_CHECKING:
    from camtool.jobs.timeline import Drawn, Highlight

app = command_app()

Page = Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the page to write: .html"))]
Thumbnails = Annotated[
    bool, typer.Option("--thumbnails", help=_("put a small picture of every event into the page; takes time and room"))
]


@app.command(
    cls=Command,
    help=_(
        "Write one page on which to look through a window of true time: a row per camera with what is recorded, what "
        "is missing, damaged files and the events that `camtool skim` found. It opens in any browser, without a "
        "network. A click copies the `cut` command."
    ),
    epilog='  camtool timeline --from "hôm qua" --to "hôm nay" -o hom-qua.html',
)
def timeline(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    out: Page,
    camera: options.Cameras = None,
    every_cause: Everything = False,
    pictures: Thumbnails = False,
) -> None:
    """Read the catalog, write the page."""
    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    window = options.window(session, from_, to).span
    drawn = write_page(session, cameras, window, out, every_cause=every_cause, pictures=pictures)
    if session.json:
        session.problems += len(drawn.problems)
        told = {"path": str(drawn.path), "window": span_json(session, window), "cameras": [c.number for c in cameras]}
        session.document(told | page_json(drawn) | {"problems": problems_json(drawn.problems)})
    else:
        show_page(session, drawn)
    session.finish()


def write_page(
    session: Session,
    cameras: Sequence[Camera],
    window: Span,
    out: Path,
    *,
    every_cause: bool = False,
    pictures: bool = False,
    highlight: "Highlight | None" = None,
    title: str | None = None,
) -> "Drawn":
    """Draw the cameras' rows, in their order; with highlight, what `follow` found is marked on them."""
    from camtool.cli.progress import Bar
    from camtool.jobs.timeline import check_target, draw, row_of, thumbnails
    from camtool.jobs.timeline_data import Tongue

    target = check_target(out, session.footage_folders)
    rows = [row_of(session.reader, each, window, every_cause) for each in cameras]
    jpegs: dict[int, bytes] = {}
    problems: tuple[Problem, ...] = ()
    if pictures:
        with Bar(session, _("drawing"), None) as bar:
            jpegs, problems = thumbnails(session.reader, rows, bar.reach)
    made = _("Drawn by camtool {version} on {time}.").format(
        version=__version__, time=session.time(session.now_us // US_PER_S * US_PER_S)
    )
    return draw(
        rows,
        window,
        target,
        title=title or _("Timeline · {site}").format(site=session.site.name),
        made=made,
        command=command_start(session),
        zone=session.zone,
        tongue=Tongue(i18n.language(), _, words.state, words.clock),
        every_cause=every_cause,
        highlight=highlight,
        pictures=jpegs,
        problems=problems,
    )


def command_start(session: Session) -> str:
    """Return how a command for this site begins: with --site, as it was typed, where it was typed."""
    if session.options.site is None:
        return "camtool"
    folder = str(session.options.site)
    if re.fullmatch(r"[\w./\\:~-]+", folder):
        return f"camtool --site {folder}"
    return f'camtool --site "{folder}"' if os.name == "nt" else f"camtool --site {shlex.quote(folder)}"


def page_json(drawn: "Drawn") -> dict[str, Any]:
    """Return what is said of a page as JSON."""
    return {"size_bytes": drawn.size_bytes, "events": drawn.events, "thumbnails": drawn.pictures}


def show_page(session: Session, drawn: "Drawn") -> None:
    """Say what was written, and list what could not be drawn."""
    session.out.print(printable(str(drawn.path)))
    text = ngettext(
        "  {events} event, {size} MB; open it in a browser",
        "  {events} events, {size} MB; open it in a browser",
        drawn.events,
    )
    session.out.print(text.format(events=drawn.events, size=f"{drawn.size_bytes / 1e6:.1f}"))
    for problem in drawn.problems:
        session.problem(problem)
