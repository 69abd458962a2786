"""Cases: opening, reading and closing them, and the frame in which every act on one is logged, done or failed.

A case is a folder SITE/cases/HS-YEAR-NUMBER that holds its custody log and its files, a folder for each role. The log
is the case: what it does not name is not in it.
"""

import getpass
import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from filelock import FileLock

from camtool import __version__
from camtool.core.case import KINDS, NUMBER, Act, Case, Role, case_of
from camtool.core.custody import FAILED, OK, Chain, Draft, Entry, FileObject
from camtool.core.diskword import disk_error
from camtool.core.model import Site
from camtool.core.pathtext import to_text
from camtool.core.plaintext import (
    NAME_MOST,
    NOTE,
    NOTE_MOST,
    OFFICER,
    TITLE,
    TITLE_MOST,
    WHY,
    WHY_MOST,
    lines,
    one_line,
)
from camtool.core.timetext import rfc3339
from camtool.errors import (
    CamtoolError,
    CaseClosed,
    CaseOpen,
    InsideCase,
    LogDamaged,
    NoOfficer,
    NoSuchFolder,
    NotAllowed,
    NotOneOf,
    UnknownCase,
)
from camtool.evidence.copying import one_to_disk
from camtool.evidence.custody_log import LOG_FILE, Clock, CustodyLog, wall_clock_us
from camtool.evidence.stage import settle
from camtool.media.program import ffmpeg_version
from camtool.store.site import zone_of

CASES = "cases"
OFFICER_VARIABLE = "CAMTOOL_OFFICER"
_NEW = ".new-"


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does something with a case, why, and the words of the command. clock gives the time of a row, UTC µs."""

    officer: str
    why: str = ""
    command: tuple[str, ...] = ()
    clock: Clock = wall_clock_us


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it was read, and where it lies."""

    case: Case
    chain: Chain
    folder: Path

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows of the log."""
        return self.chain.entries

    @property
    def head(self) -> str:
        """The hash of the log's last row."""
        return self.chain.head


def doer_of(
    site: Site, officer: str | None, why: str = "", command: tuple[str, ...] = (), clock: Clock = wall_clock_us
) -> Doer:
    """Return who does it: the officer named, else CAMTOOL_OFFICER's, else site.toml's. Raises NoOfficer, UnfitText."""
    named = officer if officer is not None else os.environ.get(OFFICER_VARIABLE) or site.officer
    if named is None:
        raise NoOfficer
    name = one_line(named, OFFICER, NAME_MOST)
    return Doer(name, one_line(why, WHY, WHY_MOST, empty=True), tuple(map(to_text, command)), clock)


def cases_folder(site: Site) -> Path:
    """Return where a site's cases are."""
    return Path(site.folder, CASES)


def folder_of(site: Site, number: str) -> Path:
    """Return a case's folder. Raises UnknownCase."""
    folder = cases_folder(site) / number
    if not NUMBER.fullmatch(number) or not folder.is_dir():
        raise UnknownCase(case=number)
    return folder


def keep_out_of_cases(site: Site, target: Path) -> None:
    """Raise InsideCase where a target lies in the folder of a case, where its log knows nothing of it."""
    home, around = cases_folder(site).resolve(), target.parent.resolve()
    case = around.relative_to(home).parts[:1] if around.is_relative_to(home) else ()
    if case and NUMBER.fullmatch(case[0]):
        raise InsideCase(path=to_text(str(target)), case=case[0])


def log_of(site: Site, number: str, clock: Clock = wall_clock_us) -> CustodyLog:
    """Return a case's log. Raises UnknownCase."""
    return CustodyLog(folder_of(site, number) / LOG_FILE, zone_of(site.timezone), clock)


def read_case(site: Site, number: str) -> CaseFile:
    """Read a case, finishing what a killed run left; no row is written. Raises UnknownCase, LogDamaged, CaseBusy."""
    return _read(log_of(site, number), number)


