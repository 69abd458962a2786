"""Writing a folder, and one file beside it, all or nothing: media.whole for a whole package.

Both are made in a draft folder beside their targets. In the end the file gets its name, then the folder, by renaming:
whoever sees the folder sees all of it. What `kill -9` may leave is the draft, and, between the two names, the file
without its folder; the next run with the same target clears both away. A live run is told from a dead one by the lock
on its draft.
"""

import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from camtool.errors import OutputExists
from camtool.media.whole import draft_stem, explained, file_at, hold, is_free, name_draft, sync_folder

_SUFFIX = ".draft"
# What stands in a draft folder: the folder to be, the file to be, the lock of the run that makes them, and a mark that
# both are finished and are being named.
_BAG, _BESIDE, _LOCK, _NAMING = "bag", "beside", "lock", "naming"
# A draft without a lock file was just begun, or is being cleared away by another run.
_BEGINNING_S = 60


@contextmanager
def whole_folder(folder: Path, beside: Path) -> Iterator[tuple[Path, Path]]:
    """Give an empty folder and the name of a file to be written; on leaving, name the two as `folder` and `beside`.

    Both targets are in one folder. The caller brings what it writes to the disk; the folders themselves are brought
    there here. On any exception, KeyboardInterrupt included, nothing is left.
    Raises OutputExists, NoSuchFolder, DiskFull, NotAllowed.
    """
    with explained(folder):
        _sweep(folder, beside)
        for target in (folder, beside):
            if os.path.lexists(target):
                raise OutputExists(path=target)
        draft = folder.parent / f"{draft_stem(folder)}{secrets.token_hex(4)}{_SUFFIX}"
        try:
            draft.mkdir()  # here, since Ctrl-C may come just as it is made; nobody else has this name
            with _locked(draft):
                (draft / _BAG).mkdir()
                yield draft / _BAG, draft / _BESIDE
                _publish(draft, folder, beside)
            shutil.rmtree(draft, ignore_errors=True)
        except BaseException:  # Ctrl-C in the midst of clearing away included
            shutil.rmtree(draft, ignore_errors=True)
            raise


@contextmanager
def made_folder(folder: Path) -> Iterator[None]:
    """Make a folder that is not there yet, in one that is; on any exception it goes away again, if nothing is in it.

    Raises NoSuchFolder where the one around it is missing too, DiskFull, NotAllowed.
    """
    made = not os.path.lexists(folder)
    if made:
        with explained(folder):
            folder.mkdir(exist_ok=True)
            sync_folder(folder.parent)
    try:
        yield
    except BaseException:
        if made:
            with suppress(OSError):
                folder.rmdir()
        raise


@contextmanager
def _locked(draft: Path) -> Iterator[None]:
    fd = os.open(draft / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        hold(fd)
        yield
    finally:
        os.close(fd)


def _publish(draft: Path, folder: Path, beside: Path) -> None:
    for inner, _, _ in os.walk(draft / _BAG, topdown=False):
        sync_folder(Path(inner))
    identity = file_at(draft / _BESIDE)
    (draft / _NAMING).touch()
    sync_folder(draft)
    try:
        name_draft(draft / _BESIDE, beside)
        if os.path.lexists(folder):  # renaming would put it over an empty folder
            raise OutputExists(path=folder)
        (draft / _BAG).rename(folder)
        sync_folder(folder.parent)
    except BaseException:
        if not (draft / _BAG).exists():  # the folder has its name already: it goes first, as it came last
            folder.rename(draft / _BAG)
        if file_at(beside) == identity:
            beside.unlink()
        raise


def _sweep(folder: Path, beside: Path) -> None:
    """Clear away what killed runs with these targets left."""
    for left in sorted(folder.parent.glob(f"{draft_stem(folder)}*{_SUFFIX}")):
        if not _is_dead(left):
            continue
        unnamed = (left / _NAMING).exists() and (left / _BAG).exists() and not os.path.lexists(folder)
        # Named, but the folder was not: it is the dead run's, by its inode, or because the draft became it.
        if unnamed and os.path.lexists(beside) and file_at(left / _BESIDE) in {None, file_at(beside)}:
            beside.unlink()
        shutil.rmtree(left, ignore_errors=True)


def _is_dead(draft: Path) -> bool:
    """Whether no run holds a draft any more."""
    try:
        if not (draft / _LOCK).exists():
            return time.time() - draft.stat().st_mtime > _BEGINNING_S
        return is_free(draft / _LOCK)
    except OSError:
        return False
