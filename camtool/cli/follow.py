"""`camtool follow`: from an event, where to look next."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from camtool.cli import options, words
from camtool.cli.app import Command, command_app
from camtool.cli.events import Shown, event_json, show_lines
from camtool.cli.find import between, span_json
from camtool.cli.i18n import _, ngettext
from camtool.cli.links import way
from camtool.cli.session import Session, problems_json
from camtool.cli.timeline import Thumbnails, command_start, page_json, show_page, write_page
from camtool.core.clock import ClockModel
from camtool.core.model import US_PER_S, Span
from camtool.core.timetext import duration_text, for_people, rfc3339
from camtool.jobs.timeline_words import CAUTION, NEVER_COMPARED

if TYPE_CHECKING:
    from camtool.jobs.follow import Lead, Trail
    from camtool.jobs.timeline import Highlight

app = command_app()

# More events of one window than this are counted, not listed; the page shows them all.
LISTED = 3
# The page shows a little before the event and after the last window.
MARGIN_US = 30 * US_PER_S
MOST_HOPS = 9


@app.command(
    cls=Command,
    help=_(
        "From an event, list the windows of time in which somebody seen there could have been on the next cameras, the "
        "one in which most moved first. It says where to look, never who it was. The ways between cameras are written "
        "with `camtool camera link`."
    ),
    epilog="  camtool follow --event 283\n  camtool follow --event 283 --hops 3 -o di-dau.html",
)
def follow(
    ctx: typer.Context,
    event: Annotated[
        int, typer.Option("--event", metavar="ID", help=_("the event's number (`camtool events`)"), min=1)
    ],
    left: Annotated[
        str | None,
        typer.Option(
            "--left", metavar="T", help=_("when it left the picture, in true time; else any time of the event")
        ),
    ] = None,
    hops: Annotated[
        int,
        typer.Option("--hops", metavar="K", help=_("how many cameras on, one after the other"), min=1, max=MOST_HOPS),
    ] = 1,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="F", help=_("also draw it on a timeline: .html"))
    ] = None,
    pictures: Thumbnails = False,
) -> None:
    """Work out the windows, look what is known of them, tell and draw."""
    from camtool.jobs.follow import follow as run
    from camtool.jobs.follow import left_at, may_have_left, origin_of

    session: Session = ctx.obj
    origin = origin_of(session.reader, session.site, event)
    if left is not None:
        left_us = options.settled_within(session, left, may_have_left(origin))
        origin = left_at(origin, left_us, session.zone)
    trail = run(session.reader, session.site, origin, hops)
    drawn = None
    if out is not None:
        cameras = [trail.origin.camera, *(lead.camera for lead in trail.leads)]
        window = Span(trail.span.start_us - MARGIN_US, trail.span.end_us + MARGIN_US)
        title = _("Where to look after event {event} · {site}").format(event=event, site=session.site.name)
        marks = _highlight(session, trail)
        drawn = write_page(session, cameras, _whole(window), out, pictures=pictures, highlight=marks, title=title)
    if session.json:
        page = {"path": str(drawn.path)} | page_json(drawn) if drawn else None
        problems = drawn.problems if drawn else ()
        session.problems += len(problems)
        session.document(_json(session, trail) | {"page": page, "problems": problems_json(problems)})
    else:
        _show(session, trail)
        if drawn is not None:
            session.out.print()
            show_page(session, drawn)
    session.finish()


def _whole(span: Span) -> Span:
    """Return the span moved outwards to whole seconds, as it is typed."""
    return Span(span.start_us // US_PER_S * US_PER_S, -(-span.end_us // US_PER_S) * US_PER_S)


def _json(session: Session, trail: "Trail") -> dict[str, Any]:
    origin = trail.origin
    return {
        "event": event_json(session, Shown(origin.number, origin.camera, origin.clock, origin.event)),
        "left": span_json(session, origin.seen),
        "says": "where to look next, not who it was",
        "windows": [_lead_json(session, lead, place) for place, lead in enumerate(trail.leads, 1)],
        "broken_links": [{"camera": each.start, "to": each.end} for each in trail.broken],
    }


def _lead_json(session: Session, lead: "Lead", place: int) -> dict[str, Any]:
    own = lead.search.clock.span_to_camera(lead.window)
    step = lead.step
    distance_m = step.travel.distance_m
    return {
        "rank": place,
        "camera": lead.camera.number,
        "name": lead.camera.name,
        "via": step.via,
        "hop": step.hop,
        "travel_s": [step.travel.least_us / 1e6, step.travel.most_us / 1e6],
        "distance_m": None if distance_m is None else round(distance_m),
        **span_json(session, lead.window),
        "camera_from": rfc3339(own.start_us, session.zone),
        "camera_to": rfc3339(own.end_us, session.zone),
        "clock_observed": lead.search.clock.observed,
        "events": [event_json(session, one) | {"fit": round(lead.fit(one.event), 3)} for one in _shown(lead)],
        "covered_s": lead.covered_us / 1e6,
        "gaps": [span_json(session, gap) for gap in lead.gaps],
        "not_skimmed": [span_json(session, span) for span in lead.unskimmed],
        "next": _command(session, lead),
    }


def _shown(lead: "Lead") -> Iterator[Shown]:
    for number, event in lead.by_weight:
        yield Shown(number, lead.camera, lead.search.clock, event)


def _show(session: Session, trail: "Trail") -> None:
    origin, out = trail.origin, session.out
    text = _("From event {event} on camera {camera} · {name}")
    out.print(
        Text(text.format(event=origin.number, camera=origin.camera.number, name=origin.camera.name), style="bold")
    )
    true = origin.clock.span_to_true(origin.event.span)
    out.print(_("  true time {span}").format(span=between(session, _whole(true))))
    out.print(_("  camera time {span}").format(span=between(session, _whole(origin.event.span))))
    if not origin.seen.length_us:
        out.print(_("  it left at {time}").format(time=session.time(origin.seen.start_us)))
    out.print(f"  {words.clock(origin.clock)}")
    out.print(_(CAUTION), soft_wrap=not out.is_terminal)  # two sentences, to be broken between words
    for place, lead in enumerate(trail.leads, 1):
        _show_lead(session, lead, place, true)
    follow_on = next((lead.by_weight[0][0] for lead in trail.leads if lead.events), None)
    if follow_on is not None:
        session.say("")
        session.say(
            _("If it is seen there, go on from that event: camtool follow --event {event}").format(event=follow_on)
        )
    for each in trail.broken:
        text = _("The way from camera {start} to camera {end} cannot be followed: site.toml lacks {what}.")
        what = _("lat and lon, or the seconds") if each.known else _("that camera")
        session.say(text.format(start=each.start, end=each.end, what=what))


def _show_lead(session: Session, lead: "Lead", place: int, day: Span) -> None:
    out = session.out
    out.print()
    out.print(Text(f"{place}. {lead.camera.number} · {lead.camera.name} · {lead.camera.place}", style="bold"))
    own = lead.search.clock.span_to_camera(lead.window)
    table = Table.grid(padding=(0, 2, 0, 0))
    for row in (
        (_("true time"), between(session, _whole(lead.window), day)),
        (_("camera time"), f"{between(session, _whole(own), day)}  ({_clock(lead.search.clock)})"),
        (_("way there"), _way(lead)),
        (_("what is known"), _found(session, lead)),
    ):
        table.add_row("   " + row[0], row[1])
    session.table(table)
    if lead.events:
        show_lines(session, islice(_shown(lead), LISTED), day)
    command = _command(session, lead)
    if command is not None:
        out.print(f"   {command}")


def _clock(clock: ClockModel) -> str:
    return words.clock(clock) if clock.observed else _(NEVER_COMPARED)


def _way(lead: "Lead") -> str:
    text = _("from camera {camera}: {way}")
    return text.format(camera=lead.step.via, way=way(lead.step.link, lead.step.travel))


def _found(session: Session, lead: "Lead") -> str:
    """Say what is known of a window in one line: events, what nobody skimmed, what was not recorded."""
    count = len(lead.events)
    if count:
        score = max(event.score for _number, event in lead.events)
        text = ngettext("{count} event, score {score}", "{count} events, the strongest with score {score}", count)
        said = [text.format(count=count, score=f"{score:.1f}")]
    elif not lead.covered_us:
        return _("nothing was recorded")
    else:
        said = [] if lead.unskimmed else [_("nothing moved in what was skimmed")]
    if lead.unskimmed:
        length = _sum(lead.unskimmed)
        said.append(_("{length} recorded and NOT SKIMMED yet").format(length=length))
    if lead.gaps:
        said.append(_("{length} not recorded").format(length=_sum(lead.gaps)))
    return "; ".join(said)


def _sum(spans: tuple[Span, ...]) -> str:
    whole_us = sum(span.length_us for span in spans)
    return duration_text(-(-whole_us // US_PER_S) * US_PER_S)


def _command(session: Session, lead: "Lead") -> str | None:
    """Return what to type next: skim what nobody skimmed, else look at what moved, else nothing."""
    span = _whole(lead.window)
    window = " ".join(
        f'--{name} "{for_people(us, session.zone)}"' for name, us in (("from", span.start_us), ("to", span.end_us))
    )
    start = command_start(session)
    if lead.unskimmed:
        return f"{start} skim --camera {lead.camera.number} {window}"
    if lead.events:
        return f"{start} reel --camera {lead.camera.number} {window} -o cam{lead.camera.number}.mp4"
    if lead.covered_us:
        return f"{start} skim --camera {lead.camera.number} {window} --effort thorough"
    return None


def _highlight(session: Session, trail: "Trail") -> "Highlight":
    from camtool.jobs.timeline import Highlight
    from camtool.jobs.timeline_data import Lead as Marked

    origin = trail.origin
    marked = tuple(
        Marked(
            camera=lead.camera,
            window=lead.window,
            label=str(place),
            way=_way(lead),
            found=_found(session, lead),
            does=_("copy skim") if lead.unskimmed or not lead.events else _("copy reel"),
            command=_command(session, lead) or "",
        )
        for place, lead in enumerate(trail.leads, 1)
    )
    return Highlight(origin.number, origin.camera.number, origin.clock.span_to_true(origin.event.span), marked)
