"""`camtool camera add`, `list`, `show`, `link`, `discover`: the cameras of a site."""

import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, filled, ngettext
from camtool.cli.links import limits, stated
from camtool.cli.session import Session, problem_json, words
from camtool.cli.words import state as state_word
from camtool.core.link import Link
from camtool.core.model import Camera
from camtool.core.noise import noise_to_json
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.errors import NoDistance, NoSite, NoSuchFolder, NotBoth, NotMoment, UnreadableRange
from camtool.store.links import link_cameras, unlink_cameras
from camtool.store.site import add_camera, camera_of, load_site

app = command_app()

# Later than any recording.
NO_LATER_US = 2**62


@app.command(cls=Command, help=_("Add a camera to site.toml."))
def add(
    ctx: typer.Context,
    number: options.Number,
    name: Annotated[str, typer.Option("--name", metavar="T", help=_("what people call it"))],
    footage: Annotated[Path, typer.Option("--footage", metavar="DIR", help=_("its folder of recordings"))],
    place: Annotated[str, typer.Option("--place", metavar="T", help=_("where it stands"))] = "",
    layout: Annotated[
        str, typer.Option("--layout", metavar="L", help=_("how its recorder names files; auto tries every layout"))
    ] = "auto",
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="C", help=_("its channel, where cameras share a folder"))
    ] = None,
    template: Annotated[
        str | None,
        typer.Option("--template", metavar="T", help=_("a naming of its own, such as ch%c/%Y-%m-%d/%H.%M.%S")),
    ] = None,
    lat: Annotated[
        float | None, typer.Option("--lat", metavar="D", help=_("latitude, degrees"), min=-90, max=90)
    ] = None,
    lon: Annotated[
        float | None, typer.Option("--lon", metavar="D", help=_("longitude, degrees"), min=-180, max=180)
    ] = None,
) -> None:
    """Check the layout and the folder, then write."""
    from camtool.layouts.registry import choice_for

    session: Session = ctx.obj
    if not footage.is_dir():
        raise NoSuchFolder(folder=footage)
    camera = Camera(number, name, place, str(footage.absolute()), layout, channel, template, lat, lon)
    choice_for(camera)
    add_camera(Path(session.site.folder), camera)
    if session.json:
        session.document(_camera_json(camera))
    else:
        session.out.print(_("Camera {number} “{name}” is added.").format(number=number, name=name))
        session.say(_("Next: camtool index --camera {number}").format(number=number))


@app.command("list", cls=Command, help=_("List the site's cameras."))
def list_(ctx: typer.Context) -> None:
    """Show what site.toml says."""
    session: Session = ctx.obj
    if session.json:
        session.document({"cameras": [_camera_json(camera) for camera in session.site.cameras]})
        return
    table = Table(title=session.site.name, title_justify="left")
    linked = any(camera.links for camera in session.site.cameras)
    leads = [_("leads to")] if linked else []
    for heading in (_("No."), _("name"), _("place"), _("layout"), *leads, _("recordings in")):
        table.add_column(heading, overflow="fold")
    for camera in session.site.cameras:
        to = [", ".join(str(link.to) for link in camera.links)] if linked else []
        table.add_row(str(camera.number), camera.name, camera.place, camera.layout, *to, camera.footage)
    session.table(table)


@app.command(cls=Command, help=_("Show one camera: its files by state, and everything that is wrong with them."))
def show(ctx: typer.Context, number: options.Number) -> None:
    """Show what the catalog knows of a camera."""
    session: Session = ctx.obj
    camera = camera_of(session.site, number)
    states = session.reader.states(number)
    extent = session.reader.extent(number)
    problems = session.reader.problems(number)
    noise = session.reader.noise(number)
    if session.json:
        counts = {state: {"files": files, "size_bytes": size} for state, (files, size) in states.items()}
        times = [rfc3339(us, session.zone) for us in (extent.start_us, extent.end_us)] if extent else [None, None]
        session.document(
            _camera_json(camera)
            | {"states": counts, "camera_start": times[0], "camera_end": times[1]}
            | {"noise": json.loads(noise_to_json(noise)) if noise else None}
            | {"problems": map(problem_json, problems)}
        )
        return
    session.out.print(f"{number} · {camera.name} · {camera.place}")
    session.out.print(camera.footage)
    for link in camera.links:
        session.out.print(_("Leads to camera {camera}: {way}").format(camera=link.to, way=stated(link)))
    if extent:
        first, last = session.time(extent.start_us), session.time(extent.end_us)
        session.out.print(_("Recorded from {first} to {last} (camera time)").format(first=first, last=last))
    if noise:
        text = _("Noise as skimming learnt it, luma levels: {day} by day, {night} by night")
        told = [f"{light.sigma:.1f}" if light.pictures else "-" for light in (noise.day, noise.night)]
        session.out.print(text.format(day=told[0], night=told[1]))
    for state, (files, size_bytes) in states.items():
        session.out.print(f"  {state_word(state)}: {files} ({size_bytes / 1e6:,.1f} MB)")
    for problem in problems:
        session.out.print(f"! {printable(problem.path or '')}: {words(problem)}")


