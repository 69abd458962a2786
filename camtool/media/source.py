"""The bytes of an open file by position: few reads, never more memory than one window."""

import os
from array import array
from struct import Struct
from sys import byteorder

# One read of this much holds the whole index of a five-minute MP4 with faststart (3,000 to 9,000 frames: 20-60 KB).
WINDOW_BYTES = 65_536
# The largest piece worth reading at once: sizes or offsets of 16 million frames, six days at 30 frames/s.
MOST_BYTES = 67_108_864


class Source:
    """An open file. `data` holds the bytes from `start` on; `locate` moves it along.

    Nothing behind size_bytes is read: it is the size the caller saw, and the file may still be growing.
    """

    __slots__ = ("_fd", "ahead_bytes", "data", "size_bytes", "start")

    def __init__(self, fd: int, size_bytes: int, head: bytes = b"") -> None:
        self._fd = fd
        self.size_bytes = size_bytes
        self.data = head
        self.start = 0
        self.ahead_bytes = WINDOW_BYTES

    def locate(self, at: int, need: int) -> int:
        """Return where byte `at` of the file lies in `data`, with `need` bytes from there on; -1 where it ends before.

        Raises OSError as the system reports it.
        """
        index = at - self.start
        if 0 <= index <= len(self.data) - need:
            return index
        if at < 0 or at + need > self.size_bytes:
            return -1
        os.lseek(self._fd, at, os.SEEK_SET)
        self.start, self.data = at, os.read(self._fd, min(max(need, self.ahead_bytes), self.size_bytes - at))
        while len(self.data) < need:
            more = os.read(self._fd, need - len(self.data))
            if not more:
                return -1
            self.data += more
        return 0

    def fields(self, form: Struct, at: int, end: int) -> tuple[int, ...] | None:
        """Unpack numbers that lie at `at`; None where they do not end by `end` or the file breaks off."""
        if at + form.size > end:
            return None
        index = self.locate(at, form.size)
        return None if index < 0 else form.unpack_from(self.data, index)

    def piece(self, at: int, end: int) -> bytes:
        """Return the bytes [at, end) as far as the file has them, MOST_BYTES at most."""
        end = min(end, self.size_bytes, at + MOST_BYTES)
        index = self.locate(at, end - at) if end > at else -1
        return b"" if index < 0 else self.data[index : index + end - at]


def u32s(data: bytes) -> "array[int]":
    """Unpack big-endian u32s; a rest of less than four bytes is left out."""
    numbers = array("I")
    numbers.frombytes(data[: len(data) // 4 * 4])
    if byteorder == "little":
        numbers.byteswap()
    return numbers
