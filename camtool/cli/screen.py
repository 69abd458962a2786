"""The consoles, and the options that stand before every command: all that `camtool --help` needs."""

import contextlib
import os
from pathlib import Path
from typing import IO, NamedTuple

from rich.console import Console


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Go on unheard. Rich would leave with exit code 1, in the middle of the work and whatever it had found."""
        stop_writing(self.file)


def console(stderr: bool = False) -> Console:
    """Return a console that prints text as it is: a recorder's name may hold [brackets] and :colons:."""
    return _Console(stderr=stderr, markup=False, highlight=False, emoji=False, soft_wrap=True)


def stop_writing(stream: IO[str]) -> None:
    """Send what is still written to a stream nowhere: its reader left (`camtool find … | head`), or its disk is full.

    Else Python would try again when it ends, complain, and spoil the exit code.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):  # a stream that is no file of the system's, as in a test
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


class Globals(NamedTuple):
    """The options that stand before (or after) every command; words is the whole command line as it was typed."""

    site: Path | None = None
    json: bool = False
    lang: str | None = None
    quiet: bool = False
    verbose: bool = False
    debug: bool = False
    words: tuple[str, ...] = ()