Start = Annotated[
    int, typer.Argument(metavar="N", help=_("the camera that the way leads from"), min=0, max=options.MOST)
]
End = Annotated[int, typer.Argument(metavar="M", help=_("the camera that it leads to"), min=0, max=options.MOST)]
Both = Annotated[bool, typer.Option("--both", help=_("both ways, there and back"))]


@app.command(
    cls=Command,
    help=_(
        "Write into site.toml that the way leads from camera N to camera M, and how long it takes: in seconds, or by "
        "the distance between their lat and lon at a speed. `camtool follow` looks there next."
    ),
    epilog="  camtool camera link 3 5 --seconds 40..180\n  camtool camera link 3 6 --speed 5..60 --both",
)
def link(
    ctx: typer.Context,
    start: Start,
    end: End,
    seconds: Annotated[
        str | None, typer.Option("--seconds", metavar="A..B", help=_("how long the way takes: at least, at most"))
    ] = None,
    speed: Annotated[
        str | None,
        typer.Option("--speed", metavar="A..B", help=_("km/h, slowest and fastest; without both options 5..60")),
    ] = None,
    both: Both = False,
) -> None:
    """Read the limits, check that the way can be worked out, write."""
    from camtool.core.follow import place_of
    from camtool.core.link import travel

    session: Session = ctx.obj
    if seconds is not None and speed is not None:
        raise NotBoth(one="--seconds", other="--speed")
    taken = None if seconds is None else limits("--seconds", seconds, "40..180")
    kmh = None if speed is None else limits("--speed", speed, "5..60")
    if kmh is not None and not kmh[0]:
        raise UnreadableRange(text=speed, parameter="--speed", example="5..60")
    pairs = [(start, end), (end, start)] if both else [(start, end)]
    for one, other in pairs:
        places = [place_of(camera_of(session.site, number)) for number in (one, other)]
        if travel(Link(other, taken, kmh), *places) is None:
            raise NoDistance(start=one, end=other)
    for one, other in pairs:
        link_cameras(Path(session.site.folder), one, Link(other, taken, kmh))
    _say_links(session, start, end, both)


@app.command(cls=Command, help=_("Take out of site.toml that the way leads from camera N to camera M."))
def unlink(ctx: typer.Context, start: Start, end: End, both: Both = False) -> None:
    """Take the link out."""
    session: Session = ctx.obj
    for one, other in [(start, end), (end, start)] if both else [(start, end)]:
        unlink_cameras(Path(session.site.folder), one, other)
    _say_links(session, start, end, both)


def _say_links(session: Session, start: int, end: int, both: bool) -> None:
    """Say where the way leads now, as site.toml has it."""
    site = load_site(Path(session.site.folder))
    cameras = [camera_of(site, number) for number in ((start, end) if both else (start,))]
    if session.json:
        session.document({"cameras": [_camera_json(camera) for camera in cameras]})
        return
    for camera in cameras:
        for each in camera.links:
            text = _("The way leads from camera {camera} to camera {to}: {way}")
            session.out.print(text.format(camera=camera.number, to=each.to, way=stated(each)))
        if not camera.links:
            session.out.print(_("No way leads on from camera {camera}.").format(camera=camera.number))


