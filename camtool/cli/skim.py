"""`camtool skim`: look through a window of recordings for what moves."""

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.events import Everything, Shown, Zone, event_json, events_of, left_to_watch, show
from camtool.cli.find import span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problems_json
from camtool.core.model import Span
from camtool.core.timetext import duration_text
from camtool.errors import BadValue, mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    from camtool.core.problem import Problem
    from camtool.jobs.skim import Looked, Stats

app = command_app()

EFFORTS = ("index", "quick", "normal", "thorough")
LOOKED_AT = {
    "index": mark("packet sizes only, no picture: where to look first, nothing more"),
    "quick": mark("keyframes only; an event shorter than {longest} s can hide between two of them"),
    "normal": mark("keyframes, and every frame where they leave something open"),
    "thorough": mark("every frame"),
}


@app.command(
    cls=Command,
    help=_(
        "Look through a window of recordings for what moves, and keep the events in the catalog. What was looked at "
        "before is not looked at again. May be stopped with Ctrl-C and run again. Without --camera every camera is "
        "looked at."
    ),
    epilog='  camtool skim --camera 3 --from "hôm qua 12h" --to "hôm qua 17h"\n'
    '  camtool skim --from "hôm qua" --to "hôm nay" --effort quick',
)
def skim(
    ctx: typer.Context,
    from_: options.From,
    to: options.To,
    camera: options.Cameras = None,
    effort: Annotated[
        str,
        typer.Option("--effort", metavar="E", help=_("index, quick, normal or thorough: how closely to look")),
    ] = "normal",
    zone: Zone = None,
    every_cause: Everything = False,
    jobs: Annotated[int, typer.Option("--jobs", metavar="K", help=_("processes at work"), min=1)] = os.cpu_count() or 1,
) -> None:
    """Look, then show what the catalog has."""
    from camtool.core.events import zones_named
    from camtool.engines.local import LocalRunner
    from camtool.jobs.search import clock_of
    from camtool.jobs.skim import footage_of
    from camtool.jobs.skim import skim as run
    from camtool.media.skim import Effort
    from camtool.store.catalog import Catalog
    from camtool.store.lock import only_writer

    session: Session = ctx.obj
    if effort not in EFFORTS:
        raise BadValue(command="camtool skim", parameter="--effort", value=effort)
    cameras = options.cameras(session, camera, everyone=not camera)
    for each in cameras:
        zones_named(each, zone)
    window = options.window(session, from_, to).span
    windows = [(each, clock_of(session.reader, each).span_to_camera(window)) for each in cameras]
    whole_us = sum(
        row.span.length_us for each, span in windows for row in footage_of(session.reader, each, span) if row.span
    )
    started = time.monotonic()
    with only_writer(session.site, "skim"):
        catalog = Catalog.open(session.site)
        try:
            watch = _Watch(session, whole_us)
            with watch.bar:
                stats = run(
                    session.reader,
                    catalog,
                    windows,
                    Effort(effort),
                    zone,
                    LocalRunner(jobs),
                    watch.looked,
                    session.now_us,
                )
        finally:
            catalog.close()
    stats.wall_us = round((time.monotonic() - started) * 1e6)
    watch.tell(stats.known)
    found = list(events_of(session, cameras, window, every_cause, zone, minutes=effort == "index"))
    _answer(session, found, stats, effort, window)
    session.finish()


class _Watch:
    """The progress bar of a skim: how much footage, × real time, time left; and the Problems as they come."""

    def __init__(self, session: Session, whole_us: int) -> None:
        from camtool.cli.progress import Bar

        self.session, self.whole_us, self.done_us = session, whole_us, 0
        self.began = time.monotonic()
        self.bar = Bar(session, _("skimming"), max(1, whole_us // 1_000_000), steady=True)

    def looked(self, file: "Looked") -> None:
        """Take in one file that was looked at."""
        self.done_us += file.footage_us
        speed = self.done_us / 1e6 / max(1e-3, time.monotonic() - self.began)
        self.bar.reach(self.done_us // 1_000_000, rate=_("{speed} × real time").format(speed=f"{speed:,.0f}"))
        self.tell(file.problems)

    def tell(self, problems: "Iterable[Problem]") -> None:
        """Say what is wrong with a file; JSON lists it in the answer."""
        for problem in problems:
            if self.session.json:
                self.session.problems += 1
            else:
                self.session.problem(problem)


def _answer(session: Session, found: list[Shown], stats: "Stats", effort: str, window: Span) -> None:
    if session.json:
        session.document(
            {
                "window": span_json(session, window),
                "events": [event_json(session, one) for one in found],
                "stats": {
                    "footage_s": round(stats.footage_us / 1e6, 3),
                    "wall_s": round(stats.wall_us / 1e6, 3),
                    "files": stats.files,
                    "files_looked_at_before": stats.files_before,
                    "files_not_looked_at": stats.files_unplayable + stats.files_failed,
                    "unrecorded_s": round(stats.unrecorded_us / 1e6, 3),
                    "packets": stats.packets,
                    "frames_decoded": stats.frames_decoded,
                    "effort": effort,
                    "longest_keyframe_s": round(stats.longest_keyframe_us / 1e6, 3),
                },
                "problems": problems_json(stats.problems),
            }
        )
        return
    show(session, sorted(found, key=lambda one: -one.event.score) if effort == "index" else found, window)
    if not found:
        session.out.print(_nothing(effort))
    text = _(LOOKED_AT[effort]).format(longest=round(stats.longest_keyframe_us / 1e6, 1))
    session.out.print(_("looked at: {what}").format(what=text))
    files = ngettext("{files} file, {footage} of footage", "{files} files, {footage} of footage", stats.files)
    session.out.print(
        files.format(files=stats.files, footage=duration_text(stats.footage_us // 1_000_000 * 1_000_000))
        + _(", {frames} pictures decoded, in {wall} s").format(
            frames=f"{stats.frames_decoded:,}", wall=f"{stats.wall_us / 1e6:.1f}"
        )
    )
    for line in _not_looked_at(stats):
        session.out.print(line)
    left_to_watch(session, found)


def _not_looked_at(stats: "Stats") -> list[str]:
    """Say what an answer leaves out: files without a picture, time without a file."""
    lines = []
    if files := stats.files_unplayable + stats.files_failed:
        text = ngettext(
            "not looked at: {files} file that cannot be played",
            "not looked at: {files} files that cannot be played",
            files,
        )
        lines.append(text.format(files=files))
    if unrecorded_s := stats.unrecorded_us // 1_000_000:
        text = _("not recorded, so not looked at: {length} of the window")
        lines.append(text.format(length=duration_text(unrecorded_s * 1_000_000)))
    return lines


def _nothing(effort: str) -> str:
    if effort == "thorough":
        return _("nothing moved in what was recorded")
    return _("nothing found at this effort ({effort}); a closer look may find more").format(effort=effort)
