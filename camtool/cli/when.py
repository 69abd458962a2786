"""`camtool when`: the moment at which a thing in a box of the picture appeared or vanished."""

import re
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.find import span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problems_json
from camtool.core.change import REASONS, Absence, Change, Kind, Reason
from camtool.core.clock import ClockModel
from camtool.core.model import US_PER_S, Camera, Span
from camtool.core.pathtext import printable
from camtool.core.timetext import duration_text, rfc3339
from camtool.errors import BadValue, NoBox, mark
from camtool.store.site import camera_of

app = command_app()

Box = Annotated[
    str | None,
    typer.Option("--box", metavar="x,y,w,h", help=_("the place in the picture, in pixels, or the name of a zone")),
]
Zone = Annotated[str | None, typer.Option("--zone", metavar="NAME", help=_("the place, by the name of a zone"))]
KINDS = {
    Kind.VANISHED: mark("It vanished."),
    Kind.APPEARED: mark("It appeared."),
    Kind.UNCHANGED: mark("Unchanged: the box looks at the end as it did at the start."),
    Kind.UNCLEAR: mark("Unclear."),
}
CHANGED = {
    Kind.VANISHED: mark("a thing vanished"),
    Kind.APPEARED: mark("a thing appeared"),
    Kind.UNCLEAR: mark("the box changed"),
}
SHOWN = {
    "with": mark("the last picture with it"),
    "without": mark("the first picture without it"),
    "not yet": mark("the last picture without it"),
    "now": mark("the first picture with it"),
    "before": mark("before the change"),
    "after": mark("after the change"),
}
# How the two stills are named, so that they are found in a folder.
LABELS = {"with": mark("with"), "without": mark("without"), "before": mark("before"), "after": mark("after")}
EVERY_S = 60
# Half a minute on either side.
AROUND_US = 30 * US_PER_S
_LENGTH = re.compile(r"(\d{1,5})\s*(s|m|min|h)?")
_UNITS = {None: 1, "s": 1, "m": 60, "min": 60, "h": 3600}


@app.command(
    cls=Command,
    help=_(
        "Find the moment at which a thing in a box of the picture appeared or vanished, without watching the hours "
        "between: look here and there, halve, end frame by frame. Passers-by, clouds and the switch to night are told "
        "from a change. Writes the last picture before it and the first after it, and says what to cut."
    ),
    epilog='  camtool when --camera 3 --box 400,214,60,62 --from "hôm qua 12h" --to "hôm qua 17h15"\n'
    '  camtool when --camera 3 --zone "bãi xe" --from "hôm qua" --to "hôm nay" --watch -o anh/',
)
def when(
    ctx: typer.Context,
    camera: options.OneCamera,
    from_: options.From,
    to: options.To,
    box: Box = None,
    zone: Zone = None,
    out: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help=_("the folder for the two pictures"))
    ] = Path(),
    watch: Annotated[bool, typer.Option("--watch", help=_("look more often, and list every change"))] = False,
    every: Annotated[
        str, typer.Option("--every", metavar="S", help=_("with --watch: how often to look, such as 20s or 5m"))
    ] = f"{EVERY_S}s",
) -> None:
    """Read the box, search, show."""
    from camtool.cli.progress import Bar
    from camtool.core.problem import Problem
    from camtool.jobs.box import read_box, read_zone
    from camtool.jobs.search import search
    from camtool.jobs.when import when as run

    session: Session = ctx.obj
    chosen = camera_of(session.site, camera)
    if (box is None) == (zone is None):
        raise NoBox
    place = read_zone(chosen, zone) if zone is not None else read_box(chosen, box or "")
    every_us = _every_us(every) if watch else None
    window = options.window(session, from_, to).span
    found = search(session.reader, chosen, window)
    recordings = [seen.recording for seen in found.recordings()]
    known: tuple[Problem, ...] = ()
    if any(each.state != "ok" for each in recordings):
        known = tuple(session.reader.problems(chosen.number))
    started = time.monotonic()
    with Bar(session, _("looking"), 100) as bar:
        report = run(
            chosen,
            recordings,
            window,
            found.clock,
            place,
            out,
            zone=session.zone,
            labels={name: _(label) for name, label in LABELS.items()},
            known=known,
            every_us=every_us,
            progress=lambda done, total: bar.reach(done, total),
            keep_out_of=session.footage_folders,
        )
    wall_s = time.monotonic() - started
    if session.json:
        session.problems += len(report.problems)
        session.document(_json(session, report, wall_s))
    else:
        _show(session, report, wall_s)
        for problem in report.problems:
            session.problem(problem)
    session.finish()


