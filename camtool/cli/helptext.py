"""Help pages, drawn with Rich tables. Typer's own pages import a Markdown parser (25 ms) and speak only English."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from camtool.cli.i18n import _
from camtool.cli.screen import console
from camtool.errors import mark

GLOBAL_OPTIONS = (
    ("--site DIR", mark("the site's folder (else CAMTOOL_SITE, else the nearest folder above with site.toml)")),
    ("--json", mark("one JSON document on stdout, nothing else there")),
    ("--lang vi|en", mark("the language (else CAMTOOL_LANG, the site's, the system's)")),
    ("-q, --quiet", mark("no messages and no progress")),
    ("-v, --verbose", mark("more detail")),
    ("--debug", mark("a traceback when something breaks")),
)


def front_page(command: Any, ctx: Any, sections: Mapping[str, Mapping[str, tuple[str, str]]]) -> str:
    """Return the page of `camtool --help`."""
    rows: list[Table | Text] = [
        Text(_("camtool: from a folder of recordings to evidence that anyone can check")),
        _heading(_("Usage")),
        Text("  camtool [{}] {} …".format(_("OPTIONS"), _("COMMAND"))),
    ]
    width = max(len(name) for section in sections.values() for name in section)
    for title, commands in sections.items():
        rows += [_heading(_(title)), _table(((name, _(what)) for name, (_module, what) in commands.items()), width)]
    rows += [_heading(_("Options for every command")), _table((left, _(right)) for left, right in GLOBAL_OPTIONS)]
    rows += [_table([("--version", _("print the version and stop")), ("--help", _("show this page"))], 13)]
    rows.append(Text("\n" + _("`camtool COMMAND --help` explains one command.")))
    return _drawn(rows)


def group_help(command: Any, ctx: Any) -> str:
    """Return the page of a command that has commands of its own."""
    commands = [(name, command.get_command(ctx, name).help or "") for name in command.list_commands(ctx)]
    rows: list[Table | Text] = [
        _heading(_("Usage")),
        Text("  {} {} …".format(ctx.command_path, _("COMMAND"))),
        _heading(_("Commands")),
        _table(commands),
        Text("\n" + _("`{command} COMMAND --help` explains one command.").format(command=ctx.command_path)),
    ]
    return _drawn(rows)


def command_help(command: Any, ctx: Any) -> str:
    """Return the page of one command."""
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    shape = " ".join(p.make_metavar(ctx) for p in arguments)
    rows: list[Table | Text] = [
        Text(command.help or ""),
        _heading(_("Usage")),
        Text("  " + " ".join(part for part in (ctx.command_path, shape, "[{}]".format(_("OPTIONS"))) if part)),
    ]
    if arguments:
        rows += [_heading(_("Arguments")), _table((p.make_metavar(ctx), p.help or "") for p in arguments)]
    described = [(_option(p, ctx), _explained(p)) for p in options] + [("--help", _("show this page"))]
    rows += [_heading(_("Options")), _table(described)]
    if command.epilog:
        rows += [_heading(_("Examples")), Text(command.epilog)]
    return _drawn(rows)


def _option(parameter: Any, ctx: Any) -> str:
    names = ", ".join(parameter.opts)
    return names if parameter.is_flag else f"{names} {parameter.make_metavar(ctx)}"


def _explained(parameter: Any) -> str:
    text = parameter.help or ""
    if parameter.required:
        return text + " ({})".format(_("required"))
    if parameter.default in (None, False, "", [], ()) or parameter.multiple:
        return text
    return text + " ({})".format(_("default: {value}").format(value=parameter.default))


def _heading(text: str) -> Text:
    return Text("\n" + text, style="bold")


def _table(rows: Any, left_width: int | None = None) -> Table:
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(no_wrap=True, min_width=left_width, style="cyan")
    table.add_column()
    for left, right in rows:
        table.add_row(left, right)
    return table


def _drawn(rows: list[Table | Text]) -> str:
    screen = console()
    screen.soft_wrap = False
    with screen.capture() as page:
        for row in rows:
            screen.print(row)
    return page.get().rstrip("\n")
