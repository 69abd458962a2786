"""Making a clip and proving it.

While packets are copied, another thread hashes the recordings; while the clip is read back, it is brought to the disk
and hashed. Packets themselves are hashed where they are copied: handing each to another thread and back costs more than
its hash (measured on two cores: 3.2 s against 2.6 s for an hour). What is compared, and where, is in cut_check.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Event

from camtool.media.cut_check import read_back
from camtool.media.cut_made import Made, Percent, Rows, check_sources, to_disk
from camtool.media.cut_plan import Piece
from camtool.media.cut_track import Wrapping
from camtool.media.cut_write import write_clip
from camtool.media.hash import HashSource, sha256_of


def make_clip(
    pieces: Sequence[Piece],
    wrapping: Wrapping,
    target: Path,
    rows: Rows,
    progress: Callable[[int], None] = lambda percent: None,
    hash_source: HashSource | None = None,
) -> Made:
    """Write the pieces into the empty file `target`, read it back and compare it; rows get the ledger.

    progress is told whole percents. hash_source hashes a recording: sha256_of, or media.hash.Remembered for many
    clips out of the same recordings. Raises ProofFailed, SourceChanged, Unplayable, and OSError (a full disk).
    """
    stop = Event()
    step = Percent(2 * sum(piece.packets for piece in pieces), progress)
    with ThreadPoolExecutor(1, "files") as files, ThreadPoolExecutor(1, "disk") as disk:
        try:
            hash_recording = partial(hash_source or sha256_of, stop=stop, keep_cached=True)
            hashes = [
                files.submit(hash_recording, piece.source.path, upto_bytes=piece.source.size_bytes) for piece in pieces
            ]
            tracks = write_clip(pieces, wrapping, target, step)
            synced = disk.submit(to_disk, target)
            whole = files.submit(sha256_of, target, stop=stop, keep_cached=True)
            read_back(target, tracks, [piece.source for piece in pieces], rows, step)
            source_sha256 = tuple(future.result() for future in hashes)
            check_sources(pieces, source_sha256)
            synced.result()
            sha256 = whole.result()
        except BaseException:
            stop.set()
            raise
    progress(100)
    return Made(tuple(tracks), sha256, target.stat().st_size, source_sha256)
