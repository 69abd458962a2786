"""`camtool init`: a new site."""

from pathlib import Path
from typing import Annotated

import typer

from camtool.cli import i18n
from camtool.cli.app import Command, command_app
from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.store.site import create_site

app = command_app()


@app.command(cls=Command, help=_("Make a folder into a new site: writes its site.toml, which people may edit."))
def init(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("the folder; made if it is not there"))],
    name: Annotated[str, typer.Option("--name", metavar="T", help=_("the office's name, for reports"))],
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="Z", help=_("the cameras' time zone, such as Asia/Ho_Chi_Minh"))
    ] = "Asia/Ho_Chi_Minh",
) -> None:
    """Write site.toml."""
    session: Session = ctx.obj
    language = session.options.lang or i18n.language_of_system()
    site = create_site(folder, name, timezone, language)
    if session.json:
        session.document({"site": site.folder, "name": site.name, "timezone": site.timezone, "language": site.language})
        return
    session.out.print(_("Site “{name}” is ready: {folder}").format(name=site.name, folder=site.folder))
    session.say(_("Next: camtool camera add N --name … --place … --footage DIR, or camtool camera discover DIR"))
