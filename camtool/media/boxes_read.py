"""Reading an MP4's boxes by position, never the media data.

A box is size u32, type, body; size 1 puts a u64 size behind the type, size 0 means to the end of what holds it (ISO/IEC
14496-12, 4.2). Nothing here trusts a size: a box is read only as far as its parent and the file go.
"""

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from camtool.media.source import Source

# Enough for a fragment's index: 25 frames/s, a keyframe every 4 s, 16 bytes a frame, is 1.7 KB.
FRAGMENT_WINDOW_BYTES = 8_192
# No disk holds a file of a pebibyte: such a size is noise.
MOST_FILE_BYTES = 1 << 50
# A day of fragments of half a second is 350,000 boxes; more is damage, or meant to keep us busy.
MOST_BOXES = 1_000_000

_HEADER = Struct(">I4s")
_LONG = Struct(">Q")


class TooManyBoxes(ValueError):
    """More boxes than any recording has."""


class Box(NamedTuple):
    """Where one box lies: type, first byte, first byte of the body, first byte behind it (as its size claims)."""

    kind: bytes
    at: int
    body: int
    end: int


class BoxSource(Source):
    """An open MP4 file; counts the boxes it has met."""

    __slots__ = ("boxes",)

    def __init__(self, fd: int, size_bytes: int, head: bytes = b"") -> None:
        super().__init__(fd, size_bytes, head)
        self.boxes = 0

    def box(self, at: int, limit: int) -> Box | None:
        """Read the header of the box at `at` in a parent that ends at `limit`; None where there is no such thing."""
        self.boxes += 1
        if self.boxes > MOST_BOXES:
            raise TooManyBoxes
        index = self.locate(at, 8)
        if index < 0:
            return None
        size, kind = _HEADER.unpack_from(self.data, index)
        if size >= 8:
            return Box(kind, at, at + 8, at + size)
        if size == 0:
            return Box(kind, at, at + 8, limit)
        if size > 1:
            return None
        index = self.locate(at, 16)
        if index < 0:
            return Box(kind, at, at + 16, at + 16)  # broken off inside the header: its end lies behind the file's
        (size,) = _LONG.unpack_from(self.data, index + 8)
        return Box(kind, at, at + 16, at + size) if 16 <= size <= MOST_FILE_BYTES else None

    def children(self, start: int, end: int) -> Iterator[Box]:
        """Yield the boxes of a parent whose body is [start, end); the last one is cut to fit where it claims more."""
        at, end = start, min(end, self.size_bytes)
        while at + 8 <= end and (box := self.box(at, end)) is not None:
            if box.end > end:
                yield Box(box.kind, box.at, box.body, end)
                return
            yield box
            at = box.end
