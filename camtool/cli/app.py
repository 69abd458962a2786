"""The commands, by the office's work, and how they are loaded: each from its own module, when it is asked for.

`camtool --help` and `camtool find` are typed all day on an old PC, so only the module of the command that runs is
imported, and help is drawn by cli.helptext.
"""

import json
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from camtool import __version__
from camtool.cli.i18n import _
from camtool.errors import NeedsCommand, UnknownCommand, mark

# Section, then name: (module of camtool.cli, what it does). A module holds an `app`; its name is the command's.
SECTIONS: dict[str, dict[str, tuple[str, str]]] = {
    mark("Start"): {
        "demo": ("demo", mark("builds a nine-camera commune and plays a theft from report to sealed package")),
        "init": ("init", mark("makes a folder into a new site")),
        "camera": ("camera", mark("the site's cameras: add, list, show, link, discover")),
        "index": ("index", mark("finds, examines and records what the recorders wrote")),
    },
    mark("Search"): {
        "find": ("find", mark("recordings and gaps in a window of time")),
        "at": ("at", mark("what each camera was doing at one instant")),
        "gaps": ("gaps", mark("when nothing was recorded")),
        "skim": ("skim", mark("what moves in a window of recordings")),
        "events": ("events", mark("what `skim` found, as a list")),
        "timeline": ("timeline", mark("a window of all cameras as one page to look through")),
        "follow": ("follow", mark("where to look next after an event: windows on other cameras")),
        "when": ("when", mark("the moment at which a thing appeared or vanished")),
        "grid": ("grid", mark("a picture with pixel rulers, to read off the box for `when`")),
        "clock": ("clock", mark("a camera's clock against the true time: observe, show")),
    },
    mark("Evidence"): {
        "case": ("case", mark("cases and their custody log: open, add, note, show, close, list")),
        "package": ("package", mark("a case sealed into a folder that anyone can check")),
        "batch": ("batch", mark("a list of requests, a sealed package for each row")),
        "cut": ("cut", mark("a clip out of the recordings, every packet untouched and proven")),
        "sheet": ("sheet", mark("events as a contact sheet: one picture each")),
        "reel": ("reel", mark("events as one short video")),
        "mosaic": ("mosaic", mark("cameras side by side in one video, at one true time")),
        "still": ("still", mark("one picture, lossless")),
        "annotate": ("annotate", mark("a copy of a clip or a picture with notes drawn in: box, arrow, words, blur")),
        "key": ("key", mark("the site's signing key: create, show, rotate")),
        "verify": ("verify", mark("checks a clip and its sources, or every hashed recording")),
    },
}

MODULES = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class Command(TyperCommand):
    """A command whose help is drawn by cli.helptext, and whose options count once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the command line; raises GivenTwice."""
        from camtool.cli.usage import check_given_once, times_last

        ordered = times_last(self, args)
        check_given_once(self, ctx, ordered)
        return super().parse_args(ctx, ordered)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help page."""
        from camtool.cli.helptext import command_help

        formatter.write(command_help(self, ctx))


class Group(TyperGroup):
    """A command with commands of its own, such as `camera`."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help page."""
        from camtool.cli.helptext import group_help

        formatter.write(group_help(self, ctx))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that was named; raises UnknownCommand with those that look like it."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            names = get_close_matches(args[0], self.list_commands(ctx))
            similar = f" ({', '.join(names)}?)" if names else ""
            raise UnknownCommand(command=args[0], similar=similar)
        return super().resolve_command(ctx, args)


class WholeTool(Group):
    """camtool itself: knows every command by name, loads the one that is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return every command's name, in the order of the work."""
        return list(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return one command, or None."""
        if cmd_name not in MODULES:
            return None
        if cmd_name not in self.commands:
            module = import_module(f"camtool.cli.{MODULES[cmd_name][0]}")
            self.commands[cmd_name] = typer.main.get_command(module.app)
            self.commands[cmd_name].name = cmd_name
        return self.commands[cmd_name]

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the front page."""
        from camtool.cli.helptext import front_page

        formatter.write(front_page(self, ctx, SECTIONS))


def whole_command() -> Any:
    """Return camtool as one command, ready to be run."""
    app = typer.Typer(cls=WholeTool, add_completion=False, invoke_without_command=True)

    @app.callback()
    def camtool(
        ctx: typer.Context,
        version: Annotated[bool, typer.Option("--version", help=_("print the version and stop"))] = False,
    ) -> None:
        if version:
            typer.echo(json.dumps({"version": __version__}) if ctx.obj.json else f"camtool {__version__}")
        elif ctx.invoked_subcommand is None and ctx.obj.json:
            raise NeedsCommand(command="camtool", known=", ".join(MODULES))
        elif ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())
        else:
            from camtool.cli.session import Session  # the front page has no need of it

            ctx.obj = Session(ctx.obj)

    return typer.main.get_command(app)


def command_app() -> typer.Typer:
    """Return the Typer app of one command's module."""
    return typer.Typer(add_completion=False, cls=Group, rich_markup_mode=None)
