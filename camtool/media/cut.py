"""Making a clip and proving it.

While packets are copied, another thread hashes the recordings; while the clip is read back, it is brought to the disk
and hashed. Packets themselves are hashed where they are copied: handing each to another thread and back costs more than
its hash (measured on two cores: 3.2 s against 2.6 s for an hour). What is compared, and where, is in cut_check.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from camtool.core.model import State
from camtool.errors import SourceChanged
from camtool.media.cut_check import Rows, read_back
from camtool.media.cut_plan import Piece
from camtool.media.cut_sound import Wrapping
from camtool.media.cut_track import Track
from camtool.media.cut_write import write_clip
from camtool.media.hash import sha256_of
from camtool.media.packets import Source


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that has been written and read back. source_sha256 is in the order of the pieces."""

    tracks: tuple[Track, ...]
    sha256: str
    size_bytes: int
    source_sha256: tuple[str, ...]


def make_clip(
    pieces: Sequence[Piece],
    wrapping: Wrapping,
    target: Path,
    rows: Rows,
    progress: Callable[[int], None] = lambda percent: None,
    hash_source: Callable[..., str] = sha256_of,
) -> Made:
    """Write the pieces into the empty file `target`, read it back and compare it; rows get the ledger.

    progress is told whole percents. hash_source hashes a recording: sha256_of, or media.hash.Remembered for many
    clips out of the same recordings. Raises ProofFailed, SourceChanged, Unplayable, and OSError (a full disk).
    """
    stop = Event()
    step = _Percent(2 * sum(piece.packets for piece in pieces), progress)
    with ThreadPoolExecutor(1, "files") as files, ThreadPoolExecutor(1, "disk") as disk:
        try:
            hash_beside = partial(sha256_of, stop=stop, keep_cached=True)
            hash_whole = partial(hash_source, stop=stop, keep_cached=True)
            hashes = [
                files.submit(hash_whole, piece.source.path, upto_bytes=piece.source.size_bytes) for piece in pieces
            ]
            tracks = write_clip(pieces, wrapping, target, step)
            synced = disk.submit(_to_disk, target)
            whole = files.submit(hash_beside, target)
            read_back(target, tracks, [piece.source for piece in pieces], rows, step)
            source_sha256 = _checked(pieces, hashes)
            synced.result()
            sha256 = whole.result()
        except BaseException:
            stop.set()
            raise
    progress(100)
    return Made(tuple(tracks), sha256, target.stat().st_size, source_sha256)


class _Percent:
    """Counts packets, and tells of each percent once."""

    def __init__(self, total: int, progress: Callable[[int], None]) -> None:
        self.total, self.progress, self.done, self.told = max(1, total), progress, 0, 0

    def __call__(self, packets: int) -> None:
        self.done += packets
        percent = min(99, 100 * self.done // self.total)
        if percent > self.told:
            self.told = percent
            self.progress(percent)


def _to_disk(path: Path) -> None:
    fd = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _checked(pieces: Sequence[Piece], hashes: Sequence[Future[str]]) -> tuple[str, ...]:
    """Hold the recordings against the catalog and against themselves a moment ago. Raises SourceChanged."""
    found = []
    for piece, future in zip(pieces, hashes, strict=True):
        sha256, expected = future.result(), piece.recording.sha256
        growing = piece.recording.state is State.GROWING
        if expected is not None and not growing and sha256 != expected:
            raise SourceChanged(path=piece.source.path, found=sha256, expected=expected)
        if not growing:
            _check_untouched(piece.source)
        found.append(sha256)
    return tuple(found)


def _check_untouched(source: Source) -> None:
    status = source.path.stat()
    if (status.st_size, status.st_mtime_ns) != (source.size_bytes, source.mtime_ns):
        before = f"{source.size_bytes} B, mtime {source.mtime_ns} ns"
        raise SourceChanged(
            path=source.path, found=f"{status.st_size} B, mtime {status.st_mtime_ns} ns", expected=before
        )
