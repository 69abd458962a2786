"""`camtool camera add`, `list`, `show`, `discover`: the cameras of a site."""

from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.table import Table

from camtool.cli import options
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _, ngettext
from camtool.cli.session import Session, problem_json, words
from camtool.cli.words import state as state_word
from camtool.core.model import Camera
from camtool.core.pathtext import printable
from camtool.core.timetext import rfc3339
from camtool.errors import NoSite, NoSuchFolder
from camtool.store.site import add_camera, camera_of

app = command_app()


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
    for heading in (_("No."), _("name"), _("place"), _("layout"), _("recordings in")):
        table.add_column(heading, overflow="fold")
    for camera in session.site.cameras:
        table.add_row(str(camera.number), camera.name, camera.place, camera.layout, camera.footage)
    session.table(table)


@app.command(cls=Command, help=_("Show one camera: its files by state, and everything that is wrong with them."))
def show(ctx: typer.Context, number: options.Number) -> None:
    """Show what the catalog knows of a camera."""
    session: Session = ctx.obj
    camera = camera_of(session.site, number)
    states = session.reader.states(number)
    extent = session.reader.extent(number)
    problems = session.reader.problems(number)
    if session.json:
        counts = {state: {"files": files, "size_bytes": size} for state, (files, size) in states.items()}
        times = [rfc3339(us, session.zone) for us in (extent.start_us, extent.end_us)] if extent else [None, None]
        session.document(
            _camera_json(camera)
            | {"states": counts, "camera_start": times[0], "camera_end": times[1]}
            | {"problems": map(problem_json, problems)}
        )
        return
    session.out.print(f"{number} · {camera.name} · {camera.place}")
    session.out.print(camera.footage)
    if extent:
        first, last = session.time(extent.start_us), session.time(extent.end_us)
        session.out.print(_("Recorded from {first} to {last} (camera time)").format(first=first, last=last))
    for state, (files, size_bytes) in states.items():
        session.out.print(f"  {state_word(state)}: {files} ({size_bytes / 1e6:,.1f} MB)")
    for problem in problems:
        session.out.print(f"! {printable(problem.path or '')}: {words(problem)}")


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
    }
