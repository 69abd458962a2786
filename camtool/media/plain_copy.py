"""Making a clip out of plain MP4s, and proving it: written by one thread, followed by another that holds it to account.

The first thread reads the recordings' packets in blocks, hashes each packet, and writes the blocks. It hands each block
on as it was read. The second hashes the recordings whole out of these blocks and what lies between them, so that the
hash is of the very bytes that were copied; and it reads the clip back, compares it byte for byte with what was read of
the recordings, and hashes it. When all is written, the clip is opened anew and its index read from the disk: it has to
lead to exactly the packets that were compared (camtool.media.plain_check).

Hashing, reading and writing all let the interpreter's lock go, so both threads run at once. Meanwhile a third waits for
the disk, which would else have all of the clip to write at the end.
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
# Blocks that are read and not yet compared: enough for one thread to be ahead a little, few enough to stay in a cache.
_BLOCKS_HELD = 16
# How much is written between one look at the disk and the next.
_SYNC_BYTES = 64 << 20
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
    held = _Blocks(layout.most_bytes)
    told = Percent(sum(piece.source.size_bytes for piece in pieces) + layout.size_bytes, progress)
    with ThreadPoolExecutor(2, "cut") as threads, FileIO(os.open(target, _READ_WRITE), "r+") as clip:
        follower = _Follower(pieces, layout, target, held)
        following = threads.submit(follower.run)
        disk = _Disk(threads, target)

        def step(size_bytes: int) -> None:
            disk.wrote(size_bytes)
            told(size_bytes + follower.taken())

        try:
            _write(pieces, layout, clip, rows, held, step)
            disk.sync()
            check_index(target, layout)
            while not _ended(following):
                told(follower.taken())
            source_sha256, sha256 = following.result()
            check_sources(pieces, source_sha256)
            disk.wait()
        except Stopped:
            following.result()
            raise
        except BaseException:
            follower.stopped = True
            held.stop()
            raise
    progress(100)
    return Made(tuple(layout.tracks), sha256, target.stat().st_size, source_sha256)


def _ended(future: "Future[tuple[tuple[str, ...], str]]") -> bool:
    try:
        future.exception(_TELL_S)
    except StillRunning:
        return False
    return True


class _Blocks:
    """Blocks on their way from the thread that writes to the one that follows, in a fixed number of buffers."""

    def __init__(self, size_bytes: int) -> None:
        self._free: SimpleQueue[bytearray | None] = SimpleQueue()
        self._full: SimpleQueue[tuple[Block, bytearray] | None] = SimpleQueue()
        for _ in range(_BLOCKS_HELD):
            self._free.put(bytearray(size_bytes))

    def empty(self) -> bytearray:
        """Return a buffer to fill; waits for one. Raises Stopped."""
        buffer = self._free.get()
        if buffer is None:
            raise Stopped
        return buffer

    def hand_on(self, block: Block, buffer: bytearray) -> None:
        """Say that a block is in the clip, and what was read of it."""
        self._full.put((block, buffer))

    def end(self) -> None:
        """Say that all blocks are in the clip."""
        self._full.put(None)

    def next(self) -> tuple[Block, bytearray] | None:
        """Return the next block that is in the clip; waits for it. None: there is none."""
        return self._full.get()

    def give_back(self, buffer: bytearray) -> None:
        """Say that a block was compared."""
        self._free.put(buffer)

    def stop(self) -> None:
        """Wake whoever waits: no more will come."""
        self._free.put(None)
        self._full.put(None)


def _write(
    pieces: "Sequence[Piece]",
    layout: Layout,
    clip: FileIO,
    rows: Rows,
    held: _Blocks,
    step: Callable[[int], None],
) -> None:
    """Write the clip block by block. Raises Stopped where the other thread has found something wrong."""
    _put(clip, memoryview(layout.head))
    with ExitStack() as stack:
        number, source = -1, clip
        for block in layout.blocks():
            if block.piece != number:
                number = block.piece
                stack.close()
                source = stack.enter_context(FileIO(opened(pieces[number].source.path)))
            source.seek(block.source_at)
            buffer = held.empty()
            data = memoryview(buffer)[: block.size_bytes]
            if _fill(source, data) < len(data):
                raise Unplayable(
                    path=pieces[number].source.path, detail=mark("it holds fewer pictures than when it was first read")
                )
            rows(_rows(layout, block, data))
            _put(clip, data)
            held.hand_on(block, buffer)
            step(len(data))
    held.end()


class _Disk:
    """Has what was written brought to the disk while more is written."""

    def __init__(self, threads: ThreadPoolExecutor, path: Path) -> None:
        self._threads, self._path = threads, path
        self._waiting_bytes = 0
        self._syncing: Future[None] | None = None

    def wrote(self, size_bytes: int) -> None:
        """Take note of bytes written. Raises OSError."""
        self._waiting_bytes += size_bytes
        if self._waiting_bytes >= _SYNC_BYTES and (self._syncing is None or self._syncing.done()):
            self.sync()

    def sync(self) -> None:
        """Begin to bring everything written so far to the disk. Raises OSError of the time before."""
        if self._syncing is not None:
            self._syncing.result()
        self._syncing, self._waiting_bytes = self._threads.submit(to_disk, self._path), 0

    def wait(self) -> None:
        """Wait until it is there. Raises OSError."""
        if self._syncing is not None:
            self._syncing.result()


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
    """The second thread: hashes the recordings, reads the clip back, compares and hashes it."""

    def __init__(self, pieces: "Sequence[Piece]", layout: Layout, target: Path, held: _Blocks) -> None:
        self.pieces, self.layout, self.target, self.held = pieces, layout, target, held
        self.stopped = False
        self.read_bytes = self.told_bytes = 0

    def taken(self) -> int:
        """Return how many bytes of the recordings were hashed since this was last asked."""
        now = self.read_bytes
        more, self.told_bytes = now - self.told_bytes, now
        return more

    def run(self) -> tuple[tuple[str, ...], str]:
        """Return the SHA-256 of each recording, and that of the clip. Raises ProofFailed, OSError, Stopped."""
        try:
            return self._run()
        except BaseException:
            self.held.stop()
            raise

    def _run(self) -> tuple[tuple[str, ...], str]:
        whole = hashlib.sha256()
        found = []
        back = bytearray(self.layout.most_bytes)
        with FileIO(opened(self.target)) as clip:
            taken = self.held.next()
            self._begin(clip, whole)
            for number, piece in enumerate(self.pieces):
                digest = hashlib.sha256()
                with FileIO(opened(piece.source.path)) as source:
                    at = 0
                    while taken is not None and taken[0].piece == number:
                        block, buffer = taken
                        self._pass_over(source, digest, at, block.source_at)
                        read = memoryview(buffer)[: block.size_bytes]
                        digest.update(read)
                        self._compare(clip, whole, block, read, back)
                        self.held.give_back(buffer)
                        self.read_bytes += block.size_bytes
                        at = block.source_at + block.size_bytes
                        taken = self.held.next()
                    self._pass_over(source, digest, at, piece.source.size_bytes)
                found.append(digest.hexdigest())
            if self.stopped:
                raise Stopped
            if clip.read(1):
                raise ProofFailed(detail="more in the clip than was written")
        return tuple(found), whole.hexdigest()

    def _begin(self, clip: FileIO, whole: "_Hash") -> None:
        """Read back and hash what stands in front of the packets."""
        head = bytearray(len(self.layout.head))
        if _fill(clip, memoryview(head)) < len(head) or head != self.layout.head:
            raise ProofFailed(detail="the clip's index is not what was written")
        whole.update(head)

    def _pass_over(self, source: FileIO, digest: "_Hash", start: int, end: int) -> None:
        """Hash a part of a recording that is not in the clip, as far as it is there."""
        part = memoryview(bytearray(min(_PART_BYTES, max(0, end - start))))
        if not part:
            return
        source.seek(start)
        while start < end:
            if self.stopped:
                raise Stopped
            count = _fill(source, part[: end - start])
            if not count:
                return
            digest.update(part[:count])
            self.read_bytes += count
            start += count

    def _compare(self, clip: FileIO, whole: "_Hash", block: Block, read: memoryview, back: bytearray) -> None:
        """Read a block of the clip back, compare it with what was read of the recording, and hash it."""
        there = memoryview(back)[: block.size_bytes]
        if _fill(clip, there) < block.size_bytes or not back.startswith(read):
            self._name(block, read, there)
        whole.update(there)

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
