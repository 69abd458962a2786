"""SHA-256 of whole files. The interpreter's lock is free meanwhile, so it can run in a thread beside other work."""

import hashlib
import os
from io import FileIO
from pathlib import Path
from threading import Event
from typing import Protocol

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


class HashSource(Protocol):
    """Hashes a recording: sha256_of, or Remembered."""

    def __call__(
        self,
        path: Path | str,
        *,
        upto_bytes: int | None = None,
        stop: Event | None = None,
        keep_cached: bool = False,
    ) -> str:
        """Return 64 hexadecimal digits."""


class Remembered:
    """SHA-256 of recordings that are read again and again in one run: each is hashed once, and again if it changed.

    Whether it changed is told by size, mtime and ctime: no program can set a ctime. Nothing is kept beyond the run.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], str] = {}

    def __call__(
        self,
        path: Path | str,
        *,
        upto_bytes: int | None = None,
        stop: Event | None = None,
        keep_cached: bool = False,
    ) -> str:
        """Return what `sha256_of` returns."""
        key = _state(path, upto_bytes)
        if key not in self._known:
            sha256 = sha256_of(path, upto_bytes=upto_bytes, stop=stop, keep_cached=keep_cached)
            if _state(path, upto_bytes) != key:  # it grew or was touched meanwhile: what was read is what counts
                return sha256
            self._known[key] = sha256
        return self._known[key]


def _state(path: Path | str, upto_bytes: int | None) -> tuple[object, ...]:
    status = os.stat(path)  # noqa: PTH116 - a path may be text
    file = status.st_dev, status.st_ino
    return str(path), upto_bytes, file, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _advise(fd: int, at: int, length: int, advice: str) -> None:
    """Tell the system how a file is read, where it can be told (Linux, some Unixes); length 0 is to the end."""
    if hasattr(os, "posix_fadvise") and hasattr(os, advice):
        os.posix_fadvise(fd, at, length, getattr(os, advice))
