"""Making a clip out of plain MP4s, and proving it: written by one thread, followed by another that holds it to account.

The first thread reads the recordings' packets in blocks, hashes each, and writes the blocks. The second reads the
recordings for itself, from their first byte to their last, and hashes them whole; at each block it reads the clip back
as well, compares the two byte for byte, and hashes the clip. When all is written, the clip is opened anew and its index
read from the disk: it has to lead to exactly the packets that were compared (camtool.media.plain_check).

Hashing, reading and writing all let the interpreter's lock go, so both threads run at once.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

from camtool.core.ledger import PacketRow
from camtool.errors import ProofFailed, Unplayable, mark
from camtool.media.cut_made import Made, Percent, Rows, check_sources, to_disk
from camtool.media.hash import Stopped
from camtool.media.plain_check import check_index
from camtool.media.plain_layout import Block, Layout
from camtool.media.reading import opened

if TYPE_CHECKING:
    from hashlib import _Hash

    from camtool.media.cut_plan import Piece

_READ_WRITE = os.O_RDWR | getattr(os, "O_BINARY", 0)
# What is read where nothing is to be compared: the parts of a recording that are not in the clip.
_PART_BYTES = 1 << 20
# So often a person is told how far the second thread is, once the first has done its part.
_TELL_S = 0.1


def make_plain_clip(
    pieces: "Sequence[Piece]",
    layout: Layout,
    target: Path,
    rows: Rows,
    progress: Callable[[int], None] = lambda percent: None,
) -> Made:
    """Write a clip into the empty file `target`, read it back and compare it; rows get the ledger.

    progress is told whole percents. Raises ProofFailed, SourceChanged, Unplayable, and OSError (a full disk).
    """
    stop, written = Event(), _Written()
    total = sum(piece.source.size_bytes for piece in pieces) + layout.size_bytes
    told = Percent(total, progress)
    with ThreadPoolExecutor(2, "cut") as threads:
        try:
            follower = _Follower(pieces, layout, target, written, stop)
            following = threads.submit(follower.run)
            _write(pieces, layout, target, rows, written, following, lambda size: told(size + follower.taken()))
            if following.done():
                following.result()  # what it found says more than an index that was not finished
            synced = threads.submit(to_disk, target)
            check_index(target, layout)
            while not _ended(following):
                told(follower.taken())
            source_sha256, sha256 = following.result()
            check_sources(pieces, source_sha256)
            synced.result()
        except BaseException:
            stop.set()
            written.close()
            raise
    progress(100)
    return Made(tuple(layout.tracks), sha256, target.stat().st_size, source_sha256)


def _ended(future: "Future[tuple[tuple[str, ...], str]]") -> bool:
    try:
        future.exception(_TELL_S)
    except StillRunning:
        return False
    return True


class _Written:
    """How many blocks are in the file; closed when no more will come."""

    def __init__(self) -> None:
        self._ready: SimpleQueue[bool] = SimpleQueue()

    def add(self) -> None:
        self._ready.put(True)

    def close(self) -> None:
        self._ready.put(False)

    def wait(self) -> None:
        """Wait for the next block. Raises Stopped."""
        if not self._ready.get():
            raise Stopped


def _write(
    pieces: "Sequence[Piece]",
    layout: Layout,
    target: Path,
    rows: Rows,
    written: _Written,
    following: "Future[tuple[tuple[str, ...], str]]",
    step: Callable[[int], None],
) -> None:
    """Write the clip block by block; returns early where the other thread has found something wrong."""
    buffer = memoryview(bytearray(max(block.size_bytes for block in layout.blocks)))
    with FileIO(os.open(target, _READ_WRITE), "r+") as clip, ExitStack() as stack:
        _put(clip, memoryview(layout.head))
        written.add()
        number, source = -1, clip
        for block in layout.blocks:
            if following.done():
                return
            if block.piece != number:
                number = block.piece
                stack.close()
                source = stack.enter_context(FileIO(opened(pieces[number].source.path)))
            source.seek(block.source_at)
            data = buffer[: block.size_bytes]
            if _fill(source, data) < len(data):
                raise Unplayable(
                    path=pieces[number].source.path, detail=mark("it holds fewer pictures than when it was first read")
                )
            rows(_rows(layout, block, data))
            _put(clip, data)
            written.add()
            step(len(data))


def _rows(layout: Layout, block: Block, data: memoryview) -> list[PacketRow]:
    """Hash the packets of a block; return their rows."""
    found = []
    at, source_at = 0, block.source_at
    sha256, tracks, piece = hashlib.sha256, layout.tracks, block.piece
    for stream, row in block.packets:
        track = tracks[stream]
        size = track.size[row]
        digest = sha256(data[at : at + size]).hexdigest()
        number = layout.numbers[stream][piece] + row
        key = track.key[row] == 1
        found.append(PacketRow(stream, piece, number, source_at + at, size, track.pts[row], key, digest, size, digest))
        at += size
    return found


def _put(file: FileIO, data: memoryview) -> None:
    while data:
        data = data[file.write(data) or 0 :]


def _fill(file: FileIO, data: memoryview) -> int:
    """Read until the buffer is full or the file ends; return how much is there."""
    at = 0
    while at < len(data):
        count = file.readinto(data[at:])
        if not count:
            break
        at += count
    return at


class _Follower:
    """The second thread: reads recordings and clip for itself, compares and hashes them."""

    def __init__(self, pieces: "Sequence[Piece]", layout: Layout, target: Path, written: _Written, stop: Event) -> None:
        self.pieces, self.layout, self.target, self.written, self.stop = pieces, layout, target, written, stop
        self.read_bytes = self.told_bytes = 0
        size_bytes = max(_PART_BYTES, *(block.size_bytes for block in layout.blocks))
        self.here, self.there = bytearray(size_bytes), bytearray(size_bytes)

    def taken(self) -> int:
        """Return how many bytes of the recordings were read since this was last asked."""
        now = self.read_bytes
        more, self.told_bytes = now - self.told_bytes, now
        return more

    def run(self) -> tuple[tuple[str, ...], str]:
        """Return the SHA-256 of each recording, and that of the clip. Raises ProofFailed, OSError, Stopped."""
        clip_sha256 = hashlib.sha256()
        found = []
        self.written.wait()
        with FileIO(opened(self.target)) as clip:
            if clip.read(len(self.layout.head)) != self.layout.head:
                raise ProofFailed(detail="the clip's index is not what was written")
            clip_sha256.update(self.layout.head)
            waiting = iter(self.layout.blocks)
            block = next(waiting, None)
            for number, piece in enumerate(self.pieces):
                digest = hashlib.sha256()
                with FileIO(opened(piece.source.path)) as source:
                    at = 0
                    while block is not None and block.piece == number:
                        at += self._pass_over(source, digest, block.source_at - at)
                        self._compare(source, digest, clip, clip_sha256, block)
                        at += block.size_bytes
                        block = next(waiting, None)
                    self._pass_over(source, digest, piece.source.size_bytes - at)
                found.append(digest.hexdigest())
            if clip.read(1):
                raise ProofFailed(detail="more in the clip than was written")
        return tuple(found), clip_sha256.hexdigest()

    def _pass_over(self, source: FileIO, digest: "_Hash", size_bytes: int) -> int:
        """Hash a part of a recording that is not in the clip; return how many bytes are there."""
        left = size_bytes
        while left > 0:
            if self.stop.is_set():
                raise Stopped
            part = memoryview(self.here)[: min(left, len(self.here))]
            count = _fill(source, part)
            digest.update(part[:count])
            self.read_bytes += count
            left -= count
            if count < len(part):
                break
        return size_bytes - left

    def _compare(self, source: FileIO, digest: "_Hash", clip: FileIO, clip_sha256: "_Hash", block: Block) -> None:
        """Compare a block of the clip with its recording, each as it is read now, and hash what was compared."""
        self.written.wait()
        here, there = memoryview(self.here)[: block.size_bytes], memoryview(self.there)[: block.size_bytes]
        if _fill(source, here) + _fill(clip, there) < 2 * block.size_bytes or not self.there.startswith(here):
            self._name(block, here, there)
        digest.update(here)
        clip_sha256.update(there)
        self.read_bytes += block.size_bytes

    def _name(self, block: Block, here: memoryview, there: memoryview) -> None:
        """Raise ProofFailed for the first packet of a block that is not the same."""
        at = 0
        for stream, row in block.packets:
            track = self.layout.tracks[stream]
            end = at + track.size[row]
            if here[at:end] != there[at:end]:
                raise ProofFailed(detail=f"{track.kind} packet {row} is not what its source holds")
            at = end
        raise ProofFailed(detail="the clip or a recording ends before its packets do")
