"""The custody log on the disk: one writer at a time, one row at a time, each on the disk before its act counts as done.

A row is written in one go behind the others and brought to the disk. What a full disk cut off is taken back at once, by
the writer that still holds the log. What a power cut left half written stays, ended and named by a `resume` row of the
next writer: see core.custody.
"""

import errno
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields, replace
from pathlib import Path
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from camtool.core.custody import (
    FIRST_PREV,
    OK,
    RESUME,
    Anchor,
    Chain,
    Draft,
    Entry,
    hash_of,
    line_of,
    read_chain,
)
from camtool.core.diskword import disk_error
from camtool.core.timetext import rfc3339
from camtool.errors import CaseBusy, LogDamaged, NotAllowed, mark
from camtool.evidence.copying import one_to_disk

LOG_FILE = "custody.jsonl"
LOCK_FILE = "custody.lock"
NOT_THERE, EMPTY = mark("it is not there"), mark("it is empty")
# Longer than any row takes on a slow disk; a writer that is alive for longer is stuck, and a person should look.
_PATIENCE_S = 60
_UTC = ZoneInfo("UTC")

Clock = Callable[[], int]


def wall_clock_us() -> int:
    """Return this computer's time, UTC µs."""
    return time.time_ns() // 1000


class CustodyLog:
    """One case's log. clock gives the time of a row, UTC µs, when it is written; zone is that of its local time."""

    def __init__(self, path: Path, zone: ZoneInfo = _UTC, clock: Clock = wall_clock_us) -> None:
        self.path, self.zone, self.clock = path, zone, clock
        self._lock = FileLock(path.with_name(LOCK_FILE))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the log: nobody else writes meanwhile; who holds it may hold it again.

        Raises CaseBusy, NotAllowed, LogDamaged where there is no folder.
        """
        with _explained(self.path):
            if not self.path.parent.is_dir():
                raise LogDamaged(path=self.path, line=0, detail=NOT_THERE)
            try:
                self._lock.acquire(timeout=_PATIENCE_S)
            except Timeout as error:
                raise CaseBusy(path=self.path.parent) from error
        try:
            yield
        finally:
            self._lock.release()

    def read(self, anchors: Sequence[Anchor] = (), case: str | None = None) -> Chain:
        """Read the log and check its chain. Raises LogDamaged where there is none, NotAllowed, OSError."""
        try:
            with self.held():
                return self._read(anchors, case)
        except NotAllowed:  # a folder that one may only read: nobody writes there
            return self._read(anchors, case)

    def begin(self, draft: Draft) -> Entry:
        """Make the log with its first row. Raises FileExistsError, DiskFull, NotAllowed."""
        with _explained(self.path):
            entry = self._stamped(draft, 1, FIRST_PREV)
            _write(self.path, line_of(entry), os.O_CREAT | os.O_EXCL)
            one_to_disk(self.path.parent)
        return entry

    def append(self, draft: Draft) -> Entry:
        """Check the chain, write one row behind it and bring it to the disk; return it.

        Raises LogDamaged for a chain that is broken (nothing is written), CaseBusy, DiskFull, NotAllowed.
        """
        with self.held(), _explained(self.path):
            chain = self._read()
            fault = chain.faults[0] if chain.damaged else None
            if fault is not None or not chain.count:
                detail, line = (str(fault), fault.line) if fault else (EMPTY, 0)
                raise LogDamaged(path=self.path, line=line, detail=detail)
            prev, count, text = chain.head, chain.count, b""
            if chain.unfinished:
                resume = self._stamped(_resume(draft, chain), count + 1, prev)
                text = b"\n" + line_of(resume)
                prev, count = hash_of(line_of(resume)), count + 1
            entry = self._stamped(draft, count + 1, prev)
            _write(self.path, text + line_of(entry))
            one_to_disk(self.path.parent)
        return entry

    def _read(self, anchors: Sequence[Anchor] = (), case: str | None = None) -> Chain:
        try:
            with self.path.open("rb") as file:
                return read_chain(file, anchors, case)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
            raise LogDamaged(path=self.path, line=0, detail=NOT_THERE) from error
        except PermissionError as error:
            raise NotAllowed(path=self.path, detail=error.strerror) from error

    def _stamped(self, draft: Draft, number: int, prev: str) -> Entry:
        now_us = self.clock()
        values = {each.name: getattr(draft, each.name) for each in fields(Draft)}
        return Entry(n=number, prev=prev, time_utc=utc_text(now_us), time_local=rfc3339(now_us, self.zone), **values)


def utc_text(us: int) -> str:
    """Write an instant as the log does: RFC 3339 in UTC, always with six digits behind the point, and Z."""
    seconds, rest_us = divmod(us, 1_000_000)
    return f"{rfc3339(seconds * 1_000_000, _UTC).removesuffix('+00:00')}.{rest_us:06d}Z"


def _resume(draft: Draft, chain: Chain) -> Draft:
    """Return the row that stands behind a line left half written, in the name of who writes next."""
    facts = {"line": chain.count, "sha256": chain.head}
    why = "the line before was left half written, as by a power cut; it stays as it is and what it began was not done"
    return replace(draft, act=RESUME, why=why, role=None, object=None, result=OK, facts=facts)


def _write(path: Path, text: bytes, more_flags: int = 0) -> None:
    """Write behind a file's end and to the disk; take back what could not be written whole."""
    fd = os.open(path, os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0) | more_flags, 0o666)
    try:
        before = os.fstat(fd).st_size
        try:
            if os.write(fd, text) != len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(fd)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(fd, before)
                os.fsync(fd)
            raise
    finally:
        os.close(fd)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if (told := disk_error(error, path)) is not None:
            raise told from error
        raise
