"""Opening a recording so that not even the time of its last reading changes."""

import os
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_BINARY", 0)
# Linux, open(2): only for the file's owner and for root; everyone else gets EPERM.
_UNSEEN = getattr(os, "O_NOATIME", 0)


def opened(path: Path | str, flags: int = 0) -> int:
    """Open a file for reading and return its descriptor; its access time stays, where the system lets us.

    Raises OSError as the system reports it, ValueError for a name that no file can have.
    """
    try:
        return os.open(path, _FLAGS | flags | _UNSEEN)
    except PermissionError:
        if not _UNSEEN:
            raise
    return os.open(path, _FLAGS | flags)


def reason(error: BaseException) -> str:
    """Return in few words what libav or the system has to say."""
    return getattr(error, "strerror", None) or str(error)