def _read(log: CustodyLog, number: str) -> CaseFile:
    try:
        with log.held():
            chain = log.read()
            settle(log.path.parent, (str(row.facts["stage"]) for row in chain.entries if "stage" in row.facts))
    except NotAllowed:  # a folder that one may only read
        chain = log.read()
    if chain.damaged:
        fault = chain.faults[0]
        raise LogDamaged(path=log.path, line=fault.line, detail=str(fault))
    try:
        case = case_of(chain.entries)
    except (ValueError, KeyError, TypeError) as error:
        raise LogDamaged(path=log.path, line=1, detail=str(error)) from error
    if case.number != number:
        raise LogDamaged(path=log.path, line=1, detail=f"it is the log of {case.number}")
    return CaseFile(case, chain, log.path.parent)


def cases(site: Site) -> list[CaseFile | CamtoolError]:
    """Read every case of a site, in the order of their numbers; for one that cannot be read, why. No row is written."""
    found: list[CaseFile | CamtoolError] = []
    for _, number in sorted(_numbers(cases_folder(site))):
        try:
            found.append(read_case(site, number))
        except CamtoolError as error:
            found.append(error)
    return found


def numbers_missing(site: Site) -> list[str]:
    """Return the case numbers that must have been given and are not there: a folder was taken away."""
    there = dict(_numbers(cases_folder(site)))
    missing = []
    for year in sorted({year for year, _ in there}):
        last = max(place for given, place in there if given == year)
        missing += [_number(year, place) for place in range(1, last) if (year, place) not in there]
    return missing


def _numbers(folder: Path) -> Iterator[tuple[tuple[int, int], str]]:
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            if (match := NUMBER.fullmatch(path.name)) is not None and path.is_dir():
                yield (int(match[1]), int(match[2])), path.name


def _number(year: int, place: int) -> str:
    return f"HS-{year:04d}-{place:04d}"


def open_case(site: Site, title: str, kind: str, doer: Doer) -> CaseFile:
    """Open a case under the next number of the year; it is there whole or not at all.

    Raises UnfitText, NotOneOf, NotAllowed, DiskFull.
    """
    if kind not in KINDS:
        raise NotOneOf(command="camtool case open", parameter="--kind", value=kind, known=", ".join(KINDS))
    facts = {"title": one_line(title, TITLE, TITLE_MOST), "kind": kind, "site": site.name}
    folder = cases_folder(site)
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / "cases.lock"):
            for left in folder.glob(f"{_NEW}*"):  # of a killed run: whoever is alive holds the lock
                shutil.rmtree(left, ignore_errors=True)
            now_us = doer.clock()
            year = int(rfc3339(now_us, zone_of(site.timezone))[:4])
            last = max((place for (given, place), _ in _numbers(folder) if given == year), default=0)
            number = _number(year, last + 1)
            new = folder / f"{_NEW}{secrets.token_hex(4)}"
            new.mkdir()
            try:
                log = CustodyLog(new / LOG_FILE, zone_of(site.timezone), lambda: now_us)
                log.begin(_draft(number, Act.OPEN, doer, facts=facts))
                new.rename(folder / number)
            except BaseException:
                shutil.rmtree(new, ignore_errors=True)
                raise
            one_to_disk(folder)
    except (FileExistsError, NotADirectoryError) as error:
        raise NoSuchFolder(folder=folder) from error
    except OSError as error:
        raise disk_error(error, folder) or NotAllowed(path=folder, detail=error.strerror or str(error)) from error
    return read_case(site, number)


class Acting:
    """An act on a case that is under way. `write` is its row; without one the act counts as failed."""

    def __init__(self, file: CaseFile, log: CustodyLog, act: str, doer: Doer, on_closed: bool) -> None:
        self.file, self.log, self.act, self.doer, self.on_closed = file, log, act, doer, on_closed
        self.tried = False

    @property
    def case(self) -> Case:
        """The case before the act."""
        return self.file.case

    def write(
        self,
        *,
        role: Role | None = None,
        object: FileObject | None = None,  # noqa: A002 - the word of the log
        result: str = OK,
        facts: Mapping[str, Any] | None = None,
        tools: Mapping[str, str] | None = None,
    ) -> Entry:
        """Write the row. Raises CaseClosed, LogDamaged, CaseBusy, DiskFull, NotAllowed: then the act has failed."""
        draft = _draft(
            self.case.number, self.act, self.doer, role=role, object=object, result=result, facts=facts, tools=tools
        )
        with self.log.held():
            if result == OK and not self.on_closed and not self.case_now().is_open:
                raise CaseClosed(case=self.case.number)  # by another run, since this one began
            self.tried = True
            return self.log.append(draft)

    def failed(self, error: BaseException) -> None:
        """Write the row that says the act was not done, and why. Where the log takes none, nobody hears of that.

        What went wrong first is what the officer has to hear.
        """
        words = to_text(str(error)) or type(error).__name__
        with suppress(CamtoolError, OSError):
            self.write(result=f"{FAILED}{words}", facts=_error_facts(error))

    def case_now(self) -> Case:
        """Return the case as it is now; another run may have added to it meanwhile, unless the log is held."""
        return case_of(self.log.read().entries)