def _every_us(text: str) -> int:
    found = _LENGTH.fullmatch(text.strip().lower())
    seconds = int(found[1]) * _UNITS[found[2]] if found else 0
    if not 1 <= seconds <= 86_400:
        raise BadValue(command="camtool when", parameter="--every", value=text)
    return seconds * US_PER_S


# ---- JSON --------------------------------------------------------------------------------------------------------


def _json(session: Session, report: Any, wall_s: float) -> dict[str, Any]:
    verdict, change = report.verdict, report.verdict.change
    true = report.clock.to_true_us

    def both(prefix: str, camera_us: int | None) -> dict[str, str | None]:
        if camera_us is None:
            return {prefix: None, f"camera_{prefix}": None}
        return {
            prefix: rfc3339(true(camera_us), session.zone),
            f"camera_{prefix}": rfc3339(camera_us, session.zone),
        }

    def told(one: Change[Any]) -> dict[str, Any]:
        return {
            "kind": one.kind,
            **both("after", one.after_us),
            **both("before", one.before_us),
            **both("clear_before", one.clear_before_us),
            **both("clear_after", one.clear_after_us),
            "reasons": [_reason_json(reason) for reason in one.reasons],
            "cut": cut_command(session, report.camera, around(report.clock, one)),
        }

    def absent(one: Absence) -> dict[str, Any]:
        return {
            **both("after", one.after_us),
            **both("before", one.before_us),
            **both("back_after", one.back_after_us),
            **both("back_before", one.back_before_us),
            "empty": one.empty,
        }

    return {
        "camera": report.camera.number,
        "box_px": list(report.box_px),
        "size_px": list(report.size_px),
        "window": span_json(session, report.window),
        "kind": verdict.kind,
        **both("after", change.after_us if change else None),
        **both("before", change.before_us if change else None),
        "frames_decoded": report.frames_decoded,
        "keyframes_decoded": verdict.keyframes,
        "stills": [
            {
                "path": str(still.path),
                "sha256": still.sha256,
                "shows": still.shows,
                "at": rfc3339(still.true_us, session.zone),
                "camera_at": rfc3339(still.camera_us, session.zone),
                "source": still.source,
            }
            for still in report.stills
        ],
        "reasons": [_reason_json(reason) for reason in verdict.reasons],
        "returned": [absent(one) for one in verdict.absences],
        "changes": [told(one) for one in verdict.changes],
        "switches": [span_json(session, report.clock.span_to_true(span)) for span in verdict.switches],
        "gaps": [span_json(session, report.clock.span_to_true(gap)) for gap in report.gaps],
        "cut": cut_command(session, report.camera, around(report.clock, change)) if change else None,
        "looked": {"pictures": verdict.looks, "longest_unseen_s": round(verdict.longest_unseen_us / 1e6, 3)},
        "wall_s": round(wall_s, 3),
        "problems": problems_json(report.problems),
    }


def _reason_json(reason: Reason) -> dict[str, str]:
    return {"reason": reason, "message": _(REASONS[reason])}


# ---- for people --------------------------------------------------------------------------------------------------


