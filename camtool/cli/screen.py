"""The consoles, and the options that stand before every command: all that `camtool --help` needs."""

from pathlib import Path
from typing import NamedTuple

from rich.console import Console


def console(stderr: bool = False) -> Console:
    """Return a console that prints text as it is: a recorder's name may hold [brackets] and :colons:."""
    return Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


class Globals(NamedTuple):
    """The options that stand before (or after) every command."""

    site: Path | None = None
    json: bool = False
    lang: str | None = None
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
