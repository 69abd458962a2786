"""`camtool gaps`: when nothing was recorded."""

from typing import Any

import typer

from camtool.cli import options, words
from camtool.cli.app import Command, command_app
from camtool.cli.find import between, span_json
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.core.timetext import duration_text
from camtool.jobs.search import CameraSearch, search

app = command_app()


@app.command(cls=Command, help=_("List the times in a window that no playable recording covers."))
def gaps(ctx: typer.Context, from_: options.From, to: options.To, camera: options.Cameras = None) -> None:
    """Ask every camera, or those that are named."""
    session: Session = ctx.obj
    cameras = options.cameras(session, camera, everyone=not camera)
    window = options.window(session, from_, to).span
    answers = (search(session.reader, each, window) for each in cameras)
    if session.json:
        session.document({"window": span_json(session, window), "cameras": (_json(session, each) for each in answers)})
        return
    for answer in answers:
        _show(session, answer)


def _json(session: Session, answer: CameraSearch) -> dict[str, Any]:
    covered_us = answer.covered_us()
    return {
        "camera": answer.camera.number,
        "name": answer.camera.name,
        "gaps": (span_json(session, gap) for gap in answer.gaps()),
        "covered_s": covered_us / 1e6,
        "missing_s": (answer.window.length_us - covered_us) / 1e6,
    }


def _show(session: Session, answer: CameraSearch) -> None:
    head = f"{answer.camera.number} · {answer.camera.name}"
    missing_us = answer.window.length_us - answer.covered_us()
    if not missing_us:
        session.out.print(f"{head}: " + _("no gap"))
        return
    session.out.print(f"{head}: " + _("{length} missing").format(length=duration_text(missing_us)))
    session.out.print(f"    {words.clock(answer.clock)}")
    for gap in answer.gaps():
        session.out.print(f"    {between(session, gap)}  ({duration_text(gap.length_us)})")