def _show(session: Session, report: Any, wall_s: float) -> None:
    verdict = report.verdict
    session.out.print()
    session.out.print(_(KINDS[verdict.kind]), style="bold")
    if verdict.change is not None:
        _moment(session, report, verdict.change)
    for reason in verdict.reasons:
        session.out.print(f"  {_(REASONS[reason])}")
    for absence in verdict.absences:
        session.out.print(_absence(session, report, absence))
    if len(verdict.changes) > 1:
        session.out.print(_("Every change seen:"))
        for change in verdict.changes:
            start, end = _both(session, report, change.after_us), _both(session, report, change.before_us)
            text = _("  {what}: after {start}, before {end}")
            session.out.print(text.format(what=_(CHANGED[change.kind]), start=start, end=end))
            session.out.print(f"    {cut_command(session, report.camera, around(report.clock, change))}")
    for span in verdict.switches:
        text = _(
            "  the camera switched between day and night at about {time}: what changed in those seconds is not seen"
        )
        session.out.print(text.format(time=_both(session, report, span.end_us)))
    for still, words in zip(report.stills, _still_words(report), strict=True):
        session.out.print(printable(str(still.path)))
        session.out.print(f"  {words}: {_both(session, report, still.camera_us)}")
    if verdict.change is not None:
        session.out.print(_("The minute around it as a clip:"))
        session.out.print(f"  {cut_command(session, report.camera, around(report.clock, verdict.change))}")
    _looked(session, report, wall_s)


def _moment(session: Session, report: Any, change: Change[Any]) -> None:
    start, end = (report.clock.to_true_us(us) for us in (change.after_us, change.before_us))
    text = _("  true time: after {start}, before {end}")
    session.out.print(text.format(start=session.time(start), end=session.time(end)))
    text = _("  camera time: after {start}, before {end}")
    session.out.print(text.format(start=session.time(change.after_us), end=session.time(change.before_us)))


def _both(session: Session, report: Any, camera_us: int) -> str:
    """Return an instant in both times."""
    true, shown = session.time(report.clock.to_true_us(camera_us)), session.time(camera_us)
    return _("{true} (camera {shown})").format(true=true, shown=shown)


def _absence(session: Session, report: Any, absence: Absence) -> str:
    if absence.empty:
        text = _("  It left and came back: gone after {start}, back before {end}.")
    else:
        text = _(
            "  In between it looked otherwise, after {start} and before {end}: something came and went, or hid it."
        )
    start, end = (_both(session, report, us) for us in (absence.after_us, absence.back_before_us))
    return text.format(start=start, end=end)


def _still_words(report: Any) -> list[str]:
    names = [still.shows for still in report.stills]
    if names and names[0] == "without":
        names = ["not yet", "now"]
    return [_(SHOWN[name]) for name in names]


def _looked(session: Session, report: Any, wall_s: float) -> None:
    verdict = report.verdict
    looks = ngettext("looked at {count} picture", "looked at {count} pictures", verdict.looks)
    text = looks.format(count=verdict.looks) + _(", {frames} decoded, in {wall} s").format(
        frames=report.frames_decoded, wall=f"{wall_s:.1f}"
    )
    session.out.print(text)
    if verdict.longest_unseen_us:
        unseen = duration_text(verdict.longest_unseen_us // US_PER_S * US_PER_S)
        text = _("what left and came back within {unseen} may not have been seen; --watch looks more often")
        session.out.print(text.format(unseen=unseen))


def around(clock: ClockModel, change: Change[Any]) -> Span:
    """Return the minute around a change in true time: longer where the change is not known to the second."""
    true = clock.span_to_true(Span(change.after_us, change.before_us))
    return Span(true.start_us - AROUND_US, true.end_us + AROUND_US)


def cut_command(session: Session, camera: Camera, span: Span) -> str:
    """Return the command line that cuts a span of true time, in whole seconds."""
    start_us = span.start_us // US_PER_S * US_PER_S
    end_us = -(-span.end_us // US_PER_S) * US_PER_S
    start, end = session.time(start_us), session.time(end_us)
    return f'camtool cut --camera {camera.number} --from "{start}" --to "{end}" -o camera{camera.number}.mp4'
