"""SHA-256 of whole files, in a thread beside other work: hashlib lets other threads run while it hashes."""

import hashlib
from io import FileIO
from pathlib import Path
from threading import Event

from camtool.media.reading import opened

# Large enough that reading is one call a millisecond of hashing (1.5 GB/s, DESIGN), small enough to stop at once.
_PIECE_BYTES = 1 << 20


class Stopped(Exception):
    """The hash was called off: whoever asked for it has gone."""


def sha256_of(path: Path, upto_bytes: int | None = None, stop: Event | None = None) -> str:
    """Return the SHA-256 in hex of a file, or of its first upto_bytes bytes (fewer, where the file is shorter).

    Raises OSError, and Stopped once stop is set.
    """
    digest = hashlib.sha256()
    piece = bytearray(_PIECE_BYTES)
    view = memoryview(piece)
    left = upto_bytes
    with FileIO(opened(path)) as file:
        while left is None or left > 0:
            if stop is not None and stop.is_set():
                raise Stopped
            got = file.readinto(view if left is None else view[:left])
            if not got:
                break
            digest.update(view[:got])
            left = None if left is None else left - got
    return digest.hexdigest()
