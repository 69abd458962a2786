"""What follows the writing of a plain clip: the recordings are hashed whole, the clip is read back and compared."""

import hashlib
from collections.abc import Sequence
from io import FileIO
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

from camtool.errors import ProofFailed
from camtool.media.cut_plan import Piece
from camtool.media.hash import HashSource, Stopped
from camtool.media.pictures import Source
from camtool.media.plain_layout import Block, Layout
from camtool.media.reading import opened

if TYPE_CHECKING:
    from hashlib import _Hash

# What is read in one go where nothing is to be compared: the parts of a recording that are not in the clip.
_PART_BYTES = 1 << 20
# Blocks that are on their way: enough that a thread can be ahead a little, few enough to stay in a cache.
_BLOCKS_HELD = 8


class Blocks:
    """Blocks on their way from the thread that writes to the one that follows, in a fixed number of buffers.

    Where one of the two fails, it says stop, and the other does not wait any longer.
    """

    def __init__(self, size_bytes: int) -> None:
        self.stopped = Event()
        self._free: SimpleQueue[bytearray | None] = SimpleQueue()
        self._written: SimpleQueue[tuple[Block, bytearray] | None] = SimpleQueue()
        for _ in range(_BLOCKS_HELD):
            self._free.put(bytearray(size_bytes))

    def empty(self) -> bytearray:
        """Return a buffer to fill; waits for one. Raises Stopped."""
        buffer = self._free.get()
        if buffer is None or self.stopped.is_set():
            raise Stopped
        return buffer

    def hand_on(self, block: Block, buffer: bytearray) -> None:
        """Say that a block is in the clip, and what was read of it."""
        self._written.put((block, buffer))

    def end(self) -> None:
        """Say that all blocks are in the clip."""
        self._written.put(None)

    def taken(self) -> tuple[Block, bytearray] | None:
        """Return the next block that is in the clip; waits for it. None after the last. Raises Stopped."""
        block = self._written.get()
        if self.stopped.is_set():
            raise Stopped
        return block

    def give_back(self, buffer: bytearray) -> None:
        """Say that a block was compared."""
        self._free.put(buffer)

    def stop(self) -> None:
        """Wake whoever waits."""
        self.stopped.set()
        self._free.put(None)
        self._written.put(None)


class Follower:
    """Hashes the recordings; reads the clip back, compares it with them, and hashes it."""

    def __init__(
        self,
        pieces: Sequence[Piece],
        layout: Layout,
        clip: Path,
        held: Blocks,
        hash_source: HashSource | None = None,
    ) -> None:
        self._pieces, self._layout, self._path, self._held = pieces, layout, clip, held
        self._hash_source = hash_source
        self._back = bytearray(layout.most_bytes)
        self._read_bytes = self._told_bytes = 0

    def count(self) -> int:
        """Return how many bytes of the recordings were hashed since this was last asked."""
        now = self._read_bytes
        more, self._told_bytes = now - self._told_bytes, now
        return more

    def run(self) -> tuple[tuple[str, ...], str]:
        """Return the SHA-256 of each recording, and that of the clip. Raises ProofFailed, OSError, Stopped."""
        try:
            with FileIO(opened(self._path)) as clip:
                return self._run(clip)
        except BaseException:
            self._held.stop()
            raise

    def _run(self, clip: FileIO) -> tuple[tuple[str, ...], str]:
        whole, found, known = hashlib.sha256(), [], self._hash_source
        taken = self._held.taken()
        self._begin(clip, whole)
        for number, piece in enumerate(self._pieces):
            digest = hashlib.sha256()
            with FileIO(opened(piece.source.path)) as source:
                at = 0
                while taken is not None and taken[0].piece == number:
                    block, buffer = taken
                    read = memoryview(buffer)[: block.size_bytes]
                    if known is None:
                        self._pass_over(source, digest, at, block.source_at)
                        digest.update(read)
                    self._compare(clip, block, read)
                    self._held.give_back(buffer)
                    whole.update(memoryview(self._back)[: block.size_bytes])
                    self._read_bytes += block.size_bytes
                    at = block.source_at + block.size_bytes
                    taken = self._held.taken()
                if known is None:
                    self._pass_over(source, digest, at, piece.source.size_bytes)
            found.append(digest.hexdigest() if known is None else self._asked(known, piece.source))
        if clip.read(1):
            raise ProofFailed(detail="more in the clip than was written")
        return tuple(found), whole.hexdigest()

    def _asked(self, known: HashSource, source: Source) -> str:
        """Ask for a recording's hash; the first time in a run it is read for it."""
        return known(source.path, upto_bytes=source.size_bytes, stop=self._held.stopped, keep_cached=True)

    def _begin(self, clip: FileIO, whole: "_Hash") -> None:
        """Read back and hash what stands in front of the packets."""
        head = bytearray(len(self._layout.head))
        if fill(clip, memoryview(head)) < len(head) or head != self._layout.head:
            raise ProofFailed(detail="the clip's index is not what was written")
        whole.update(head)

    def _pass_over(self, source: FileIO, digest: "_Hash", start: int, end: int) -> None:
        """Hash a part of a recording that is not in the clip, as far as it is there."""
        part = memoryview(bytearray(min(_PART_BYTES, max(0, end - start))))
        if not part:
            return
        source.seek(start)
        while start < end:
            if self._held.stopped.is_set():
                raise Stopped
            count = fill(source, part[: end - start])
            if not count:
                return
            digest.update(part[:count])
            self._read_bytes += count
            start += count

    def _compare(self, clip: FileIO, block: Block, read: memoryview) -> None:
        """Read a block of the clip back, and compare it with what was read of the recording. Raises ProofFailed."""
        there = memoryview(self._back)[: block.size_bytes]
        if fill(clip, there) == block.size_bytes and self._back.startswith(read):
            return
        at = 0
        for stream, row in block.packets:
            track = self._layout.tracks[stream]
            end = at + track.size[row]
            if read[at:end] != there[at:end]:
                raise ProofFailed(detail=f"{track.kind} packet {row} is not what its source holds")
            at = end
        raise ProofFailed(detail="the clip ends before its packets do")


def put(file: FileIO, data: memoryview) -> None:
    """Write all of the data. Raises OSError."""
    while data:
        data = data[file.write(data) or 0 :]


def fill(file: FileIO, data: memoryview) -> int:
    """Read until the buffer is full or the file ends; return how much is there. Raises OSError."""
    at = 0
    while at < len(data):
        count = file.readinto(data[at:])
        if not count:
            break
        at += count
    return at
