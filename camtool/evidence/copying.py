"""Copying with the hash taken on the way: each byte is read once, and hashing overlaps with writing.

Three threads: this one reads and writes, one hashes, one brings what was written to the disk meanwhile. The
interpreter's lock is free in all three while they work.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from io import FileIO
from pathlib import Path
from types import TracebackType
from typing import Self

from camtool.core.diskword import NO_FOLDER_SYNC

# Three blocks are under way at once: one read, one hashed, one in between. 1 to 8 MiB measured alike.
_BLOCK_BYTES = 2 << 20
_BLOCKS = 3
# So much is written before the disk is asked to take it: else all of it waits for the end.
_SYNC_BYTES = 64 << 20
_SETTLING = 8


class Copier:
    """Copies files one after another; on leaving, all of them are on the disk."""

    def __init__(self, progress: Callable[[int], None] | None = None) -> None:
        self._hasher = ThreadPoolExecutor(1, "hash")
        self._syncer = ThreadPoolExecutor(1, "sync")
        self._blocks = [memoryview(bytearray(_BLOCK_BYTES)) for _ in range(_BLOCKS)]
        self._closing: list[Future[None]] = []
        self._progress = progress or _silent

    def __enter__(self) -> Self:
        return self

    def copy(self, source: Path, target: Path) -> tuple[str, int]:
        """Copy a file's content to a name that is not taken; return the SHA-256 and size of what was read.

        Raises OSError as the system reports it, for either file.
        """
        digest = hashlib.sha256()
        size_bytes = unsynced = 0
        hashing: list[Future[None] | None] = [None] * _BLOCKS
        writing = FileIO(target, "x")
        try:
            with FileIO(source) as reading:
                number = 0
                while True:
                    place = number % _BLOCKS
                    _wait(hashing[place])
                    block = self._blocks[place]
                    count = reading.readinto(block)
                    if not count:
                        break
                    hashing[place] = self._hasher.submit(digest.update, block[:count])
                    _write(writing, block[:count])
                    number, size_bytes, unsynced = number + 1, size_bytes + count, unsynced + count
                    if unsynced >= _SYNC_BYTES and all(each.done() for each in self._closing):
                        self._closing.append(self._syncer.submit(_sync, writing.fileno()))
                        unsynced = 0
                    self._progress(count)
            for each in hashing:
                _wait(each)
        except BaseException:
            for each in hashing:
                _wait(each)
            self._drain()
            writing.close()
            raise
        self._closing.append(self._syncer.submit(_sync_and_close, writing))
        return digest.hexdigest(), size_bytes

    def _drain(self) -> None:
        waiting, self._closing = self._closing, []
        for each in waiting:
            each.exception()

    def settle(self) -> None:
        """Wait until everything that was copied is on the disk; raises OSError where it would not go there."""
        waiting, self._closing = self._closing, []
        for each in waiting:
            each.result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.settle()
            else:
                self._drain()
        finally:
            self._hasher.shutdown()
            self._syncer.shutdown()


def _wait(hashing: Future[None] | None) -> None:
    if hashing is not None:
        hashing.result()


def _write(file: FileIO, block: memoryview) -> None:
    while block:
        written = file.write(block)
        block = block[written:]


def _sync(fd: int) -> None:
    getattr(os, "fdatasync", os.fsync)(fd)


def _sync_and_close(file: FileIO) -> None:
    try:
        os.fsync(file.fileno())
    finally:
        file.close()


def to_disk(paths: Iterable[Path]) -> None:
    """Bring files and folders that were written to the disk, several at once: a disk takes them together then.

    One after another, the thirty small files of a package cost a journal's commit each. Raises OSError.
    """
    with ThreadPoolExecutor(_SETTLING, "sync") as syncer:
        for each in [syncer.submit(one_to_disk, path) for path in paths]:
            each.result()


def one_to_disk(path: Path) -> None:
    """Bring a file, or a folder's names where the system can, to the disk. Raises OSError."""
    folder = path.is_dir()
    if folder and os.name == "nt":  # Windows opens no folders
        return
    fd = os.open(path, os.O_RDONLY if folder else os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(fd)
    except OSError as error:
        if not folder or error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(fd)


def _silent(_size_bytes: int) -> None:
    """Tell nobody."""
