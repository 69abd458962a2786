"""Writing all or nothing: under a temporary name beside the target, to the disk, and only then under its own name.

`kill -9` at any instant leaves either nothing under the target's name or the whole. What it may leave is the temporary
file; the next run with the same target clears that away. A live run is told from a dead one by the lock on its
temporary file, which the system drops when a process ends. A target is never overwritten: the name is given by a hard
link, which fails where the name is taken, and by renaming where the disk has no hard links (FAT on a USB stick).
"""

import errno
import hashlib
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from camtool.core.diskword import FULL, NO_FOLDER_SYNC, REFUSED
from camtool.errors import CamtoolError, DiskFull, NoSuchFolder, NotAllowed, OutputExists

flock: ModuleType | None
try:
    import fcntl as flock
except ImportError:  # Windows: an open file cannot be removed there, which serves the same end
    flock = None

# EFBIG: FAT32 holds no file of 4 GiB or more.
_REFUSED = REFUSED | {errno.EFBIG}
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
_READ_WRITE = os.O_RDWR | getattr(os, "O_BINARY", 0)
_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class _Draft:
    """One file in the making; fd holds its lock, file names the inode that it is."""

    target: Path
    path: Path
    fd: int
    file: tuple[int, int]


@contextmanager
def whole(*targets: Path) -> Iterator[tuple[Path, ...]]:
    """Give an empty temporary file for each target; on leaving, bring them to the disk and name them in order.

    On any exception, KeyboardInterrupt included, nothing is left. The targets are of one folder; the last is the one
    that matters: an earlier one whose last never came is removed by the next run with the same targets.
    Raises OutputExists, NoSuchFolder, DiskFull, NotAllowed.
    """
    drafts: list[_Draft] = []
    try:
        with explained(targets[-1]):
            _sweep(targets)
            for target in targets:
                if os.path.lexists(target):
                    raise OutputExists(path=target)
            token = secrets.token_hex(4)
            drafts.extend(_begin(target, token) for target in targets)
            yield tuple(draft.path for draft in drafts)
            _publish(drafts)
    finally:
        for draft in reversed(drafts):
            os.close(draft.fd)
            draft.path.unlink(missing_ok=True)


@contextmanager
def explained(target: Path) -> Iterator[None]:
    """Turn the system's word about the target's disk into the errors of camtool."""
    try:
        yield
    except CamtoolError:
        raise
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull(path=target) from error
        if error.errno in _REFUSED and _is_ours(error, target):
            raise NotAllowed(path=target, detail=os.strerror(error.errno)) from error
        if error.errno in {errno.ENOENT, errno.ENOTDIR} and not target.parent.is_dir():
            raise NoSuchFolder(folder=target.parent) from error
        if error.errno == errno.ENOENT and error.filename is not None and _is_ours(error, target):
            # The folder is there and takes no new name: /proc and its like, or one that was just removed.
            raise NotAllowed(path=target, detail=os.strerror(errno.EPERM)) from error
        raise


def _is_ours(error: OSError, target: Path) -> bool:
    """Whether an error is about the target's folder: one without a name comes from writing, which only drafts see."""
    named = error.filename
    return named is None or Path(os.fsdecode(named)).parent == target.parent


def draft_stem(target: Path) -> str:
    """Return how the names of a target's drafts begin."""
    # Short and plain whatever the target is called: a name has 255 bytes, and the target may use them all.
    return f".camtool-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:12]}-"


def _begin(target: Path, token: str) -> _Draft:
    path = target.parent / f"{draft_stem(target)}{token}{_SUFFIX}"
    fd = os.open(path, _READ_WRITE | os.O_CREAT | os.O_EXCL, 0o666)
    hold(fd)
    status = os.fstat(fd)
    return _Draft(target, path, fd, (status.st_dev, status.st_ino))


def hold(fd: int) -> None:
    """Lock an open file of this run, so that other runs see that it is alive."""
    if flock is not None:
        with suppress(OSError):  # some network shares have no locks; then a dead run's draft stays
            flock.flock(fd, flock.LOCK_EX | flock.LOCK_NB)


def is_free(path: Path) -> bool:
    """Whether no run holds a file any more. Raises OSError for one that is not there or cannot be opened."""
    if flock is None:
        path.rename(path)  # refused while it is open elsewhere
        return True
    fd = os.open(path, os.O_RDWR)
    try:
        flock.flock(fd, flock.LOCK_EX | flock.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(fd)
    return True


def _publish(drafts: Sequence[_Draft]) -> None:
    try:
        for draft in drafts:
            os.fsync(draft.fd)
        for draft in drafts:
            name_draft(draft.path, draft.target)
            sync_folder(draft.target.parent)
    except BaseException:
        for draft in drafts:
            if file_at(draft.target) == draft.file:
                draft.target.unlink()
        raise


def name_draft(draft: Path, target: Path) -> None:
    """Give a finished file its name, which nobody else may have. Raises OutputExists."""
    try:
        os.link(draft, target)
    except FileExistsError as error:
        raise OutputExists(path=target) from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if os.path.lexists(target):
            raise OutputExists(path=target) from error
        draft.rename(target)


def sync_folder(folder: Path) -> None:
    """Bring a folder's names to the disk, where the system can."""
    if os.name == "nt":  # Windows opens no folders
        return
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(fd)


def _sweep(targets: Sequence[Path]) -> None:
    """Clear away what killed runs with these targets left."""
    *earlier, last = targets
    stem = draft_stem(last)
    for left in sorted(last.parent.glob(f"{stem}*{_SUFFIX}")):
        if not _is_dead(left):
            continue
        token = left.name[len(stem) :]
        others = {target: target.parent / f"{draft_stem(target)}{token}" for target in earlier}
        if not os.path.lexists(last):
            for target, draft in others.items():
                # Named, but the last was not: it is the dead run's, by its inode, or because the draft became it.
                if os.path.lexists(target) and file_at(draft) in {None, file_at(target)}:
                    target.unlink()
        left.unlink(missing_ok=True)
        for draft in others.values():
            draft.unlink(missing_ok=True)
    for target in earlier:
        for left in target.parent.glob(f"{draft_stem(target)}*{_SUFFIX}"):
            if _is_dead(left):
                left.unlink(missing_ok=True)


def _is_dead(draft: Path) -> bool:
    """Whether no run holds a draft any more."""
    try:
        return is_free(draft)
    except OSError:
        return False


def file_at(path: Path) -> tuple[int, int] | None:
    """Return which file a name stands for, or None."""
    try:
        status = path.lstat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
