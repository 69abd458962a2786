"""The door: reads the global options, runs one command, turns what it raises into words and an exit code."""

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn, TextIO

from camtool import errors
from camtool.cli import i18n
from camtool.cli.i18n import _, filled
from camtool.cli.interrupt import INTERRUPTS
from camtool.cli.screen import Globals, stop_writing
from camtool.errors import CamtoolError
from camtool.store.where import language_of, site_meant

FLAGS = {
    "--json": "json",
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--debug": "debug",
}
VALUES = {"--site": "site", "--lang": "lang"}

_MACHINE_ERRNOS = {
    getattr(errno, name, None)  # Windows has no EDQUOT
    for name in ("ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "EPERM", "ENAMETOOLONG")
}


def main() -> NoReturn:
    """Run camtool on the process's own arguments and exit."""
    try:
        INTERRUPTS.listen()
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = errors.EXIT_INTERRUPTED
    INTERRUPTS.end()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing it raises gets past here but a debugged bug."""
    # Python has None for a stream that was closed before it began (`camtool index >&-`).
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115 - as long as the process
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        _speak_utf8(stream)
    given: dict[str, str | bool] = {}
    try:
        given, rest = hoisted(arguments)
        i18n.use(_language(given))
        if "left out" in given:
            raise errors.ValueLeftOut(command="camtool", option=given["left out"])
        code = _dispatch(given, rest, arguments)
        _flush(sys.stdout)
    except CamtoolError as error:
        if INTERRUPTS.seen:  # it came out of something that was interrupted, not out of what was asked
            return _interrupted()
        _print_error(error)
        return error.exit_code
    except KeyboardInterrupt:
        code = errors.EXIT_INTERRUPTED
    except SystemExit:
        # So Typer leaves when the reader of a help page has left (`camtool --help | head -1`).
        stop_writing(sys.stdout)
        return errors.EXIT_CLEAN
    except Exception as error:
        if "debug" in given:
            traceback.print_exc()
        if INTERRUPTS.seen:
            return _interrupted()
        known = _of_the_machine(error)
        if known is None:
            known = errors.Bug(detail=f"{type(error).__name__}: {error}")
        _print_error(known)
        return known.exit_code
    return _interrupted() if code == errors.EXIT_INTERRUPTED else code


def _interrupted() -> int:
    sys.stderr.write(_("interrupted: what was finished is kept, nothing is left half written") + "\n")
    return errors.EXIT_INTERRUPTED


def _flush(stream: TextIO) -> None:
    """Hand over what was said; a reader that has left does not change what the command came to."""
    try:
        stream.flush()
    except BrokenPipeError:
        stop_writing(stream)


def _of_the_machine(error: Exception) -> CamtoolError | None:
    """Return our own error for what no command could have foreseen: a disk that is full, gone or not ours."""
    if not isinstance(error, OSError) or error.errno is None or error.errno not in _MACHINE_ERRNOS:
        return None
    try:
        sys.stdout.flush()
    except OSError:
        stop_writing(sys.stdout)
    where = f"{error.filename}: " if error.filename else ""
    return errors.CannotGoOn(detail=f"{where}{error.strerror}")


def hoisted(arguments: Sequence[str]) -> tuple[dict[str, str | bool], list[str]]:
    """Take the global options out of a command line, wherever they stand before `--`.

    One that stands last, without its value, is named under "left out".
    """
    given: dict[str, str | bool] = {}
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *words]
        elif word in FLAGS:
            given[FLAGS[word]] = True
        elif name in VALUES:
            stated = value if equals else next(words, None)
            given |= {"left out": name} if stated is None else {VALUES[name]: stated}
        else:
            rest.append(word)
    return given, rest


def _language(given: dict[str, str | bool]) -> str:
    """Choose the language: --lang, CAMTOOL_LANG, the site's, the system's."""
    stated = given.get("lang") or os.environ.get("CAMTOOL_LANG")
    if stated:
        if stated not in i18n.LANGUAGES:
            raise errors.BadValue(command="camtool", parameter="--lang", value=stated)
        return str(stated)
    try:
        spoken = language_of(site_meant(_site(given)))
    except CamtoolError:
        spoken = None
    return spoken if spoken in i18n.LANGUAGES else i18n.language_of_system()


def _site(given: dict[str, str | bool]) -> Path | None:
    return Path(str(given["site"])) if "site" in given else None


def _dispatch(given: dict[str, str | bool], rest: list[str], arguments: Sequence[str]) -> int:
    from camtool.cli.app import whole_command

    options = Globals(
        site=_site(given),
        json="json" in given,
        lang=str(given["lang"]) if "lang" in given else None,
        quiet="quiet" in given,
        verbose="verbose" in given,
        debug="debug" in given,
        words=("camtool", *arguments),
    )
    try:
        code = whole_command().main(rest, prog_name="camtool", standalone_mode=False, obj=options)
    except Exception as error:
        from camtool.cli.usage import usage_problem

        if (problem := usage_problem(error)) is not None:
            raise problem from None
        raise
    return code if isinstance(code, int) else errors.EXIT_CLEAN


def _print_error(error: CamtoolError) -> None:
    """Print what is wrong and what to do. The two words are part of the outside: scripts look for them."""
    sys.stderr.write(f"error: {filled(error.message, error.facts)}\n")
    if error.hint:
        sys.stderr.write(f"hint: {filled(error.hint, error.facts)}\n")


def _speak_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="backslashreplace")
