"""What every way of making a clip ends with: the file on the disk, the recordings unchanged, the percents told."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from camtool.core.ledger import PacketRow
from camtool.core.model import State
from camtool.errors import SourceChanged
from camtool.media.cut_plan import Piece
from camtool.media.cut_track import Track
from camtool.media.pictures import Source

Rows = Callable[[list[PacketRow]], None]


@dataclass(frozen=True, slots=True)
class Made:
    """A clip that has been written and read back. source_sha256 is in the order of the pieces."""

    tracks: tuple[Track, ...]
    sha256: str
    size_bytes: int
    source_sha256: tuple[str, ...]


class Percent:
    """Counts packets or bytes, and tells of each percent once."""

    def __init__(self, total: int, progress: Callable[[int], None]) -> None:
        self.total, self.progress, self.done, self.told = max(1, total), progress, 0, 0

    def __call__(self, more: int) -> None:
        """Count what was done since the last call."""
        self.done += more
        percent = min(99, 100 * self.done // self.total)
        if percent > self.told:
            self.told = percent
            self.progress(percent)


def to_disk(path: Path) -> None:
    """Wait until a file's bytes are on the disk. Raises OSError."""
    with FileIO(path, "r+") as file:  # Windows brings only what may be written to the disk
        os.fsync(file.fileno())


def check_sources(pieces: Sequence[Piece], hashes: Sequence[str]) -> None:
    """Hold the recordings against the catalog and against themselves a moment ago. Raises SourceChanged."""
    for piece, sha256 in zip(pieces, hashes, strict=True):
        expected = piece.recording.sha256
        growing = piece.recording.state is State.GROWING
        if expected is not None and not growing and sha256 != expected:
            raise SourceChanged(path=piece.source.path, found=sha256, expected=expected)
        if not growing:
            _check_untouched(piece.source)


def _check_untouched(source: Source) -> None:
    status = source.path.stat()
    if (status.st_size, status.st_mtime_ns) != (source.size_bytes, source.mtime_ns):
        before = f"{source.size_bytes} B, mtime {source.mtime_ns} ns"
        raise SourceChanged(
            path=source.path, found=f"{status.st_size} B, mtime {status.st_mtime_ns} ns", expected=before
        )
