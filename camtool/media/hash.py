"""SHA-256 of whole files. The interpreter's lock is free meanwhile, so it can run in a thread beside other work."""

import hashlib
import os
from io import FileIO
from pathlib import Path
from threading import Event

from camtool.media.reading import opened

# A spinning disk reads this in one stretch; from memory 64 KiB to 4 MiB all hash 1.4 GB/s (measured). Small enough to
# stop within a millisecond.
BLOCK_BYTES = 1 << 20
# How much of a file may stay in the system's cache behind us.
_KEPT_BYTES = 16 << 20


class Stopped(Exception):
    """The hash was called off: whoever asked for it has gone."""


def sha256_of(
    path: Path | str,
    *,
    upto_bytes: int | None = None,
    stop: Event | None = None,
    keep_cached: bool = False,
    block_bytes: int = BLOCK_BYTES,
) -> str:
    """Hash a file's content, or its first upto_bytes bytes, and return 64 hexadecimal digits.

    What was read is let go from the system's cache, so that a night of hashing does not push everything else out of
    memory; with keep_cached it stays, for whoever reads the same file beside us. Raises OSError as the system reports
    it, and Stopped once stop is set.
    """
    digest = hashlib.sha256()
    block = bytearray(block_bytes)
    view = memoryview(block)
    left = upto_bytes
    with FileIO(opened(path)) as file:
        fd = file.fileno()
        _advise(fd, 0, 0, "POSIX_FADV_SEQUENTIAL")
        at = dropped = 0
        while left is None or left > 0:
            if stop is not None and stop.is_set():
                raise Stopped
            count = file.readinto(view if left is None else view[:left])
            if not count:
                break
            digest.update(view[:count])
            at += count
            left = None if left is None else left - count
            if not keep_cached and at - dropped >= _KEPT_BYTES:
                _advise(fd, dropped, at - dropped, "POSIX_FADV_DONTNEED")
                dropped = at
        if not keep_cached:
            _advise(fd, dropped, 0, "POSIX_FADV_DONTNEED")
    return digest.hexdigest()


def _advise(fd: int, at: int, length: int, advice: str) -> None:
    """Tell the system how a file is read, where it can be told (Linux, some Unixes); length 0 is to the end."""
    if hasattr(os, "posix_fadvise") and hasattr(os, advice):
        os.posix_fadvise(fd, at, length, getattr(os, advice))
