"""The passphrase of the site's key: from a file descriptor, from the environment, or asked for, hidden.

It is never taken from the command line, where every user of the computer could read it, and never printed.
"""

import os
import sys
from typing import Annotated

import typer

from camtool.cli.i18n import _
from camtool.cli.session import Session
from camtool.errors import BadValue, NoPassphrase, PassphrasesDiffer

VARIABLE = "CAMTOOL_KEY_PASSPHRASE"
# More than anyone types; a descriptor that never ends must not fill the memory.
_MOST_BYTES = 4096

PassphraseFd = Annotated[
    int | None,
    typer.Option(
        "--passphrase-fd",
        metavar="N",
        help=_(
            "read the key's passphrase from this file descriptor; else CAMTOOL_KEY_PASSPHRASE, else it is asked for"
        ),
    ),
]


def passphrase(session: Session, fd: int | None = None, *, new: bool = False, command: str = "camtool package") -> str:
    """Return the passphrase: of --passphrase-fd, of CAMTOOL_KEY_PASSPHRASE, else asked for; a new one twice.

    Raises NoPassphrase, PassphrasesDiffer, BadValue for a descriptor that cannot be read.
    """
    if fd is not None:
        return _read(fd, command)
    if stated := os.environ.get(VARIABLE):
        return stated
    if not sys.stdin.isatty():
        raise NoPassphrase
    first = _ask(_("New passphrase for the site's key: ") if new else _("Passphrase of the site's key: "))
    if new and first != _ask(_("The same again: ")):
        raise PassphrasesDiffer
    if not first:
        raise NoPassphrase
    return first


def _ask(question: str) -> str:
    from getpass import getpass

    try:
        return getpass(question)
    except EOFError as error:
        raise NoPassphrase from error


def _read(fd: int, command: str) -> str:
    content = b""
    try:
        while len(content) <= _MOST_BYTES and b"\n" not in content:
            part = os.read(fd, _MOST_BYTES)
            if not part:
                break
            content += part
        text = content.split(b"\n", 1)[0].removesuffix(b"\r").decode()
    except (OSError, ValueError, OverflowError) as error:
        raise BadValue(command=command, parameter="--passphrase-fd", value=fd) from error
    if not text:
        raise NoPassphrase
    return text
