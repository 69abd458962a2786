"""Bringing files into a case all or nothing, together with the row that says so.

The files are made in a folder of their own inside the case, the stage. Then the row is written, which names the stage;
only then do the files move to their places. A run that was killed before its row leaves a stage that nobody names: it
is cleared away. One that was killed behind its row leaves a stage that a row names: the next run moves the files. So a
file is in the case if and only if the log says so, whatever the instant.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from camtool.core.custody import Entry
from camtool.core.diskword import disk_error
from camtool.errors import NotAllowed, OutputExists
from camtool.evidence.copying import one_to_disk, to_disk

PREFIX = ".nhap-"
# Beside the stage, so that what is in it is nothing but what is to move.
_LOCK_SUFFIX = ".lock"


class Stage:
    """Files on their way into a case. token is what the row names it by (`facts.stage`)."""

    def __init__(self, folder: Path, token: str) -> None:
        self.folder, self.token, self.named = folder, token, False
        self.path = folder / f"{PREFIX}{token}"

    def file(self, place: str) -> Path:
        """Return where a file is made whose place in the case is `place`; its folder is there. Raises OutputExists."""
        if os.path.lexists(self.folder / place):
            raise OutputExists(path=self.folder / place)
        path = self.path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def sync(self) -> None:
        """Bring every file to the disk."""
        to_disk((*self.path.rglob("*"), self.path, self.folder))

    def commit(self, write_row: Callable[[], Entry]) -> Entry:
        """Write the row that names this stage, then move the files. What is raised before the row leaves nothing.

        Only an interrupt can come between: then the log says which it is, and the next run goes on from there.
        """
        self.sync()
        for _, place in self._moves():
            if os.path.lexists(place):
                raise OutputExists(path=place)
        self.named = True
        try:
            row = write_row()
        except Exception:
            self.named = False
            raise
        self.publish()
        return row

    def publish(self) -> None:
        """Move the files to their places; done again, it goes on where it ended. Raises OutputExists."""
        moves = self._moves()
        for path, place in moves:
            place.parent.mkdir(exist_ok=True)
            if os.path.lexists(place):
                raise OutputExists(path=place)
            path.rename(place)
        for folder in {place.parent for _, place in moves}:
            one_to_disk(folder)
        self.clear()

    def _moves(self) -> list[tuple[Path, Path]]:
        files = (path for path in sorted(self.path.rglob("*")) if not path.is_dir())
        return [(path, self.folder / path.relative_to(self.path)) for path in files]

    def clear(self) -> None:
        """Remove the stage and what is still in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        one_to_disk(self.folder)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Give a stage in a case's folder. On leaving it is gone; where a row may name it, the next run settles it.

    Raises DiskFull, NotAllowed.
    """
    stage = Stage(folder, secrets.token_hex(4))
    lock = FileLock(f"{stage.path}{_LOCK_SUFFIX}")
    try:
        _begin(stage, lock)
        try:
            yield stage
        finally:
            if not stage.named:
                stage.clear()
    finally:
        lock.release()
        with suppress(OSError):
            Path(lock.lock_file).unlink()


def _begin(stage: Stage, lock: BaseFileLock) -> None:
    try:
        lock.acquire()
        stage.path.mkdir()
    except OSError as error:
        refused = NotAllowed(path=stage.folder, detail=error.strerror or str(error))
        raise disk_error(error, stage.folder) or refused from error


def settle(folder: Path, named: Iterable[str]) -> None:
    """Finish what killed runs left in a case's folder. named are the stages that rows of the log name.

    Called by who holds the log. A stage whose run is alive is left alone.
    """
    tokens = set(named)
    for path in sorted(folder.glob(f"{PREFIX}*")):
        if path.name.endswith(_LOCK_SUFFIX):
            if not path.with_name(path.name.removesuffix(_LOCK_SUFFIX)).exists():
                _drop_dead(path)
            continue
        stage = Stage(folder, path.name.removeprefix(PREFIX))
        lock = FileLock(f"{path}{_LOCK_SUFFIX}")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        try:
            if stage.token in tokens:
                stage.publish()
            else:
                stage.clear()
        finally:
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)


def _drop_dead(path: Path) -> None:
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    lock.release()
    path.unlink(missing_ok=True)
