"""What the system says of a disk that takes nothing more, or nothing at all, in camtool's words."""

import errno
from pathlib import Path

from camtool.errors import CamtoolError, DiskFull, NotAllowed

# EDQUOT: the user's share of the disk is full; Windows has none.
FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
# EROFS: a disk mounted read-only.
REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# Some file systems and network shares cannot bring a folder's names to the disk by themselves.
NO_FOLDER_SYNC = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM})


def disk_error(error: OSError, path: str | Path) -> CamtoolError | None:
    """Return the error for a path that could not be written, DiskFull or NotAllowed; None where it is neither."""
    if error.errno in FULL:
        return DiskFull(path=path)
    if error.errno in REFUSED:
        return NotAllowed(path=path, detail=error.strerror or str(error))
    return None