@contextmanager
def acting(site: Site, number: str, act: str, doer: Doer, *, on_closed: bool = False) -> Iterator[Acting]:
    """Do something with a case. Whatever is raised inside becomes a row that says the act failed, and is raised on.

    on_closed: the act may be done on a closed case. Raises UnknownCase, LogDamaged, CaseBusy, NotAllowed, CaseClosed.
    """
    log = log_of(site, number, doer.clock)
    doing = Acting(_read(log, number), log, act, doer, on_closed)
    try:
        if not on_closed and not doing.case.is_open:
            raise CaseClosed(case=number)
        yield doing
        if not doing.tried:
            doing.write()
    except BaseException as error:
        if not doing.tried:
            doing.failed(error)
        raise


def _error_facts(error: BaseException) -> dict[str, Any]:
    """Return an error as its name and facts, so that it can be told in another language later."""
    if not isinstance(error, CamtoolError):
        return {}
    told = {name: to_text(str(value)) for name, value in error.facts.items()}
    return {"error": {"kind": type(error).__name__, "facts": told}}


def note(site: Site, number: str, text: str, doer: Doer) -> Entry:
    """Add a note. Raises UnfitText and what `acting` raises."""
    with acting(site, number, Act.NOTE, doer) as doing:
        return doing.write(facts={"text": lines(text, NOTE, NOTE_MOST)})


def close_case(site: Site, number: str, doer: Doer) -> Entry:
    """Close a case: nothing more can be added, all can be read. Raises what `acting` raises."""
    with acting(site, number, Act.CLOSE, doer) as doing:
        return doing.write()


def reopen_case(site: Site, number: str, doer: Doer) -> Entry:
    """Open a closed case again. Raises CaseOpen and what `acting` raises."""
    with acting(site, number, Act.REOPEN, doer, on_closed=True) as doing:
        if doing.case.is_open:
            raise CaseOpen(case=number)
        return doing.write()


def show_case(site: Site, number: str, doer: Doer) -> CaseFile:
    """Read a case out; that is a row of its log too. Raises what `acting` raises."""
    with acting(site, number, Act.SHOW, doer, on_closed=True) as doing:
        doing.write()
    return read_case(site, number)


def _draft(
    number: str,
    act: str,
    doer: Doer,
    *,
    role: Role | None = None,
    object: FileObject | None = None,  # noqa: A002
    result: str = OK,
    facts: Mapping[str, Any] | None = None,
    tools: Mapping[str, str] | None = None,
) -> Draft:
    return Draft(
        case=number,
        who=doer.officer,
        account=account(),
        act=str(act),
        why=doer.why,
        role=None if role is None else str(role),
        object=object,
        command=doer.command,
        tools=tools_used() | dict(tools or {}),
        result=result,
        facts=facts or {},
    )


@lru_cache(maxsize=1)
def account() -> str:
    """Return the account of the computer that is used: user@host."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):  # an account that the system has no name for
        user = str(os.getuid()) if hasattr(os, "getuid") else "?"
    return to_text(f"{user}@{socket.gethostname()}")


def tools_used() -> dict[str, str]:
    """Return the versions that a row names: camtool's, ffmpeg's, PyAV's. An ffmpeg that is not there is `-`."""
    try:
        ffmpeg = ffmpeg_version()
    except CamtoolError:
        ffmpeg = "-"
    return {"camtool": __version__, "ffmpeg": ffmpeg, "pyav": _pyav()}


@lru_cache(maxsize=1)
def _pyav() -> str:
    return version("av")
