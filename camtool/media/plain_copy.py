"""Making a clip out of plain MP4s, and proving it: written by one thread, followed by another that holds it to account.

The first thread reads the recordings' packets in blocks, hashes each packet, and writes the blocks. It hands each block
on as it was read. The second hashes the recordings whole out of these blocks and what lies between them, so that the
hash is of the very bytes that were copied; and it reads the clip back, compares it byte for byte with what was read of
the recordings, and hashes what it compared (camtool.media.plain_follow). When all is written, the clip is opened anew
and its index read from the disk: it has to lead to exactly the packets that were compared (camtool.media.plain_check).

Hashing, reading and writing all let the interpreter's lock go, so both threads run at once. Three, with each hash of a
whole file in a thread of its own, were slower on two cores, because the first has the most to do. Meanwhile the disk is
told to take what is written: it would else have all of the clip to write at the end.
"""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from typing import Any

from camtool.core.ledger import PacketRow
from camtool.errors import Unplayable, mark
from camtool.media.cut_made import Made, Percent, Rows, check_sources, to_disk
from camtool.media.cut_plan import Piece
from camtool.media.hash import HashSource, Stopped
from camtool.media.plain_check import check_index
from camtool.media.plain_follow import Blocks, Follower, fill, put
from camtool.media.plain_layout import Block, Layout
from camtool.media.reading import opened

# How much is written between one look at the disk and the next.
_SYNC_BYTES = 64 << 20
# So often a person is told how far the other thread is, once the first has done its part.
_TELL_S = 0.1


def make_plain_clip(
    pieces: Sequence[Piece],
    layout: Layout,
    target: Path,
    rows: Rows,
    progress: Callable[[int], None] = lambda percent: None,
    hash_source: HashSource | None = None,
) -> Made:
    """Write a clip into the empty file `target`, read it back and compare it; rows get the ledger.

    progress is told whole percents. hash_source says a recording's hash, where it is known already (Remembered); else
    it is of the bytes that are read here. Raises ProofFailed, SourceChanged, Unplayable, and OSError (a full disk).
    """
    held = Blocks(layout.most_bytes)
    told = Percent(sum(piece.source.size_bytes for piece in pieces) + layout.size_bytes, progress)
    with ThreadPoolExecutor(2, "cut") as threads, FileIO(target, "r+") as clip:
        follower = Follower(pieces, layout, target, held, hash_source)
        disk = _Disk(threads, target)

        def step(size_bytes: int) -> None:
            disk.wrote(size_bytes)
            told(size_bytes + follower.count())

        try:  # An interruption may come out of submit itself, once the thread runs: it has to be stopped then too.
            following = threads.submit(follower.run)
            _write(pieces, layout, clip, rows, held, step)
            disk.sync()
            check_index(target, layout)
            while not _ended(following):
                told(follower.count())
            source_sha256, sha256 = following.result()
            check_sources(pieces, source_sha256)
            disk.wait()
        except Stopped:
            following.result()  # raises what was found wrong
            raise
        except BaseException:
            held.stop()
            raise
    progress(100)
    return Made(tuple(layout.tracks), sha256, target.stat().st_size, source_sha256)


def _ended(future: "Future[Any]") -> bool:
    try:
        future.exception(_TELL_S)
    except StillRunning:
        return False
    return True


def _write(
    pieces: Sequence[Piece],
    layout: Layout,
    clip: FileIO,
    rows: Rows,
    held: Blocks,
    step: Callable[[int], None],
) -> None:
    """Write the clip block by block. Raises Stopped where the other thread has found something wrong."""
    put(clip, memoryview(layout.head))
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
            if fill(source, data) < len(data):
                raise Unplayable(
                    path=pieces[number].source.path, detail=mark("it holds fewer pictures than when it was first read")
                )
            rows(_rows(layout, block, data))
            put(clip, data)
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