@app.command(cls=Command, help=_("Draw a camera's zones and masks (site.toml) on a real picture, to check them."))
def zones(
    ctx: typer.Context,
    number: options.Number,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="F", help=_("the picture to write: .png"))],
    at: Annotated[
        str | None, typer.Option("--at", metavar="T", help=_("the picture of this instant; else the last"))
    ] = None,
) -> None:
    """Take a picture and draw on it."""
    from camtool.jobs.search import at as ask
    from camtool.jobs.search import clock_of
    from camtool.jobs.zones import draw_zones

    session: Session = ctx.obj
    camera = camera_of(session.site, number)
    clock = clock_of(session.reader, camera)
    if at is not None:
        true_us = options.settled(session, at)
    else:
        last = session.reader.before(number, NO_LATER_US)
        if last is None or last.span is None:
            raise NotMoment(camera=number, when=session.time(session.now_us))
        true_us = clock.to_true_us(last.span.start_us)
    found = ask(session.reader, camera, true_us)
    report = draw_zones(
        camera,
        [seen.recording for seen in found.covering],
        found.clock.to_camera_us(true_us),
        found.clock.offset_us,
        out,
        zones=camera.zones,
        masks=camera.masks,
        zone=session.zone,
        say=filled,
        keep_out_of=session.footage_folders,
    )
    if session.json:
        told = {"path": str(report.path), "at": rfc3339(report.true_us, session.zone), "source": report.source}
        names = {"zones": [zone.name for zone in camera.zones], "masks": [mask.name for mask in camera.masks]}
        session.document(told | names)
        return
    session.out.print(printable(str(report.path)))
    if not camera.zones and not camera.masks:
        session.say(
            _("camera {camera} has no zones yet; docs/site.md shows how they are written").format(camera=number)
        )


@app.command(cls=Command, help=_("Look through a folder, recognise the recorders' names in it and propose cameras."))
def discover(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("the folder to look through"))],
) -> None:
    """Propose; nothing is written."""
    from camtool.jobs.discover import discover as look

    session: Session = ctx.obj
    site_folder, zone = _site_or(session, folder)
    found = look(folder, site_folder, zone)
    taken = _numbers_taken(session)
    free = (number for number in range(1, 10_000) if number not in taken)
    rows = [(next(free), proposal) for proposal in found.proposals]
    if session.json:
        proposals: list[dict[str, Any]] = [
            {
                "camera": number,
                "footage": str(folder.absolute() / proposal.footage),
                "layout": proposal.layout,
                "channel": proposal.channel,
                "files": proposal.files,
                "camera_start": rfc3339(proposal.first_us, zone),
                "camera_end": rfc3339(proposal.last_us, zone),
            }
            for number, proposal in rows
        ]
        session.document({"cameras": proposals, "foreign": dict(found.unknown)})
        return
    for number, proposal in rows:
        text = ngettext("{files} file, named as {layout} does", "{files} files, named as {layout} does", proposal.files)
        files = text.format(files=proposal.files, layout=proposal.layout)
        session.out.print(f"{folder / proposal.footage}: {files}")
        channel = f" --channel {proposal.channel}" if proposal.channel else ""
        session.out.print(
            f'  camtool camera add {number} --name "…" --place "…" --footage "{folder.absolute() / proposal.footage}"'
            f" --layout {proposal.layout}{channel}"
        )
    for place, count in found.unknown.items():
        text = ngettext(
            "{folder}: {files} file with a name no layout knows",
            "{folder}: {files} files with names no layout knows",
            count,
        )
        session.out.print(text.format(folder=folder / place, files=count))
    if not rows:
        session.say(
            _("No recorder's names were recognised. A template in site.toml can describe them: docs/layouts.md")
        )


def _site_or(session: Session, folder: Path) -> tuple[Path, ZoneInfo]:
    try:
        return Path(session.site.folder), session.zone
    except NoSite:
        return folder, ZoneInfo(
            "UTC"
        )  # no site yet: discover helps to make one; only the times of its files need a zone


def _numbers_taken(session: Session) -> set[int]:
    try:
        return {camera.number for camera in session.site.cameras}
    except NoSite:
        return set()


def _camera_json(camera: Camera) -> dict[str, Any]:
    return {
        "camera": camera.number,
        "name": camera.name,
        "place": camera.place,
        "footage": camera.footage,
        "layout": camera.layout,
        "channel": camera.channel,
        "lat": camera.lat,
        "lon": camera.lon,
        "links": [
            {
                "to": link.to,
                "seconds": list(link.seconds) if link.seconds else None,
                "kmh": list(link.kmh) if link.kmh else None,
            }
            for link in camera.links
        ],
    }
